"""The chance of equal counts is that of the Skellam distribution."""

from math import exp

import pytest

from evikg.analysis.coincidence import chance_of_equal_counts


@pytest.mark.parametrize("mean", [5, 10, 40])
def test_the_chance_is_that_of_two_poisson_counts(mean: int) -> None:
    chance, equal = exp(-mean), 0.0
    for count in range(6 * mean):
        equal += chance * chance
        chance *= mean / (count + 1)
    assert chance_of_equal_counts([mean]) == pytest.approx(equal, rel=0.02)


def test_groups_multiply() -> None:
    assert chance_of_equal_counts([]) == 1
    both = chance_of_equal_counts([7]) * chance_of_equal_counts([9])
    assert chance_of_equal_counts([7, 9]) == pytest.approx(both)
