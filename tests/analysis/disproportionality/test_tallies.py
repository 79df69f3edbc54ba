"""Reports by year, reporter and outcome, counted by hand."""

from collections.abc import Callable

import pytest

from evikg.analysis.disproportionality.counts import Reports
from evikg.analysis.disproportionality.tallies import report_counts

pytest.importorskip("ibis", reason="install the extra `faers`")

Make = Callable[..., Reports]


def test_reports_by_year(reports: Make) -> None:
    given = reports([(at, [], []) for at in range(4)], year=[2020, 2021, 2020, None])
    assert report_counts(given.cases, "year").to_pyarrow().to_pylist() == [
        {"year": 2020, "reports": 2, "percent": 50.0},
        {"year": 2021, "reports": 1, "percent": 25.0},
        {"year": None, "reports": 1, "percent": 25.0},
    ]


def test_a_case_counts_once_for_each_of_its_outcomes(reports: Make) -> None:
    """Case 0: death twice and hospitalisation; case 1: death; case 2: none; case 9 is another's."""
    import ibis

    given = reports([(at, [], []) for at in range(3)])
    outcomes = ibis.memtable(
        {"primaryid": [0, 0, 0, 1, 9], "outcome": ["DE", "DE", "HO", "DE", "LT"]}
    )
    found = report_counts(given.cases, "outcome", outcomes).to_pyarrow().to_pylist()
    assert [(row["outcome"], row["reports"], round(row["percent"], 1)) for row in found] == [
        ("DE", 2, 66.7),
        ("HO", 1, 33.3),
        (None, 1, 33.3),
    ]


def test_a_column_that_is_not_there(reports: Make) -> None:
    with pytest.raises(ValueError, match="no column sex: there are primaryid"):
        report_counts(reports([(1, [], [])]).cases, "sex")
