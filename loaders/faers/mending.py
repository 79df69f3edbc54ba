"""Rows that are broken in the file: mended where only one reading is possible, else rejected.

The ASCII extracts have no quoting, so a line break or a separator within a field breaks the row.
Known cases: rows that go on in the next line (most of the AERS years), two rows in one line
(DRUG10Q2, DRUG11Q2 to DRUG11Q4), a `$` in MFR_NUM (DEMO12Q1), bytes that are not UTF-8.
"""

import re
from collections.abc import Iterator
from itertools import combinations_with_replacement

from .counts import Counts
from .layouts import SEPARATOR, Column, Shape

BROKEN = "line break within a row"
STRAY = "$ within a field"
GLUED = "two rows in one line"
ENCODING = "not UTF-8, read as Windows-1252"
CONTROL = "NUL or carriage return within a row"
LONGER = "empty fields after the last"
NO_END = "no $ at the end"
TOO_FEW = "too few fields"
CUT = "file ends within a row"
TOO_MANY = "too many fields"
AMBIGUOUS = "too many fields, in more than one possible way"
NO_KEY = "does not begin with the number of a report"
NOT_NUMBER = "not a number"

_ALL_BUT = bytes(sorted(set(range(256)) - set(b"$\n")))
#: Separators too many that are tried in all places.
_MOST_STRAY = 4
#: Of 64-bit numbers.
_LARGEST = 2**63 - 1
#: Lines that one row may be broken over.
_MOST_LINES = 200


