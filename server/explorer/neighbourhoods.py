"""Addresses the explorer's script fetches neighbours from."""

from collections.abc import Sequence
from importlib.resources import files

from pyoxigraph import NamedNode, QuerySolutions

from evikg.graph.binding import Term, bind
from evikg.graph.network import (
    Neighbours,
    Thing,
    UnknownRelationError,
    UnknownThingError,
    curie_of,
    relations,
    things,
)
from evikg.graph.network import neighbours as ask_neighbours
from evikg.graph.store import Store
from evikg.ontology import compact
from evikg.server.addresses import editor_address
from evikg.server.exchange import Refusal, Reply, Request, Route

from .finding import iri_of
from .wire import Data, edge_data, fact_data, neighbour_edge, relation_data, reply, thing_data

#: Neighbours in one answer.
PAGE = 20
#: Things of one view.
MOST_THINGS = 400


def neighbours(store: Store, request: Request) -> Reply:
    """Answer what a thing is and how many neighbours it has by relation, or a page of these.

    `iri`: the thing. Without `relation` the answer holds `thing`, `facts`, `relations` and `query`;
    with `relation` (`ev:study`, `^ev:study`), perhaps `kind` and `offset`, it holds `thing`,
    `things`, `edges`, `total`, `offset` and `next`, null on the last page.
    """
    iri = iri_of(request.value("iri"))
    if not (relation := request.value("relation")):
        return reply(about(store, iri))
    return reply(page(store, iri, relation, request.value("kind"), offset_of(request)))


def view(store: Store, request: Request) -> Reply:
    """Answer the things with the given `iri`s and every edge between them."""
    asked = dict.fromkeys(iri_of(text) for text in request.values("iri"))
    if len(asked) > MOST_THINGS:
        raise Refusal(400, f"a view holds {MOST_THINGS} things, not {len(asked)}: remove some")
    told = things(store, list(asked))
    # What has facts is known; few things have none, as terms that only a mapping names.
    found = {iri: thing for iri, thing in told.items() if thing.facts or is_known(store, iri)}
    return reply(
        {
            "things": [thing_data(thing) for thing in found.values()],
            "edges": among(store, list(found)),
            "unknown": [curie_of(iri) for iri in asked if iri not in found],
        }
    )


def about(store: Store, iri: str) -> Data:
    """Return a thing, its facts, its relations with counts, and its query in the editor."""
    found = _neighbours(store, iri, limit=0)
    return {
        "thing": thing_data(found.thing),
        "facts": fact_data(found.thing.facts),
        "relations": [relation_data(joined) for joined in found.relations],
        "query": editor_address(bind(_query("about"), {"thing": [NamedNode(iri)]})),
    }


def page(store: Store, iri: str, relation: str, kind: str, offset: int) -> Data:
    """Return a page of the neighbours by one relation, with the edges that lead to them."""
    found = _neighbours(store, iri, relation, kind=kind or None, offset=offset, limit=PAGE)
    after = offset + len(found.neighbours)
    return {
        "thing": thing_data(found.thing),
        "things": [thing_data(neighbour.thing) for neighbour in found.neighbours],
        "edges": [neighbour_edge(iri, neighbour) for neighbour in found.neighbours],
        "total": found.total,
        "offset": offset,
        "next": after if after < found.total else None,
    }


def among(store: Store, iris: Sequence[str]) -> list[Data]:
    """Return every edge between some things."""
    known = set(iris)
    values: dict[str, list[Term]] = {
        "subject": [NamedNode(iri) for iri in iris],
        "relation": [relation.predicate for relation in relations().values()],
    }
    answer = store.query(bind(_query("among"), values))
    assert isinstance(answer, QuerySolutions)  # noqa: S101 - what a SELECT answers
    edges = ((row["subject"], row["relation"], row["object"]) for row in answer)
    return [
        edge_data(subject.value, compact(relation.value), target.value)
        for subject, relation, target in edges
        if target.value in known
    ]


def is_known(store: Store, iri: str) -> bool:
    """Tell whether the graph says anything of a thing, or joins it to another."""
    try:
        ask_neighbours(store, iri, limit=0)
    except UnknownThingError:
        return False
    return True


def known_thing(store: Store, iri: str) -> Thing:
    """Return a thing.

    :raises Refusal: 404, if the graph says nothing of it
    """
    return _neighbours(store, iri, limit=0).thing


def offset_of(request: Request) -> int:
    """Return the `offset` asked for.

    :raises Refusal: 400, if it is no whole number from 0 up
    """
    text = request.value("offset", "0")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Refusal(400, f"offset={text!r} is no whole number from 0 up")
    return int(text)


def _neighbours(
    store: Store,
    iri: str,
    relation: str | None = None,
    *,
    kind: str | None = None,
    offset: int = 0,
    limit: int,
) -> Neighbours:
    try:
        return ask_neighbours(store, iri, relation, kind=kind, offset=offset, limit=limit)
    except UnknownThingError:
        raise Refusal(404, f"the graph says nothing of {curie_of(iri)}") from None
    except UnknownRelationError as error:
        raise Refusal(404, str(error)) from None


def _query(name: str) -> str:
    return files(__package__).joinpath(f"{name}.rq").read_text(encoding="utf-8")


ROUTES = (Route("/explore/neighbours", neighbours), Route("/explore/view", view))
