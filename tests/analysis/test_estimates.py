"""Intervals of ratios and differences agree with their values, p values and counts."""

from decimal import Decimal
from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evikg.analysis.estimates import (
    Estimate,
    asymmetry,
    excludes_no_effect,
    least_standard_error,
    odds_ratio,
    p_value,
)
from evikg.analysis.rounding import Span


def estimate(value: str, low: str, high: str, level: float = 0.95, ratio: bool = True) -> Estimate:
    def span(text: str) -> Span:
        return Span.of(Decimal(text), len(text.partition(".")[2]))

    return Estimate(span(value), span(low), span(high), level, ratio)


def test_the_p_value_by_the_published_formula() -> None:
    # Altman and Bland 2011, BMJ 343:d2304, p = exp(-0.717 z - 0.416 z^2), by hand: for the ratio
    # z = 0.2107 / 0.0752 = 2.802 and p = 0.0051; for the difference z = 0.05 / 0.0612 = 0.817
    assert p_value(estimate("0.81", "0.70", "0.94")) == pytest.approx(0.0051, abs=0.0002)
    difference = estimate("0.05", "-0.07", "0.17", ratio=False)
    assert p_value(difference) == pytest.approx(0.414, abs=0.002)


def test_a_printed_hazard_ratio_is_symmetric() -> None:
    # papayannidis-2025, line 192: 1.33 (0.73-2.43), p = .353; by hand sqrt(0.73 x 2.43) = 1.332
    printed = estimate("1.33", "0.73", "2.43")
    assert asymmetry(printed) == 0
    assert float(printed.centre) == pytest.approx(1.332, abs=0.001)
    assert p_value(printed) == pytest.approx(0.353, abs=0.003)


def test_a_value_off_the_centre_is_measured_in_half_widths() -> None:
    # By hand: bounds 1/e and e, so a half width of 1 and the centre at 1; log 1.6487 is 0.5
    off = Estimate(Span.exact(Decimal("1.6487")), Span.exact(Decimal(exp(-1))),
                   Span.exact(Decimal(exp(1))))  # fmt: skip
    assert asymmetry(off) == pytest.approx(0.5, abs=0.001)


@pytest.mark.parametrize(
    ("low", "high", "ratio", "expected"),
    [
        ("1.2", "3.0", True, True),
        ("0.3", "0.9", True, True),
        ("0.73", "2.43", True, False),
        ("1.0", "3.0", True, None),  # may stand for 0.95 to 1.05
        ("-4.6", "26.4", False, False),  # yoon-2026, line 305
        ("2.0", "26.4", False, True),
    ],
)
def test_an_interval_leaves_no_effect_out_or_in_or_open(
    low: str, high: str, ratio: bool, expected: bool | None
) -> None:
    assert excludes_no_effect(estimate("1.5", low, high, ratio=ratio)) is expected


def test_standard_error_of_counts() -> None:
    # By hand: 1/97 = 0.010309; the interval of duan-2025, 486.02 (395.96-596.57), has
    # ln(596.57 / 395.96) / 3.92 = 0.10456, which is more
    assert least_standard_error(97) == pytest.approx(0.10153, abs=1e-5)
    low, high = estimate("486.02", "395.96", "596.57").standard_errors
    assert low <= 0.10456 <= high
    assert odds_ratio(10, 90, 5, 95) == Decimal(950) / 450


@given(
    st.floats(-3, 3), st.floats(0.05, 1.5), st.integers(1, 4), st.sampled_from([0.9, 0.95, 0.975])
)
def test_a_wald_interval_rounded_is_never_off(
    log_ratio: float, error: float, decimals: int, level: float
) -> None:
    from statistics import NormalDist

    z = NormalDist().inv_cdf((1 + level) / 2)
    value, low, high = (f"{exp(log_ratio + k * error):.{decimals}f}" for k in (0, -z, z))
    printed = estimate(value, low, high, level)
    if printed.usable:
        assert asymmetry(printed) < 1e-9


def test_what_is_no_interval_is_refused() -> None:
    backwards = estimate("0.8", "0.9", "0.7")
    assert not backwards.usable
    with pytest.raises(ValueError, match="bounds in order"):
        p_value(backwards)
