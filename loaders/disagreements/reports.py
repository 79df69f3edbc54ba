"""What several reports, analysis sets and definitions of one study print of the same thing."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

from evikg.graph.records import Definition, Result
from evikg.graph.shares import percent_of
from evikg.ontology import Directness, DiscrepancyType, GroupKind, Statistic, VariableKind

from .differences import (
    Finding,
    differing_intervals,
    differing_values,
    is_precise,
    same_interval,
    same_numbers,
)
from .printings import ANALYSIS_SETS, Printings, Quantity, apart

_TYPE = DiscrepancyType
#: What is known when a study begins: no later report can change it.
_AT_BASELINE = frozenset({VariableKind.BASELINE, VariableKind.DISPOSITION, VariableKind.CONDITION})
_SPREAD = frozenset({Statistic.MEDIAN, Statistic.MEAN, Statistic.RANGE})
_ASSESSED = frozenset({GroupKind.ASSESSED, GroupKind.ASSESSED_RESPONDERS})
_PROCEDURES = frozenset({VariableKind.PROCEDURE, VariableKind.TRANSPLANT})


def definitions(among: Printings) -> Iterator[Finding]:
    """Find a variable of one group that is printed under two definitions."""
    for family in among.families("definition"):
        for a, b in combinations([x for x in family if x.key.definition], 2):
            told = _differing_parts(a, b, among)
            if not told or a.first.value is None or b.first.value is None:
                continue
            both = (*a.printings, *b.printings)
            same = "the same number although " if same_numbers(a.first, b.first) else ""
            yield Finding(_TYPE.DEFINITION, both, f"{same}definitions differ in {told}")


def times(among: Printings) -> Iterator[Finding]:
    """Find one value with its interval at two times that are never printed side by side."""
    for family in among.families("time"):
        for a, b in apart([x for x in family if x.key.time]):
            if not same_numbers(a.first, b.first):
                continue
            if same_interval(a.first, b.first) and is_precise(a.first):
                printed = " / ".join(
                    f"{x.first.timepoint} {x.first.timepoint_unit}" for x in (a, b)
                )
                yield Finding(_TYPE.TIME, (*a.printings, *b.printings), f"one number at {printed}")


def denominators(among: Printings) -> Iterator[Finding]:
    """Find the same patients as shares of two analysis sets, one of which holds the other.

    Either the counts are the same, or the variable concerns a procedure that only the transplanted
    had: its events are then the same whatever they are divided by.
    """
    for family in among.families("group", "definition"):
        for inner, outer in _nested(family, among):
            if _is_arm(inner, outer, among):
                continue
            if pair := _shares_of_two_sets(inner, outer, among):
                sets = [among.groups[x.group].label for x in pair]
                note = "shares of " + " / of ".join(sets)
                if _are_reports(inner, outer):
                    note += "; cited from two reports"
                both = [x for x in (*outer.printings, *inner.printings) if _divides(x, pair)]
                yield Finding(_TYPE.DENOMINATOR, tuple(both), note)


def _is_arm(inner: Quantity, outer: Quantity, among: Printings) -> bool:
    """Tell whether a group is one arm of the other: what came in one arm only is a share of both."""
    part, whole = among.groups[inner.key.group], among.groups[outer.key.group]
    other_arm = part.arm is not None and whole.arm is not None and part.arm != whole.arm
    return part.slug in whole.pools or other_arm


def _nested(family: Sequence[Quantity], among: Printings) -> Iterator[tuple[Quantity, Quantity]]:
    """Yield quantities of a family with those of a group above theirs, in the order of pairs."""
    of_group: dict[str, list[int]] = defaultdict(list)
    for number, quantity in enumerate(family):
        of_group[quantity.key.group].append(number)
    pairs = (
        (min(inner, outer), max(inner, outer), inner > outer)
        for inner, quantity in enumerate(family)
        for group in among.above(quantity.key.group)
        for outer in of_group.get(group, ())
    )
    for first, second, turned in sorted(pairs):
        a, b = family[first], family[second]
        yield (b, a) if turned else (a, b)


def reports(among: Printings) -> Iterator[Finding]:
    """Find numbers that differ between two reports of one study.

    What a later data cut-off may change is of the type time; what it cannot change is not.
    """
    names = ("study", "group", "definition", "statistic", "seriousness", "causality")
    for family in among.sharing(lambda x: (x.key.without(*names), among.role(x.key.group))):
        for a, b in combinations(family, 2):
            if not _two_reports(a, b, among) or not _comparable(a, b):
                continue
            pair = [a.first, b.first]
            found = differing_values(pair) if a.key.statistic == b.key.statistic else None
            found = found or differing_intervals(pair)
            if found is None:
                continue
            kind = found.type
            variable = among.variables.get(a.key.variable)
            if kind is not _TYPE.ROUNDING and not (variable and variable.kind in _AT_BASELINE):
                kind = _TYPE.TIME
            note = f"{found.note} ({_which_reports(a, b, among)})"
            yield Finding(kind, (*a.printings, *b.printings), note)


def _differing_parts(a: Quantity, b: Quantity, among: Printings) -> str:
    known = [among.definitions.get(x.key.definition) for x in (a, b)]
    first, second = known
    if first is None or second is None:
        return ""
    parts = {"time origin": "origin", "events": "events", "threshold": "threshold",
             "method": "method"}  # fmt: skip
    return "; ".join(
        f"{word}: {_stated(first, name)} / {_stated(second, name)}"
        for word, name in parts.items()
        if getattr(first, name) != getattr(second, name)
    )


def _stated(definition: Definition, name: str) -> str:
    return getattr(definition, name) or "not stated"


def _shares_of_two_sets(
    inner: Quantity, outer: Quantity, among: Printings
) -> tuple[Result, Result] | None:
    narrow, wide = among.groups[inner.key.group], among.groups[outer.key.group]
    shares = [
        next((r for r in x.printings if r.total or percent_of(r)), None) for x in (inner, outer)
    ]
    first, second = shares
    if first is None or second is None or inner.key.statistic != "frequency":
        return None
    if narrow.kind is GroupKind.TRANSPLANTED and wide.kind in ANALYSIS_SETS:
        variable = among.variables.get(inner.key.variable)
        concerned = (
            (among.variables.get(x) for x in variable.concerns_variables) if variable else ()
        )
        if not any(x and x.kind in _PROCEDURES for x in concerned):
            return None
        percents = [percent_of(x) for x in (first, second)]
        return (first, second) if None not in percents and percents[0] != percents[1] else None
    if narrow.kind not in _ASSESSED and not {narrow.kind, wide.kind} <= ANALYSIS_SETS:
        return None
    same = first.events is not None and first.events == second.events and first.events > 0
    whole = first.events == first.total or second.events == second.total
    return (first, second) if same and not whole and first.total != second.total else None


def _divides(result: Result, pair: tuple[Result, Result]) -> bool:
    """Tell whether a printing has the count, or none, that is divided in two ways."""
    counts = {x.events for x in pair}
    return result.events in counts if len(counts) == 1 else bool(percent_of(result))


def _are_reports(a: Quantity, b: Quantity) -> bool:
    references = [{x.cited_reference for x in q.printings if x.cited_reference} for q in (a, b)]
    return a.is_cited_only and b.is_cited_only and not references[0] & references[1]


def _two_reports(a: Quantity, b: Quantity, among: Printings) -> bool:
    """Tell whether two quantities are of the same people as two reports of one study have them."""
    if a.key.group == b.key.group or a.places & b.places:
        return False
    if any(
        x and y and x != y
        for x, y in ((a.key.seriousness, b.key.seriousness), (a.key.causality, b.key.causality))
    ):
        return False
    directness = {x.directness for q in (a, b) for x in q.printings}
    return a.key.study != b.key.study or directness == {Directness.CITED}


def _comparable(a: Quantity, b: Quantity) -> bool:
    kinds = {x.first.statistic for x in (a, b)}
    return a.key.statistic == b.key.statistic or kinds <= _SPREAD


def _which_reports(a: Quantity, b: Quantity, among: Printings) -> str:
    told = []
    for quantity in (a, b):
        first = quantity.first
        study = among.studies.get(quantity.key.study)
        reference = f", reference {first.cited_reference}" if first.cited_reference else ""
        told.append(f"{study.label if study else quantity.key.study}{reference}")
    sort: Sequence[str] = dict.fromkeys(told)  # type: ignore[assignment]
    return "two reports or data cut-offs: " + " / ".join(sort)
