"""What goes wrong with an endpoint is told in one line, against real servers that misbehave."""

import socket
import ssl
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import QuerySolutions, RdfFormat

from evikg.graph import EndpointError, QueryError
from evikg.graph.remote import RemoteStore

JSON = "application/sparql-results+json"
ONE_ROW = b'{"head":{"vars":["a"]},"results":{"bindings":[{"a":{"type":"literal","value":"1"}}]}}'
PASSWORD = "kept-to-itself"  # noqa: S105 - of a server that lives for a test

Answering = Callable[[BaseHTTPRequestHandler, int], None]


def reply(handler: BaseHTTPRequestHandler, status: int, body: bytes = b"", **headers: str) -> None:
    handler.send_response(status)
    for name, value in {"Content_Length": str(len(body)), **headers}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


class Misbehaving:
    """A server that answers as it is told; `seen` holds the headers of each request."""

    def __init__(self, answer: Answering) -> None:
        self.seen: list[dict[str, str]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                outer.seen.append({**dict(self.headers), "method": self.command})
                answer(self, len(outer.seen))

            do_GET = do_PUT = do_DELETE = do_POST  # noqa: N815 - see above

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/query"


@contextmanager
def serving(answer: Answering) -> Iterator[Misbehaving]:
    made = Misbehaving(answer)
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield made
    finally:
        made.server.shutdown()
        thread.join()
        made.server.server_close()


@pytest.fixture(autouse=True)
def nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("USER", "PASSWORD", "UPDATE_URL", "GRAPH_STORE_URL", "TIMEOUT"):
        monkeypatch.delenv(f"EVIKG_{name}", raising=False)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))


@pytest.fixture
def somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVIKG_USER", "clinician")
    monkeypatch.setenv("EVIKG_PASSWORD", PASSWORD)


def one(store: RemoteStore) -> list[str]:
    answer = store.query("SELECT ?a { }")
    assert isinstance(answer, QuerySolutions)
    return [row[0].value for row in answer]  # type: ignore[union-attr]


def told(store: RemoteStore) -> str:
    with pytest.raises(EndpointError) as caught:
        store.query("SELECT ?a { }")
    words = str(caught.value)
    assert "\n" not in words
    assert PASSWORD not in words
    return words


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "401 Unauthorized; set EVIKG_USER and EVIKG_PASSWORD"),
        (403, "403 Forbidden"),
        (404, "404 Not Found; no endpoint is there"),
        (405, "405 Method Not Allowed; check the URL"),
        (500, "500 Internal Server Error"),
    ],
)
def test_a_refusal_names_the_url_and_the_remedy(status: int, words: str) -> None:
    with serving(lambda handler, _: reply(handler, status)) as server:
        assert told(RemoteStore(server.url + "?key=secret")).startswith(f"{server.url}: {words}")
        assert len(server.seen) == 1


def test_the_words_of_the_server_are_told_unless_they_are_a_page() -> None:
    texts = {1: (b"line 1: no such function\nmore", "text/plain"), 2: (b"<p>oops</p>", "text/html")}

    def answer(handler: BaseHTTPRequestHandler, number: int) -> None:
        body, kind = texts[number]
        reply(handler, 400, body, Content_Type=kind)

    with serving(answer) as server:
        with pytest.raises(QueryError, match=r"^line 1: no such function$"):
            RemoteStore(server.url).query("ASK {}")
        with pytest.raises(QueryError, match=r"malformed$"):
            RemoteStore(server.url).query("ASK {}")


@pytest.mark.parametrize(
    ("kind", "body", "words"),
    [
        ("text/html", b"<html>Welcome</html>", "it sends text/html, no answer"),
        (JSON, b"<html>", "cut before the answer was complete"),
        (JSON, b'{"head": 1}', "its answer cannot be read"),
        (JSON, ONE_ROW[:60], "cut before the answer was complete"),
    ],
)
def test_what_is_no_answer_is_refused(kind: str, body: bytes, words: str) -> None:
    with serving(lambda handler, _: reply(handler, 200, body, Content_Type=kind)) as server:
        assert words in told(RemoteStore(server.url))


def test_an_answer_that_is_cut_mid_body_is_asked_for_again_then_refused() -> None:
    def cut(handler: BaseHTTPRequestHandler, number: int) -> None:
        length = len(ONE_ROW) if number == 3 else len(ONE_ROW) + 9
        reply(handler, 200, ONE_ROW, Content_Type=JSON, Content_Length=str(length))
        handler.close_connection = True

    with serving(cut) as server:
        store = RemoteStore(server.url)
        assert (one(store), len(server.seen)) == (["1"], 3)
        assert "cut before the answer was complete" in told(store)


