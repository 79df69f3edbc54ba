"""A column of a table that stands beside the wrong rows."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

#: Rows that show where a column belongs: two could be two names changed for one another.
_WITNESSES = 3


class Slip(NamedTuple):
    """How far a column has slipped: each entry belongs `offset` rows further down."""

    offset: int
    witnesses: tuple[int, ...]  # rows, from 0, whose entry is known to belong that far away
    refilled: tuple[int, ...]  # rows at the end that the slip left open, filled with others again


def slip(printed: Sequence[str], belonging: Sequence[Collection[int]]) -> Slip | None:
    """Tell how far a column of names or codes has slipped against the rows; None if it has not.

    An entry is known to belong to a row by another source. One that is out of place may be an error
    of its own, and two may be an exchange; three that are out of place by the same distance, with
    none in its place, are the column. Cells that a slip of k rows leaves open at one end, filled
    with the k entries of the other end, bear witness as well: entries differ from one another.

    :param printed: the entries from top to bottom
    :param belonging: for each, the rows (from 0) that it is known to belong to
    :raises ValueError: if the two differ in length

    >>> slip(["b", "c", "d", "x"], [{1}, {2}, {3}, ()])
    Slip(offset=1, witnesses=(0, 1, 2), refilled=())
    """
    if len(printed) != len(belonging):
        raise ValueError("every entry needs the rows that it belongs to, or none")
    if any(row in rows for row, rows in enumerate(belonging)):
        return None
    found = []
    for offset in {other - row for row, rows in enumerate(belonging) for other in rows}:
        witnesses = tuple(row for row, rows in enumerate(belonging) if row + offset in rows)
        refilled = _refilled(printed, offset)
        if len(witnesses) > 1 and len(witnesses) + len(refilled) >= _WITNESSES:
            found.append(Slip(offset, witnesses, refilled))
    # Two distances are two stories, of which neither is certain.
    return found[0] if len(found) == 1 else None


def _refilled(printed: Sequence[str], offset: int) -> tuple[int, ...]:
    """Return the rows left open by a slip, if they repeat the entries of the other end."""
    rows, count = len(printed), abs(offset)
    if 2 * count > rows:
        return ()
    first, last = tuple(printed[:count]), tuple(printed[rows - count :])
    if first != last:
        return ()
    return tuple(range(rows - count, rows)) if offset > 0 else tuple(range(count))
