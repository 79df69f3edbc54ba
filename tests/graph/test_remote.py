"""A store elsewhere, against a real SPARQL server on loopback: the `oxigraph` server."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from io import BytesIO

import pytest
from pyoxigraph import QueryBoolean, QuerySolutions, RdfFormat

from evikg.graph import EndpointError, QueryError, Store, open_store
from evikg.graph.embedded import EmbeddedStore
from evikg.graph.explain import explain
from evikg.graph.remote import RemoteStore
from evikg.graph.table import results_table
from evikg.loaders.build import assemble
from evikg.loaders.evidence import shipped_evidence
from evikg.queries import catalogue

GRAPH = "https://w3id.org/evikg/graph/test"
TRIPLE = b"<https://w3id.org/evikg/group/a> <https://w3id.org/evikg/ontology#size> 42 .\n"


@pytest.fixture(scope="module")
def url(oxigraph: Callable[[], AbstractContextManager[str]]) -> Iterator[str]:
    with oxigraph() as address:
        yield f"http://{address}/query"


@pytest.fixture(params=["embedded", "remote"])
def store(request: pytest.FixtureRequest) -> Store:
    """Return an empty store of each kind: one contract for both."""
    if request.param == "embedded":
        return EmbeddedStore()
    remote = RemoteStore(request.getfixturevalue("url"))
    remote.update("CLEAR ALL")
    return remote


def size_of_a(store: Store) -> list[str]:
    answer = store.query("SELECT ?o WHERE { <https://w3id.org/evikg/group/a> ?p ?o }")
    assert isinstance(answer, QuerySolutions)
    return [row[0].value for row in answer]  # type: ignore[union-attr]


def test_what_is_loaded_into_a_named_graph_answers_through_the_union(store: Store) -> None:
    store.load(TRIPLE, RdfFormat.TURTLE, GRAPH)
    assert (size_of_a(store), store.size()) == (["42"], 1)


def test_an_update_changes_what_is_answered(store: Store) -> None:
    store.load(TRIPLE, RdfFormat.TURTLE, GRAPH)
    store.update(
        f"DELETE {{ GRAPH <{GRAPH}> {{ ?s ?p 42 }} }} INSERT {{ GRAPH <{GRAPH}> {{ ?s ?p 43 }} }}"
        f" WHERE {{ GRAPH <{GRAPH}> {{ ?s ?p 42 }} }}"
    )
    assert size_of_a(store) == ["43"]


def test_what_is_exported_is_what_was_loaded(store: Store) -> None:
    store.load(TRIPLE, RdfFormat.TURTLE, GRAPH)
    output = BytesIO()
    store.export(output, RdfFormat.N_TRIPLES, GRAPH)
    assert b'"42"^^<http://www.w3.org/2001/XMLSchema#integer> .' in output.getvalue()


def test_an_ask_answers_true_or_false(store: Store) -> None:
    answer = store.query("ASK { ?s ?p ?o }")
    assert isinstance(answer, QueryBoolean)
    assert bool(answer) is False


def test_a_malformed_query_is_refused_in_one_line(store: Store) -> None:
    with pytest.raises(QueryError) as caught:
        store.query("SELECT WHERE {")
    assert "\n" not in str(caught.value)


def test_an_endpoint_that_is_not_there_is_named() -> None:
    with pytest.raises(EndpointError, match=r"127\.0\.0\.1:9"):
        RemoteStore("http://127.0.0.1:9/query").query("ASK { ?s ?p ?o }")


def test_every_question_has_the_same_answer_on_an_endpoint(url: str) -> None:
    quads = assemble(shipped_evidence()).quads
    here = EmbeddedStore()
    here.inner.bulk_extend(quads)
    there = open_store(url)
    there.update("CLEAR ALL")
    there.load("".join(f"{quad} .\n" for quad in quads).encode(), RdfFormat.N_QUADS, None)
    assert there.size() == here.size() == len(quads)
    for name, question in catalogue().items():
        assert question.run(there).values() == question.run(here).values(), name
    assert results_table(there, wide=True) == results_table(here, wide=True)
    assert explain(there, "ozcan-2025-l147-2") == explain(here, "ozcan-2025-l147-2")
