"""What the W3C's test suites ask of a SPARQL endpoint, restated for one that only reads.

https://github.com/w3c/rdf-tests, sparql/sparql11: protocol, graph-store-protocol (which replaces
http-rdf-update) and service-description; each test says which of theirs it restates. `test_protocol`
asks the sentences of the specifications one by one; docs/conformance.md says what is left out.
"""

from collections.abc import Iterator

import httpx
import pyoxigraph
import pytest
from rdflib import RDF, Graph, Namespace, URIRef

from .conftest import Start

BASE = "http://example.org/"
ONE, TWO, THREE = (f"{BASE}{name}" for name in ("one", "two", "three"))
#: Names that differ in a percent sign and its digits, and are different IRIs (RFC 3987, 5.3.2.3).
PLAIN, ENCODED = f"{BASE}graph/1", f"{BASE}graph/%31"
TRIG = f"""@prefix : <{BASE}> .
:one {{ :one a :Thing }}
:two {{ :two a :Thing }}
:three {{ :three a :Thing }}
<{PLAIN}> {{ :plain a :Thing }}
<{ENCODED}> {{ :encoded a :Thing }}
"""
QUERY, UPDATE = "application/sparql-query", "application/sparql-update"
FORM = "application/x-www-form-urlencoded"
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")


