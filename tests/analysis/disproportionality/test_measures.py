"""Closed forms against values printed elsewhere, by hand, and by what must hold for any table."""

import itertools
from collections.abc import Callable
from math import isfinite, sqrt
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evikg.analysis.disproportionality.measures import (
    LOOKED_UP,
    with_closed_forms,
    with_expected,
    with_ic,
    with_prr,
    with_ror,
)
from evikg.analysis.disproportionality.thresholds import THRESHOLDS

pytest.importorskip("ibis", reason="install the extra `faers`")

Table = tuple[int, int, int, int]
Measured = Callable[[list[Table], Callable[[Any], Any]], list[dict[str, Any]]]

#: pvda 0.0.4, vignette "Disproportionality analysis", the printed `da_df`: row 1, Drug_Z with
#: Event_1 of its 1,000 simulated reports; 151 reports have the drug and 368 the event.
PVDA: Table = (88, 63, 280, 569)
COUNTS = st.integers(0, 5000)
TABLES = st.lists(st.tuples(COUNTS, COUNTS, COUNTS, COUNTS), min_size=1, max_size=40)
POSITIVE = st.integers(1, 5000)
FULL = st.lists(st.tuples(POSITIVE, POSITIVE, POSITIVE, POSITIVE), min_size=1, max_size=40)
FEW = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def test_ror_as_pvda_prints_it(measured: Measured) -> None:
    """Vignette of pvda: ror(a = 10, b = 20, c = 200, d = 10000) is 25, 11.6 to 54.1."""
    (row,) = measured([(10, 20, 200, 10000)], with_ror)
    assert [f"{row[name]:.3g}" for name in ("ror_low", "ror", "ror_high")] == ["11.6", "25", "54.1"]


def test_ror_by_hand(measured: Measured) -> None:
    """Cells 4, 4, 4, 4: ROR 1, and √(4/4) = 1, so that the interval is exp(±1.96)."""
    (row,) = measured([(4, 4, 4, 4)], with_ror)
    assert row["ror"] == pytest.approx(1)
    assert (row["ror_low"], row["ror_high"]) == pytest.approx((0.140858, 7.099327), abs=1e-6)


def test_prr_as_pvda_prints_it(measured: Measured) -> None:
    """Vignette of pvda: prr(obs = 10, n_drug = 1000, n_event_prr = 200, n_tot_prr = 10000)."""
    (row,) = measured([(10, 990, 200, 9800)], with_prr)
    printed = [f"{row[name]:.3f}" for name in ("prr_low", "prr", "prr_high")]
    assert printed == ["0.266", "0.500", "0.940"]


def test_prr_and_chi_squared_of_rifabutin_and_uveitis(measured: Measured) -> None:
    """The example of Evans, Waller and Davis 2001, as Evans prints it again.

    Mann and Andrews, Pharmacovigilance, the chapter with "Proportional reporting ratios": uveitis in 41 of 55 reports of
    rifabutin and 754 of other drugs, which have 591,958 others; PRR 586, χ² 22,736. The counts
    give 22,739.5 uncorrected and 22,187 corrected, so that the printed χ² is the uncorrected one.
    """
    (row,) = measured([(41, 14, 754, 591958)], with_prr)
    assert round(row["prr"]) == 586
    assert row["chi2"] == pytest.approx(22736, rel=2e-4)
    assert row["chi2_yates"] == pytest.approx(22187, abs=1)


@pytest.mark.parametrize(
    ("event_reports", "ratio"), [(121, 27.96), (13, 279.58), (257, 13.11), (177, 19.06)]
)
def test_prr_as_openebgm_prints_it(measured: Measured, event_reports: int, ratio: float) -> None:
    """Vignette 4 of openEBGM 0.9.1: pairs of 1 report of products with 1, in 3,356 reports.

    E is printed as 0.0360548272, 0.0038736591, 0.0765792610, 0.0527413588: times 3,356 they are
    the reports of the event.
    """
    (row,) = measured([(1, 0, event_reports - 1, 3356 - event_reports)], with_prr)
    assert round(row["prr"], 2) == ratio


