"""The random-intercept logistic model against metafor's rma.glmm and against plain integration."""

from math import isclose

import numpy as np
import pytest
from scipy.stats import norm

from evikg.analysis.synthesis.effects import Effect, Proportion, SynthesisError
from evikg.analysis.synthesis.logistic import _log_likelihood, pool_logistic
from evikg.analysis.synthesis.results import Pooled


def shown(pooled: Pooled) -> tuple[float, ...]:
    found = pooled.shown
    return tuple(round(number, 4) for number in (found.value, found.low, found.high))


def test_the_mixed_effects_model_of_metafor(pritz: list[Proportion]) -> None:
    # metadat, dat.pritz1997: predict(rma.glmm(measure="PLO"), transf=transf.ilogit) and the
    # likelihood-ratio test of heterogeneity
    pooled = pool_logistic(pritz)
    assert shown(pooled) == (0.7984, 0.6924, 0.8746)
    assert pooled.heterogeneity.statistic == pytest.approx(42.2324, abs=6e-5)
    assert pooled.heterogeneity.df == 13
    assert pooled.heterogeneity.p_value < 0.0001
    # metafor prints a prediction interval of 0.4426 to 0.9518 from the normal distribution; ours
    # has t with 12 degrees of freedom, so its half width on the logit scale is 2.1788/1.96 of that
    logits = [np.log(p / (1 - p)) for p in (0.4426, 0.9518)]
    assert pooled.prediction is not None
    ours = [np.log(p / (1 - p)) for p in pooled.prediction]
    assert ours[1] - ours[0] == pytest.approx((logits[1] - logits[0]) * 2.1788 / 1.96, rel=5e-4)


@pytest.mark.parametrize(
    ("arm", "mean", "error", "tau2", "expected"),
    [
        ("standard", -3.4964, 0.2570, 0.8124, (0.0294, 0.0180, 0.0478)),
        ("anti-infective", -4.8121, 0.3555, 0.8265, (0.0081, 0.0040, 0.0161)),
    ],
)
def test_rare_events(
    nielweise: dict[str, list[Proportion]],
    arm: str,
    mean: float,
    error: float,
    tau2: float,
    expected: tuple[float, ...],
) -> None:
    # Stijnen et al. 2010 (doi:10.1002/sim.4040), Table II, binomial-normal model, with the
    # decimals of metafor's test_analysis_example_stijnen2010 (7 points of quadrature, so the
    # fourth decimal of the second arm, with 6 studies without events, is not the same)
    pooled = pool_logistic(nielweise[arm])
    assert pooled.estimate is not None
    assert pooled.estimate.value == pytest.approx(mean, abs=4e-4)
    assert pooled.standard_error == pytest.approx(error, abs=4e-4)
    assert pooled.heterogeneity.tau2 == pytest.approx(tau2, abs=1.5e-3)
    assert shown(pooled) == pytest.approx(expected, abs=6e-5)


@pytest.mark.parametrize(("mean", "tau"), [(-3.0, 0.4), (0.5, 1.5), (-6.0, 4.0), (2.0, 8.0)])
@pytest.mark.parametrize(("events", "total"), [(0, 12), (1, 3), (300, 900), (40, 40), (2, 9000)])
def test_the_quadrature_against_the_trapezium_rule(
    mean: float, tau: float, events: int, total: int
) -> None:
    grid = np.linspace(-30, 30, 200_001)
    odds = mean + tau * grid
    logs = events * odds - total * np.logaddexp(0, odds) + norm.logpdf(grid)
    expected = logs.max() + np.log(np.trapezoid(np.exp(logs - logs.max()), grid))
    found = _log_likelihood(mean, tau, np.array([float(events)]), np.array([float(total)]))
    assert found == pytest.approx(expected, abs=1e-4)


def test_studies_that_do_not_differ_are_taken_together() -> None:
    # metadat, dat.pritz1997, method="EE" of the same counts taken together: 246 of 326 has log
    # odds 1.1233 with standard error 0.1287 and is shown as 0.7546 (0.7050 to 0.7983)
    pooled = pool_logistic([Proportion("a", 123, 163), Proportion("b", 123, 163)])
    assert shown(pooled) == (0.7546, 0.7050, 0.7983)
    assert pooled.standard_error == pytest.approx(0.1287, abs=6e-5)
    assert pooled.heterogeneity.tau2 == 0
    assert pooled.heterogeneity.statistic == pytest.approx(0, abs=1e-9)
    assert any("no proof that they do not differ" in note for note in pooled.notes)


def test_no_events_at_all() -> None:
    # By hand: 0 of 30 patients has the exact upper bound 1 - 0.025^(1/30) = 0.1157
    none = pool_logistic([Proportion("a", 0, 10), Proportion("b", 0, 20)])
    assert shown(none) == (0.0, 0.0, 0.1157)
    assert (none.estimate, none.standard_error, none.prediction) == (None, None, None)
    assert (none.heterogeneity.tau2, none.heterogeneity.p_value) == (0.0, 1.0)
    assert any("0 of 30" in note for note in none.notes)
    every = pool_logistic([Proportion("a", 10, 10), Proportion("b", 20, 20)])
    assert shown(every) == (1.0, 0.8843, 1.0)


def test_a_study_without_events_counts_uncorrected() -> None:
    # a large study without events pulls the estimate below that of the others
    some = [Proportion("a", 2, 50), Proportion("b", 3, 60)]
    without = pool_logistic(some)
    with_it = pool_logistic([*some, Proportion("c", 0, 400)])
    assert 0 < with_it.shown.low < with_it.shown.value < without.shown.value


def test_all_or_nothing_has_no_finite_variance() -> None:
    with pytest.raises(SynthesisError, match="no finite estimate"):
        pool_logistic([Proportion("a", 0, 10), Proportion("b", 10, 10), Proportion("c", 0, 5)])


def test_what_the_model_cannot_take() -> None:
    with pytest.raises(SynthesisError, match="at least two studies"):
        pool_logistic([Proportion("a", 1, 10)])
    with pytest.raises(SynthesisError, match="b: the logistic model needs events"):
        pool_logistic([Proportion("a", 1, 10), Effect("b", 0.1, 0.2)])  # type: ignore[list-item]


def test_studies_have_rows_but_no_weights(pritz: list[Proportion]) -> None:
    pooled = pool_logistic(pritz)
    assert [study.weight for study in pooled.studies] == [None] * 14
    assert [study.label for study in pooled.studies] == [study.label for study in pritz]
    assert all(
        isclose(row.shown.value, study.value)
        for row, study in zip(pooled.studies, pritz, strict=True)
    )
    assert pooled.heterogeneity.i2 is None
