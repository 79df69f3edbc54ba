"""Servers that answer SPARQL on loopback, started on the same graph, each in processes of its own."""

import http.client
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

#: How long a server may take to read its graph: rdflib parses it.
PATIENCE_S = 900.0
#: Some servers close a connection on which nothing has been asked for five seconds.
_KEPT_S = 3.0


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    name: str
    port: int
    path: str

    def client(self) -> "Client":
        """Return a client with a connection of its own."""
        return Client(self)


class Client:
    """One connection that is kept open, as any client library keeps it."""

    def __init__(self, server: Server) -> None:
        """Connect when first asked."""
        self._server = server
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE_S)
        self._used = time.monotonic()

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def ask(self, query: str, accept: str = "application/sparql-results+json") -> bytes:
        """Return the whole answer; a graph comes as Turtle.

        :raises RuntimeError: if the server refuses
        """
        if time.monotonic() - self._used > _KEPT_S:
            self._connection.close()  # it connects anew by itself
        is_graph = "DESCRIBE" in query or "CONSTRUCT" in query
        self._connection.request(
            "POST",
            self._server.path,
            urlencode({"query": query}),
            {
                "Accept": "text/turtle" if is_graph else accept,
                "Content-Type": "application/x-www-form-urlencoded",
            },
        )
        response = self._connection.getresponse()
        body = response.read()
        self._used = time.monotonic()
        if response.status != http.HTTPStatus.OK:
            raise RuntimeError(f"{self._server.name}: {response.status} {body[:200]!r}")
        return body


@contextmanager
def evikg(store: Path) -> Iterator[Server]:
    """Serve a directory by `evikg serve`."""
    code = "from evikg.cli.main import main; main()"
    with _started("evikg", "/sparql", lambda port: [
        sys.executable, "-c", code, "serve", "--store", str(store), "--port", str(port)
    ]) as server:  # fmt: skip
        yield server


@contextmanager
def oxigraph(store: Path) -> Iterator[Server]:
    """Serve the very same files by the `oxigraph` server."""
    from evikg.graph.embedded import current_generation

    beside = Path(sys.executable).with_name("oxigraph")
    program = str(beside) if beside.exists() else shutil.which("oxigraph")
    if program is None:
        raise SystemExit("the oxigraph server is missing: pip install oxigraph")
    place = str(current_generation(store))
    with _started("oxigraph", "/query", lambda port: [
        program, "serve-read-only", "--location", place, "--bind", f"127.0.0.1:{port}",
        "--union-default-graph",
    ]) as server:  # fmt: skip
        yield server


@contextmanager
def rdflib_endpoint(quads: Path) -> Iterator[Server]:
    """Serve a file of N-Quads by rdflib-endpoint, in memory, its default graph the union."""
    with _started("rdflib-endpoint", "/", lambda port: [
        sys.executable, "-m", "rdflib_endpoint", "serve", str(quads),
        "--host", "127.0.0.1", "--port", str(port),
    ]) as server:  # fmt: skip
        yield server


@contextmanager
def _started(name: str, path: str, command: Callable[[int], list[str]]) -> Iterator[Server]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(  # noqa: S603 - a server of ours or of a peer
        command(port), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(process, port, name)
        yield Server(name, port, path)
    finally:
        process.terminate()
        process.wait(30)


def _wait(process: "subprocess.Popen[bytes]", port: int, name: str) -> None:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if process.poll() is not None:
            raise SystemExit(f"{name} ended with {process.returncode} before it answered")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise SystemExit(f"{name} did not answer within {PATIENCE_S:.0f} s")
