"""Quantiles from counts hold every definition of a quantile."""

from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evikg.analysis.quantiles import extremes, quantile

#: The nine definitions of Hyndman and Fan 1996, as numpy names them.
METHODS = (
    "inverted_cdf", "averaged_inverted_cdf", "closest_observation", "interpolated_inverted_cdf",
    "hazen", "weibull", "linear", "median_unbiased", "normal_unbiased",
)  # fmt: skip


@given(
    st.lists(st.integers(0, 5), min_size=1, max_size=40),
    st.sampled_from([Fraction(1, 4), Fraction(1, 2), Fraction(3, 4)]),
    st.sampled_from(METHODS),
)
def test_every_definition_lies_within(values: list[int], share: Fraction, method: str) -> None:
    by_numpy = float(np.quantile(values, float(share), method=method))  # type: ignore[call-overload]
    found = quantile(Counter(values), share)
    assert float(found.low) <= by_numpy <= float(found.high)
    assert extremes(Counter(values)) == (min(values), max(values))


@pytest.mark.parametrize(
    ("counts", "share", "low", "high"),
    [
        # papayannidis-2025, lines 137 to 139: of 70 the 53rd and those beside it have 1
        ({0: 31, 1: 30, 2: 9}, Fraction(3, 4), 1, 1),
        ({0: 31, 1: 30, 2: 9}, Fraction(1, 2), 1, 1),
        # By hand: the middle of 1, 1, 2, 2 is between 1 and 2
        ({1: 2, 2: 2}, Fraction(1, 2), 1, 2),
    ],
)
def test_quantiles(counts: dict[int, int], share: Fraction, low: int, high: int) -> None:
    found = quantile(counts, share)
    assert (found.low, found.high) == (low, high)


def test_nobody_has_no_quantile() -> None:
    with pytest.raises(ValueError, match="a case"):
        quantile({0: 0}, Fraction(1, 2))
    with pytest.raises(ValueError, match="a case"):
        extremes({0: 0})
