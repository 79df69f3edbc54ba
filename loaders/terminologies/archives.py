"""Files as agencies pack them: plain, gzip, zstd, or a zip archive with the one file meant."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from evikg.loaders.faults import EvidenceError, Fault

from .opening import Progress, opened

_ZIP = b"PK\x03\x04"


def is_zip(path: Path) -> bool:
    """Tell whether a file is a zip archive, by its first bytes."""
    try:
        with path.open("rb") as stream:
            return stream.read(len(_ZIP)) == _ZIP
    except OSError:
        return False  # `opened` says why, when it is read


def printed_name(path: Path, pattern: str) -> str:
    """Return the name of the file itself: within a zip archive, that of the member meant.

    :param pattern: regular expression of the member's name in lower case, such as `.*[.]xml`
    :raises EvidenceError: if the archive is damaged or holds no or several such members
    """
    if not is_zip(path):
        return path.name
    with _archive(path) as archive:
        return Path(_member(path, archive, pattern)).name


@contextmanager
def unpacked(path: Path, pattern: str, progress: Progress = lambda _: None) -> Iterator[IO[bytes]]:
    """Open a file for reading bytes, unpacked whatever it is packed with.

    :param pattern: regular expression of the name of a zip archive's member, in lower case
    :raises EvidenceError: as `opening.opened`, and as `printed_name`
    """
    if not is_zip(path):
        with opened(path, progress) as stream:
            yield stream
        return
    with _archive(path) as archive, archive.open(_member(path, archive, pattern)) as member:
        yield member


@contextmanager
def _archive(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        words = f"is a damaged zip archive: {error}; download it again"
        raise EvidenceError([Fault(path, 0, 0, "", "", words)]) from error
    except RuntimeError as error:  # a method of compression that is not known, or encryption
        words = f"is a zip archive that cannot be read here: {error}; unpack it first"
        raise EvidenceError([Fault(path, 0, 0, "", "", words)]) from error


def _member(path: Path, archive: zipfile.ZipFile, pattern: str) -> str:
    names = [n for n in archive.namelist() if re.fullmatch(pattern, Path(n).name.lower())]
    if len(names) != 1:
        held = ", ".join(archive.namelist()[:10]) or "nothing"
        words = f"expected one file named {pattern}, found {len(names)}; the archive holds {held}"
        raise EvidenceError([Fault(path, 0, 0, "", "", words)])
    return names[0]
