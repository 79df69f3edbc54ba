"""What the endpoint says of itself is RDF, in the vocabularies that tools look for, and true."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from rdflib import RDF, RDFS, Dataset, Graph, Namespace, URIRef

from evikg.queries import catalogue

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
VOID = Namespace("http://rdfs.org/ns/void#")
SH = Namespace("http://www.w3.org/ns/shacl#")
SCHEMA = Namespace("https://schema.org/")
FORMATS = Namespace("http://www.w3.org/ns/formats/")
EVIDENCE = URIRef("https://w3id.org/evikg/graph/evidence")


@cache
def described(url: str) -> Graph:
    answer = httpx.get(url, timeout=30)
    assert answer.headers["content-type"] == "text/turtle; charset=utf-8"
    return Graph().parse(data=answer.text, format="turtle")


def count(server: str, pattern: str) -> int:
    query = f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}"
    answer = httpx.get(f"{server}/sparql", params={"query": query}).json()
    return int(answer["results"]["bindings"][0]["n"]["value"])


def test_the_service_description_names_endpoint_language_and_formats(server: str) -> None:
    """Required and usual terms: SPARQL 1.1 Service Description, section 3."""
    graph = described(f"{server}/sparql")
    (service,) = graph.subjects(RDF.type, SD.Service)
    assert graph.value(service, SD.endpoint) == URIRef(f"{server}/sparql")
    assert list(graph.objects(service, SD.supportedLanguage)) == [SD.SPARQL11Query]
    assert set(graph.objects(service, SD.feature)) == {SD.UnionDefaultGraph}
    formats = set(graph.objects(service, SD.resultFormat))
    assert {FORMATS.SPARQL_Results_JSON, FORMATS.SPARQL_Results_CSV, FORMATS.Turtle} <= formats


def test_the_service_description_names_every_graph_with_its_triples(server: str) -> None:
    graph = described(f"{server}/sparql")
    dataset = graph.value(URIRef(f"{server}/sparql"), SD.defaultDataset)
    default = graph.value(dataset, SD.defaultGraph)
    assert int(graph.value(default, VOID.triples)) == count(server, "?s ?p ?o")
    named = list(graph.objects(dataset, SD.namedGraph))
    assert len(named) == count(server, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")
    for node in named:
        name = graph.value(node, SD.name)
        assert name is not None
        triples = int(graph.value(graph.value(node, SD.graph), VOID.triples))
        assert triples == count(server, f"GRAPH <{name}> {{ ?s ?p ?o }}")


def test_federation_is_a_feature_only_where_it_is_allowed(
    start: Callable[..., Any], evidence_store: Path
) -> None:
    with start(evidence_store, "--allow-service", "example.org") as running:
        graph = described(f"{running.url}/sparql")
        assert SD.BasicFederatedQuery in set(graph.objects(None, SD.feature))


def test_void_says_where_the_data_are_and_what_is_in_them(server: str) -> None:
    graph = described(f"{server}/.well-known/void")
    assert graph.value(EVIDENCE, VOID.sparqlEndpoint) == URIRef(f"{server}/sparql")
    dump = graph.value(EVIDENCE, VOID.dataDump)
    assert httpx.head(str(dump)).status_code == 200
    (here,) = graph.subjects(RDF.type, VOID.DatasetDescription)
    assert str(here) == f"{server}/.well-known/void"
    ev = "https://w3id.org/evikg/ontology#"
    found = {
        str(graph.value(part, VOID["class"])): int(graph.value(part, VOID.entities))
        for part in graph.objects(EVIDENCE, VOID.classPartition)
    }
    assert found[f"{ev}Result"] == count(server, f"?s a <{ev}Result>")
    assert found[f"{ev}Study"] == count(server, f"?s a <{ev}Study>")


def test_the_examples_are_for_this_endpoint_and_run_there(server: str) -> None:
    graph = described(f"{server}/.well-known/sparql-examples")
    shown = set(graph.subjects(RDF.type, SH.SPARQLSelectExecutable))
    assert len(shown) == len(catalogue())
    for node in shown:
        assert graph.value(node, SCHEMA.target) == URIRef(f"{server}/sparql")
        assert graph.value(node, RDFS.comment)
    node = URIRef("https://w3id.org/evikg/question/study-catalogue")
    query = str(graph.value(node, SH.select))
    answer = httpx.get(f"{server}/sparql", params={"query": query}, headers={"Accept": "text/csv"})
    assert answer.text.splitlines()[0].startswith("study,")


def test_quads_of_examples_are_in_the_graph_that_tools_keep_them_in(server: str) -> None:
    """SIB: they stand in the graph <ENDPOINT>/.well-known/sparql-examples, which is served here."""
    address = f"{server}/sparql/.well-known/sparql-examples"
    answer = httpx.get(address, headers={"Accept": "application/n-quads"})
    dataset = Dataset().parse(data=answer.text, format="nquads")
    assert {str(graph) for *_, graph in dataset.quads()} == {address}


# rdflib's own reader of JSON-LD.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.parametrize("path", ["/sparql", "/.well-known/void", "/.well-known/sparql-examples"])
@pytest.mark.parametrize(
    ("accept", "syntax"),
    [
        ("application/rdf+xml", "xml"),
        ("application/ld+json", "json-ld"),
        ("application/n-triples", "nt"),
    ],
)
def test_every_syntax_holds_the_same(server: str, path: str, accept: str, syntax: str) -> None:
    answer = httpx.get(f"{server}{path}", headers={"Accept": accept}, timeout=30)
    assert answer.headers["content-type"] == accept
    graph = Graph().parse(data=answer.text, format=syntax)
    assert set(graph) == set(described(f"{server}{path}"))


def test_a_syntax_that_there_is_not_is_refused(server: str) -> None:
    answer = httpx.get(f"{server}/.well-known/void", headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert "text/turtle" in answer.json()["detail"]