def test_an_answer_at_the_row_limit_of_the_server_is_refused() -> None:
    def limited(handler: BaseHTTPRequestHandler, _: int) -> None:
        reply(handler, 200, ONE_ROW, Content_Type=JSON, X_SPARQL_MaxRows="1")

    with serving(limited) as server:
        assert "limit of 1 rows" in told(RemoteStore(server.url))


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_busy_server_is_asked_again(status: int) -> None:
    def busy(handler: BaseHTTPRequestHandler, number: int) -> None:
        if number == 1:
            reply(handler, status, Retry_After="0")
        else:
            reply(handler, 200, ONE_ROW, Content_Type=JSON)

    with serving(busy) as server:
        assert one(RemoteStore(server.url)) == ["1"]


def test_a_server_that_asks_for_a_long_pause_is_not_waited_for() -> None:
    with serving(lambda handler, _: reply(handler, 503, Retry_After="3600")) as server:
        assert "busy or down; try again later" in told(RemoteStore(server.url))
        assert len(server.seen) == 1


@pytest.mark.parametrize(("status", "requests"), [(503, 1), (502, 1), (429, 2)])
def test_an_update_is_repeated_only_if_it_was_surely_not_applied(
    status: int, requests: int
) -> None:
    def once(handler: BaseHTTPRequestHandler, number: int) -> None:
        reply(handler, status if number == 1 else 204, Retry_After="0")

    with serving(once) as server:
        try:
            RemoteStore(server.url).update("CLEAR ALL")
        except EndpointError:
            assert status != 429
        assert len(server.seen) == requests


def test_a_graph_with_blank_nodes_is_not_added_twice() -> None:
    with serving(lambda handler, _: reply(handler, 502)) as server:
        for data, requests in ((b"_:a <urn:p> _:b .", 1), (b"<urn:a> <urn:p> <urn:b> .", 4)):
            before = len(server.seen)
            with pytest.raises(EndpointError):
                RemoteStore(server.url).load(data, RdfFormat.N_TRIPLES, "urn:g")
            assert len(server.seen) - before == requests


def test_a_server_that_is_silent_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVIKG_TIMEOUT", "0.2")
    woken = threading.Event()
    with serving(lambda _, __: bool(woken.wait(5)) or None) as server:
        assert "EVIKG_TIMEOUT" in told(RemoteStore(server.url))
        woken.set()


def test_nothing_listens_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/query"
    assert told(RemoteStore(url)) == f"{url}: connection refused; is the server running?"


def test_what_listens_is_no_web_server() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(10)

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(b"220 mail.example.org ESMTP\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        words = told(RemoteStore(f"http://127.0.0.1:{listener.getsockname()[1]}/query"))
        thread.join()
    assert "not a web server" in words


def test_an_encrypted_url_of_a_plain_server_is_told() -> None:
    with serving(lambda handler, _: reply(handler, 200)) as server:
        assert "no encrypted connection" in told(RemoteStore(server.url.replace("http", "https")))


def test_a_certificate_that_is_not_trusted_is_told(certificate: Path) -> None:
    with serving(lambda handler, _: reply(handler, 200)) as server:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.server.socket = context.wrap_socket(server.server.socket, server_side=True)
        words = told(RemoteStore(server.url.replace("http", "https")))
    assert "its certificate is not trusted" in words
    assert "SSL_CERT_FILE" in words


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    import shutil
    import subprocess

    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed, which makes a certificate")
    path = tmp_path / "server.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"]
    command += ["-subj", "/CN=127.0.0.1", "-keyout", str(path), "-out", str(tmp_path / "cert.pem")]
    subprocess.run(command, check=True, capture_output=True)
    path.write_bytes(path.read_bytes() + (tmp_path / "cert.pem").read_bytes())
    return path


@pytest.mark.usefixtures("somebody")
def test_a_password_is_sent_only_when_it_is_asked_for_and_then_at_once() -> None:
    def guarded(handler: BaseHTTPRequestHandler, _: int) -> None:
        if "Authorization" not in handler.headers:
            reply(handler, 401, WWW_Authenticate='Basic realm="graph"')
        else:
            reply(handler, 200, ONE_ROW, Content_Type=JSON)

    with serving(guarded) as server:
        store = RemoteStore(server.url)
        assert one(store) == one(store) == ["1"]
        expected = "Basic " + b64encode(f"clinician:{PASSWORD}".encode()).decode()
        sent = [request.get("Authorization") for request in server.seen]
        assert sent == [None, expected, expected]
        assert server.seen[0]["User-Agent"].startswith("EviKG/")


