"""Stores of every kind, empty or with the whole graph; the servers are really started."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from evikg.graph.embedded import EmbeddedStore
from evikg.graph.remote import RemoteStore
from evikg.graph.upload import upload
from evikg.loaders.build import build
from evikg.loaders.evidence import shipped_evidence
from evikg.queries.examples import examples

KINDS = ["embedded", "oxigraph", "virtuoso"]
REMOTE = ["oxigraph", "virtuoso"]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedStore:
    """Return the shipped graph, in a directory."""
    folder = tmp_path_factory.mktemp("built")
    build(shipped_evidence(), folder, examples=examples())
    return EmbeddedStore.open(folder)


@pytest.fixture(scope="session")
def endpoint(
    oxigraph: Callable[[], AbstractContextManager[str]], request: pytest.FixtureRequest
) -> Iterator[Callable[[str], RemoteStore]]:
    """Return what gives the store of a kind; each server is started once."""
    held: dict[str, RemoteStore] = {}
    running: list[AbstractContextManager[Any]] = []

    def give(kind: str) -> RemoteStore:
        if kind not in held:
            start = request.getfixturevalue("virtuoso") if kind == "virtuoso" else oxigraph
            running.append(start())
            server = running[-1].__enter__()
            url = server.url if kind == "virtuoso" else f"http://{server}/query"
            held[kind] = RemoteStore(url)
        return held[kind]

    yield give
    for server in running:
        server.__exit__(None, None, None)


@pytest.fixture(scope="session")
def filled(
    endpoint: Callable[[str], RemoteStore],
    built: EmbeddedStore,
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[str], EmbeddedStore | RemoteStore]:
    """Return what gives a store of a kind that holds the shipped graph: uploaded, if remote."""
    done: set[str] = set()

    def give(kind: str) -> EmbeddedStore | RemoteStore:
        if kind == "embedded":
            return built
        store = endpoint(kind)
        if kind not in done:
            upload(built, store, tmp_path_factory.mktemp("uploads"))
            done.add(kind)
        return store

    return give


@pytest.fixture
def uploads(tmp_path: Path) -> Path:
    return tmp_path / "uploads"
