"""Percentages recompute in decimal arithmetic, half up."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evikg.analysis.recompute import WHOLE, Outcome, interval_contains, percentage


@pytest.mark.parametrize(
    ("events", "total", "printed", "outcome", "why"),
    [
        # 52/64 = 81.25: half up, not half even (yoon-2026, line 278)
        (52, 64, "81.3", Outcome.CONSISTENT, ""),
        (35, 42, "83.3", Outcome.CONSISTENT, ""),  # ozcan-2025, Table 2, CR/CRi
        (65, 107, "60.8", Outcome.ROUNDING, "rounded twice"),  # yoon-2026: 60.747… via 60.75
        (8, 73, "10.9", Outcome.ROUNDING, "truncated"),  # papayannidis-2025: 10.958…
        (8, 31, "25.9", Outcome.ROUNDING, "one unit of the last printed place off"),
        (24, 107, "25.5", Outcome.INCONSISTENT, "fits the denominator 94"),  # yoon-2026, Table 5
        (3, 73, "4.5", Outcome.INCONSISTENT, "fits no group size of the study"),
        (6, 27, "22.0", Outcome.INCONSISTENT, WHOLE),  # papayannidis-2025, line 190
        (8, 7, "99.9", Outcome.INCONSISTENT, "more events than the total"),
    ],
)
def test_printed_percentages(
    events: int, total: int, printed: str, outcome: Outcome, why: str
) -> None:
    found = percentage(events, total, Decimal(printed), 1, known_totals=(107, 94, 73))
    assert (found.outcome, found.why) == (outcome, why)


@given(st.integers(1, 2000), st.data(), st.integers(0, 3))
def test_a_percentage_rounded_half_up_is_consistent(
    total: int, data: st.DataObject, decimals: int
) -> None:
    events = data.draw(st.integers(0, total))
    # Half up with exact fractions: floor(x * 10^d + 1/2) / 10^d
    scaled = Fraction(100 * events, total) * 10**decimals + Fraction(1, 2)
    printed = Decimal(scaled.numerator // scaled.denominator).scaleb(-decimals)
    assert percentage(events, total, printed, decimals).outcome is Outcome.CONSISTENT


@given(st.integers(1, 2000), st.data(), st.integers(2, 50))
def test_a_percentage_off_by_more_than_one_unit_is_inconsistent(
    total: int, data: st.DataObject, units: int
) -> None:
    events = data.draw(st.integers(0, total))
    right = percentage(events, total, Decimal(0), 1).computed
    wrong = right + Decimal(units).scaleb(-1)
    assert percentage(events, total, wrong, 1).outcome is Outcome.INCONSISTENT


def test_a_percentage_of_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="positive denominator"):
        percentage(0, 0, Decimal(0), 1)


def test_an_open_bound_is_no_limit() -> None:
    assert interval_contains(Decimal("10.2"), Decimal("6.0"), None)


def test_an_interval_that_leaves_its_value_out_is_found() -> None:
    # papayannidis-2025, line 48: 5-year survival 5.3 % (9.6 to 29.8)
    assert not interval_contains(Decimal("5.3"), Decimal("9.6"), Decimal("29.8"))
