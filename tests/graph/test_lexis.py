"""Clauses are found in the text of a query as engines read it."""

import pyoxigraph
import pytest

from evikg.graph.embedded import EmbeddedStore
from evikg.graph.lexis import names_dataset


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("SELECT * FROM <http://a/> { ?s ?p ?o }", True),
        ("SELECT * from named <http://a/> { ?s ?p ?o }", True),
        ("PREFIX e: <http://a/> SELECT * FROM e: FROM NAMED e:b { ?s ?p ?o }", True),
        ("CONSTRUCT { ?s ?p ?o } FROM # which\n<http://a/> { ?s ?p ?o }", True),
        ("DESCRIBE <http://a/>FROM<http://a/>", True),
        ("SELECT * { ?s ?p ?o } # FROM <http://a/>", False),
        ("SELECT * { ?s ?p 'FROM <http://a/>' }", False),
        ("SELECT ?from { <http://a/> ?from <http://a/> }", False),
        ("PREFIX d: <http://a/> SELECT * { ?s d:from <http://a/> }", False),
        ("SELECT * { ?s ?p 'x'@from ; <http://a/from> <http://b/> }", False),
    ],
)
def test_a_query_names_its_dataset(query: str, named: bool) -> None:
    pyoxigraph.Store().query(query)  # each is a query
    assert names_dataset(query) is named


def test_from_restricts_what_the_embedded_store_is_asked() -> None:
    # SPARQL 1.1, section 13.2: a query with FROM or FROM NAMED sees that dataset alone.
    store = EmbeddedStore()
    store.load(b"<a:g> { <a:s> <a:p> 1 } <a:h> { <a:s> <a:p> 2 }", pyoxigraph.RdfFormat.TRIG, None)

    def count(query: str) -> int:
        return len(list(store.query(query)))  # type: ignore[arg-type]

    assert count("SELECT * { ?s ?p ?o }") == 2
    assert count("SELECT * FROM <a:g> { ?s ?p ?o }") == 1
    assert count("SELECT * FROM <a:g> FROM <a:h> { ?s ?p ?o }") == 2
    assert count("SELECT * FROM <a:none> { ?s ?p ?o }") == 0
    assert count("SELECT * FROM NAMED <a:g> { ?s ?p ?o }") == 0
    assert count("SELECT * FROM NAMED <a:g> { GRAPH ?g { ?s ?p ?o } }") == 1
