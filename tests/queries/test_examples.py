"""The questions as example queries are what SIB's tools read, and say what the files say.

Shape: https://github.com/sib-swiss/sparql-examples. `editor/*.rq` ask for what SIB's editor asks an
endpoint for (https://github.com/sib-swiss/sparql-editor, version 0.2.15), in words of our own.
"""

from importlib.resources import files
from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions, RdfFormat, serialize
from rdflib import RDF, RDFS, Graph, Literal, Namespace, URIRef

from evikg.graph.embedded import EmbeddedStore
from evikg.loaders.build import assemble
from evikg.loaders.evidence import shipped_evidence
from evikg.ontology import prefixes
from evikg.queries import catalogue
from evikg.queries.examples import examples

SH = Namespace("http://www.w3.org/ns/shacl#")
SCHEMA = Namespace("https://schema.org/")
QUESTION = Namespace("https://w3id.org/evikg/question/")
NAMES = sorted(catalogue())


@pytest.fixture(scope="module")
def graph() -> Graph:
    turtle = serialize(examples(), format=RdfFormat.TURTLE, prefixes=prefixes())
    assert turtle is not None
    return Graph().parse(data=turtle.decode(), format="turtle")


@pytest.fixture(scope="module")
def store() -> EmbeddedStore:
    built = EmbeddedStore()
    built.inner.bulk_extend(assemble(shipped_evidence(), examples=examples()).quads)
    return built


def sent_by_the_editor(store: EmbeddedStore, name: str) -> list[dict[str, str]]:
    """Return what the store answers to a query of the editor; unbound variables are left out."""
    text = (Path(__file__).parent / "editor" / f"{name}.rq").read_text(encoding="utf-8")
    answer = store.query(text)
    assert isinstance(answer, QuerySolutions)
    names = [variable.value for variable in answer.variables]
    return [
        {n: row[n].value for n in names if row[n] is not None}  # type: ignore[union-attr]
        for row in answer
    ]


def test_there_is_one_example_a_question(graph: Graph) -> None:
    found = {str(node) for node in graph.subjects(RDF.type, SH.SPARQLSelectExecutable)}
    assert found == {str(QUESTION[name]) for name in NAMES}
    assert found == {str(node) for node in graph.subjects(RDF.type, SH.SPARQLExecutable)}


@pytest.mark.parametrize("name", NAMES)
def test_an_example_is_the_file_as_written_and_runs(
    name: str, graph: Graph, store: EmbeddedStore
) -> None:
    node = QUESTION[name]
    file = files("evikg.queries").joinpath(f"{name}.rq").read_text(encoding="utf-8")
    (query,) = graph.objects(node, SH.select)
    assert str(query) == file
    answer = store.query(str(query))
    assert isinstance(answer, QuerySolutions)
    next(iter(answer), None)
    (comment,) = graph.objects(node, RDFS.comment)
    assert isinstance(comment, Literal)
    assert comment.language == "en"
    assert f"#+ summary: {comment}" in file.replace('summary: "', "summary: ").replace('\\"', '"')
    keywords = [str(keyword) for keyword in graph.objects(node, SCHEMA.keywords)]
    assert keywords
    assert all(keyword == keyword.strip() for keyword in keywords)
    assert not list(graph.objects(node, SH.ask)) + list(graph.objects(node, SH.construct))


def test_every_prefix_is_declared_and_nothing_is_a_blank_node(graph: Graph) -> None:
    declared = {
        str(graph.value(node, SH.prefix)): str(graph.value(node, SH.namespace))
        for ontology in set(graph.objects(None, SH.prefixes))
        for node in graph.objects(ontology, SH.declare)
    }
    assert declared == prefixes()
    assert all(isinstance(node, URIRef) for node in graph.subjects())


def test_the_editor_finds_the_examples(store: EmbeddedStore) -> None:
    shown = sent_by_the_editor(store, "examples")
    assert [row["example"] for row in shown] == [str(QUESTION[name]) for name in NAMES]
    assert all(row["comment"] and row["query"].startswith("#+ summary:") for row in shown)


def test_the_editor_finds_the_prefixes(store: EmbeddedStore) -> None:
    found = sent_by_the_editor(store, "prefixes")
    assert {row["prefix"]: row["namespace"] for row in found} == prefixes()


def test_the_editor_completes_properties_of_a_class(store: EmbeddedStore) -> None:
    """What docs/model.md says of a result and a group is what the editor offers."""
    ev = "https://w3id.org/evikg/ontology#"
    offered: dict[tuple[str, str], set[str]] = {}
    for row in sent_by_the_editor(store, "void"):
        targets = offered.setdefault((row["class"], row["property"]), set())
        targets.update(row[key] for key in ("object_class", "object_datatype") if key in row)
    assert f"{ev}Group" in offered[f"{ev}Result", f"{ev}group"]
    assert f"{ev}Quantity" in offered[f"{ev}Result", f"{ev}quantity"]  # stands in another graph
    assert f"{ev}Regimen" in offered[f"{ev}Group", f"{ev}regimen"]
    xsd = "http://www.w3.org/2001/XMLSchema#"
    assert offered[f"{ev}Result", f"{ev}events"] == {f"{xsd}integer"}
    assert offered[f"{ev}Result", f"{ev}printedValue"] == {f"{xsd}string"}
    assert (f"{ev}Study", f"{ev}value") not in offered
