"""HTTP around the answers: CORS, entity tags, compression, HEAD, errors, headers, bad requests."""

import gzip
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest

ROWS = "SELECT * { ?s ?p ?o } LIMIT 2000"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture(scope="module")
def client(server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server, timeout=30) as client:
        yield client


def get(client: httpx.Client, query: str = "ASK {}", **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.get("/sparql", params={"query": query}, headers=named)


# CORS (https://fetch.spec.whatwg.org/#http-cors-protocol)


def test_any_origin_may_ask(client: httpx.Client) -> None:
    response = get(client, origin="https://example.org")
    assert response.headers["access-control-allow-origin"] == "*"
    assert (
        get(client, "ASK", origin="https://example.org").headers["access-control-allow-origin"]
        == "*"
    )


def test_a_preflight_allows_a_query_by_post(client: httpx.Client) -> None:
    response = client.options(
        "/sparql",
        headers={
            "origin": "https://example.org",
            "access-control-request-method": "POST",
            "access-control-request-headers": "content-type",
        },
    )
    assert response.status_code == 200
    assert "POST" in response.headers["access-control-allow-methods"]
    assert "content-type" in response.headers["access-control-allow-headers"].lower()


def test_options_tells_the_methods(client: httpx.Client) -> None:
    response = client.options("/store")
    assert (response.status_code, response.content) == (204, b"")
    assert "GET" in response.headers["allow"]


# Entity tags (RFC 9110, section 8.8.3) and conditional requests (section 13)


@pytest.mark.parametrize("path", ["/sparql?query=ASK%7B%7D", "/static/evikg.css"])
def test_an_answer_that_is_known_is_not_sent_again(client: httpx.Client, path: str) -> None:
    first = client.get(path)
    tag = first.headers["etag"]
    again = client.get(path, headers={"if-none-match": f'"other", {tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert client.head(path, headers={"if-none-match": tag}).status_code == 304
    assert client.get(path, headers={"if-none-match": '"other"'}).status_code == 200


def test_each_form_and_query_has_its_own_tag(client: httpx.Client) -> None:
    answers = [
        get(client),
        get(client, "ASK { }"),
        get(client, accept="application/sparql-results+xml"),
    ]
    assert len({answer.headers["etag"] for answer in answers}) == 3
    assert all("accept" in answer.headers["vary"].lower() for answer in answers)


def test_answers_that_change_or_fail_have_no_tag(client: httpx.Client) -> None:
    assert "etag" not in get(client, "SELECT (NOW() AS ?now) {}").headers
    assert "etag" not in get(client, "SELECT (rand( ) AS ?x) {}").headers
    assert "etag" not in get(client, "ASK").headers
    assert "etag" not in client.post("/sparql", data={"query": "ASK {}"}).headers


# Content coding (RFC 9110, section 8.4)


def test_a_long_answer_is_compressed_where_the_client_takes_it(client: httpx.Client) -> None:
    plain = get(client, ROWS, accept_encoding="identity")
    assert "content-encoding" not in plain.headers
    with client.stream(
        "GET", "/sparql", params={"query": ROWS}, headers={"accept-encoding": "gzip"}
    ) as packed:
        assert packed.headers["content-encoding"] == "gzip"
        raw = b"".join(packed.iter_raw())
    assert gzip.decompress(raw) == plain.content
    assert len(raw) < len(plain.content) / 4
    assert "accept-encoding" in plain.headers["vary"].lower()


def test_a_refused_coding_is_not_used(client: httpx.Client) -> None:
    assert "content-encoding" not in get(client, ROWS, accept_encoding="gzip;q=0, *").headers
    assert "content-encoding" not in get(client, accept_encoding="gzip").headers  # too short


# HEAD (RFC 9110, section 9.3.2)


@pytest.mark.parametrize("path", ["/sparql?query=ASK%7B%7D", "/static/evikg.css", "/nothing", "/"])
def test_head_is_get_without_a_body(client: httpx.Client, path: str) -> None:
    head, get_ = client.head(path), client.get(path)
    assert head.content == b""
    assert head.status_code == get_.status_code
    assert head.headers["content-type"] == get_.headers["content-type"]


# Errors (RFC 9457)


def test_programs_read_problem_details(client: httpx.Client) -> None:
    response = client.get("/nothing")
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json() == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "there is nothing at /nothing",
    }


@pytest.mark.parametrize("path", ["/nothing", "/%3Cscript%3Ealert(1)%3C/script%3E"])
def test_browsers_read_a_page(client: httpx.Client, path: str) -> None:
    response = client.get(path, headers={"accept": BROWSER})
    assert response.status_code == 404
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert "<h1>" in response.text and "<script>alert" not in response.text


# Security


@pytest.mark.parametrize("path", ["/", "/sparql?query=ASK%7B%7D", "/static/evikg.css", "/nothing"])
def test_headers_of_security_are_everywhere(client: httpx.Client, path: str) -> None:
    headers = client.get(path).headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert "server" not in headers


@pytest.mark.parametrize(
    "path",
    [
        "/static/../serving.py",
        "/static/%2e%2e/serving.py",
        "/static/..%2fserving.py",
        "/static//etc/passwd",
        "/static/%2fetc%2fpasswd",
        "/static/x%00y",
        "/static/",
        "/static",
        "/static/" + "a" * 5000,
    ],
)
def test_no_file_but_the_packaged_ones(server: str, path: str) -> None:
    status, body = raw(
        server, f"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode()
    )
    assert status in {404, 307}
    assert b"import" not in body and b"root:" not in body


def raw(server: str, request: bytes) -> tuple[int, bytes]:
    """Return the status and the whole answer to a request as it is written; 0 for none."""
    place = urlsplit(server)
    assert place.hostname and place.port
    with socket.create_connection((place.hostname, place.port), timeout=30) as connection:
        connection.sendall(request)
        data = bytearray()
        try:
            while part := connection.recv(65536):
                data += part
        except ConnectionResetError:
            pass
    return int(data[9:12] or 0), bytes(data)


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n", 400),  # no Host
        (b"GET / HTTP/1.1\r\nHost: a<b>\r\nConnection: close\r\n\r\n", 400),
        (b"nonsense\r\n\r\n", 400),
        (b"GET /sparql?query=%ff HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 400),
        (b"GET /%ff%fe HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 404),
        (b"GET /?" + b"a" * 40_000 + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 300_000 + b"\r\n\r\n", 400),
        (b"GET /" + b"a" * 300_000, 400),
        (b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n", 413),
        (b"BREW /sparql HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 400),
    ],
)
def test_bad_requests(server: str, request_: bytes, status: int) -> None:
    assert raw(server, request_)[0] == status


def test_a_body_that_grows_too_long_is_refused(server: str) -> None:
    head = (
        b"POST /sparql HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
        b"Content-Type: application/sparql-query\r\n\r\n"
    )
    assert raw(server, head + (b"10000\r\n" + b"a" * 65536 + b"\r\n") * 80)[0] in {413, 0}


def test_a_name_for_a_download_cannot_add_a_header(client: httpx.Client) -> None:
    response = client.get("/sparql?query=ASK%7B%7D&download=a%0d%0aX-Evil:1%22;b.csv")
    assert "x-evil" not in response.headers
    assert response.headers["content-disposition"] == 'attachment; filename="a-X-Evil-1-b.csv"'
