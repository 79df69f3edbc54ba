r"""The two forms of KGX: TSV and JSON Lines, a row at a time.

TSV has no way to write a tab, a line break or, in a list, a bar. They are written as `\uXXXX`,
the backslash as two, and a text of no characters as `\e`.
"""

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from evikg.graph.errors import ExportError

#: The values of each column; a column that is absent has none.
Row = dict[str, list[Any]]

#: What KGX reads as a list, however many values there are (specification, "Core Node Properties").
LISTS = frozenset({"category", "synonym", "xref", "publications", "has_supporting_studies"})
_SPECIAL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029|\\]")
_ESCAPED = re.compile(r"\\(\\|e|u[0-9A-F]{4})")


class _Files(ABC):
    """A file of nodes and one of edges."""

    names: tuple[str, str]

    def __init__(
        self, folder: Path, node_columns: Sequence[str], edge_columns: Sequence[str]
    ) -> None:
        """Open both files in a folder."""
        self._columns = node_columns, edge_columns
        with ExitStack() as opened:
            self._nodes, self._edges = (
                opened.enter_context((folder / name).open("w", encoding="utf-8", newline="\n"))
                for name in self.names
            )
            self._opened = opened.pop_all()
        self._begin()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close both files."""
        self._opened.close()

    @abstractmethod
    def _begin(self) -> None:
        """Write what stands before the first row."""

    def node(self, row: Row) -> None:
        """Write a node."""
        self._nodes.write(self._line(row, self._columns[0]))

    def edge(self, row: Row) -> None:
        """Write an edge."""
        self._edges.write(self._line(row, self._columns[1]))

    @abstractmethod
    def _line(self, row: Row, columns: Sequence[str]) -> str:
        """Return a row as a line of the file, its end included."""


class Tsv(_Files):
    """`nodes.tsv` and `edges.tsv`: all columns in every row, lists joined by a bar."""

    names = ("nodes.tsv", "edges.tsv")

    def _begin(self) -> None:
        for file, columns in zip((self._nodes, self._edges), self._columns, strict=True):
            file.write("\t".join(columns) + "\n")

    def _line(self, row: Row, columns: Sequence[str]) -> str:
        cells = ("|".join(map(escape, row.get(column, ()))) for column in columns)
        return "\t".join(cells) + "\n"


class JsonLines(_Files):
    """`evikg_nodes.jsonl` and `evikg_edges.jsonl`: one object a line, what is absent left out."""

    names = ("evikg_nodes.jsonl", "evikg_edges.jsonl")

    def _begin(self) -> None:
        """Write nothing: an object names its columns."""

    def _line(self, row: Row, columns: Sequence[str]) -> str:
        values = {}
        for column in columns:
            if held := [_exact(value) for value in row.get(column, ())]:
                values[column] = held if column in LISTS or len(held) > 1 else held[0]
        return json.dumps(values, ensure_ascii=False, separators=(",", ":")) + "\n"


def _exact(value: Any) -> Any:
    """Return a decimal as a number if a double holds it to the last digit, else as text."""
    if not isinstance(value, Decimal):
        return value
    number = float(value)
    return number if Decimal(repr(number)) == value else f"{value:f}"


def escape(value: object) -> str:
    r"""Write a value for a cell of TSV.

    >>> escape("a|b")
    'a\\u007Cb'
    """
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    return _SPECIAL.sub(_escaped, text) or "\\e"


def _escaped(found: re.Match[str]) -> str:
    return "\\\\" if found[0] == "\\" else f"\\u{ord(found[0]):04X}"


def unescape(text: str) -> str:
    """Read a value of a cell of TSV."""
    return _ESCAPED.sub(_plain, text)


def _plain(found: re.Match[str]) -> str:
    if found[1] == "e":
        return ""
    return "\\" if found[1] == "\\" else chr(int(found[1][1:], 16))


def read_rows(
    folder: Path,
) -> tuple[Iterator[dict[str, list[str]]], Iterator[dict[str, list[str]]]]:
    """Return the rows of nodes and of edges of a folder in either form, all values as text.

    :raises ExportError: if the folder holds neither form
    """
    for form, read in ((Tsv, _tsv), (JsonLines, _json_lines)):
        nodes, edges = (folder / name for name in form.names)
        if nodes.is_file() and edges.is_file():
            return read(nodes), read(edges)
    raise ExportError(
        f"{folder} holds neither {' and '.join(Tsv.names)} nor {' and '.join(JsonLines.names)}"
    )


def _tsv(path: Path) -> Iterator[dict[str, list[str]]]:
    with path.open(encoding="utf-8", newline="\n") as file:
        columns = next(file).rstrip("\n").split("\t")
        for number, line in enumerate(file, 2):
            cells = line.rstrip("\n").split("\t")
            if len(cells) != len(columns):
                raise ExportError(
                    f"{path}:{number} has {len(cells)} cells, the header {len(columns)}"
                )
            yield {
                column: [unescape(value) for value in cell.split("|")]
                for column, cell in zip(columns, cells, strict=True)
                if cell
            }


def _json_lines(path: Path) -> Iterator[dict[str, list[str]]]:
    with path.open(encoding="utf-8", newline="\n") as file:
        for number, line in enumerate(file, 1):
            try:
                held = json.loads(line, parse_float=str, parse_int=str)
            except ValueError as error:
                raise ExportError(f"{path}:{number} is no JSON: {error}") from error
            yield {
                column: [str(value) for value in (cell if isinstance(cell, list) else [cell])]
                for column, cell in held.items()
            }
