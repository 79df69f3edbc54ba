"""A real SPARQL server on loopback, and before it a server that fails as it is told."""

import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from evikg.queries.outward import Asker, Cache, Client, Limits, Settings, read_settings

DATA = Path(__file__).parents[2] / "data" / "outward"

Fault = Callable[[BaseHTTPRequestHandler], None]


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep loopback off any proxy, and the user's own settings and cache out of the tests."""
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("EVIKG_ENDPOINTS", raising=False)


@pytest.fixture(scope="session")
def sparql_url(oxigraph: Callable[[], AbstractContextManager[str]]) -> Iterator[str]:
    """Return the query URL of an Oxigraph server that holds the data of all three endpoints."""
    with oxigraph() as address:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        for path in sorted(DATA.glob("*.nq")):
            request = urllib.request.Request(
                f"http://{address}/store",
                data=path.read_bytes(),
                method="POST",
                headers={"Content-Type": "application/n-quads"},
            )
            opener.open(request).close()
        yield f"http://{address}/query"


class Gate:
    """A server that passes requests on, after it has acted out its faults, one a request."""

    def __init__(self, upstream: str) -> None:
        self.upstream = upstream
        self.faults: list[Fault] = []
        self.seen: list[tuple[str, str, dict[str, str]]] = []
        gate = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                gate.seen.append((self.command, self.path, dict(self.headers)))
                (gate.faults.pop(0) if gate.faults else gate.forward)(self)
                self.close_connection = True

            do_POST = do_GET  # noqa: N815 - named by the base class

            def log_message(self, *arguments: Any) -> None:
                """Keep quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}/sparql"

    def forward(self, handler: BaseHTTPRequestHandler) -> None:
        query = handler.path.partition("?")[2]
        length = int(handler.headers.get("Content-Length") or 0)
        request = urllib.request.Request(  # noqa: S310 - loopback
            f"{self.upstream}?{query}" if query else self.upstream,
            data=handler.rfile.read(length) if length else None,
            headers={
                name: handler.headers[name]
                for name in ("Accept", "Content-Type")
                if name in handler.headers
            },
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request) as answer:
                status, body, kind = answer.status, answer.read(), answer.headers["Content-Type"]
        except urllib.error.HTTPError as error:
            with error:
                status, body, kind = error.code, error.read(), "text/plain"
        send(handler, status, body, **{"Content-Type": kind})

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def send(
    handler: BaseHTTPRequestHandler,
    status: int,
    body: bytes = b"",
    length: int | None = None,
    **headers: str,
) -> None:
    """Answer with a status, headers and a body that may be shorter than its Content-Length."""
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(body) if length is None else length))
    handler.send_header("Connection", "close")
    handler.end_headers()
    handler.wfile.write(body)


def answer(status: int, body: bytes = b"", length: int | None = None, **headers: str) -> Fault:
    """Return a fault that answers with these."""
    headers.setdefault("Content_Type", "application/sparql-results+json")
    return lambda handler: send(handler, status, body, length, **headers)


@pytest.fixture
def gate(sparql_url: str) -> Iterator[Gate]:
    made = Gate(sparql_url)
    yield made
    made.close()


class Clock:
    """Time that passes only where somebody sleeps, so that waiting costs none."""

    def __init__(self) -> None:
        self.elapsed = 0.0
        self.slept: list[float] = []
        self.start = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.elapsed += seconds

    def monotonic(self) -> float:
        return self.elapsed

    def now(self) -> datetime:
        return self.start + timedelta(seconds=self.elapsed)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def client(clock: Clock) -> Client:
    """Return a client that draws the longest wait each time."""
    return Client(
        Limits(timeout_s=5),
        sleep=clock.sleep,
        monotonic=clock.monotonic,
        now=clock.now,
        jitter=lambda low, high: high,
    )


@pytest.fixture
def settings(gate: Gate, tmp_path: Path) -> Settings:
    """Return the shipped endpoints, each at the gate."""
    path = tmp_path / "endpoints.yaml"
    names = ("mesh", "ubergraph", "wikidata")
    path.write_text("".join(f"{name}: {{url: '{gate.url}'}}\n" for name in names))
    return read_settings(path)


@pytest.fixture
def asker(client: Client, tmp_path: Path) -> Asker:
    return Asker(client, Cache(tmp_path / "answers"))
