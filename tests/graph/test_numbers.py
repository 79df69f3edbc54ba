"""Printed numbers keep their text; the decimal stands beside it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evikg.graph.numbers import Printed, in_days
from evikg.ontology import ValueStatus

decimals = st.decimals(min_value=0, max_value=10**6, places=3, allow_nan=False)


@given(decimals)
def test_every_plain_decimal_is_read_exactly(number: Decimal) -> None:
    assert Printed.parse(f"{number:f}").number == number


@given(st.integers(0, 10**12))
def test_thousands_separators_do_not_change_the_number(number: int) -> None:
    printed = Printed.parse(f"{number:,}")
    assert (printed.number, printed.text) == (Decimal(number), f"{number:,}")


@pytest.mark.parametrize(
    ("text", "number", "sign"),
    [
        ("78.70", "78.70", None),
        ("<0.001", "0.001", "<"),
        ("≥ 3", "3", "≥"),
        (".353", "0.353", None),
        ("-2.0", "-2.0", None),
        ("−2.0", "-2.0", None),  # a minus sign as papers set it
    ],
)
def test_numbers_as_papers_print_them(text: str, number: str, sign: str | None) -> None:
    printed = Printed.parse(text)
    assert (str(printed.number), printed.sign) == (number, sign)


@pytest.mark.parametrize("text", ["NE", "40.3.0.3", "", "1,23", "12 months", "1e5", "nan"])
def test_what_is_no_number_needs_a_status(text: str) -> None:
    with pytest.raises(ValueError, match="is not a number"):
        Printed.parse(text)


def test_a_number_cannot_have_a_status() -> None:
    with pytest.raises(ValueError, match="cannot be not-reached"):
        Printed.parse("10.2", ValueStatus.NOT_REACHED)


def test_an_open_bound_keeps_its_printed_form_and_has_no_number() -> None:
    printed = Printed.parse("NE", ValueStatus.NOT_ESTIMABLE)
    assert (printed.text, printed.number, printed.status) == (
        "NE",
        None,
        ValueStatus.NOT_ESTIMABLE,
    )


def test_precision_is_what_is_printed() -> None:
    assert [Printed.parse(text).decimals for text in ("78.70", "78.7", "78")] == [2, 1, 0]


def test_one_year_is_twelve_months() -> None:
    assert in_days(Decimal(1), "year") == in_days(Decimal(12), "months") == Decimal("365.2500")


def test_what_is_no_time_has_no_days() -> None:
    assert in_days(Decimal(2), "cycle") is None
