"""What a thing is joined to, in both directions, asked of a store without building a network."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from pyoxigraph import Literal, NamedNode, QuerySolutions

from evikg.graph.binding import Term, bind
from evikg.graph.errors import GraphError
from evikg.graph.store import Store
from evikg.ontology import compact

from .relations import INVERSE, relation_of, relations
from .things import TERM, TERM_PARTS, Thing, curie_of, kind_of, things

#: Neighbours of one answer, where nothing else is said.
PAGE = 50


class UnknownThingError(GraphError):
    """The graph joins nothing to an IRI."""

    def __init__(self, iri: str) -> None:
        """Hold the IRI."""
        self.iri = iri

    def __str__(self) -> str:
        """Return what is unknown, and where names of things stand."""
        return f"the graph says nothing of {curie_of(self.iri)}; `evikg explore NAME` finds things"


@dataclass(frozen=True, slots=True)
class Joined:
    """A relation of a thing in one direction to things of one kind, and how many these are."""

    relation: str  # CURIE; `^` before it where the thing is the object, as in a SPARQL path
    reading: str  # `is measured by`
    kind: str
    count: int


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A thing at the other end of a relation."""

    relation: str  # as in `Joined`
    reading: str
    thing: Thing


@dataclass(frozen=True, slots=True)
class Neighbours:
    """A thing, all its relations with their counts, and a page of what they lead to."""

    thing: Thing
    relations: tuple[Joined, ...]  # in the order of `relations.csv`, outward before inward
    neighbours: tuple[Neighbour, ...]
    offset: int
    total: int  # of the relation and kind asked for, on all pages


def neighbours(
    store: Store,
    iri: str,
    relation: str | None = None,
    *,
    kind: str | None = None,
    offset: int = 0,
    limit: int = PAGE,
) -> Neighbours:
    """Return what a thing is joined to by the relations in `relations.csv`.

    Neighbours come relation by relation, kind by kind, and by IRI. Two things that are joined by
    two relations are neighbours twice.

    :param relation: only this one, as a CURIE or IRI: `ev:study`, or `^ev:study` from the object
    :param kind: only neighbours of this kind: `result`, `term`, …
    :param offset: neighbours to leave out before the first of the answer
    :param limit: how many to answer at most
    :raises UnknownThingError: if the graph neither says anything of the IRI nor joins it
    :raises UnknownRelationError: if the relation joins nothing in any graph
    """
    joined = tuple(_joined(store, iri))
    thing = things(store, [iri])[iri]
    if not joined and not thing.facts:
        raise UnknownThingError(iri)
    wanted = tuple(one for one in joined if kind in (None, one.kind))
    if relation is not None:
        found, backward = relation_of(relation)
        key = (INVERSE if backward else "") + found.curie
        wanted = tuple(one for one in wanted if one.relation == key)
    ends = list(_page(store, iri, wanted, offset, limit))
    known = things(store, [other for _, other in ends])
    page = tuple(Neighbour(one.relation, one.reading, known[other]) for one, other in ends)
    return Neighbours(thing, joined, page, offset, sum(one.count for one in wanted))


def _joined(store: Store, iri: str) -> Iterator[Joined]:
    outward, inward = _counts(store, "out", iri), _counts(store, "in", iri)
    for curie, relation in relations().items():
        for kind, count in sorted(outward.get(curie, {}).items()):
            yield Joined(curie, relation.reading(kind_of(iri)).forward, kind, count)
        for kind, count in sorted(inward.get(curie, {}).items()):
            yield Joined(f"{INVERSE}{curie}", relation.reading(kind).backward, kind, count)


def _counts(store: Store, direction: str, iri: str) -> dict[str, Counter[str]]:
    """Return how many neighbours there are, by CURIE of the relation and kind of the neighbour."""
    query = bind(_query(f"neighbours-counts-{direction}.rq"), {"thing": [NamedNode(iri)]})
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row in _rows(store, query):
        kind = row["kind"].value or TERM
        counts[compact(row["relation"].value)][TERM if kind in TERM_PARTS else kind] += int(
            row["count"].value
        )
    return counts


def _page(
    store: Store, iri: str, wanted: tuple[Joined, ...], offset: int, limit: int
) -> Iterator[tuple[Joined, str]]:
    skip, left = offset, limit
    for one in wanted:
        taken = min(max(one.count - skip, 0), left)
        if taken:
            yield from ((one, other) for other in _ends(store, iri, one, skip, taken))
        skip, left = max(skip - one.count, 0), left - taken


def _ends(store: Store, iri: str, joined: Joined, offset: int, limit: int) -> list[str]:
    relation, backward = relation_of(joined.relation)
    parts = TERM_PARTS if joined.kind == TERM else (joined.kind,)
    values: dict[str, list[Term]] = {
        "thing": [NamedNode(iri)],
        "relation": [relation.predicate],
        "kind": [Literal(part) for part in parts],
    }
    query = bind(_query(f"neighbours-{'in' if backward else 'out'}.rq"), values)
    return [
        row["other"].value
        for row in _rows(store, f"{query}LIMIT {int(limit)} OFFSET {int(offset)}\n")
    ]


def _rows(store: Store, query: str) -> Iterator[Any]:
    answer = store.query(query)
    assert isinstance(answer, QuerySolutions)  # noqa: S101 - what a SELECT answers
    yield from answer


def _query(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
