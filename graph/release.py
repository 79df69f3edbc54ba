"""A release: a folder of files that are the same, byte for byte, wherever they are made.

    DIR/graph.nq       the graph as canonical N-Quads, sorted by code point
    DIR/<table>        flat tables, such as results.csv
    DIR/manifest.json  the manifest of the graph, with the checksums of the other files

The N-Quads are not compressed: what gzip writes differs between its implementations.
"""

import gzip
import os
import shutil
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any, cast

import pyoxigraph
from pyoxigraph import Quad, RdfFormat

from .canonical import nquad_line, sorted_lines
from .embedded import CURRENT, EmbeddedStore
from .errors import ReleaseError
from .inputs import sha256_of
from .manifest import MANIFEST, manifest_bytes, read_manifest

GRAPH = "graph.nq"


def write_release(
    store: EmbeddedStore, folder: Path, tables: Mapping[str, bytes]
) -> dict[str, Any]:
    """Write a release of a graph; the folder is there as a whole, or not at all.

    :param store: a generation that was opened, with its manifest beside it
    :param folder: that is not there yet, or is empty
    :param tables: content of the flat tables by file name
    :returns: its manifest
    :raises ReleaseError: if the folder is taken, cannot be written, or the graph has no manifest
    """
    if store.generation is None:
        raise ReleaseError("a release is written from a graph in a directory")
    try:
        described = read_manifest(store.generation / MANIFEST)
    except ReleaseError as error:
        raise ReleaseError(f"{error}; build the graph again, then release it") from error
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        raise ReleaseError(f"{folder} is there already; name a new folder")
    place = folder.resolve()
    draft = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        draft.mkdir(parents=True)
        with (draft / GRAPH).open("wb") as file:
            for line in sorted_lines(map(nquad_line, store.inner)):
                file.write(line.encode())
        for name, data in tables.items():
            (draft / name).write_bytes(data)
        described["files"] = {
            path.name: {"sha256": sha256_of(path), "bytes": path.stat().st_size}
            for path in sorted(draft.iterdir())
        }
        (draft / MANIFEST).write_bytes(manifest_bytes(described))
        draft.replace(place)
    except OSError as error:
        raise ReleaseError(f"{folder} cannot be written: {error.strerror}") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return described


class Graph:
    """A graph to be compared: a release, a store, or a file of N-Quads.

    `place` is what it was named by. Its quads may be read more than once.
    """

    def __init__(self, place: Path) -> None:
        """Open a release folder, a store folder, or a file `.nq` or `.nq.gz`.

        :raises ReleaseError: if it is none of these, or is a release whose files are not those
            that its manifest names
        """
        self.place = place
        self._store: EmbeddedStore | None = None
        self._file = place
        if place.is_dir() and (place / CURRENT).is_file():
            self._store = EmbeddedStore.open(place)
        elif place.is_dir():
            _verify(place)
            self._file = place / GRAPH
        elif not place.is_file():
            raise ReleaseError(
                f"{place} is not there; expected a release, a store or a file of N-Quads"
            )
        elif not place.name.endswith((".nq", ".nq.gz")):
            raise ReleaseError(f"{place} is neither a folder nor a file .nq or .nq.gz")
        elif place.stat().st_size == 0:
            raise ReleaseError(f"{place} is empty: it holds no graph")

    def quads(self) -> Iterator[Quad]:
        """Yield its quads, in no order.

        :raises ReleaseError: if the file is damaged; the text names the line
        """
        if self._store is not None:
            yield from self._store.inner
            return
        try:
            with _opened(self._file) as file:
                yield from pyoxigraph.parse(file, RdfFormat.N_QUADS)
        except SyntaxError as error:
            words = str(error.msg).removeprefix("Parser error ")
            raise ReleaseError(f"{self._file} is no N-Quads: {words}") from error
        except (EOFError, zlib.error) as error:
            raise ReleaseError(f"{self._file} is cut off or damaged: {error}") from error
        except OSError as error:
            raise ReleaseError(f"{self._file} cannot be read: {error}") from error


def _opened(path: Path) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path)) if path.suffix == ".gz" else path.open("rb")


def _verify(folder: Path) -> None:
    """Check that the files of a release are those that its manifest names."""
    if not (folder / MANIFEST).is_file():
        raise ReleaseError(
            f"{folder} is neither a release, which holds {MANIFEST}, nor a store, which holds"
            f" {CURRENT}"
        )
    named = read_manifest(folder / MANIFEST).get("files")
    if not isinstance(named, dict) or GRAPH not in named:
        raise ReleaseError(f"{folder / MANIFEST} names no {GRAPH}: it is not that of a release")
    for name, expected in named.items():
        path = folder / name
        if not path.is_file():
            raise ReleaseError(f"{path} is missing, which {MANIFEST} names")
        if sha256_of(path) != expected.get("sha256"):
            raise ReleaseError(f"{path} is not the file whose checksum {MANIFEST} holds")
