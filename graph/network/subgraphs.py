"""The part of a network around one thing."""

from collections.abc import Collection
from difflib import get_close_matches
from typing import TYPE_CHECKING

from .paths import NoSuchNodeError

if TYPE_CHECKING:
    import networkx as nx


def neighbourhood(
    network: "nx.MultiDiGraph[str]",
    iri: str,
    hops: int = 1,
    *,
    relations: Collection[str] = (),
    kinds: Collection[str] = (),
) -> "nx.MultiDiGraph[str]":
    """Return the things at most some steps away from a thing, and every relation between them.

    Steps are taken in either direction. The attribute `hops` of a node is its distance.

    :param relations: CURIEs of the only relations to follow, and to keep; all by default
    :param kinds: the only kinds of things to pass through, and to keep; all by default
    :raises NoSuchNodeError: if the network does not hold the thing
    """
    import networkx as nx

    if iri not in network:
        raise NoSuchNodeError(iri, get_close_matches(iri, network, n=3))

    def is_kept(node: str) -> bool:
        return not kinds or node == iri or network.nodes[node]["kind"] in kinds

    def is_followed(_subject: str, _object: str, key: object) -> bool:
        return not relations or key in relations

    view = nx.subgraph_view(network, filter_node=is_kept, filter_edge=is_followed)
    either_way = view.to_undirected(as_view=True)
    distances = nx.single_source_shortest_path_length(either_way, iri, cutoff=hops)
    near: nx.MultiDiGraph[str] = nx.MultiDiGraph(view.subgraph(distances))
    nx.set_node_attributes(near, dict(distances), "hops")
    return near
