"""The items of READUS-PV, a table: number, section, and what is asked in words of our own.

READUS-PV is the guideline for reporting analyses of disproportionality in individual case safety
reports: 14 items in 32 parts (Fusaroli et al. 2024, Table 1, doi:10.1007/s40264-024-01421-9;
explained in doi:10.1007/s40264-024-01423-7, where each part is to be read in full).
"""

import csv
from functools import cache
from importlib.resources import files

from evikg.graph.records import ReportingItem

#: The name of the guideline, as its items have it.
READUS_PV = "READUS-PV"


@cache
def items() -> dict[str, ReportingItem]:
    """Return the items by slug (`readus-pv-7c`), in the order of the guideline.

    The label of an item is `<section>: <what is asked>`.
    """
    name = READUS_PV.lower()
    text = files(__package__).joinpath(f"{name}.csv").read_text(encoding="utf-8")
    found = [
        ReportingItem(
            slug=f"{name}-{row['number']}",
            label=f"{row['section']}: {row['asked']}",
            guideline=READUS_PV,
            number=row["number"],
        )
        for row in csv.DictReader(text.splitlines())
    ]
    return {item.slug: item for item in found}
