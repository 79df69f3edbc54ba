"""Texts to be linked, from one column of a CSV or TSV file."""

import csv
import io
from pathlib import Path

from .faults import EvidenceError, Fault, read_text


def read_column(path: Path, column: str) -> list[str]:
    """Read the different texts of a column, in the order of the file; blank cells are passed over.

    A file named `.tsv` is separated by tabs, any other by commas.

    :raises EvidenceError: if it cannot be read, has no such column, or no text in it
    """
    faults: list[Fault] = []
    text = read_text(path, faults)
    if text is None:
        raise EvidenceError(faults)
    delimiter = "\t" if path.suffix.lower() == ".tsv" else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        columns = list(reader.fieldnames or [])
        if column not in columns:
            words = f"is no column of the file; it has: {', '.join(columns)}"
            raise EvidenceError([Fault(path, 1, 1, "--column", column, words)])
        cells = [" ".join((row[column] or "").split()) for row in reader]
    except csv.Error as error:
        raise EvidenceError(
            [Fault(path, reader.line_num, 1, "", "", f"is no CSV: {error}")]
        ) from error
    texts = list(dict.fromkeys(cell for cell in cells if cell))
    if not texts:
        raise EvidenceError([Fault(path, 1, columns.index(column) + 1, column, "", "has no text")])
    return texts
