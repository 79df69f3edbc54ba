"""Intervals of ratios and differences against their estimates, p values and counts.

A Wald interval is symmetric about its estimate, that of a ratio (hazard, odds, reporting odds) about
the logarithm of it; its half width is the standard error times the normal quantile of its level
(Altman and Bland 2011, doi:10.1136/bmj.d2304, who derive a p value from an interval in this way).
The value of no effect is 1 for a ratio and 0 for a difference.
"""

from dataclasses import dataclass
from decimal import Decimal
from math import exp, log, sqrt
from statistics import NormalDist

from .rounding import Span


@dataclass(frozen=True, slots=True)
class Estimate:
    """A ratio or difference with its interval: what each printed number may stand for."""

    value: Span
    low: Span
    high: Span
    level: float = 0.95  # of the interval, between 0 and 1
    is_ratio: bool = True

    @property
    def usable(self) -> bool:
        """Tell whether the bounds are in order and all numbers of a ratio have logarithms."""
        positive = min(self.value.low, self.low.low, self.high.low) > 0
        return (positive or not self.is_ratio) and self.low.high < self.high.low

    @property
    def centre(self) -> Decimal:
        """Return the mean of the bounds, geometric for a ratio: the value of a Wald interval."""
        mean = (self.scaled(_middle(self.low)) + self.scaled(_middle(self.high))) / 2
        return Decimal(exp(mean) if self.is_ratio else mean)

    def scaled(self, number: Decimal) -> float:
        """Return a number on the scale on which the interval is symmetric, no effect at 0."""
        return log(number) if self.is_ratio else float(number)

    @property
    def standard_errors(self) -> tuple[float, float]:
        """Return the smallest and the largest standard error, on that scale, that fit."""
        width = 2 * NormalDist().inv_cdf((1 + self.level) / 2)
        narrow = self.scaled(self.high.low) - self.scaled(self.low.high)
        wide = self.scaled(self.high.high) - self.scaled(self.low.low)
        return narrow / width, wide / width


def asymmetry(estimate: Estimate) -> float:
    """Return how far the value is off the centre, beyond rounding, as a share of the half width.

    :returns: 0 where rounding explains the difference
    :raises ValueError: if the numbers are no interval of a ratio or difference
    """
    _require(estimate)
    low, high, scaled = estimate.low, estimate.high, estimate.scaled
    lowest = (scaled(low.low) + scaled(high.low)) / 2
    highest = (scaled(low.high) + scaled(high.high)) / 2
    value = estimate.value
    beyond = max(lowest - scaled(value.high), scaled(value.low) - highest, 0.0)
    return beyond / ((scaled(_middle(high)) - scaled(_middle(low))) / 2)


def p_value(estimate: Estimate) -> float:
    """Return the two-sided p value that the interval implies.

    :raises ValueError: if the numbers are no interval of a ratio or difference
    """
    _require(estimate)
    error = sum(estimate.standard_errors) / 2
    z = abs(estimate.scaled(_middle(estimate.value))) / error
    return 2 * NormalDist().cdf(-z)


def excludes_no_effect(estimate: Estimate) -> bool | None:
    """Tell whether the interval leaves no effect out; None where rounding leaves that open."""
    none = 1 if estimate.is_ratio else 0
    if estimate.low.low > none or estimate.high.high < none:
        return True
    if estimate.low.high < none < estimate.high.low:
        return False
    return None


def least_standard_error(*counts: int) -> float:
    """Return the standard error of a log odds ratio from some or all of its four counts.

    The sum of the reciprocals (Woolf 1955; van Puijenbroek et al. 2002 for
    reporting odds ratios): with counts left out it is a lower bound.

    >>> round(least_standard_error(97), 4)
    0.1015
    """
    return sqrt(sum(1 / count for count in counts))


def odds_ratio(a: int, b: int, c: int, d: int) -> Decimal:
    """Return (a / b) / (c / d), all four counts more than 0."""
    return Decimal(a * d) / Decimal(b * c)


def _middle(span: Span) -> Decimal:
    return (span.low + span.high) / 2


def _require(estimate: Estimate) -> None:
    if not estimate.usable:
        raise ValueError("an interval needs its bounds in order, of a ratio positive ones")
