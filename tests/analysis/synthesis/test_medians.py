"""Medians are listed with their range, and pooled only where each has its patients."""

from math import nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evikg.analysis.synthesis.effects import SynthesisError
from evikg.analysis.synthesis.medians import (
    Median,
    attainable,
    describe_medians,
    median_of_medians,
)

medians = st.lists(
    st.builds(Median, st.text(max_size=3), st.floats(0, 100), st.integers(1, 1000)),
    min_size=2,
    max_size=8,
)


def test_medians_side_by_side() -> None:
    listed = [Median("b", 7.7, 164), Median("a", None, 20), Median("c", 4.3, 53)]
    found = describe_medians(listed)
    assert [median.label for median in found.medians] == ["c", "b", "a"]
    assert (found.reached, found.smallest, found.largest, found.patients) == (2, 4.3, 7.7, 237)


def test_medians_that_none_reached() -> None:
    found = describe_medians([Median("a", None)])
    assert (found.reached, found.smallest, found.largest, found.patients) == (0, None, None, None)
    with pytest.raises(SynthesisError, match="no median"):
        describe_medians([])


def test_the_weighted_median_by_hand() -> None:
    # 10, 20 and 10 patients: half of the 40 lies within the second study
    found = median_of_medians([Median("a", 3, 10), Median("b", 5, 20), Median("c", 9, 10)])
    assert (found.value, found.low, found.high) == (5, 3, 9)
    # half of 40 is reached exactly at the end of the second: midway to the third
    found = median_of_medians([Median("a", 3, 10), Median("b", 5, 10), Median("c", 9, 20)])
    assert found.value == 7


def test_the_interval_turns_the_sign_test_round() -> None:
    # Nine equal studies by hand: 1.96 / (2 * 3) = 0.327, so the quantiles at 0.173 and 0.827, the
    # second and the eighth of nine; the medians are the example of McGrath's package metamedian
    values = (5.23, 3.10, 0.50, 0.78, 3.48, 0.59, 2.20, 5.06, 4.00)
    found = median_of_medians([Median(str(value), value, 50) for value in values])
    assert (found.value, found.low, found.high) == (3.10, 0.59, 5.06)


@pytest.mark.parametrize(
    ("medians", "level"), [(2, 0.5), (3, 0.75), (4, 0.875), (5, 0.938), (6, 0.95)]
)
def test_few_medians_attain_no_level_of_95(medians: int, level: float) -> None:
    # Printed tables of the intervals of a median by order statistics: from the smallest to the
    # largest of 2, 3, 4 and 5 they have 50.0, 75.0, 87.5 and 93.8 %; of 6 it is 96.9 %.
    assert attainable(medians, 0.95) == pytest.approx(level, abs=6e-4)


@given(medians)
def test_the_weighted_median_lies_among_the_medians(studies: list[Median]) -> None:
    found = median_of_medians(studies)
    values = [study.value for study in studies if study.value is not None]
    assert min(values) <= found.low <= found.value <= found.high <= max(values)
    assert median_of_medians(studies[::-1]) == found


@pytest.mark.parametrize(
    ("studies", "reason"),
    [
        ([Median("a", 3, 10)], "at least two studies"),
        ([Median("a", 3, 10), Median("b", None, 10)], "b: its median was not reached"),
        ([Median("a", 3, 10), Median("b", 4)], "b: the number of patients is missing"),
    ],
)
def test_medians_that_are_not_pooled(studies: list[Median], reason: str) -> None:
    with pytest.raises(SynthesisError, match=reason):
        median_of_medians(studies)


def test_what_is_no_median() -> None:
    with pytest.raises(SynthesisError, match="x: the median is not finite"):
        Median("x", nan)
    with pytest.raises(SynthesisError, match="x: the median is not a number: 'NR'"):
        Median("x", "NR")  # type: ignore[arg-type]
    with pytest.raises(SynthesisError, match="x: the total must be positive"):
        Median("x", 3.0, 0)
