"""Rules on survival: curves in time, orders of endpoints, follow-up."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from evikg.analysis.rounding import Span
from evikg.graph.numbers import in_days
from evikg.graph.records import Result
from evikg.graph.shares import percent_of
from evikg.ontology import IntervalKind, Statistic, Verdict

from .material import Material, Scope, span, told
from .relations import relations
from .rules import Finding, rules

_TIMED = {Statistic.SURVIVAL_PROBABILITY, Statistic.MEDIAN}


def curves(material: Material) -> Iterator[Finding]:
    """Follow a probability through time: survival falls, cumulative incidence rises."""
    falling = tuple(name for relation in relations("falls") for name in relation.parts)
    rising = tuple(name for relation in relations("rises") for name in relation.parts)
    for family in material.by("time"):
        if family[0][0].statistic != Statistic.SURVIVAL_PROBABILITY:
            continue
        variable = family[0][0].variable
        falls = any(material.within(variable, name) for name in falling)
        if not falls and not any(material.within(variable, name) for name in rising):
            continue
        points = [
            (days, share, result)
            for _, result in family
            if (days := days_of(result)) is not None and (share := share_of(result)) is not None
        ]
        for (_, first, earlier), (_, second, later) in pairwise(sorted(points, key=lambda p: p[0])):
            high, low = (first, second) if falls else (second, first)
            rule = rules()["survival-falls" if falls else "incidence-rises"]
            if low.may_be_at_most(high):
                yield rule.passed([earlier, later])
            else:
                inputs = f"{at(earlier)}, {at(later)}"
                yield rule.check(Verdict.INCONSISTENT, [earlier, later], inputs)


def event_order(material: Material) -> Iterator[Finding]:
    """Compare survival free of events with survival, at the same time or by medians."""
    for relation in relations("order"):
        for family in material.by("variable", "definition"):
            if family[0][1].statistic not in _TIMED:
                continue
            longer = [item for item in family if item[0].variable == relation.whole]
            shorter = [item for item in family if item[0].variable in relation.parts]
            for first_scope, first in shorter:
                for second_scope, second in longer:
                    if not one_origin(material, first_scope, second_scope):
                        continue
                    low, high = _quantity(first), _quantity(second)
                    if low is None or high is None:
                        continue
                    if low.may_be_at_most(high):
                        yield rules()["event-order"].passed([first, second])
                        continue
                    yield rules()["event-order"].check(
                        Verdict.INCONSISTENT,
                        [first, second],
                        f"{first.variable} {told(first)}, {second.variable} {told(second)}",
                    )


def follow_up(material: Material) -> Iterator[Finding]:
    """Compare median times with the longest follow-up of the group."""
    for relation in relations("follow-up"):
        longest: dict[tuple[str, str], tuple[Decimal, Result]] = {}
        for result in material.results:
            if result.variable != relation.whole or result.interval_kind is not IntervalKind.RANGE:
                continue
            bound = span(result.interval_high)
            days = in_days(bound.high, result.unit or "") if bound else None
            if days is not None:
                longest[result.source, result.group] = days, result
        for scope, result in material.best.items():
            if result.statistic is not Statistic.MEDIAN or scope.variable not in relation.parts:
                continue
            most = longest.get((scope.source, scope.group))
            value = span(result.value)
            days = in_days(value.low, result.unit or "") if value else None
            if most is None or days is None:
                continue
            if days <= most[0]:
                yield rules()["follow-up"].passed([result, most[1]])
            else:
                yield rules()["follow-up"].check(
                    Verdict.INCONSISTENT,
                    [result, most[1]],
                    f"{told(result)}, longest follow-up {told(most[1])}",
                    computed=f"{days:.0f} days",
                )


def share_of(result: Result) -> Span | None:
    """Return a printed probability, 0 to 1, as the span it may stand for."""
    share = percent_of(result)
    if share is None:
        return None
    percent = Span.of(*share)
    if result.unit != "%" and result.value is not None:
        # A proportion keeps the decimals it is printed with.
        own = span(result.value)
        return own
    return Span(percent.low / 100, percent.high / 100)


def _quantity(result: Result) -> Span | None:
    if result.statistic is Statistic.SURVIVAL_PROBABILITY:
        return share_of(result)
    return span(result.value)


def days_of(result: Result) -> Decimal | None:
    """Return the time of a result in days; None where it has none."""
    if result.timepoint is None:
        return None
    return in_days(result.timepoint, result.timepoint_unit or "")


def one_origin(material: Material, first: Scope, second: Scope) -> bool:
    """Tell whether two times may be counted from the same day."""
    origins = {material.origin(first), material.origin(second)} - {None}
    return len(origins) < 2


def at(result: Result) -> str:
    """Write a probability with its time."""
    return f"{told(result)} at {result.timepoint} {result.timepoint_unit}"
