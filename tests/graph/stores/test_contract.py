"""One contract over stores of every kind: in memory, the `oxigraph` server, Virtuoso."""

from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
from pyoxigraph import (
    Literal,
    NamedNode,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
)

from evikg.graph import QueryError, Store
from evikg.graph.embedded import EmbeddedStore
from evikg.graph.remote import RemoteStore
from evikg.graph.store import Dataset

GRAPH, OTHER = "https://example.org/graph/a", "https://example.org/graph/b"
SUBJECT = "https://example.org/group/a"
SIZE = "https://example.org/ontology#size"
XSD = "http://www.w3.org/2001/XMLSchema#"
TRIPLE = f'<{SUBJECT}> <{SIZE}> "42"^^<{XSD}integer> .\n'.encode()


@pytest.fixture(params=["embedded", "oxigraph", "virtuoso"])
def store(
    request: pytest.FixtureRequest, endpoint: Callable[[str], RemoteStore]
) -> Iterator[Store]:
    if request.param == "embedded":
        yield EmbeddedStore()
        return
    remote = endpoint(request.param)
    yield remote
    for graph in (GRAPH, OTHER):
        remote.update(f"CLEAR SILENT GRAPH <{graph}>")


def objects(store: Store, dataset: Dataset | None = None, clause: str = "") -> list[str]:
    query = f"SELECT ?o {clause} WHERE {{ <{SUBJECT}> <{SIZE}> ?o }} ORDER BY ?o"
    answer = store.query(query, dataset)
    assert isinstance(answer, QuerySolutions)
    return [row[0].value for row in answer]  # type: ignore[union-attr]


def two_graphs(store: Store) -> None:
    store.load(TRIPLE, RdfFormat.N_TRIPLES, GRAPH)
    store.load(TRIPLE.replace(b"42", b"43"), RdfFormat.N_TRIPLES, OTHER)


def test_what_is_loaded_into_a_named_graph_answers_through_the_union(store: Store) -> None:
    before = store.size()
    two_graphs(store)
    assert (objects(store), store.size() - before) == (["42", "43"], 2)


@pytest.mark.parametrize("form", [RdfFormat.TURTLE, RdfFormat.N_TRIPLES, RdfFormat.RDF_XML])
def test_a_graph_is_loaded_from_every_syntax(store: Store, form: RdfFormat) -> None:
    data = BytesIO()
    memory = EmbeddedStore()
    memory.load(TRIPLE, RdfFormat.TURTLE, GRAPH)
    memory.export(data, form, GRAPH)
    store.load(data.getvalue(), form, GRAPH)
    assert objects(store) == ["42"]


def test_quads_go_to_the_graphs_that_they_name(store: Store) -> None:
    lines = (
        f"<{SUBJECT}> <{SIZE}> {n} <{graph}> ." for n, graph in (('"1"', GRAPH), ('"2"', OTHER))
    )
    store.load(BytesIO("\n".join(lines).encode()), RdfFormat.N_QUADS, None)
    assert objects(store, Dataset(default=(OTHER,))) == ["2"]


def test_a_query_is_asked_of_the_dataset_that_is_named(store: Store) -> None:
    two_graphs(store)
    assert objects(store, Dataset(default=(GRAPH,))) == ["42"]
    assert objects(store, Dataset(default=(GRAPH, OTHER))) == ["42", "43"]
    assert objects(store, clause=f"FROM <{OTHER}>") == ["43"]
    assert objects(store, clause=f"FROM NAMED <{OTHER}>") == []
    query = "SELECT ?g WHERE { GRAPH ?g { ?s ?p ?o } }"
    answer = store.query(query, Dataset(named=(OTHER,)))
    assert [row[0] for row in answer] == [NamedNode(OTHER)]  # type: ignore[union-attr]


def test_an_update_changes_what_is_answered(store: Store) -> None:
    store.load(TRIPLE, RdfFormat.TURTLE, GRAPH)
    store.update(
        f"DELETE {{ GRAPH <{GRAPH}> {{ ?s ?p 42 }} }} INSERT {{ GRAPH <{GRAPH}> {{ ?s ?p 43 }} }}"
        f" WHERE {{ GRAPH <{GRAPH}> {{ ?s ?p 42 }} }}"
    )
    assert objects(store) == ["43"]


