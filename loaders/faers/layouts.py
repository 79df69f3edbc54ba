"""Layouts of the quarterly extracts: which columns a table has, and what they are called where.

The columns of the kept tables stand in `columns.csv`, the headers that the FDA has published in
`layouts.csv` (source: ASC_NTS of 2022 Q4, sections D, E and G, and its revision history).
"""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from evikg.loaders.faults import Fault

#: The tables of an extract, in the order in which they are read: the largest first.
TABLES = ("drug", "demo", "reac", "indi", "ther", "outc", "rpsr")
#: The list of cases that were taken back.
DELETED = "deleted"
SEPARATOR = b"$"
#: Rows that tell how all rows of a file end.
_SURE = 20
#: Names that programs give to a column that has none, as R does.
_NAMELESS = re.compile(r"v\d+|")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a kept table."""

    name: str
    kind: str  # key (a number, never missing), integer, date or text
    names: tuple[str, ...]  # in headers, in lower case, its own first
    looks: re.Pattern[str]  # of a value; only rows that must be mended are held to it
    stray: bool  # whether the separator may stand in a value


@dataclass(frozen=True, slots=True)
class Header:
    """A header that was published."""

    layout: str  # aers, faers or flat
    first: str  # quarter, as 2004q1
    last: str  # empty while it is in force
    table: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """What the rows of one file look like."""

    layout: str
    table: str
    columns: tuple[Column | None, ...]  # in the order of the file; None for one that is not kept
    ended: bool  # whether rows end with a separator after their last column
    skip: int = 1  # lines of the header
    unknown: tuple[str, ...] = ()  # names of columns that are not kept

    @property
    def width(self) -> int:
        """Number of fields of a row when it is cut at every separator."""
        return len(self.columns) + self.ended


@cache
def columns(table: str) -> tuple[Column, ...]:
    """Return the columns of a kept table, in their order there."""
    return tuple(
        Column(
            row["column"], row["type"], (row["column"], *row["names"].split()),
            re.compile(row["looks"], re.DOTALL), row["stray"] == "yes",
        )
        for row in _rows("columns.csv")
        if row["table"] == table
    )  # fmt: skip


@cache
def headers(table: str) -> tuple[Header, ...]:
    """Return the headers of a table that were published, oldest first."""
    return tuple(
        Header(row["layout"], row["first"], row["last"], table, tuple(row["header"].split()))
        for row in _rows("layouts.csv")
        if row["table"] == table
    )


def shape(
    path: Path, table: str, quarter: str, head: Sequence[bytes]
) -> tuple[Shape | None, list[Fault]]:
    """Tell what the rows of a table look like, from its first lines.

    A file without a header has that of its quarter, if its rows have as many fields.

    :param path: the file, for faults
    :param head: the first lines, without their ends; the first is the header
    """
    if not head:
        return None, [Fault(path, 0, 0, "", "", "is empty")]
    names = [_name(word) for word in head[0].decode("utf-8-sig", "replace").split("$")]
    while len(names) > 1 and _NAMELESS.fullmatch(names[-1]):
        names.pop()
    if names[0].isdigit():
        return _without_header(path, table, quarter, head)
    layout = {"isr": "aers", "primaryid": "faers"}.get(names[0])
    if layout is None:
        known = headers(table)[-1].names[:3]
        words = f"expected the header of {table.upper()}, which begins {'$'.join(known)}"
        return None, [Fault(path, 1, 1, "", names[0], words)]
    by_name = {name: column for column in columns(table) for name in column.names}
    found = [by_name.get(name) for name in names]
    unknown = tuple(n for n, column in zip(names, found, strict=True) if column is None)
    if faults := _header_faults(path, table, layout, names, found):
        return None, faults
    return Shape(layout, table, tuple(found), _ended(layout, head[1:], len(names)), 1, unknown), []


def _name(word: str) -> str:
    return word.strip().strip('"').lower()


def _ended(layout: str, lines: Sequence[bytes], width: int) -> bool:
    """Tell whether rows have an empty field after their last column, as those of AERS do.

    Of FAERS no such quarter is known: there, a few such rows may as well hold a stray separator.
    """
    ended = sum(line.count(SEPARATOR) == width and line.endswith(SEPARATOR) for line in lines)
    if layout == "aers":
        return 0 < ended >= sum(line.count(SEPARATOR) == width - 1 for line in lines)
    return ended == len(lines) >= _SURE


def _header_faults(
    path: Path, table: str, layout: str, names: list[str], found: list[Column | None]
) -> list[Fault]:
    """Return what is wrong with a header: columns twice, columns missing or renamed."""
    faults = []
    kept = [column.name for column in found if column is not None]
    for place, column in enumerate(found):
        if column is not None and column.name in kept[: _before(found, place)]:
            words = "stands twice in the header"
            faults.append(Fault(path, 1, _start(names, place), "", names[place], words))
    versions = [header for header in headers(table) if header.layout == layout]
    all_of = [{_kept_name(table, name) for name in header.names} for header in versions]
    always, ever = set.intersection(*all_of), set.union(*all_of)
    unknown = [(place, names[place]) for place, column in enumerate(found) if column is None]
    missing = sorted((ever if unknown else always) - set(kept))
    if not (missing and unknown) and not always - set(kept):
        return faults
    for place, name in unknown:
        words = f"is no column of {table.upper()}; missing: {', '.join(missing)}"
        faults.append(Fault(path, 1, _start(names, place), "", name, words))
    if not unknown:
        words = f"the header lacks {', '.join(missing)}"
        faults.append(Fault(path, 1, 1, "", "", words))
    return faults


def _before(found: list[Column | None], place: int) -> int:
    return sum(column is not None for column in found[:place])


def _start(names: list[str], place: int) -> int:
    return sum(len(name) + 1 for name in names[:place]) + 1


def _kept_name(table: str, name: str) -> str:
    return next(column.name for column in columns(table) if name in column.names)


def _without_header(
    path: Path, table: str, quarter: str, head: Sequence[bytes]
) -> tuple[Shape | None, list[Fault]]:
    for header in headers(table):
        width = len(header.names)
        ended = _ended(header.layout, head, width)
        if header.first <= quarter <= (header.last or "9999q4") and all(
            line.count(SEPARATOR) + 1 == width + ended for line in head[:5]
        ):
            kept = {name: column for column in columns(table) for name in column.names}
            found = tuple(kept[name] for name in header.names)
            return Shape(header.layout, table, found, ended, 0), []
    words = f"has no header, and its rows are not those of {table.upper()} in {quarter}"
    return None, [Fault(path, 1, 1, "", "", words)]


def _rows(name: str) -> list[dict[str, str]]:
    with (Path(__file__).parent / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
