"""Time to onset: days by hand, the Weibull distribution against others."""

from math import exp, log, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evikg.analysis.disproportionality.onset import Hazard, Onset, days_to_onset, onset

np = pytest.importorskip("numpy", reason="install the extra `faers`")
pytest.importorskip("scipy", reason="install the extra `faers`")

#: Lieblein and Zelen 1956, 23 ball bearings, millions of revolutions; Lawless 2003 fits them.
BEARINGS = [
    17.88, 28.92, 33.00, 41.52, 42.12, 45.60, 48.48, 51.84, 51.96, 54.12, 55.56, 67.80,
    68.64, 68.64, 68.88, 84.12, 93.12, 98.64, 105.12, 105.84, 127.92, 128.04, 173.40,
]  # fmt: skip
TIMES = st.lists(st.integers(1, 400), min_size=5, max_size=60).filter(lambda x: len(set(x)) > 2)


def test_the_bearings_of_lawless() -> None:
    """Lawless 2003, chapter 5: shape 2.102, scale 81.88."""
    found = onset(BEARINGS)
    assert (found.cases, round(found.shape, 3), round(found.scale, 2)) == (23, 2.102, 81.88)
    assert found.hazard is Hazard.WEAR_OUT


def test_intervals_by_the_curvature_of_scipys_likelihood() -> None:
    """The information is the Hessian of scipy's density at the maximum, by finite differences."""
    from scipy.stats import weibull_min

    found, h = onset(BEARINGS), 1e-4

    def likelihood(shape: float, scale: float) -> float:
        density = weibull_min.logpdf(
            BEARINGS, found.shape * exp(shape), scale=found.scale * exp(scale)
        )
        return float(density.sum())

    top = likelihood(0, 0)
    shapes = -(likelihood(h, 0) - 2 * top + likelihood(-h, 0)) / h**2
    scales = -(likelihood(0, h) - 2 * top + likelihood(0, -h)) / h**2
    mixed = likelihood(h, h) - likelihood(h, -h) - likelihood(-h, h) + likelihood(-h, -h)
    both = -mixed / (4 * h**2)
    error = sqrt(scales / (shapes * scales - both**2))
    assert log(found.shape_high / found.shape) / 1.96 == pytest.approx(error, rel=1e-4)
    error = sqrt(shapes / (shapes * scales - both**2))
    assert log(found.scale / found.scale_low) / 1.96 == pytest.approx(error, rel=1e-4)


def test_quartiles_by_hand() -> None:
    """Of 0, 2, 4, 10: R's default (type 7) gives 1.5, 3 and 5.5."""
    found = onset([10, 0, 4, 2])
    assert (found.lower_quartile, found.median, found.upper_quartile) == (1.5, 3, 5.5)


def test_the_day_of_the_start_is_half_a_day() -> None:
    """It enters the distribution, not the quartiles."""
    assert onset([0, 3, 9]).shape == onset([0.5, 3, 9]).shape
    assert onset([0, 3, 9]).lower_quartile == 1.5


@pytest.mark.parametrize(
    ("low", "high", "hazard"),
    [
        (0.5, 0.99, Hazard.EARLY),
        (0.5, 1.0, Hazard.RANDOM),
        (1.0, 1.5, Hazard.RANDOM),
        (1.01, 1.5, Hazard.WEAR_OUT),
    ],
)
def test_the_interval_of_the_shape_tells_the_hazard(
    low: float, high: float, hazard: Hazard
) -> None:
    assert Onset(9, 1, 2, 3, 2, 1, 4, 0.9, low, high).hazard is hazard


@pytest.mark.parametrize(
    ("days", "message"),
    [([3, -1], "0 days or more"), ([5, 5], "two different"), ([], "two different")],
)
def test_times_that_fit_no_distribution(days: list[float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        onset(days)


@settings(max_examples=40, deadline=None)
@given(days=TIMES, factor=st.floats(0.1, 50))
def test_another_unit_of_time_scales_the_scale(days: list[int], factor: float) -> None:
    one, other = onset(days), onset([day * factor for day in days])
    assert other.shape == pytest.approx(one.shape, rel=1e-6)
    assert other.scale == pytest.approx(one.scale * factor, rel=1e-6)
    assert one.shape_low < one.shape < one.shape_high
    assert one.scale_low < one.scale < one.scale_high


@settings(max_examples=40, deadline=None)
@given(days=TIMES)
def test_the_fit_is_a_maximum(days: list[int]) -> None:
    from scipy.stats import weibull_min

    found = onset(days)
    best = weibull_min.logpdf(days, found.shape, scale=found.scale).sum()
    for shape, scale in ((1.01, 1), (0.99, 1), (1, 1.01), (1, 0.99)):
        other = weibull_min.logpdf(days, found.shape * shape, scale=found.scale * scale).sum()
        assert other < best


def test_days_from_the_first_start_of_the_drug() -> None:
    """Case 1: starts on 28 February and 3 March 2020 (a leap year), event on 1 March: 2 days.

    Case 2: the drug that is asked for starts after the event. Case 3: a month is no date. Case 4:
    only another drug has a start. Case 5: on the day of the start.
    """
    ibis = pytest.importorskip("ibis", reason="install the extra `faers`")
    cases = ibis.memtable(
        {
            "primaryid": [1, 2, 3, 4, 5],
            "event_dt": ["20200301", "20200301", "202003", "20200301", "20191231"],
        }
    )
    drugs = ibis.memtable(
        {
            "primaryid": [1, 1, 1, 2, 3, 4, 4, 5],
            "drug_seq": [1, 2, 3, 1, 1, 1, 2, 1],
            "drug": [7, 7, 8, 7, 7, 7, 8, 7],
        }
    )
    therapies = ibis.memtable(
        {
            "primaryid": [1, 1, 1, 2, 3, 4, 5, 5],
            "drug_seq": [1, 2, 3, 1, 1, 2, 1, 1],
            "start_dt": [
                "20200303", "20200228", "20200101", "20200302", "20200101", "20200101", "20191231",
                "2019",
            ],
        }
    )  # fmt: skip
    found = days_to_onset(cases, drugs, therapies, [7]).to_pyarrow().to_pylist()
    assert sorted((row["primaryid"], row["days"]) for row in found) == [(1, 2), (5, 0)]
