"""How two things are connected: paths through the evidence network, cheapest first, in words.

A step through something that is joined to almost everything, as a study is to each of its results,
connects nothing in particular. Its cost therefore grows with the degrees at both ends, counted for
the relation that is followed, as in the degree-weighted path count of Himmelstein and Baranzini
(PLoS Comput Biol 2015;11:e1004259, doi:10.1371/journal.pcbi.1004259). With the cost c that
`relations.csv` gives a relation, a step costs c + 0.4 (ln d + ln e): 0.4 is the damping that paper
chose, and the costs of a path add up as the logarithms of its degree products do.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any

from evikg.graph.errors import GraphError

from .relations import INVERSE, relations
from .things import Thing, curie_of, thing_of

if TYPE_CHECKING:
    import networkx as nx

#: Himmelstein and Baranzini 2015, the exponent that damps degrees.
_DAMPING = 0.4
#: A number without a denominator, or that repeats another printing, says less.
_UNSURE = 0.25
#: What two results may differ in and still connect the same things.
_OWN = ("quantity", "result", "source")
#: Paths that are looked at for each that is wanted: those with too many steps are passed over.
_LOOKED_AT = 20
#: Costs that differ by less are equal.
_EQUAL = 1e-9


class NoSuchNodeError(GraphError):
    """A network has no node of an IRI."""

    def __init__(self, iri: str, near: Iterable[str]) -> None:
        """Hold the IRI and others that look like it."""
        self.iri, self.near = iri, tuple(near)

    def __str__(self) -> str:
        """Return what is unknown and what was perhaps meant."""
        near = ", ".join(map(curie_of, self.near)) or "none"
        return f"nothing joins {curie_of(self.iri)} to anything; nearest: {near}"


@dataclass(frozen=True, slots=True)
class Step:
    """A relation that is followed, from its subject or (`^`) from its object."""

    relation: str
    reading: str
    graph: str  # slug of the named graph that says so
    cost: float


@dataclass(frozen=True, slots=True)
class Path:
    """Things one after another, and the steps between them: one less."""

    things: tuple[Thing, ...]
    steps: tuple[Step, ...]

    @property
    def cost(self) -> float:
        """Return the sum of the costs of its steps; the least is the most telling path."""
        return sum(step.cost for step in self.steps)


def paths(
    network: "nx.MultiDiGraph[str]", a: str, b: str, *, longest: int = 6, most: int = 5
) -> list[Path]:
    """Return simple paths between two things, cheapest first; steps are followed either way.

    Of relations between the same two things the cheapest is followed, and of results that join the
    same things (one count printed thrice) the cheapest stands for all. Paths of equal cost come in
    the order of their IRIs. Nothing found is an empty list.

    :param a: IRI of the first thing
    :param b: IRI of the last
    :param longest: steps that a path may have
    :param most: paths to return
    :raises NoSuchNodeError: if the network does not hold one of the two
    """
    import networkx as nx

    for iri in (a, b):
        if iri not in network:
            raise NoSuchNodeError(iri, get_close_matches(iri, network, n=3))
    ways, twins = _ways(network, network.number_of_nodes(), network.number_of_edges())
    near_a, near_b = (nx.single_source_shortest_path_length(ways, end, longest) for end in (a, b))
    if a == b or b not in near_a:
        return []
    within = {n for n in near_a if n in near_b and near_a[n] + near_b[n] <= longest}
    within -= twins - {a, b} - _only_ways(network, ways, (a, b))
    # Not a view: the order of its nodes, and so of paths of equal cost, differs between two runs.
    part: nx.Graph[str] = nx.Graph()
    part.add_nodes_from(n for n in ways if n in within)
    part.add_edges_from(edge for edge in ways.edges(list(part), data=True) if edge[1] in part)
    found: list[Path] = []
    for nodes in islice(nx.shortest_simple_paths(part, a, b, weight="cost"), most * _LOOKED_AT):
        path = _path(network, ways, nodes)
        if len(found) >= most and path.cost > found[most - 1].cost + _EQUAL:
            break
        found += [path] if len(path.steps) <= longest else []
    if len(found) < most:
        # Cheaper ones with too many steps may have come before those that are wanted.
        short = islice(nx.shortest_simple_paths(part, a, b), most)
        more = (_path(network, ways, nodes) for nodes in short if len(nodes) <= longest + 1)
        found += [path for path in more if path not in found]
    found.sort(key=lambda path: (round(path.cost, 9), [thing.iri for thing in path.things]))
    return found[:most]


def explain_path(path: Path) -> list[str]:
    """Return a path as lines: one for each step, and below a result where it is printed."""
    lines = []
    for before, step, after in zip(path.things, path.steps, path.things[1:], strict=False):
        kind = "" if step.reading.endswith(f" {after.kind}") else f"{after.kind} "
        lines.append(f"{before.kind} “{before.label}” {step.reading} {kind}“{after.label}”")
        if after.kind == "result":
            lines.append(f"    {cited(after)}")
    return lines


def cited(result: Thing) -> str:
    """Return a result's number and where it stands: source, place, line and printed token."""
    facts = result.facts
    place = f"{facts.get('source', 'no source')}, {facts.get('locator', 'no place')}"
    counted = f", counting {facts['counted']}" if "counted" in facts else ""
    denominator = "" if "total" in facts else ", no denominator"
    return (
        f"printed {facts.get('printed', '')!r} in {place}, line {facts.get('line', '?')}"
        f"{counted}{denominator} [{result.curie}]"
    )


