"""The store protocol, and how a place is opened: a directory or the URL of an endpoint."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, QueryTriples, RdfFormat, Triple

Answer = QuerySolutions | QueryBoolean | QueryTriples

#: Names the directory of the graph where no `--store` is given.
STORE_VARIABLE = "EVIKG_STORE"


@dataclass(frozen=True, slots=True)
class Dataset:
    """The graphs that a query is asked of, by IRI (SPARQL 1.1 Protocol, section 2.1.4).

    It stands above what FROM and FROM NAMED in the query say.
    """

    default: tuple[str, ...] = ()  # their merge is the default graph
    named: tuple[str, ...] = ()


class Store(Protocol):
    """Where a graph lives. The union of its named graphs is the default graph of every query."""

    def query(self, sparql: str, dataset: Dataset | None = None) -> Answer:
        """Answer a SPARQL 1.1 query, over everything or over a dataset of its own.

        :raises QueryError: if the query is not accepted
        """
        ...

    def update(self, sparql: str) -> None:
        """Run a SPARQL 1.1 update.

        :raises StoreReadOnlyError: if the store was opened to read
        """
        ...

    def load(self, data: bytes | IO[bytes], rdf_format: RdfFormat, graph: str | None) -> None:
        """Add RDF, to one named graph or, from a quad format, to the graphs it names."""
        ...

    def export(self, output: IO[bytes], rdf_format: RdfFormat, graph: str | None = None) -> None:
        """Write the whole dataset, or one named graph, as RDF."""
        ...

    def graphs(self) -> list[str]:
        """Return the IRIs of the named graphs, sorted; none that the store keeps for itself."""
        ...

    def size(self) -> int:
        """Return the number of quads."""
        ...

    def __hash__(self) -> int:
        """Let what is worked out once be kept by the store it was worked out of."""
        ...


def default_place() -> Path:
    """Return where the graph lives if nobody says: `$EVIKG_STORE`, or the user's data folder."""
    if named := os.environ.get(STORE_VARIABLE):
        return Path(named)
    from platformdirs import user_data_path

    return Path(user_data_path("evikg")) / "graph"


def open_store(place: str | os.PathLike[str] | None = None) -> Store:
    """Open a graph to read: a directory that `evikg build` wrote, or a SPARQL endpoint's URL.

    Where no place is given, `$EVIKG_STORE` may name either.

    :raises StoreMissingError: if the directory holds no graph
    """
    place = place if place is not None else os.environ.get(STORE_VARIABLE) or None
    if place is not None and str(place).startswith(("http://", "https://")):
        from .remote import RemoteStore

        return RemoteStore(str(place))
    from .embedded import EmbeddedStore

    return EmbeddedStore.open(Path(place) if place is not None else default_place())


def describe(store: Store, iris: Iterable[NamedNode]) -> list[Triple]:
    """Return every triple about the given subjects, in no order."""
    subjects = " ".join(str(iri) for iri in iris)
    query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ VALUES ?s {{ {subjects} }} ?s ?p ?o }}"
    answer = store.query(query)
    assert isinstance(answer, QueryTriples)  # noqa: S101 - what a CONSTRUCT answers
    return list(answer)
