"""Proportions and ratios on the scales of the analysis, and back."""

from math import asin, inf, log, nextafter, pi, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evikg.analysis.synthesis.effects import (
    Difference,
    Effect,
    Proportion,
    Ratio,
    Study,
    Survival,
    SynthesisError,
)
from evikg.analysis.synthesis.scales import (
    Scale,
    back_transform,
    exact_interval,
    to_effect,
    typical_size,
)

proportions = st.integers(1, 5000).flatmap(
    lambda total: st.builds(Proportion, st.just("x"), st.integers(0, total), st.just(total))
)


def test_the_freeman_tukey_transform_of_miller(miller: list[Proportion]) -> None:
    # Miller 1978, page 138, who takes the sum of the two arcsines and not its half
    effects = [to_effect(study, Scale.FREEMAN_TUKEY) for study in miller]
    assert [2 * effect.estimate for effect in effects] == pytest.approx(
        [1.1391, 1.2888, 1.5253, 0.9515], abs=6e-5
    )
    assert [4 * effect.variance for effect in effects] == pytest.approx(
        [0.0870, 0.0571, 0.0465, 0.1538], abs=6e-5
    )


def test_the_inverse_of_miller() -> None:
    # Miller 1978, page 138: means of his sums, 1.2262 unweighted and 1.3093 weighted, inverted
    # with the harmonic mean of 11, 17, 21 and 6 to 0.3164 and 0.3595
    size = 4 / (1 / 11 + 1 / 17 + 1 / 21 + 1 / 6)
    assert back_transform(1.2262 / 2, Scale.FREEMAN_TUKEY, size) == pytest.approx(0.3164, abs=6e-5)
    assert back_transform(1.3093 / 2, Scale.FREEMAN_TUKEY, size) == pytest.approx(0.3595, abs=6e-5)


def test_the_typical_size_is_the_harmonic_mean(miller: list[Proportion]) -> None:
    assert typical_size(miller) == pytest.approx(4 / (1 / 11 + 1 / 17 + 1 / 21 + 1 / 6))
    assert typical_size([Ratio("a", 1, 0.5, 2)]) == 0


@given(proportions)
def test_freeman_tukey_there_and_back(study: Proportion) -> None:
    there = to_effect(study, Scale.FREEMAN_TUKEY)
    back = back_transform(there.estimate, Scale.FREEMAN_TUKEY, study.total)
    assert back == pytest.approx(study.value, abs=1e-7)


@given(st.floats(-1, 3), st.floats(1, 1e6), st.floats(0, 0.5))
def test_the_inverse_of_freeman_tukey_rises_from_0_to_1(
    value: float, size: float, further: float
) -> None:
    low = back_transform(value, Scale.FREEMAN_TUKEY, size)
    high = back_transform(value + further, Scale.FREEMAN_TUKEY, size)
    assert 0 <= low <= high + 1e-9 <= 1 + 1e-9


def test_bounds_beyond_the_transforms_of_none_and_all() -> None:
    # of 0 and of 10 patients of 10, by hand: half the arcsine of sqrt(1/11), and pi/2 less that
    edge = asin(sqrt(1 / 11)) / 2
    for value, expected in ((edge, 0), (edge - 0.1, 0), (pi / 2 - edge + 1e-12, 1), (1.6, 1)):
        assert back_transform(value, Scale.FREEMAN_TUKEY, 10) == expected
    assert 0 <= back_transform(nextafter(edge, inf), Scale.FREEMAN_TUKEY, 10) < 1e-6


@pytest.mark.parametrize(
    ("events", "total", "estimate", "variance"),
    [
        (4, 10, log(4 / 6), 1 / 4 + 1 / 6),
        (0, 10, log(0.5 / 10.5), 1 / 0.5 + 1 / 10.5),
        (10, 10, log(10.5 / 0.5), 1 / 0.5 + 1 / 10.5),
    ],
)
def test_the_logit_is_corrected_only_without_events_or_without_others(
    events: int, total: int, estimate: float, variance: float
) -> None:
    # metafor's escalc(measure="PLO", add=1/2, to="only0"), computed by hand
    effect = to_effect(Proportion("x", events, total), Scale.LOGIT)
    assert effect.estimate == pytest.approx(estimate)
    assert effect.variance == pytest.approx(variance)


