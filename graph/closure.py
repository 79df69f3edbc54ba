"""The closure of the hierarchies: which concept lies within which, however far above.

One relation, `ev:within`, spans what the evidence measures and what terminologies know of it: from
a variable to broader variables, from a variable to the terms it is mapped to, from there up the
hierarchy of each terminology. It is reflexive and transitive, so that one pattern asks for a whole
branch: `?variable ev:within ?concept`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

import networkx as nx
from pyoxigraph import Literal, NamedNode, Triple

from evikg.ontology import EV, individual, prefixes
from evikg.ontology.term_triples import BROADER, MAPPED_TO, SUBCLASS, TREE_NUMBER

from .mapping import RDF_TYPE

_SKOS = prefixes()["skos"]
#: Lead up from any concept; `meshv:broaderDescriptor` where no tree number says the way.
UP = frozenset({NamedNode(f"{_SKOS}broader"), SUBCLASS, BROADER, MAPPED_TO})
#: Lead up from a variable only: between terminologies they would mix the hierarchies.
UP_FROM_VARIABLES = frozenset({NamedNode(f"{_SKOS}exactMatch"), NamedNode(f"{_SKOS}broadMatch")})
_VARIABLE = individual("variable", "").value
_TREE = "tree "  # before a tree number of MeSH: no IRI begins so


class CyclicHierarchyError(ValueError):
    """A hierarchy leads from a concept back to itself."""

    def __init__(self, cycle: Sequence[str]) -> None:
        """Hold the IRIs of the concepts, each below the next, the last below the first."""
        self.cycle = tuple(cycle)

    def __str__(self) -> str:
        """Return one line that names every step."""
        steps = " → ".join((*self.cycle, self.cycle[0]))
        return f"the hierarchy is cyclic: {steps}; remove one of these steps upwards"


def closure_triples(triples: Iterable[Triple]) -> Iterator[Triple]:
    """Yield `?x ev:within ?y`, each once, for every concept and everything it lies within.

    Variables, and whatever stands at either end of a step upwards, lie within themselves. Other
    triples are passed over, steps to blank nodes (restrictions of OWL) among them.

    :raises CyclicHierarchyError: if a hierarchy is cyclic; see `ancestors`
    """
    nodes: dict[str, NamedNode] = {}
    for concept, above in ancestors(triples):
        for iri in above:
            if iri not in nodes:
                nodes[iri] = NamedNode(iri)
        subject = nodes[concept]
        yield from [Triple(subject, EV.within, nodes[iri]) for iri in above]


def ancestors(triples: Iterable[Triple]) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield every concept with all it lies within, itself among them; IRIs, parents first.

    A descriptor of MeSH stands in several trees, and each of its tree numbers has its own way up:
    it lies within the descriptors that own the beginnings of its numbers, as a search that
    explodes a heading finds it (NLM, MeSH tree structures). Steps of `meshv:broaderDescriptor`
    would mix the trees, so they count only where no tree number is given.

    :raises CyclicHierarchyError: if a hierarchy is cyclic
    """
    up, owners = _steps(triples)
    # What has nothing below is in no cycle; most concepts of a large release are such.
    inner = {parent for parents in up.values() for parent in parents}
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(sorted(inner))
    graph.add_edges_from((below, above) for below in sorted(inner) for above in up.get(below, ()))
    done: dict[str, frozenset[str]] = {}
    # Components come after everything they lead to (E. Nuutila and E. Soisalon-Soininen, 1994,
    # doi:10.1016/0020-0190(94)90047-7), so that what lies above is known.
    for component in nx.strongly_connected_components(graph):
        _check_acyclic(graph, component)
        (concept,) = component
        above = frozenset(_owned(component, owners))
        done[concept] = above.union(*(done[parent] for parent in up.get(concept, ())))
        if not concept.startswith(_TREE):
            yield concept, done[concept]
    for concept, steps in up.items():
        if concept not in inner and not concept.startswith(_TREE):
            yield concept, frozenset((concept,)).union(*(done[parent] for parent in steps))


def _owned(component: Iterable[str], owners: Mapping[str, str]) -> Iterator[str]:
    """Yield concepts, for a tree number its owner; a slice may lack the owner of one."""
    for concept in component:
        if not concept.startswith(_TREE):
            yield concept
        elif concept in owners:
            yield owners[concept]


def _steps(triples: Iterable[Triple]) -> tuple[dict[str, dict[str, None]], dict[str, str]]:
    """Return the steps upwards, over the tree numbers of MeSH too, and who owns each number."""
    up: dict[str, dict[str, None]] = {}
    owners: dict[str, str] = {}
    broader: list[tuple[str, str]] = []
    in_trees: set[str] = set()
    for triple in triples:
        subject, predicate, target = triple.subject, triple.predicate, triple.object
        if not isinstance(subject, NamedNode):
            continue
        below = subject.value
        if predicate == TREE_NUMBER and isinstance(target, Literal):
            in_trees.add(below)
            owners[_TREE + target.value] = below
            way = _tree(target.value)
            up.setdefault(below, {})[way[0]] = None
            for number, higher in pairwise(way):
                up.setdefault(number, {})[higher] = None
        if not isinstance(target, NamedNode):
            continue
        is_variable = below.startswith(_VARIABLE)
        if predicate == BROADER:
            broader.append((below, target.value))
        elif predicate in UP or (is_variable and predicate in UP_FROM_VARIABLES):
            up.setdefault(below, {})[target.value] = None
        elif is_variable and predicate == RDF_TYPE and target == EV.Variable:
            up.setdefault(below, {})
    for below, above in broader:
        up.setdefault(above, {})
        if below not in in_trees:
            up.setdefault(below, {})[above] = None
    return up, owners


def _tree(number: str) -> list[str]:
    """Return a tree number and the numbers above it: C06.552.360, C06.552, C06."""
    parts = number.split(".")
    return [_TREE + ".".join(parts[:size]) for size in range(len(parts), 0, -1)]


def _check_acyclic(graph: "nx.DiGraph[str]", component: set[str]) -> None:
    """Raise if concepts lead to one another."""
    if len(component) > 1:
        below = min(component)
        cycle = nx.find_cycle(graph.subgraph(component), below)
        raise CyclicHierarchyError([start for start, _ in cycle])
    (concept,) = component
    if graph.has_edge(concept, concept):
        raise CyclicHierarchyError([concept])
