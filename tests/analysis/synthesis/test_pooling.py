"""Inverse-variance pools against figures that metafor and meta print.

metafor's figures are from its own reference pages and tests and from those of the data package
metadat (Viechtbauer; www.metafor-project.org); a figure printed with d decimals is matched to
half a unit of the last, or one where its inputs are rounded as well.
"""

from dataclasses import replace
from functools import partial
from math import exp, inf, nan

import numpy as np
import pytest
from statsmodels.stats.meta_analysis import combine_effects

from evikg.analysis.synthesis.effects import (
    Difference,
    Effect,
    Proportion,
    Ratio,
    Study,
    Survival,
    SynthesisError,
)
from evikg.analysis.synthesis.heterogeneity import Tau2
from evikg.analysis.synthesis.pooling import Interval, pool
from evikg.analysis.synthesis.results import Estimate, Pooled
from evikg.analysis.synthesis.scales import Scale

wald = partial(pool, interval=Interval.WALD)


def bounds(pooled: Pooled, decimals: int = 4) -> tuple[float, ...]:
    """Return estimate and interval on the scale of the analysis."""
    found = pooled.estimate
    assert found is not None
    return tuple(round(number, decimals) for number in (found.value, found.low, found.high))


def shown(pooled: Pooled, decimals: int = 4) -> tuple[float, ...]:
    found = pooled.shown
    return tuple(round(number, decimals) for number in (found.value, found.low, found.high))


def test_random_effects_by_restricted_likelihood(bcg: list[Effect]) -> None:
    # metadat, dat.bcg: rma(yi, vi)
    pooled = wald(bcg, scale=Scale.LOG)
    found = pooled.heterogeneity
    assert bounds(pooled) == (-0.7145, -1.0669, -0.3622)
    assert pooled.standard_error == pytest.approx(0.1798, abs=6e-5)
    assert found.tau2 == pytest.approx(0.3132, abs=6e-5)
    assert found.tau == pytest.approx(0.5597, abs=6e-5)
    assert found.i2_tau2 == pytest.approx(92.22, abs=6e-3)
    assert (found.statistic, found.df) == (pytest.approx(152.2330, abs=6e-5), 12)
    assert found.p_value < 0.0001
    # z = -3.9744, which is p = 0.0000706 by a table of the normal distribution
    assert pooled.p_value == pytest.approx(7.06e-5, rel=0.005)
    assert shown(pooled) == (0.4894, 0.3441, 0.6962)


def test_random_effects_by_moments(bcg: list[Effect]) -> None:
    # metafor, test_misc_metan_vs_rma.uni_with_dat.bcg: as Stata's metan and metafor both give it
    pooled = wald(bcg, scale=Scale.LOG, tau2=Tau2.DL)
    assert bounds(pooled) == (-0.7141, -1.0644, -0.3638)
    assert shown(pooled) == (0.4896, 0.3449, 0.6950)
    assert pooled.heterogeneity.tau2 == pytest.approx(0.3088, abs=6e-5)
    assert pooled.heterogeneity.i2 == pytest.approx(92.1173, abs=6e-5)
    assert pooled.heterogeneity.i2_tau2 == pytest.approx(92.1173, abs=6e-5)


def test_a_common_effect(bcg: list[Effect]) -> None:
    # the same test of metafor, method="EE"
    pooled = pool(bcg, scale=Scale.LOG, random_effects=False)
    assert bounds(pooled) == (-0.4303, -0.5097, -0.3509)
    assert shown(pooled) == (0.6503, 0.6007, 0.7040)
    assert pooled.heterogeneity.tau2 == 0
    assert pooled.prediction is None
    assert pooled.tau2_estimator is None
    assert "common effect, Wald interval" in pooled.method


def test_moments_on_data_of_another_kind(curtin: list[Effect]) -> None:
    # metadat, dat.curtin2002: metagen(method.tau = "DL")
    common, random = pool(curtin, random_effects=False), wald(curtin, tau2=Tau2.DL)
    found = random.heterogeneity
    assert bounds(common, 2) == (-3.71, -4.32, -3.11)
    assert bounds(random, 2) == (-2.38, -4.76, -0.01)
    assert random.p_value == pytest.approx(0.0495, abs=6e-5)
    assert found.tau2 == pytest.approx(27.0262, abs=6e-5)
    assert found.i2 == pytest.approx(92.5, abs=0.06)
    assert found.h2 == pytest.approx(3.66**2, abs=0.05)
    assert (found.statistic, found.df) == (pytest.approx(267.24, abs=6e-3), 20)


