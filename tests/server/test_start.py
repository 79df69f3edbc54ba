"""`evikg serve` on the command line: how it starts, stops and refuses."""

import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from .conftest import Start

TRIG = "<a:g> { <a:s> <a:p> 1 }"


def serve(*options: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", "from evikg.cli.main import main; main()", "serve", *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_no_graph_is_one_line(tmp_path: Path) -> None:
    refused = serve("--store", str(tmp_path / "none"), "--port", "0")
    assert refused.returncode == 2
    assert refused.stdout == ""
    assert refused.stderr == (
        f"error: no graph at {tmp_path}/none; run `evikg build --store {tmp_path}/none`\n"
    )


def test_a_port_in_use_is_one_line(store_of: Callable[[str], Path]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = serve("--store", str(store_of(TRIG)), "--port", str(port))
    assert refused.returncode == 2
    (line,) = refused.stderr.splitlines()
    assert str(port) in line and "--port" in line


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_when_told_to(
    start: Start, store_of: Callable[[str], Path], number: signal.Signals
) -> None:
    with start(store_of(TRIG)) as running:
        assert httpx.get(f"{running.url}/sparql?query=ASK%7B%7D").status_code == 200
        running.process.send_signal(number)
        assert running.process.wait(timeout=30) == 0
        lines = running.log.read_text().splitlines()
    assert lines == [f"serving at {running.url}/"]


def test_it_listens_at_loopback_alone(start: Start, store_of: Callable[[str], Path]) -> None:
    with start(store_of(TRIG)) as running:
        assert running.url.startswith("http://127.0.0.1:")


def test_an_endpoint_elsewhere_is_served(start: Start, store_of: Callable[[str], Path]) -> None:
    with (
        start(store_of(TRIG), "--workers", "1") as there,
        start(f"{there.url}/sparql", "--workers", "1") as here,
    ):
        rows = httpx.get(f"{here.url}/sparql", params={"query": "SELECT ?o { ?s ?p ?o }"})
        assert rows.json()["results"]["bindings"][0]["o"]["value"] == "1"
        assert "etag" not in rows.headers
        graph = httpx.get(
            f"{here.url}/store?graph=a:g", headers={"accept": "application/n-triples"}
        )
        assert graph.text == ('<a:s> <a:p> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .\n')
        malformed = httpx.get(f"{here.url}/sparql?query=ASK")
        assert malformed.status_code == 400
    with start("http://127.0.0.1:9/sparql", "--workers", "1") as alone:
        assert httpx.get(f"{alone.url}/sparql?query=ASK%7B%7D", timeout=60).status_code == 502
