"""Printed numbers are compared as the spans they may stand for."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evikg.analysis.rounding import Span


def test_a_printed_number_stands_for_half_a_unit_either_side() -> None:
    assert Span.of(Decimal("74.0"), 1) == Span(Decimal("73.95"), Decimal("74.05"))
    assert Span.of(Decimal(3), 0, units=Decimal(1)) == Span.exact(2) + Span(Decimal(0), Decimal(2))


@pytest.mark.parametrize(
    ("low", "high", "may_equal", "may_be_at_most"),
    [
        ("23.5", "23.5", True, True),
        ("23.6", "23.5", True, True),  # 23.55 rounds to either
        ("23.7", "23.5", False, False),
        ("20.1", "23.5", False, True),
    ],
)
def test_comparison_of_printed_numbers(
    low: str, high: str, may_equal: bool, may_be_at_most: bool
) -> None:
    first, second = Span.of(Decimal(low), 1), Span.of(Decimal(high), 1)
    assert first.may_equal(second) is may_equal
    assert first.may_be_at_most(second) is may_be_at_most


@given(st.lists(st.decimals(0, 100, places=4), min_size=1, max_size=6))
def test_rounding_each_term_never_breaks_a_sum(terms: list[Decimal]) -> None:
    printed = [Span.of(round(term, 1), 1) for term in terms]
    total = Span.of(round(sum(terms, Decimal(0)), 1), 1)
    assert sum(printed, Span.exact(0)).may_equal(total)
