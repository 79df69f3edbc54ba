"""Engines that work on FAERS tables, by Ibis: DuckDB in this process, PySpark on a cluster."""

from collections.abc import Mapping
from pathlib import Path

import ibis
from ibis import BaseBackend
from ibis.expr import types as ir
from ibis.util import gen_name

#: Columns of the kept tables that analysis needs, with their types: any column that a layout lacks
#: is NULL in all its rows.
TABLES: Mapping[str, Mapping[str, str]] = {
    "demo": {
        "primaryid": "int64", "caseid": "int64", "fda_dt": "string", "event_dt": "string",
        "age": "string", "age_cod": "string", "age_grp": "string", "sex": "string", "wt": "string",
        "wt_cod": "string", "occp_cod": "string", "reporter_country": "string",
        "occr_country": "string",
    },
    "drug": {
        "primaryid": "int64", "drug_seq": "int64", "role_cod": "string", "drugname": "string",
        "prod_ai": "string",
    },
    "reac": {"primaryid": "int64", "pt": "string"},
    "outc": {"primaryid": "int64", "outc_cod": "string"},
    "indi": {"primaryid": "int64", "drug_seq": "int64", "indi_pt": "string"},
    "ther": {
        "primaryid": "int64", "drug_seq": "int64", "start_dt": "string", "end_dt": "string",
    },
    "deleted": {"caseid": "int64"},
}  # fmt: skip
#: Memory that DuckDB may take before it works on disk.
MEMORY = "2GB"


def embedded(spill: Path | None = None) -> BaseBackend:
    """Return a DuckDB of its own, in memory.

    :param spill: the folder for what does not fit into memory
    """
    settings = {"preserve_insertion_order": False, "memory_limit": MEMORY}
    if spill is not None:
        settings["temp_directory"] = str(spill)
    return ibis.duckdb.connect(**settings)


def hold(backend: BaseBackend, rows: ir.Table) -> ir.Table:
    """Work rows out once, and keep them for as long as the connection lasts."""
    if backend.name == "pyspark":
        rows.limit(0).to_pyarrow()  # an execution tells Spark of tables in memory, a cache does not
        return rows.cache()
    return backend.create_table(gen_name("held"), rows, temp=True)


def parquet(backend: BaseBackend, place: Path) -> ir.Table:
    """Return a table in Parquet: one file, or the files of a folder."""
    if place.is_dir() and backend.name != "pyspark":
        return backend.read_parquet(f"{place}/*.parquet")
    return backend.read_parquet(str(place))


def quarters(folder: Path, name: str) -> list[Path]:
    """Return the files of a table, one a quarter, oldest first."""
    return sorted((folder / "tables" / name).glob("*.parquet"))


def kept_table(backend: BaseBackend, folder: Path, name: str, *, quarter: bool = False) -> ir.Table:
    """Return a table of all quarters, with the columns of `TABLES`.

    :param quarter: with a column `quarter`, as 2022q4
    """
    columns = TABLES[name]
    files = quarters(folder, name)
    if quarter:
        columns = {**columns, "quarter": "string"}
    if not files:
        return ibis.memtable([], schema=ibis.schema(columns))
    if not quarter:
        return parquet(backend, files[0].parent).select(*columns)
    return ibis.union(
        *(
            backend.read_parquet(str(file)).select(*TABLES[name], quarter=ibis.literal(file.stem))
            for file in files
        )
    )
