"""A client is polite and clear whatever an endpoint does: a real server behind one that fails."""

import email.utils
import json
import socket
import time
from dataclasses import replace
from datetime import UTC, timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evikg.queries.outward import Client, Endpoint, Limits, NoAnswerError, Settings

from .conftest import Clock, Gate, answer, send

QUERY = "SELECT ?o WHERE { <http://id.nlm.nih.gov/mesh/D000001> ?p ?o }"
RESULTS = b'{"head": {"vars": ["o"]}, "results": {"bindings": []}}'


@pytest.fixture
def mesh(settings: Settings) -> Endpoint:
    return settings.endpoints["mesh"]


def reason(client: Client, endpoint: Endpoint) -> str:
    with pytest.raises(NoAnswerError) as caught:
        client.select(endpoint, QUERY)
    assert "\n" not in str(caught.value)
    return caught.value.reason


def test_an_endpoint_answers_and_learns_who_asks(
    client: Client, mesh: Endpoint, gate: Gate
) -> None:
    rows = json.loads(client.select(mesh, QUERY))["results"]["bindings"]
    assert "Calcimycin" in [row["o"]["value"] for row in rows]
    method, path, headers = gate.seen[0]
    assert method == "GET"
    # MeSH RDF answers HTML where no format is named.
    assert "format=JSON" in path
    assert headers["User-Agent"].startswith("EviKG/")
    assert "application/sparql-results+json" in headers["Accept"]


def test_a_contact_stands_in_the_user_agent(client: Client, mesh: Endpoint, gate: Gate) -> None:
    client.contact = "mailto:a@example.org"
    client.select(mesh, QUERY)
    assert gate.seen[0][2]["User-Agent"].endswith(" (+mailto:a@example.org)")


def test_a_long_query_goes_by_post(client: Client, mesh: Endpoint, gate: Gate) -> None:
    client.select(mesh, QUERY + " #" + "x" * 7000)
    assert gate.seen[0][0] == "POST"


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_passing_failure_is_asked_again_after_longer_and_longer_waits(
    status: int, client: Client, mesh: Endpoint, gate: Gate, clock: Clock
) -> None:
    gate.faults = [answer(status), answer(status), answer(status)]
    client.select(mesh, QUERY)
    # Doubling from one second; the test's jitter draws the longest.
    assert clock.slept == [1, 2, 4]


def test_jitter_draws_between_nothing_and_the_ceiling(
    mesh: Endpoint, gate: Gate, client: Client
) -> None:
    drawn: list[tuple[float, float]] = []

    def jitter(low: float, high: float) -> float:
        drawn.append((low, high))
        return 0.0

    client.jitter = jitter
    gate.faults = [answer(500), answer(500)]
    client.select(mesh, QUERY)
    assert drawn == [(0, 1), (0, 2)]


def test_a_server_that_keeps_failing_is_left_alone(
    client: Client, mesh: Endpoint, gate: Gate
) -> None:
    gate.faults = [answer(500)] * 9
    words = reason(client, mesh)
    assert words == "server error: 500 Internal Server Error, asked 4 times"
    assert len(gate.seen) == 4


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_what_will_not_pass_is_not_asked_again(
    status: int, client: Client, mesh: Endpoint, gate: Gate
) -> None:
    gate.faults = [answer(status, b"no")]
    assert str(status) in reason(client, mesh)
    assert len(gate.seen) == 1


def test_retry_after_in_seconds_is_waited_for(
    client: Client, mesh: Endpoint, gate: Gate, clock: Clock
) -> None:
    gate.faults = [answer(429, Retry_After="7")]
    client.select(mesh, QUERY)
    assert clock.slept == [7]


def test_retry_after_as_a_date_is_waited_for(
    client: Client, mesh: Endpoint, gate: Gate, clock: Clock
) -> None:
    date = email.utils.format_datetime(clock.now() + timedelta(seconds=11), usegmt=True)
    gate.faults = [answer(503, Retry_After=date)]
    client.select(mesh, QUERY)
    assert clock.slept == [11]


@pytest.mark.parametrize("value", ["soon", "-5", "", "9" * 40, "Mon, 99 Foo 2026 00:00:00 GMT"])
def test_a_senseless_retry_after_falls_back_to_back_off(
    value: str, client: Client, mesh: Endpoint, gate: Gate, clock: Clock
) -> None:
    gate.faults = [answer(429, Retry_After=value)]
    client.select(mesh, QUERY)
    assert clock.slept == [1]


def test_a_wait_past_the_deadline_is_not_begun_and_its_end_is_said(
    client: Client, mesh: Endpoint, gate: Gate, clock: Clock
) -> None:
    gate.faults = [answer(429, Retry_After="3600")]
    # The clock of the test stands at 2026-11-21 12:00:00.
    assert reason(client, mesh) == ("refused: 429 Too Many Requests until 2026-11-21 13:00:00 UTC")
    assert clock.slept == []


def test_a_body_shorter_than_promised_is_asked_again(
    client: Client, mesh: Endpoint, gate: Gate
) -> None:
    gate.faults = [answer(200, RESULTS, len(RESULTS) + 100)]
    client.select(mesh, QUERY)
    assert len(gate.seen) == 2


def test_an_answer_that_is_always_cut_is_called_truncated(
    client: Client, mesh: Endpoint, gate: Gate
) -> None:
    gate.faults = [answer(200, RESULTS[:20])] * 4
    assert reason(client, mesh) == "answer truncated: the JSON ends early, asked 4 times"


