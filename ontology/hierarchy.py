"""Faults of a hierarchy: terms that are above themselves, and parents that are no terms.

A hierarchy is given as pairs of a term and its parents, by IRI.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Edges = Iterable[tuple[str, Sequence[str]]]


@dataclass(frozen=True, slots=True, order=True)
class Cycle:
    """Terms that are above themselves; `path` goes from child to parent and ends where it begins.

    The path is the shortest one through the first term, by IRI, of those that are above one
    another, and begins there.
    """

    path: tuple[str, ...]


@dataclass(frozen=True, slots=True, order=True)
class Dangling:
    """A parent that is not a term of the hierarchy."""

    term: str
    parent: str


def hierarchy_faults(edges: Edges) -> list[Cycle | Dangling]:
    """Return every fault of a hierarchy: its cycles, then its dangling parents, each in order.

    Of terms that are all above one another (a strongly connected component, which may hold
    exponentially many cycles) one cycle is told.

    >>> hierarchy_faults([("a", ["b"]), ("b", ["a", "c"])])
    [Cycle(path=('a', 'b', 'a')), Dangling(term='b', parent='c')]
    """
    parents: dict[str, set[str]] = {}
    for term, above in edges:
        parents.setdefault(term, set()).update(above)
    dangling = [
        Dangling(term, parent)
        for term, above in parents.items()
        for parent in above
        if parent not in parents
    ]
    return [*sorted(_cycles(parents)), *sorted(dangling)]


def _cycles(parents: Mapping[str, set[str]]) -> Iterable[Cycle]:
    import networkx as nx

    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_edges_from((term, parent) for term, above in parents.items() for parent in above)
    for component in nx.strongly_connected_components(graph):
        first = min(component)
        if len(component) == 1 and not graph.has_edge(first, first):
            continue
        around = nx.DiGraph(graph.subgraph(component))
        back = (nx.shortest_path(around, start, first) for start in around.successors(first))
        yield Cycle((first, *min(back, key=lambda path: (len(path), path))))
