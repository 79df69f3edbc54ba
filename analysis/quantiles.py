"""Quantiles of what takes a few ordered values, from the number of cases with each value."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from .rounding import Span


def quantile(counts: Mapping[int, int], share: Fraction) -> Span:
    """Return what a quantile can be, whatever its definition, from the cases with each value.

    The nine definitions in use (Hyndman and Fan 1996, doi:10.1080/00031305.1996.10473566), and the
    hinges of Tukey, take or interpolate ordered values between the places N p - 1/2 and N p + 1.

    :param counts: cases by value; at least one case
    :param share: 1/2 for the median, 1/4 and 3/4 for the quartiles
    :raises ValueError: if there is no case

    >>> quantile({0: 31, 1: 30, 2: 9}, Fraction(3, 4))
    Span(low=Decimal('1'), high=Decimal('1'))
    """
    cases = sum(counts.values())
    if cases <= 0:
        raise ValueError("a quantile needs a case")
    place = cases * share
    low, high = floor(place - Fraction(1, 2)), ceil(place + 1)
    return Span(*(Decimal(_value_at(counts, min(max(at, 1), cases))) for at in (low, high)))


def extremes(counts: Mapping[int, int]) -> tuple[int, int]:
    """Return the smallest and the largest value that a case has.

    :raises ValueError: if there is no case

    >>> extremes({0: 31, 1: 30, 2: 9, 3: 0})
    (0, 2)
    """
    values = [value for value, count in counts.items() if count]
    if not values:
        raise ValueError("a range needs a case")
    return min(values), max(values)


def _value_at(counts: Mapping[int, int], place: int) -> int:
    """Return the value at a place, from 1, of the cases in the order of their values."""
    reached = 0
    for value in sorted(counts):
        reached += counts[value]
        if reached >= place:
            return value
    raise AssertionError(place)