def test_comments_do_not_lead_astray(store: Store) -> None:
    store.load(TRIPLE, RdfFormat.TURTLE, GRAPH)
    store.update(f"# SELECT\nDELETE WHERE {{ GRAPH <{GRAPH}> {{ ?s ?p 42 }} }} # ASK")
    assert objects(store) == []


def test_a_graph_is_exported_as_it_was_loaded(store: Store) -> None:
    store.load(TRIPLE, RdfFormat.TURTLE, GRAPH)
    output = BytesIO()
    store.export(output, RdfFormat.N_TRIPLES, GRAPH)
    expected = f'<{SUBJECT}> <{SIZE}> "42"^^<{XSD}integer> .\n'
    assert output.getvalue().decode() == expected


def test_the_dataset_is_exported_with_its_graphs(store: Store) -> None:
    two_graphs(store)
    output = BytesIO()
    store.export(output, RdfFormat.N_QUADS)
    lines = output.getvalue().decode().splitlines()
    assert {line.split()[-2] for line in lines if SUBJECT in line} == {f"<{GRAPH}>", f"<{OTHER}>"}


def test_a_graph_that_is_not_there_is_empty(store: Store) -> None:
    output = BytesIO()
    store.export(output, RdfFormat.N_TRIPLES, "https://example.org/graph/none")
    assert output.getvalue() == b""


@pytest.mark.parametrize(
    ("text", "datatype"),
    [
        ("true", "boolean"),
        ("-0.5", "decimal"),
        ("50", "decimal"),
        ("1234.75", "decimal"),
        ("12", "integer"),
        ("2024-09-30", "date"),
        ("2024-09", "gYearMonth"),
        ("2024", "gYear"),
        ("https://example.org/a?b=c&d", "anyURI"),
        ("", "string"),
        ('café "x" \\ <b>&amp;</b>\n2', "string"),
    ],
)
def test_a_literal_comes_back_as_it_was_sent(store: Store, text: str, datatype: str) -> None:
    literal = Literal(text, datatype=NamedNode(XSD + datatype))
    store.load(f"<{SUBJECT}> <{SIZE}> {literal} .".encode(), RdfFormat.N_TRIPLES, GRAPH)
    answer = store.query(f"SELECT ?o WHERE {{ <{SUBJECT}> <{SIZE}> ?o }}")
    assert [row[0] for row in answer] == [literal]  # type: ignore[union-attr]
    answer = store.query(f"CONSTRUCT WHERE {{ <{SUBJECT}> <{SIZE}> ?o }}")
    assert [triple.object for triple in answer] == [literal]  # type: ignore[union-attr]


def test_languages_and_letters_beyond_the_basic_plane_come_back(store: Store) -> None:
    literal = Literal("sjukdom 𝛼", language="sv")
    store.load(f"<{SUBJECT}> <{SIZE}> {literal} .".encode(), RdfFormat.N_TRIPLES, GRAPH)
    answer = store.query(f"CONSTRUCT WHERE {{ <{SUBJECT}> <{SIZE}> ?o }}")
    assert isinstance(answer, QueryTriples)
    assert [triple.object for triple in answer] == [literal]


def test_an_ask_answers_true_or_false(store: Store) -> None:
    store.load(TRIPLE, RdfFormat.TURTLE, GRAPH)
    for number, expected in ((42, True), (41, False)):
        answer = store.query(f"# SELECT\nASK {{ <{SUBJECT}> <{SIZE}> {number} }}")
        assert isinstance(answer, QueryBoolean)
        assert bool(answer) is expected


def test_a_describe_gives_triples(store: Store) -> None:
    store.load(TRIPLE, RdfFormat.TURTLE, GRAPH)
    answer = store.query(f"DESCRIBE <{SUBJECT}>")
    assert isinstance(answer, QueryTriples)
    assert [triple.object.value for triple in answer] == ["42"]  # type: ignore[union-attr]


@pytest.mark.parametrize("query", ["SELECT WHERE {", "", "ASK { ?s ?p }"])
def test_a_malformed_query_is_refused_in_one_line(store: Store, query: str) -> None:
    with pytest.raises(QueryError) as caught:
        store.query(query)
    assert str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_malformed_update_is_refused_and_changes_nothing(store: Store) -> None:
    store.load(TRIPLE, RdfFormat.TURTLE, GRAPH)
    with pytest.raises(QueryError):
        store.update(f"CLEAR GRAPH <{GRAPH}> ; INSERT DTA {{ }}")
    assert objects(store) == ["42"]
