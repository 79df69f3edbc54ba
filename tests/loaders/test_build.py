"""A build is all or nothing, deterministic, and leaves readers in peace."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import QuerySolutions

from evikg.graph import (
    StoreLockedError,
    StoreMissingError,
    StoreReadOnlyError,
    StoreUnreadableError,
    open_store,
)
from evikg.graph.embedded import current_generation, new_generation
from evikg.loaders.build import assemble, build
from evikg.loaders.evidence import shipped_evidence
from evikg.loaders.faults import EvidenceError


def percents(store: Path) -> list[str]:
    """Return the printed values in a store, sorted."""
    answer = open_store(store).query(
        "SELECT ?v { ?r <https://w3id.org/evikg/ontology#printedValue> ?v }"
    )
    assert isinstance(answer, QuerySolutions)
    return sorted(row[0].value for row in answer)  # type: ignore[union-attr]


def test_the_same_input_gives_the_same_graph(small: Any) -> None:
    assert assemble(small.folder).digest() == assemble(small.folder).digest()


def test_the_graph_does_not_depend_on_hashing_order(tmp_path: Path) -> None:
    script = (
        "from evikg.loaders.build import assemble\n"
        "from evikg.loaders.evidence import shipped_evidence\n"
        "print(assemble(shipped_evidence()).digest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


def test_no_triple_stands_in_two_graphs() -> None:
    quads = assemble(shipped_evidence()).quads
    assert len({quad.triple for quad in quads}) == len(quads)


def test_a_bad_file_leaves_the_graph_before_unchanged(small: Any, tmp_path: Path) -> None:
    store = tmp_path / "graph"
    build(small.folder, store)
    small.rows({"events": "43"})
    with pytest.raises(EvidenceError):
        build(small.folder, store)
    assert percents(store) == ["83.3"]


def test_a_second_build_replaces_the_first(small: Any, tmp_path: Path) -> None:
    store = tmp_path / "graph"
    build(small.folder, store)
    small.rows({"value": "83.4"})
    build(small.folder, store)
    assert percents(store) == ["83.4"]


def test_a_reader_keeps_its_graph_while_a_build_replaces_it(small: Any, tmp_path: Path) -> None:
    store = tmp_path / "graph"
    build(small.folder, store)
    reader = open_store(store)
    small.rows({"value": "83.4"}, {"line": "13"})
    build(small.folder, store)
    answer = reader.query("SELECT ?v { ?r <https://w3id.org/evikg/ontology#printedValue> ?v }")
    assert isinstance(answer, QuerySolutions)
    assert [row[0].value for row in answer] == ["83.3"]  # type: ignore[union-attr]


@pytest.mark.parametrize("moment", ["loading the store", "finishing"])
def test_a_build_killed_at_any_moment_leaves_the_graph_before(
    small: Any, tmp_path: Path, moment: str
) -> None:
    store = tmp_path / "graph"
    build(small.folder, store)
    small.rows({"value": "83.4"})
    script = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from evikg.loaders.build import build\n"
        "def progress(step):\n"
        f"    if step == {moment!r}: os.kill(os.getpid(), signal.SIGKILL)\n"
        "build(Path(sys.argv[1]), Path(sys.argv[2]), progress)"
    )
    killed = subprocess.run([sys.executable, "-c", script, str(small.folder), str(store)])
    assert killed.returncode == -signal.SIGKILL
    assert percents(store) == ["83.3"]
    build(small.folder, store)
    assert percents(store) == ["83.4"]


def test_a_build_killed_at_a_random_moment_leaves_a_whole_graph(tmp_path: Path) -> None:
    store = tmp_path / "graph"
    build(shipped_evidence(), store)
    whole = open_store(store).size()
    script = (
        "import sys\nfrom pathlib import Path\n"
        "from evikg.loaders.build import build\n"
        "from evikg.loaders.evidence import shipped_evidence\n"
        "build(shipped_evidence(), Path(sys.argv[1]))"
    )
    for delay in (0.3, 0.9, 1.5, 2.1):
        process = subprocess.Popen([sys.executable, "-c", script, str(store)])
        time.sleep(delay)
        process.kill()
        process.wait()
        assert open_store(store).size() == whole


def test_leftovers_of_a_killed_build_are_removed_by_the_next(small: Any, tmp_path: Path) -> None:
    store = tmp_path / "graph"
    build(small.folder, store)
    (store / "generation-2").mkdir()
    (store / "generation-2" / "000001.sst").write_bytes(b"half")
    build(small.folder, store)
    generation = current_generation(store)
    assert generation is not None
    assert percents(store) == ["83.3"]


def _read(store: str, queue: "multiprocessing.Queue[int]") -> None:
    queue.put(open_store(store).size())


def test_readers_in_other_processes_read_at_the_same_time(small: Any, tmp_path: Path) -> None:
    store = tmp_path / "graph"
    build(small.folder, store)
    here = open_store(store)
    context = multiprocessing.get_context("spawn")
    queue: multiprocessing.Queue[int] = context.Queue()
    readers = [context.Process(target=_read, args=(str(store), queue)) for _ in range(3)]
    for reader in readers:
        reader.start()
    sizes = {queue.get(timeout=60) for _ in readers}
    for reader in readers:
        reader.join()
    assert sizes == {here.size()}


def test_two_builds_at_once_are_refused(small: Any, tmp_path: Path) -> None:
    store = tmp_path / "graph"
    with new_generation(store), pytest.raises(StoreLockedError, match="another build"):
        build(small.folder, store)


def test_a_missing_graph_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(StoreMissingError, match="run `evikg build --store"):
        open_store(tmp_path / "nothing")


def test_a_graph_opened_to_read_takes_no_update(small: Any, tmp_path: Path) -> None:
    build(small.folder, tmp_path / "graph")
    with pytest.raises(StoreReadOnlyError):
        open_store(tmp_path / "graph").update("DELETE WHERE { ?s ?p ?o }")


def test_a_damaged_graph_says_so_and_can_be_built_again(small: Any, tmp_path: Path) -> None:
    store = tmp_path / "graph"
    build(small.folder, store)
    generation = current_generation(store)
    assert generation is not None
    for table in generation.glob("*.sst"):
        table.write_bytes(table.read_bytes()[:100])
    with pytest.raises(StoreUnreadableError, match="build"):
        percents(store)
    build(small.folder, store)
    assert percents(store) == ["83.3"]


def test_a_graph_is_not_built_over_a_file(small: Any, tmp_path: Path) -> None:
    place = tmp_path / "graph"
    place.write_text("not a graph")
    with pytest.raises(StoreUnreadableError, match="is a file"):
        build(small.folder, place)
    assert place.read_text() == "not a graph"
