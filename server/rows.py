"""Rows of an answer, counted in the bytes that the engine writes.

The engine's serialisers are the fastest way to write an answer and tell no number of rows. Each
format separates rows by bytes that its own escaping keeps out of values:

* XML: `<` is escaped in text, so `<result>` is a row (SPARQL Query Results XML Format, 2.3).
* TSV: line ends are escaped in values, so a line is a row, after the header.
* CSV: a line end outside quotes is the end of a row, after the header (RFC 4180).
* JSON: outside strings a row is the only object that stands in an array.
"""

from typing import IO, Protocol

from pyoxigraph import QueryResultsFormat

from .exchange import Refusal

#: Bytes that are counted at once.
_CHUNK = 64 * 1024


#: Bytes of an answer that are kept in order not to count them: most answers cannot have too many.
_KEPT = 32 * 1024 * 1024


class Counter(Protocol):
    """Counts the rows in the parts of an answer, as they come; a row cut in two counts once."""

    mark: bytes  # one byte, of which each row has at least one

    def count(self, data: bytes) -> int:
        """Return how many rows begin, or end, in the next part."""
        ...


class XmlRows:
    """Counts the rows of SPARQL Query Results XML."""

    mark = b"<"
    _tag = b"<result>"

    def __init__(self) -> None:
        """Begin before the first byte."""
        self._rest = b""

    def count(self, data: bytes) -> int:
        """Return how many rows begin in the next part."""
        data = self._rest + data
        self._rest = data[-(len(self._tag) - 1) :]
        return data.count(self._tag)


class TsvRows:
    """Counts the rows of SPARQL 1.1 Query Results TSV."""

    mark = b"\n"

    def __init__(self) -> None:
        """Begin before the header."""
        self._in_header = True

    def count(self, data: bytes) -> int:
        """Return how many rows end in the next part."""
        lines = data.count(b"\n")
        if lines and self._in_header:
            self._in_header = False
            lines -= 1
        return lines


class CsvRows:
    """Counts the rows of SPARQL 1.1 Query Results CSV."""

    mark = b"\n"

    def __init__(self) -> None:
        """Begin before the header."""
        self._in_header = True
        self._in_quotes = False

    def count(self, data: bytes) -> int:
        """Return how many rows end in the next part."""
        # A doubled quote closes and opens again, with nothing between.
        parts = data.split(b'"')
        outside = parts[1::2] if self._in_quotes else parts[::2]
        self._in_quotes ^= len(parts) % 2 == 0
        lines = sum(part.count(b"\n") for part in outside)
        if lines and self._in_header:
            self._in_header = False
            lines -= 1
        return lines


class JsonRows:
    """Counts the rows of SPARQL 1.1 Query Results JSON.

    Outside strings, an object that is a member stands after a colon; all others are rows, but for
    the answer itself.
    """

    mark = b"{"

    def __init__(self) -> None:
        """Begin before the first byte."""
        self._in_answer = False
        self._in_string = False
        self._rest = b""  # of an escape that is cut in two
        self._last = b""  # byte outside strings

    def count(self, data: bytes) -> int:
        """Return how many rows begin in the next part."""
        data = self._rest + data
        self._rest = b"\\" if (len(data) - len(data.rstrip(b"\\"))) % 2 else b""
        data = data[: len(data) - len(self._rest)]
        parts = data.replace(rb"\\", b"").replace(rb"\"", b"").split(b'"')
        outside = b'"'.join(parts[1::2] if self._in_string else parts[::2])
        # What lies outside is without white space, and a string ends before it goes on.
        if self._in_string:
            outside = b'"' + outside
        outside = self._last + outside
        rows = outside.count(b"{") - outside.count(b":{") - self._last.count(b"{")
        self._in_string ^= len(parts) % 2 == 0
        self._last = b'"' if self._in_string else outside[-1:]
        if rows and not self._in_answer:
            self._in_answer = True
            rows -= 1
        return rows


COUNTERS: dict[QueryResultsFormat, type[Counter]] = {
    QueryResultsFormat.JSON: JsonRows,
    QueryResultsFormat.XML: XmlRows,
    QueryResultsFormat.CSV: CsvRows,
    QueryResultsFormat.TSV: TsvRows,
}


class CountedFile:
    """A file that passes on what is written to it, as long as the rows are not too many.

    Rows are counted only once there may be too many of them: until then it is enough to count the
    byte that each row has, which costs a tenth.
    """

    def __init__(self, output: IO[bytes], counter: Counter, limit: int) -> None:
        """Write to `output` until there are more than `limit` rows."""
        self._output, self._counter, self._limit = output, counter, limit
        self._parts: list[bytes] = []
        self._size = 0
        self._kept: list[bytes] | None = []  # what is passed on and not counted yet
        self._kept_size = 0
        self._most = 0  # rows that may be in what is kept
        self._rows = 0

    def write(self, data: bytes) -> int:
        """Take bytes.

        :raises Refusal: 422 if there are too many rows
        """
        self._parts.append(data)
        self._size += len(data)
        if self._size >= _CHUNK:
            self.flush()
        return len(data)

    def flush(self) -> None:
        """Pass on what is held.

        :raises Refusal: 422 if there are too many rows
        """
        data = b"".join(self._parts)
        self._parts.clear()
        self._size = 0
        if self._may_be_too_many(data):
            for part in self._kept or [data]:
                self._rows += self._counter.count(part)
            self._kept = None
        if self._rows > self._limit:
            raise too_many_rows(self._limit)
        self._output.write(data)

    def _may_be_too_many(self, data: bytes) -> bool:
        if self._kept is None:
            return True
        self._kept.append(data)
        self._kept_size += len(data)
        self._most += data.count(self._counter.mark)
        return self._most > self._limit or self._kept_size > _KEPT


def too_many_rows(limit: int) -> Refusal:
    """Return the refusal of an answer that is too long."""
    return Refusal(
        422,
        f"the answer has more than {limit} rows; narrow the query, or ask with LIMIT and OFFSET",
    )
