"""Networks of one kind of thing, made from the evidence: variables, and studies.

Both join two things that have something in common, and their weights say how much. Neither says
that what is joined causes, predicts or resembles the other in any patient.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx as nx

    from .similarity import Similarity


def term_network(network: "nx.MultiDiGraph[str]", *, at_least: int = 1) -> "nx.Graph[str]":
    """Return the variables that have results, joined where one study has results on both.

    Attributes of edges: `weight`, the number of studies that have results on both; `groups`, the
    number of groups of patients in which both were measured (0 where each was measured in others);
    `distance`, 1 / weight, for shortest paths. Attributes of nodes: `label`, `kind`, `studies`.

    :param at_least: studies that a pair must share: all that one study reports are joined by it
    """
    import networkx as nx

    by_study, by_group = measured(network, "ev:study"), measured(network, "ev:group")
    variables = sorted({variable for found in by_study.values() for variable in found})
    shared = [_projected(found, variables) for found in (by_study, by_group)]
    terms: nx.Graph[str] = nx.Graph()
    for variable in variables:
        studies = sum(variable in found for found in by_study.values())
        data = network.nodes[variable]
        terms.add_node(variable, label=data["label"], kind=data["kind"], studies=studies)
    for one, other in sorted(tuple(sorted(edge)) for edge in shared[0].edges):
        weight = shared[0].edges[one, other]["weight"]
        groups = shared[1].get_edge_data(one, other, {"weight": 0})["weight"]
        if weight >= at_least:
            terms.add_edge(one, other, weight=weight, groups=groups, distance=1 / weight)
    return terms


def study_network(network: "nx.MultiDiGraph[str]") -> "nx.Graph[str]":
    """Return the studies that have results, joined where they have something in common.

    Attributes of edges are those of `Similarity`: `weight`, the cosine; `variables` and
    `population`, the Jaccard indices; `shared`, the number of shared variables; and `distance`,
    1 / weight. Attributes of nodes: `label`, `kind`, `variables`, the number it has results on.
    """
    import networkx as nx

    from .similarity import similarities

    found = measured(network, "ev:study")
    studies: nx.Graph[str] = nx.Graph()
    for study in sorted(found):
        data = network.nodes[study]
        count = len(found[study])
        studies.add_node(study, label=data["label"], kind=data["kind"], variables=count)
    for pair in similarities(network):
        if pair.cosine > 0:
            studies.add_edge(pair.study.iri, pair.other.iri, **_weights(pair))
    return studies


def measured(network: "nx.MultiDiGraph[str]", relation: str) -> Mapping[str, set[str]]:
    """Return the variables of results, by the study or group that they are about."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for result, about, key in network.edges(keys=True):
        if key == relation and network.nodes[result]["kind"] == "result":
            found[about] |= {
                variable
                for _, variable, other in network.out_edges(result, keys=True)
                if other == "ev:variable"
            }
    return found


def _weights(pair: "Similarity") -> dict[str, float]:
    return {
        "weight": pair.cosine,
        "variables": pair.variables,
        "population": pair.population,
        "shared": len(pair.shared_variables),
        "distance": 1 / pair.cosine,
    }


def _projected(found: Mapping[str, set[str]], variables: list[str]) -> "nx.Graph[str]":
    """Return variables joined by how many studies, or groups, have both."""
    import networkx as nx

    # A study and a variable never share an IRI.
    both: nx.Graph[str] = nx.Graph()
    both.add_nodes_from(variables)
    both.add_edges_from((about, variable) for about, seen in found.items() for variable in seen)
    return nx.bipartite.weighted_projected_graph(both, variables)
