"""Bytes of files, of members of zips, and of either within gzip."""

import gzip
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

from evikg.loaders.faults import WEB_PAGE, Fault, is_web_page

_GZIP = b"\x1f\x8b"
_ZIP = b"PK"
CUT_SHORT = "is cut short or damaged: download it again"
#: What reading compressed bytes raises where they are damaged.
DAMAGE = (EOFError, gzip.BadGzipFile, zlib.error, zipfile.BadZipFile)


def open_files(path: Path, faults: list[Fault]) -> Iterator[tuple[str, IO[bytes]]]:
    """Yield the name of a member, "" of a file that is none, and its bytes, to be read at once.

    Faults of the file are noted; what reads the bytes notes what they raise of `DAMAGE`.
    """
    try:
        with path.open("rb") as file:
            yield from _opened(path, file, faults)
    except OSError as error:
        faults.append(Fault(path, 0, 0, "", "", f"cannot be read: {error.strerror or error}"))


def _opened(path: Path, file: IO[bytes], faults: list[Fault]) -> Iterator[tuple[str, IO[bytes]]]:
    start = file.read(len(_GZIP))
    file.seek(0)
    if start == _ZIP:
        yield from _members(path, file, faults)
    elif start == _GZIP:
        inner = _plain(file)
        try:
            zipped = inner.read(len(_ZIP)) == _ZIP
        except DAMAGE:
            faults.append(Fault(path, 0, 0, "", "", CUT_SHORT))
            return
        inner.seek(0)
        if zipped:
            with tempfile.TemporaryFile() as plain:
                try:
                    shutil.copyfileobj(inner, plain)
                except DAMAGE:
                    faults.append(Fault(path, 0, 0, "", "", CUT_SHORT))
                    return
                yield from _members(path, plain, faults)
        else:
            yield "", inner
    else:
        yield "", file


def _members(path: Path, file: IO[bytes], faults: list[Fault]) -> Iterator[tuple[str, IO[bytes]]]:
    try:
        archive = zipfile.ZipFile(file)
    except zipfile.BadZipFile:
        faults.append(Fault(path, 0, 0, "", "", f"is no whole zip; it {CUT_SHORT}"))
        return
    with archive:
        found = False
        for info in archive.infolist():
            hidden = Path(info.filename).name.startswith(".") or "__MACOSX" in info.filename
            name = info.filename.lower().removesuffix(".gz")
            if info.is_dir() or hidden or not name.endswith((".json", ".jsonl", ".ndjson")):
                continue
            found = True
            try:
                with archive.open(info) as member:
                    packed = info.filename.lower().endswith(".gz")
                    yield info.filename, _plain(member) if packed else member
            except RuntimeError as error:  # what an encrypted member raises
                faults.append(Fault(path, 0, 0, info.filename, "", f"cannot be read: {error}"))
            except zipfile.BadZipFile:
                faults.append(Fault(path, 0, 0, info.filename, "", CUT_SHORT))
        if not found:
            words = "holds no JSON: expected a zip of records of ClinicalTrials.gov"
            faults.append(Fault(path, 0, 0, "", "", words))


def _plain(packed: IO[bytes]) -> IO[bytes]:
    return cast(IO[bytes], gzip.GzipFile(fileobj=packed))


def not_json(start: bytes) -> str | None:
    """Return what a file that starts with some bytes is, where it is a known mistake."""
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text:
        return "is empty"
    if is_web_page(start):
        return WEB_PAGE
    if b"<clinical_study" in text[:4096]:
        return "is XML of the retired legacy API; download the JSON of the API v2"
    if text.startswith(b"<"):
        return "is XML: expected the JSON of the API v2 of ClinicalTrials.gov"
    return None
