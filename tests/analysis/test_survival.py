"""Survival against worked examples that are printed elsewhere.

Freireich 1963 (6-MP against placebo, remission in weeks; the `gehan` data of R's MASS): R's
`survfit`, `survdiff` and `coxph` (Efron), Stata's `sts list` (Rodríguez, Princeton POP 509).
Acute myelogenous leukaemia (`aml` of R's survival, Miller 1981): `print(survfit, rmean = 161)`.
"""

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evikg.analysis.observations import Observations, ObservationsError, read_observations
from evikg.analysis.survival import (
    Median,
    SurvivalError,
    hazard_ratio,
    kaplan_meier,
    log_rank,
    restricted_mean,
)

pytest.importorskip("lifelines", reason="install the extra `survival`")


def group(text: str) -> Observations:
    """Return patients from times; + marks one that is censored."""
    tokens = text.split()
    times = tuple(float(token.rstrip("+")) for token in tokens)
    return Observations(times, tuple(not token.endswith("+") for token in tokens))


PLACEBO = group("1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23")
MP = group("6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+")
MAINTAINED = group("9 13 13+ 18 23 28+ 31 34 45+ 48 161+")
NOT_MAINTAINED = group("5 5 8 8 12 16+ 23 27 30 33 43 45")


@pytest.mark.parametrize(
    ("patients", "median"), [(PLACEBO, 8), (MP, 23), (MAINTAINED, 31), (NOT_MAINTAINED, 23)]
)
def test_medians(patients: Observations, median: float) -> None:
    assert kaplan_meier(patients).median.value == median


@pytest.mark.parametrize(
    ("time", "survival", "low", "high", "at_risk"),
    # sts list, the treated group: survivor function, 95 % interval, beginning total.
    [
        (6, 0.8571, 0.6197, 0.9516, 21),
        (7, 0.8067, 0.5631, 0.9228, 17),
        (10, 0.7529, 0.5032, 0.8894, 15),
        (13, 0.6902, 0.4316, 0.8491, 12),
        (16, 0.6275, 0.3675, 0.8049, 11),
        (22, 0.5378, 0.2678, 0.7468, 7),
        (23, 0.4482, 0.1881, 0.6801, 6),
    ],
)
def test_landmarks_and_numbers_at_risk(
    time: float, survival: float, low: float, high: float, at_risk: int
) -> None:
    estimate = kaplan_meier(MP)
    found = estimate.at(time)
    assert (found.value, found.low, found.high) == pytest.approx((survival, low, high), abs=5e-5)
    assert estimate.at_risk([time]) == (at_risk,)
    assert estimate.at(time + 0.5).value == found.value


def test_bounds_of_a_median_are_where_the_bands_cross_one_half() -> None:
    # From the table above: the lower band is first at one half or less at 13, the upper one never.
    assert kaplan_meier(MP).median == Median(23, 13, None)


def test_log_rank() -> None:
    found = log_rank([PLACEBO, MP])  # survdiff: Chisq = 16.8 on 1 df, p = 4e-05
    assert (found.statistic, found.df) == (pytest.approx(16.79, abs=0.005), 1)
    assert found.p == pytest.approx(4.17e-5, rel=0.005)


def test_hazard_ratio() -> None:
    found = hazard_ratio(PLACEBO, MP)  # coxph: 4.817, 95 % CI 2.147 to 10.81
    assert (found.value, found.low, found.high) == pytest.approx((4.817, 2.147, 10.81), abs=0.005)
    inverse = hazard_ratio(MP, PLACEBO, level=0.975)
    assert inverse.value == pytest.approx(1 / found.value, rel=1e-6)
    assert inverse.low < 1 / found.high < 1 / found.low < inverse.high


@pytest.mark.parametrize(
    ("patients", "mean", "error"), [(MAINTAINED, 52.6, 19.83), (NOT_MAINTAINED, 22.7, 4.18)]
)
def test_restricted_mean(patients: Observations, mean: float, error: float) -> None:
    found = restricted_mean(kaplan_meier(patients), 161)
    assert found.value == pytest.approx(mean, abs=0.05)
    assert found.standard_error == pytest.approx(error, abs=0.005)


