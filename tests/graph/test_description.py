"""What a build says of itself is true of it (VoID, https://www.w3.org/TR/void/)."""

import hashlib
from collections import Counter

import pytest
from pyoxigraph import QuerySolutions

from evikg.graph.embedded import EmbeddedStore
from evikg.loaders.build import assemble
from evikg.loaders.evidence import shipped_evidence

PREFIXES = """
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX ev: <https://w3id.org/evikg/ontology#>
PREFIX graph: <https://w3id.org/evikg/graph/>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX void: <http://rdfs.org/ns/void#>
"""


@pytest.fixture(scope="module")
def store() -> EmbeddedStore:
    built = EmbeddedStore()
    built.inner.bulk_extend(assemble(shipped_evidence()).quads)
    return built


def rows(store: EmbeddedStore, query: str) -> list[tuple[str, ...]]:
    answer = store.query(PREFIXES + query)
    assert isinstance(answer, QuerySolutions)
    width = len(answer.variables)
    return sorted(tuple(row[i].value for i in range(width)) for row in answer)  # type: ignore[union-attr]


def test_each_graph_has_the_triples_it_is_said_to_have(store: EmbeddedStore) -> None:
    said = rows(store, "SELECT ?g ?n { graph:evidence void:subset ?g . ?g void:triples ?n }")
    held = rows(store, "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
    description = "https://w3id.org/evikg/graph/description"
    assert said == [row for row in held if row[0] != description]


def test_each_class_has_the_entities_it_is_said_to_have(store: EmbeddedStore) -> None:
    said = rows(
        store,
        """SELECT ?class ?n { graph:evidence void:classPartition ?p .
           ?p void:class ?class ; void:entities ?n }""",
    )
    held = Counter(
        row[0]
        for row in rows(
            store,
            """SELECT ?class ?s { GRAPH ?g { ?s a ?class }
               FILTER(?g != graph:description) }""",
        )
    )
    assert {name: int(count) for name, count in said} == held


def test_each_source_graph_is_derived_from_its_source(store: EmbeddedStore) -> None:
    derived = rows(store, "SELECT ?g ?s { ?g prov:wasDerivedFrom ?s . ?s a ev:Source }")
    slugs = {source.rpartition("/")[2] for _, source in derived}
    papers = {"duan-2025", "ozcan-2025", "papayannidis-2025", "tran-2026", "yoon-2026"}
    assert slugs == papers | {"faers-2022q3", "ino-vate-digitised"}


def test_the_build_names_its_inputs_and_no_time(store: EmbeddedStore) -> None:
    inputs = rows(
        store,
        """PREFIX dcterms: <http://purl.org/dc/terms/>
           SELECT ?name ?hash ?size { graph:build prov:used ?file .
             ?file dcterms:title ?name ; ev:textSha256 ?hash ; dcat:byteSize ?size }""",
    )
    folder = shipped_evidence()
    curated = [
        (name.removeprefix("evidence/"), h, s) for name, h, s in inputs if "evidence/" in name
    ]
    assert len(curated) >= 1 + 5 + 4 + 1  # catalogue, sources, results, mentions
    for name, digest, size in curated:
        data = (folder / name).read_bytes()
        assert (hashlib.sha256(data).hexdigest(), str(len(data))) == (digest, size)
    timed = "SELECT ?o { GRAPH graph:description { ?s ?p ?o } FILTER(DATATYPE(?o) = xsd:dateTime) }"
    assert rows(store, "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>\n" + timed) == []


def test_a_property_of_a_class_has_the_triples_it_is_said_to_have(store: EmbeddedStore) -> None:
    """Of the whole, an instance counts by whichever graph says its class (VoID, section 4.5)."""
    said = rows(
        store,
        """SELECT ?class ?property ?n { graph:evidence void:classPartition ?c .
           ?c void:class ?class ; void:propertyPartition ?p .
           ?p void:property ?property ; void:triples ?n }""",
    )
    held = rows(
        store,
        """SELECT ?class ?property (COUNT(*) AS ?n) {
             { SELECT DISTINCT ?s ?class { GRAPH ?h { ?s a ?class } FILTER(?h != graph:description) } }
             GRAPH ?g { ?s ?property ?o } FILTER(?g != graph:description)
           } GROUP BY ?class ?property""",
    )
    assert said == held


def test_the_objects_of_a_property_are_of_the_classes_and_datatypes_said(
    store: EmbeddedStore,
) -> None:
    """The model of a regimen: dose steps, a drug, and a length of the cycle as printed."""
    said = rows(
        store,
        """PREFIX void-ext: <http://ldf.fi/void-ext#>
           SELECT ?property ?target { graph:catalogue void:classPartition ?c .
             ?c void:class ev:Regimen ; void:propertyPartition ?p . ?p void:property ?property
             { ?p void:classPartition/void:class ?target }
             UNION { ?p void-ext:datatypePartition/void-ext:datatype ?target } }""",
    )
    ev, xsd = "https://w3id.org/evikg/ontology#", "http://www.w3.org/2001/XMLSchema#"
    assert (f"{ev}step", f"{ev}DoseStep") in said
    assert (f"{ev}drug", f"{ev}Drug") in said
    assert (f"{ev}cycleDays", f"{xsd}string") in said
    assert not [row for row in said if row[0] == f"{ev}value"]
