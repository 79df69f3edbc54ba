"""Deaths are bounded by the survival curve, from above and from below."""

from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evikg.analysis.deaths import least_deaths, most_deaths, suffice_uncensored
from evikg.analysis.rounding import Span

#: The month in which each patient was last seen, and whether dead.
PATIENTS = st.lists(st.tuples(st.integers(0, 20), st.booleans()), min_size=1, max_size=40)


def curve(patients: list[tuple[int, bool]]) -> dict[int, Decimal]:
    """Estimate survival after each month by its definition (Kaplan and Meier 1958)."""
    survival, points = Decimal(1), {}
    for month in range(21):
        at_risk = sum(1 for other, _ in patients if other >= month)
        died = sum(1 for other, dead in patients if dead and other == month)
        if at_risk:
            survival *= 1 - Decimal(died) / at_risk
        points[month] = survival
    return points


def printed(probability: Decimal, decimals: int) -> Span:
    return Span.of(probability.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP), decimals)


@given(PATIENTS)
def test_a_simulated_curve_leaves_room_for_its_deaths(patients: list[tuple[int, bool]]) -> None:
    deaths = sum(dead for _, dead in patients)
    survival = Span.exact(curve(patients)[20])
    assert deaths <= most_deaths(len(patients), survival) + Decimal("1e-9")


@given(PATIENTS, st.sets(st.integers(0, 20), min_size=1, max_size=5), st.integers(1, 4))
def test_a_simulated_curve_takes_no_more_than_its_deaths(
    patients: list[tuple[int, bool]], months: set[int], decimals: int
) -> None:
    points = [printed(curve(patients)[month], decimals) for month in sorted(months)]
    deaths = sum(dead and month <= max(months) for month, dead in patients)
    assert least_deaths(len(patients), points, deaths) <= deaths


def fewest(patients: int, points: list[Span]) -> int | None:
    """Try all numbers at risk that a curve can have, fewest deaths first."""
    for deaths in range(patients + 1):
        for numbers in combinations(range(patients, 0, -1), deaths):
            steps = [Decimal(1)]
            for number in numbers:
                steps.append(steps[-1] * (number - 1) / number)
            place = 0
            for point in points:
                while place < len(steps) and steps[place] > point.high:
                    place += 1
                if place == len(steps) or steps[place] < point.low:
                    break
            else:
                return deaths
    return None


@given(
    st.integers(1, 8),
    st.lists(st.integers(0, 100), min_size=1, max_size=3).map(lambda x: sorted(x, reverse=True)),
)
def test_the_search_finds_what_trying_everything_finds(patients: int, percents: list[int]) -> None:
    points = [Span.of(Decimal(percent) / 100, 2) for percent in percents]
    least = fewest(patients, points)
    assert least_deaths(patients, points, patients) == (patients + 1 if least is None else least)


@given(
    st.integers(1, 30),
    st.lists(st.integers(0, 100), min_size=1, max_size=3).map(lambda x: sorted(x, reverse=True)),
)
def test_deaths_that_suffice_uncensored_are_no_fewer_than_the_least(
    patients: int, percents: list[int]
) -> None:
    points = [Span.of(Decimal(percent) / 100, 2) for percent in percents]
    for deaths in range(patients + 1):
        if suffice_uncensored(patients, points, deaths):
            assert least_deaths(patients, points, deaths) <= deaths


@given(st.lists(st.integers(0, 20), min_size=1, max_size=40), st.integers(1, 4))
def test_a_simulated_curve_without_censoring_has_deaths_that_suffice(
    months: list[int], decimals: int
) -> None:
    points = [printed(p, decimals) for p in curve([(month, True) for month in months]).values()]
    assert suffice_uncensored(len(months), points, len(months))


@pytest.mark.parametrize(
    ("patients", "points", "enough", "least"),
    [
        # ozcan-2025, Table 4: 8/12, then 7/8 of it, then 5/6 of that, in three arms
        (12, ("0.667", "0.583", "0.486"), 5, 6),
        (12, ("0.667", "0.583", "0.486"), 12, 6),
        # By hand: 2/3 of 1, then 1/2 of that
        (10, ("0.333", "0.333"), 6, 2),
        (40, ("1.000",), 0, 0),
        (40, ("0.975",), 0, 1),  # 39/40
    ],
)
def test_deaths_of_printed_curves(
    patients: int, points: tuple[str, ...], enough: int, least: int
) -> None:
    spans = [Span.of(Decimal(point), 3) for point in points]
    assert least_deaths(patients, spans, enough) == least


def test_a_search_that_is_given_up_still_counts_the_steps() -> None:
    points = [Span.of(Decimal(f"0.{step}1"), 2) for step in range(9, 2, -1)]
    assert least_deaths(2000, points, 1000) == 7
