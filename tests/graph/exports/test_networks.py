"""Networks that go out and come back are equal, edge by edge and attribute by attribute."""

import io
from collections.abc import Callable
from typing import Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evikg.graph.embedded import EmbeddedStore
from evikg.graph.errors import ExportError
from evikg.graph.exports import networks, read_cytoscape, read_gexf, read_graphml
from evikg.graph.network.evidence import evidence_network

Network = Any
FORMS: dict[str, tuple[Callable[[Network, Any], None], Callable[[bytes], Network]]] = {
    "graphml": (networks.graphml, read_graphml),
    "gexf": (networks.gexf, read_gexf),
    "cytoscape": (networks.cytoscape, read_cytoscape),
}
#: XML 1.0, section 2.2, without the carriage return, which it reads back as a line feed.
legal = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), include_characters="\t\n",
                  exclude_characters="\ufffe\uffff"),
    max_size=12,
)  # fmt: skip
attributes = st.fixed_dictionaries(
    {"label": legal, "kind": st.just("result")},
    optional={"value": legal, "events": st.integers(0, 10**9), "primary": st.booleans()},
)


def back(name: str, network: Network) -> Network:
    write, read = FORMS[name]
    output = io.BytesIO()
    write(network, output)
    return read(output.getvalue())


def held(network: Network) -> tuple[dict[str, Any], dict[tuple[str, str, str], Any]]:
    edges = {(s, t, key): data for s, t, key, data in network.edges(keys=True, data=True)}
    return dict(network.nodes(data=True)), edges


@pytest.mark.parametrize("name", FORMS)
def test_the_evidence_comes_back_equal(name: str, part: EmbeddedStore) -> None:
    network = evidence_network(part)
    found = back(name, network)
    assert held(found) == held(network)
    # 0.750 and 0.75 would be one number to a double; INO-VATE's p is printed "<0.001".
    assert "<0.001" in {data.get("p") for _, data in found.nodes(data=True)}


@pytest.mark.parametrize("name", FORMS)
@settings(max_examples=40, deadline=None)
@given(nodes=st.lists(attributes, min_size=2, max_size=3), label=legal)
def test_any_attributes_come_back(name: str, nodes: list[dict[str, Any]], label: str) -> None:
    network: Network = nx.MultiDiGraph()
    for number, data in enumerate(nodes):
        network.add_node(f"https://example.org/{number}", **data)
    ends = "https://example.org/0", "https://example.org/1"
    for relation in ("ev:group", "ev:comparator"):  # two edges between the same nodes
        network.add_edge(*ends, key=relation, label=label)
    assert held(back(name, network)) == held(network)


@pytest.mark.parametrize("name", FORMS)
def test_a_very_long_label_comes_back(name: str) -> None:
    network: Network = nx.MultiDiGraph()
    network.add_node("https://example.org/a", label="<é&\"']]> " * 100_000, kind="result")
    assert held(back(name, network)) == held(network)


@pytest.mark.parametrize("name", ["graphml", "gexf"])
@pytest.mark.parametrize("character", ["\x00", "\x0b", "\r", "\ufffe"])
def test_what_xml_cannot_is_refused_by_name(name: str, character: str) -> None:
    network: Network = nx.MultiDiGraph()
    network.add_node("https://example.org/a", label=f"a{character}b")
    with pytest.raises(ExportError, match=rf"/a> holds U\+{ord(character):04X}.* as cytoscape"):
        back(name, network)
    assert held(back("cytoscape", network)) == held(network)


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("data", [b"", b"<a/>", b"{}", b"[1]"])
def test_what_is_no_network_is_refused(name: str, data: bytes) -> None:
    with pytest.raises(ExportError, match="this is no"):
        FORMS[name][1](data)
