"""A release of MedDRA that the user supplies: terms, their preferred terms and organ classes.

MedDRA is licensed and no part of it is shipped. A release is a folder `MedAscii` of files whose
columns are parted by `$` (MedDRA Distribution File Format Document): `llt.asc` names lowest level
terms with the code of their preferred term, `pt.asc` preferred terms, `mdhier.asc` the paths from
preferred terms up to system organ classes, of which one is marked as primary. `soc.asc` and
`hlt.asc` say nothing that `mdhier.asc` does not.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from evikg.loaders.faults import EvidenceError, Fault

from .terms import term_key

#: Files of a release with the least number of columns of their rows.
_COLUMNS = {"llt.asc": 3, "pt.asc": 2, "mdhier.asc": 12}
_PRIMARY = "Y"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a term stands: its preferred term and the primary system organ class of that."""

    preferred_term: str
    organ_class: str | None


def read_meddra(folder: Path) -> dict[str, Place]:
    """Return the place of every term of a release, preferred or of the lowest level.

    :param folder: `MedAscii`, or the folder that holds it
    :returns: places by `terms.term_key` of the term
    :raises EvidenceError: if files are missing, or rows at fault
    """
    nested = folder / "MedAscii"
    folder = nested if nested.is_dir() else folder
    faults: list[Fault] = []
    rows = {name: list(_rows(folder, name, faults)) for name in _COLUMNS}
    if faults:
        raise EvidenceError(faults)
    names = {row[0]: row[1] for row in rows["pt.asc"]}
    classes = {row[0]: row[7] for row in rows["mdhier.asc"] if row[11] == _PRIMARY}
    places = {}
    for _, name, preferred, *_ in rows["llt.asc"]:
        if preferred in names:
            places[term_key(name)] = Place(names[preferred], classes.get(preferred))
    for code, name in names.items():
        places[term_key(name)] = Place(name, classes.get(code))
    return places


def _rows(folder: Path, name: str, faults: list[Fault]) -> Iterator[list[str]]:
    path = next((path for path in folder.glob("*") if path.name.lower() == name), folder / name)
    least = _COLUMNS[name]
    try:
        data = path.read_bytes()
    except OSError as error:
        words = f"cannot be read: {error.strerror}; a MedDRA release has {', '.join(_COLUMNS)}"
        faults.append(Fault(path, 0, 0, "", "", words))
        return
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")  # older releases
    for line, row in enumerate(text.splitlines(), start=1):
        cells = [cell.strip() for cell in row.split("$")]
        if len(cells) >= least and all(cells[:2]):
            yield cells
        elif row.strip():
            words = f"expected {least} columns parted by $, found {len(cells)}"
            faults.append(Fault(path, line, 1, "", row, words))
    if not text.strip():
        faults.append(Fault(path, 0, 0, "", "", "is empty"))
