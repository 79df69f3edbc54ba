"""Tables of an extract, written as Parquet: one file a table and quarter, of one schema for all."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from itertools import chain
from pathlib import Path
from typing import IO, Any, Self

from .counts import Counts
from .dates import digits
from .layouts import Shape, columns
from .mending import Mender

_CHUNK = 4 * 1024 * 1024
_BLOCK = 8 * 1024 * 1024
#: Lines that the shape of a file is told from.
_HEAD = 200


class BrokenRowsError(ValueError):
    """A file has rows that are not as its header says: it is read again, and they are mended."""


class Reading:
    """A file that is read to its end once: its content hashed, its lines kept whole."""

    def __init__(self, stream: IO[bytes]) -> None:
        """Read from a stream."""
        self._stream = stream
        self._hash = hashlib.sha256()
        self._first = self._read()
        self.nul = False  # whether a byte 0 was among what was read

    def _read(self) -> bytes:
        data = self._stream.read(_CHUNK)
        self._hash.update(data)
        return data

    @property
    def head(self) -> list[bytes]:
        """The first lines, without their ends and without a byte order mark."""
        lines = self._first.removeprefix(b"\xef\xbb\xbf").split(b"\n")
        whole = lines if len(self._first) < _CHUNK else lines[:-1]
        return [line.rstrip(b"\r") for line in whole[:_HEAD] if line.strip()]

    @property
    def sha256(self) -> str:
        """SHA-256 of what was read so far, in hexadecimal."""
        return self._hash.hexdigest()

    def raw(self, skip: int) -> Iterator[bytes]:
        """Yield what follows the header as it stands."""
        data = self._first.removeprefix(b"\xef\xbb\xbf")
        if skip:
            data = data.lstrip(b"\r\n").partition(b"\n")[2]
        while data:
            self.nul |= b"\0" in data
            yield data
            data = self._read()

    def chunks(self, skip: int) -> Iterator[bytes]:
        """Yield whole lines in chunks, less those of the header; the last one as it ends."""
        rest = b""
        for data in self.raw(skip):
            end = data.rfind(b"\n") + 1
            if end:
                yield rest + data[:end] if rest else data[:end]
                rest = data[end:]
            else:
                rest += data
        if rest:
            yield rest


class _Source:
    """Chunks of bytes as a file for PyArrow."""

    closed = False

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self._rest = chunks, memoryview(b"")

    def read(self, size: int) -> memoryview:
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                break
            self._rest = memoryview(chunk)
        data, self._rest = self._rest[:size], self._rest[size:]
        return data

    def close(self) -> None:
        self.closed = True


class TableWriter:
    """Writes batches of a table to Parquet, in the schema that all quarters have."""

    def __init__(self, table: str, target: Path, counts: Counts) -> None:
        """Open a file; close the writer to finish it."""
        import pyarrow as pa
        from pyarrow import parquet

        self._columns, self._counts = columns(table), counts
        self._types = {column.name: _type(column.kind) for column in self._columns}
        self._schema = pa.schema(list(self._types.items()))
        text = [name for name, kind in self._types.items() if kind == pa.string()]
        self._writer = parquet.ParquetWriter(
            target, self._schema, compression="snappy", store_schema=False, use_dictionary=text,
            write_statistics=[name for name in self._types if name not in text],
            column_encoding={n: "DELTA_BINARY_PACKED" for n in self._types if n not in text},
        )  # fmt: skip

    def __enter__(self) -> Self:
        """Return the writer."""
        return self

    def __exit__(self, *error: object) -> None:
        """Close the file."""
        self._writer.close()

    def write(self, batch: Any) -> None:
        """Write a record batch; columns that it lacks are NULL."""
        import pyarrow as pa

        names = set(batch.schema.names)
        arrays = []
        for column in self._columns:
            if column.name not in names:
                arrays.append(pa.nulls(batch.num_rows, self._types[column.name]))
            elif column.kind == "date":
                arrays.append(self._dates(column.name, batch.column(column.name)))
            else:
                arrays.append(batch.column(column.name))
        self._counts.kept += batch.num_rows
        self._writer.write_batch(pa.record_batch(arrays, schema=self._schema))

    def write_rows(self, rows: Iterable[dict[str, str | int | None]], size: int = 50_000) -> None:
        """Write rows by column."""
        import pyarrow as pa

        waiting: list[dict[str, str | int | None]] = []
        for row in rows:
            waiting.append(row)
            if len(waiting) >= size:
                self.write(pa.RecordBatch.from_pylist(waiting, schema=self._schema))
                waiting.clear()
        if waiting:
            self.write(pa.RecordBatch.from_pylist(waiting, schema=self._schema))

    def _dates(self, name: str, array: Any) -> Any:
        """Return dates as digits, NULL where there is none; what is no date is counted."""
        import pyarrow as pa
        from pyarrow import compute

        encoded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
        given = encoded.dictionary.to_pylist()
        read = [None if text is None else digits(text) for text in given]
        if read == given:
            return encoded.cast(pa.string())
        wrong = [
            place
            for place, (text, date) in enumerate(zip(given, read, strict=True))
            if text and date is None
        ]
        if wrong:
            found = compute.is_in(encoded.indices, pa.array(wrong, encoded.indices.type))
            self._counts.dates[name] += compute.sum(found).as_py() or 0
        return pa.array(read, pa.string()).take(encoded.indices)


def convert(
    opened: Callable[[], AbstractContextManager[IO[bytes]]],
    shape: Shape,
    target: Path,
    counts: Counts,
) -> str:
    """Write a table of an ASCII extract as Parquet, and return the SHA-256 of the file.

    A file whose rows are all as its header says goes through PyArrow's reader alone. In any other
    the broken rows are mended or rejected first.

    :param opened: opens the file; called again where rows are broken
    :param target: the Parquet file; written anew
    """
    import pyarrow as pa

    with opened() as stream:
        reading = Reading(stream)
        try:
            with TableWriter(shape.table, target, counts) as writer:
                for batch in _batches(reading.raw(shape.skip), shape):
                    counts.read += batch.num_rows
                    writer.write(batch)
            if not reading.nul:
                return reading.sha256
        except (pa.ArrowInvalid, BrokenRowsError):
            pass
    for counter in (counts.dates, counts.rejected):
        counter.clear()
    counts.read = counts.kept = 0
    mender = Mender(shape, counts)
    with opened() as stream, TableWriter(shape.table, target, counts) as writer:
        reading = Reading(stream)
        for batch in _batches(mender.mended(reading.chunks(shape.skip)), shape):
            writer.write(batch)
        writer.write_rows(_named(row, shape) for row in mender.rows)
    return reading.sha256


def _batches(chunks: Iterator[bytes], shape: Shape) -> Iterator[Any]:
    """Yield the rows of a table as record batches, all of them strictly as the shape says.

    :raises BrokenRowsError: if a row has no key
    :raises pyarrow.ArrowInvalid: if a row has too few or too many fields, a number is none, or a
        byte is not UTF-8
    """
    import pyarrow as pa
    from pyarrow import csv

    names = [column.name if column else f"-{place}" for place, column in enumerate(shape.columns)]
    end = ["-end"] if shape.ended else []
    kept = [column for column in shape.columns if column is not None]
    first = next(chunks, b"")
    while not first:
        following = next(chunks, None)
        if following is None:
            return
        first = following
    source = pa.PythonFile(_Source(chain([first], chunks)), mode="r")
    reader = csv.open_csv(
        source,
        csv.ReadOptions(column_names=names + end, block_size=_BLOCK),
        csv.ParseOptions(delimiter="$", quote_char=False, double_quote=False),
        csv.ConvertOptions(
            include_columns=[column.name for column in kept], strings_can_be_null=True,
            null_values=[""], column_types={column.name: _read_type(column.kind) for column in kept},
        ),
    )  # fmt: skip
    keys = [column.name for column in kept if column.kind == "key"]
    for batch in reader:
        if any(batch.column(name).null_count for name in keys):
            raise BrokenRowsError
        yield batch


def _named(row: list[str], shape: Shape) -> dict[str, str | int | None]:
    """Return the fields of a row by the names of their columns."""
    named: dict[str, str | int | None] = {}
    for column, value in zip(shape.columns, row, strict=False):
        if column is not None and value:
            named[column.name] = value if column.kind in ("text", "date") else int(value)
    return named


def _type(kind: str) -> Any:
    import pyarrow as pa

    return pa.int64() if kind in ("key", "integer") else pa.string()


def _read_type(kind: str) -> Any:
    """Return the type in which a column is read: dates are few, and judged once each."""
    import pyarrow as pa

    return pa.dictionary(pa.int32(), pa.string()) if kind == "date" else _type(kind)