def _path(network: "nx.MultiDiGraph[str]", ways: "nx.Graph[str]", nodes: list[str]) -> Path:
    steps = []
    for one, other in pairwise(nodes):
        way = ways.edges[one, other]
        subject, target = way["subject"], way["object"]
        edge = network.edges[subject, target, way["relation"]]
        forward = subject == one
        relation = way["relation"] if forward else f"{INVERSE}{way['relation']}"
        reading = edge["label"] if forward else edge["inverse"]
        steps.append(Step(relation, reading, edge["graph"], way["cost"]))
    return Path(tuple(thing_of(network, node) for node in nodes), tuple(steps))


@lru_cache(maxsize=1)
def _ways(
    network: "nx.MultiDiGraph[str]", _nodes: int, _edges: int
) -> "tuple[nx.Graph[str], frozenset[str]]":
    """Return the network as paths see it: without directions, one edge between two things.

    Beside it, the results that join nothing which a cheaper one does not join. What was made for
    one path is kept for the next, until the network has grown or shrunk.
    """
    import networkx as nx

    followed = [
        (s, o, key) for s, o, key in network.edges(keys=True) if _cost(network, s, key) is not None
    ]
    out = Counter((s, key) for s, _, key in followed)
    into = Counter((o, key) for _, o, key in followed)
    ways: nx.Graph[str] = nx.Graph()
    ways.add_nodes_from(network)
    order = {curie: place for place, curie in enumerate(relations())}
    for s, o, key in sorted(followed, key=lambda edge: (*edge[:2], order[edge[2]])):
        degrees = math.log(out[s, key]) + math.log(into[o, key])
        cost = (_cost(network, s, key) or 0) + _DAMPING * degrees
        cost += _doubt(network.nodes[s]) + _doubt(network.nodes[o])
        if s != o and (not ways.has_edge(s, o) or cost < ways.edges[s, o]["cost"]):
            ways.add_edge(s, o, cost=cost, subject=s, object=o, relation=key)
    return ways, frozenset(_twins(network, ways))


def _only_ways(
    network: "nx.MultiDiGraph[str]", ways: "nx.Graph[str]", ends: Iterable[str]
) -> set[str]:
    """Return what stands beside ends that a result may join and its twin may not."""
    return {n for end in ends if network.nodes[end]["kind"] in _OWN for n in ways[end]}


def _cost(network: "nx.MultiDiGraph[str]", subject: str, curie: str) -> float | None:
    return relations()[curie].reading(network.nodes[subject]["kind"]).cost


def _doubt(node: dict[str, Any]) -> float:
    if node["kind"] != "result":
        return 0.0
    return _UNSURE * (("total" not in node) + (node.get("primary") is not True)) / 2


def _twins(network: "nx.MultiDiGraph[str]", ways: "nx.Graph[str]") -> Iterator[str]:
    results = [n for n in ways if network.nodes[n]["kind"] == "result"]
    results.sort(key=lambda n: (_doubt(network.nodes[n]), n))
    seen: set[frozenset[str]] = set()
    for result in results:
        joined = frozenset(n for n in ways[result] if network.nodes[n]["kind"] not in _OWN)
        if joined in seen:
            yield result
        seen.add(joined)
