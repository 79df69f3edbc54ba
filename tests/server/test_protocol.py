"""Sentences of the SPARQL 1.1 Protocol and of the Graph Store HTTP Protocol, asked of a server.

https://www.w3.org/TR/sparql11-protocol/ and https://www.w3.org/TR/sparql11-http-rdf-update/
"""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pyoxigraph
import pytest

from .conftest import Start

TRIG = """@prefix : <http://example.org/> .
:g1 { :a :p "one" }
:g2 { :a :p "two", "line\\nbreak, \\"quote\\" {" }
"""
FORM = {"content-type": "application/x-www-form-urlencoded"}
DIRECT = {"content-type": "application/sparql-query"}
ALL = "SELECT ?o { ?s ?p ?o } ORDER BY ?o"
G1, G2 = "http://example.org/g1", "http://example.org/g2"


@pytest.fixture(scope="module")
def client(start: Start, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    from evikg.graph.embedded import new_generation

    place = tmp_path_factory.mktemp("graph") / "store"
    with new_generation(place) as store:
        store.load(TRIG, pyoxigraph.RdfFormat.TRIG)
    with start(place, "--workers", "2") as running, httpx.Client(base_url=running.url) as client:
        yield client


def values(response: httpx.Response) -> list[str]:
    assert response.status_code == 200, response.text
    return [row["o"]["value"] for row in response.json()["results"]["bindings"]]


def ask(client: httpx.Client, query: str, accept: str = "*/*", **more: str) -> httpx.Response:
    return client.get("/sparql", params={"query": query, **more}, headers={"accept": accept})


# 2.1 query operation: one query string, by GET, by form or directly


def test_query_via_get(client: httpx.Client) -> None:
    assert len(values(ask(client, ALL))) == 3


def test_query_via_post_of_a_form(client: httpx.Client) -> None:
    assert len(values(client.post("/sparql", data={"query": ALL}))) == 3


def test_query_via_post_directly(client: httpx.Client) -> None:
    assert len(values(client.post("/sparql", content=ALL, headers=DIRECT))) == 3
    with_charset = {"content-type": "Application/SPARQL-query; charset=UTF-8"}
    assert len(values(client.post("/sparql", content=ALL, headers=with_charset))) == 3


def test_text_beyond_ascii_is_utf_8(client: httpx.Client) -> None:
    query = 'SELECT ("β-thalassémie" AS ?o) {}'
    for response in (
        ask(client, query),
        client.post("/sparql", data={"query": query}),
        client.post("/sparql", content=query.encode(), headers=DIRECT),
    ):
        assert values(response) == ["β-thalassémie"]


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"query=ASK%7B%7D&query=ASK%7B%7D", FORM, 400),  # more than one query string
        (b"other=1", FORM, 400),  # none
        (b"", FORM, 400),
        (b"query=%ff%fe", FORM, 400),  # not UTF-8
        (b"\xff\xfe", DIRECT, 400),
        (b"ASK {", DIRECT, 400),  # 2.2.4: a malformed query is 400
        (b"ASK {}", {"content-type": "text/plain"}, 415),
        (b"ASK {}", {}, 415),
        (b"ASK {}", {"content-type": "application/sparql-query; charset=utf-16"}, 415),
        (b"INSERT DATA {}", {"content-type": "application/sparql-update"}, 403),
        (b"update=CLEAR%20ALL", FORM, 403),
        (b"INSERT DATA { <a:a> <a:a> 1 }", DIRECT, 400),  # an update is no query
        (b"CLEAR ALL", DIRECT, 400),
    ],
)
def test_requests_that_are_refused(
    client: httpx.Client, body: bytes, headers: dict[str, str], status: int
) -> None:
    response = client.post("/sparql", content=body, headers=headers)
    assert response.status_code == status
    problem = response.json()
    assert problem["status"] == status
    assert problem["detail"] and "\n" not in problem["detail"]


def test_several_queries_by_get_are_refused(client: httpx.Client) -> None:
    assert client.get("/sparql?query=ASK%7B%7D&query=ASK%7B%7D").status_code == 400


def test_a_query_stands_in_the_body_or_in_the_url(client: httpx.Client) -> None:
    response = client.post("/sparql?query=ASK%7B%7D", content="ASK {}", headers=DIRECT)
    assert response.status_code == 400


def test_a_malformed_query_is_told_with_its_place(client: httpx.Client) -> None:
    assert "1:" in ask(client, "SELECT WHERE").json()["detail"]


