"""What a recorded set of signals says of the items of READUS-PV: what its description states."""

import csv
import io
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from evikg.loaders.guidelines import items
from evikg.loaders.reporting_csv import COLUMNS
from evikg.ontology import ItemStatus

#: What can be stated of a recorded set: fields of its study, then of its signals and its groups.
FIELDS = (
    "database start end drug drug_role term_level deduplication counting"
    " measures threshold reports software"
).split()


def assessed(fields: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the rows of `reporting.csv` of a recorded set, one an item, in the guideline's order.

    An item is reported where every field that it needs is stated (`reported.csv`). What only a
    text could tell, such as aims and limitations, is not reported.

    :param fields: what is stated, by the names of `FIELDS`; an empty text states nothing
    :raises ValueError: if a field is none of them
    """
    if unknown := sorted(fields.keys() - set(FIELDS)):
        raise ValueError(f"no field is called {', '.join(unknown)}; known: {', '.join(FIELDS)}")
    stated = {name for name, value in fields.items() if value.strip()}
    return [_row(item, stated) for item in items()]


def reporting_text(fields: Mapping[str, str]) -> str:
    """Return `reporting.csv` of a recorded set, which `assessed` fills."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(assessed(fields))
    return text.getvalue()


def _row(item: str, stated: set[str]) -> dict[str, str]:
    row = dict.fromkeys(COLUMNS, "") | {"item": item, "status": ItemStatus.NOT_REPORTED.value}
    said = _reported().get(item)
    if said is not None and set(said["needs"].split()) <= stated:
        row |= {column: said[column] for column in ("status", "locator", "note")}
    return row


@cache
def _reported() -> dict[str, dict[str, str]]:
    text = files(__package__).joinpath("reported.csv").read_text(encoding="utf-8")
    return {row["item"]: row for row in csv.DictReader(text.splitlines())}
