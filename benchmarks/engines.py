"""The engines that are compared, each behind the same two calls: load a file, run a query.

Every engine hands over the same thing: a list of tuples of text, the whole IRI or the lexical value
of a literal, "" where a variable is unbound.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyoxigraph
from pyoxigraph import QuerySolutions, RdfFormat

from evikg.graph import open_store
from evikg.graph.embedded import EmbeddedStore, new_generation
from evikg.queries import Answer

Rows = list[tuple[str, ...]]


class Engine(ABC):
    """An engine with one graph; it lives in a process of its own."""

    #: How it is called on the command line and in the tables.
    name: str
    #: The file it loads: the named graphs (`.nq`) or the triples alone (`.nt`).
    suffix = ".nt"
    #: Why it cannot run a query, by the beginning of the query's name.
    gaps: dict[str, str] = {}  # noqa: RUF012 - overridden as a whole

    def __init__(self, folder: Path) -> None:
        """Take an empty folder for what the engine keeps on disk."""
        self.folder = folder

    @abstractmethod
    def load(self, file: Path) -> None:
        """Load a file; afterwards queries can be run."""

    @abstractmethod
    def run(self, query: str) -> Rows:
        """Answer a query, every row in memory."""


class Door(Engine):
    """EviKG's own door, in memory: the query of its store, whose rows are read as they come."""

    name = "evikg"
    suffix = ".nq"

    def load(self, file: Path) -> None:
        """Load through the store protocol."""
        self.store: Any = EmbeddedStore()
        with file.open("rb") as data:
            self.store.load(data, RdfFormat.N_QUADS, None)

    def share(self, door: "Door") -> None:
        """Use the very store that a door has loaded."""
        self.store = door.store

    def run(self, query: str) -> Rows:
        """Ask the store, take the rows as text."""
        return _texts(self.store.query(query))


class DoorOnDisk(Door):
    """EviKG's own door on disk: a generation built and put in force, then opened to read."""

    name = "evikg-disk"

    def load(self, file: Path) -> None:
        """Build a generation as `evikg build` does."""
        with new_generation(self.folder) as fresh, file.open("rb") as data:
            EmbeddedStore(fresh).load(data, RdfFormat.N_QUADS, None)
        self.store = open_store(self.folder)


class Answers(Door):
    """The same door with its answers, which keep every cell as an RDF term, then as text."""

    name = "evikg-answer"

    def run(self, query: str) -> Rows:
        """Ask the store, keep the answer, take its values."""
        answer = self.store.query(query)
        return Answer.of(answer).values() if isinstance(answer, QuerySolutions) else _texts(answer)


class AnswersOnDisk(Answers, DoorOnDisk):
    """The door on disk with its answers."""

    name = "evikg-answer-disk"


class Native(Engine):
    """Pyoxigraph in memory, called directly; its default graph is the union, as the door's is."""

    name = "pyoxigraph"
    suffix = ".nq"

    def load(self, file: Path) -> None:
        """Load in bulk."""
        self.store = pyoxigraph.Store()
        self.store.bulk_load(path=str(file), format=RdfFormat.N_QUADS)

    def share(self, door: Door) -> None:
        """Use the very store that a door has loaded."""
        self.store = door.store.inner

    def run(self, query: str) -> Rows:
        """Ask the store, take the rows as text."""
        return _texts(self.store.query(query, use_default_graph_as_union=True))


class NativeOnDisk(Native):
    """Pyoxigraph on disk, opened to read once it is loaded."""

    name = "pyoxigraph-disk"

    def load(self, file: Path) -> None:
        """Load in bulk, write everything out, open it to read."""
        place = str(self.folder / "store")
        filled = pyoxigraph.Store(place)
        filled.bulk_load(path=str(file), format=RdfFormat.N_QUADS)
        filled.flush()
        del filled
        self.store = pyoxigraph.Store.read_only(place)


class RdfLib(Engine):
    """A plain rdflib graph in memory: the triples alone, faster than a dataset's union."""

    name = "rdflib"

    def load(self, file: Path) -> None:
        """Parse N-Triples."""
        self.graph = self._graph()
        self.graph.parse(str(file), format="nt")

    def run(self, query: str) -> Rows:
        """Ask the graph, take the rows as text."""
        answer = self.graph.query(query)
        rows: Iterable[Any] = answer.graph if answer.graph is not None else answer
        return [tuple(["" if c is None else str(c) for c in row]) for row in rows]

    @staticmethod
    def _graph() -> Any:
        from rdflib import Graph

        return Graph()


class RdfLibDataset(RdfLib):
    """An rdflib dataset whose default graph is the union; off unless it is asked for."""

    name = "rdflib-dataset"
    suffix = ".nq"

    def load(self, file: Path) -> None:
        """Parse N-Quads."""
        from rdflib import Dataset

        self.graph = Dataset(default_union=True)
        self.graph.parse(str(file), format="nquads")


class OxRdfLib(RdfLib):
    """An rdflib graph kept in pyoxigraph: its engine, rdflib's terms and results."""

    name = "oxrdflib"

    def load(self, file: Path) -> None:
        """Load with the parser that oxrdflib brings."""
        self.graph = self._graph()
        self.graph.parse(str(file), format="ox-nt", transactional=False)

    @staticmethod
    def _graph() -> Any:
        from rdflib import Graph

        return Graph(store="Oxigraph")


class OwlReady(Engine):
    """The quadstore of owlready2 in memory, with its own SPARQL, read without making objects."""

    name = "owlready2"
    gaps = {"08": "its SPARQL has no DESCRIBE"}  # noqa: RUF012 - as declared above

    def load(self, file: Path) -> None:
        """Load as an ontology."""
        from owlready2 import World

        self.world = World()
        self.world.get_ontology(file.resolve().as_uri()).load()

    def run(self, query: str) -> Rows:
        """Ask the world, look up IRIs (each once) and literals."""
        prepared = self.world.prepare_sparql(query)
        iris: dict[int, str] = {}
        return [self._texts(row, prepared.column_types, iris) for row in prepared.execute_raw()]

    def _texts(
        self, row: tuple[Any, ...], types: list[str], iris: dict[int, str]
    ) -> tuple[str, ...]:
        """Read a row of its database: a number of an IRI, or a value and its datatype."""
        texts = []
        place = 0
        while place < len(row):
            value = row[place]
            alone = types[place] == "objs"
            if value is None:
                texts.append("")
            elif alone or row[place + 1] == "o":
                if value not in iris:
                    iris[value] = self.world._unabbreviate(value)
                texts.append(iris[value])
            else:
                texts.append(str(self.world._to_python(value, row[place + 1])))
            place += 1 if alone else 2
        return tuple(texts)


#: What runs in one process: engines by turns on one store, the native one last.
TOGETHER: tuple[tuple[str, ...], ...] = (
    (Door.name, Answers.name, Native.name),
    (DoorOnDisk.name, AnswersOnDisk.name, NativeOnDisk.name),
)
#: Every engine by name, as the tables show them.
ENGINES: dict[str, type[Engine]] = {
    engine.name: engine
    for engine in (
        *(Door, Answers, Native),
        *(DoorOnDisk, AnswersOnDisk, NativeOnDisk),
        *(RdfLib, OxRdfLib, OwlReady, RdfLibDataset),
    )
}


def _texts(answer: Any) -> Rows:
    if isinstance(answer, QuerySolutions):
        return [tuple(["" if c is None else c.value for c in row]) for row in answer]
    return [(t.subject.value, t.predicate.value, t.object.value) for t in answer]
