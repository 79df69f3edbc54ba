"""Paths: what they claim stands in the graph, and the known ones are found.

The phase IV paper (Ozcan 2025, doi:10.3324/haematol.2024.286091), Results, Rate of sinusoidal
obstruction syndrome: defibrotide was given to four of the 102 patients.
"""

import math
from itertools import pairwise, product
from typing import TYPE_CHECKING

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evikg.graph.embedded import EmbeddedStore
from evikg.graph.network import (
    INVERSE,
    NoSuchNodeError,
    explain_path,
    paths,
    relation_of,
    relations,
)
from evikg.ontology import individual

if TYPE_CHECKING:
    Network = nx.MultiDiGraph[str]

DEFIBROTIDE = individual("drug", "defibrotide").value
USE = individual("variable", "defibrotide-use").value
VOD = individual("variable", "vod-sos").value


def test_defibrotide_and_vod_are_connected_by_what_defibrotide_is_given_for(
    network: "Network",
) -> None:
    first, *others = paths(network, DEFIBROTIDE, VOD)
    assert [thing.iri for thing in first.things] == [DEFIBROTIDE, USE, VOD]
    assert [step.relation for step in first.steps] == ["^ev:concerns", "ev:concerns"]
    results = [thing for path in others for thing in path.things if thing.kind == "result"]
    assert any(
        (thing.facts["events"], thing.facts["total"], thing.facts["line"]) == (4, 102, 87)
        for thing in results
    )


def test_a_path_is_told_with_denominators_and_places(network: "Network") -> None:
    told = [explain_path(path) for path in paths(network, DEFIBROTIDE, VOD)]
    assert (
        told[0][0] == "drug “defibrotide” is the subject of variable “treatment with defibrotide”"
    )
    lines = [line.strip() for lines in told for line in lines]
    assert any("count 4 (4 of 102)" in line for line in lines)
    assert (
        "printed 'four' in ozcan-2025, Results, Rate of sinusoidal obstruction syndrome, line 87,"
        " counting patients [result:ozcan-2025-l87-1]"
    ) in lines


def test_a_number_without_a_denominator_is_told_to_have_none(network: "Network") -> None:
    """INO-VATE's 13 % is cited by Yoon 2026, line 405, without the number of patients."""
    result = individual("result", "yoon-2026-l405-1").value
    path = paths(network, individual("study", "ino-vate").value, result)[0]
    assert any("no denominator" in line for line in explain_path(path))


@pytest.fixture(scope="module")
def joined(network: "Network") -> "nx.Graph[str]":
    """Return what is joined by relations that paths follow, in either direction."""
    found: nx.Graph[str] = nx.Graph()
    found.add_nodes_from(network)
    for s, o, key in network.edges(keys=True):
        if relations()[str(key)].reading(network.nodes[s]["kind"]).cost is not None:
            found.add_edge(s, o)
    return found


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_path_is_found_exactly_where_there_is_one(
    network: "Network", joined: "nx.Graph[str]", data: st.DataObject
) -> None:
    nodes = st.sampled_from(sorted(network))
    one, other = data.draw(nodes), data.draw(nodes)
    longest = data.draw(st.integers(2, 5))
    near = nx.single_source_shortest_path_length(joined, one, longest)
    found = paths(network, one, other, longest=longest, most=1)
    assert bool(found) == (one != other and other in near)


@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_every_step_is_a_triple_and_no_thing_comes_twice(
    corpus: EmbeddedStore, network: "Network", data: st.DataObject
) -> None:
    nodes = st.sampled_from(sorted(network))
    one, other = data.draw(nodes), data.draw(nodes)
    found = paths(network, one, other, longest=4, most=3)
    assert [path.cost for path in found] == sorted(path.cost for path in found)
    for path in found:
        iris = [thing.iri for thing in path.things]
        assert (iris[0], iris[-1]) == (one, other)
        assert len(set(iris)) == len(iris) == len(path.steps) + 1 <= 5
        for (before, after), step in zip(pairwise(iris), path.steps, strict=True):
            relation, backward = relation_of(step.relation)
            ends = (after, before) if backward else (before, after)
            triple = f"<{ends[0]}> {relation.predicate} <{ends[1]}>"
            assert bool(corpus.query(f"ASK {{ {triple} }}"))


def test_there_and_back_cost_the_same(network: "Network") -> None:
    there = paths(network, DEFIBROTIDE, VOD, most=3)
    back = paths(network, VOD, DEFIBROTIDE, most=3)
    assert [p.cost for p in there] == pytest.approx([p.cost for p in back])
    assert [t.iri for t in there[0].things] == [t.iri for t in reversed(back[0].things)]