@pytest.mark.usefixtures("somebody")
def test_a_wrong_password_is_told_without_the_password() -> None:
    for scheme in ('Basic realm="graph"', 'Digest realm="g", nonce="abc", qop="auth"', "Bearer"):

        def never(handler: BaseHTTPRequestHandler, _: int, scheme: str = scheme) -> None:
            reply(handler, 401, WWW_Authenticate=scheme)

        with serving(never) as server:
            assert "401 Unauthorized; name or password are wrong" in told(RemoteStore(server.url))


@pytest.mark.usefixtures("somebody")
@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_told_and_no_password_goes_along(status: int) -> None:
    def asking(handler: BaseHTTPRequestHandler, _: int) -> None:
        reply(handler, 401, WWW_Authenticate='Basic realm="elsewhere"')

    with serving(asking) as elsewhere:
        place = elsewhere.url.replace("127.0.0.1", f"clinician:{PASSWORD}@localhost")
        with serving(lambda handler, _: reply(handler, status, Location=place)) as server:
            words = told(RemoteStore(server.url))
        assert f"it has moved; name the URL http://localhost:{elsewhere.url.split(':')[2]}" in words
        assert elsewhere.seen == []


def test_netrc_names_who_asks(tmp_path: Path) -> None:
    (tmp_path / "netrc").write_text(f"machine 127.0.0.1 login nurse password {PASSWORD}\n")

    def guarded(handler: BaseHTTPRequestHandler, number: int) -> None:
        if number == 1:
            reply(handler, 401, WWW_Authenticate='Basic realm="graph"')
        else:
            reply(handler, 200, ONE_ROW, Content_Type=JSON)

    with serving(guarded) as server:
        assert one(RemoteStore(server.url)) == ["1"]
        expected = b64encode(f"nurse:{PASSWORD}".encode()).decode()
        assert server.seen[1]["Authorization"] == f"Basic {expected}"


def test_a_damaged_netrc_is_told_without_its_words(tmp_path: Path) -> None:
    (tmp_path / "netrc").write_text(f"machine 127.0.0.1 {PASSWORD}\n")
    with pytest.raises(EndpointError, match="netrc file cannot be used: it is not well-formed"):
        RemoteStore("http://127.0.0.1:9/query")


def test_half_a_name_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVIKG_USER", "clinician")
    with pytest.raises(EndpointError, match="set both EVIKG_USER and EVIKG_PASSWORD"):
        RemoteStore("http://127.0.0.1:9/query")


def test_digest_is_spoken_with_virtuoso(
    virtuoso: Callable[[], AbstractContextManager[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    with virtuoso() as server:
        monkeypatch.setenv("EVIKG_USER", server.user)
        monkeypatch.setenv("EVIKG_PASSWORD", server.password)
        store = RemoteStore(server.url)
        store.update("INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> 1 } }")
        store.load(b"<urn:s> <urn:p> 2 .", RdfFormat.TURTLE, "urn:g")
        assert store.count("urn:g") == 2
        monkeypatch.setenv("EVIKG_PASSWORD", "wrong")
        with pytest.raises(EndpointError, match="401 Unauthorized; name or password are wrong"):
            RemoteStore(server.url).update("CLEAR GRAPH <urn:g>")
        server.sql('revoke SPARQL_UPDATE from "SPARQL";')
        monkeypatch.delenv("EVIKG_USER")
        monkeypatch.delenv("EVIKG_PASSWORD")
        with pytest.raises(EndpointError, match="No permission"):
            RemoteStore(server.url).update("CLEAR GRAPH <urn:g>")


def test_rows_and_triples_above_the_limit_of_virtuoso_are_refused(
    virtuoso: Callable[..., AbstractContextManager[Any]],
) -> None:
    with virtuoso(max_rows=1000) as server:
        store = RemoteStore(server.url)
        lines = "".join(f"<urn:s{n}> <urn:p> {n} .\n" for n in range(3000))
        store.load(lines.encode(), RdfFormat.TURTLE, "urn:g")
        pattern = "WHERE { GRAPH <urn:g> { ?s ?p ?o } }"
        for query in (f"SELECT * {pattern}", f"CONSTRUCT {{ ?s ?p ?o }} {pattern}"):
            with pytest.raises(EndpointError, match="limit of 1000 rows"):
                store.query(query)
            few = store.query(f"{query} LIMIT 999")
            assert len(list(few)) == 999  # type: ignore[arg-type]
        with pytest.raises(EndpointError, match=r"1001 of the 3000 triples of urn:g"):
            list(store.quads("urn:g"))