@pytest.fixture(scope="module")
def client(start: Start, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    from evikg.graph.embedded import new_generation

    place = tmp_path_factory.mktemp("w3c") / "store"
    with new_generation(place) as store:
        store.load(TRIG, pyoxigraph.RdfFormat.TRIG)
    with start(place, "--workers", "2") as running, httpx.Client(base_url=running.url) as client:
        yield client


def told(
    client: httpx.Client, method: str, query: str, dataset: list[tuple[str, str]]
) -> httpx.Response:
    """Send a query in one of the three ways of section 2.1, its dataset beside it."""
    if method == "GET":
        return client.get("/sparql", params=[("query", query), *dataset])
    if method == "form":
        body = str(httpx.QueryParams([("query", query), *dataset]))
        return client.post("/sparql", content=body, headers={"content-type": FORM})
    return client.post("/sparql", params=dataset, content=query, headers={"content-type": QUERY})


IN_DEFAULT = f"ASK {{ <{ONE}> a ?x . <{TWO}> a ?x }}"
IN_NAMED = f"ASK {{ GRAPH ?g {{ <{ONE}> a ?x }} GRAPH ?h {{ <{TWO}> a ?x }} }}"
IN_BOTH = f"""ASK {{ <{THREE}> a ?x . GRAPH ?g {{ <{ONE}> a ?x }} GRAPH ?h {{ <{TWO}> a ?x }}
  FILTER NOT EXISTS {{ <{ONE}> a ?x }} FILTER NOT EXISTS {{ GRAPH ?i {{ <{THREE}> a ?x }} }} }}"""
BOTH_NAMED = [("named-graph-uri", ONE), ("named-graph-uri", TWO)]


@pytest.mark.parametrize("method", ["GET", "form", "direct"])
@pytest.mark.parametrize(
    ("query", "dataset", "answer"),
    [
        # query_get, query_post_form, query_post_direct; a graph that there is not is empty
        ("ASK {}", [], True),
        ("ASK {}", [("default-graph-uri", f"{BASE}nothing")], True),
        ("ASK { ?s ?p ?o }", [("default-graph-uri", f"{BASE}nothing")], False),
        # query_dataset_default_graphs_get and _post: several are merged
        (IN_DEFAULT, [("default-graph-uri", ONE), ("default-graph-uri", TWO)], True),
        (IN_DEFAULT, [("default-graph-uri", ONE)], False),
        # query_dataset_named_graphs_get and _post
        (IN_NAMED, BOTH_NAMED, True),
        (IN_NAMED, BOTH_NAMED[:1], False),
        # query_dataset_full: named graphs are not in the default graph, nor it among them
        (
            IN_BOTH,
            [("default-graph-uri", THREE), *BOTH_NAMED],
            True,
        ),
        # query_multiple_dataset: the protocol's dataset replaces that of the query, whole
        (IN_NAMED.replace("ASK", f"ASK FROM <{THREE}>"), BOTH_NAMED, True),
        (f"ASK FROM <{THREE}> {{ <{THREE}> a ?x }}", BOTH_NAMED, False),
        (f"ASK FROM NAMED <{THREE}> {{ GRAPH ?g {{ <{THREE}> a ?x }} }}", BOTH_NAMED, False),
    ],
)
def test_the_dataset_of_a_request(
    client: httpx.Client, method: str, query: str, dataset: list[tuple[str, str]], answer: bool
) -> None:
    response = told(client, method, query, dataset)
    assert response.status_code == 200, response.text
    assert response.json()["boolean"] is answer


ROWS = {"application/sparql-results+xml", "application/sparql-results+json"}
GRAPHS = {"application/rdf+xml", "text/turtle", "application/n-triples"}


@pytest.mark.parametrize("method", ["GET", "form", "direct"])
@pytest.mark.parametrize(
    ("query", "types"),
    [
        ("SELECT (1 AS ?x) {}", {*ROWS, "text/csv", "text/tab-separated-values"}),
        ("ASK {}", ROWS),
        ("DESCRIBE <http://example.org/>", GRAPHS),
        (f"CONSTRUCT {{ <{ONE}> <{ONE}> 1 }} WHERE {{}}", GRAPHS),
    ],
)
def test_the_type_of_an_answer(
    client: httpx.Client, method: str, query: str, types: set[str]
) -> None:
    """query_content_type_select, _ask, _describe and _construct."""
    response = told(client, method, query, [])
    assert response.status_code == 200
    assert response.headers["content-type"].partition(";")[0] in types


@pytest.mark.parametrize(
    ("method", "query", "kind", "body"),
    [
        ("PUT", "?query=ASK%7B%7D", FORM, b""),  # bad_query_method
        ("GET", "?query=ASK%7B%7D&query=SELECT*%7B%7D", "", b""),  # bad_multiple_queries
        ("POST", "", FORM, b"query=ASK%7B%7D&query=SELECT*%7B%7D"),
        ("POST", "", "text/plain", b"ASK {}"),  # bad_query_wrong_media_type
        ("POST", "", "", b"query=ASK%7B%7D"),  # bad_query_missing_form_type
        ("POST", "", "", b"ASK {}"),  # bad_query_missing_direct_type
        ("POST", "", f"{QUERY}; charset=UTF-16", "ASK {}".encode("utf-16")),  # bad_query_non_utf8
        ("POST", "", QUERY, "ASK {}".encode("utf-16")),
        ("GET", "?query=ASK%20%7B", "", b""),  # bad_query_syntax
        ("POST", "", QUERY, b"ASK {"),
        ("GET", "?update=CLEAR%20ALL", "", b""),  # bad_update_get
        ("POST", "", FORM, b"update=CLEAR%20NAMED&update=CLEAR%20DEFAULT"),  # bad_multiple_updates
        ("POST", "", "text/plain", b"CLEAR NAMED"),  # bad_update_wrong_media_type
        ("POST", "", "", b"update=CLEAR%20NAMED"),  # bad_update_missing_form_type
        ("POST", "", f"{UPDATE}; charset=UTF-16", "CLEAR NAMED".encode("utf-16")),
        ("POST", "", FORM, b"update=CLEAR%20XYZ"),  # bad_update_syntax
        # bad_update_dataset_conflict
        ("POST", "", FORM, b"using-graph-uri=http%3A%2F%2Fa&update=DELETE+%7B%7D+USING+%3Ca%3Ab%3E"),
        # what updates well elsewhere changes nothing here: update_post_direct, update_post_form
        ("POST", "", UPDATE, b"CLEAR ALL"),
        ("POST", "?using-graph-uri=http%3A%2F%2Fexample.org%2Fone", UPDATE, b"CLEAR ALL"),
        ("POST", "", FORM, b"update=CLEAR%20ALL"),
    ],
)  # fmt: skip
def test_what_is_refused(
    client: httpx.Client, method: str, query: str, kind: str, body: bytes
) -> None:
    headers = {"content-type": kind} if kind else {}
    response = client.request(method, f"/sparql{query}", content=body, headers=headers)
    assert 400 <= response.status_code < 500
    assert client.get("/sparql", params={"query": IN_DEFAULT}).json()["boolean"] is True


# Graph Store HTTP Protocol


def held(client: httpx.Client, address: str) -> set[str]:
    """Return the subjects of a graph."""
    response = client.get(address, headers={"accept": "text/turtle"})
    assert response.status_code == 200, response.text
    # The suite expects the type with its charset.
    assert response.headers["content-type"] == "text/turtle; charset=utf-8"
    return {
        str(subject) for subject in Graph().parse(data=response.text, format="turtle").subjects()
    }


@pytest.mark.parametrize(
    "name",
    [ONE, ONE.replace(":", "%3A").replace("/", "%2F"), ONE.replace("o", "%6F").replace("e", "%65")],
)
def test_one_graph_however_its_name_is_encoded(client: httpx.Client, name: str) -> None:
    """PUT/GET using varying percent-encoding for the same graph IRI."""
    assert held(client, f"/store?graph={name}") == {ONE}


def test_a_name_is_decoded_once(client: httpx.Client) -> None:
    """PUT/PUT/GET/GET: `%2531` in an address is `%31` in the name, which is not `1`."""
    assert held(client, f"/store?graph={BASE}graph/%31") == {f"{BASE}plain"}
    assert held(client, f"/store?graph={BASE}graph/%2531") == {f"{BASE}encoded"}


@pytest.mark.parametrize("accept", ["text/turtle; charset=utf-8", "text/turtle", "*/*"])
def test_head_of_a_graph_and_of_none(client: httpx.Client, accept: str) -> None:
    """HEAD on an existing and on a non-existing graph."""
    there = client.head("/store", params={"graph": ONE}, headers={"accept": accept})
    assert there.status_code == 200
    assert there.headers["content-type"] == "text/turtle; charset=utf-8"
    gone = client.head("/store", params={"graph": f"{BASE}none"}, headers={"accept": accept})
    assert gone.status_code == 404


def test_the_default_graph(client: httpx.Client) -> None:
    """GET of the default graph; here it is the union of all."""
    assert {ONE, TWO, THREE} <= held(client, "/store?default")


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
@pytest.mark.parametrize(
    "address", [f"/store?graph={ONE}", "/store?default", "/store", "/store/one.ttl"]
)
def test_graphs_are_not_written(client: httpx.Client, method: str, address: str) -> None:
    """The suite's PUT, POST and DELETE, graphs named indirectly and directly."""
    body = f"<{BASE}new> a <{BASE}Thing> ."
    response = client.request(
        method, address, content=body, headers={"content-type": "text/turtle"}
    )
    assert response.status_code in {404, 405}
    assert held(client, f"/store?graph={ONE}") == {ONE}


# Service description


@pytest.mark.parametrize(
    ("accept", "form"),
    [("", "turtle"), ("*/*", "turtle"), ("text/turtle", "turtle"), ("application/rdf+xml", "xml")],
)
def test_the_endpoint_describes_itself(client: httpx.Client, accept: str, form: str) -> None:
    """returns-rdf, has-endpoint-triple."""
    response = client.get("/sparql", headers={"accept": accept} if accept else {})
    assert response.status_code == 200
    graph = Graph().parse(data=response.text, format=form)
    (service,) = graph.subjects(RDF.type, SD.Service)
    assert (service, SD.endpoint, URIRef(f"{client.base_url}/sparql")) in graph


#: Domain and range of each property: SPARQL 1.1 Service Description, section 3.4.
PROPERTIES = {
    SD.endpoint: (SD.Service, None),
    SD.feature: (SD.Service, None),
    SD.supportedLanguage: (SD.Service, None),
    SD.resultFormat: (SD.Service, None),
    SD.inputFormat: (SD.Service, None),
    SD.defaultDataset: (SD.Service, SD.Dataset),
    SD.defaultGraph: (SD.Dataset, SD.Graph),
    SD.namedGraph: (SD.Dataset, SD.NamedGraph),
    SD.name: (SD.NamedGraph, None),
    SD.graph: (SD.NamedGraph, SD.Graph),
}


def test_the_description_follows_its_vocabulary(client: httpx.Client) -> None:
    """conforms-to-schema."""
    graph = Graph().parse(data=client.get("/sparql").text, format="turtle")
    used = {p for p in graph.predicates() if str(p).startswith(str(SD))}
    assert {SD.endpoint, SD.defaultDataset, SD.namedGraph} <= used <= set(PROPERTIES)
    for subject, predicate, value in graph:
        if predicate in used:
            domain, reach = PROPERTIES[URIRef(predicate)]
            assert (subject, RDF.type, domain) in graph
            assert isinstance(value, URIRef)
            assert reach is None or (value, RDF.type, reach) in graph
    named = {str(name) for name in graph.objects(None, SD.name)}
    assert named == {ONE, TWO, THREE, PLAIN, ENCODED}
