"""The same expressions on DuckDB and on Spark: equal results."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from evikg.analysis.disproportionality.counts import (
    Counting,
    Reports,
    drug_counts,
    pair_counts,
    stratum_counts,
)
from evikg.analysis.disproportionality.measures import with_closed_forms
from evikg.analysis.disproportionality.onset import days_to_onset
from evikg.analysis.disproportionality.stratified import adjusted
from evikg.analysis.disproportionality.tallies import report_counts
from evikg.analysis.disproportionality.thresholds import THRESHOLDS

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

ibis = pytest.importorskip("ibis", reason="install the extra `faers`")
pa = pytest.importorskip("pyarrow", reason="install the extra `faers`")

# Ibis calls what DuckDB and pandas deprecate, and Spark leaves sockets to the garbage collector.
pytestmark = [
    pytest.mark.filterwarnings(f"ignore::{category}")
    for category in ("DeprecationWarning", "FutureWarning", "ResourceWarning")
]
CASES = 60


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write random reports with repeated and missing values as Parquet files."""
    import pyarrow.parquet as pq

    draw = random.Random(7)  # noqa: S311

    def drawn(most: int, rows: int = 150) -> list[int]:
        return [draw.randrange(most) for _ in range(rows)]

    def days(first: int, last: int) -> list[str]:
        return [f"202103{draw.randint(first, last)}" for _ in range(CASES)]

    tables = {
        "cases": {
            "primaryid": range(CASES),
            "sex": [draw.choice(["F", "M", None]) for _ in range(CASES)],
            "year": [draw.choice([2020, 2021]) for _ in range(CASES)],
            "event_dt": days(10, 28),
        },
        "drugs": {"primaryid": drawn(CASES), "drug_seq": drawn(2), "drug": drawn(6)},
        "events": {"primaryid": drawn(CASES), "event": drawn(6)},
        "therapies": {
            "primaryid": range(CASES),
            "drug_seq": [0] * CASES,
            "start_dt": [draw.choice(["2021", day]) for day in days(10, 20)],
        },
    }
    folder = tmp_path_factory.mktemp("reports")
    for name, columns in tables.items():
        pq.write_table(pa.table(columns), folder / f"{name}.parquet")
    return folder


def tables(connection: Any, files: Path) -> tuple[Reports, Any]:
    names = ("cases", "drugs", "events", "therapies")
    cases, drugs, events, therapies = (
        connection.read_parquet(files / f"{name}.parquet", table_name=name) for name in names
    )
    return Reports(cases, drugs, events), therapies


def flagged(reports: Reports) -> Any:
    table = with_closed_forms(pair_counts(reports, Counting.EVENT))
    return table.mutate(**{name: THRESHOLDS[name].holds(table) for name in ("ror", "evans", "ic")})


QUESTIONS: dict[str, Callable[[Reports, Any], Any]] = {
    "all pairs": lambda reports, _: flagged(reports),
    "an active comparator": lambda reports, _: drug_counts(
        reports, [1, 2], name="either", comparators=[3]
    ),
    "strata": lambda reports, _: adjusted(stratum_counts(reports, ["sex", "year"])),
    "reports by sex": lambda reports, _: report_counts(reports.cases, "sex"),
    "days to onset": lambda reports, therapies: days_to_onset(
        reports.cases, reports.drugs, therapies, [1, 2]
    ),
}


def test_spark_gives_what_duckdb_gives(spark: "SparkSession", files: Path) -> None:
    duckdb, cluster = ibis.duckdb.connect(), ibis.pyspark.connect(spark)
    for name, question in QUESTIONS.items():
        one, other = (
            question(*tables(connection, files)).to_pyarrow().to_pylist()
            for connection in (duckdb, cluster)
        )
        assert one, name
        keys = [key for key in one[0] if key in {"primaryid", "drug", "event", "sex"}]
        one, other = (
            sorted(rows, key=lambda row: [str(row[key]) for key in keys]) for rows in (one, other)
        )
        assert len(one) == len(other), name
        for mine, theirs in zip(one, other, strict=True):
            assert mine == {key: same(value, mine[key]) for key, value in theirs.items()}, name


def same(value: Any, other: Any) -> Any:
    """Return `other` where `value` is the same to 12 digits, else `value`."""
    close = isinstance(value, float) and isinstance(other, float)
    return other if close and value == pytest.approx(other, rel=1e-12, abs=1e-15) else value
