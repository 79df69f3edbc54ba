"""UNII names: the substance names of the FDA's Global Substance Registration System.

`UNII_Names_<date>.txt`: one name a row, tab-separated, with its type, the substance's identifier
and the preferred name that is displayed for it.
"""

import re
import sqlite3
import tempfile
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import IO

from evikg.loaders.faults import EvidenceError, Fault
from evikg.ontology.curie import expand
from evikg.ontology.terms import Release, Synonym, Term

from .archives import printed_name, unpacked
from .collected import Faults
from .opening import Progress

HEADER = ("Name", "TYPE", "UNII", "Display Name")
#: Types of names, as GSRS spells out the codes of the file.
NAME_TYPES = {
    "of": "official name",
    "cn": "common name",
    "bn": "brand name",
    "cd": "code",
    "sys": "systematic name",
}
#: Sources that the file prints in brackets behind names: `INOTUZUMAB OZOGAMICIN [INN]`. Brackets
#: that hold something else, such as an isotope or an organism, belong to the name.
_SOURCES = frozenset(
    {
        "BAN", "BP", "CHP", "DSC", "EMA EPAR", "EMA EPAR VETERINARY", "EMA HERBAL SUBSTANCE", "EP",
        "EP IMPURITY", "EP MONOGRAPH", "FCC", "FDMS", "FHFI", "GREEN BOOK", "HOC", "HPUS", "HSDB",
        "IARC", "II", "INCB GREEN LIST", "INCI", "INDEX-NAME", "INN", "IP", "ISO", "IUPAC", "JAN",
        "JP", "LANGUAL", "LOINC", "MART.", "MI", "NDI", "NF", "NFLIS-DRUG", "ORANGE BOOK",
        "PURPLE BOOK CDER", "USAN", "USP", "USP IMPURITY", "USP MONOGRAPH", "USP-RS", "VANDF",
        "WHO-DD", "WHO-IP", "WHO-IP LATIN",
    }
)  # fmt: skip
_SOURCE = re.compile(r"(?P<name>.+) \[(?P<source>[^\[\]]+)\]")
_UNII = re.compile(r"[0-9A-Z]{10}")
_DATE = re.compile(r"\d{1,2}[A-Z][a-z]{2}\d{4}|\d{4}-?\d{2}-?\d{2}")
_MEMBER = r"unii_names.*\.txt"
_BATCH = 50_000
_STEP = 200_000


def read_unii(
    path: Path, version: str | None = None, progress: Progress = lambda _: None
) -> tuple[Release, Iterator[Term]]:
    """Read the names of substances: one term a UNII, its rows in whatever order.

    The label is the display name; the other names are exact synonyms, typed by `NAME_TYPES` and,
    where printed, the source: `common name [INN]`. Rows are sorted on disk, so memory stays small.

    :param path: the file as published or taken out of its archive; plain, gzip, zstd or zip
    :param version: the release, needed where the file's name has no date as `_19Aug2024` is
    :raises EvidenceError: now, if the release is unknown; while terms are read, if the header or
        rows are at fault
    """
    found = _DATE.search(printed_name(path, _MEMBER))
    version = version or (found.group() if found else "")
    if not version:
        words = "has no date in its name, as UNII_Names_19Aug2024.txt has; say which release it is"
        raise EvidenceError([Fault(path, 0, 0, "", "", f"{words} (--release 2024-08-19)")])
    release = Release(
        name="unii",
        title="UNII names of the FDA Global Substance Registration System",
        version=version,
        licence="public domain (work of the US Government)",
        attribution="U.S. Food and Drug Administration, Global Substance Registration System",
    )
    return release, _terms(path, progress)


def _terms(path: Path, progress: Progress) -> Iterator[Term]:
    faults = Faults(path)
    with tempfile.TemporaryDirectory(prefix="evikg-unii-") as folder:
        database = sqlite3.connect(Path(folder) / "names.sqlite", isolation_level=None)
        try:
            with unpacked(path, _MEMBER, progress) as stream:
                _sort(database, _rows(stream, path, progress, faults))
            faults.check()
            query = "SELECT unii, display, name, type, line FROM names ORDER BY unii, line"
            for unii, rows in groupby(database.execute(query), key=lambda row: str(row[0])):
                yield _term(unii, list(rows), faults)
            faults.check()
        finally:
            database.close()


