"""Numbers as pages show them: never without denominator, unit, interval and what speaks against them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from evikg.graph.binding import bind, clause
from evikg.graph.store import Store
from evikg.ontology import EV, Directness, IntervalKind, Statistic, StudyDesign, kind_and_slug, word

from .asking import Row, ask, text_of

#: What a number of a reporting database is, and is not.
SIGNAL_WARNING = (
    "Spontaneous reports raise hypotheses. They are no incidence, no risk and no proof of a cause:"
    " nobody knows how many patients were treated, or how many events were never reported."
)
#: What numbers of a reporting database count; its ratios count nothing.
_OF_REPORTS = {"reports", "cases", ""}
#: Kinds of variables that come first.
_KINDS = ("efficacy", "transplant", "adverse event", "system organ class", "time to onset")
_FREQUENCIES = {item.value for item in Statistic if item.is_frequency}


@dataclass(frozen=True, slots=True)
class Number:
    """One printed number as a line of a table; texts are empty where nothing is stated."""

    iri: str
    study: str
    study_name: str
    group: str
    group_name: str
    comparator: str
    comparator_name: str
    variable: str
    variable_name: str
    kind: str
    statistic: str
    shown: str  # the value with its unit: 83.3 %
    of: str  # its denominator: 35 of 42 patients
    interval: str  # its interval, with kind and level: 95 % CI 69–93
    p: str
    scope: tuple[str, ...]  # time, grade, seriousness, causality, window, predictor
    fraction: float | None  # of a share, 0 to 1
    low: float | None  # the interval of a share, 0 to 1
    high: float | None
    source: str
    source_name: str
    locator: str
    line: str
    printed: str
    cited: bool
    reference: str
    primary: bool
    signal: bool  # from a database of spontaneous reports
    doubts: tuple[str, ...]
    row: Row  # as the query answers it

    @property
    def marked(self) -> bool:
        """Tell whether anything must be said beside the number."""
        return bool(self.cited or self.signal or self.doubts or not self.primary)


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers about a thing, and the query that finds them."""

    items: tuple[Number, ...]
    query: str

    @property
    def primary(self) -> tuple[Number, ...]:
        """Return one printing of each quantity."""
        return tuple(item for item in self.items if item.primary)

    @property
    def warning(self) -> str:
        """Return what must be said of numbers of reporting databases, if there are any."""
        return SIGNAL_WARNING if any(item.signal for item in self.items) else ""


def numbers(store: Store, *things: NamedNode) -> Numbers:
    """Return the numbers about things, by kind of variable, variable, group and place."""
    # In two steps: an engine that has to find the numbers first walks through all there are.
    found = [NamedNode(row["result"]) for row in ask(store, "numbers-of", thing=things).rows]
    known = doubts(store) if found else {}
    rows = ask(store, "numbers", result=found).rows if found else ()
    return Numbers(tuple(_number(row, known) for row in rows), numbers_query(things))


def numbers_query(things: Sequence[NamedNode]) -> str:
    """Return the query for all numbers about things, in one step."""
    prologue = ("#", "PREFIX ")
    finding = bind(text_of("numbers-of"), {"thing": things}).splitlines()
    inner = "\n".join(f"    {line}" for line in finding if not line.startswith(prologue))
    return clause("result").sub(lambda _: f"{{\n{inner}\n  }}", text_of("numbers"))


