"""The shipped evidence, built once for all tests of exports."""

from pathlib import Path

import pytest

from evikg.graph.embedded import EmbeddedStore
from evikg.loaders.build import build
from evikg.loaders.evidence import shipped_evidence


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedStore:
    place: Path = tmp_path_factory.mktemp("exports") / "graph"
    build(shipped_evidence(), place)
    return EmbeddedStore.open(place)
