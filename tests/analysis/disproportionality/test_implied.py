"""What Duan 2025 counted, from the numbers that it prints."""

import csv
from collections.abc import Iterator
from decimal import Decimal
from functools import reduce
from math import ceil, exp, floor, inf, sqrt
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from evikg.analysis.disproportionality.implied import (
    PrintedRatio,
    Range,
    implied_counts,
    implied_event,
    implied_margin,
    implied_variance,
)

ROOT = Path(__file__).parents[3]
RESULTS = ROOT / "evidence" / "duan-2025" / "results.csv"
#: Of the curated rows: cases of the drug, and its adverse drug events (Abstract, line 13).
CASES, EVENTS = 1007, 2725
VOD = PrintedRatio(97, Decimal("486.02"), Decimal("395.96"), Decimal("596.57"))
#: Line 273, altered state of consciousness: its bounds lie unevenly about the ratio.
UNEVEN = 273


def printed() -> Iterator[tuple[int, PrintedRatio]]:
    """Yield line and numbers of the rows of Tables 4 to 8, which have a count and an interval."""
    with RESULTS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["statistic"] == "reporting odds ratio" and row["locator"].startswith("Table"):
                bounds = (Decimal(row[f"interval_{end}"]) for end in ("low", "high"))
                yield (
                    int(row["line"]),
                    PrintedRatio(int(row["events"]), Decimal(row["value"]), *bounds),
                )


def joint_total(drug_total: int) -> Range:
    """Return the number of all units that every row allows, but for the uneven one."""
    totals = [
        implied_counts(row, drug_total).total
        for line, row in printed()
        if line != UNEVEN and drug_total > row.a
    ]
    return reduce(Range.meets, totals)


def test_veno_occlusive_disease_by_hand() -> None:
    """ln(596.57/395.96) = 0.40989; / 3.92 = 0.104564, squared 0.0109336; less 1/97: 0.000624.

    Of 2,725 events b is 2,628 and 1/b 0.000381: 0.000244 is left for 1/c, about 4,100. Of 1,007
    cases b is 910 and 1/b alone, 0.001099, is more than all that is left.
    """
    margin = implied_margin(VOD)
    assert margin.low < 0.000624 < margin.high
    assert margin.high - margin.low < 3e-6
    events, cases = implied_counts(VOD, EVENTS), implied_counts(VOD, CASES)
    assert events.possible
    assert 4050 < events.c.low < events.c.high < 4150
    assert (events.b, cases.b, cases.possible) == (2628, 910, False)
    assert events.event == Range(events.c.low + 97, events.c.high + 97)


def test_events_were_counted() -> None:
    """Every row but one allows 2,725 events; 40 of 54 rule out 1,007 cases."""
    rows = dict(printed())
    assert len(rows) == 54
    fits = {
        total: {line for line, row in rows.items() if implied_counts(row, total).possible}
        for total in (CASES, EVENTS)
    }
    assert set(rows) - fits[EVENTS] == {UNEVEN}
    assert len(fits[CASES]) == 14
    assert fits[CASES] < fits[EVENTS]


def test_no_row_needs_more_than_its_rounding() -> None:
    """Only the uneven row has an interval that no variance gives."""
    assert {line for line, row in printed() if implied_variance(row).empty} == {UNEVEN}


def test_the_rows_agree_on_the_size_of_the_database() -> None:
    """With 2,725 events, every row allows 53.8 to 54.4 million events in all.

    With 1,007 cases not even the rows that are possible have a size in common.
    """
    total = joint_total(EVENTS)
    assert 53.8e6 < total.low < total.high < 54.4e6
    cases = [implied_counts(row, CASES) for _, row in printed()]
    assert reduce(Range.meets, [counts.total for counts in cases if counts.possible]).empty


