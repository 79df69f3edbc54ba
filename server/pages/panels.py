"""Panels of a page: a table of what a query answered, with the query itself one click away."""

from collections.abc import Sequence
from dataclasses import dataclass

from evikg.ontology import compact, word

from .asking import Asked, Row


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell or a line: a text, and the thing or the address it leads to."""

    text: str
    iri: str = ""
    href: str = ""
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, the variable of its text, and of the thing it links to."""

    heading: str
    text: str
    iri: str = ""
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """A table with its title, what must be said of it, and the query behind it."""

    title: str
    anchor: str
    query: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""

    def __bool__(self) -> bool:
        """Tell whether there is anything to show."""
        return bool(self.rows)


def table(
    asked: Asked, title: str, anchor: str, columns: Sequence[Column], note: str = ""
) -> Panel:
    """Make a panel of an answer; columns in which nothing stands are left out."""
    shown = tuple(c for c in columns if any(row[c.text] for row in asked.rows))
    rows = tuple(tuple(_cell(row, column) for column in shown) for row in asked.rows)
    return Panel(title, anchor, asked.query, shown, rows, note)


def _cell(row: Row, column: Column) -> Cell:
    text = row[column.text]
    return Cell(named(text), row[column.iri] if column.iri else "", numeric=column.numeric)


def named(value: str) -> str:
    """Return a value as people read it: the word of a concept, the short form of an IRI."""
    return word(value) or (compact(value) if value.startswith(("http:", "https:")) else value)
