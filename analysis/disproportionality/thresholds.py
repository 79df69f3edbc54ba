"""Named thresholds: when a pair is called a signal of disproportionate reporting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ibis.expr.types as ir


@dataclass(frozen=True, slots=True)
class Threshold:
    """A rule over the columns of a table of pairs."""

    name: str
    rule: str
    """as one prints it"""
    columns: tuple[str, ...]
    """what the rule needs"""
    source: str
    """DOI"""
    _holds: Callable[[ir.Table], ir.BooleanValue]

    def holds(self, table: ir.Table) -> ir.BooleanValue:
        """Return whether the rule holds, row by row; a measure that is NULL does not meet it.

        :raises ValueError: if the table lacks a column
        """
        missing = [name for name in self.columns if name not in table.columns]
        if missing:
            raise ValueError(f"the threshold {self.name} needs {', '.join(missing)}")
        return self._holds(table).fill_null(False)


THRESHOLDS = MappingProxyType(
    {
        threshold.name: threshold
        for threshold in (
            Threshold(
                "ror",
                "a >= 3 and lower 95 % bound of the ROR > 1",
                ("a", "ror_low"),
                "10.1097/JS9.0000000000002435",
                lambda t: (t.a >= 3) & (t.ror_low > 1),
            ),
            Threshold(
                "evans",
                "a >= 3, PRR >= 2 and chi-squared >= 4",
                ("a", "prr", "chi2"),
                "10.1002/pds.677",
                lambda t: (t.a >= 3) & (t.prr >= 2) & (t.chi2 >= 4),
            ),
            Threshold(
                "ic",
                "IC025 > 0",
                ("ic025",),
                "10.1177/0962280211403604",
                lambda t: t.ic025 > 0,
            ),
            Threshold(
                "ebgm",
                "EB05 >= 2",
                ("eb05",),
                "10.1080/00031305.1999.10474456",
                lambda t: t.eb05 >= 2,
            ),
        )
    }
)
