"""In what printed numbers differ: not at all, by rounding, by unit, or by more."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import combinations
from typing import NamedTuple

from evikg.graph.numbers import Printed, in_days
from evikg.graph.records import Result
from evikg.ontology import DiscrepancyType, Statistic

_TYPE = DiscrepancyType


class Amount(NamedTuple):
    """A printed number on a scale that it shares with others of its dimension."""

    number: Decimal  # days for times, percent for shares
    step: Decimal  # one unit of the last printed place, on the same scale
    dimension: str  # "days", "%", else the unit as printed; empty where none is
    sign: str  # a printed comparison, or empty
    raw: Decimal  # as printed
    decimals: int
    unit: str  # as printed


class Finding(NamedTuple):
    """A difference: its type, the printings that take part, and what is said of it."""

    type: DiscrepancyType
    results: tuple[Result, ...]
    note: str


def amount(printed: Printed | None, result: Result) -> Amount | None:
    """Return a printed number of a result; None where there is no number."""
    if printed is None or printed.number is None:
        return None
    number, unit = printed.number, result.unit or ""
    step = Decimal(1).scaleb(-printed.decimals)
    days = in_days(Decimal(1), unit)
    factor, dimension = Decimal(1), unit
    if result.statistic is Statistic.PROPORTION or (
        result.statistic is Statistic.SURVIVAL_PROBABILITY and not unit
    ):
        factor, dimension = Decimal(100), "%"
    elif days is not None:
        factor, dimension = days, "days"
    sign = printed.sign or ""
    return Amount(number * factor, step * factor, dimension, sign, number, printed.decimals, unit)


def differing_values(results: Sequence[Result]) -> Finding | None:
    """Compare the values and counts of printings of one quantity.

    Numbers differ by rounding if each pair lies within one unit of its coarser last place; counts
    are exact. A number with a sign (`<0.05`) disagrees only with what it excludes.
    """
    shares = [
        (x, value)
        for x in results
        if x.statistic is not Statistic.COUNT and (value := amount(x.value, x)) is not None
    ]
    counts = [
        (x, x.events) for x in results if x.events is not None and not (x.value and x.value.sign)
    ]
    kind = worst(_pair(a, b) for (_, a), (_, b) in combinations(shares, 2))
    taking_part = [x for x, _ in shares] if kind else []
    if len({count for _, count in counts}) > 1:
        kind = _TYPE.VALUE
        taking_part += [x for x, _ in counts if x not in taking_part]
    statuses = {x.value.text for x in results if x.value and x.value.number is None}
    if shares and statuses and kind is None:
        kind = _TYPE.VALUE
        taking_part = [x for x in results if x.value is not None]
    if kind is None:
        return None
    told = [x for x in results if x in taking_part]
    parts = [f"values {values(told)}" if shares else ""]
    if len({count for _, count in counts}) > 1:
        parts.append("counts " + " / ".join(dict.fromkeys(str(count) for _, count in counts)))
    return Finding(kind, tuple(told), ", ".join(filter(None, parts)))


def differing_intervals(results: Sequence[Result]) -> Finding | None:
    """Compare intervals of one kind and level; open bounds agree with one another."""
    bounded = [x for x in results if x.interval_low and x.interval_high]
    kinds = []
    for a, b in combinations(bounded, 2):
        levels = {x.interval_level for x in (a, b)} - {None}
        if a.interval_kind is not b.interval_kind or len(levels) > 1:
            continue
        for low_or_high in ("interval_low", "interval_high"):
            kinds.append((a, b, _bound(a, b, low_or_high)))
    kind = worst(found for *_, found in kinds)
    if kind is None:
        return None
    if kind is _TYPE.VALUE:
        kind = _TYPE.INTERVAL
    pairs = {x.slug for a, b, found in kinds if found for x in (a, b)}
    taking_part = [x for x in bounded if x.slug in pairs]
    bounds = dict.fromkeys(
        " to ".join(bound.text for bound in (x.interval_low, x.interval_high) if bound)
        for x in taking_part
    )
    return Finding(kind, tuple(taking_part), "intervals " + " / ".join(bounds))


def differing_totals(results: Sequence[Result]) -> Finding | None:
    """Compare the denominators of printings of one frequency."""
    counted = [x for x in results if x.total is not None]
    if len({x.total for x in counted}) < 2:
        return None
    totals = " / ".join(dict.fromkeys(str(x.total) for x in counted))
    return Finding(_TYPE.DENOMINATOR, tuple(counted), f"denominators {totals}")


def differing_p_values(results: Sequence[Result]) -> Finding | None:
    """Compare p values; thresholds that do not exclude each other differ by rounding."""
    tested = [(x, p) for x in results if (p := amount(x.p_value, x)) is not None]
    kinds = [_signed(a, b) for (_, a), (_, b) in combinations(tested, 2)]
    kind = worst(kinds)
    if kind is None:
        return None
    tokens = " / ".join(dict.fromkeys(x.p_value.text for x, _ in tested if x.p_value))
    word = "thresholds that both can hold" if kind is _TYPE.ROUNDING else "p values"
    return Finding(kind, tuple(x for x, _ in tested), f"{word} {tokens}")


def worst(kinds: Iterable[DiscrepancyType | None]) -> DiscrepancyType | None:
    """Return the gravest of some differences: value, unit, interval, rounding, none."""
    order = (_TYPE.VALUE, _TYPE.UNIT, _TYPE.INTERVAL, _TYPE.ROUNDING)
    found = set(kinds)
    return next((kind for kind in order if kind in found), None)


def values(results: Iterable[Result]) -> str:
    """Write the distinct values of printings with their units, in their order."""
    shown = [
        x.value.text + ("%" if x.unit == "%" else f" {x.unit}" if x.unit else "")
        for x in results
        if x.value and x.statistic is not Statistic.COUNT
    ]
    return " / ".join(dict.fromkeys(text.replace("%%", "%") for text in shown))


def same_numbers(a: Result, b: Result) -> bool:
    """Tell whether two results print the same value, and the same interval where both have one."""
    first, second = amount(a.value, a), amount(b.value, b)
    if first is None or second is None or first.sign or second.sign:
        return False
    if (first.raw, first.dimension) != (second.raw, second.dimension):
        return False
    bounds = [(x.interval_low, x.interval_high) for x in (a, b) if x.interval_low]
    return len(bounds) < 2 or _texts(a) == _texts(b)


def same_interval(a: Result, b: Result) -> bool:
    """Tell whether both print an interval, and the same, of two numbers with decimals."""
    if a.interval_kind is not b.interval_kind or not (a.interval_low and a.interval_high):
        return False
    low, high = a.interval_low.number, a.interval_high.number
    if None in (low, high) or low == high or _texts(a) != _texts(b):
        return False
    return a.interval_low.decimals > 0 and a.interval_high.decimals > 0


def is_precise(result: Result) -> bool:
    """Tell whether a value has decimals, so that it is hardly the same by chance."""
    return result.value is not None and result.value.decimals > 0 and bool(result.value.number)


def _texts(result: Result) -> tuple[Decimal | None, ...]:
    return tuple(x.number if x else None for x in (result.interval_low, result.interval_high))


def _pair(a: Amount, b: Amount) -> DiscrepancyType | None:
    if a.sign or b.sign:
        return _signed(a, b)
    if a.dimension != b.dimension and a.dimension and b.dimension:
        # Numbers of two dimensions (mg, mg/m2) cannot be compared; the same number is in one.
        return _TYPE.UNIT if a.raw == b.raw and a.raw else None
    if (a.dimension and not b.dimension) or (b.dimension and not a.dimension):
        a, b = a._replace(number=a.raw), b._replace(number=b.raw)
    gap = abs(a.number - b.number)
    if a.unit == b.unit:
        if gap == 0:
            return None
        return _TYPE.ROUNDING if _rounds(a, b) else _TYPE.VALUE
    if gap <= max(a.step, b.step):
        return None
    return _TYPE.UNIT if a.raw == b.raw else _TYPE.VALUE


def _rounds(a: Amount, b: Amount) -> bool:
    """Tell whether two numbers of one unit are within one unit of the coarser last place.

    Two whole numbers are not: 20 and 21 are two numbers.
    """
    if a.decimals == b.decimals == 0:
        return False
    return abs(a.number - b.number) <= max(a.step, b.step)


def _signed(a: Amount, b: Amount) -> DiscrepancyType | None:
    if (a.sign, a.number) == (b.sign, b.number):
        return None
    if not a.sign and not b.sign:
        return _TYPE.ROUNDING if _rounds(a, b) else _TYPE.VALUE
    low_a, high_a = _range(a)
    low_b, high_b = _range(b)
    if max(low_a, low_b) > min(high_a, high_b):
        return _TYPE.VALUE
    # "more than 50" and "55.7" agree; two different thresholds are two precisions.
    return _TYPE.ROUNDING if a.sign and b.sign else None


def _range(item: Amount) -> tuple[Decimal, Decimal]:
    infinity = Decimal("Infinity")
    if item.sign in {"<", "≤"}:
        return -infinity, item.number
    if item.sign in {">", "≥"}:
        return item.number, infinity
    slack = item.number / 10 if item.sign else item.step
    return item.number - slack, item.number + slack


def _bound(a: Result, b: Result, name: str) -> DiscrepancyType | None:
    first, second = getattr(a, name), getattr(b, name)
    x, y = amount(first, a), amount(second, b)
    if x is not None and y is not None:
        return _pair(x, y)
    return None if x is None and y is None else _TYPE.VALUE