@pytest.mark.parametrize(
    ("estimator", "tau", "mean", "error"),
    [(Tau2.DL, 0.2323, -0.3240, 0.1540), (Tau2.REML, 0.1843, -0.2980, 0.1343)],
)
def test_estimators_of_the_variance_between_studies(
    clasp: list[Effect], estimator: Tau2, tau: float, mean: float, error: float
) -> None:
    # DerSimonian and Kacker 2007 (doi:10.1016/j.cct.2006.04.004), Tables 3 and 4, with the
    # decimals of metafor's test_analysis_example_dersimonian2007
    pooled = wald(clasp, tau2=estimator)
    assert pooled.heterogeneity.tau == pytest.approx(tau, abs=6e-5)
    assert bounds(pooled)[0] == mean
    assert pooled.standard_error == pytest.approx(error, abs=6e-5)


@pytest.mark.parametrize(
    ("estimator", "interval", "error", "statistic", "low", "high"),
    [
        (Tau2.REML, Interval.WALD, 0.0516, 1.6208, -0.0175, 0.1849),
        (Tau2.DL, Interval.WALD, 0.0558, 1.6009, -0.0200, 0.1987),
        (Tau2.REML, Interval.HARTUNG_KNAPP, 0.0616, 1.3593, -0.0457, 0.2131),
        (Tau2.DL, Interval.HARTUNG_KNAPP, 0.0636, 1.4050, -0.0442, 0.2229),
        # above 1 the factor is no other when modified
        (Tau2.DL, Interval.MODIFIED_HARTUNG_KNAPP, 0.0636, 1.4050, -0.0442, 0.2229),
    ],
)
def test_intervals_of_hartung_and_knapp(
    raudenbush: list[Effect],
    estimator: Tau2,
    interval: Interval,
    error: float,
    statistic: float,
    low: float,
    high: float,
) -> None:
    # Raudenbush 2009, Table 16.3 (Handbook of Research Synthesis, page 309), with the decimals
    # of metafor's test_analysis_example_raudenbush2009
    pooled = pool(raudenbush, tau2=estimator, interval=interval)
    assert pooled.standard_error == pytest.approx(error, abs=6e-5)
    mean, *found = bounds(pooled)
    assert mean / pooled.standard_error == pytest.approx(statistic, abs=2e-3)
    assert found == pytest.approx([low, high], abs=1.1e-4)
    assert mean == {Tau2.REML: 0.0837, Tau2.DL: 0.0893}[estimator]
    assert pooled.heterogeneity.statistic == pytest.approx(35.8295, abs=2e-3)
    assert pooled.heterogeneity.tau2 == pytest.approx(
        {Tau2.REML: 0.0188, Tau2.DL: 0.0259}[estimator], abs=6e-5
    )


def test_agreeing_studies_narrow_the_interval_of_hartung_and_knapp() -> None:
    # By hand: estimates 0, 1 and 2 of variance 4 have Q = 2/4 on 2 degrees of freedom, so a
    # factor of 1/4, a model error of sqrt(4/3) and half of that with the factor
    studies = [Effect(str(value), value, 4.0) for value in (0.0, 1.0, 2.0)]
    plain = pool(studies)
    assert plain.model_error == pytest.approx((4 / 3) ** 0.5)
    assert plain.standard_error == pytest.approx((4 / 3) ** 0.5 / 2)
    assert any("Hartung-Knapp factor is 0.25" in note for note in plain.notes)
    modified = pool(studies, interval=Interval.MODIFIED_HARTUNG_KNAPP)
    assert modified.standard_error == pytest.approx((4 / 3) ** 0.5)
    assert not any("factor" in note for note in modified.notes)


def test_the_prediction_interval(haeuser: list[Effect]) -> None:
    # metadat, dat.haeuser2009: predict(rma(method="DL"), predtype="riley"), which Riley et al.
    # 2011 (doi:10.1136/bmj.d549) print as -0.83 to -0.02 from rounded numbers
    pooled = wald(haeuser, tau2=Tau2.DL)
    assert bounds(pooled, 2) == (-0.43, -0.55, -0.30)
    assert pooled.heterogeneity.i2 == pytest.approx(44.97, abs=0.02)
    assert pooled.heterogeneity.statistic == pytest.approx(38.16, abs=0.02)
    assert pooled.prediction == pytest.approx((-0.84, -0.02), abs=6e-3)


