"""A graph is opened while its writer still tidies up, and one that is damaged is told."""

from pathlib import Path

import pyoxigraph
import pytest

from evikg.graph.embedded import EmbeddedStore, current_generation, new_generation
from evikg.graph.errors import QueryError, StoreUnreadableError


@pytest.fixture
def place(tmp_path: Path) -> Path:
    with new_generation(tmp_path / "graph") as store:
        store.add(pyoxigraph.Quad(*(pyoxigraph.NamedNode(f"urn:{x}") for x in "spo")))
    return tmp_path / "graph"


def test_a_file_that_is_merged_away_meanwhile_is_no_damage(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    generation = current_generation(place)
    assert generation is not None
    hidden = generation.with_name("hidden")
    generation.rename(hidden)

    def back(_: float) -> None:
        hidden.rename(generation)

    monkeypatch.setattr("evikg.graph.embedded.time.sleep", back)
    monkeypatch.setattr("evikg.graph.embedded.current_generation", lambda _: generation)
    assert EmbeddedStore.open(place).size() == 1


def test_damage_is_told_after_some_patience(place: Path) -> None:
    generation = current_generation(place)
    assert generation is not None
    for path in generation.glob("MANIFEST-*"):
        path.unlink()
    with pytest.raises(StoreUnreadableError, match="build the graph again"):
        EmbeddedStore.open(place)


def test_a_function_that_there_is_not_is_a_fault_of_the_query_and_no_damage(place: Path) -> None:
    with pytest.raises(QueryError, match="urn:f"):
        EmbeddedStore.open(place).query("SELECT (<urn:f>(1) AS ?x) WHERE {}")


def test_a_relative_iri_is_one_of_the_graphs_individuals(tmp_path: Path) -> None:
    with new_generation(tmp_path / "graph") as store:
        about = pyoxigraph.NamedNode("https://w3id.org/evikg/study/kr-pms")
        store.add(pyoxigraph.Quad(about, about, about, about))
    opened = EmbeddedStore.open(tmp_path / "graph")
    assert bool(opened.query("ASK { <study/kr-pms> ?p ?o }"))
