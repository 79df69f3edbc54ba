"""Leave-one-out and subgroups against figures that metafor and meta print."""

from functools import partial
from math import log

import pytest

from evikg.analysis.synthesis.effects import Effect, Proportion, SynthesisError
from evikg.analysis.synthesis.heterogeneity import Tau2
from evikg.analysis.synthesis.logistic import pool_logistic
from evikg.analysis.synthesis.pooling import Interval, pool
from evikg.analysis.synthesis.results import Estimate
from evikg.analysis.synthesis.scales import Scale
from evikg.analysis.synthesis.sensitivity import leave_one_out, subgroups

#: metafor's page of leave1out, dat.bcg: estimate, se, interval, Q, τ², I², H²
_WITHOUT = """
-0.7071 0.1900 -1.0794 -0.3348 151.5826 0.3362 93.2259 14.7622
-0.6540 0.1807 -1.0082 -0.2999 145.3176 0.2926 92.2540 12.9098
-0.6856 0.1857 -1.0495 -0.3216 150.1970 0.3207 92.9354 14.1551
-0.6284 0.1766 -0.9746 -0.2822  96.5626 0.2628 90.4125 10.4302
-0.7642 0.1918 -1.1401 -0.3883 151.3200 0.3278 92.7634 13.8187
-0.7109 0.2003 -1.1034 -0.3184 128.1867 0.3596 90.9118 11.0033
-0.6552 0.1805 -1.0090 -0.3015 145.8296 0.2930 92.2777 12.9495
-0.7948 0.1799 -1.1473 -0.4422  67.9858 0.2732 87.0314  7.7109
-0.7412 0.1967 -1.1267 -0.3557 152.2051 0.3495 93.2133 14.7346
-0.6530 0.1843 -1.0142 -0.2919 139.8271 0.2987 92.2322 12.8737
-0.7579 0.1958 -1.1416 -0.3741 151.4655 0.3405 91.8110 12.2114
-0.7598 0.1821 -1.1167 -0.4029 150.7868 0.3082 92.6782 13.6579
-0.7775 0.1855 -1.1412 -0.4139 149.7884 0.3037 92.3444 13.0623
"""


def test_leaving_each_study_out(bcg: list[Effect]) -> None:
    omissions = leave_one_out(bcg, partial(pool, scale=Scale.LOG, interval=Interval.WALD))
    assert [omission.omitted for omission in omissions] == [study.label for study in bcg]
    for omission, line in zip(omissions, _WITHOUT.split("\n")[1:-1], strict=True):
        pooled = omission.pooled
        assert pooled is not None
        assert pooled.estimate is not None
        found = pooled.heterogeneity
        numbers = [
            pooled.estimate.value, pooled.standard_error, pooled.estimate.low,
            pooled.estimate.high, found.statistic, found.tau2, found.i2_tau2,
        ]  # fmt: skip
        expected = [float(number) for number in line.split()]
        # metafor stops its search for τ² earlier, so its I² is good to three decimals
        assert numbers[:6] == pytest.approx(expected[:6], abs=1.1e-4)
        assert numbers[6] == pytest.approx(expected[6], abs=5e-3)


def test_leaving_out_needs_three_studies() -> None:
    with pytest.raises(SynthesisError, match="at least three studies, not 2"):
        leave_one_out([Effect("a", 0, 1), Effect("b", 1, 1)], pool)


def test_what_is_left_may_not_be_poolable() -> None:
    # without the only study that is neither all nor nothing the model has no estimate
    studies = [Proportion("a", 0, 9), Proportion("b", 9, 9), Proportion("c", 4, 9)]
    *others, last = leave_one_out(studies, pool_logistic)
    assert all(omission.pooled for omission in others)
    assert last.pooled is None
    assert "no finite estimate" in last.reason


