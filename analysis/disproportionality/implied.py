"""What a printed reporting odds ratio with its interval implies about the counts behind it.

The width of the interval gives 1/a + 1/b + 1/c + 1/d. With a printed and a + b supposed, the ratio
and the width give c and d. All arithmetic carries the rounding of the printed numbers: every result
is a range.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import inf, log

#: Quantile of the normal distribution in the printed formula.
NORMAL_95 = 1.96


@dataclass(frozen=True, slots=True)
class Range:
    """The values between two bounds, both included; empty if `low` is above `high`."""

    low: float
    high: float

    @property
    def empty(self) -> bool:
        """Return whether no value lies within."""
        return self.low > self.high

    def meets(self, other: Range) -> Range:
        """Return the values in both."""
        return Range(max(self.low, other.low), min(self.high, other.high))


@dataclass(frozen=True, slots=True)
class PrintedRatio:
    """A reporting odds ratio as printed: the count a, the ratio, and its 95 % interval."""

    a: int
    ratio: Decimal
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class ImpliedCounts:
    """What a supposed a + b makes of c, a + c and N; empty ranges if nothing fits."""

    b: int
    c: Range
    event: Range
    """a + c, all reports of the event"""
    total: Range
    """a + b + c + d, all reports"""

    @property
    def possible(self) -> bool:
        """Return whether some counts give the printed numbers."""
        return not self.c.empty


def implied_variance(printed: PrintedRatio) -> Range:
    """Return the variance of ln ROR that the interval implies.

    Each of the three widths (bound to bound, and from the ratio to either) tells it within the
    rounding of the printed numbers; the range is what all three allow.

    :raises ValueError: if the numbers are not positive, or not in the order low, ratio, high
    """
    if not 0 < printed.low <= printed.ratio <= printed.high:
        raise ValueError(f"not an interval around a ratio: {printed}")
    ratio, low, high = (_logs(value) for value in (printed.ratio, printed.low, printed.high))
    deviation = Range(0.0, inf)
    for lesser, greater, widths in ((low, high, 2), (low, ratio, 1), (ratio, high, 1)):
        scale = widths * NORMAL_95
        width = Range((greater.low - lesser.high) / scale, (greater.high - lesser.low) / scale)
        deviation = deviation.meets(width)
    return Range(deviation.low**2, deviation.high**2)


def implied_margin(printed: PrintedRatio) -> Range:
    """Return 1/b + 1/c + 1/d: what the interval leaves beside 1/a.

    A range that ends below 0 means that a is not the count behind the interval.
    """
    variance = implied_variance(printed)
    return Range(variance.low - 1 / printed.a, variance.high - 1 / printed.a)


def implied_counts(printed: PrintedRatio, drug_total: int) -> ImpliedCounts:
    """Return c, a + c and N if the drug has `drug_total` reports (a + b).

    b = drug_total − a. From d = ROR·b·c/a and the margin m follows
    c = (1 + a/(ROR·b)) / (m − 1/b). If m cannot exceed 1/b, no c fits: the supposition is wrong.
    If m may be as small as 1/b, c has no upper bound.

    :raises ValueError: if `drug_total` is not above a
    """
    b = drug_total - printed.a
    if b <= 0:
        raise ValueError(f"a drug with {printed.a} reports of an event has more than {drug_total}")
    margin = implied_margin(printed)
    low, high = margin.low - 1 / b, margin.high - 1 / b
    if margin.empty or high <= 0:
        nothing = Range(inf, -inf)
        return ImpliedCounts(b, nothing, nothing, nothing)
    half = _half_unit(printed.ratio)
    least, greatest = float(printed.ratio) - half, float(printed.ratio) + half
    c = Range(
        (1 + printed.a / (greatest * b)) / high,
        (1 + printed.a / (least * b)) / low if low > 0 else inf,
    )
    total = Range(
        drug_total + c.low * (1 + least * b / printed.a),
        drug_total + c.high * (1 + greatest * b / printed.a),
    )
    return ImpliedCounts(b, c, Range(printed.a + c.low, printed.a + c.high), total)


def implied_event(printed: PrintedRatio, drug_total: int, total: Range) -> Range:
    """Return a + c, all reports of the event, if a + b and a range of N are known.

    From ROR = ad/(bc) with d = N − (a + b) − c follows c = a (N − a − b) / (ROR·b + a): the printed
    ratio tells it far more closely than the width of the interval does.
    """
    half, b = _half_unit(printed.ratio), drug_total - printed.a
    low, high = (
        printed.a * (1 + (size - drug_total) / (ratio * b + printed.a))
        for size, ratio in (
            (total.low, float(printed.ratio) + half),
            (total.high, float(printed.ratio) - half),
        )
    )
    return Range(low, high)


def _half_unit(value: Decimal) -> float:
    return float(Decimal(5).scaleb(int(value.as_tuple().exponent) - 1))


def _logs(value: Decimal) -> Range:
    half = _half_unit(value)
    return Range(log(float(value) - half), log(float(value) + half))
