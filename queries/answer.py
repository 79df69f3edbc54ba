"""An answer: named columns and rows of RDF terms, written in the formats people use."""

import csv
import io
import json
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, Triple

from evikg.ontology import compact, kind_and_slug, word
from evikg.ontology.curie import contract

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

Term = NamedNode | BlankNode | Literal | Triple

FORMATS = ("table", "csv", "tsv", "json", "md")
_INTEGER = "http://www.w3.org/2001/XMLSchema#integer"
_DECIMAL = "http://www.w3.org/2001/XMLSchema#decimal"


@dataclass(frozen=True, slots=True)
class Answer:
    """Columns and rows; a cell is None where a variable is unbound."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]

    @classmethod
    def of(cls, solutions: QuerySolutions) -> "Answer":
        """Take the rows of a SELECT."""
        columns = tuple(variable.value for variable in solutions.variables)
        places = range(len(columns))
        return cls(columns, tuple(tuple(row[i] for i in places) for row in solutions))

    def values(self) -> list[tuple[str, ...]]:
        """Return the rows as text: the value of a literal, the whole IRI, "" where unbound."""
        return [tuple(_exact(cell) for cell in row) for row in self.rows]

    def records(self) -> list[dict[str, str | int | float | None]]:
        """Return the rows by the names of the columns: numbers as in Arrow, None where unbound."""
        columns = list(zip(*self.rows, strict=True))
        numbers = [_number_type(column) for column in columns]
        return [
            {
                name: None if cell is None else number(_exact(cell)) if number else _exact(cell)
                for name, number, cell in zip(self.columns, numbers, row, strict=True)
            }
            for row in self.rows
        ]

    def to_arrow(self) -> "pyarrow.Table":
        """Return an Arrow table: decimals and integers as numbers, all else as text.

        :raises ModuleNotFoundError: if the extra `arrow` is not installed
        """
        import pyarrow as pa

        cells = list(zip(*self.rows, strict=True)) if self.rows else [()] * len(self.columns)
        arrays = [_arrow(pa, column) for column in cells]
        return pa.Table.from_arrays(arrays, names=list(self.columns))

    def to_pandas(self) -> "pandas.DataFrame":
        """Return a pandas data frame (extra `pandas`)."""
        frame: pandas.DataFrame = self.to_arrow().to_pandas()
        return frame

    def to_polars(self) -> "polars.DataFrame":
        """Return a polars data frame (extra `polars`)."""
        import polars

        frame = polars.from_arrow(self.to_arrow())
        assert isinstance(frame, polars.DataFrame)  # noqa: S101 - what a table becomes
        return frame


def write(answer: Answer, name: str, *, width: int | None = None) -> str:
    """Write an answer in one of `FORMATS`; CSV, TSV and JSON are exact.

    CSV and TSV follow the SPARQL 1.1 results format (https://www.w3.org/TR/sparql11-results-csv-tsv/),
    JSON is a list of objects with numbers as text, `table` fits `width` columns of a terminal.
    """
    if name == "csv":
        return _delimited(answer, ",")
    if name == "tsv":
        return _tsv(answer)
    if name == "json":
        rows = [
            {column: text for column, text in zip(answer.columns, row, strict=True) if text}
            for row in answer.values()
        ]
        return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"
    if name == "md":
        return _markdown(answer)
    return _table(answer, width)


def _exact(cell: Term | None) -> str:
    return "" if cell is None else cell.value if not isinstance(cell, Triple) else str(cell)


def short(cell: Term | None) -> str:
    """Return a cell as a reader wants it: a slug, the word for a concept, the CURIE of a term."""
    if isinstance(cell, NamedNode):
        parts = kind_and_slug(cell.value)
        if parts and parts[0] != "ctcae":
            return parts[1]
        known = word(cell.value) or compact(cell.value)
        return known if known != cell.value and not parts else contract(cell.value)
    return _exact(cell)


def _delimited(answer: Answer, delimiter: str) -> str:
    output = io.StringIO(newline="")
    writer = csv.writer(output, delimiter=delimiter, lineterminator="\n")
    writer.writerow(answer.columns)
    writer.writerows(answer.values())
    return output.getvalue()


def _tsv(answer: Answer) -> str:
    lines = ["\t".join(f"?{column}" for column in answer.columns)]
    lines += ["\t".join("" if c is None else str(c) for c in row) for row in answer.rows]
    return "\n".join(lines) + "\n"


def _markdown(answer: Answer) -> str:
    def line(cells: Iterable[str]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"

    head = line(answer.columns) + line("---" for _ in answer.columns)
    return head + "".join(line(map(short, row)) for row in answer.rows)


def _table(answer: Answer, width: int | None) -> str:
    cells = [[short(cell) for cell in row] for row in answer.rows]
    # A column without any value says nothing: it is left out.
    shown = [i for i in range(len(answer.columns)) if any(row[i] for row in cells)]
    shown = shown or list(range(len(answer.columns)))
    columns = [(answer.columns[i].replace("_", " "), [row[i] for row in cells]) for i in shown]
    kept_whole = [any(isinstance(row[i], NamedNode) for row in answer.rows) for i in shown]
    limit = width or 200
    narrowest = sum(map(_narrowest, columns, kept_whole)) + 2 * (len(columns) - 1)
    return _records(columns, limit) if narrowest > limit else _grid(columns, kept_whole, limit)


def _narrowest(column: tuple[str, list[str]], kept_whole: bool) -> int:
    """Return the fewest characters a column needs without breaking a word, or a name."""
    name, cells = column
    words = [*name.split(), *(cells if kept_whole else [w for c in cells for w in c.split()])]
    return max(map(len, words))


def _grid(columns: list[tuple[str, list[str]]], kept_whole: list[bool], width: int) -> str:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    for (name, cells), whole in zip(columns, kept_whole, strict=True):
        numeric = bool(cells) and all(is_number(cell) for cell in cells if cell)
        longest = max(map(len, cells), default=0) if whole else None
        table.add_column(name, justify="right" if numeric else "left", min_width=longest)
    for row in zip(*(cells for _, cells in columns), strict=True):
        table.add_row(*map(Text, row))
    output = io.StringIO()
    Console(file=output, width=width, color_system=None).print(table)
    return "\n".join(line.rstrip() for line in output.getvalue().splitlines()) + "\n"


def _records(columns: list[tuple[str, list[str]]], width: int) -> str:
    """Write one block a row, where the columns do not fit side by side; names stay whole."""
    margin = max(len(name) for name, _ in columns) + 2
    wrapper = textwrap.TextWrapper(
        max(width, margin + 20), subsequent_indent=" " * margin, break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip
    blocks = []
    for row in zip(*(cells for _, cells in columns), strict=True):
        named = zip((name for name, _ in columns), row, strict=True)
        lines = (wrapper.fill(f"{name:>{margin - 2}}  {cell}") for name, cell in named if cell)
        blocks.append("".join(f"{line}\n" for line in lines))
    return "\n".join(blocks) or "  ".join(name for name, _ in columns) + "\n"


def is_number(text: str) -> bool:
    """Tell whether a text is a number as documents print it."""
    return text.replace(".", "", 1).replace(",", "").lstrip("<>-").isdigit()


def _number_type(column: tuple[Term | None, ...]) -> type[int] | type[float] | None:
    """Return what the numbers of a column are; None for one that holds anything else."""
    types = {
        cell.datatype.value if isinstance(cell, Literal) else ""
        for cell in column
        if cell is not None
    }
    if types == {_INTEGER}:
        return int
    return float if types and types <= {_INTEGER, _DECIMAL} else None


def _arrow(pa: Any, column: tuple[Term | None, ...]) -> Any:
    number = _number_type(column)
    kind = {int: pa.int64(), float: pa.float64(), None: pa.string()}[number]
    cells = [None if c is None else number(_exact(c)) if number else _exact(c) for c in column]
    return pa.array(cells, kind)