def test_no_other_method(client: httpx.Client) -> None:
    for method in ("PUT", "DELETE", "PATCH"):
        response = client.request(method, "/sparql?query=ASK%7B%7D")
        assert response.status_code == 405
        assert {"GET", "POST"} <= {m.strip() for m in response.headers["allow"].split(",")}


# 2.1.4: the dataset of the request stands above that of the query


@pytest.mark.parametrize("method", ["get", "form", "direct"])
def test_default_graph_uri(client: httpx.Client, method: str) -> None:
    query = ALL.replace("{", f"FROM <{G2}> {{", 1)
    if method == "get":
        response = ask(client, query, **{"default-graph-uri": G1})
    elif method == "form":
        response = client.post("/sparql", data={"query": query, "default-graph-uri": G1})
    else:
        response = client.post(
            "/sparql", params={"default-graph-uri": G1}, content=query, headers=DIRECT
        )
    assert values(response) == ["one"]


def test_several_default_graphs_are_merged(client: httpx.Client) -> None:
    url = f"/sparql?default-graph-uri={G1}&default-graph-uri={G2}"
    assert len(values(client.post(url, content=ALL, headers=DIRECT))) == 3


def test_named_graph_uri(client: httpx.Client) -> None:
    query = "SELECT ?o { GRAPH ?g { ?s ?p ?o } }"
    assert values(ask(client, query, **{"named-graph-uri": G1})) == ["one"]
    # With named graphs alone the default graph is empty.
    assert values(ask(client, ALL, **{"named-graph-uri": G1})) == []


def test_from_of_the_query(client: httpx.Client) -> None:
    assert values(ask(client, ALL.replace("{", f"FROM <{G1}> {{", 1))) == ["one"]


def test_a_relative_graph_is_refused(client: httpx.Client) -> None:
    assert ask(client, ALL, **{"default-graph-uri": "g1"}).status_code == 400


def test_no_file_is_read_by_a_query(client: httpx.Client) -> None:
    query = ALL.replace("{", f"FROM <{Path(__file__).as_uri()}> {{", 1)
    assert values(ask(client, query)) == []


# 2.1.5: accepted response formats

ROWS = {
    "application/sparql-results+json": pyoxigraph.QueryResultsFormat.JSON,
    "application/sparql-results+xml": pyoxigraph.QueryResultsFormat.XML,
    "text/tab-separated-values": pyoxigraph.QueryResultsFormat.TSV,
}
GRAPHS = {
    "text/turtle": pyoxigraph.RdfFormat.TURTLE,
    "application/n-triples": pyoxigraph.RdfFormat.N_TRIPLES,
    "application/n-quads": pyoxigraph.RdfFormat.N_QUADS,
    "application/trig": pyoxigraph.RdfFormat.TRIG,
    "application/ld+json": pyoxigraph.RdfFormat.JSON_LD,
    "application/rdf+xml": pyoxigraph.RdfFormat.RDF_XML,
}


@pytest.mark.parametrize("accept", ROWS)
def test_rows_in_each_format(client: httpx.Client, accept: str) -> None:
    response = ask(client, ALL, accept)
    assert response.headers["content-type"].partition(";")[0] == accept
    rows = pyoxigraph.parse_query_results(response.content, ROWS[accept])
    assert isinstance(rows, pyoxigraph.QuerySolutions)
    assert {row["o"].value for row in rows} == {"one", "two", 'line\nbreak, "quote" {'}


def test_rows_as_csv(client: httpx.Client) -> None:
    response = ask(client, ALL, "text/csv")
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    # RFC 4180: a field with a line end or a quote stands in quotes, and a quote is doubled
    assert response.text == 'o\r\n"line\nbreak, ""quote"" {"\r\none\r\ntwo\r\n'


@pytest.mark.parametrize("accept", GRAPHS)
@pytest.mark.parametrize(
    "query", ["CONSTRUCT WHERE { ?s ?p ?o }", "DESCRIBE <http://example.org/a>"]
)
def test_a_graph_in_each_format(client: httpx.Client, accept: str, query: str) -> None:
    response = ask(client, query, accept)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].partition(";")[0] == accept
    triples = {quad.triple for quad in pyoxigraph.parse(response.content, format=GRAPHS[accept])}
    assert len(triples) == 3


def test_ask_in_each_format(client: httpx.Client) -> None:
    assert ask(client, "ASK {}").json() == {"head": {}, "boolean": True}
    xml = ask(client, "ASK {}", "application/sparql-results+xml").text
    assert "<boolean>true</boolean>" in xml
    assert ask(client, "ASK {}", "text/csv").text.strip() == "true"
    assert ask(client, "ASK {}", "text/tab-separated-values").text.strip() == "true"


