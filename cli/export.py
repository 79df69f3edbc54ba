"""Write files and folders, each all or nothing, and tables as exact CSV, JSON and Parquet."""

import csv
import io
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

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

    What is no file, as a device or a pipe, is written to as it is: it must not be replaced by one.

    :raises click.UsageError: if the folder cannot be written to
    """
    with replacing(path) as file:
        file.write(data)


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Yield a file to write; it takes the place of `path` when the block ends without an error.

    :raises click.UsageError: if it cannot be written
    """
    draft = None
    try:
        if path.exists() and not path.is_file():
            with path.open("wb") as device:
                yield device
            return
        # A new file has the rights that any new file gets, not those of a temporary one.
        mask = os.umask(0)
        os.umask(mask)
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~mask
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        draft = Path(name)
        with os.fdopen(handle, "wb") as file:
            yield file
        draft.chmod(mode)
        draft.replace(path)
    except OSError as error:
        raise click.UsageError(f"{path} cannot be written: {error.strerror}") from error
    finally:
        if draft is not None:
            draft.unlink(missing_ok=True)


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """Yield a folder to fill; it becomes `path` when the block ends without an error.

    :raises click.UsageError: if `path` is there and not empty, or cannot be written
    """
    if path.is_file() or (path.is_dir() and any(path.iterdir())):
        raise click.UsageError(f"{path} is there already; name a new folder")
    place = path.resolve()
    draft = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        draft.mkdir(parents=True)
        yield draft
        draft.replace(place)
    except OSError as error:
        raise click.UsageError(f"{path} cannot be written: {error.strerror}") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
