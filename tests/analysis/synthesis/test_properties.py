"""What holds for every pool: order, range, weights, agreement, and numbers that are numbers."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evikg.analysis.synthesis.effects import Effect, Proportion, Ratio, SynthesisError
from evikg.analysis.synthesis.heterogeneity import Tau2, tau_squared
from evikg.analysis.synthesis.logistic import pool_logistic
from evikg.analysis.synthesis.pooling import Interval, pool
from evikg.analysis.synthesis.results import Pooled
from evikg.analysis.synthesis.scales import Scale

effects = st.lists(
    st.builds(Effect, st.text(max_size=3), st.floats(-20, 20), st.floats(1e-4, 100)),
    min_size=2,
    max_size=9,
)
proportions = st.lists(
    st.integers(1, 400).flatmap(
        lambda total: st.builds(Proportion, st.just("x"), st.integers(0, total), st.just(total))
    ),
    min_size=2,
    max_size=7,
)
poolers = st.builds(
    partial,
    st.just(pool),
    random_effects=st.booleans(),
    tau2=st.sampled_from([Tau2.DL, Tau2.REML]),
    interval=st.sampled_from(list(Interval)),
    level=st.sampled_from([0.8, 0.95, 0.99]),
)


def written(pooled: Pooled) -> dict[str, object]:
    """Return a result as JSON holds it, which refuses what is no number."""
    found: dict[str, object] = json.loads(json.dumps(asdict(pooled), allow_nan=False))
    return found


@given(effects, poolers)
def test_the_estimate_lies_among_the_studies(
    studies: list[Effect], pooler: "partial[Pooled]"
) -> None:
    pooled = pooler(studies)
    values = [study.estimate for study in studies]
    found = pooled.estimate
    assert found is not None
    assert min(values) - 1e-9 <= found.value <= max(values) + 1e-9
    assert found.low <= found.value <= found.high
    assert sum(study.weight or 0 for study in pooled.studies) == pytest.approx(100)
    assert 0 <= (pooled.heterogeneity.i2 or 0) <= 100
    assert 0 <= (pooled.heterogeneity.i2_tau2 or 0) <= 100
    assert 0 <= (pooled.p_value or 0) <= 1
    assert written(pooled)["level"] == pooled.level


@given(effects, poolers, st.randoms(use_true_random=False))
def test_the_order_of_studies_does_not_matter(
    studies: list[Effect], pooler: "partial[Pooled]", random: Random
) -> None:
    mixed = list(studies)
    random.shuffle(mixed)
    one, other = pooler(studies), pooler(mixed)
    assert one.shown.value == pytest.approx(other.shown.value, rel=1e-4, abs=1e-5)
    tau2 = one.heterogeneity.tau2
    assert tau2 == pytest.approx(other.heterogeneity.tau2, rel=1e-4, abs=1e-5)


@given(effects)
def test_the_variance_between_studies_at_its_maximum(studies: list[Effect]) -> None:
    # the restricted likelihood written out from Viechtbauer 2005 is nowhere higher
    y = np.array([study.estimate for study in studies])
    v = np.array([study.variance for study in studies])

    def likelihood(tau2: float) -> float:
        w = 1 / (v + tau2)
        mean = np.average(y, weights=w)
        return float(np.log(w).sum() - np.log(w.sum()) - (w * (y - mean) ** 2).sum()) / 2

    found = tau_squared(y, v, Tau2.REML)
    assert found >= 0
    best = likelihood(found)
    for other in (
        0.0,
        *(found * np.array([0.5, 0.9, 0.99, 1.01, 1.1, 2])),
        *np.geomspace(1e-6, 1e3, 60),
    ):
        assert likelihood(float(other)) <= best + 1e-7


@given(
    st.builds(Effect, st.just("x"), st.floats(-5, 5), st.floats(1e-4, 10)),
    st.integers(2, 9),
    poolers,
)
def test_copies_of_a_study_agree(study: Effect, copies: int, pooler: "partial[Pooled]") -> None:
    pooled = pooler([study] * copies)
    assert pooled.heterogeneity.tau2 == pytest.approx(0, abs=1e-12)
    assert pooled.heterogeneity.i2 == pytest.approx(0, abs=1e-9)
    assert pooled.estimate is not None
    assert pooled.estimate.value == pytest.approx(study.estimate)
    # k equal studies have a variance of a k-th, whatever the interval
    assert pooled.standard_error == pytest.approx((study.variance / copies) ** 0.5)


@given(proportions, poolers, st.sampled_from([Scale.LOGIT, Scale.FREEMAN_TUKEY]))
def test_proportions_stay_between_0_and_1(
    studies: list[Proportion], pooler: "partial[Pooled]", scale: Scale
) -> None:
    pooled = pooler(studies, scale=scale)
    low, high = pooled.prediction or (0, 1)
    assert 0 <= pooled.shown.low <= pooled.shown.value <= pooled.shown.high <= 1
    assert 0 <= low <= high <= 1
    assert written(pooled)["scale"] == scale.value


@given(
    st.lists(
        st.tuples(st.floats(0.05, 20), st.floats(1.05, 8), st.floats(1.05, 8)),
        min_size=2,
        max_size=6,
    )
)
def test_ratios_and_their_reciprocals(numbers: list[tuple[float, float, float]]) -> None:
    there = [Ratio("x", value, value / below, value * above) for value, below, above in numbers]
    back = [Ratio("x", 1 / ratio.value, 1 / ratio.high, 1 / ratio.low) for ratio in there]
    one, other = pool(there, tau2=Tau2.DL), pool(back, tau2=Tau2.DL)
    assert one.shown.value == pytest.approx(1 / other.shown.value)
    assert one.p_value == pytest.approx(other.p_value)


def neither_all_nor_nothing(studies: Sequence[Proportion]) -> bool:
    return any(0 < study.events < study.total for study in studies)


@settings(max_examples=25, deadline=None)
@given(proportions)
def test_the_logistic_model_has_an_answer_or_says_why(studies: list[Proportion]) -> None:
    shares = [study.value for study in studies]
    try:
        pooled = pool_logistic(studies)
    except SynthesisError as refusal:
        separated = "no finite estimate" in str(refusal)
        assert separated or "differ too much" in str(refusal)
        assert separated != neither_all_nor_nothing(studies)
        return
    assert 0 <= pooled.shown.low <= pooled.shown.value <= pooled.shown.high <= 1
    assert min(shares) - 1e-6 <= pooled.shown.value <= max(shares) + 1e-6
    again = pool_logistic(studies[::-1])
    assert again.shown.value == pytest.approx(pooled.shown.value, abs=1e-4)
    written(pooled)
