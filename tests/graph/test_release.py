"""A release holds its graph and its tables as they are, and tells when it was touched."""

import hashlib
import json
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat

from evikg.graph.comparison import compare
from evikg.graph.embedded import EmbeddedStore, new_generation
from evikg.graph.errors import ReleaseError
from evikg.graph.manifest import manifest, manifest_bytes
from evikg.graph.release import Graph, write_release

QUADS = Path(__file__).parents[1] / "data" / "comparison" / "before.nq"


@pytest.fixture
def store(tmp_path: Path) -> EmbeddedStore:
    """Return a graph as a build leaves it: in a directory, with its manifest."""
    beside: dict[str, bytes] = {}
    with new_generation(tmp_path / "graph", beside) as fresh:
        fresh.load(path=str(QUADS), format=RdfFormat.N_QUADS)
        beside["manifest.json"] = manifest_bytes(manifest(EmbeddedStore(fresh), [], "0.1.0"))
    return EmbeddedStore.open(tmp_path / "graph")


def test_a_release_holds_the_sorted_graph_and_the_checksums(
    store: EmbeddedStore, tmp_path: Path
) -> None:
    described = write_release(store, tmp_path / "release", {"results.csv": b"result\n"})
    data = (tmp_path / "release" / "graph.nq").read_bytes()
    assert data == b"".join(sorted(QUADS.read_bytes().splitlines(keepends=True)))
    assert described["triples"] == data.count(b"\n")
    assert described["files"] == {
        "graph.nq": {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)},
        "results.csv": {"sha256": hashlib.sha256(b"result\n").hexdigest(), "bytes": 7},
    }
    assert json.loads((tmp_path / "release" / "manifest.json").read_text("utf-8")) == described


def test_a_release_its_store_and_its_file_are_equal(store: EmbeddedStore, tmp_path: Path) -> None:
    write_release(store, tmp_path / "release", {})
    places = [tmp_path / "release", tmp_path / "graph", tmp_path / "release" / "graph.nq"]
    assert [compare(Graph(QUADS), Graph(place)).equal for place in places] == [True] * 3


def test_an_empty_folder_is_filled_and_a_taken_one_is_not(
    store: EmbeddedStore, tmp_path: Path
) -> None:
    (tmp_path / "release").mkdir()
    write_release(store, tmp_path / "release", {})
    before = {path: path.read_bytes() for path in (tmp_path / "release").iterdir()}
    with pytest.raises(ReleaseError, match="is there already; name a new folder"):
        write_release(store, tmp_path / "release", {"results.csv": b"new"})
    assert {path: path.read_bytes() for path in (tmp_path / "release").iterdir()} == before


def test_a_release_that_fails_leaves_nothing(store: EmbeddedStore, tmp_path: Path) -> None:
    place = tmp_path / "releases"
    with pytest.raises(ReleaseError, match="cannot be written"):
        write_release(store, place / "one", {"no/such/folder.csv": b""})
    assert list(place.iterdir()) == []


def test_a_graph_without_a_manifest_is_to_be_built_again(
    store: EmbeddedStore, tmp_path: Path
) -> None:
    assert store.generation is not None
    (store.generation / "manifest.json").unlink()
    with pytest.raises(ReleaseError, match=r"holds no manifest\.json; build the graph again"):
        write_release(store, tmp_path / "release", {})


def test_a_release_whose_file_was_touched_is_not_read(store: EmbeddedStore, tmp_path: Path) -> None:
    folder = tmp_path / "release"
    write_release(store, folder, {"results.csv": b"result\n"})
    (folder / "results.csv").write_bytes(b"other\n")
    with pytest.raises(ReleaseError, match=r"results\.csv is not the file whose checksum"):
        Graph(folder)
    (folder / "results.csv").unlink()
    with pytest.raises(ReleaseError, match=r"results\.csv is missing"):
        Graph(folder)
