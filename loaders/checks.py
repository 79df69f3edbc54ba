"""The papers' own faults, found by recomputation and comparison; nothing is corrected."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from evikg.analysis.recompute import interval_contains, percentage
from evikg.graph.derive import Derived, by_quantity
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
    numbers = [
        (r, r.value.number, r.value.decimals)
        for r in printings
        if r.value is not None and r.value.number is not None
    ]
    for family in ({Statistic.COUNT}, set(Statistic) - {Statistic.COUNT}):
        of_family = [item for item in numbers if item[0].statistic in family]
        exact = {number for _, number, _ in of_family}
        if len(exact) > 1:
            coarse = min(decimals for _, _, decimals in of_family)
            step = Decimal(1).scaleb(-coarse)
            rounding = max(exact) - min(exact) <= step
            kind = DiscrepancyType.ROUNDING if rounding else DiscrepancyType.VALUE
            yield _discrepancy(quantity, kind, [r for r, _, _ in of_family])
    with_total = [r for r in printings if r.total is not None]
    if len({r.total for r in with_total}) > 1:
        yield _discrepancy(quantity, DiscrepancyType.DENOMINATOR, with_total)
    with_bounds = [r for r in printings if r.interval_low is not None]
    bounds = {
        (r.interval_kind, r.interval_low and r.interval_low.number,
         r.interval_high and r.interval_high.number)
        for r in with_bounds
    }  # fmt: skip
    if len(bounds) > 1:
        yield _discrepancy(quantity, DiscrepancyType.INTERVAL, with_bounds)


def _discrepancy(quantity: str, kind: DiscrepancyType, results: list[Result]) -> Discrepancy:
    tokens = "; ".join(f"{r.source} line {r.line}: {r.printed}" for r in results)
    return Discrepancy(
        slug=f"{quantity}-{kind.term}",
        type=kind,
        results=tuple(sorted(r.slug for r in results)),
        note=tokens,
    )