def test_proportions_on_the_logit_scale(pritz: list[Proportion]) -> None:
    # metadat, dat.pritz1997: rma(measure="PLO") and the exact interval of one study by hand:
    # all of 10 patients is 0.025^(1/10) = 0.6915
    pooled = wald(pritz)
    assert shown(pooled) == (0.7575, 0.6605, 0.8337)
    assert pooled.p_value is None
    row = pooled.studies[4]
    assert (row.events, row.total, row.shown.value, row.shown.high) == (10, 10, 1.0, 1.0)
    assert row.shown.low == pytest.approx(0.6915, abs=6e-5)
    assert "0.5 added to events and non-events of study 5, study 8" in pooled.notes


@pytest.mark.parametrize(
    ("arm", "mean", "error", "tau2", "expected"),
    [
        ("standard", -3.3018, 0.2378, 0.6629, (0.0355, 0.0226, 0.0554)),
        ("anti-infective", -4.2604, 0.2589, 0.3928, (0.0139, 0.0084, 0.0229)),
    ],
)
def test_rare_events_on_the_logit_scale(
    nielweise: dict[str, list[Proportion]],
    arm: str,
    mean: float,
    error: float,
    tau2: float,
    expected: tuple[float, ...],
) -> None:
    # Stijnen et al. 2010 (doi:10.1002/sim.4040), Table II, normal-normal model, with the decimals
    # of metafor's test_analysis_example_stijnen2010
    pooled = wald(nielweise[arm])
    assert bounds(pooled)[0] == mean
    assert pooled.standard_error == pytest.approx(error, abs=6e-5)
    assert pooled.heterogeneity.tau2 == pytest.approx(tau2, abs=6e-5)
    assert shown(pooled) == expected


def test_proportions_on_the_freeman_tukey_scale(miller: list[Proportion]) -> None:
    # Miller 1978, page 138: the weighted mean is 1.3093 on his doubled scale, 0.3595 shown
    pooled = pool(miller, scale=Scale.FREEMAN_TUKEY, random_effects=False)
    assert bounds(pooled)[0] == pytest.approx(1.3093 / 2, abs=6e-5)
    assert shown(pooled)[0] == 0.3595
    # metafor, test_analysis_example_miller1978: five studies, none and all among them
    counts = [(0, 10), (4, 10), (9, 15), (16, 20), (20, 20)]
    five = [Proportion(f"{x}/{n}", x, n) for x, n in counts]
    pooled = pool(five, scale=Scale.FREEMAN_TUKEY, random_effects=False)
    assert shown(pooled) == (0.6886, 0.5734, 0.7943)
    assert pooled.notes == ()


def test_freeman_tukey_beside_its_studies_is_said() -> None:
    # Sizes that differ a thousandfold: the case of Schwarzer et al. 2019 (10.1002/jrsm.1348)
    studies = [Proportion("large", 200, 100_000), Proportion("small", 1, 20)]
    pooled = pool(studies, scale=Scale.FREEMAN_TUKEY, random_effects=False)
    assert pooled.shown.value < 200 / 100_000
    assert any("outside the range of the studies" in note for note in pooled.notes)


def test_ratios_are_shown_as_printed(hazards: list[Ratio]) -> None:
    # By hand: equal widths, so the mean of log 0.5, log 0.8 and log 1 is the log of 0.4^(1/3)
    pooled = wald(hazards)
    assert pooled.shown.value == pytest.approx(0.4 ** (1 / 3))
    assert pooled.studies[0].shown == Estimate(0.5, 0.25, 1.0)
    assert [study.weight for study in pooled.studies] == pytest.approx([100 / 3] * 3)
    # at another level the interval is made from the variance: 0.25 is 1.96 errors below 0.5
    at_90 = wald(hazards, level=0.9)
    assert at_90.studies[0].shown.low == pytest.approx(0.5 * exp(np.log(0.5) * 1.6449 / 1.96), 1e-4)