def test_nobody_is_left_or_nobody_had_the_event() -> None:
    extinct = kaplan_meier(PLACEBO)
    assert (extinct.at(23).value, extinct.at(400).value) == (0, 0)
    unharmed = kaplan_meier(group("3+ 5+"))
    assert unharmed.median == Median(None, None, None)
    assert (unharmed.at(5).value, unharmed.steps, unharmed.censored) == (1, (), (3, 5))
    assert restricted_mean(unharmed, 4).value == 4


def test_what_lies_beyond_the_follow_up_is_no_number() -> None:
    with pytest.raises(SurvivalError, match="the longest follow-up is 35"):
        kaplan_meier(MP).at(36)
    with pytest.raises(SurvivalError, match="a time is not negative"):
        kaplan_meier(MP).at(-1)


def test_what_cannot_be_compared_is_refused() -> None:
    with pytest.raises(SurvivalError, match="two groups, not 1"):
        log_rank([MP])
    with pytest.raises(SurvivalError, match="nobody had one"):
        log_rank([group("3+ 5+"), group("4+")])
    with pytest.raises(SurvivalError, match="an event in each group"):
        hazard_ratio(MP, group("3+ 5+"))
    with pytest.raises(SurvivalError, match=r"no finite ratio|any finite ratio"):
        hazard_ratio(group("1 2 3"), group("10 11 12"))
    with pytest.raises(ValueError, match="between 0 and 1, not 95"):
        kaplan_meier(MP, level=95)


def test_every_fault_of_a_table_is_told_at_once() -> None:
    rows = [
        {"group": "a", "time": "1", "event": "1"},
        {"group": "", "time": "1", "event": None},
        {"group": "a", "time": "-2", "event": "1"},
        {"group": "a", "time": "nan", "event": "yes"},
    ]
    with pytest.raises(ObservationsError) as caught:
        read_observations(rows)
    assert caught.value.faults == (
        "row 2: group, event is empty",
        "row 3: time '-2' is no number from 0 on",
        "row 4: time 'nan' is no number from 0 on",
        "row 4: event 'yes' is neither 0 (censored) nor 1",
    )
    with pytest.raises(ObservationsError, match=r"^there is no column time, event$"):
        read_observations([{"group": "a", "months": "1"}] * 2)
    with pytest.raises(ObservationsError, match="no patient"):
        read_observations([])
    with pytest.raises(ObservationsError, match="patient 1: -1 is no time"):
        Observations((-1,), (True,))
    with pytest.raises(ObservationsError, match="2 times, but 1 events"):
        Observations((1, 2), (True,))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 40), st.booleans()), min_size=1, max_size=40))
def test_a_curve_never_rises_and_stays_within_its_bands(patients: list[tuple[int, bool]]) -> None:
    times, events = zip(*patients, strict=True)
    estimate = kaplan_meier(Observations(tuple(map(float, times)), tuple(events)))
    values = [1.0, *(step.value for step in estimate.steps)]
    assert values == sorted(values, reverse=True)
    for step in estimate.steps:
        assert 0 <= step.low <= step.value <= step.high <= 1
    if all(events):  # without censoring: the share of patients with a later event
        for step in estimate.steps:
            later = sum(time > step.time for time in times)
            assert step.value == pytest.approx(later / len(times))


def test_the_digitised_curve_of_ino_vate_agrees_with_what_is_printed_of_it() -> None:
    # Yoon 2026, line 43: medians 7.7 [6.0, 9.2] and 6.7 [4.9, 8.3] months, two-year survival
    # 23 % [16, 30] and 10 % [5, 16], hazard ratio 0.77 [97.5 % CI 0.58, 1.03]; 164 patients on
    # inotuzumab ozogamicin (line 358). A digitised curve lies inside the printed intervals.
    folder = Path(__file__).parents[2] / "evidence" / "ino-vate-digitised"
    with (folder / "survival.csv").open(encoding="utf-8", newline="") as file:
        groups = read_observations(csv.DictReader(file))
    ino, soc = groups["ino-vate-ino-randomized"], groups["ino-vate-soc-randomized"]
    assert (len(ino.times), len(soc.times)) == (164, 162)
    first, second = kaplan_meier(ino), kaplan_meier(soc)
    assert first.median.value == pytest.approx(7.7, abs=0.2)
    assert second.median.value is not None
    assert 4.9 <= second.median.value <= 8.3
    assert 0.16 <= first.at(24).value <= 0.30
    assert 0.05 <= second.at(24).value <= 0.16
    assert hazard_ratio(ino, soc).value == pytest.approx(0.77, abs=0.03)
