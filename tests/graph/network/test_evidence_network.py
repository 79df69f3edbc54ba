"""The evidence as a multigraph: its edges are the triples of the listed relations, and no others."""

import csv
from importlib.resources import files
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from evikg.graph.embedded import EmbeddedStore
from evikg.graph.network import evidence_network, neighbourhood
from evikg.ontology import individual, prefixes

if TYPE_CHECKING:
    import networkx as nx

NO_EVIDENCE = {individual("graph", name).value for name in ("ontology", "description")}
GRAPHS = individual("graph", "").value
VOD = individual("variable", "vod-sos").value


def test_every_triple_of_a_listed_relation_is_an_edge_and_nothing_else_is(
    corpus: EmbeddedStore, network: "nx.MultiDiGraph[str]"
) -> None:
    text = files("evikg.graph.network").joinpath("relations.csv").read_text(encoding="utf-8")
    listed = {}
    for row in csv.DictReader(text.splitlines()):
        prefix, _, local = row["relation"].partition(":")
        listed[prefixes()[prefix] + local] = row["relation"]
    expected = {
        (q.subject.value, q.object.value, listed[q.predicate.value], q.graph_name.value)
        for q in corpus.inner
        if q.predicate.value in listed
        and isinstance(q.subject, NamedNode)
        and isinstance(q.object, NamedNode)
        and isinstance(q.graph_name, NamedNode)
        and q.graph_name.value not in NO_EVIDENCE
        and not q.subject.value.startswith(GRAPHS)
    }
    found = {(s, o, key, GRAPHS + data["graph"]) for s, o, key, data in _edges(network)}
    assert found == expected
    assert len(_edges(network)) == len(expected) > 10_000


def test_nodes_are_named_and_results_hold_their_numbers(network: "nx.MultiDiGraph[str]") -> None:
    assert all(data["kind"] and data["label"] for _, data in network.nodes(data=True))
    result = network.nodes[individual("result", "ozcan-2025-l147-2").value]
    assert (result["value"], result["unit"], result["events"], result["total"]) == (
        "83.3", "%", 35, 42,
    )  # fmt: skip
    assert result["locator"].startswith("Table 2")


def test_edges_read_in_both_directions(network: "nx.MultiDiGraph[str]") -> None:
    result = individual("result", "ozcan-2025-l147-2").value
    edge = network.edges[result, individual("variable", "cr-cri").value, "ev:variable"]
    assert edge == {"label": "measures", "inverse": "is measured by", "graph": "ozcan-2025"}


def test_the_order_is_that_of_the_iris_whatever_the_store(network: "nx.MultiDiGraph[str]") -> None:
    assert list(network) == sorted(network)


def test_a_neighbourhood_has_what_is_near_and_every_edge_between(
    network: "nx.MultiDiGraph[str]",
) -> None:
    """Of variables alone, those one step from VOD-SOS are curated: broader, narrower, concerned."""
    near = neighbourhood(network, VOD, 1, kinds=["variable"], relations=["skos:broader"])
    above = {n for n in network.successors(VOD) if network.has_edge(VOD, n, "skos:broader")}
    below = {n for n in network.predecessors(VOD) if network.has_edge(n, VOD, "skos:broader")}
    assert set(near) == {VOD} | above | below
    assert above == {individual("variable", "hepatic-event").value}
    assert individual("variable", "sinusoidal-obstruction-syndrome").value in below
    assert {near.nodes[n]["hops"] for n in above | below} == {1}
    assert near.nodes[VOD]["hops"] == 0


def test_an_empty_store_gives_an_empty_network() -> None:
    assert len(evidence_network(EmbeddedStore())) == 0


def _edges(network: "nx.MultiDiGraph[str]") -> list[tuple[str, str, str, dict[str, str]]]:
    return [(s, o, str(key), data) for s, o, key, data in network.edges(keys=True, data=True)]
