"""Measures of disproportionate reporting of one two-by-two table, to recompute printed ones.

|             | event | other events |
|-------------|-------|--------------|
| the drug    | a     | b            |
| others      | c     | d            |
"""

from dataclasses import dataclass
from math import exp, log, log2, sqrt

#: Quantile of the normal distribution in printed intervals of 95 %.
_NORMAL_95 = 1.96


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio with its interval of 95 %."""

    value: float
    low: float
    high: float


def reporting_odds_ratio(a: int, b: int, c: int, d: int) -> Ratio | None:
    """Return ad / bc with Woolf's interval; None if a cell is 0.

    Its logarithm has the variance 1/a + 1/b + 1/c + 1/d (Woolf 1955,
    doi:10.1111/j.1469-1809.1955.tb01348.x).
    """
    if min(a, b, c, d) <= 0:
        return None
    return _ratio((a / b) * (d / c), 1 / a + 1 / b + 1 / c + 1 / d)


def proportional_reporting_ratio(a: int, b: int, c: int, d: int) -> Ratio | None:
    """Return [a / (a + b)] / [c / (c + d)]; None if a or c is 0, or b and d are.

    Its logarithm has the variance 1/a - 1/(a + b) + 1/c - 1/(c + d) (Evans, Waller and Davis 2001,
    doi:10.1002/pds.677).
    """
    if min(a, c) <= 0 or max(b, d) <= 0:
        return None
    variance = b / (a * (a + b)) + d / (c * (c + d))
    return _ratio((a / (a + b)) / (c / (c + d)), variance)


def information_component(a: int, b: int, c: int, d: int) -> float | None:
    """Return log2((a + 1/2) / (E + 1/2)), where E = (a + b)(a + c) / N; None if N is 0.

    Norén, Hopstadius and Bate 2013, doi:10.1177/0962280211403604, section 2.1.
    """
    total = a + b + c + d
    if total <= 0:
        return None
    return log2((a + 0.5) / ((a + b) * (a + c) / total + 0.5))


def _ratio(value: float, variance: float) -> Ratio:
    half = _NORMAL_95 * sqrt(variance)
    return Ratio(value, exp(log(value) - half), exp(log(value) + half))
