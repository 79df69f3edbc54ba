"""A study that cannot enter a synthesis is refused in one line that names it."""

from decimal import Decimal
from math import inf, nan

import pytest

from evikg.analysis.synthesis.effects import (
    Difference,
    Effect,
    Proportion,
    Ratio,
    Survival,
    SynthesisError,
)


@pytest.mark.parametrize(
    ("events", "total", "reason"),
    [
        (0, 0, "total must be positive"),
        (1, -4, "total must be positive"),
        (5, 4, "between 0 and 4"),
        (-1, 4, "between 0 and 4"),
        (1.5, 4, "events must be a whole number"),
        (1, None, "total must be a whole number"),
        (True, 4, "events must be a whole number"),
    ],
)
def test_counts_that_are_no_proportion(events: object, total: object, reason: str) -> None:
    with pytest.raises(SynthesisError, match=f"kr-pms: .*{reason}") as refusal:
        Proportion("kr-pms", events, total)  # type: ignore[arg-type]
    assert "\n" not in str(refusal.value)
    assert isinstance(refusal.value, ValueError)


@pytest.mark.parametrize(
    ("numbers", "reason"),
    [
        ((1.3, None, 2.4), "lower bound is missing or open"),
        ((1.3, 0.7, None), "upper bound is missing or open"),
        ((None, 0.7, 2.4), "value is missing or open"),
        ((1.3, "NR", 2.4), "lower bound is not a number: 'NR'"),
        ((1.3, 0.7, inf), "upper bound is not finite"),
        ((nan, 0.7, 2.4), "value is not finite"),
        ((1.3, 2.4, 0.7), "not in order"),
        ((2.5, 0.7, 2.4), "not in order"),
        ((1.3, 1.3, 1.3), "not in order"),
        ((1.3, 0.7, 2.4, 95), "level must lie between 0 and 1"),
    ],
)
@pytest.mark.parametrize("kind", [Ratio, Difference])
def test_numbers_that_are_no_interval(
    kind: type[Ratio | Difference], numbers: tuple[float, float, float], reason: str
) -> None:
    with pytest.raises(SynthesisError, match=f"ino-vate: .*{reason}"):
        kind("ino-vate", *numbers)


def test_a_ratio_is_positive_and_a_difference_need_not_be() -> None:
    with pytest.raises(SynthesisError, match="ino-vate: a ratio needs a positive lower bound"):
        Ratio("ino-vate", 0.5, 0.0, 2.0)
    assert Difference("ino-vate", -3, -5, 0).low == -5.0


@pytest.mark.parametrize(
    ("value", "low", "high", "reason"),
    [
        (0.5, 0.0, 0.9, "must lie between 0 and 1"),
        (1.0, 0.9, 1.0, "must lie between 0 and 1"),
        (54.0, 40.0, 66.0, "must lie between 0 and 1"),  # a percentage
        (0.5, None, 0.9, "lower bound is missing or open"),
        (0.5, 0.6, 0.9, "not in order"),
    ],
)
def test_what_is_no_survival(value: float, low: float, high: float, reason: str) -> None:
    with pytest.raises(SynthesisError, match=f"kr-pms: .*{reason}"):
        Survival("kr-pms", value, low, high)


def test_numbers_of_any_kind_become_floats() -> None:
    # what the curated files hold are decimals
    ratio = Ratio("ino-vate", Decimal("1.33"), Decimal("0.73"), 3)  # type: ignore[arg-type]
    assert (ratio.value, ratio.low, ratio.high) == (1.33, 0.73, 3.0)
    assert {type(ratio.value), type(ratio.low), type(ratio.high)} == {float}


@pytest.mark.parametrize(("estimate", "variance"), [(1e31, 1), (0, 1e-61), (0, 1e61)])
def test_an_effect_beyond_all_sense(estimate: float, variance: float) -> None:
    with pytest.raises(SynthesisError, match="aall1621: estimate or variance is beyond"):
        Effect("aall1621", estimate, variance)


@pytest.mark.parametrize("variance", [0, -1, nan, inf, None])
def test_an_effect_has_a_positive_variance(variance: float) -> None:
    with pytest.raises(SynthesisError, match="aall1621: the variance"):
        Effect("aall1621", 0.1, variance)
