"""Small report sets and two-by-two tables as Ibis tables."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pytest

from evikg.analysis.disproportionality.counts import Reports

#: One case: primaryid, its drugs, its events.
Case = tuple[int, Iterable[int], Iterable[int]]


@pytest.fixture(scope="session")
def reports() -> Callable[..., Reports]:
    """Return a maker of reports from cases; further columns of cases by name, one value a case."""
    import ibis
    import pyarrow as pa

    def make(cases: list[Case], **columns: list[object]) -> Reports:
        def table(rows: list[tuple[int, int]], name: str) -> Any:
            ids, values = [row[0] for row in rows], [row[1] for row in rows]
            return ibis.memtable(
                pa.table(
                    {"primaryid": pa.array(ids, pa.int64()), name: pa.array(values, pa.int32())}
                )
            )

        ids = pa.array([case[0] for case in cases], pa.int64())
        return Reports(
            ibis.memtable(pa.table({"primaryid": ids, **columns})),
            table([(case, drug) for case, drugs, _ in cases for drug in drugs], "drug"),
            table([(case, event) for case, _, events in cases for event in events], "event"),
        )

    return make


@pytest.fixture(scope="session")
def measured() -> Callable[..., list[dict[str, Any]]]:
    """Return a function: tables (a, b, c, d) through an expression, as rows in their order."""
    import ibis
    import pyarrow as pa

    def run(tables: list[tuple[int, int, int, int]], add: Callable[[Any], Any]) -> Any:
        columns = {
            name: pa.array([cells[at] for cells in tables], pa.int64())
            for at, name in enumerate("abcd")
        }
        numbered = ibis.memtable(pa.table({"row": list(range(len(tables))), **columns}))
        return add(numbered).order_by("row").to_pyarrow().to_pylist()

    return run


@pytest.fixture(scope="session")
def rows() -> Callable[[Any], dict[tuple[object, ...], tuple[int, ...]]]:
    """Return a function: an executed table of counts by its keys, as (a, b, c, d)."""

    def read(table: Any) -> dict[tuple[object, ...], tuple[int, ...]]:
        keys = [name for name in ("drug", "event", "stratum") if name in table.columns]
        found: list[Mapping[str, Any]] = table.to_pyarrow().to_pylist()
        by_key = {
            tuple(row[key] for key in keys): tuple(row[cell] for cell in "abcd") for row in found
        }
        assert len(by_key) == len(found)
        return by_key

    return read
