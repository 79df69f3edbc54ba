"""CSV on the Web: the results and what they refer to as tables, described in JSON.

`csv-metadata.json` gives the datatype of each column, its key and the table it refers to (W3C, CSV
on the Web: Metadata Vocabulary for Tabular Data, https://www.w3.org/TR/tabular-metadata/). Cells
are those of the flat results table: a number is printed as the source prints it, so that the
columns of printed numbers are text. Which columns there are is said in `csvw-*.csv`.
"""

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from pyoxigraph import QueryTriples

from evikg.graph.errors import ExportError
from evikg.graph.mapping import from_triples
from evikg.graph.store import Store
from evikg.graph.table import Row, results_table
from evikg.ontology import individual, prefixes

METADATA = "csv-metadata.json"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: what fills it, and what its description says."""

    name: str
    field: str  # of the record; empty for columns of the results table
    datatype: str
    separator: str  # between the values of a list
    required: bool
    references: str  # a table


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the record type that fills it, and its columns."""

    name: str
    record: str  # empty for results
    kind: str
    key: str
    columns: tuple[Column, ...]


@cache
def table_descriptions() -> tuple[Table, ...]:
    """Return the tables of the export, those that are referred to first."""
    columns: dict[str, list[Column]] = {}
    for row in _described("csvw-columns.csv"):
        required = row["required"] == "true"
        columns.setdefault(row["table"], []).append(
            Column(
                row["column"],
                row["field"],
                row["datatype"],
                row["separator"],
                required,
                row["references"],
            )
        )
    return tuple(
        Table(row["table"], row["record"], row["kind"], row["key"], tuple(columns[row["table"]]))
        for row in _described("csvw-tables.csv")
    )


def write_csvw(store: Store, folder: Path) -> None:
    """Write the tables as CSV files and their description, into a folder that is there.

    :raises ExportError: if a value of a list holds the separator, for which CSV on the Web has no
        escape
    """
    text = files(__package__).joinpath("csvw-records.rq").read_text(encoding="utf-8")
    answer = store.query(text)
    assert isinstance(answer, QueryTriples)  # noqa: S101 - what a CONSTRUCT answers
    records = from_triples(answer)
    _, results = results_table(store, wide=True)
    for table in table_descriptions():
        if table.record:
            rows = [_row(r, table) for r in records if type(r).__name__ == table.record]
        else:
            # What is pooled has no source; what is computed of one source is derived as well.
            rows = [row for row in results if (not row["source"]) == (table.kind == "pooled")]
        with (folder / f"{table.name}.csv").open("w", encoding="utf-8", newline="") as file:
            names = [column.name for column in table.columns]
            writer = csv.DictWriter(file, names, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    described = json.dumps(_metadata(), ensure_ascii=False, indent=1) + "\n"
    (folder / METADATA).write_text(described, encoding="utf-8")


def read_csvw(folder: Path) -> dict[str, list[Row]]:
    """Read the tables that a folder describes, by name; every cell is text, empty where null.

    :raises ExportError: if the folder has no description, or a table is not as described
    """
    try:
        described = json.loads((folder / METADATA).read_text(encoding="utf-8"))
        return {
            table["url"].removesuffix(".csv"): _read(folder / table["url"], table["tableSchema"])
            for table in described["tables"]
        }
    except FileNotFoundError as error:
        raise ExportError(f"{error.filename} is missing: {folder} is no CSV on the Web") from error
    except (ValueError, KeyError, TypeError) as error:
        raise ExportError(f"{folder / METADATA} describes no tables: {error}") from error


def _read(path: Path, schema: dict[str, Any]) -> list[Row]:
    names = [column["name"] for column in schema["columns"]]
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        if list(reader.fieldnames or ()) != names:
            raise ExportError(f"{path} has other columns than {METADATA} says")
        return list(reader)


def _row(record: Any, table: Table) -> Row:
    return {column.name: _cell(record, column, table) for column in table.columns}


def _cell(record: Any, column: Column, table: Table) -> str:
    if column.field == "iri":
        return individual(table.kind, record.slug).value
    value = getattr(record, column.field)
    if not column.separator:
        return _text(value)
    texts = [_text(item) for item in value]
    for text in texts:
        if column.separator in text:
            raise ExportError(
                f"{table.name} {record.slug}: {text!r} holds {column.separator!r}, which separates"
                f" the values of {column.name}: export it as JSON-LD"
            )
    return column.separator.join(texts)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Enum):
        return str(value.value)
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _metadata() -> dict[str, Any]:
    tables = table_descriptions()
    keys = {table.name: table for table in tables}
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:title": "EviKG: reported results and what they refer to",
        "tables": [
            {
                "url": f"{table.name}.csv",
                "tableSchema": {
                    "aboutUrl": prefixes()[table.kind] + f"{{{_slug_column(table)}}}",
                    "columns": [_column(column, keys) for column in table.columns],
                    "primaryKey": table.key,
                    "foreignKeys": list(_foreign_keys(table.columns, keys)),
                },
            }
            for table in tables
        ],
    }


def _slug_column(table: Table) -> str:
    return next((column.name for column in table.columns if column.field == "slug"), table.key)


def _column(column: Column, tables: dict[str, Table]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": column.name,
        "titles": column.name,
        "datatype": column.datatype,
    }
    if column.separator:
        described["separator"] = column.separator
    if column.required:
        described["required"] = True
    if column.references and column.datatype != "anyURI":
        kind = tables[column.references].kind
        described["valueUrl"] = f"{prefixes()[kind]}{{{column.name}}}"
    return described


def _foreign_keys(columns: Iterable[Column], tables: dict[str, Table]) -> Iterator[dict[str, Any]]:
    """Yield the keys that every row has: validators differ over those that may be null.

    What an optional column refers to is said by its `valueUrl`.
    """
    for column in columns:
        if column.references and column.required:
            yield {
                "columnReference": column.name,
                "reference": {
                    "resource": f"{column.references}.csv",
                    "columnReference": tables[column.references].key,
                },
            }


def _described(name: str) -> Iterator[dict[str, str]]:
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())
