"""The evidence network for Cytoscape, Gephi, yEd, igraph and others.

An edge has an identifier of its own, since formats ask for one, and says its relation as an
attribute. Attributes are typed; printed numbers are text, so that they keep their digits.
"""

import io
import json
import re
from typing import IO, TYPE_CHECKING, Any

from evikg.graph.errors import ExportError
from evikg.graph.network.evidence import evidence_network
from evikg.graph.store import Store

if TYPE_CHECKING:
    import networkx as nx

#: What XML 1.0 cannot write, and the carriage return, which it reads back as a line feed (sections
#: 2.2 and 2.11).
_NO_XML = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_graphml(store: Store, output: IO[bytes]) -> None:
    """Write GraphML; :raises ExportError: if a text holds a character that XML cannot."""
    graphml(evidence_network(store), output)


def write_gexf(store: Store, output: IO[bytes]) -> None:
    """Write GEXF 1.2; :raises ExportError: if a text holds a character that XML cannot."""
    gexf(evidence_network(store), output)


def write_cytoscape(store: Store, output: IO[bytes]) -> None:
    """Write the JSON that Cytoscape and Cytoscape.js read."""
    cytoscape(evidence_network(store), output)


def graphml(network: "nx.MultiDiGraph[str]", output: IO[bytes]) -> None:
    """Write any multigraph whose keys are relations as GraphML."""
    import networkx as nx

    nx.write_graphml_xml(_for_xml(_numbered(network)), output, named_key_ids=True)


def gexf(network: "nx.MultiDiGraph[str]", output: IO[bytes]) -> None:
    """Write any multigraph whose keys are relations as GEXF."""
    import networkx as nx

    nx.write_gexf(_for_xml(_numbered(network)), output, version="1.2draft")


def cytoscape(network: "nx.MultiDiGraph[str]", output: IO[bytes]) -> None:
    """Write any multigraph whose keys are relations as Cytoscape JSON.

    The writer of networkx would put the identifier of a node in place of its `value`.
    """
    nodes = [
        {"data": {**held, "id": node, "name": held.get("label", node)}}
        for node, held in network.nodes(data=True)
    ]
    edges = [
        {"data": {**held, "id": key, "source": subject, "target": target}}
        for subject, target, key, held in _numbered(network).edges(keys=True, data=True)
    ]
    data = {
        "data": {"name": "EviKG"},
        "directed": True,
        "multigraph": True,
        "elements": {"nodes": nodes, "edges": edges},
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    output.write(text.encode() + b"\n")


def read_graphml(data: bytes) -> "nx.MultiDiGraph[str]":
    """Read a network back from GraphML; :raises ExportError: if it is none."""
    import networkx as nx

    try:
        return _keyed(nx.read_graphml(io.BytesIO(data), force_multigraph=True))
    except (nx.NetworkXError, SyntaxError, KeyError) as error:
        raise ExportError(f"this is no GraphML of a network: {error}") from error


def read_gexf(data: bytes) -> "nx.MultiDiGraph[str]":
    """Read a network back from GEXF; :raises ExportError: if it is none."""
    import networkx as nx

    try:
        found = nx.read_gexf(io.BytesIO(data), version="1.2draft")
    except (nx.NetworkXError, SyntaxError, KeyError) as error:
        raise ExportError(f"this is no GEXF of a network: {error}") from error
    return _keyed(nx.MultiDiGraph(found))


def read_cytoscape(data: bytes) -> "nx.MultiDiGraph[str]":
    """Read a network back from Cytoscape JSON; :raises ExportError: if it is none."""
    import networkx as nx

    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    try:
        elements = json.loads(data)["elements"]
        for node in elements["nodes"]:
            network.add_node(node["data"]["id"], **node["data"])
        for edge in elements["edges"]:
            network.add_edge(edge["data"]["source"], edge["data"]["target"], **edge["data"])
        return _keyed(network)
    except (ValueError, KeyError, TypeError) as error:
        raise ExportError(f"this is no Cytoscape JSON of a network: {error}") from error


def _numbered(network: "nx.MultiDiGraph[str]") -> "nx.MultiDiGraph[str]":
    """Return a copy whose edges are numbered and say their relation."""
    import networkx as nx

    copy: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    copy.add_nodes_from(network.nodes(data=True))
    for number, (subject, target, relation, held) in enumerate(network.edges(keys=True, data=True)):
        copy.add_edge(subject, target, key=f"e{number}", relation=relation, **held)
    return copy


def _keyed(found: "nx.Graph[Any]") -> "nx.MultiDiGraph[str]":
    """Return what was read with relations as keys, without what the format adds."""
    import networkx as nx

    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for node, held in found.nodes(data=True):
        network.add_node(node, **{k: v for k, v in held.items() if k not in _ADDED_TO_NODES})
    for subject, target, held in found.edges(data=True):
        kept = {k: v for k, v in held.items() if k not in _ADDED_TO_EDGES}
        network.add_edge(subject, target, key=kept.pop("relation"), **kept)
    return network


_ADDED_TO_NODES = frozenset({"id", "name", "node_default", "edge_default"})
_ADDED_TO_EDGES = frozenset({"id", "key", "source", "target"})


def _for_xml(network: "nx.MultiDiGraph[str]") -> "nx.MultiDiGraph[str]":
    for node, held in network.nodes(data=True):
        _check(node, [node, *held.values()])
    for subject, _, held in network.edges(data=True):
        _check(subject, held.values())
    return network


def _check(node: str, values: Any) -> None:
    for value in values:
        if isinstance(value, str) and (found := _NO_XML.search(value)):
            raise ExportError(
                f"<{node}> holds U+{ord(found[0]):04X}, which XML cannot: export it as cytoscape"
            )