@pytest.mark.parametrize(
    ("query", "accept"),
    [(ALL, "image/png"), (ALL, "text/turtle"), ("CONSTRUCT WHERE { ?s ?p ?o }", "text/csv")],
)
def test_no_form_that_is_accepted(client: httpx.Client, query: str, accept: str) -> None:
    assert ask(client, query, accept).status_code == 406


def test_a_format_by_name_stands_above_the_header(client: httpx.Client) -> None:
    response = ask(client, ALL, "application/json", format="csv", download='../"ü\r\nx.csv')
    assert response.headers["content-type"].startswith("text/csv")
    name = response.headers["content-disposition"]
    assert name == 'attachment; filename="x.csv"'
    assert ask(client, ALL, format="nonsense").status_code == 406


# Graph Store HTTP Protocol


@pytest.mark.parametrize("accept", GRAPHS)
def test_a_named_graph_is_read(client: httpx.Client, accept: str) -> None:
    response = client.get("/store", params={"graph": G2}, headers={"accept": accept})
    assert response.status_code == 200
    assert len(list(pyoxigraph.parse(response.content, format=GRAPHS[accept]))) == 2


def test_the_default_graph_is_the_union(client: httpx.Client) -> None:
    response = client.get("/store?default")
    assert response.headers["content-type"].startswith("text/turtle")
    assert len(list(pyoxigraph.parse(response.content, format=pyoxigraph.RdfFormat.TURTLE))) == 3


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/store?graph=http://example.org/none", 404),
        ("/store", 400),
        (f"/store?default&graph={G1}", 400),
        (f"/store?graph={G1}&graph={G2}", 400),
        ("/store?graph=g1", 400),
        ("/store?graph=http://example.org/%3E%7D%20CLEAR", 400),
    ],
)
def test_what_the_graph_store_refuses(client: httpx.Client, address: str, status: int) -> None:
    assert client.get(address).status_code == status
    assert client.head(address).status_code == status


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
def test_the_graph_store_is_read_only(client: httpx.Client, method: str) -> None:
    response = client.request(method, f"/store?graph={G1}", content="")
    assert response.status_code == 405
    assert "GET" in response.headers["allow"] and method not in response.headers["allow"]


def test_head_of_a_graph(client: httpx.Client) -> None:
    response = client.head("/store", params={"graph": G1}, headers={"accept": "text/turtle"})
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/turtle")
    assert response.content == b""


def test_the_endpoint_without_a_query(client: httpx.Client) -> None:
    browser = client.get("/sparql", headers={"accept": "text/html,*/*;q=0.8"})
    assert (browser.status_code, browser.headers["location"]) == (303, "/editor")
    # Service Description, section 2: the endpoint describes itself
    machine = client.get("/sparql", headers={"accept": "text/turtle"})
    assert b"http://www.w3.org/ns/sparql-service-description#" in machine.content


@pytest.mark.parametrize(
    ("returned", "query", "kind"),
    [
        ("json", ALL, "application/sparql-results+json"),
        ("xml", ALL, "application/sparql-results+xml"),
        ("csv", ALL, "text/csv"),
        ("tsv", ALL, "text/tab-separated-values"),
        ("turtle", "CONSTRUCT WHERE { ?s ?p ?o }", "text/turtle"),
        ("rdf+xml", "CONSTRUCT WHERE { ?s ?p ?o }", "application/rdf+xml"),
        ("json-ld", "CONSTRUCT WHERE { ?s ?p ?o }", "application/ld+json"),
        ("n3", "CONSTRUCT WHERE { ?s ?p ?o }", "text/turtle"),  # which is N3, too
    ],
)
def test_sparqlwrapper_gets_each_format_as_it_asks(
    client: httpx.Client, returned: str, query: str, kind: str
) -> None:
    """It sends the name of the format twice, as a name and as a media type, and `Accept` too."""
    from SPARQLWrapper import SPARQLWrapper

    wrapper = SPARQLWrapper(str(client.base_url).rstrip("/") + "/sparql")
    wrapper.setReturnFormat(returned)
    wrapper.setQuery(query)
    answer = wrapper.query()
    assert answer.response.headers["content-type"].startswith(kind)
    assert answer.response.read()


@pytest.mark.parametrize("name", ["csv", "CSV", "text/csv"])
def test_a_format_is_named_by_its_name_or_its_media_type(client: httpx.Client, name: str) -> None:
    assert ask(client, ALL, format=name).headers["content-type"].startswith("text/csv")
