"""The shipped evidence, built once for all tests of exports."""

from pathlib import Path

import pytest

from evikg.graph.embedded import EmbeddedStore
from evikg.graph.exports import one_graph, part_about
from evikg.loaders.build import build
from evikg.loaders.evidence import shipped_evidence


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedStore:
    place: Path = tmp_path_factory.mktemp("exports") / "graph"
    build(shipped_evidence(), place)
    return EmbeddedStore.open(place)


@pytest.fixture(scope="session")
def part(store: EmbeddedStore) -> EmbeddedStore:
    """Return one trial with all that stands behind it, and the vocabulary with its blank nodes."""
    held = part_about(store, ["ino-vate"])
    vocabulary = one_graph(store, "ontology")
    assert isinstance(held, EmbeddedStore)
    assert isinstance(vocabulary, EmbeddedStore)
    held.inner.bulk_extend(vocabulary.inner)
    return held
