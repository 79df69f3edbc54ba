"""Write tables to files: exact CSV, JSON and Parquet, each all or nothing."""

import csv
import io
import json
import os
import tempfile
from pathlib import Path

import click


def table_bytes(columns: list[str], rows: list[dict[str, str]], format_: str) -> bytes:
    """Return a table of text cells as CSV (UTF-8), JSON or Parquet."""
    if format_ == "json":
        return (json.dumps(rows, ensure_ascii=False, indent=1) + "\n").encode()
    if format_ == "parquet":
        return _parquet(columns, rows)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _parquet(columns: list[str], rows: list[dict[str, str]]) -> bytes:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ModuleNotFoundError as error:
        raise click.UsageError("parquet needs the extra: pip install 'evikg[arrow]'") from error
    arrays = {name: pa.array([row[name] or None for row in rows], pa.string()) for name in columns}
    output = io.BytesIO()
    pq.write_table(pa.table(arrays), output)
    return output.getvalue()


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file in one step: it is the old one or the new one, never a part.

    :raises click.UsageError: if the folder cannot be written to
    """
    try:
        handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(draft).replace(path)
    except OSError as error:
        raise click.UsageError(f"{path} cannot be written: {error.strerror}") from error
