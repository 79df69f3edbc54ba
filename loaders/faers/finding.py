"""Extracts among files and folders: which quarter, which tables, in whatever names and folders."""

import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO

from evikg.loaders.faults import EvidenceError, Fault

from .layouts import TABLES
from .strangers import complaint

_TABLE = re.compile(rf"({'|'.join(TABLES)})(\d\d)q([1-4])(_new)?\.txt")
_XML = re.compile(r"(?:\d+_)?adr(\d\d)q([1-4])\.xml")
#: Lists of deleted cases have had five names, in folders of three; all say this.
_DELETED = re.compile(r".*delet.*\.txt")
_FLAT = re.compile(r".*\.csv(?:\.gz)?")
_QUARTER = re.compile(r"(?<!\d)(?:20)?(\d\d)q([1-4])(?!\d)")
_ZIP = b"PK"


@dataclass(frozen=True, slots=True)
class Member:
    """A file, or a member of a zip archive."""

    place: Path
    name: str  # within the archive or the folder, with "/"; that of the file itself if given alone
    packed: bool

    @property
    def path(self) -> Path:
        """What a fault names."""
        return self.place / self.name if self.packed or self.place.is_dir() else self.place

    @property
    def base(self) -> str:
        """The name in lower case, without folders."""
        return PurePosixPath(self.name).name.lower()

    def open(self) -> AbstractContextManager[IO[bytes]]:
        """Open it for reading bytes; a member of an archive is unpacked as it is read."""
        return _unpacked(self) if self.packed else self.path.open("rb")


@dataclass(slots=True)
class Extract:
    """The files of one quarter."""

    quarter: str  # as 2022q4
    place: Path
    tables: dict[str, Member] = field(default_factory=dict)
    xml: list[Member] = field(default_factory=list)
    flat: Member | None = None
    deleted: list[Member] = field(default_factory=list)


def extracts(paths: Sequence[Path]) -> list[Extract]:
    """Return the extracts in files and folders, by quarter.

    :param paths: zip archives, single files, or folders that hold any of them at any depth
    :raises EvidenceError: with every fault: a file that is none of an extract, an archive cut
        short, a table that is missing or there twice, a quarter that is given twice
    """
    faults: list[Fault] = []
    found: dict[tuple[Path, str], Extract] = {}
    for path in dict.fromkeys(paths):
        try:
            held, wrong = _held(path)
        except EvidenceError as error:
            faults += error.faults
            continue
        faults += wrong
        for extract in held:
            _merge(found, extract)
    by_quarter: dict[str, list[Extract]] = defaultdict(list)
    for extract in found.values():
        by_quarter[extract.quarter].append(extract)
        faults += _incomplete(extract)
    for quarter, several in by_quarter.items():
        if len(several) > 1:
            words = f"{quarter} is given twice, also as {several[0].place}; give it once"
            faults.append(Fault(several[1].place, 0, 0, "", "", words))
    if faults:
        raise EvidenceError(faults)
    return [by_quarter[quarter][0] for quarter in sorted(by_quarter)]


def _held(path: Path) -> tuple[list[Extract], list[Fault]]:
    """Return what a file or a folder holds; other files beside archives are left alone."""
    held: list[Extract] = []
    faults: list[Fault] = []
    for group in _groups(path):
        more, wrong = _classified(group)
        held += more
        faults += wrong
        beside = held and group and not group[0].packed
        if not more and not wrong and not beside:
            faults.append(_nothing(group, path))
    if not held and not faults:
        words = "is an empty folder; expected zip archives such as faers_ascii_2022Q4.zip"
        faults.append(Fault(path, 0, 0, "", "", words))
    return held, faults


def _groups(path: Path) -> Iterator[list[Member]]:
    """Yield the members of each archive, also of those in a folder, then its other files."""
    if not path.is_dir():
        yield _members(path)
        return
    loose = []
    for file in sorted(path.rglob("*")):
        if file.suffix.lower() == ".zip":
            yield _members(file)
        elif file.is_file():
            loose.append(Member(path, file.relative_to(path).as_posix(), packed=False))
    if loose:
        yield loose


def _members(path: Path) -> list[Member]:
    with path.open("rb") as stream:
        start = stream.read(len(_ZIP))
    if start != _ZIP:
        if path.suffix.lower() == ".zip":
            with path.open("rb") as stream:
                raise EvidenceError([complaint(path, stream)])
        return [Member(path, path.name, packed=False)]
    try:
        with zipfile.ZipFile(path) as archive:
            names = [info.filename for info in archive.infolist() if not info.is_dir()]
    except zipfile.BadZipFile as error:
        words = "is a zip archive cut short or damaged; download it again"
        raise EvidenceError([Fault(path, 0, 0, "", "", words)]) from error
    return [Member(path, name, packed=True) for name in names]


