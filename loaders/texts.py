"""Texts to be linked, from one column of a CSV or TSV file."""

import csv
import io
from pathlib import Path

from evikg.ontology.linking.mapping_rows import is_curie

from .faults import EvidenceError, Fault, read_text


def read_column(path: Path, column: str, subject: str | None = None) -> list[tuple[str, str]]:
    """Read the different texts of a column, in the order of the file; blank cells are passed over.

    A file named `.tsv` is separated by tabs, any other by commas.

    :param subject: column that holds the CURIE of the thing that each text names
    :returns: each text with its CURIE, empty where no such column is named
    :raises EvidenceError: if it cannot be read, has no such column or no text in it, or with every
        cell that should hold a CURIE and does not
    """
    faults: list[Fault] = []
    text = read_text(path, faults)
    if text is None:
        raise EvidenceError(faults)
    delimiter = "\t" if path.suffix.lower() == ".tsv" else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    read = 0  # lines of the rows that are read in full
    try:
        columns = list(reader.fieldnames or [])
        for option, name in (("--column", column), ("--subject", subject)):
            if name is not None and name not in columns:
                words = f"is no column of the file; it has: {', '.join(columns)}"
                faults.append(Fault(path, 1, 1, option, name, words))
        if faults:
            raise EvidenceError(faults)
        cells, read = [], reader.line_num
        for row in reader:
            text = " ".join((row[column] or "").split())
            curie = (row[subject] or "").strip() if subject is not None else ""
            if text and subject is not None and not is_curie(curie):
                place = columns.index(subject) + 1
                words = "expected a CURIE of a known prefix, such as variable:anemia"
                faults.append(Fault(path, reader.line_num, place, subject, curie, words))
            cells.append((text, curie))
            read = reader.line_num
    except csv.Error as error:
        words, line = f"is no CSV: {error}", reader.line_num
        if "unexpected end" in str(error):
            line, words = read + 1, "is no CSV: a quote that opens in this row is never closed"
        raise EvidenceError([Fault(path, line, 1, "", "", words)]) from error
    if faults:
        raise EvidenceError(faults)
    texts = list(dict.fromkeys(cell for cell in cells if cell[0]))
    if not texts:
        raise EvidenceError([Fault(path, 1, columns.index(column) + 1, column, "", "has no text")])
    return texts
