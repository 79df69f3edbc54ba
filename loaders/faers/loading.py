"""Extracts into the folder of FAERS: read, counted, and put in force together or not at all."""

import gzip
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evikg.graph.inputs import sha256_of
from evikg.loaders.faults import EvidenceError, Fault

from . import flat, icsr
from .counts import Counts
from .deleted import write_deleted
from .finding import Extract, Member, extracts
from .folder import carry_over, changing, put_in_force, read_manifest
from .layouts import DELETED, TABLES, Shape, shape
from .mending import CUT
from .tables import Reading, convert

Progress = Callable[[str], None]

#: Tables that are read at a time: reading and writing Parquet take a processor each.
_AT_A_TIME = 2
#: A file is damaged, not merely untidy, if more rows than this share cannot be read.
_MOST_REJECTED = 0.1
_FEW = 20


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did.

    `counts` is by quarter and table, of the quarters that were read; `again` names quarters that
    were there already, from the same files; `shared` is the number of cases with reports in more
    than one quarter of the folder.
    """

    counts: dict[str, dict[str, Counts]]
    again: list[str]
    shared: int
    quarters: list[str]


@dataclass(slots=True)
class _Read:
    """What was read of one quarter."""

    layout: str
    counts: dict[str, Counts] = field(default_factory=dict)
    files: list[dict[str, str]] = field(default_factory=list)
    unknown: str = ""


def load(
    paths: Sequence[Path], folder: Path, progress: Progress = lambda _: None, *,
    replace: bool = False,
) -> Loaded:  # fmt: skip
    """Read extracts into a folder, beside the quarters that are there.

    :param paths: zip archives, files, or folders that hold them
    :param replace: read quarters anew that are there already
    :raises EvidenceError: with every fault that can be told; then nothing was changed
    """
    found = extracts(paths)
    shapes = _shapes(found)
    with changing(folder) as staged:
        manifest = read_manifest(folder)
        again = [] if replace else _same(found, manifest)
        new = [extract for extract in found if extract.quarter not in again]
        made: dict[str, _Read] = {}
        for extract in new:
            progress(f"reading {extract.quarter} from {extract.place}")
            made[extract.quarter] = _read(extract, shapes, staged, progress)
        if not made:
            shared = int(manifest.get("cases_in_several_quarters", 0))
            return Loaded({}, again, shared, sorted(manifest["tables"]))
        carry_over(folder, staged, set(made))
        state = _manifest(manifest, made)
        shared = _shared(staged)
        state["cases_in_several_quarters"] = shared
        put_in_force(folder, staged, state)
    counts = {quarter: read.counts for quarter, read in made.items()}
    return Loaded(counts, again, shared, sorted(state["tables"]))


def _shapes(found: Sequence[Extract]) -> dict[tuple[str, str], Shape]:
    """Tell what the rows of every ASCII table look like, before any is read.

    :raises EvidenceError: with the faults of all headers
    """
    shapes: dict[tuple[str, str], Shape] = {}
    faults: list[Fault] = []
    for extract in found:
        for table, member in extract.tables.items():
            with _damage(member), member.open() as stream:
                head = Reading(stream).head
            of, wrong = shape(member.path, table, extract.quarter, head)
            faults += wrong
            if of is not None:
                shapes[extract.quarter, table] = of
        checks = [(icsr.check_xml, member) for member in extract.xml]
        if extract.flat is not None:
            checks.append((flat.check_flat, extract.flat))
        for check, member in checks:
            try:
                with _damage(member):
                    check(member)
            except EvidenceError as error:
                faults += error.faults
    if faults:
        raise EvidenceError(faults)
    return shapes


def _same(found: Sequence[Extract], manifest: dict[str, Any]) -> list[str]:
    """Return the quarters that are in the folder from the same files.

    :raises EvidenceError: if one is there from other files
    """
    again, faults = [], []
    for extract in found:
        if extract.quarter not in manifest["tables"]:
            continue
        before = [file for file in manifest["files"] if file["quarter"] == extract.quarter]
        kept = {file["sha256"] for file in before}
        if {sha256_of(path) for path in _files(extract)} == kept:
            again.append(extract.quarter)
            continue
        names = ", ".join(sorted(file["name"] for file in before)[:2])
        words = f"{extract.quarter} is loaded already, from {names}; --replace reads it anew"
        faults.append(Fault(extract.place, 0, 0, "", "", words))
    if faults:
        raise EvidenceError(faults)
    return again


def _files(extract: Extract) -> list[Path]:
    """Return the files on disk that an extract is read from."""
    members = [*extract.tables.values(), *extract.xml, *extract.deleted]
    members += [extract.flat] if extract.flat else []
    return sorted({member.place if member.packed else member.path for member in members})


def _read(
    extract: Extract, shapes: dict[tuple[str, str], Shape], staged: Path, progress: Progress
) -> _Read:
    """Read one quarter into Parquet files."""
    names = (*TABLES, DELETED)
    targets = {name: staged / "tables" / name / f"{extract.quarter}.parquet" for name in names}
    for target in targets.values():
        target.parent.mkdir(parents=True, exist_ok=True)
    read = _Read("", {name: Counts() for name in names})
    hashes: dict[Path, str] = {}
    if extract.tables:
        read.layout = shapes[extract.quarter, "demo"].layout
        with ThreadPoolExecutor(_AT_A_TIME) as pool:
            jobs = [
                pool.submit(
                    _table, extract.tables[name], shapes[extract.quarter, name], targets[name],
                    read.counts[name],
                )
                for name in TABLES
            ]  # fmt: skip
            for name, job in zip(TABLES, jobs, strict=True):
                member, sha256 = extract.tables[name], job.result()
                if not member.packed:
                    hashes[member.path] = sha256
                progress(f"{extract.quarter} {name.upper()}: {read.counts[name].kept} rows")
        odd = {n for name in TABLES for n in shapes[extract.quarter, name].unknown}
        read.unknown = f"columns that are not kept: {', '.join(sorted(odd))}" if odd else ""
    elif extract.xml:
        read.layout, read.unknown = "xml", icsr.UNKNOWN
        with _damage(extract.xml[0]):
            icsr.write_xml(extract.xml, targets, read.counts)
    elif extract.flat is not None:
        read.layout, read.unknown = "flat", flat.UNKNOWN
        kept = {name: target for name, target in targets.items() if name != DELETED}
        with _damage(extract.flat):
            flat.write_flat(extract.flat, kept, read.counts)
    if extract.deleted or not extract.xml:
        with _damage(*extract.deleted):
            write_deleted(extract.deleted, targets[DELETED], read.counts[DELETED])
    _check(extract, read)
    for path in _files(extract):
        name = path.relative_to(extract.place).as_posix() if extract.place.is_dir() else path.name
        sha256 = hashes.get(path) or sha256_of(path)
        read.files.append(
            {"name": name, "sha256": sha256, "quarter": extract.quarter, "layout": read.layout}
        )
    return read


def _table(member: Member, of: Shape, target: Path, counts: Counts) -> str:
    import pyarrow as pa

    try:
        with _damage(member):
            return convert(member.open, of, target, counts)
    except pa.ArrowInvalid as error:
        words = f"cannot be read: {error}"
        raise EvidenceError([Fault(member.path, 0, 0, "", "", words)]) from error


def _check(extract: Extract, read: _Read) -> None:
    """Refuse tables of which much cannot be read, and reports that are none.

    :raises EvidenceError: with a fault for each table
    """
    faults = []
    for name, counts in read.counts.items():
        if name == DELETED or read.layout == "flat":
            continue
        lost = sum(counts.rejected.values())
        path = extract.tables[name].path if extract.tables else extract.place
        if lost > _FEW and lost > _MOST_REJECTED * counts.read:
            words = f"{lost} of {counts.read} rows cannot be read ({counts.examples[0]}, …)"
            faults.append(Fault(path, 0, 0, "", "", f"{words}: the file is damaged"))
        elif CUT in counts.rejected:
            words = "ends within a row: it is cut short; download or unpack it again"
            faults.append(Fault(path, 0, 0, "", "", words))
    if not read.counts["demo"].kept:
        faults.append(Fault(extract.place, 0, 0, "", "", f"holds no report of {extract.quarter}"))
    if faults:
        raise EvidenceError(faults)


@contextmanager
def _damage(*members: Member) -> Iterator[None]:
    """Turn what an archive that is damaged raises into a fault of it."""
    try:
        yield
    except (zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError) as error:
        path = members[0].path if members else Path()
        words = f"is damaged or cut short: {error}; download it again"
        raise EvidenceError([Fault(path, 0, 0, "", "", words)]) from error


def _manifest(before: dict[str, Any], made: dict[str, _Read]) -> dict[str, Any]:
    """Return what is said of the next state."""
    files = [file for file in before["files"] if file["quarter"] not in made]
    files += [file for read in made.values() for file in read.files]
    tables = {quarter: of for quarter, of in before["tables"].items() if quarter not in made}
    unknown = {quarter: of for quarter, of in before["unknown"].items() if quarter not in made}
    for quarter, read in made.items():
        tables[quarter] = {name: counts.as_json() for name, counts in sorted(read.counts.items())}
        if read.unknown:
            unknown[quarter] = read.unknown
    return {
        "format": before["format"],
        "files": sorted(files, key=lambda file: (file["quarter"], file["name"])),
        "tables": dict(sorted(tables.items())),
        "unknown": dict(sorted(unknown.items())),
    }


def _shared(staged: Path) -> int:
    """Return how many cases have reports in more than one quarter."""
    import duckdb

    files = sorted(str(path) for path in (staged / "tables" / "demo").glob("*.parquet"))
    if len(files) < 2:
        return 0
    with duckdb.connect() as engine:
        engine.execute("SET enable_progress_bar = false")
        several = engine.execute(
            "SELECT count(*) FROM (SELECT caseid FROM ("
            "SELECT caseid, list_position(?, filename) AS quarter"
            " FROM read_parquet(?, filename = true) WHERE caseid IS NOT NULL"
            ") GROUP BY caseid HAVING min(quarter) < max(quarter))",
            [files, files],
        )
        return int(several.fetchall()[0][0])
