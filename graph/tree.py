"""A branch as a tree: a concept with what lies below it, or above, and the evidence in each."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files

from pyoxigraph import Literal, NamedNode, QuerySolutions

from .binding import bind
from .branch_index import Counts
from .branches import Branches
from .store import Store

#: Concepts that are asked for in one query: endpoints limit the length of one.
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Node:
    """A concept at a place of a tree; `counts` is what lies within it, wherever it stands.

    `parent` is the IRI of the concept that it stands under, empty for the first. A concept with
    several parents stands under each, and with what follows it only where it comes first:
    elsewhere `repeated` is true.
    """

    iri: str
    label: str
    parent: str
    depth: int
    counts: Counts
    repeated: bool


def tree(store: Store, concept: str, *, up: bool = False, depth: int | None = None) -> list[Node]:
    """Return a concept and the branch below it, or all above it, each before what follows it.

    :param concept: IRI
    :param up: follow the steps upwards
    :param depth: how many steps to follow; all by default
    """
    branches = Branches.of(store)
    inside = set(branches.above(concept) if up else branches.below(concept))
    followed = _followed(store, concept, inside, up, depth)
    concepts = {concept} | {iri for others in followed.values() for iri in others}
    labels = labels_of(store, concepts)
    counts = branches.counts(sorted(concepts))
    nodes: list[Node] = []
    shown: set[str] = set()
    waiting = [("", concept, 0)]
    while waiting:
        parent, iri, steps = waiting.pop()
        following = followed.get(iri, ()) if depth is None or steps < depth else ()
        repeated = bool(following) and iri in shown
        nodes.append(Node(iri, labels.get(iri, ""), parent, steps, counts[iri], repeated))
        if not repeated:
            shown.update([iri] if following else ())
            ordered = sorted(
                following, key=lambda i: (labels[i].casefold() if i in labels else i, i)
            )
            waiting += [(iri, other, steps + 1) for other in reversed(ordered)]
    return nodes


def labels_of(store: Store, concepts: Collection[str]) -> dict[str, str]:
    """Return the labels of concepts, by IRI; one that has none is left out."""
    found = sorted(_pairs(store, "tree-labels.rq", "concept", "label", concepts), reverse=True)
    return dict(found)


def _followed(
    store: Store, concept: str, inside: Collection[str], up: bool, depth: int | None
) -> Mapping[str, set[str]]:
    """Return the concepts one step from each, level by level.

    :param inside: what the branch holds: steps out of it, to another tree of MeSH, are not taken
    """
    name, near, far = ("parents", "child", "parent") if up else ("children", "parent", "child")
    followed: defaultdict[str, set[str]] = defaultdict(set)
    level, known, steps = {concept}, {concept}, 0
    while level and (depth is None or steps < depth):
        for here, there in _pairs(store, f"tree-{name}.rq", near, far, level):
            if here != there and there in inside:
                followed[here].add(there)
        level = {iri for here in level for iri in followed.get(here, ())} - known
        known |= level
        steps += 1
    return followed


def _pairs(
    store: Store, file: str, near: str, far: str, concepts: Collection[str]
) -> Iterator[tuple[str, str]]:
    query = files(__package__).joinpath(file).read_text(encoding="utf-8")
    ordered = sorted(concepts)
    for start in range(0, len(ordered), _AT_ONCE):
        values = [NamedNode(iri) for iri in ordered[start : start + _AT_ONCE]]
        answer = store.query(bind(query, {near: values}))
        assert isinstance(answer, QuerySolutions)  # noqa: S101 - what a SELECT answers
        for row in answer:
            here, there = row[near], row[far]
            if isinstance(here, NamedNode) and isinstance(there, NamedNode | Literal):
                yield here.value, there.value
