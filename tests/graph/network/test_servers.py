"""Exploring an endpoint is exploring the same graph: two servers of different make, on loopback."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import NamedNode, RdfFormat, serialize

from evikg.graph import Store, open_store
from evikg.graph.embedded import EmbeddedStore
from evikg.graph.network import (
    classes,
    evidence_network,
    near_names,
    neighbours,
    thing_named,
)
from evikg.ontology import individual

#: Graphs that hold something of everything, and are sent in a second.
PARTS = ("catalogue", "closure", "links", "ozcan-2025", "tran-2026")
GRAPHS = [individual("graph", name) for name in PARTS]
NAMES = ["defibrotide", "VOD", "phase4-lowdose", "NCT03677596", "ozcan-2025-l147-2", "Neutropenia"]


@pytest.fixture(scope="module")
def part(corpus: EmbeddedStore) -> EmbeddedStore:
    store = EmbeddedStore()
    for graph in GRAPHS:
        store.inner.extend(corpus.inner.quads_for_pattern(None, None, None, graph))
    return store


def test_an_oxigraph_server_answers_the_same(
    part: EmbeddedStore, oxigraph: Callable[[], AbstractContextManager[str]]
) -> None:
    with oxigraph() as address:
        store = open_store(f"http://{address}/query")
        store.load(quads(part), RdfFormat.N_QUADS, None)
        assert_same(store, part)


def test_virtuoso_answers_the_same(
    part: EmbeddedStore, virtuoso: Callable[..., AbstractContextManager[Any]]
) -> None:
    with virtuoso() as server:
        file: Path = server.folder / "part.nq"
        file.write_bytes(quads(part))
        # 512: the file is of N-Quads.
        server.sql(f"DB.DBA.TTLP_MT (file_to_string_output ('{file}'), '', 'urn:none', 512);")
        assert_same(open_store(server.url), part)


def assert_same(store: Store, expected: EmbeddedStore) -> None:
    for name in NAMES:
        thing = thing_named(expected, name)
        assert thing_named(store, name) == thing
        for offset in (0, 3):
            page = neighbours(expected, thing.iri, offset=offset, limit=12)
            assert neighbours(store, thing.iri, offset=offset, limit=12) == page
    assert near_names(store, "defibrotid") == near_names(expected, "defibrotid")
    assert classes(store) == classes(expected)
    found, wanted = evidence_network(store), evidence_network(expected)
    assert dict(found.nodes(data=True)) == dict(wanted.nodes(data=True))
    assert list(found) == list(wanted)
    assert list(found.edges(keys=True, data=True)) == list(wanted.edges(keys=True, data=True))


def quads(store: EmbeddedStore) -> bytes:
    output = io.BytesIO()
    named = (quad for quad in store.inner if isinstance(quad.graph_name, NamedNode))
    serialize(named, output, RdfFormat.N_QUADS)
    return output.getvalue()
