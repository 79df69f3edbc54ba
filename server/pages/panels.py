"""Panels of a page: a table of what a query answered, with the query itself one click away."""

from collections.abc import Sequence
from dataclasses import dataclass

from evikg.ontology import compact, word
from evikg.ontology.namespaces import BASE

from .asking import Asked, Row

#: Where a DOI leads.
DOI = "https://doi.org/"
#: Prefixes of vocabularies whose names are words run together.
_SPOKEN = frozenset({"skos", "semapv", "sssom"})


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell or a line: a text, and the thing or the address it leads to."""

    text: str
    iri: str = ""
    href: str = ""
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, the variable of its text, and of the thing or address it links to."""

    heading: str
    text: str
    iri: str = ""
    numeric: bool = False
    at: str = ""  # what the text follows in the address of a page elsewhere


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
    text, iri = row[column.text], row[column.iri] if column.iri else ""
    href = f"{column.at}{text}" if text and not iri and (column.at or _is_address(text)) else ""
    return Cell(named(text), iri, href, column.numeric)


def _is_address(text: str) -> bool:
    own = text.startswith(BASE) or word(text) is not None
    return text.startswith(("http://", "https://")) and " " not in text and not own


def named(value: str) -> str:
    """Return a value as people read it: the word of a concept, the short form of an IRI.

    >>> named("http://www.w3.org/2004/02/skos/core#broadMatch")
    'broad match'
    """
    if not value.startswith(("http:", "https:")):
        return value
    prefix, _, name = compact(value).partition(":")
    if prefix in _SPOKEN:
        return word(value) or spoken(name)
    return word(value) or compact(value)


def spoken(name: str) -> str:
    """Split a name in camel case.

    >>> spoken("exactMatch")
    'exact match'
    """
    return "".join(f" {c.lower()}" if c.isupper() else c for c in name).replace("_", " ").strip()
