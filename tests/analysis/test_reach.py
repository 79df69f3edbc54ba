"""A share of N patients is one of N + 1 percentages."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evikg.analysis.reach import reachable
from evikg.analysis.recompute import WHOLE, Outcome


@pytest.mark.parametrize(
    ("printed", "decimals", "total", "outcome", "computed", "why"),
    [
        ("28.6", 1, 21, Outcome.CONSISTENT, "28.6", ""),  # ozcan-2025 abstract: 6 of 21
        ("80", 0, 96, Outcome.CONSISTENT, "80", ""),  # 77 of 96 is 80.2
        # papayannidis-2025 abstract: 51 of 73 is 69.863
        ("69.8", 1, 73, Outcome.ROUNDING, "69.9", "truncated"),
        # yoon-2026, Results: 10 of 107 is 9.3458, by way of 9.35
        ("9.4", 1, 107, Outcome.ROUNDING, "9.3", "rounded twice"),
        # ozcan-2025, line 131: 13 of 21 is 61.905
        ("62.0", 1, 21, Outcome.ROUNDING, "61.9", "one unit of the last printed place off"),
        # ozcan-2025, line 133: 26 of 31 is 83.871
        ("84.0", 1, 31, Outcome.INCONSISTENT, "83.9", WHOLE),
        # papayannidis-2025, line 183: 31 of 39 evaluable patients is 79.49
        ("79.5", 1, 42, Outcome.INCONSISTENT, "78.6", "reachable with the denominator 39"),
        ("50.7", 1, 4, Outcome.INCONSISTENT, "50.0", "no count gives it"),
    ],
)
def test_printed_shares(
    printed: str, decimals: int, total: int, outcome: Outcome, computed: str, why: str
) -> None:
    found = reachable(Decimal(printed), decimals, total, known_totals=(39, total))
    assert (found.outcome, found.computed, found.why) == (outcome, Decimal(computed), why)


@given(st.integers(1, 3000), st.data(), st.integers(0, 3))
def test_every_share_rounded_half_up_is_reachable(
    total: int, data: st.DataObject, decimals: int
) -> None:
    events = data.draw(st.integers(0, total))
    scaled = Fraction(100 * events, total) * 10**decimals + Fraction(1, 2)
    printed = Decimal(scaled.numerator // scaled.denominator).scaleb(-decimals)
    assert reachable(printed, decimals, total).outcome is Outcome.CONSISTENT


@pytest.mark.parametrize(("printed", "nearest"), [("110.0", "100.0"), ("-3.0", "0.0")])
def test_no_count_gives_more_than_all_or_less_than_none(printed: str, nearest: str) -> None:
    found = reachable(Decimal(printed), 1, 97)
    assert found.outcome is Outcome.INCONSISTENT
    assert found.computed == Decimal(nearest)


def test_a_share_of_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="positive denominator"):
        reachable(Decimal(0), 1, 0)