def test_the_cheaper_way_leads_around_a_hub() -> None:
    """By hand: past x, three steps of cost 1 (degrees 1); past the hub, two with ln 50 at one end.

    1 + 0.4 (ln 1 + ln 1) = 1 a step past p and q, and 1 + 0.4 ln 52 = 2.58 a step past the hub.
    """
    net: Network = nx.MultiDiGraph()
    others = [f"o{n}" for n in range(50)]
    for node in ("a", "b", "hub", "p", "q", *others):
        net.add_node(node, kind="group", label=node)
    edge = {"label": "to", "inverse": "from", "graph": "g"}
    for node in ("a", "b", *others):
        net.add_edge(node, "hub", key="ev:subgroupOf", **edge)
    for one, other, key in (
        ("a", "p", "ev:pools"), ("p", "q", "ev:regimen"), ("q", "b", "ev:criterion"),
    ):  # fmt: skip
        net.add_edge(one, other, key=key, **edge)
    first, second = paths(net, "a", "b")
    assert [thing.iri for thing in first.things] == ["a", "p", "q", "b"]
    assert first.cost == pytest.approx(3)
    assert [step.relation for step in second.steps] == ["ev:subgroupOf", f"{INVERSE}ev:subgroupOf"]
    assert second.cost == pytest.approx(2 * (1 + 0.4 * math.log(52)))
    assert [path.things[1].iri for path in paths(net, "a", "b", longest=2)] == ["hub"]
    assert paths(net, "a", "b", longest=1) == []


def test_a_short_path_is_found_among_many_cheaper_long_ones() -> None:
    """Past the hub 2 steps cost 2 (1 + 0.4 ln 5005) = 8.8; 81 ways of 8 steps of cost 1 are longer."""
    net: Network = nx.MultiDiGraph()
    edge = {"label": "to", "inverse": "from", "graph": "g"}
    ways = {"x": "ev:regimen", "y": "ev:criterion", "z": "ev:pools"}
    places, others = [f"n{n}" for n in range(5)], [f"o{n}" for n in range(5000)]
    for node in ("hub", *places, *others, *(f"{side}{n}" for n in range(4) for side in ways)):
        net.add_node(node, kind="group", label=node)
    for node in (*places, *others):
        net.add_edge(node, "hub", key="ev:subgroupOf", **edge)
    for n, (side, key) in product(range(4), ways.items()):
        net.add_edge(f"n{n}", f"{side}{n}", key=key, **edge)
        net.add_edge(f"{side}{n}", f"n{n + 1}", key=key, **edge)
    assert len(paths(net, places[0], places[-1], longest=8, most=1)[0].steps) == 8
    found = paths(net, places[0], places[-1], longest=7, most=1)
    assert [thing.iri for thing in found[0].things] == [places[0], "hub", places[-1]]


def test_of_two_results_that_join_the_same_one_stands_for_both_save_at_an_end() -> None:
    """Two numbers of one group on one variable, each the only printing of its quantity."""
    net: Network = nx.MultiDiGraph()
    edge = {"label": "to", "inverse": "from", "graph": "g"}
    for node, kind in (
        ("group", "group"), ("variable", "variable"), ("r1", "result"), ("r2", "result"),
        ("q1", "quantity"), ("q2", "quantity"),
    ):  # fmt: skip
        net.add_node(node, kind=kind, label=node)
    for n in "12":
        net.add_edge(f"r{n}", "group", key="ev:group", **edge)
        net.add_edge(f"r{n}", "variable", key="ev:variable", **edge)
        net.add_edge(f"r{n}", f"q{n}", key="ev:quantity", **edge)

    def found(a: str, b: str) -> list[list[str]]:
        return [[thing.iri for thing in path.things] for path in paths(net, a, b, longest=3)]

    assert found("group", "variable") == [["group", "r1", "variable"]]
    assert found("q2", "variable")[0] == ["q2", "r2", "variable"]
    assert found("r2", "group") == [["r2", "group"], ["r2", "variable", "r1", "group"]]


def test_no_path_leads_through_a_rule_that_both_ends_pass(network: "Network") -> None:
    one = individual("result", "ozcan-2025-l147-2").value
    other = individual("result", "yoon-2026-l286-2").value
    assert set(network.successors(one)) & set(network.successors(other))
    for path in paths(network, one, other, longest=4):
        assert "rule" not in {thing.kind for thing in path.things}


def test_an_unknown_end_is_told_with_near_ones(network: "Network") -> None:
    with pytest.raises(NoSuchNodeError, match="drug:defibrotid to anything; nearest: drug:defib"):
        paths(network, individual("drug", "defibrotid").value, VOD)


def test_nothing_leads_from_a_thing_to_itself(network: "Network") -> None:
    assert paths(network, VOD, VOD) == []
