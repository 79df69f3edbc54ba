"""Cells of an answer as a picture takes them: words, numbers, and numbers as printed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from .answer import Answer, Term, short
from .plots import columns_in

_NAMED = 3  # labels of rows that are left out, before the rest is only counted


@dataclass(frozen=True, slots=True)
class Cells:
    """One row of an answer, by the names of its columns."""

    columns: tuple[str, ...]
    row: tuple[Term | None, ...]

    def words(self, column: str | None) -> str:
        """Return a cell as a reader wants it, "" where it is empty."""
        return "" if column is None else short(self.row[self.columns.index(column)]).strip()

    def joined(self, parts: Sequence[str]) -> str:
        """Return a label: the cells of columns, or words with a column in braces.

        A part whose cell is empty is left out: `from {origin}` says nothing without an origin.
        """
        found = []
        for part in parts:
            (column,) = columns_in(part)
            if words := self.words(column):
                found.append(words if part == column else part.replace(f"{{{column}}}", words))
        return ", ".join(found)

    def decimal(self, column: str | None) -> Decimal | None:
        """Return the number in a cell as printed; None where there is none, or an open bound."""
        try:
            number = Decimal(self.words(column).replace("−", "-").replace(",", ""))
        except InvalidOperation:
            return None
        return number if number.is_finite() else None

    def number(self, column: str | None) -> float | None:
        """Return the number in a cell; None where there is none."""
        found = self.decimal(column)
        return None if found is None else float(found)

    def count(self, column: str | None) -> int | None:
        """Return the whole number in a cell; None where there is none."""
        found = self.decimal(column)
        return int(found) if found is not None and found == int(found) else None


def rows_of(answer: Answer) -> Iterator[Cells]:
    """Yield the rows of an answer."""
    for row in answer.rows:
        yield Cells(answer.columns, row)


def common_level(levels: Sequence[float | None]) -> float | None:
    """Return the level that all intervals have; None where they differ or none is stated."""
    found = {level for level in levels if level is not None}
    return found.pop() if len(found) == 1 else None


def left_out(labels: Sequence[str]) -> tuple[str, ...]:
    """Return the footnote that names the rows of an answer that hold no number to draw."""
    if not labels:
        return ()
    named = "; ".join(labels[:_NAMED])
    more = f"; and {len(labels) - _NAMED} more" if len(labels) > _NAMED else ""
    return (f"Not drawn, for want of a number: {named}{more}.",)
