"""The closure of the hierarchies: which concept lies within which, however far above.

One relation, `ev:within`, spans what the evidence measures and what terminologies know of it: from
a variable to broader variables, from a variable to the terms it is mapped to, from there up the
hierarchy of each terminology. It is reflexive and transitive, so that one pattern asks for a whole
branch: `?variable ev:within ?concept`.
"""

from collections.abc import Iterable, Iterator, Sequence

import networkx as nx
from pyoxigraph import NamedNode, Triple

from evikg.ontology import EV, individual, prefixes
from evikg.ontology.term_triples import BROADER, MAPPED_TO, SUBCLASS

_SKOS = prefixes()["skos"]
_TYPE = NamedNode(f"{prefixes()['rdf']}type")
#: Lead up from any concept.
UP = frozenset({NamedNode(f"{_SKOS}broader"), SUBCLASS, BROADER, MAPPED_TO})
#: Lead up from a variable only: between terminologies they would mix the hierarchies.
UP_FROM_VARIABLES = frozenset({NamedNode(f"{_SKOS}exactMatch"), NamedNode(f"{_SKOS}broadMatch")})
_VARIABLE = individual("variable", "").value


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

    def node(iri: str) -> NamedNode:
        return nodes.setdefault(iri, NamedNode(iri))

    for concept, above in ancestors(triples):
        subject = node(concept)
        yield from (Triple(subject, EV.within, node(other)) for other in above)


def ancestors(triples: Iterable[Triple]) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield every concept with all it lies within, itself among them; IRIs, parents first.

    A cycle is an error, except among the descriptors of MeSH: a descriptor stands in several
    trees, and what is above it in one may be below it in another. MeSH 2024 prints *Strabismus*
    below *Ocular Motility Disorders* and the reverse. Such descriptors lie within one another, as
    they do for the property path `meshv:broaderDescriptor*`.

    :raises CyclicHierarchyError: if a hierarchy is cyclic
    """
    up = _steps(triples)
    has_children = {parent for parent, _ in up.in_degree() if up.in_degree(parent)}
    done: dict[str, frozenset[str]] = {}
    # Components come after everything they lead to (E. Nuutila and E. Soisalon-Soininen, 1994,
    # doi:10.1016/0020-0190(94)90047-7), so that what lies above is known.
    for component in nx.strongly_connected_components(up):
        _check_acyclic(up, component)
        parents = {parent for concept in component for parent in up[concept]} - component
        above = frozenset(component).union(*(done[parent] for parent in parents))
        for concept in sorted(component):
            if concept in has_children:
                done[concept] = above
            yield concept, above


def _steps(triples: Iterable[Triple]) -> "nx.DiGraph[str]":
    """Return the steps upwards; `trees` tells that a step is one of MeSH's descriptors alone."""
    up: nx.DiGraph[str] = nx.DiGraph()
    for triple in triples:
        subject, predicate, target = triple.subject, triple.predicate, triple.object
        if not (isinstance(subject, NamedNode) and isinstance(target, NamedNode)):
            continue
        is_variable = subject.value.startswith(_VARIABLE)
        if predicate in UP or (is_variable and predicate in UP_FROM_VARIABLES):
            edge = (subject.value, target.value)
            others = up.edges[edge]["trees"] if up.has_edge(*edge) else True
            up.add_edge(*edge, trees=others and predicate == BROADER)
        elif is_variable and predicate == _TYPE and target == EV.Variable:
            up.add_node(subject.value)
    return up


def _check_acyclic(up: "nx.DiGraph[str]", component: set[str]) -> None:
    """Raise if a step within a component of concepts that lead to one another is no tree's."""
    inside = (
        (below, above)
        for below in sorted(component)
        for above in sorted(component.intersection(up[below]))
        if not up.edges[below, above]["trees"]
    )
    if step := next(inside, None):
        below, above = step
        way_back = nx.shortest_path(up.subgraph(component), above, below)
        raise CyclicHierarchyError([below, *way_back[:-1]])