@given(st.floats(-800, 800))
def test_the_inverse_logit_never_overflows(value: float) -> None:
    share = back_transform(value, Scale.LOGIT)
    assert 0 <= share <= 1
    if abs(value) < 15:
        assert log(share / (1 - share)) == pytest.approx(value, abs=1e-6)


def test_the_variance_of_a_ratio_is_that_of_its_interval() -> None:
    # Cochrane Handbook 6.3.1: the width over 3.92 at 95 %, over 3.29 at 90 %, of the logarithms
    at_95 = to_effect(Ratio("x", 0.77, 0.58, 1.03), Scale.LOG)
    assert at_95.estimate == log(0.77)
    assert sqrt(at_95.variance) == pytest.approx((log(1.03) - log(0.58)) / 3.92, rel=1e-4)
    at_90 = to_effect(Ratio("x", 0.77, 0.58, 1.03, 0.9), Scale.LOG)
    assert sqrt(at_90.variance) == pytest.approx((log(1.03) - log(0.58)) / 3.29, rel=1e-3)
    difference = to_effect(Difference("x", -4.0, -7.92, -0.08), Scale.IDENTITY)
    assert difference.variance == pytest.approx(4.0, rel=1e-4)


def test_the_variance_of_survival_is_that_of_its_interval() -> None:
    # By hand: 0.5 lies at log 1, and 0.2 and 0.8 at log 1/4 and log 4, 1.96 errors away
    effect = to_effect(Survival("x", 0.5, 0.2, 0.8), Scale.LOGIT)
    assert effect.estimate == 0
    assert sqrt(effect.variance) == pytest.approx(log(4) / 1.96, rel=1e-4)


def test_a_ratio_too_wide_to_be_shown() -> None:
    with pytest.raises(SynthesisError, match="too wide"):
        back_transform(1000.0, Scale.LOG)


def test_the_exact_interval_that_r_prints() -> None:
    # binom.test(246, 326) on metadat's page of dat.pritz1997
    assert exact_interval(246, 326) == pytest.approx((0.7041627, 0.8003469), abs=6e-8)


@given(st.integers(1, 2000))
def test_exact_intervals_without_events_and_without_others(total: int) -> None:
    # solved by hand: none of n patients has probability (1 - p)^n, which is 0.025 at the bound
    bound = 1 - 0.025 ** (1 / total)
    assert exact_interval(0, total) == pytest.approx((0, bound), abs=1e-9)
    assert exact_interval(total, total) == pytest.approx((1 - bound, 1), abs=1e-9)


@pytest.mark.parametrize(
    ("study", "scale", "reason"),
    [
        (Proportion("x", 1, 2), Scale.LOG, "a proportion cannot be analysed on the logarithm"),
        (Ratio("x", 1, 0.5, 2), Scale.LOGIT, "a ratio cannot be analysed on the logit"),
        (Difference("x", 1, 0, 2), Scale.LOG, "a difference cannot"),
        (Ratio("x", 1, 0.5, 2), Scale.IDENTITY, "a ratio cannot"),
        (Survival("x", 0.5, 0.2, 0.8), Scale.FREEMAN_TUKEY, "a survival cannot"),
        (Effect("x", 1, 1), Scale.FREEMAN_TUKEY, "needs the counts"),
    ],
)
def test_a_scale_takes_its_kind_of_study(study: Study, scale: Scale, reason: str) -> None:
    with pytest.raises(SynthesisError, match=f"x: .*{reason}"):
        to_effect(study, scale)


def test_a_bare_effect_is_on_its_scale_already() -> None:
    effect = Effect("x", 0.3, 0.2)
    assert to_effect(effect, Scale.LOG) is effect