def test_survival_is_pooled_by_its_intervals() -> None:
    # By hand: equal widths on the logit scale, at odds of 1 and 4, so odds of 2 together; the
    # standard error of one is log(4) / 1.96, that of both this over the root of 2
    studies = [Survival("a", 0.5, 0.2, 0.8), Survival("b", 0.8, 0.5, 16 / 17)]
    pooled = pool(studies, random_effects=False)
    assert pooled.shown.value == pytest.approx(2 / 3)
    assert pooled.standard_error == pytest.approx(np.log(4) / 1.96 / 2**0.5, rel=1e-4)
    assert pooled.p_value is None
    assert pooled.studies[0].shown == Estimate(0.5, 0.2, 0.8)


def test_an_independent_implementation(haeuser: list[Effect]) -> None:
    # statsmodels' own random-effects half, used nowhere else, where its τ² is positive
    y = np.array([study.estimate for study in haeuser])
    v = np.array([study.variance for study in haeuser])
    other = combine_effects(y, v, method_re="dl")
    pooled = pool(haeuser, tau2=Tau2.DL)
    assert pooled.heterogeneity.tau2 == pytest.approx(other.tau2)
    assert pooled.estimate is not None
    assert pooled.estimate.value == pytest.approx(other.mean_effect_re)
    assert pooled.standard_error == pytest.approx(other.sd_eff_w_re_hksj)
    weights = [study.weight for study in pooled.studies]
    assert weights == pytest.approx(list(100 * other.weights_rel_re))


@pytest.mark.parametrize(
    ("studies", "reason"),
    [
        ([], "at least two studies, there is no study"),
        ([Proportion("a", 1, 2)], "at least two studies, there is one study"),
        ([Proportion("a", 1, 2), Ratio("b", 1, 0.5, 2)], "b: a ratio cannot"),
        ([Difference("a", 1, 0, 2), Proportion("b", 1, 2)], "b: a proportion cannot"),
    ],
)
def test_studies_that_make_no_pool(studies: list[Study], reason: str) -> None:
    with pytest.raises(SynthesisError, match=reason):
        pool(studies)


def test_options_that_make_no_pool(bcg: list[Effect]) -> None:
    with pytest.raises(SynthesisError, match="between 0 and 1, not 95"):
        pool(bcg, level=95)
    with pytest.raises(SynthesisError, match="belongs to the logistic model"):
        pool(bcg, tau2=Tau2.ML)


def test_numbers_at_the_edge_of_all_sense() -> None:
    studies = [Effect("a", 1e30, 1e-59), Effect("b", -1e30, 1e59), Effect("c", 0.0, 1.0)]
    assert pool(studies).estimate is not None
    with pytest.raises(SynthesisError, match="too wide for a ratio to be shown"):
        pool(studies, scale=Scale.LOG)


def test_a_result_holds_no_number_that_is_none(bcg: list[Effect]) -> None:
    pooled = pool(bcg)
    with pytest.raises(SynthesisError, match="too large or too small"):
        replace(pooled, shown=Estimate(0.5, nan, 0.6))
    with pytest.raises(SynthesisError, match="too large or too small"):
        replace(pooled, prediction=(0.5, inf))


def test_two_studies_have_no_prediction_interval() -> None:
    pooled = pool([Proportion("a", 3, 10), Proportion("b", 5, 10)])
    assert pooled.prediction is None
    assert any(note.startswith("two studies") for note in pooled.notes)
    assert pooled.shown.high < inf


def test_the_prediction_interval_of_three_studies_is_told_to_say_nothing() -> None:
    # By t with one degree of freedom: 12.7 standard errors.
    counts = [(33, 100), (40, 100), (45, 100), (38, 100)]
    studies = [Proportion(str(x), x, n) for x, n in counts]
    three, four = pool(studies[:3]), pool(studies)
    assert three.prediction is not None
    assert three.prediction[1] - three.prediction[0] > 0.5
    assert any(note.startswith("three studies: the prediction") for note in three.notes)
    assert not any("prediction" in note for note in four.notes)
    common = pool(studies[:3], random_effects=False)
    assert not any("prediction" in note or "τ²" in note for note in common.notes)


def test_no_variance_between_studies_is_no_proof_of_agreement() -> None:
    # Q is below its degrees of freedom, so both estimators are truncated at 0.
    studies = [Effect(str(value), value, 4.0) for value in (0.0, 1.0, 2.0)]
    for estimator in (Tau2.REML, Tau2.DL):
        notes = pool(studies, tau2=estimator).notes
        assert any("no proof that they do not differ" in note for note in notes)
        assert not any("by chance" in note for note in notes)
