"""Centrality and communities of projections, by the algorithms of networkx.

They describe how a network is joined. A variable is central because many studies report it along
with many others, not because the evidence on it is strong or matters to a patient.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import networkx as nx

MEASURES = ("degree", "betweenness", "pagerank")
METHODS = ("louvain", "greedy")
#: Louvain visits nodes at random: the same seed gives the same communities.
_SEED = 0


def centrality(graph: "nx.Graph[str]", measure: str) -> dict[str, float]:
    """Return a measure of every node, the highest first, then by IRI.

    - `degree`: the share of the other nodes that it is joined to (Freeman 1978,
      doi:10.1016/0378-8733(78)90021-7);
    - `betweenness`: the share of shortest paths between other nodes that lead through it (Brandes
      2001, doi:10.1080/0022250X.2001.9990249), a step being as long as the edge's `distance`;
    - `pagerank`: Brin and Page 1998 (doi:10.1016/S0169-7552(98)00110-X), damping 0.85, by `weight`.

    :raises ValueError: if there is no such measure
    :raises ModuleNotFoundError: for `pagerank`, if SciPy is not installed
    """
    import networkx as nx

    def betweenness(graph: "nx.Graph[str]") -> Mapping[str, float]:
        return nx.betweenness_centrality(graph, weight="distance")

    computed: dict[str, Callable[[Any], Mapping[str, float]]] = {
        "degree": nx.degree_centrality,
        "betweenness": betweenness,
        "pagerank": nx.pagerank,
    }
    if measure not in computed:
        raise ValueError(f"no measure {measure!r}; measures: {', '.join(MEASURES)}")
    scores = computed[measure](graph) if len(graph) else {}
    return dict(sorted(scores.items(), key=lambda item: (-item[1], item[0])))


def communities(graph: "nx.Graph[str]", method: str = "louvain") -> list[list[str]]:
    """Return the nodes in groups that are joined more within than between, the largest first.

    `louvain`: Blondel and others 2008 (doi:10.1088/1742-5468/2008/10/P10008), with a fixed seed;
    `greedy`: Clauset, Newman and Moore 2004 (doi:10.1103/PhysRevE.70.066111). Both by `weight`.

    :raises ValueError: if there is no such method
    """
    import networkx as nx

    if method not in METHODS:
        raise ValueError(f"no method {method!r}; methods: {', '.join(METHODS)}")
    # Numbers, since the order of a set of texts differs between two runs.
    names = sorted(graph)
    numbered: nx.Graph[int] = nx.Graph()
    numbered.add_nodes_from(range(len(names)))
    number = {name: place for place, name in enumerate(names)}
    for one, other, weight in graph.edges(data="weight", default=1):
        numbered.add_edge(number[one], number[other], weight=weight)
    if not numbered.number_of_edges():
        return [[name] for name in names]
    found = (
        nx.community.louvain_communities(numbered, seed=_SEED)
        if method == "louvain"
        else nx.community.greedy_modularity_communities(numbered, weight="weight")
    )
    grouped = [sorted(names[place] for place in community) for community in found]
    return sorted(grouped, key=lambda community: (-len(community), community))
