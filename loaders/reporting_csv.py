"""`reporting.csv`: where a source says what a reporting guideline asks for, one row an item."""

from collections import Counter
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

from evikg.graph.records import ItemAssessment
from evikg.ontology import ItemStatus

from .faults import Fault
from .guidelines import items
from .results_csv import Row, csv_rows

#: The columns of `reporting.csv`, in order.
COLUMNS = "item status locator line note".split()
#: Files of a source that a locator may name instead of a line of a text: a computed set has none.
FILES = ("source.yaml", "signals.csv")
_SAID = {ItemStatus.REPORTED, ItemStatus.PARTLY}


def read_reporting(path: Path, source: str, faults: list[Fault]) -> list[ItemAssessment]:
    """Read `reporting.csv`, in file order.

    Rows at fault are left out and every fault is noted. The slug of an assessment is
    `<source>-<item>`.
    """
    found: list[ItemAssessment] = []
    first: dict[str, int] = {}
    for row in csv_rows(path, COLUMNS, faults):
        before = len(faults)
        item = _item(row)
        if item and item in first:
            row.fault("item", f"is assessed already, in line {first[item]}")
        first.setdefault(item, row.line)
        if row.text("status") is None:
            row.fault("status", "is empty, but every row needs it")
        status = row.one_of("status", ItemStatus)
        line = row.whole("line")
        if line == 0:
            row.fault("line", "lines are counted from 1")
        if status is not None:
            _consistent(row, status)
        if len(faults) > before or status is None:
            continue
        found.append(
            ItemAssessment(
                slug=f"{source}-{item}",
                source=source,
                item=item,
                status=status,
                locator=row.text("locator"),
                line=line,
                note=row.text("note"),
            )
        )
    return found


def completeness(assessments: Sequence[ItemAssessment]) -> str:
    """Return how much a source says of what a guideline asks, in words.

    Items that do not apply are counted among those asked, and told apart.
    """
    counted = Counter(item.status for item in assessments)
    rest = [status for status in ItemStatus if status is not ItemStatus.REPORTED]
    others = [f"{counted[status]} {status}" for status in rest if counted[status]]
    return ", ".join([f"reported {counted[ItemStatus.REPORTED]} of {len(assessments)}", *others])


def _item(row: Row) -> str:
    slug = row.text("item") or ""
    if not slug:
        row.fault("item", "is empty, but every row needs it")
    elif slug not in items():
        near = get_close_matches(slug, items(), 1)
        hint = f"did you mean {near[0]!r}?" if near else "expected one such as 'readus-pv-7c'"
        row.fault("item", f"is no item of a guideline; {hint}")
    return slug


def _consistent(row: Row, status: ItemStatus) -> None:
    """Note where a place or a note is missing, or stands where there can be none."""
    locator, line = row.text("locator"), row.text("line")
    if status in _SAID:
        if locator is None:
            row.fault("locator", f"an item that is {status} needs the place where it is")
        elif line is None and not locator.startswith(FILES):
            row.fault("line", f"an item that is {status} needs its line of the text")
    elif status is ItemStatus.NOT_REPORTED:
        for column in ("locator", "line"):
            if row.text(column) is not None:
                row.fault(column, "what is not reported has no place; leave this empty")
    why = {ItemStatus.PARTLY: "what is missing", ItemStatus.NOT_APPLICABLE: "why"}.get(status)
    if why is not None and row.text("note") is None:
        row.fault("note", f"an item that is {status} needs a note: say {why}")
