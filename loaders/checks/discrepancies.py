"""Printings of one quantity that differ: of what kind the difference is, with every token."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from evikg.graph.derive import Derived, by_quantity
from evikg.graph.numbers import Printed
from evikg.graph.records import Discrepancy, Result
from evikg.ontology import DiscrepancyType, Statistic


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
