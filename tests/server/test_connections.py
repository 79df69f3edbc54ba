"""HTTP/1.1 as it should not be written: malformed, ambiguous, slow, broken off (RFC 9110, RFC 9112)."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from .conftest import Running, Start
from .test_limits import held, until, workers

ASK = b"/sparql?query=ASK%7B%7D"
HOST = b"Host: a\r\n"
CLOSE = b"Host: a\r\nConnection: close\r\n\r\n"
QUERY = b"Content-Type: application/sparql-query\r\n"
#: What an answer must never hold: places, source and settings of the server.
SECRETS = (b"Traceback", b'File "', b"site-packages", b"/home/", b"/tmp/", b"PYTHONPATH", b".py")


@pytest.fixture(scope="module")
def running(start: Start, evidence_store: Path) -> Iterator[Running]:
    with start(evidence_store, "--workers", "2") as running:
        yield running


def connect(running: Running) -> socket.socket:
    place = urlsplit(running.url)
    assert place.hostname and place.port
    return socket.create_connection((place.hostname, place.port), timeout=30)


def all_of(connection: socket.socket) -> bytes:
    """Return what comes until the server closes; a server that hangs fails the test."""
    data = bytearray()
    with contextlib.suppress(ConnectionResetError):
        while part := connection.recv(65536):
            data += part
    return bytes(data)


def told(running: Running, request: bytes) -> tuple[int, bytes]:
    """Return the status of the first answer (0: none) and all that came."""
    with connect(running) as connection:
        with contextlib.suppress(ConnectionResetError, BrokenPipeError):
            connection.sendall(request)  # for whose end it need not wait
        data = all_of(connection)
    for secret in SECRETS:
        assert secret not in data.replace(b"/.well-known", b""), data[:500]
    return int(data[9:12] or 0), data


def posted(*headers: bytes, body: bytes = b"") -> bytes:
    return b"POST /sparql HTTP/1.1\r\n" + b"\r\n".join((*headers, CLOSE)) + body


def is_well(running: Running) -> bool:
    return told(running, b"GET " + ASK + b" HTTP/1.1\r\n" + CLOSE)[1].endswith(b'"boolean":true}')


@pytest.mark.parametrize(
    ("request_", "statuses"),
    [
        # RFC 9112, section 6.3: two lengths, or a length and a coding, smuggle a second request
        (posted(b"Content-Length: 4", b"Content-Length: 5", body=b"abcde"), {400}),
        (posted(b"Content-Length: 4, 4", body=b"abcd"), {400}),
        (posted(b"Content-Length: 4", b"Transfer-Encoding: chunked", body=b"0\r\n\r\n"), {400}),
        (posted(b"Transfer-Encoding: xchunked", body=b"0\r\n\r\n"), {400}),
        (posted(b"Transfer-Encoding: chunked, identity", body=b"0\r\n\r\n"), {400}),
        (posted(b"Transfer-Encoding : chunked", body=b"0\r\n\r\n"), {400}),
        (posted(b"Transfer-Encoding:\x0bchunked", body=b"0\r\n\r\n"), {400}),
        (posted(b"Content-Length: +4", body=b"abcd"), {400}),
        (posted(b"Content-Length: -4", body=b"abcd"), {400}),
        (posted(b"Content-Length: 0x4", body=b"abcd"), {400}),
        (posted(b"Content-Length: " + b"9" * 5000), {400, 413}),
        (posted(b"Content-Length: 99999999999999999"), {413}),
        # section 7.1: chunks
        (posted(b"Transfer-Encoding: chunked", body=b"zz\r\n"), {400}),
        (posted(b"Transfer-Encoding: chunked", body=b"-1\r\n"), {400}),
        (posted(b"Transfer-Encoding: chunked", body=b"f" * 20 + b"\r\n"), {400}),
        (posted(b"Transfer-Encoding: chunked", body=b"6\r\nASK {}garbage"), {400}),
        (posted(b"Transfer-Encoding: chunked", body=b"0\r\nX: \0\r\n\r\n"), {400}),
        # sections 2.2 and 5: lines and fields
        (b"GET " + ASK + b" HTTP/1.1\nHost: a\n\n", {400}),
        (b"GET / HTTP/1.1\r\nX: a\r\n folded\r\n" + CLOSE, {400}),
        (b"GET / HTTP/1.1\r\nX: a\rY: b\r\n" + CLOSE, {400}),
        (b"GET / HTTP/1.1\r\nX: a\0b\r\n" + CLOSE, {400}),
        (b"GET / HTTP/1.1\r\nX\0: a\r\n" + CLOSE, {400}),
        (b"GET / HTTP/1.1\r\n: a\r\n" + CLOSE, {400}),
        (b"GET / HTTP/1.1\r\nX: " + b"a" * 200_000 + b"\r\n" + CLOSE, {400}),
        (b"GET / HTTP/1.1\r\n" + b"X: a\r\n" * 100_000 + CLOSE, {400}),
        (b"\0" * 4000, {400}),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", {400}),  # a greeting of TLS
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {400}),
        (b"GET / HTTP/9.9\r\n" + CLOSE, {400}),
        # section 3.2: targets and Host
        (b"GET / HTTP/1.1\r\nHost: b\r\n" + CLOSE, {400}),
        (b"GET /nothing HTTP/1.1\r\nHost: [\r\nConnection: close\r\n\r\n", {400}),
        (b"GET /static/ HTTP/1.1\r\nHost: a@b\r\nConnection: close\r\n\r\n", {400}),
        (b"GET /sparql/ HTTP/1.1\r\nHost: a/b?\r\nConnection: close\r\n\r\n", {400}),
        (b"GET / HTTP/1.1\r\nHost: \xc3\xa9\r\nConnection: close\r\n\r\n", {400}),
        (b"GET http://b" + ASK + b" HTTP/1.1\r\n" + CLOSE, {200}),
        (b"GET http://[/ HTTP/1.1\r\n" + CLOSE, {400}),
        (b"GET //b/%2e%2e HTTP/1.1\r\n" + CLOSE, {404}),
        (b"GET /\\b\\..\\ HTTP/1.1\r\n" + CLOSE, {400, 404}),
        (b"GET /\xff\xfe HTTP/1.1\r\n" + CLOSE, {400}),
        (b"GET /a\0b HTTP/1.1\r\n" + CLOSE, {400}),
        (b"GET /study/a%00b HTTP/1.1\r\n" + CLOSE, {404}),
        (b"GET /study/%ff%fe HTTP/1.1\r\n" + CLOSE, {404}),
        (b"GET /sparql?query=\xc3\xa9 HTTP/1.1\r\n" + CLOSE, {400}),
        (b"GET /sparql?query=%ed%a0%80 HTTP/1.1\r\n" + CLOSE, {400}),  # a surrogate
        (b"GET /sparql?" + b"a&" * 5000 + b" HTTP/1.1\r\n" + CLOSE, {400}),
        # methods
        (b"OPTIONS * HTTP/1.1\r\n" + CLOSE, {204, 404}),
        (b"TRACE / HTTP/1.1\r\n" + CLOSE, {405}),
        (b"CONNECT a:443 HTTP/1.1\r\n" + CLOSE, {400}),
        (b"M-SEARCH / HTTP/1.1\r\n" + CLOSE, {405}),
        (b"get / HTTP/1.1\r\n" + CLOSE, {400}),
        # what does no harm
        (b"GET " + ASK + b" HTTP/1.0\r\n" + HOST + b"\r\n", {200}),
        (b"GET " + ASK + b" HTTP/1.1\r\nRange: bytes=0-,5-1,-9\r\n" + CLOSE, {200}),
        (b"GET " + ASK + b' HTTP/1.1\r\nIf-None-Match: W/",*,"\r\n' + CLOSE, {200}),
        (b"GET " + ASK + b" HTTP/1.1\r\nIf-Modified-Since: never\r\n" + CLOSE, {200}),
        (b"GET " + ASK + b" HTTP/1.1\r\nAccept: " + b"a/b;q=0.1," * 1000 + b"*/*\r\n" + CLOSE, {200}),
        (b"GET " + ASK + b" HTTP/1.1\r\nAccept: " + b"\xff;\xfe=" * 1000 + b"\r\n" + CLOSE, {406}),
        (b"GET " + ASK + b" HTTP/1.1\r\nX-Forwarded-Proto: \xff\r\n" + CLOSE, {200}),
        (posted(b"Content-Length: " + b"0" * 5000 + b"6", QUERY[:-2], body=b"ASK {}"), {200, 413}),
    ],
)  # fmt: skip
def test_odd_requests(running: Running, request_: bytes, statuses: set[int]) -> None:
    status, data = told(running, request_)
    assert status in statuses, data[:500]
    assert data.count(b"HTTP/1.1 ") == 1  # and nothing was taken for a second request


def test_a_repeated_header_is_a_list(running: Running) -> None:
    """RFC 9110, section 5.3."""
    accept = b"Accept: text/csv;q=0.1\r\nAccept: application/sparql-results+xml\r\n"
    data = told(running, b"GET " + ASK + b" HTTP/1.1\r\n" + accept + CLOSE)[1]
    assert b"<boolean>true</boolean>" in data


@pytest.mark.parametrize("apart", [False, True])
def test_a_client_that_would_rather_speak_http_2_is_answered(running: Running, apart: bool) -> None:
    """What java.net.http sends with each request; RFC 9110, section 7.8: it may be passed over."""
    wish = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAA\r\n"
    head = b"POST /sparql HTTP/1.1\r\n" + HOST + wish + QUERY + b"Content-Length: 6\r\n\r\n"
    with connect(running) as connection:
        for _ in range(2):
            connection.sendall(head if apart else head + b"ASK {}")
            if apart:
                time.sleep(0.1)
                connection.sendall(b"ASK {}")
            data = b""
            while not data.endswith(b'"boolean":true}'):
                part = connection.recv(65536)
                assert part, data
                data += part


def test_requests_in_a_row_are_answered_in_their_order(running: Running) -> None:
    """RFC 9112, section 9.3.2: pipelining."""
    queries = [f"SELECT (%22n{n}n%22 AS ?x) {{}}".replace(" ", "+").encode() for n in range(40)]
    lines = [b"GET /sparql?query=" + q + b" HTTP/1.1\r\n" + HOST + b"\r\n" for q in queries]
    data = told(running, b"".join(lines) + b"GET /nothing HTTP/1.1\r\n" + CLOSE)[1]
    assert data.count(b"HTTP/1.1 200") == 40
    places = [data.index(b'"value":"n%dn"' % n) for n in range(40)]
    assert places == sorted(places)


def test_many_quiet_connections_keep_nobody_out(running: Running) -> None:
    before = held(running)
    quiet = [connect(running) for _ in range(300)]
    try:
        for connection in quiet[:100]:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nX:")
        assert is_well(running)
        assert held(running) - before < 16_000_000
    finally:
        for connection in quiet:
            connection.close()


def test_clients_that_break_off_cost_no_worker(running: Running) -> None:
    """In the middle of the head, the body, the answer; each many times, then all is as before."""
    long = b"/sparql?query=SELECT*%7B?a?b?c.?d?e?f%7D"
    broken = [
        b"GET / HT",
        b"POST /sparql HTTP/1.1\r\n" + HOST + QUERY + b"Content-Length: 600\r\n\r\nASK",
        b"POST /sparql HTTP/1.1\r\n"
        + HOST
        + QUERY
        + b"Transfer-Encoding: chunked\r\n\r\nff\r\nASK",
        b"GET " + long + b" HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET " + ASK + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    ]
    before = held(running)
    for number in range(50):
        connection = connect(running)
        connection.sendall(broken[number % len(broken)])
        if number % 3 == 0 and b"GET " + long in broken[number % len(broken)]:
            connection.recv(100)
        connection.close()
    until(lambda: len(workers(running)) == 2, 30)
    assert is_well(running)
    assert held(running) - before < 16_000_000


def test_slow_clients_are_let_go(evidence_store: Path) -> None:
    """As served, but for a patience of one second that no option names."""
    script = (
        "from evikg.server import protocol, serving; from evikg.server.limits import Limits;"
        "protocol._PATIENCE_S = 1; limits = Limits(workers=1, stall_seconds=1);"
        "listener = serving.listen('127.0.0.1', 0, limits);"
        f"serving.serve({str(evidence_store)!r}, listener, limits,"
        " lambda: print(serving.address(listener), flush=True))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, env=dict(os.environ)
    )
    try:
        assert process.stdout is not None
        running = Running(process.stdout.readline().strip(), process, Path())
        head = b" /sparql?query=ASK%7B%7D HTTP/1.1\r\n" + HOST + QUERY
        begun = (
            b"",
            b"GET / HT",  # of a head
            b"POST" + head + b"Content-Length: 600\r\n\r\n",  # of a body: 408
            b"POST" + head + b"Transfer-Encoding: chunked\r\n\r\nffff\r\n",
            b"GET" + head + b"Content-Length: 600\r\n\r\n",  # of a body that nobody reads
            b"GET" + head + b"Transfer-Encoding: chunked\r\n\r\nffff\r\n",
        )
        with contextlib.ExitStack() as stack:
            slow = {part: stack.enter_context(connect(running)) for part in begun}
            for part, connection in slow.items():
                connection.sendall(part)
                connection.settimeout(0.01)
            end = time.monotonic() + 20
            while slow:
                assert time.monotonic() < end, list(slow)
                slow = {
                    part: c for part, c in slow.items() if not is_closed(c, b"a" if part else b"")
                }
                time.sleep(0.05)
        assert is_well(running)
    finally:
        process.terminate()
        process.communicate(timeout=20)


def is_closed(connection: socket.socket, drop: bytes) -> bool:
    """Tell whether the other end has closed; if not, send it a little more."""
    try:
        connection.sendall(drop)
        while connection.recv(65536):
            pass
    except TimeoutError:
        return False
    except OSError:
        pass
    return True
