"""How likely it is that two series of numbers are the same by chance."""

from collections.abc import Iterable
from math import pi, prod, sqrt


def chance_of_equal_counts(counts: Iterable[int]) -> float:
    """Return the chance that a second, independent series has the same counts.

    Two independent Poisson counts of mean n are equal with a probability near 1 / (2 sqrt(pi n)):
    their difference is close to normal with the variance 2 n (Skellam 1946, J R Stat Soc 109:296).

    :param counts: of groups that do not overlap, each at least 1

    >>> round(chance_of_equal_counts([12, 8]), 4)
    0.0081
    """
    return prod(1 / (2 * sqrt(pi * count)) for count in counts)
