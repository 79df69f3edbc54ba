"""Files of terminologies, plain, gzip or zstd, opened as streams that tell how far they are."""

import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from evikg.loaders.faults import EvidenceError, Fault

Progress = Callable[[str], None]

_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
_STEP = 64 * 1024 * 1024


@contextmanager
def opened(path: Path, progress: Progress = lambda _: None) -> Iterator[IO[bytes]]:
    """Open a file for reading bytes; gzip and zstd are told by their first bytes.

    What the file is compressed with is read from its content: a name that says otherwise is a
    fault, as is a stream that ends early or fails its checksum.

    :raises EvidenceError: if it cannot be read, is empty, or is not the compression it says
    """
    try:
        with path.open("rb") as raw:
            head = raw.read(4)
            raw.seek(0)
            _check_name(path, head)
            with _decompressed(raw, head) as stream:
                counted = _Counted(stream, path, progress)
                yield io.BufferedReader(counted, buffer_size=1 << 20)
    except OSError as error:
        if error.errno is None:  # gzip.BadGzipFile and a zlib checksum
            raise _fault(path, f"is damaged: {error}") from error
        raise _fault(path, f"cannot be read: {error.strerror}") from error
    except zlib.error as error:
        raise _fault(path, f"is damaged: {error}") from error
    except EOFError as error:
        raise _fault(path, f"ends early: {error}") from error


def _check_name(path: Path, head: bytes) -> None:
    if not head:
        raise _fault(path, "is empty")
    for suffix, magic in ((".gz", _GZIP), (".zst", _ZSTD)):
        if path.suffix == suffix and not head.startswith(magic):
            raise _fault(path, f"is named {suffix} but is not; name it by what it holds")


@contextmanager
def _decompressed(raw: IO[bytes], head: bytes) -> Iterator[IO[bytes]]:
    if head.startswith(_GZIP):
        with gzip.open(raw, "rb") as stream:
            yield stream  # type: ignore[misc]
    elif head.startswith(_ZSTD):
        from backports import zstd

        try:
            with zstd.open(raw, "rb") as stream:
                yield stream  # type: ignore[misc]
        except zstd.ZstdError as error:
            raise EOFError(str(error)) from error
    else:
        yield raw


class _Counted(io.RawIOBase):
    """A stream that counts what is read of it."""

    def __init__(self, inner: IO[bytes], path: Path, progress: Progress) -> None:
        self._inner = inner
        self._path = path
        self._progress = progress
        self._read = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        data = self._inner.read(len(view))
        view[: len(data)] = data
        before, self._read = self._read, self._read + len(data)
        if before // _STEP != self._read // _STEP:
            self._progress(f"{self._path.name}: {self._read // 1_000_000} MB read")
        return len(data)


def _fault(path: Path, words: str) -> EvidenceError:
    return EvidenceError([Fault(path, 0, 0, "", "", words)])
