"""What the endpoint says of itself, as RDF: its service, its data and its example queries.

- SPARQL 1.1 Service Description (https://www.w3.org/TR/sparql11-service-description/) at the
  endpoint itself, without a query;
- VoID (https://www.w3.org/TR/void/#well-known) at `/.well-known/void`;
- examples as SIB writes them (https://github.com/sib-swiss/sparql-examples) at
  `/.well-known/sparql-examples` under the server and under the endpoint, whose address is the name
  of the graph that tools keep them in.
"""

from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from importlib.resources import files

from pyoxigraph import (
    Literal,
    NamedNode,
    Quad,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Triple,
    serialize,
)

from evikg.graph.codecs import whole
from evikg.graph.description import LICENCE, TITLE
from evikg.graph.store import Store
from evikg.ontology import EV, individual, prefixes
from evikg.queries.examples import examples

from .exchange import Reply, Request, Route
from .negotiation import choose
from .sparql import PATH, graph_forms

#: Names of W3C's catalogue of formats, http://www.w3.org/ns/formats/.
_FORMATS = (
    "SPARQL_Results_JSON SPARQL_Results_XML SPARQL_Results_CSV SPARQL_Results_TSV"
    " Turtle N-Triples N-Quads TriG JSON-LD RDF_XML"
).split()
_FORMAT = "http://www.w3.org/ns/formats/"
_EXAMPLES = "/.well-known/sparql-examples"
_VOID = "/.well-known/void"


def service_description(store: Store, request: Request) -> Reply:
    """Describe the SPARQL endpoint: its language, features, formats and graphs."""
    return _rdf(_service(store, request), request)


def void(store: Store, request: Request) -> Reply:
    """Describe the data: what the build says of itself, and where it can be had here."""
    return _rdf(_data(store, request), request)


def sparql_examples(_: Store, request: Request) -> Reply:
    """Answer with the example queries, for this endpoint."""
    return _rdf(_examples(request), request, f"{_endpoint(request)}{_EXAMPLES}")


def _service(store: Store, request: Request) -> Iterator[Triple]:
    endpoint = _endpoint(request)
    service, dataset, default = (
        NamedNode(f"{endpoint}{part}") for part in ("", "#dataset", "#default-graph")
    )
    yield Triple(service, _term("rdf", "type"), _term("sd", "Service"))
    yield Triple(service, _term("sd", "endpoint"), NamedNode(endpoint))
    yield Triple(service, _term("sd", "supportedLanguage"), _term("sd", "SPARQL11Query"))
    yield Triple(service, _term("sd", "feature"), _term("sd", "UnionDefaultGraph"))
    if request.services:
        yield Triple(service, _term("sd", "feature"), _term("sd", "BasicFederatedQuery"))
    for syntax in _FORMATS:
        yield Triple(service, _term("sd", "resultFormat"), NamedNode(f"{_FORMAT}{syntax}"))
    yield Triple(service, _term("sd", "defaultDataset"), dataset)
    for path in (_VOID, _EXAMPLES):
        described = NamedNode(f"{_base(request)}{path}")
        yield Triple(service, _term("rdfs", "seeAlso"), described)
    yield Triple(dataset, _term("rdf", "type"), _term("sd", "Dataset"))
    yield Triple(dataset, _term("dcterms", "title"), Literal(TITLE, language="en"))
    yield Triple(dataset, _term("dcterms", "license"), NamedNode(LICENCE))
    yield Triple(dataset, _term("sd", "defaultGraph"), default)
    yield Triple(default, _term("rdf", "type"), _term("sd", "Graph"))
    held = _graphs(store)
    yield Triple(default, _term("void", "triples"), whole(sum(held.values())))
    for graph, triples in held.items():
        name, slug = NamedNode(graph), graph.rpartition("/")[2]
        named = NamedNode(f"{endpoint}#graph-{slug}")
        yield Triple(dataset, _term("sd", "namedGraph"), named)
        yield Triple(named, _term("rdf", "type"), _term("sd", "NamedGraph"))
        yield Triple(named, _term("sd", "name"), name)
        yield Triple(named, _term("sd", "graph"), name)
        yield Triple(name, _term("rdf", "type"), _term("sd", "Graph"))
        yield Triple(name, _term("void", "triples"), whole(triples))


def _data(store: Store, request: Request) -> Iterator[Triple]:
    here, dataset = NamedNode(f"{_base(request)}{_VOID}"), individual("graph", "evidence")
    yield Triple(here, _term("rdf", "type"), _term("void", "DatasetDescription"))
    yield Triple(here, NamedNode("http://xmlns.com/foaf/0.1/primaryTopic"), dataset)
    yield Triple(dataset, _term("void", "sparqlEndpoint"), NamedNode(_endpoint(request)))
    dump = NamedNode(f"{_base(request)}/store?default")
    yield Triple(dataset, _term("void", "dataDump"), dump)
    yield Triple(dataset, _term("void", "vocabulary"), NamedNode(EV.iri))
    described = store.query(_query("described"))
    assert isinstance(described, QueryTriples)  # noqa: S101 - what a CONSTRUCT answers
    yield from described


def _examples(request: Request) -> Iterator[Triple]:
    target, executable = NamedNode(_endpoint(request)), _term("sh", "SPARQLExecutable")
    for triple in examples():
        yield triple
        if triple.object == executable:
            yield Triple(triple.subject, _term("schema", "target"), target)


def _rdf(triples: Iterable[Triple], request: Request, graph: str = "") -> Reply:
    """Write triples in the syntax that a client prefers.

    :param graph: that they are in, where the syntax can name one
    :raises Refusal: 406 if it accepts no syntax of RDF
    """
    form = choose(list(graph_forms()), request.headers.get("accept", ""), request.value("format"))
    syntax = graph_forms()[form]
    found: list[Triple] | list[Quad] = sorted(triples, key=str)
    if graph and syntax in (RdfFormat.N_QUADS, RdfFormat.TRIG):
        found = [Quad(t.subject, t.predicate, t.object, NamedNode(graph)) for t in found]
    named = _used(found) if syntax in (RdfFormat.TURTLE, RdfFormat.TRIG) else None
    return Reply(serialize(found, format=syntax, prefixes=named) or b"", form.media_type)


def _used(found: Iterable[object]) -> dict[str, str]:
    """Return the prefixes whose namespaces stand in triples."""
    text = "".join(map(str, found))
    return {prefix: iri for prefix, iri in prefixes().items() if f"<{iri}" in text}


@lru_cache(maxsize=2)
def _graphs(store: Store) -> dict[str, int]:
    """Return the named graphs by their IRIs, with the triples in each."""
    answer = store.query(_query("graphs"))
    assert isinstance(answer, QuerySolutions)  # noqa: S101 - what a SELECT answers
    return {graph.value: int(triples.value) for graph, triples in answer}


def _base(request: Request) -> str:
    return request.base or "http://127.0.0.1"


def _endpoint(request: Request) -> str:
    return f"{_base(request)}{PATH}"


def _term(prefix: str, name: str) -> NamedNode:
    return NamedNode(prefixes()[prefix] + name)


@cache
def _query(name: str) -> str:
    return files(__package__).joinpath(f"{name}.rq").read_text(encoding="utf-8")


ROUTES = (
    Route(_VOID, void),
    Route(_EXAMPLES, sparql_examples),
    Route(f"{PATH}{_EXAMPLES}", sparql_examples),
)
