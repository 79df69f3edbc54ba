"""The evidence as a typed multigraph of networkx: every thing a node, every relation an edge."""

from collections.abc import Iterable, Iterator
from importlib.resources import files
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, QuerySolutions

from evikg.graph.binding import bind
from evikg.graph.store import Store
from evikg.ontology import kind_and_slug

from .relations import Relation, relations
from .things import Thing, kind_of, things

if TYPE_CHECKING:
    import networkx as nx

#: Subject, object and the graph that joins them, by IRI.
Edge = tuple[str, str, str]


def evidence_network(store: Store) -> "nx.MultiDiGraph[str]":
    """Return the graph as a multigraph: nodes are IRIs, keys of edges are CURIEs of relations.

    There is an edge for every triple with a relation of `relations.csv` between two things, save
    for those of the vocabulary and of the description of the build. Nodes and edges are added in
    the order of their IRIs, so that algorithms that break ties by order give the same on any store.

    Attributes of nodes: `kind`, `label`, and the key facts of `facts.csv` that are stated: of
    results `statistic`, `value`, `unit`, `events`, `total`, `counted`, `printed`, `locator`,
    `line`, …. Attributes of edges: `label`, how it is read from subject to object; `inverse`, the
    other way round; `graph`, the slug of the named graph that says so.
    """
    import networkx as nx

    found = {curie: sorted(_edges(store, relation)) for curie, relation in relations().items()}
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    iris = sorted({iri for edges in found.values() for edge in edges for iri in edge[:2]})
    add_things(network, things(store, iris).values())
    for curie, edges in found.items():
        for subject, target, graph in edges:
            add_edge(network, relations()[curie], (subject, target, graph))
    return network


def add_things(network: "nx.MultiDiGraph[str]", found: Iterable[Thing]) -> None:
    """Add things as nodes."""
    for thing in found:
        network.add_node(thing.iri, **{**thing.facts, "kind": thing.kind, "label": thing.label})


def add_edge(network: "nx.MultiDiGraph[str]", relation: Relation, edge: Edge) -> None:
    """Add one relation between two things as an edge."""
    subject, target, graph = edge
    reading = relation.reading(kind_of(subject))
    parts = kind_and_slug(graph)
    network.add_edge(
        subject,
        target,
        key=relation.curie,
        label=reading.forward,
        inverse=reading.backward,
        graph=parts[1] if parts else graph,
    )


def _edges(store: Store, relation: Relation) -> Iterator[Edge]:
    text = files(__package__).joinpath("edges.rq").read_text(encoding="utf-8")
    answer = store.query(bind(text, {"relation": [relation.predicate]}))
    assert isinstance(answer, QuerySolutions)  # noqa: S101 - what a SELECT answers
    for subject, target, graph in answer:
        if (
            isinstance(subject, NamedNode)
            and isinstance(target, NamedNode)
            and isinstance(graph, NamedNode)
        ):
            yield subject.value, target.value, graph.value
