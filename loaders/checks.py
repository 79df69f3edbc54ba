"""The papers' own faults, found by recomputation and comparison; nothing is corrected."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from evikg.analysis.recompute import interval_contains, percentage
from evikg.graph.derive import Derived, by_quantity
from evikg.graph.numbers import Printed
from evikg.graph.records import Check, Discrepancy, Group, Result
from evikg.ontology import DiscrepancyType, Statistic, Verdict

_SHARES = {Statistic.PERCENT, Statistic.PROPORTION}


def recompute(results: Iterable[Result], groups: Iterable[Group]) -> Iterator[Check]:
    """Check each result against what is printed with it; a check for each rule that applies."""
    sizes = {group.slug: group.size for group in groups}
    of_study: dict[str, set[int]] = defaultdict(set)
    for group in groups:
        if group.size:
            of_study[group.study].add(group.size)
    for result in results:
        yield from _percentage(result, tuple(of_study[result.study]))
        yield from _denominator(result, sizes.get(result.group))
        yield from _interval(result)
        yield from _legible(result)


def _percentage(result: Result, totals: tuple[int, ...]) -> Iterator[Check]:
    number = result.value.number if result.value else None
    if result.statistic not in _SHARES or number is None or result.events is None:
        return
    if not result.total:
        return
    decimals = result.value.decimals if result.value else 0
    percent = number if result.unit == "%" else number * 100
    places = decimals if result.unit == "%" else max(decimals - 2, 0)
    found = percentage(result.events, result.total, percent, places, known_totals=totals)
    yield Check(
        slug=f"{result.slug}-percentage",
        checks=result.slug,
        rule="percentage = events / total, rounded half up",
        verdict=Verdict(found.outcome.value),
        inputs=f"{result.events} / {result.total}, printed {result.value.text}"  # type: ignore[union-attr]
        + (f" {result.unit}" if result.unit else ""),
        computed=str(found.computed),
        tolerance="half a unit of the last printed place",
        note=found.why or None,
    )


def _denominator(result: Result, size: int | None) -> Iterator[Check]:
    if result.total is None or size is None or result.total == size:
        return
    yield Check(
        slug=f"{result.slug}-denominator",
        checks=result.slug,
        rule="total = size of the group",
        verdict=Verdict.INCONSISTENT,
        inputs=f"total {result.total}, group of {size}",
        note=result.note,
    )


def _interval(result: Result) -> Iterator[Check]:
    if result.interval_kind is None or result.value is None or result.value.number is None:
        return
    low = result.interval_low.number if result.interval_low else None
    high = result.interval_high.number if result.interval_high else None
    if low is None and high is None:
        return
    inside = interval_contains(result.value.number, low, high)
    yield Check(
        slug=f"{result.slug}-interval",
        checks=result.slug,
        rule="the interval contains its value",
        verdict=Verdict.CONSISTENT if inside else Verdict.INCONSISTENT,
        inputs=f"{result.value.text} in {_bound(low)} to {_bound(high)}",
    )


def _legible(result: Result) -> Iterator[Check]:
    for name in ("value", "interval_low", "interval_high"):
        printed = getattr(result, name)
        if printed is not None and printed.status is not None and printed.status == "illegible":
            yield Check(
                slug=f"{result.slug}-{name.replace('_', '-')}",
                checks=result.slug,
                rule="a number is printed as a number",
                verdict=Verdict.INCONSISTENT,
                inputs=printed.text,
            )


def _bound(number: Decimal | None) -> str:
    return "open" if number is None else str(number)


def discrepancies(results: Sequence[Result], derived: Iterable[Derived]) -> Iterator[Discrepancy]:
    """Compare the printings of each quantity; one discrepancy a quantity and kind."""
    by_slug = {result.slug: result for result in results}
    for quantity, slugs in by_quantity(derived):
        printings = [by_slug[slug] for slug in slugs]
        yield from _differing(quantity, printings)


def _differing(quantity: str, printings: list[Result]) -> Iterator[Discrepancy]:
    counts = [result for result in printings if result.statistic is Statistic.COUNT]
    others = [result for result in printings if result.statistic is not Statistic.COUNT]
    for name, family in (("count", counts), ("value", others)):
        values = [result.value for result in family if result.value is not None]
        if kind := _difference(values):
            yield _discrepancy(f"{quantity}-{name}", kind, family)
    with_total = [result for result in printings if result.total is not None]
    if len({result.total for result in with_total}) > 1:
        yield _discrepancy(f"{quantity}-total", DiscrepancyType.DENOMINATOR, with_total)
    bounded = [result for result in printings if result.interval_low and result.interval_high]
    bounds = [
        _difference([result.interval_low for result in bounded if result.interval_low]),
        _difference([result.interval_high for result in bounded if result.interval_high]),
    ]
    texts = {(r.interval_kind, _bound_text(r.interval_low), _bound_text(r.interval_high))
             for r in bounded}  # fmt: skip
    if len(texts) > 1 and any(bounds):
        only_rounded = all(kind in {None, DiscrepancyType.ROUNDING} for kind in bounds)
        kind = DiscrepancyType.ROUNDING if only_rounded else DiscrepancyType.INTERVAL
        yield _discrepancy(f"{quantity}-interval", kind, bounded)


def _bound_text(printed: Printed | None) -> str:
    if printed is None or printed.number is None:
        return "open"
    return f"{printed.number:f}"


def _difference(printed: list[Printed]) -> DiscrepancyType | None:
    """Tell whether printed numbers differ by no more than their rounding, by more, or not.

    A number beside an open or illegible bound differs from it.
    """
    numbers = {item.number for item in printed}
    if len(numbers) < 2:
        return None
    known = [number for number in numbers if number is not None]
    coarsest = min(item.decimals for item in printed if item.number is not None)
    if len(known) == len(numbers) and max(known) - min(known) <= Decimal(1).scaleb(-coarsest):
        return DiscrepancyType.ROUNDING
    return DiscrepancyType.VALUE


def _discrepancy(slug: str, kind: DiscrepancyType, results: list[Result]) -> Discrepancy:
    tokens = "; ".join(f"{r.source} line {r.line}: {r.printed}" for r in results)
    return Discrepancy(
        slug=slug,
        type=kind,
        results=tuple(sorted(r.slug for r in results)),
        note=tokens,
    )