def _sort(database: sqlite3.Connection, rows: Iterator[tuple[str, str, str, str, int]]) -> None:
    database.execute("PRAGMA journal_mode = OFF")
    database.execute("PRAGMA synchronous = OFF")
    database.execute("PRAGMA temp_store = FILE")
    database.execute("CREATE TABLE names (name, type, unii, display, line INTEGER PRIMARY KEY)")
    database.execute("BEGIN")
    database.executemany("INSERT INTO names VALUES (?, ?, ?, ?, ?)", rows)
    database.execute("COMMIT")


def _rows(
    stream: IO[bytes], path: Path, progress: Progress, faults: Faults
) -> Iterator[tuple[str, str, str, str, int]]:
    header = stream.readline().decode("utf-8-sig", errors="replace").rstrip("\r\n")
    if tuple(header.split("\t")) != HEADER:
        words = f"expected the header {' '.join(map(repr, HEADER))}, separated by tabs"
        raise EvidenceError([Fault(path, 1, 1, "header", header, words)])
    line = 1
    for line, raw in enumerate(stream, start=2):
        cells = _cells(raw, line, faults)
        if cells:
            yield (*cells, line)
        if line % _STEP == 0:
            progress(f"{path.name}: {line:,} rows")
    if line == 1:
        faults.add(0, 0, "", "", "has a header and no rows")


def _cells(raw: bytes, line: int, faults: Faults) -> tuple[str, str, str, str] | None:
    try:
        text = raw.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError as error:
        faults.add(line, error.start + 1, "", repr(raw[error.start : error.start + 1]), "no UTF-8")
        return None
    cells = [cell.strip() for cell in text.split("\t")]
    if len(cells) != len(HEADER):
        words = f"expected {len(HEADER)} columns, found {len(cells)}"
        faults.add(line, 1, "", text, words)
        return None
    name, kind, unii, display = cells
    if name and kind in NAME_TYPES and _UNII.fullmatch(unii) and display:
        return name, kind, unii, display
    if kind not in NAME_TYPES:
        faults.add(line, 2, HEADER[1], kind, f"expected one of {', '.join(NAME_TYPES)}")
    elif not _UNII.fullmatch(unii):
        faults.add(line, 3, HEADER[2], unii, "expected ten capital letters and digits")
    else:
        column = cells.index("") + 1
        faults.add(line, column, HEADER[column - 1], "", "is empty")
    return None


def _term(unii: str, rows: list[tuple[str, str, str, str, int]], faults: Faults) -> Term:
    label = rows[0][1]
    types: dict[str, str] = {}
    for _, display, name, kind, line in rows:
        if display != label:
            words = f"differs from {label!r} in line {rows[0][4]}; one UNII has one display name"
            faults.add(line, len(HEADER), HEADER[-1], display, words)
        text, source = _parted(name)
        kind = f"{NAME_TYPES[kind]} [{source}]" if source else NAME_TYPES[kind]
        if text not in types or len(kind) < len(types[text]):
            types[text] = kind  # of a name printed with and without its sources, that without
    types.pop(label, None)
    synonyms = tuple(sorted(Synonym(text, type=kind) for text, kind in types.items()))
    return Term(iri=_base() + unii, label=label, synonyms=synonyms)


@cache
def _base() -> str:
    return expand("UNII:0").removesuffix("0")


def _parted(name: str) -> tuple[str, str]:
    """Part a name from the source printed behind it.

    >>> _parted("TIPRANAVIR [INN]"), _parted("DISODIUM SELENITE [75SE]")
    (('TIPRANAVIR', 'INN'), ('DISODIUM SELENITE [75SE]', ''))
    """
    match = _SOURCE.fullmatch(name)
    if match is None or match["source"].upper() not in _SOURCES:
        return name, ""
    return match["name"], match["source"]