def _classified(members: Sequence[Member]) -> tuple[list[Extract], list[Fault]]:
    """Put the members of one archive or folder to their quarters."""
    found: dict[str, Extract] = {}
    faults: list[Fault] = []
    lists: list[Member] = []

    def extract(quarter: str, member: Member) -> Extract:
        return found.setdefault(quarter, Extract(quarter, member.place))

    for member in members:
        if match := _TABLE.fullmatch(member.base):
            of = extract(f"20{match[2]}q{match[3]}", member)
            faults += _add_table(of, match[1], member, newer=match[4] is not None)
        elif match := _XML.fullmatch(member.base):
            extract(f"20{match[1]}q{match[2]}", member).xml.append(member)
        elif _DELETED.fullmatch(member.name.lower()):
            lists.append(member)
        elif _FLAT.fullmatch(member.base) and (match := _QUARTER.search(member.base)):
            of = extract(f"20{match[1]}q{match[2]}", member)
            of.flat = of.flat or member
    for member in lists:
        faults += _add_list(found, member)
    return list(found.values()), faults


def _add_table(extract: Extract, table: str, member: Member, *, newer: bool) -> list[Fault]:
    """Add a table; DEMO18Q1_new.txt takes the place of DEMO18Q1.txt."""
    other = extract.tables.get(table)
    if other is None or newer:
        extract.tables[table] = member
    elif not _newer(other):
        words = f"{table.upper()} of {extract.quarter} is there twice, also as {other.name}"
        return [Fault(member.path, 0, 0, "", "", words)]
    return []


def _newer(member: Member) -> bool:
    match = _TABLE.fullmatch(member.base)
    return match is not None and match[4] is not None


def _add_list(found: dict[str, Extract], member: Member) -> list[Fault]:
    """Add a list of deleted cases to the quarter that its name says, else to that beside it."""
    if match := _QUARTER.search(member.base):
        quarter = f"20{match[1]}q{match[2]}"
    else:
        folder = PurePosixPath(member.name).parent
        beside = [
            extract.quarter
            for extract in found.values()
            for table in (*extract.tables.values(), *extract.xml)
            if folder.parent == PurePosixPath(table.name).parent.parent
        ]
        quarter = (beside or [*found, ""])[0]
    if quarter not in found:
        words = "is a list of deleted cases without its extract; give the whole extract"
        return [Fault(member.path, 0, 0, "", "", words)]
    found[quarter].deleted.append(member)
    return []


def _merge(found: dict[tuple[Path, str], Extract], extract: Extract) -> None:
    """Add an extract; tables that are given as single files of one folder are one extract."""
    alone = not extract.place.is_dir() and any(
        not member.packed for member in (*extract.tables.values(), *extract.xml, *extract.deleted)
    )
    key = (extract.place.parent if alone else extract.place, extract.quarter)
    other = found.setdefault(key, extract)
    if other is not extract:
        other.tables |= extract.tables
        other.xml += extract.xml
        other.deleted += extract.deleted


def _incomplete(extract: Extract) -> list[Fault]:
    """Return the fault of an extract that lacks tables, or has more than one form."""
    forms = [bool(extract.tables), bool(extract.xml), extract.flat is not None]
    if sum(forms) > 1:
        words = f"holds {extract.quarter} in several forms, ASCII, XML or CSV; give one"
        return [Fault(extract.place, 0, 0, "", "", words)]
    missing = [name for name in sorted(TABLES) if name not in extract.tables]
    if not extract.tables or not missing:
        return []
    year, quarter = extract.quarter[2:4], extract.quarter[-1]
    files = ", ".join(f"{name.upper()}{year}Q{quarter}.txt" for name in missing)
    words = f"lacks {files}; give all seven tables of {extract.quarter}"
    return [Fault(extract.place, 0, 0, "", "", words)]


def _nothing(members: Sequence[Member], path: Path) -> Fault:
    """Return what is wrong with the files of a path of which none is of an extract."""
    place = members[0].place if members else path
    for member in members[:20]:
        with member.open() as stream:
            fault = complaint(member.path, stream)
        if (not place.is_dir() and not member.packed) or "expected" not in fault.expected:
            return fault
    held = ", ".join(member.name for member in members[:5]) or "nothing"
    words = f"holds no extract of FAERS; expected DEMO22Q4.txt or the like, found {held}"
    return Fault(place, 0, 0, "", "", words)


@contextmanager
def _unpacked(member: Member) -> Iterator[IO[bytes]]:
    try:
        with zipfile.ZipFile(member.place) as archive, archive.open(member.name) as stream:
            yield stream
    except RuntimeError as error:  # encryption, or a method of compression that is not known
        words = f"cannot be unpacked here: {error}; unpack it first"
        raise EvidenceError([Fault(member.path, 0, 0, "", "", words)]) from error
