"""Servers on loopback, as a user starts them."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph
import pytest

from evikg.graph.embedded import new_generation

#: What the command `evikg` runs.
_EVIKG = (sys.executable, "-c", "from evikg.cli.main import main; main()")


@dataclass(frozen=True)
class Running:
    """A server that runs, and the process behind it."""

    url: str
    process: "subprocess.Popen[str]"
    log: Path


Start = Callable[..., AbstractContextManager[Running]]


@pytest.fixture(scope="session")
def start(tmp_path_factory: pytest.TempPathFactory) -> Start:
    """Return what starts `evikg serve` on a store, with options, at a free port."""

    @contextmanager
    def started(place: Path | str, *options: str) -> Iterator[Running]:
        log = tmp_path_factory.mktemp("server") / "log"
        with log.open("w") as words:
            process = subprocess.Popen(
                [*_EVIKG, "serve", "--store", str(place), "--port", "0", *options],
                stdout=subprocess.PIPE,
                stderr=words,
                text=True,
            )
        try:
            while "serving at " not in log.read_text():
                assert process.poll() is None, log.read_text()
                time.sleep(0.02)
            url = log.read_text().split("serving at ")[1].split()[0].rstrip("/")
            yield Running(url, process, log)
        finally:
            process.terminate()
            process.communicate(timeout=20)

    return started


@pytest.fixture(scope="session")
def evidence_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the directory of a graph built from the shipped evidence."""
    store = tmp_path_factory.mktemp("evidence") / "store"
    subprocess.run(
        [*_EVIKG, "build", "--store", str(store)], check=True, capture_output=True, text=True
    )
    return store


@pytest.fixture(scope="session")
def server(start: Start, evidence_store: Path) -> Iterator[str]:
    """Return the URL of a server over the shipped evidence, without a slash at its end."""
    with start(evidence_store) as running:
        yield running.url


@pytest.fixture
def store_of(tmp_path: Path) -> Callable[[str], Path]:
    """Return what puts a graph, given as TriG, in force in a directory of this test."""

    def stored(trig: str) -> Path:
        with new_generation(tmp_path / "store") as store:
            store.load(trig, pyoxigraph.RdfFormat.TRIG)
        return tmp_path / "store"

    return stored
