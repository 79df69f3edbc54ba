"""The results of a thing by what they measure: hundreds of numbers are no neighbours to look at."""

from importlib.resources import files

from pyoxigraph import NamedNode, QuerySolutions

from evikg.graph.binding import Term, bind
from evikg.graph.network import UnknownRelationError, relation_of, things
from evikg.graph.store import Store
from evikg.server.exchange import Refusal, Reply, Request, Route

from .finding import iri_of
from .neighbourhoods import PAGE, known_thing, offset_of
from .wire import Data, edge_data, reply, thing_data

#: What joins a result to the thing that it measures.
_MEASURES = "ev:variable"


def measures(store: Store, request: Request) -> Reply:
    """Answer what the results of a thing measure, or the results that measure one variable.

    `iri`: the thing; `relation`: how results lead to it, as `^ev:study`. Without `variable` the
    answer holds `measures`, things with their `count` of results, most first; with it a page of
    results from `offset` on: `things` (the variable among them), `edges`, `total`, `offset`, `next`.

    :raises Refusal: if the thing, the variable or the relation is unknown
    """
    thing = known_thing(store, iri_of(request.value("iri")))
    try:
        relation, backward = relation_of(request.value("relation"))
    except UnknownRelationError as error:
        raise Refusal(404, str(error)) from None
    if not backward:
        raise Refusal(400, "results lead to a thing: the relation begins with ^, as ^ev:study")
    values: dict[str, list[Term]] = {
        "thing": [NamedNode(thing.iri)],
        "relation": [relation.predicate],
    }
    counts = {iri: int(count) for iri, count in _rows(store, bind(_query("measured"), values))}
    if not (asked := request.value("variable")):
        known = things(store, list(counts))
        found = [{**thing_data(known[iri]), "count": count} for iri, count in counts.items()]
        return reply({"thing": thing_data(thing), "measures": found})
    variable = known_thing(store, iri_of(asked))
    query = bind(_query("measuring"), {**values, "variable": [NamedNode(variable.iri)]})
    offset, total = offset_of(request), counts.get(variable.iri, 0)
    rows = _rows(store, f"{query}LIMIT {PAGE} OFFSET {offset}\n")
    results = things(store, [row[0] for row in rows])
    edges: list[Data] = []
    for iri in results:
        edges.append(edge_data(iri, relation.curie, thing.iri))
        edges.append(edge_data(iri, _MEASURES, variable.iri))
    after = offset + len(results)
    return reply(
        {
            "thing": thing_data(thing),
            "things": [thing_data(one) for one in (variable, *results.values())],
            "edges": edges,
            "total": total,
            "offset": offset,
            "next": after if results and after < total else None,
        }
    )


def _rows(store: Store, query: str) -> list[list[str]]:
    answer = store.query(query)
    assert isinstance(answer, QuerySolutions)  # noqa: S101 - what a SELECT answers
    return [[value.value for value in row] for row in answer]


def _query(name: str) -> str:
    return files(__package__).joinpath(f"{name}.rq").read_text(encoding="utf-8")


ROUTES = (Route("/explore/measures", measures),)