def doubts(store: Store) -> Mapping[str, tuple[str, ...]]:
    """Return why numbers are in doubt, by their IRI: failed checks, then disagreements."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in ask(store, "doubts").rows:
        found[row["result"]].append(row["why"])
    return {iri: tuple(reasons) for iri, reasons in found.items()}


def by_kind(items: Iterable[Number]) -> list[tuple[str, list[Number]]]:
    """Return numbers by the kind of what they measure, outcomes before all else."""
    found: dict[str, list[Number]] = defaultdict(list)
    for item in items:
        found[item.kind].append(item)
    return sorted(found.items(), key=lambda pair: place_of(pair[0]))


def place_of(kind: str) -> tuple[int, str]:
    """Return what sorts kinds of variables: outcomes, then harms, then all others by name."""
    return (_KINDS.index(kind) if kind in _KINDS else len(_KINDS), kind)


def grouped(
    items: Iterable[Number], name: str
) -> list[tuple[str, list[Number]]]:  # name of a field of Number
    """Return numbers by one of their fields, in the order in which its values come."""
    found: dict[str, list[Number]] = defaultdict(list)
    for item in items:
        found[getattr(item, name)].append(item)
    return list(found.items())


def _number(row: Row, known: Mapping[str, tuple[str, ...]]) -> Number:
    statistic = word(row["statistic"]) or row["statistic"]
    fraction = float(row["fraction"]) if row["fraction"] else None
    low, high = _bounds(row, fraction)
    unit = word(row["count_unit"]) or ""
    signal = row["design"] == EV[StudyDesign.PHARMACOVIGILANCE.term].value and unit in _OF_REPORTS
    return Number(
        iri=row["result"],
        study=row["study"],
        study_name=row["study_name"],
        group=row["group"],
        group_name=row["group_name"],
        comparator=row["comparator"],
        comparator_name=row["comparator_name"],
        variable=row["variable"],
        variable_name=row["variable_name"],
        kind=word(row["kind"]) or row["kind"],
        statistic=statistic,
        shown=_shown(row, statistic),
        of=denominator(
            statistic, row["events"], row["total"], row["total_status"], unit, row["group_size"]
        ),
        interval=interval_text(
            word(row["interval"]) or "",
            row["level"],
            _bound(row["low"], row["low_status"]),
            _bound(row["high"], row["high_status"]),
            row["sides"],
        )
        or dispersion_text(row["dispersion"], word(row["dispersion_kind"]) or ""),
        p=f"p {_p(row['p'])}" if row["p"] else "",
        scope=tuple(_scope(row)),
        fraction=fraction,
        low=low,
        high=high,
        source=row["source"],
        source_name=slug_of(row["source"]),
        locator=row["locator"],
        line=row["line"],
        printed=row["printed"],
        cited=row["directness"] == EV[Directness.CITED.term].value,
        reference=row["reference"],
        primary=row["primary"] == "true",
        signal=signal,
        doubts=known.get(row["result"], ()),
        row=row,
    )


def slug_of(iri: str) -> str:
    """Return the name of an individual; of any other IRI, the IRI."""
    parts = kind_and_slug(iri)
    return parts[1] if parts else iri


def denominator(statistic: str, events: str, total: str, status: str, unit: str, size: str) -> str:
    """Write what a number is of, or that its source does not say so.

    >>> denominator("percent", "35", "42", "", "patients", "42")
    '35 of 42 patients'
    >>> denominator("count", "35", "42", "", "patients", "42")
    'of 42 patients'
    >>> denominator("count", "1", "", "not-stated", "cases", "")
    'case, denominator not stated'
    """
    # What happened, or was, once is one case, not one cases.
    unit = unit.removesuffix("s") if "1" in (total, events if not total else "") else unit
    of = f"of {total} {unit}".rstrip()
    if total:
        return f"{events} {of}" if events and statistic != Statistic.COUNT else of
    if status or statistic in _FREQUENCIES:
        counted = f"{events} {unit}" if statistic != Statistic.COUNT else unit
        return ", ".join(filter(None, [counted.strip(), "denominator not stated"]))
    return f"in a group of {size}" if size else "size of the group not stated"


def interval_text(kind: str, level: str, low: str, high: str, sides: str = "") -> str:
    """Write an interval with its kind, level and sides; nothing where none is printed.

    >>> interval_text("CI", "95", "10.50", "38.88")
    '95 % CI 10.50 to 38.88'
    >>> interval_text("CI", "97.5", "-1.2", "", "1")
    '97.5 % one-sided CI -1.2 to ?'
    """
    if not kind:
        return ""
    stated = f"{level} % " if level else ""
    stated += "one-sided " if sides == "1" else ""
    unstated = ", level not stated" if kind == IntervalKind.CONFIDENCE and not level else ""
    return f"{stated}{kind} {low or '?'} to {high or '?'}{unstated}"


def dispersion_text(printed: str, kind: str) -> str:
    """Write what is printed beside a mean; nothing where it is nothing.

    >>> dispersion_text("2.45", "standard deviation")
    'standard deviation 2.45'
    """
    return f"{kind or 'dispersion'} {printed}" if printed else ""


def time_text(point: str, unit: str) -> str:
    """Write when something was measured.

    >>> time_text("12", "months"), time_text("1", "years"), time_text("2", "cycle")
    ('at 12 months', 'at 1 year', 'at cycle 2')
    >>> time_text("2022", "calendar year")
    'in 2022'
    """
    if unit == "calendar year":
        return f"in {point}"
    if unit == "cycle":
        return f"at cycle {point}"
    return f"at {point} {unit.removesuffix('s') if point == '1' else unit}".rstrip()


def _bound(printed: str, status: str) -> str:
    words = (word(status) or "").replace("-", " ")
    return f"{printed} ({words})" if words else printed


def _p(printed: str) -> str:
    return printed if printed[:1] in "<>≤≥=" else f"= {printed}"


def _shown(row: Row, statistic: str) -> str:
    if row["value"]:
        value = _bound(row["value"], row["value_status"])
        return f"{value} {row['unit']}" if row["unit"] else value
    if statistic == Statistic.RANGE:
        return f"{row['low']} to {row['high']} {row['unit']}".strip()
    return f"p {_p(row['p'])}" if row["p"] else row["printed"]


def _scope(row: Row) -> Iterable[str]:
    if row["timepoint"]:
        yield time_text(row["timepoint"], row["timepoint_unit"])
    if row["grade"]:
        yield "any grade" if row["grade"] == "any" else f"grade {row['grade']}"
    if word(row["seriousness"]) in ("serious", "non-serious"):
        yield f"{word(row['seriousness'])} only"
    if row["causality"]:
        yield {"AE": "any cause", "ADR": "drug-related"}.get(word(row["causality"]) or "", "")
    if row["window"]:
        yield row["window"]
    if row["predictor"]:
        yield f"predictor: {row['predictor']}"


def _bounds(row: Row, fraction: float | None) -> tuple[float | None, float | None]:
    """Return a confidence interval of a share as fractions, where both bounds are numbers."""
    if fraction is None or word(row["interval"]) != IntervalKind.CONFIDENCE:
        return None, None
    scale = 100 if row["unit"] == "%" else 1
    try:
        return float(row["low"]) / scale, float(row["high"]) / scale
    except ValueError:
        return None, None
