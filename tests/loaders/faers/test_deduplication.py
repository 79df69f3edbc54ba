"""Which report of a case stays."""

from typing import Any

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evikg.loaders.faers.deduplication import alike, date_key, latest, live

from .kept import arrow, read


def demo(*rows: tuple[int, int | None, str | None]) -> Any:
    """Return reports: primaryid, caseid, FDA_DT."""
    names = ("primaryid", "caseid", "fda_dt")
    return ibis.memtable(arrow("demo", [dict(zip(names, row, strict=True)) for row in rows]))


def stays(*rows: tuple[int, int | None, str | None]) -> list[int]:
    return [row["primaryid"] for row in read(latest(demo(*rows)))]


def test_the_example_of_the_study_of_inotuzumab_leaves_the_report_it_leaves() -> None:
    # Duan et al. 2025, doi:10.1097/JS9.0000000000002435, Table 1: case, FDA_DT, PRIMARYID, Delete.
    table_1 = [
        (4070800, "20040113", 4271953, "Yes"),
        (4070800, "20040113", 4271960, "Yes"),
        (4070800, "20040130", 4283861, "Yes"),
        (4070800, "20040308", 4314767, "No"),
    ]
    kept = stays(*((report, case, date) for case, date, report, _ in table_1))
    assert kept == [report for _, _, report, delete in table_1 if delete == "No"]
    # The second rule shows in its first two rows: of one date the highest PRIMARYID.
    assert stays(*((report, case, date) for case, date, report, _ in table_1[:2])) == [4271960]


@pytest.mark.parametrize(
    ("rows", "kept"),
    [
        # The latest date goes before the highest number.
        ([(11, 1, "20200101"), (12, 1, "20191231")], 11),
        # A date in part comes before every full date of its year or month, after all before it.
        ([(11, 1, "20200101"), (12, 1, "2020")], 11),
        ([(11, 1, "20200201"), (12, 1, "202002")], 11),
        ([(12, 1, "20191231"), (11, 1, "2020")], 11),
        ([(12, 1, "202001"), (11, 1, "202002")], 11),
        ([(12, 1, "2020"), (11, 1, "202001")], 11),
        # No date comes before every date; of several without, the highest number.
        ([(11, 1, "2004"), (12, 1, None)], 11),
        ([(11, 1, None), (12, 1, None)], 12),
        # One case number in AERS, whose reports have ISR numbers, and FAERS.
        ([(4271953, 4070800, "20120101"), (40708002, 4070800, "20130101")], 40708002),
        ([(4271953, 4070800, "20120101"), (40708002, 4070800, "20120101")], 40708002),
        ([(4271953, 4070800, "20130101"), (40708002, 4070800, "20120101")], 4271953),
    ],
)
def test_of_a_case_one_report_stays(rows: list[tuple[int, int, str | None]], kept: int) -> None:
    assert stays(*rows) == stays(*reversed(rows)) == [kept]


def test_a_report_without_a_case_number_is_a_case_of_its_own() -> None:
    assert stays((11, None, "2020"), (12, None, "2020"), (13, 1, "2020")) == [11, 12, 13]


def test_deleted_cases_are_out_with_all_their_reports() -> None:
    reports = demo((11, 1, "2020"), (12, 1, "2021"), (21, 2, "2020"), (9, None, "2020"))
    deleted = ibis.memtable(arrow("deleted", [{"caseid": 1}, {"caseid": 3}, {"caseid": 1}]))
    assert [row["primaryid"] for row in read(live(reports, deleted))] == [21, 9]


dates = st.none() | st.sampled_from(["2019", "2020", "201912", "202001", "20191231", "20200101"])
reports = st.lists(
    st.tuples(st.integers(1, 30), st.integers(1, 5), dates),
    unique_by=lambda row: row[0],
    min_size=1,
)


@settings(max_examples=40)
@given(reports, st.randoms(use_true_random=False))
def test_exactly_one_report_of_every_case_stays_whatever_the_order(
    rows: list[tuple[int, int, str | None]], random: Any
) -> None:
    kept = read(latest(demo(*rows)))
    assert sorted(row["caseid"] for row in kept) == sorted({case for _, case, _ in rows})
    # The rule said in other words: none of the case comes after the one that stays.
    for row in kept:
        order = {
            n: ((date or "").ljust(8, "0"), n) for n, case, date in rows if case == row["caseid"]
        }
        assert row["primaryid"] == max(order, key=lambda n: order[n])
    again = [row for row in rows if row[0] in {one["primaryid"] for one in kept}]
    assert read(latest(demo(*again))) == kept
    random.shuffle(rows)
    assert read(latest(demo(*rows))) == kept


def test_dates_are_put_in_order_by_what_is_known_of_them() -> None:
    given = [None, "2019", "201912", "20191231", "2020", "202001", "20200101"]
    table = ibis.memtable(pa.table({"date": pa.array(given, pa.string())}))
    keys = table.select(key=date_key(table.date)).to_pyarrow()["key"].to_pylist()
    assert keys == [0, 20190000, 20191200, 20191231, 20200000, 20200100, 20200101]


def told(*changes: dict[str, Any]) -> list[int]:
    """Return which of reports that tell the same, but for what is changed in each, go."""
    same: dict[str, Any] = {
        "fda_dt": "20200101", "event_dt": "20190704", "sex": "F", "age_years": 61.0,
        "country": "US", "drugs": (1, 2), "events": (7, 8),
    }  # fmt: skip
    told = [{"primaryid": n, **same, **change} for n, change in enumerate(changes, start=1)]
    cases, drugs, reactions = [], [], []
    for report in told:
        drugs += [{"primaryid": report["primaryid"], "drug": one} for one in report.pop("drugs")]
        reactions += [
            {"primaryid": report["primaryid"], "event": one} for one in report.pop("events")
        ]
        cases.append(report)
    schema = pa.schema(
        [(n, pa.float64() if n == "age_years" else pa.string()) for n in cases[0]][1:]
    )
    schema = pa.schema([("primaryid", pa.int64()), *schema])
    gone = alike(
        ibis.memtable(pa.Table.from_pylist(cases, schema)),
        ibis.memtable(pa.Table.from_pylist(drugs)),
        ibis.memtable(pa.Table.from_pylist(reactions)),
    )
    return [row["primaryid"] for row in read(gone)]


def test_of_reports_that_tell_the_same_the_latest_stays() -> None:
    assert told({}, {}) == [1]
    assert told({"fda_dt": "20200102"}, {}) == [2]
    assert told({"fda_dt": "2020"}, {}, {"fda_dt": None}) == [1, 3]
    # In whatever order, and however often, drugs and reactions are named.
    assert told({"drugs": (2, 1, 2)}, {"events": (8, 7)}) == [1]


@pytest.mark.parametrize(
    "change",
    [
        {"event_dt": "20190705"}, {"sex": "M"}, {"age_years": 62.0}, {"country": "CA"},
        {"drugs": (1,)}, {"drugs": (1, 2, 3)}, {"events": (7,)}, {"events": (7, 9)},
    ],
)  # fmt: skip
def test_reports_that_differ_in_one_fact_both_stay(change: dict[str, Any]) -> None:
    assert told({}, change) == []


@pytest.mark.parametrize(
    "unknown",
    [
        {"event_dt": None}, {"event_dt": "2019"}, {"event_dt": "201907"}, {"sex": None},
        {"age_years": None}, {"country": None}, {"drugs": ()}, {"events": ()},
    ],
)  # fmt: skip
def test_what_is_not_known_is_not_the_same(unknown: dict[str, Any]) -> None:
    assert told(unknown, unknown, {"drugs": (5,)}) == []
