"""The graph store, to read (SPARQL 1.1 Graph Store HTTP Protocol).

https://www.w3.org/TR/sparql11-http-rdf-update/ - GET and HEAD of one named graph, or of the default
graph, which is the union of all.
"""

from pyoxigraph import QueryTriples

from evikg.graph.store import Store

from .exchange import Refusal, Reply, Request, Route
from .sparql import absolute_iri, graph_reply

PATH = "/store"


def graph(store: Store, request: Request) -> Reply:
    """Return a graph: `?graph=IRI` one by its name, `?default` the union.

    :raises Refusal: 400 if not one graph is named, 404 if there is none of that name
    """
    names, defaults = request.values("graph"), request.values("default")
    if len(names) + len(defaults) != 1:
        raise Refusal(400, "name one graph: ?graph=IRI, or ?default for the union of all")
    if defaults:
        query = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
    else:
        iri = absolute_iri(names[0])
        if not store.query(f"ASK {{ GRAPH {iri} {{ ?s ?p ?o }} }}"):
            raise Refusal(404, f"there is no graph {iri}")
        query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {iri} {{ ?s ?p ?o }} }}"
    triples = store.query(query)
    assert isinstance(triples, QueryTriples)  # noqa: S101 - what a CONSTRUCT answers
    return graph_reply(triples, request, tuple(request.values("format")))


ROUTES = (Route(PATH, graph),)
