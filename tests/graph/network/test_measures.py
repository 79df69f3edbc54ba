"""Measures, on graphs whose values are published."""

import networkx as nx
import pytest

from evikg.graph.network import centrality, communities


def test_betweenness_of_the_florentine_families_is_as_published() -> None:
    """Marriages in the 15th century; Jackson, Social and Economic Networks (2008), section 1.2.1."""
    found = centrality(nx.florentine_families_graph(), "betweenness")
    assert next(iter(found)) == "Medici"
    assert [round(found[n], 3) for n in ("Medici", "Guadagni", "Strozzi")] == [0.522, 0.255, 0.103]


def test_degree_is_the_share_of_the_others() -> None:
    """The Medici married into 6 of the 14 other families (ibid., figure 1.1)."""
    found = centrality(nx.florentine_families_graph(), "degree")
    assert found["Medici"] == pytest.approx(6 / 14)
    assert list(found.values()) == sorted(found.values(), reverse=True)


def test_betweenness_takes_the_nearer_way() -> None:
    """Of a square with one long side, the way around is shorter: both corners lie between."""
    square = nx.cycle_graph(["a", "b", "c", "d"])
    nx.set_edge_attributes(square, 1.0, "distance")
    square.edges["a", "d"]["distance"] = 10.0
    found = centrality(square, "betweenness")
    assert (found["b"], found["c"], found["a"], found["d"]) == pytest.approx((2 / 3, 2 / 3, 0, 0))


def test_pagerank_of_a_star_is_as_the_formula_gives() -> None:
    """Centre c and n leaves: c = (1 - d) / (n + 1) + d (1 - c), with damping d = 0.85."""
    pytest.importorskip("scipy", reason="pagerank is computed with SciPy")
    star = nx.relabel_nodes(nx.star_graph(4), str)
    centre = (0.15 / 5 + 0.85) / 1.85
    found = centrality(star, "pagerank")
    assert found["0"] == pytest.approx(centre, abs=1e-5)
    assert found["1"] == pytest.approx((1 - centre) / 4, abs=1e-5)


@pytest.mark.parametrize("method", ["louvain", "greedy"])
def test_two_cliques_are_two_communities(method: str) -> None:
    barbell = nx.relabel_nodes(nx.barbell_graph(5, 0), str)
    assert communities(barbell, method) == [list("01234"), list("56789")]


@pytest.mark.parametrize("method", ["louvain", "greedy"])
def test_without_edges_everything_is_its_own_community(method: str) -> None:
    alone: nx.Graph[str] = nx.Graph()
    alone.add_nodes_from("ab")
    assert communities(alone, method) == [["a"], ["b"]]
    assert communities(nx.Graph(), method) == []


def test_unknown_measures_and_methods_are_told() -> None:
    with pytest.raises(ValueError, match="no measure 'fame'; measures: degree, betweenness"):
        centrality(nx.Graph(), "fame")
    with pytest.raises(ValueError, match="no method 'guess'; methods: louvain, greedy"):
        communities(nx.Graph(), "guess")
