"""What must be said with numbers: how they count, of whom, where they stand, who doubts them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from pyoxigraph import NamedNode, QuerySolutions

from evikg.graph.binding import bind
from evikg.graph.hypotheses import DISPROPORTIONALITY, HYPOTHESES
from evikg.graph.store import Store
from evikg.ontology import CountUnit, Directness, GroupKind, Statistic, StudyDesign, concept
from evikg.queries.answer import short


@dataclass(frozen=True, slots=True)
class Cautions:
    """What goes with an answer; `units` says what each kind of number is in and counts."""

    units: list[dict[str, str]] = field(default_factory=list)
    sources: list[dict[str, str]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def cautions(store: Store, results: Iterable[NamedNode]) -> Cautions:
    """Collect what must be said with results, by two queries."""
    listed = list(dict.fromkeys(results))
    if not listed:
        return Cautions()
    facts = _facts(store, listed)
    units = sorted(
        {
            tuple((name, _one(f, name)) for name in ("statistic", "unit", "count_unit"))
            for f in facts.values()
        }
    )
    return Cautions(
        [{name: value for name, value in unit if value} for unit in units],
        _sources(store, {term for f in facts.values() for term in f["source"]}),
        list(_warnings(facts)),
    )


Facts = dict[str, dict[str, set[Any]]]


def _facts(store: Store, results: list[NamedNode]) -> Facts:
    """Return, by the slug of each result, the set of values of each column of `facts.rq`."""
    facts: Facts = {}
    for row in _rows(store, "facts.rq", "result", results):
        about = facts.setdefault(short(row["result"]), defaultdict(set))
        for name, term in row.items():
            about[name] |= {term} - {None}
    return facts


def _one(about: dict[str, set[Any]], name: str) -> str:
    return " / ".join(sorted(map(short, about[name])))


def _warnings(facts: Facts) -> Iterator[str]:
    count_units = sorted({_one(f, "count_unit") for f in facts.values()} - {""})
    if len(count_units) > 1:
        yield f"numbers of {', '.join(count_units)} stand side by side: never add them"
    statistics = {term for f in facts.values() for term in f["statistic"]}
    if {concept(Statistic.MEDIAN), concept(Statistic.MEAN)} <= statistics:
        yield "medians and means stand side by side: neither compare nor average them as one"
    if any(_reporting() & set().union(*f.values()) for f in facts.values()):
        yield HYPOTHESES
    bare = [
        slug for slug, f in facts.items() if concept(Statistic.PERCENT) in f["statistic"] and not f["total"]
    ]  # fmt: skip
    if bare:
        yield f"no denominator is stated of {_listed(bare)}"
    cited = [slug for slug, f in facts.items() if concept(Directness.CITED) in f["directness"]]
    if cited:
        yield f"cited by a document that is not the study's own: {_listed(cited)}"
    yield from _counted_twice(facts)
    for slug, about in facts.items():
        for doubt in sorted(map(short, about["doubt"])):
            yield f"{slug} is in doubt: {doubt}"


def _reporting() -> set[NamedNode]:
    """Return what marks a number of a spontaneous reporting database."""
    members = (GroupKind.REPORTS, CountUnit.REPORTS, StudyDesign.PHARMACOVIGILANCE)
    return {concept(member) for member in (*members, *DISPROPORTIONALITY)}


def _counted_twice(facts: Facts) -> Iterator[str]:
    printings: dict[Any, list[str]] = defaultdict(list)
    for slug, about in facts.items():
        for quantity in about["quantity"]:
            printings[quantity].append(slug)
        inside = sorted({short(term) for term in about["container"]} & facts.keys())
        if inside:
            yield f"the patients of {slug} are counted in {_listed(inside)} too: never add them"
    for slugs in printings.values():
        if len(slugs) > 1:
            yield f"printings of one quantity, to be counted once: {_listed(slugs)}"


def _listed(slugs: list[str], most: int = 6) -> str:
    more = f" and {len(slugs) - most} more" if len(slugs) > most else ""
    return ", ".join(slugs[:most]) + more


def _sources(store: Store, sources: set[NamedNode]) -> list[dict[str, str]]:
    if not sources:
        return []
    rows = _rows(store, "sources.rq", "source", sorted(sources, key=str))
    return [{name: short(term) for name, term in row.items() if term is not None} for row in rows]


def _rows(store: Store, file: str, name: str, terms: list[NamedNode]) -> list[dict[str, Any]]:
    text = files(__package__).joinpath(file).read_text(encoding="utf-8")
    answer = store.query(bind(text, {name: terms}))
    assert isinstance(answer, QuerySolutions)  # noqa: S101 - what a SELECT answers
    columns = [variable.value for variable in answer.variables]
    return [dict(zip(columns, row, strict=True)) for row in answer]
