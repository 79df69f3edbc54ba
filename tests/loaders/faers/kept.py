"""Kept tables that tests write by hand: quarters of a FAERS folder as Parquet."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.parquet as pq

from evikg.loaders.faers.engine import TABLES

Row = Mapping[str, Any]


def keep(folder: Path, quarter: str, **tables: Iterable[Row]) -> Path:
    """Write tables of a quarter, with NULL for what a row does not name; return the folder."""
    for name, rows in tables.items():
        place = folder / "tables" / name / f"{quarter}.parquet"
        place.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(arrow(name, rows), place)
    return folder


def arrow(name: str, rows: Iterable[Row]) -> Any:
    """Return rows of a kept table."""
    return pa.Table.from_pylist([dict(row) for row in rows], ibis.schema(TABLES[name]).to_pyarrow())


def read(table: Any) -> list[dict[str, Any]]:
    """Return an Ibis table as rows in an order of their own."""
    return sorted(table.to_pyarrow().to_pylist(), key=lambda row: str(list(row.items())))
