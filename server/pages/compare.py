"""The comparison table: groups of patients down, outcomes across, and what forbids adding them."""

import csv
import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from pyoxigraph import NamedNode

from evikg.graph.branches import Branches
from evikg.graph.comparability import Assessment, assess, candidates
from evikg.graph.concepts import find_concepts
from evikg.graph.store import Store
from evikg.graph.tree import labels_of
from evikg.ontology import GroupKind, compact, word
from evikg.queries import catalogue
from evikg.server.exchange import Reply, Request, Route
from evikg.server.rendering import page

from .asking import Row, ask
from .numbers import SIGNAL_WARNING, Number, numbers, numbers_query, slug_of
from .search import near

#: The outcomes of a table nobody has chosen outcomes for.
_FIRST = ("cr-cri", "mrd-negativity", "vod-sos")
_MOST = 8
#: What the file of the table holds of each number, as the graph has it.
_FIELDS = (
    "variable_name statistic value value_status unit events total total_status count_unit interval"
    " level low low_status high high_status p timepoint timepoint_unit grade seriousness causality"
    " window directness reference source locator line printed result"
).split()


@dataclass(frozen=True, slots=True)
class Outcome:
    """A column: a variable or a term, with everything within it."""

    asked: str  # as the address has it
    iris: tuple[NamedNode, ...]
    label: str
    numbers: tuple[Number, ...]
    query: str
    comparability: "Verdict"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the numbers of a column could be put together: reasons against, each once."""

    bars: tuple[str, ...] = ()
    twice: tuple[str, ...] = ()  # who is, or may be, counted twice
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A row: a group, or a study that has no number on any outcome; one cell an outcome."""

    study: str
    study_name: str
    group: str
    group_name: str
    size: str
    regimen: str
    regimen_name: str
    cells: tuple["CellOf", ...]


@dataclass(frozen=True, slots=True)
class CellOf:
    """The numbers of one group on one outcome, or why there are none."""

    numbers: tuple[Number, ...]
    state: str  # reported, not reported, not curated, not of this group


@dataclass(frozen=True, slots=True)
class Comparison:
    """The table as it was asked for."""

    outcomes: tuple[Outcome, ...]
    lines: tuple[Line, ...]
    unknown: tuple[str, ...]  # outcomes that the graph does not have
    left_out: int  # outcomes beyond the most that a table has


def compare_page(store: Store, request: Request) -> Reply:
    """Answer `/compare?outcome=…&outcome=…&study=…&regimen=…&subgroups=yes&cited=yes`."""
    found = comparison(store, request)
    chosen = {outcome.iris[0].value for outcome in found.outcomes}
    measured = [row for row in ask(store, "variables").rows if row["numbers"] != "0"]
    signals = any(n.signal for line in found.lines for cell in line.cells for n in cell.numbers)
    return page(
        "compare.html",
        comparison=found,
        studies_of_lines=[
            (study, list(lines)) for study, lines in groupby(found.lines, attrgetter("study"))
        ],
        chosen=chosen,
        common=_common(measured, chosen),
        measured=_by_kind(measured),
        studies=[row for row in ask(store, "studies").rows if row["own_numbers"] != "0"],
        regimens=ask(store, "regimens").rows,
        wanted_studies=request.values("study"),
        wanted_regimens=request.values("regimen"),
        subgroups=request.value("subgroups") == "yes",
        cited=request.value("cited") == "yes",
        permalink=_permalink(request, found),
        warning=SIGNAL_WARNING if signals else "",
        near=[(text, near(store, text)[:5]) for text in found.unknown],
    )


def compare_csv(store: Store, request: Request) -> Reply:
    """Answer `/compare.csv?…`: a row a number, and a row where there is none, with the reason."""
    found = comparison(store, request)
    text = io.StringIO()
    columns = ["outcome", "state", "study", "group", "group_size", "regimen", *_FIELDS, "doubts"]
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    for line in found.lines:
        place = [slug_of(line.study), slug_of(line.group), line.size, slug_of(line.regimen)]
        for outcome, cell in zip(found.outcomes, line.cells, strict=True):
            for number in cell.numbers:
                fields = [_plain(number.row[name]) for name in _FIELDS]
                writer.writerow(
                    [outcome.label, cell.state, *place, *fields, "; ".join(number.doubts)]
                )
            if not cell.numbers:
                writer.writerow([outcome.label, cell.state, *place, *[""] * (len(_FIELDS) + 1)])
    disposition = ("Content-Disposition", 'attachment; filename="comparison.csv"')
    return Reply(text.getvalue().encode(), "text/csv; charset=utf-8", headers=(disposition,))


def comparison(store: Store, request: Request) -> Comparison:
    """Return the table that a request asks for."""
    asked = list(dict.fromkeys(t.strip() for t in request.values("outcome") if t.strip()))
    asked, left_out = asked[:_MOST], len(asked[_MOST:])
    known = {text: find_concepts(store, text) for text in asked or _FIRST}
    # One query for all: what an outcome holds is told by its branch, which is indexed.
    every = dict.fromkeys(concept for concepts in known.values() for concept in concepts)
    kept = [n for n in numbers(store, *every).primary if _is_wanted(n, request)]
    outcomes = [_outcome(store, t, concepts, kept) for t, concepts in known.items() if concepts]
    lines = _lines(store, request, outcomes)
    unknown = tuple(text for text in asked if not known[text])
    return Comparison(tuple(outcomes), tuple(lines), unknown, left_out)