def chunked(handler: BaseHTTPRequestHandler) -> None:
    """Send a chunked body that breaks off within a chunk."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/sparql-results+json")
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    handler.wfile.write(b"40\r\n" + RESULTS[:20])


def test_a_chunk_that_breaks_off_is_truncated(client: Client, mesh: Endpoint, gate: Gate) -> None:
    gate.faults = [chunked] * 4
    assert reason(client, mesh).startswith("answer truncated")


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        (b"<!doctype html><p>busy", "text/html", "answer is HTML"),
        (b"<!doctype html><p>busy", "application/sparql-results+json", "answer is HTML"),
        (b"<?xml version='1.0'?><sparql/>", "application/sparql-results+xml", "answer is XML"),
        (b"o\r\n1\r\n", "text/csv", "not SPARQL results in JSON"),
        (b'{"a": 1}', "application/json", "no SPARQL results"),
        (b"[1]", "application/json", "no SPARQL results"),
        (b'{"head": {}, "boolean": true}', "application/json", "no SPARQL results"),
        (b"\xff\xfe{", "application/json", "not SPARQL results in JSON"),
    ],
)
def test_an_answer_that_is_something_else_is_named_and_not_asked_again(
    body: bytes, kind: str, words: str, client: Client, mesh: Endpoint, gate: Gate
) -> None:
    gate.faults = [answer(200, body, Content_Type=kind)]
    assert words in reason(client, mesh)
    assert len(gate.seen) == 1


@given(st.binary(max_size=200))
def test_no_body_raises_anything_else(body: bytes) -> None:
    from evikg.queries.outward.endpoint import _checked, _PassingError

    endpoint = Endpoint("mesh", "http://localhost/", "mesh", "", {}, {})
    with pytest.raises((NoAnswerError, _PassingError)):
        _checked(body, "application/sparql-results+json", endpoint)


def test_nothing_listening_is_said(client: Client, mesh: Endpoint) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        # Bound, and not listening: a connection is refused.
        nobody = replace(mesh, url=f"http://127.0.0.1:{taken.getsockname()[1]}/")
        words = reason(client, nobody)
    assert words == "cannot be reached: connection refused, asked 4 times"


def test_a_host_that_does_not_resolve_is_offline(
    client: Client, mesh: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: Any, **__: Any) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    nowhere = replace(mesh, url="http://endpoint.invalid/")
    monkeypatch.setenv("no_proxy", "*")
    assert reason(client, nowhere) == "cannot be reached: offline, or no such host"


def test_a_closed_connection_is_asked_again(client: Client, mesh: Endpoint, gate: Gate) -> None:
    gate.faults = [lambda handler: handler.connection.shutdown(socket.SHUT_RDWR)]
    client.select(mesh, QUERY)
    assert len(gate.seen) == 2


def test_a_slow_endpoint_times_out(client: Client, mesh: Endpoint, gate: Gate) -> None:
    client.limits = replace(client.limits, timeout_s=0.1)
    gate.faults = [lambda handler: time.sleep(0.3)]
    assert reason(client, mesh) == "timed out after 0.1 s"


def test_a_dripping_endpoint_times_out(client: Client, mesh: Endpoint, gate: Gate) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/sparql-results+json")
        handler.end_headers()
        for _ in range(40):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.02)

    client.limits = replace(client.limits, timeout_s=0.2)
    client.monotonic = time.monotonic
    gate.faults = [drip]
    assert reason(client, mesh) == "timed out after 0.2 s"


def test_an_endless_answer_is_refused(client: Client, mesh: Endpoint, gate: Gate) -> None:
    client.limits = replace(client.limits, bytes=1000)
    gate.faults = [answer(200, b" " * 5000)]
    assert reason(client, mesh) == "answer larger than 1000 bytes; refused"


def test_a_redirect_is_followed(client: Client, mesh: Endpoint, gate: Gate) -> None:
    def away(handler: BaseHTTPRequestHandler) -> None:
        send(handler, 302, Location=handler.path.replace("/sparql", "/elsewhere"))

    gate.faults = [away]
    client.select(mesh, QUERY)
    assert [path.partition("?")[0] for _, path, _ in gate.seen] == ["/sparql", "/elsewhere"]


def test_redirects_in_a_loop_end(client: Client, mesh: Endpoint, gate: Gate) -> None:
    gate.faults = [lambda handler: send(handler, 302, Location="/sparql")] * 20
    assert reason(client, mesh) == "redirects in a loop (302 Found)"
    assert len(gate.seen) < 8


@pytest.mark.parametrize("target", ["file:///etc/hostname", "ftp://127.0.0.1/x", "data:,x"])
def test_a_redirect_elsewhere_is_refused(
    target: str, client: Client, mesh: Endpoint, gate: Gate
) -> None:
    gate.faults = [answer(302, Location=target)]
    words = reason(client, mesh)
    assert words == f"redirects to {target!r}, which is not http or https; refused"
    assert len(gate.seen) == 1


@pytest.mark.parametrize(
    "url", ["file:///etc/hostname", "ftp://h/x", "mesh", "http://", "http://["]
)
def test_an_address_that_is_not_http_is_refused(url: str, client: Client, mesh: Endpoint) -> None:
    assert url.split("/")[0] in reason(client, replace(mesh, url=url))


@given(st.integers(0, 10**9 - 1))
def test_seconds_of_retry_after_are_read_as_they_stand(seconds: int) -> None:
    assert Client(Limits())._asked_wait(str(seconds)) == seconds


@given(st.text(max_size=40))
def test_no_retry_after_raises(value: str) -> None:
    wait = Client(Limits(), now=lambda: Clock().start.astimezone(UTC))._asked_wait(value)
    assert wait is None or wait >= 0
