"""The classes of the graph and the relations between them, as the explorer shows them."""

from functools import lru_cache
from importlib.resources import files

from pyoxigraph import NamedNode, QuerySolutions

from evikg.graph.binding import bind
from evikg.graph.network import classes, things
from evikg.graph.store import Store
from evikg.ontology import prefixes
from evikg.server.exchange import Refusal, Reply, Request, Route

from .neighbourhoods import offset_of
from .wire import Data, reply, thing_data

#: Members of a kind in one answer.
PAGE = 50


def schema(store: Store, _request: Request) -> Reply:
    """Answer the kinds of things, and how often each relation leads from one to another."""
    return reply(schema_data(store))


@lru_cache(maxsize=1)
def schema_data(store: Store) -> Data:
    """Return kinds and relations with counts; a worker has one store, whose graph never changes."""
    overview = classes(store)
    return {
        "classes": [
            {"kind": one.kind, "classes": list(one.classes), "count": one.count}
            for one in overview.classes
        ],
        "relations": [
            {
                "source": one.subject,
                "target": one.object,
                "relation": one.relation,
                "name": one.reading,
                "count": one.count,
            }
            for one in overview.relations
        ],
    }


def members(store: Store, request: Request) -> Reply:
    """Answer a page of the things of the kind `members`, by IRI, from `offset` on."""
    return reply(members_data(store, request))


def members_data(store: Store, request: Request) -> Data:
    """Return a page of the things of a kind.

    :raises Refusal: 404, if the graph has nothing of the kind
    """
    kind, offset = request.value("members"), offset_of(request)
    kinds = {one["kind"]: one for one in schema_data(store)["classes"]}
    if kind not in kinds:
        raise Refusal(404, f"nothing in the graph is a {kind!r}; kinds: {', '.join(kinds)}")
    query = files(__package__).joinpath("members.rq").read_text(encoding="utf-8")
    bound = bind(query, {"class": [_named(curie) for curie in kinds[kind]["classes"]]})
    answer = store.query(f"{bound}LIMIT {PAGE} OFFSET {offset}\n")
    assert isinstance(answer, QuerySolutions)  # noqa: S101 - what a SELECT answers
    found = things(store, [row["thing"].value for row in answer])
    total, after = kinds[kind]["count"], offset + len(found)
    return {
        "kind": kind,
        "total": total,
        "offset": offset,
        "next": after if found and after < total else None,
        "things": [thing_data(thing) for thing in found.values()],
    }


def _named(curie: str) -> NamedNode:
    prefix, _, local = curie.partition(":")
    return NamedNode(prefixes()[prefix] + local)


ROUTES = (Route("/explore/classes", schema), Route("/explore/members", members))