class Mender:
    """Takes the chunks of a file, and gives back its good rows, one a line, the others mended.

    Rows with a separator in a field cannot be written as lines: they are in `rows`.
    """

    def __init__(self, shape: Shape, counts: Counts) -> None:
        """Start with the first line after the header."""
        self.rows: list[list[str]] = []
        self._shape, self._counts = shape, counts
        self._whole = SEPARATOR * (shape.width - 1) + b"\n"
        self._starts = _numbers(shape)
        self._line = shape.skip
        self._begun = 0  # the line in which the open or the held row begins
        self._open: bytes | None = None  # the beginning of a row that is not complete
        self._lines = 0  # of it
        self._held: bytes | None = None  # a complete row that the next line may belong to
        self._why: set[str] = set()  # how the open or the held row was mended
        self._out: list[bytes] = []

    def mended(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """Yield good rows in chunks.

        :param chunks: whole lines each, less the header; the last may lack the end of its line
        """
        ended = True
        for chunk in chunks:
            ended = chunk.endswith(b"\n")
            lines = chunk.replace(b"\r\n", b"\n")
            if self._is_good(lines):
                self._close()
                last = lines.rfind(b"\n", 0, -1) + 1
                rows = lines.count(b"\n")
                self._out.append(lines[:last])
                self._counts.read += rows - 1
                self._line += rows
                self._held, self._why, self._begun = lines[last:-1], set(), self._line
            else:
                for line in lines.removesuffix(b"\n").split(b"\n"):
                    self._line += 1
                    self._take(line)
            yield b"".join(self._out)
            self._out.clear()
        self._close(TOO_FEW if ended else CUT)
        yield b"".join(self._out)
        self._out.clear()

    def _is_good(self, lines: bytes) -> bool:
        """Tell whether every line of a chunk is a row, and the first begins one."""
        if self._open is not None or b"\r" in lines or b"\0" in lines or not lines.endswith(b"\n"):
            return False
        separators = lines.translate(None, _ALL_BUT)
        rows = len(separators) // len(self._whole)
        if separators != self._whole * rows or len(self._starts.findall(lines)) != rows:
            return False
        return lines.isascii() or _is_utf8(lines)

    def _take(self, raw: bytes) -> None:
        line, why = self._decoded(raw)
        if not line.strip():
            return
        begins = self._begins(line)
        if not begins and self._lacks_end() and line.count(SEPARATOR) > 1:
            self._close()
        if begins or (self._open is None and self._held is None):
            self._close()
            if not begins:
                self._counts.reject(self._line, NO_KEY)
                return
            self._open, self._lines, self._why = line, 1, why
            self._begun = self._line
        elif self._open is not None:
            self._open = self._open.rstrip() + b" " + line.lstrip()
            self._lines += 1
            self._why |= why | {BROKEN}
        else:
            self._append(line, why)
            return
        width = self._open.count(SEPARATOR) + 1
        if width == self._shape.width:
            self._held, self._open = self._open, None
        elif width > self._shape.width or self._lines > _MOST_LINES:
            row, self._open = self._open, None
            self._resolve(row)

    def _append(self, line: bytes, why: set[str]) -> None:
        """Add a line to the last field of the row before it, if it can belong there."""
        last = self._shape.columns[-1]
        if SEPARATOR in line or self._shape.ended or last is None or self._held is None:
            self._counts.reject(self._line, NO_KEY)
            return
        row = self._held.rstrip() + b" " + line.lstrip()
        if not last.looks.fullmatch(row.rpartition(SEPARATOR)[2].decode()):
            self._counts.reject(self._line, NO_KEY)
            return
        self._held = row
        self._why |= why | {BROKEN}

    def _decoded(self, raw: bytes) -> tuple[bytes, set[str]]:
        why = set()
        if not _is_utf8(raw):
            # Windows-1252 leaves five bytes undefined: those are read as ISO 8859-1.
            text = "".join(_character(byte) for byte in raw)
            raw = text.encode()
            why.add(ENCODING)
        if b"\0" in raw or b"\r" in raw:
            raw = raw.replace(b"\0", b"").rstrip(b"\r")
            if b"\r" in raw:
                raw = raw.replace(b"\r", b" ")
            why.add(CONTROL)
        return raw, why

    def _close(self, short: str = TOO_FEW) -> None:
        """Write the row that is held, and judge the one that is open.

        :param short: why it is rejected
        """
        if self._open is not None:
            ended = self._lacks_end()
            row, self._open = self._open, None
            if ended:
                self._why.add(NO_END)
                self._held = row + SEPARATOR
            else:
                self._counts.reject(self._begun, short)
        if self._held is not None:
            row, self._held = self._held, None
            self._write(row.split(SEPARATOR))

    def _begins(self, line: bytes) -> bool:
        """Tell whether a line begins a row; it may break off after the number of the report."""
        if self._starts.match(line):
            return True
        key, *others = line.rstrip().split(SEPARATOR)
        short = self._starts.pattern.count(SEPARATOR) > len(others) > 0
        first = self._shape.columns[0]
        return (
            short
            and first is not None
            and first.looks.fullmatch(key.decode()) is not None
            and all(field.isdigit() or not field for field in others)
        )

    def _lacks_end(self) -> bool:
        """Tell whether the open row is complete but for the separator at its end."""
        if self._open is None or not self._shape.ended:
            return False
        return self._open.count(SEPARATOR) == self._shape.width - 2

    def _write(self, fields: list[bytes]) -> None:
        """Write a row that has its width, if its numbers are numbers."""
        for column, value in zip(self._shape.columns, fields, strict=False):
            if column is None or column.kind not in ("key", "integer"):
                continue
            if value.strip() and not _is_number(value.strip()):
                self._counts.reject(self._begun, f"{column.name} is {NOT_NUMBER}")
                return
        self._counts.read += 1
        if self._why:
            self._counts.mended += 1
            self._counts.mended_by_reason.update(self._why)
        if any(SEPARATOR in value for value in fields):
            self.rows.append([value.decode() for value in fields])
        else:
            self._out.append(SEPARATOR.join(fields) + b"\n")

    def _resolve(self, row: bytes) -> None:
        """Judge a row with too many separators."""
        fields, width = row.split(SEPARATOR), self._shape.width
        extra = len(fields) - width
        if rows := self._parted(fields):
            self._why.add(GLUED)
            for part in rows:
                self._write(part)
            return
        readings = [(STRAY, read) for read in self._alignments(fields, extra)]
        if not any(field.strip() for field in fields[width:]) and self._looks(fields[:width]):
            readings.append((LONGER, fields[:width]))
        if len(readings) == 1:
            why, read = readings[0]
            self._why.add(why)
            self._write(read)
        else:
            self._counts.reject(self._begun, AMBIGUOUS if readings else TOO_MANY)

    def _parted(self, fields: list[bytes]) -> list[list[bytes]]:
        """Return the two rows that stand in one line; none if that is not what it is."""
        columns, ended = len(self._shape.columns), self._shape.ended
        if ended:
            first, second = fields[:columns], fields[columns:]
        else:
            # The last field of the first row and the number of the second stand together.
            together = re.fullmatch(rb"(.*?)(\d{7,})", fields[columns - 1], re.DOTALL)
            if together is None:
                return []
            first = [*fields[: columns - 1], together[1]]
            second = [together[2], *fields[columns:]]
        if len(second) == columns + ended and ended and not second[-1].strip():
            second = second[:columns]
        if len(second) != columns or not (self._looks(first) and self._looks(second)):
            return []
        end = [b""] if ended else []
        return [first + end, second + end]

    def _alignments(self, fields: list[bytes], extra: int) -> list[list[bytes]]:
        """Return the ways to read a row in which separators stand in fields of text."""
        if extra > _MOST_STRAY:
            return []
        stray = [
            place for place, column in enumerate(self._shape.columns) if column and column.stray
        ]
        found = []
        for places in combinations_with_replacement(stray, extra):
            row, at = [], 0
            for place in range(self._shape.width):
                end = at + 1 + places.count(place)
                row.append(SEPARATOR.join(fields[at:end]))
                at = end
            if self._looks(row) and not (self._shape.ended and row[-1].strip()):
                found.append(row)
        return found

    def _looks(self, row: list[bytes]) -> bool:
        return all(
            _looks(column, value)
            for column, value in zip(self._shape.columns, row, strict=False)
            if column is not None
        )


def _looks(column: Column, value: bytes) -> bool:
    text = value.decode().strip()
    return column.looks.fullmatch(text) is not None if text else column.kind != "key"


def _numbers(shape: Shape) -> re.Pattern[bytes]:
    """Return what a line begins with that begins a row: its numbers, each with a separator."""
    pattern = ""
    for column in shape.columns:
        if column is None or column.kind not in ("key", "integer"):
            break
        pattern += (column.looks.pattern if column.kind == "key" else r"\d{0,18}") + r"\$"
    return re.compile(f"^{pattern}".encode(), re.MULTILINE)


def _is_number(value: bytes) -> bool:
    return value.isdigit() and int(value) <= _LARGEST


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _character(byte: int) -> str:
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)