@pytest.mark.parametrize(
    ("random_effects", "adequate", "unclear", "tau2", "between", "p"),
    [
        (False, (0.77, 0.58, 1.01), (0.59, 0.47, 0.74), (0.0, 0.0), 2.09, 0.1483),
        (True, (0.75, 0.53, 1.08), (0.56, 0.39, 0.79), (0.0237, 0.1282), 1.40, 0.2367),
    ],
)
def test_subgroups_by_blinding(
    bassler: dict[str, list[Effect]],
    random_effects: bool,
    adequate: tuple[float, ...],
    unclear: tuple[float, ...],
    tau2: tuple[float, float],
    between: float,
    p: float,
) -> None:
    # metadat, dat.bassler2004: metabin(method = "I") with subgroup = blind, by DerSimonian-Laird
    pooler = partial(
        pool,
        scale=Scale.LOG,
        random_effects=random_effects,
        tau2=Tau2.DL,
        interval=Interval.WALD,
    )
    found = subgroups(bassler, pooler)
    assert [group.name for group in found.groups] == ["adequate", "unclear"]
    for group, expected, variance in zip(found.groups, (adequate, unclear), tau2, strict=True):
        assert group.pooled is not None
        shown = group.pooled.shown
        assert (shown.value, shown.low, shown.high) == pytest.approx(expected, abs=6e-3)
        assert group.pooled.heterogeneity.tau2 == pytest.approx(variance, abs=6e-5)
    assert found.between is not None
    assert (found.between.statistic, found.between.df) == (pytest.approx(between, abs=6e-3), 1)
    assert found.between.p_value == pytest.approx(p, abs=6e-5)
    assert found.between.test == "Q between subgroups"
    # the same page: all ten studies together
    shown = found.overall.shown
    everything = (0.60, 0.46, 0.79) if random_effects else (0.65, 0.55, 0.78)
    assert (shown.value, shown.low, shown.high) == pytest.approx(everything, abs=6e-3)


def test_a_study_alone_stands_for_its_subgroup() -> None:
    # By hand: two studies at 0 of variance 2 have variance 1 together, the third 2 at variance 3,
    # so Q between is (2 - 0)^2 / (1 + 3) = 1
    studies = {
        "pair": [Effect("a", 0.0, 2.0), Effect("b", 0.0, 2.0)],
        "one": [Effect("c", 2.0, 3.0)],
    }
    found = subgroups(studies, pool)
    pair, one = found.groups
    assert pair.pooled is not None
    assert pair.alone is None
    assert one.pooled is None
    assert one.alone is not None
    assert one.alone.label == "c"
    assert one.alone.shown.value == 2.0
    assert isinstance(one.alone.shown, Estimate)
    assert found.between is not None
    assert found.between.statistic == pytest.approx(1.0)


def test_a_proportion_alone_is_compared_by_its_log_odds() -> None:
    # By hand: 10 of 20 has log odds 0 and variance 1/10 + 1/10; two studies of 30 of 40 have ln 3
    # and 1/60 + 1/20, by the binomial likelihood of 60 of 80, as they agree.
    single = [Proportion("c", 10, 20)]
    pair = [Proportion("a", 30, 40), Proportion("b", 30, 40)]
    q = log(3) ** 2 / (1 / 10 + 1 / 10 + 1 / 60 + 1 / 20)
    found = subgroups({"pair": pair, "one": single}, pool_logistic)
    assert found.between is not None
    assert (found.between.statistic, found.between.df) == (pytest.approx(q, abs=1e-5), 1)
    assert found.notes == ()
    # Nobody of 20: half an event of 21.
    none = subgroups({"pair": pair, "one": [Proportion("c", 0, 20)]}, pool_logistic)
    q = (log(3) - log(0.5 / 20.5)) ** 2 / (1 / 0.5 + 1 / 20.5 + 1 / 60 + 1 / 20)
    assert none.between is not None
    assert none.between.statistic == pytest.approx(q, abs=1e-5)
    assert none.notes == ("0.5 added to events and non-events of one to compare it",)
    # A single study is compared beside two others that are pooled, and beside another single one.
    three = subgroups({"pair": pair, "one": single, "two": [Proportion("d", 5, 20)]}, pool_logistic)
    assert three.between is not None
    assert three.between.df == 2


def test_subgroups_without_an_estimate_are_not_compared() -> None:
    groups = {
        "none": [Proportion("a", 0, 10), Proportion("b", 0, 12)],
        "some": [Proportion("c", 3, 10), Proportion("d", 5, 12)],
    }
    found = subgroups(groups, pool_logistic)
    none = found.groups[0].pooled
    assert none is not None
    assert none.shown.value == 0
    assert found.between is None
    assert found.notes == ("none is not compared: its estimate has no standard error",)


def test_groups_that_cannot_be_compared() -> None:
    study = Effect("a", 0.0, 1.0)
    with pytest.raises(SynthesisError, match="at least two"):
        subgroups({"only": [study, study]}, pool)
    with pytest.raises(SynthesisError, match="subgroup empty has no study"):
        subgroups({"full": [study, study], "empty": []}, pool)