def test_the_counts_give_back_the_printed_intervals() -> None:
    """With c by the ratio and N 54.1 million, every bound is as printed, but for the uneven row.

    The printed ratio is rounded too: where it is small, its last place moves the bounds by more
    than half a unit.
    """
    for line, row in printed():
        event = implied_event(row, EVENTS, Range(54.1e6, 54.1e6))
        c, b = (event.low + event.high) / 2 - row.a, EVENTS - row.a
        half = 1.96 * sqrt(1 / row.a + 1 / b + 1 / c + 1 / (54.1e6 - EVENTS - c))
        for bound, factor in ((row.low, exp(-half)), (row.high, exp(half))):
            away = abs(float(row.ratio) * factor - float(bound))
            assert (away <= 0.005 + 0.005 * factor) == (line != UNEVEN or factor > 1), (line, away)


@pytest.mark.parametrize(
    ("total", "empty"), [(2589, True), (2590, False), (2814, False), (2815, True)]
)
def test_the_rows_alone_tell_the_events_of_the_drug(total: int, empty: bool) -> None:
    """Whatever the text says, only 2,590 to 2,814 units of the drug fit all rows at once."""
    assert joint_total(total).empty is empty


def test_numbers_that_are_no_interval() -> None:
    with pytest.raises(ValueError, match="not an interval around a ratio"):
        implied_variance(PrintedRatio(3, Decimal("1.0"), Decimal("1.1"), Decimal("2.0")))
    with pytest.raises(ValueError, match="has more than 97"):
        implied_counts(VOD, 97)


CELL = st.integers(1, 10**6)


@given(a=CELL, b=CELL, c=CELL, d=CELL, digits=st.integers(2, 6))
@example(a=1, b=1, c=1, d=1_000, digits=2)
def test_the_counts_behind_a_printed_ratio_lie_in_the_ranges(
    a: int, b: int, c: int, d: int, digits: int
) -> None:
    """A table is printed and read back: its own c and N are among those implied."""
    ratio = a * d / (b * c)
    half = 1.96 * sqrt(1 / a + 1 / b + 1 / c + 1 / d)
    step = Decimal(1).scaleb(-digits)
    tokens = [
        Decimal(value).quantize(step) for value in (ratio * exp(-half), ratio, ratio * exp(half))
    ]
    assume(tokens[0] > 10 * step)
    # No paper prints ten digits; their rounding would be finer than floating point.
    assume(tokens[2] < 10**9 * step)
    row = PrintedRatio(a, tokens[1], tokens[0], tokens[2])
    within = 1 + 1e-9
    variance = implied_variance(row)
    assert variance.low / within <= (half / 1.96) ** 2 <= variance.high * within
    found = implied_counts(row, a + b)
    assert found.possible
    assert found.c.low / within <= c <= found.c.high * within
    assert found.total.low / within <= a + b + c + d <= found.total.high * within


def test_a_range_without_values() -> None:
    assert Range(0, inf).meets(Range(1, 2)) == Range(1, 2)
    assert Range(0, 1).meets(Range(2, 3)).empty


def test_the_table_of_the_document_is_what_comes_out() -> None:
    """Ranges are printed rounded outwards: millionths, million events, events."""
    total = joint_total(EVENTS)

    def shown(values: Range, step: float, decimals: int) -> str:
        if values.empty:
            return "none"
        low = f"{floor(values.low / step) * 10.0**-decimals:,.{decimals}f}".replace("-", "−")
        if values.high == inf:
            return f"{low} or more"
        return f"{low} to {ceil(values.high / step) * 10.0**-decimals:,.{decimals}f}"

    expected = []
    for line, row in printed():
        cells = [
            shown(implied_margin(row), 1e-6, 0).replace(",", ""),
            *(shown(implied_counts(row, units).total, 1e5, 1) for units in (EVENTS, CASES)),
            shown(implied_event(row, EVENTS, total), 1, 0),
        ]
        interval = f"{row.ratio} ({row.low}, {row.high})"
        expected.append([str(line), str(row.a), interval, *cells])
    document = (ROOT / "docs" / "faers-paper.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in row.split("|")[1:-1]] for row in document.splitlines()]
    found = [[row[0], *row[2:]] for row in rows if row and row[0].isdigit()]
    assert found == expected