def test_chi_squared_by_hand(measured: Measured) -> None:
    """Cells 3, 1, 1, 3: 8·(9−1)²/4⁴ = 2; with Yates's correction 8·(8−4)²/4⁴ = 0.5."""
    (row,) = measured([(3, 1, 1, 3)], with_prr)
    assert (row["prr"], row["chi2"], row["chi2_yates"]) == pytest.approx((3, 2, 0.5))


def test_ic_as_pvda_prints_it(measured: Measured) -> None:
    """The printed row: expected 55.568, IC 0.65849985, from 0.34117708 to 0.94399594."""
    (row,) = measured([PVDA], with_ic)
    assert row["expected"] == pytest.approx(55.568)
    assert row["ic"] == pytest.approx(0.65849985, abs=1e-8)
    assert row["ic025"] == pytest.approx(0.34117708, abs=1e-8)
    assert row["ic975"] == pytest.approx(0.94399594, abs=1e-8)


def test_ic_of_a_given_expectation(measured: Measured) -> None:
    """Vignette of pvda: ic(obs = 10, exp = 5) is 0.933, -0.0973 to 1.69."""
    (row,) = measured([(10, 0, 0, 0)], lambda table: with_ic(table.mutate(expected=5.0)))
    assert [f"{row[name]:.3g}" for name in ("ic025", "ic", "ic975")] == ["-0.0973", "0.933", "1.69"]


@pytest.mark.parametrize("a", [3, 10, 100, LOOKED_UP, LOOKED_UP + 1, 10**6])
def test_ic_interval_is_near_the_closed_approximation(measured: Measured, a: int) -> None:
    """Norén 2013: IC − 3.3/√(O+½) − 2/(O+½)^1.5 and IC + 2.4/√ − 0.5/^1.5."""
    (row,) = measured([(a, 0, 0, 0)], with_ic)
    root = 1 / sqrt(a + 0.5)
    # 2.8 = 1.96 / ln 2 is where both factors tend to, which 3.3 and 2.4 only approach.
    assert row["ic"] - row["ic025"] == pytest.approx(3.3 * root + 2 * root**3, abs=0.6 * root)
    assert row["ic975"] - row["ic"] == pytest.approx(2.4 * root - 0.5 * root**3, abs=0.6 * root)


def test_the_two_ways_to_a_quantile_meet(measured: Measured) -> None:
    """Beyond the looked-up counts the interval goes on where it was."""
    below, above = measured([(LOOKED_UP, 0, 0, 0), (LOOKED_UP + 1, 0, 0, 0)], with_ic)
    for end in ("ic025", "ic975"):
        assert above[end] - above["ic"] == pytest.approx(below[end] - below["ic"], abs=3e-5)


@pytest.mark.parametrize(
    ("table", "undefined"),
    [
        ((3, 0, 2, 4), {"ror"}),
        ((3, 2, 0, 4), {"ror", "prr"}),
        ((3, 2, 4, 0), {"ror"}),
        ((0, 2, 4, 9), {"ror", "prr"}),
        ((3, 0, 2, 0), {"ror", "prr_low", "chi2"}),
        ((3, 0, 0, 4), {"ror", "prr"}),
        ((3, 2, 0, 0), {"ror", "prr", "chi2"}),
        ((3, 0, 0, 0), {"ror", "prr", "chi2"}),
        ((0, 0, 0, 0), {"ror", "prr", "chi2", "ic"}),
        ((3, 1, 2, 4), set()),
    ],
)
def test_what_a_zero_cell_leaves_undefined(
    measured: Measured, table: Table, undefined: set[str]
) -> None:
    (row,) = measured([table], with_closed_forms)
    groups = {
        "ror": ["ror", "ror_low", "ror_high"],
        "prr": ["prr", "prr_low", "prr_high"],
        "prr_low": ["prr_low", "prr_high"],
        "chi2": ["chi2", "chi2_yates"],
        "ic": ["expected", "ic", "ic025", "ic975"],
    }
    missing = {name for name, value in row.items() if value is None}
    assert missing == {name for group in undefined for name in groups[group]}


