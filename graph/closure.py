"""The closure of the hierarchies: which concept lies within which, however far above.

One relation, `ev:within`, spans what the evidence measures and what terminologies know of it: from
a variable to broader variables, from a variable to the terms it is mapped to, from there up the
hierarchy of each terminology. It is reflexive and transitive, so that one pattern asks for a whole
branch: `?variable ev:within ?concept`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

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
    for concept, above in ancestors(triples):
        for iri in above:
            if iri not in nodes:
                nodes[iri] = NamedNode(iri)
        subject = nodes[concept]
        yield from [Triple(subject, EV.within, nodes[iri]) for iri in above]


def ancestors(triples: Iterable[Triple]) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield every concept with all it lies within, itself among them; IRIs, parents first.

    A cycle is an error, except among the descriptors of MeSH: a descriptor stands in several
    trees, and what is above it in one may be below it in another. MeSH 2024 prints *Strabismus*
    below *Ocular Motility Disorders* and the reverse. Such descriptors lie within one another, as
    they do for the property path `meshv:broaderDescriptor*`.

    :raises CyclicHierarchyError: if a hierarchy is cyclic
    """
    up = _steps(triples)
    # What has nothing below is in no cycle; most concepts of a large release are such.
    inner = {parent for parents in up.values() for parent in parents}
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(sorted(inner))
    graph.add_edges_from((below, above) for below in sorted(inner) for above in up.get(below, ()))
    done: dict[str, frozenset[str]] = {}
    # Components come after everything they lead to (E. Nuutila and E. Soisalon-Soininen, 1994,
    # doi:10.1016/0020-0190(94)90047-7), so that what lies above is known.
    for component in nx.strongly_connected_components(graph):
        _check_acyclic(up, graph, component)
        parents = {parent for concept in component for parent in up.get(concept, ())} - component
        above = frozenset(component).union(*(done[parent] for parent in parents))
        for concept in sorted(component):
            done[concept] = above
            yield concept, above
    for concept, steps in up.items():
        if concept not in inner:
            yield concept, frozenset((concept,)).union(*(done[parent] for parent in steps))


def _steps(triples: Iterable[Triple]) -> dict[str, dict[str, bool]]:
    """Return the steps upwards; true where one is a step in the trees of MeSH and nothing else."""
    up: dict[str, dict[str, bool]] = {}
    for triple in triples:
        subject, predicate, target = triple.subject, triple.predicate, triple.object
        if not (isinstance(subject, NamedNode) and isinstance(target, NamedNode)):
            continue
        below, above = subject.value, target.value
        is_variable = below.startswith(_VARIABLE)
        if predicate in UP or (is_variable and predicate in UP_FROM_VARIABLES):
            steps = up.setdefault(below, {})
            steps[above] = steps.get(above, True) and predicate == BROADER
        elif is_variable and predicate == _TYPE and target == EV.Variable:
            up.setdefault(below, {})
    return up


def _check_acyclic(
    up: Mapping[str, Mapping[str, bool]], graph: "nx.DiGraph[str]", component: set[str]
) -> None:
    """Raise if a step within a component of concepts that lead to one another is no tree's."""
    inside = (
        (below, above)
        for below in sorted(component)
        for above, of_trees in sorted(up.get(below, {}).items())
        if above in component and not of_trees
    )
    if step := next(inside, None):
        below, above = step
        way_back = nx.shortest_path(graph.subgraph(component), above, below)
        raise CyclicHierarchyError([below, *way_back[:-1]])
