"""`mentions.csv`: the entities that a document names, with the identifiers it gives, as printed."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from evikg.graph.records import Mention

from .faults import Fault, read_text

#: The columns of `mentions.csv`, in order.
COLUMNS = "section type text identifier label aliases printed line occurrence".split()


def read_mentions(path: Path, source: str, faults: list[Fault]) -> Iterator[Mention]:
    """Read `mentions.csv`; rows at fault are left out and every fault is noted."""
    text = read_text(path, faults)
    if text is None:
        return
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    if reader.fieldnames != COLUMNS:
        words = f"expected the columns {','.join(COLUMNS)}"
        faults.append(Fault(path, 1, 1, "", "", words))
        return
    seen: Counter[str] = Counter()
    for row in reader:
        for column in ("type", "text", "printed", "line"):
            if not row[column]:
                place = COLUMNS.index(column) + 1
                faults.append(Fault(path, reader.line_num, place, column, "", "is empty"))
        if not (row["line"] or "").isdigit() or not (row["occurrence"] or "1").isdigit():
            words = "line and occurrence are whole numbers"
            faults.append(Fault(path, reader.line_num, 8, "line", row["line"] or "", words))
            continue
        seen[row["line"]] += 1
        yield Mention(
            slug=f"{source}-l{row['line']}-m{seen[row['line']]}",
            source=source,
            type=row["type"],
            text=row["text"],
            identifier=row["identifier"] or None,
            label=row["label"] or None,
            aliases=row["aliases"] or None,
            printed=row["printed"],
            locator=row["section"],
            line=int(row["line"]),
            occurrence=int(row["occurrence"] or 1),
        )