def test_a_large_database_does_not_overflow(measured: Measured) -> None:
    """In 60 million units, products of counts pass 2^63; χ² is nearly N·(a/E − 1)²·E/N."""
    a, b, c, d = 30_000, 2_000_000, 400_000, 57_570_000
    (row,) = measured([(a, b, c, d)], with_closed_forms)
    n = a + b + c + d
    exact = n * (a * d - b * c) ** 2 / ((a + b) * (c + d) * (a + c) * (b + d))
    assert row["chi2"] == pytest.approx(exact, rel=1e-12)
    assert row["ror"] == pytest.approx(a * d / (b * c), rel=1e-12)


@FEW
@given(tables=TABLES)
def test_no_table_gives_nan_or_infinity(measured: Measured, tables: list[Table]) -> None:
    for row in measured(tables, with_closed_forms):
        assert all(value is None or isfinite(value) for value in row.values())


@FEW
@given(tables=FULL)
def test_intervals_hold_their_estimate(measured: Measured, tables: list[Table]) -> None:
    for row in measured(tables, with_closed_forms):
        assert row["ror_low"] < row["ror"] < row["ror_high"]
        assert row["prr_low"] < row["prr"] < row["prr_high"]
        assert row["ic025"] < row["ic"] < row["ic975"]
        assert 0 <= row["chi2_yates"] <= row["chi2"]


@FEW
@given(tables=FULL)
def test_ror_is_symmetric(measured: Measured, tables: list[Table]) -> None:
    """Drug and event may change places; with the rows changed it is the reciprocal."""
    straight = measured(tables, with_ror)
    turned = measured([(a, c, b, d) for a, b, c, d in tables], with_ror)
    swapped = measured([(c, d, a, b) for a, b, c, d in tables], with_ror)
    for one, two, three in zip(straight, turned, swapped, strict=True):
        for name in ("ror", "ror_low", "ror_high"):
            assert one[name] == pytest.approx(two[name])
        assert one["ror"] == pytest.approx(1 / three["ror"])
        assert one["ror_low"] == pytest.approx(1 / three["ror_high"])


@FEW
@given(drug=st.integers(1, 60), event=st.integers(1, 60), rest=st.integers(0, 5000))
def test_ic_rises_with_a(measured: Measured, drug: int, event: int, rest: int) -> None:
    """With fixed margins, each further case raises the IC and both ends of its interval."""
    tables = [(a, drug - a, event - a, rest + a) for a in range(min(drug, event) + 1)]
    found = measured(tables, with_ic)
    for one, two in itertools.pairwise(found):
        assert all(one[name] < two[name] for name in ("ic", "ic025", "ic975"))


@FEW
@given(tables=FULL)
def test_expected_is_a_under_independence(measured: Measured, tables: list[Table]) -> None:
    for (a, b, c, d), row in zip(tables, measured(tables, with_expected), strict=True):
        assert row["expected"] == pytest.approx((a + b) * (a + c) / (a + b + c + d))


@pytest.mark.parametrize(
    ("name", "meets", "misses"),
    [
        ("ror", {"a": 3, "ror_low": 1.01}, [{"a": 2}, {"ror_low": 1.0}, {"ror_low": None}]),
        (
            "evans",
            {"a": 3, "prr": 2.0, "chi2": 4.0},
            [{"a": 2}, {"prr": 1.99}, {"chi2": 3.99}, {"prr": None}],
        ),
        ("ic", {"ic025": 0.01}, [{"ic025": 0.0}, {"ic025": None}]),
        ("ebgm", {"eb05": 2.0}, [{"eb05": 1.99}, {"eb05": None}]),
    ],
)
def test_thresholds_at_their_edges(
    name: str, meets: dict[str, Any], misses: list[dict[str, Any]]
) -> None:
    """The rules as Duan 2025, Evans 2001, Norén 2013 and DuMouchel 1999 print them."""
    import ibis
    import pyarrow as pa

    rows = [meets, *({**meets, **change} for change in misses)]
    table = ibis.memtable(pa.Table.from_pylist([{"row": at, **row} for at, row in enumerate(rows)]))
    held = table.mutate(held=THRESHOLDS[name].holds(table)).order_by("row").to_pyarrow()
    assert held["held"].to_pylist() == [True] + [False] * len(misses)


def test_a_threshold_needs_its_columns() -> None:
    import ibis

    with pytest.raises(ValueError, match="the threshold evans needs prr, chi2"):
        THRESHOLDS["evans"].holds(ibis.memtable({"a": [3]}))
