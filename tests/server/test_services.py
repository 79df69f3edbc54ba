"""`SERVICE` is found wherever an engine would ask, and nowhere else (SPARQL 1.1, section 19.8)."""

import contextlib
import http.server
import threading
from collections.abc import Iterator

import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evikg.server.exchange import Refusal
from evikg.server.services import check_services, services

PATTERN = "{ ?s ?p ?o }"


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT * {{ SERVICE <http://a/> {PATTERN} }}",
        f"SELECT * {{ service <http://a/> {PATTERN} }}",
        f"SELECT * {{SERVICE<http://a/>{PATTERN}}}",
        f"SELECT * {{ SERVICE SILENT <http://a/> {PATTERN} }}",
        f"SELECT * {{ SERVICESILENT<http://a/>{PATTERN} }}",
        f"SELECT * {{ SERVICE # <http://b/>\n <http://a/> # {{\n {PATTERN} }}",
        f"SELECT * {{ ?s ?p 1 SERVICE <http://a/> {PATTERN} }}",
        f"SELECT * {{ ?s ?p ?o.SERVICE <http://a/> {PATTERN} }}",
        f"SELECT * {{ ?s ?p trueSERVICE <http://a/> {PATTERN} }}",
        f"SELECT * {{ SERVICE ?endpoint {PATTERN} }}",
        f"PREFIX e: <http://a/> SELECT * {{ SERVICE e: {PATTERN} }}",
        f"PREFIX e: <http://a/> SELECT * {{ SERVICE e:b {PATTERN} }}",
        f"SELECT * {{ ?s ?p 'it''s' SERVICE <http://a/> {PATTERN} }}",
        # a comparison that looks like an IRI, and would open a comment and a string
        f"SELECT * {{ FILTER(?a<?b#>'''\n) SERVICE <http://a/> {PATTERN} }} #'''",
        f"SELECT * {{ FILTER(?a<?b && ?b>?c) SERVICE <http://a/> {PATTERN} }}",
        f"SELECT * {{ \\u0053ERVICE <http://a/> {PATTERN} }}",
    ],
)
def test_a_clause_is_found(query: str) -> None:
    assert services(query)
    with pytest.raises(Refusal) as refusal:
        check_services(query, frozenset({"b"}))
    assert refusal.value.status == 403


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?p ?o }",
        f"SELECT * {{ ?s ?p ?o }} # SERVICE <http://a/> {PATTERN}",
        f'SELECT * {{ ?s ?p "SERVICE <http://a/> {PATTERN}" }}',
        f"SELECT * {{ ?s ?p '''SERVICE\n<http://a/> {PATTERN}''' }}",
        "SELECT ?service ?x { ?x ?p ?service }",
        "PREFIX service: <http://a/> SELECT * { service:a service:b ?service }",
        "SELECT * { ?s <http://example.org/service/a> ?o }",
        "PREFIX a: <http://a/> SELECT * { ?s a:SERVICE <http://a/> { ?a ?b ?c } }",
        "SELECT * { ?s ?p 'microservice'@service ; ?q ?r }",
    ],
)
def test_other_mentions_are_none(query: str) -> None:
    pyoxigraph.Store().query(query)  # each is a query
    assert services(query) == []


@pytest.mark.parametrize(
    ("endpoint", "allowed"),
    [
        ("<https://query.wikidata.org/sparql>", True),
        ("<http://query.wikidata.org/sparql>", True),
        ("<https://QUERY.wikidata.org:443/sparql>", True),
        ("<https://query.wikidata.org:8443/sparql>", False),
        ("<https://local:7001/sparql>", True),
        ("<https://local/sparql>", False),
        ("<https://query.wikidata.org.evil.example/>", False),
        ("<https://evil.example/query.wikidata.org>", False),
        ("<https://query.wikidata.org@evil.example/>", False),
        ("<https://evil.example\\@query.wikidata.org/>", False),
        ("<file:///etc/passwd>", False),
        ("<ftp://query.wikidata.org/>", False),
        ("<http://127.0.0.1/>", False),
        ("<http://[::1]/>", False),
        ("<http://[/>", False),
        ("<sparql>", False),
        ("?endpoint", False),
    ],
)
def test_a_host_is_allowed_by_its_whole_name(endpoint: str, allowed: bool) -> None:
    query = f"SELECT * {{ SERVICE {endpoint} {PATTERN} }}"
    hosts = frozenset({"query.wikidata.org", "local:7001"})
    if allowed:
        assert check_services(query, hosts)
    else:
        with pytest.raises(Refusal):
            check_services(query, hosts)


@pytest.fixture(scope="module")
def endpoint() -> Iterator[tuple[str, list[str]]]:
    """Yield the URL of a server that notes who asks it, and what it noted."""
    asked: list[str] = []

    class Noting(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.path)
            self.send_error(500)

        do_GET = do_POST  # noqa: N815 - named by the library

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Noting)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/", asked
    server.shutdown()
    thread.join()
    server.server_close()


pieces = st.sampled_from(
    [
        "?a", "<", ">", "?b", "#", "\n", "'", '"', "'''", '"""', "\\", " ", "}", "{", "FILTER(", ")",
        "<x>", "1", ".", "&&", "a:b", "a:", "BIND(", " AS ?z)", "'x'", "@en", "SILENT",
    ]
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(before=st.lists(pieces, max_size=10), after=st.lists(pieces, max_size=6))
def test_what_the_engine_asks_is_always_found(
    endpoint: tuple[str, list[str]], before: list[str], after: list[str]
) -> None:
    url, asked = endpoint
    query = (
        "PREFIX a: <a:> SELECT * WHERE { VALUES ?a { 1 } "
        f"{''.join(before)}SERVICE<{url}>{{?s ?p ?o}}{''.join(after)} }}"
    )
    asked.clear()
    with contextlib.suppress(SyntaxError, OSError, RuntimeError, ValueError):
        list(pyoxigraph.Store().query(query))  # type: ignore[arg-type]
    if asked:
        assert services(query)


def test_a_long_query_is_read_in_a_moment() -> None:
    # Each of these grows with the square of its length where a reader goes back too far.
    hostile = (
        "SERVICE " * 20_000,
        "SERVICE a" + ":" * 100_000,
        "SERVICE #" * 20_000,
        "<" * 100_000 + " SERVICE <a:> {",
        "SERVICE" + " " * 200_000,
        "?service <a> {" * 10_000,
        "'a\\" * 50_000 + "SERVICE <a>{",
    )
    for query in hostile:
        services(query)
