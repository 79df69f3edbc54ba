"""The embedded store: pyoxigraph in a directory, many readers, one build at a time.

A store directory holds generations and a file that names the one in force:

    STORE/CURRENT        the name of a generation, replaced in one step
    STORE/<generation>/  a finished, read-only RocksDB, its index of branches, and what the next
                         build needs of this one

A build writes a new generation beside the old ones and then replaces `CURRENT`, so that a crash at
any moment leaves the last good graph. A reader that has opened a generation keeps it: the one
before the current is removed only by the next build.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pyoxigraph
from pyoxigraph import NamedNode, RdfFormat

from evikg.ontology.namespaces import BASE

from .errors import (
    QueryError,
    StoreLockedError,
    StoreMissingError,
    StoreReadOnlyError,
    StoreUnreadableError,
)
from .lexis import names_dataset
from .store import Answer, Dataset

CURRENT = "CURRENT"
LOCK = "LOCK"


class EmbeddedStore:
    """A pyoxigraph store behind the store protocol."""

    def __init__(
        self,
        inner: pyoxigraph.Store | None = None,
        *,
        writable: bool = True,
        generation: Path | None = None,
    ) -> None:
        """Wrap a pyoxigraph store; a new one in memory by default.

        :param generation: the directory of a finished generation that was opened
        """
        self.inner = inner if inner is not None else pyoxigraph.Store()
        self._writable = writable
        self.generation = generation

    @classmethod
    def open(cls, directory: Path) -> "EmbeddedStore":
        """Open the generation in force, read-only.

        :raises StoreMissingError: if no build has finished there
        :raises StoreUnreadableError: if the files are damaged
        """
        generation = current_generation(directory)
        if generation is None:
            raise StoreMissingError(directory)
        # While whoever wrote it closes it, files may still be merged away between the moment that
        # they are listed and the moment that they are opened.
        for pause in (0.05, 0.1, 0.2, None):
            try:
                inner = pyoxigraph.Store.read_only(str(generation))
            except (OSError, RuntimeError) as error:
                if pause is None:
                    raise StoreUnreadableError(
                        f"{generation} cannot be read ({error}); build the graph again"
                    ) from error
                time.sleep(pause)
            else:
                break
        return cls(inner, writable=False, generation=generation)

    def held(self) -> "EmbeddedStore":
        """Return a copy in memory, opened to read, whose queries take a third of the time or less.

        The lock of the interpreter is not held meanwhile: other threads go on.
        """
        with tempfile.TemporaryDirectory(prefix="evikg-") as folder:
            file = str(Path(folder) / "graph.nq")
            self.inner.dump(file, RdfFormat.N_QUADS)
            inner = pyoxigraph.Store()
            inner.bulk_load(path=file, format=RdfFormat.N_QUADS)
        return EmbeddedStore(inner, writable=False, generation=self.generation)

    def query(self, sparql: str, dataset: Dataset | None = None) -> Answer:
        """Answer a query over the union of all named graphs, or over a dataset.

        An IRI that is relative, where the query gives no base, is one of this graph's individuals.
        """
        try:
            if dataset is None:
                # The engine's union would stand above what FROM says.
                union = not names_dataset(sparql)
                return self.inner.query(sparql, base_iri=BASE, use_default_graph_as_union=union)
            return self.inner.query(
                sparql,
                base_iri=BASE,
                default_graph=[NamedNode(iri) for iri in dataset.default],
                named_graphs=[NamedNode(iri) for iri in dataset.named],
            )
        except SyntaxError as error:
            raise QueryError(str(error)) from error
        except (OSError, RuntimeError) as error:
            # The engine knows a function only by its name; that is a fault of the query.
            if "custom function" in str(error):
                raise QueryError(str(error)) from error
            raise StoreUnreadableError(f"the graph is damaged ({error}); build it again") from error

    def update(self, sparql: str) -> None:
        """Run an update in one transaction."""
        self._check_writable()
        try:
            self.inner.update(sparql)
        except SyntaxError as error:
            raise QueryError(str(error)) from error

    def load(self, data: bytes | IO[bytes], rdf_format: RdfFormat, graph: str | None) -> None:
        """Add RDF in bulk."""
        self._check_writable()
        to_graph = NamedNode(graph) if graph is not None else None
        self.inner.bulk_load(data, rdf_format, to_graph=to_graph)

    def export(self, output: IO[bytes], rdf_format: RdfFormat, graph: str | None = None) -> None:
        """Write the dataset, or one named graph."""
        from_graph = NamedNode(graph) if graph is not None else None
        self.inner.dump(output, rdf_format, from_graph=from_graph)

    def graphs(self) -> list[str]:
        """Return the IRIs of the named graphs, sorted."""
        return sorted(str(graph.value) for graph in self.inner.named_graphs())

    def size(self) -> int:
        """Return the number of quads."""
        return len(self.inner)

    def _check_writable(self) -> None:
        if not self._writable:
            raise StoreReadOnlyError("the graph was opened to read; `evikg build` writes it")


def current_generation(directory: Path) -> Path | None:
    """Return the generation in force; None where no build has finished."""
    try:
        name = (directory / CURRENT).read_text(encoding="utf-8").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    generation = directory / name
    return generation if name and generation.is_dir() else None


@contextmanager
def new_generation(
    directory: Path, beside: Mapping[str, bytes | Path] | None = None
) -> Iterator[pyoxigraph.Store]:
    """Yield an empty store to fill; when the block ends without an error, put it in force.

    :param beside: files to stand in the directory of the generation, by their path in it: what is
        in them, or a file to copy; read when the block has ended, so that it may fill them, and in
        force in the same step as the store
    :raises StoreLockedError: if another build is writing there
    """
    from filelock import FileLock, Timeout

    from .rollup import write_branches

    if directory.exists() and not directory.is_dir():
        raise StoreUnreadableError(f"{directory} is a file; a graph is built in a directory")
    directory.mkdir(parents=True, exist_ok=True)
    lock = FileLock(directory / LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise StoreLockedError(directory) from error
    try:
        before = current_generation(directory)
        # A build that failed in this process may still hold the files of its generation: no
        # number is used again.
        numbers = [int(p.name.partition("-")[2]) for p in directory.glob("generation-[0-9]*")]
        _remove_leftovers(directory, keep=before)
        fresh = directory / f"generation-{max(numbers, default=0) + 1}"
        store = pyoxigraph.Store(str(fresh))
        yield store
        store.optimize()
        store.flush()
        write_branches(fresh, store)
        for path, data in (beside or {}).items():
            (fresh / path).parent.mkdir(parents=True, exist_ok=True)
            _write(fresh / path, data)
        del store
        _put_in_force(directory, fresh.name)
    finally:
        lock.release()


def _put_in_force(directory: Path, name: str) -> None:
    draft = directory / f"{CURRENT}.new"
    _write(draft, f"{name}\n".encode())
    draft.replace(directory / CURRENT)


def _write(path: Path, data: bytes | Path) -> None:
    with path.open("wb") as file:
        if isinstance(data, bytes):
            file.write(data)
        else:
            with data.open("rb") as copied:
                shutil.copyfileobj(copied, file)
        file.flush()
        os.fsync(file.fileno())


def _remove_leftovers(directory: Path, keep: Path | None) -> None:
    """Remove what crashed builds left, and generations older than the one in force."""
    for path in directory.glob("generation-*"):
        if path != keep:
            shutil.rmtree(path, ignore_errors=True)
