"""The graph of two registry records and a paper on the study of one, for tests of its building."""

from pathlib import Path

import pytest

from evikg.graph.embedded import EmbeddedStore


@pytest.fixture
def paper() -> Path:
    """Return a folder of evidence with the paper."""
    return Path(__file__).parents[2] / "data" / "ctgov" / "paper"


@pytest.fixture
def place(registry_graph: Path) -> Path:
    """Return the directory of the graph; whoever writes takes a copy."""
    return registry_graph


@pytest.fixture
def store(place: Path) -> EmbeddedStore:
    """Return that graph, opened to read."""
    return EmbeddedStore.open(place)