def _is_wanted(number: Number, request: Request) -> bool:
    studies, regimens = request.values("study"), request.values("regimen")
    return (
        (not studies or slug_of(number.study) in studies)
        and (not regimens or slug_of(number.row["regimen"]) in regimens)
        and (request.value("cited") == "yes" or not number.cited)
        and (request.value("subgroups") == "yes" or not _is_part(number))
    )


def _outcome(
    store: Store, text: str, concepts: Sequence[NamedNode], kept: Sequence[Number]
) -> Outcome:
    branches = Branches.of(store)
    held = {iri for concept in concepts for iri in branches.variables(concept.value)}
    found = [number for number in kept if number.variable in held]
    shown = tuple(_exactly({concept.value for concept in concepts}, found))
    names = labels_of(store, [concept.value for concept in concepts])
    label = next(iter(names.values()), text)
    query = numbers_query(concepts)
    return Outcome(text, tuple(concepts), label, shown, query, _verdict(store, shown))


def _is_part(number: Number) -> bool:
    return word(number.row["group_kind"]) == GroupKind.SUBGROUP


def _exactly(wanted: set[str], found: Sequence[Number]) -> list[Number]:
    """Return, for each group, the numbers of the very outcome; what is narrower where none is."""
    exact = {number.group for number in found if number.variable in wanted}
    return [n for n in found if n.variable in wanted or n.group not in exact]


def _verdict(store: Store, shown: Sequence[Number]) -> Verdict:
    if len(shown) < 2:
        return Verdict()
    judged: Assessment = assess(candidates(store, [slug_of(number.iri) for number in shown]))
    return Verdict(
        tuple(item.brief() for item in judged.differences if item.bars),
        tuple(dict.fromkeys(f"{item.how} ({item.certainty})" for item in judged.overlaps)),
        tuple(item.brief() for item in judged.differences if not item.bars),
    )


def _lines(store: Store, request: Request, outcomes: Sequence[Outcome]) -> list[Line]:
    states = _states(store, outcomes)
    groups: dict[str, Number] = {}
    cells: dict[tuple[str, str], list[Number]] = defaultdict(list)
    for outcome in outcomes:
        for number in outcome.numbers:
            groups.setdefault(number.group, number)
            cells[number.group, outcome.asked].append(number)
    lines = [
        Line(
            n.study, n.study_name, group, n.group_name, n.row["group_size"], n.row["regimen"],
            n.row["regimen_name"],
            tuple(_cell(cells.get((group, o.asked), ()), states, n.study, o) for o in outcomes),
        )
        for group, n in groups.items()
    ]  # fmt: skip
    wanted = set(request.values("study"))
    there = {line.study for line in lines}
    if not request.values("regimen"):
        lines += [
            Line(
                row["study"], row["name"], "", "", "", "", "",
                tuple(_cell((), states, row["study"], o) for o in outcomes),
            )
            for row in ask(store, "studies").rows
            if row["own_numbers"] != "0" and row["study"] not in there
            and (not wanted or slug_of(row["study"]) in wanted)
        ]  # fmt: skip
    size = {line.group: int(line.size or 0) for line in lines}
    # Patients before reports.
    signals = {n.study for n in groups.values() if n.signal}
    lines.sort(key=lambda x: (x.study in signals, x.study_name, -size[x.group], x.group_name))
    return lines


def _states(store: Store, outcomes: Sequence[Outcome]) -> Mapping[tuple[str, str], str]:
    """Return whether a study reports an outcome, by study and label; of variables alone."""
    names = [compact(iri.value) for outcome in outcomes for iri in outcome.iris]
    variables = [name for name in names if name.startswith("variable:")]
    if not variables:
        return {}
    answer = catalogue()["coverage-of-variables"].run(store, variable=variables)
    return {(study, name): state for study, name, state, *_ in answer.values()}


def _cell(
    held: Sequence[Number], states: Mapping[tuple[str, str], str], study: str, outcome: Outcome
) -> CellOf:
    if held:
        return CellOf(tuple(held), "reported")
    state = states.get((study, outcome.label), "not curated")
    return CellOf((), "not of this group" if state.startswith("reported") else state)


def _common(measured: Sequence[Row], chosen: set[str]) -> list[tuple[str, list[Row]]]:
    """Return what is offered to be ticked: what is chosen, and what most studies report."""
    ranked = sorted(measured, key=lambda row: (-int(row["studies"]), -int(row["numbers"])))
    offered: dict[str, list[Row]] = defaultdict(list)
    for kinds, most in (({"efficacy", "transplant"}, 10), ({"adverse event"}, 10)):
        listed = [row for row in ranked if word(row["kind"]) in kinds]
        kept = [r for i, r in enumerate(listed) if i < most or r["variable"] in chosen]
        title = "Adverse events" if "adverse event" in kinds else "Efficacy and transplantation"
        offered[title] = sorted(kept, key=lambda row: row["name"])
    known = {row["variable"] for rows in offered.values() for row in rows}
    offered["Other"] = [r for r in measured if r["variable"] in chosen - known]
    return [(title, rows) for title, rows in offered.items() if rows]


def _by_kind(measured: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in measured:
        found[word(row["kind"]) or row["kind"]].append(row)
    return sorted(found.items())


def _permalink(request: Request, found: Comparison) -> str:
    from urllib.parse import urlencode

    pairs = [("outcome", outcome.asked) for outcome in found.outcomes]
    pairs += [
        (k, v) for k, v in request.query if k in {"study", "regimen", "subgroups", "cited"} and v
    ]
    return urlencode(pairs)


def _plain(value: str) -> str:
    """Write a value of the graph as curated files do."""
    return word(value) or (slug_of(value) if value.startswith("http") else value)


ROUTES = (Route("/compare", compare_page), Route("/compare.csv", compare_csv))
