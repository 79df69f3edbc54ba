"""An upload puts a graph in force in one step, whatever is interrupted, and touches no other's."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QuerySolutions

from evikg.graph import EndpointError, StoreLockedError
from evikg.graph.embedded import EmbeddedStore
from evikg.graph.remote import UPLOADS, RemoteStore
from evikg.graph.upload import OURS, upload

FOREIGN = "https://example.org/graph/of-others"
SIZE = NamedNode("https://w3id.org/evikg/ontology#size")
EVERYTHING = "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"


def graph(triples: int, mark: str = "a", slug: str = "test") -> EmbeddedStore:
    """Return a graph of that many triples and two that share a blank node; `mark` is in half."""
    store = EmbeddedStore()
    name, shared = NamedNode(OURS + slug), BlankNode(slug)
    for number in range(triples):
        subject = NamedNode(f"https://w3id.org/evikg/group/{slug}-{number}")
        text = f"{mark} {number}" if number % 2 else f"kept {number}"
        store.inner.add(Quad(subject, SIZE, Literal(text), name))
    store.inner.add(Quad(NamedNode(f"https://w3id.org/evikg/list/{mark}"), SIZE, shared, name))
    store.inner.add(Quad(shared, SIZE, NamedNode("https://w3id.org/evikg/list/end"), name))
    return store


@pytest.fixture(params=["oxigraph", "virtuoso"])
def store(
    request: pytest.FixtureRequest, endpoint: Callable[[str], RemoteStore]
) -> Iterator[RemoteStore]:
    remote = endpoint(request.param)
    clear(remote)
    yield remote
    clear(remote)


def clear(store: RemoteStore) -> None:
    answer = store.query(EVERYTHING)
    for name in [row[0].value for row in answer]:  # type: ignore[union-attr]
        if name.startswith((OURS, UPLOADS, FOREIGN)):
            store.update(f"DROP SILENT GRAPH <{name}>")


def held(store: RemoteStore) -> dict[str, int]:
    """Return how often each mark stands in the union, as any client sees it."""
    answer = store.query(
        f"SELECT ?mark (COUNT(*) AS ?n) WHERE {{ ?s {SIZE} ?text FILTER(isLiteral(?text))"
        ' BIND(STRBEFORE(?text, " ") AS ?mark) } GROUP BY ?mark'
    )
    assert isinstance(answer, QuerySolutions)
    return {row[0].value: int(row[1].value) for row in answer}  # type: ignore[union-attr]


def linked(store: RemoteStore) -> list[str]:
    """Return what is reached through a blank node."""
    answer = store.query(f"SELECT ?start WHERE {{ ?start {SIZE} ?blank . ?blank {SIZE} ?end }}")
    return [row[0].value.rpartition("/")[2] for row in answer]  # type: ignore[union-attr]


def left_over(store: RemoteStore) -> list[str]:
    """Return the graphs of uploads that are there beside the digests."""
    answer = store.query(EVERYTHING)
    names = [row[0].value for row in answer]  # type: ignore[union-attr]
    return [n for n in names if n.startswith(UPLOADS) and n != f"{UPLOADS}digests"]


def test_a_changed_graph_takes_the_place_of_the_one_before(
    store: RemoteStore, uploads: Path
) -> None:
    first = upload(graph(100), store, uploads)
    assert (first.added_triples, first.removed_triples, len(first.changed)) == (102, 0, 1)
    assert (held(store), linked(store)) == ({"kept": 50, "a": 50}, ["a"])
    second = upload(graph(80, "b"), store, uploads)
    # 40 of the second half and 2 with a blank node come; 50, 10 that are not kept, and 2 go.
    assert (second.added_triples, second.removed_triples) == (42, 62)
    assert (held(store), linked(store)) == ({"kept": 40, "b": 40}, ["b"])
    assert left_over(store) == []


def test_what_has_not_changed_is_not_sent_again(store: RemoteStore, uploads: Path) -> None:
    both = graph(20)
    both.inner.extend(graph(10, slug="other").inner)
    upload(both, store, uploads)
    said: list[str] = []
    assert len(upload(both, store, uploads, said.append).unchanged) == 2
    assert said == []
    changed = graph(20)
    changed.inner.extend(graph(12, slug="other").inner)
    done = upload(changed, store, uploads)
    assert (done.changed, done.unchanged) == ((f"{OURS}other",), (f"{OURS}test",))


def test_what_others_have_changed_is_put_right(store: RemoteStore, uploads: Path) -> None:
    upload(graph(20), store, uploads)
    store.update(f"DELETE WHERE {{ GRAPH <{OURS}test> {{ ?s {SIZE} 'kept 0' }} }}")
    assert upload(graph(20), store, uploads).added_triples == 3  # and the two with a blank node
    assert held(store) == {"kept": 10, "a": 10}


def test_graphs_that_are_no_longer_built_go_and_those_of_others_stay(
    store: RemoteStore, uploads: Path
) -> None:
    store.update(f"INSERT DATA {{ GRAPH <{FOREIGN}> {{ <urn:a> <urn:b> 'theirs' }} }}")
    upload(graph(10, slug="old"), store, uploads)
    done = upload(graph(10), store, uploads)
    assert done.removed == (f"{OURS}old",)
    assert store.sizes() == {FOREIGN: 1, f"{OURS}test": 12}


def test_numbers_written_otherwise_are_the_same_and_a_lost_digit_is_refused(
    endpoint: Callable[[str], RemoteStore], uploads: Path
) -> None:
    store = endpoint("virtuoso")
    clear(store)
    decimal = NamedNode("http://www.w3.org/2001/XMLSchema#decimal")

    def of(text: str) -> EmbeddedStore:
        made = EmbeddedStore()
        literal = Literal(text, datatype=decimal)
        made.inner.add(Quad(NamedNode("urn:s"), SIZE, literal, NamedNode(f"{OURS}test")))
        return made

    upload(of("1.50"), store, uploads)
    assert upload(of("1.5"), store, uploads).added_triples == 0
    with pytest.raises(EndpointError, match=r"it does not keep .*; nothing was changed"):
        upload(of("123456789.123456789012345678"), store, uploads)
    answer = store.query(f"SELECT ?o WHERE {{ GRAPH <{OURS}test> {{ ?s ?p ?o }} }}")
    assert [row[0].value for row in answer] == ["1.5"]  # type: ignore[union-attr]
    clear(store)


def test_a_failure_before_the_switch_leaves_the_graph_before_and_nothing_else(
    store: RemoteStore, uploads: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload(graph(20), store, uploads)
    seen: list[dict[str, int]] = []

    def stop(_: str) -> None:
        seen.append(held(store))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        upload(graph(20, "b"), store, uploads, stop)
    assert seen == [{"kept": 10, "a": 10}]
    assert (held(store), left_over(store)) == ({"kept": 10, "a": 10}, [])


def test_no_client_sees_a_mixture_while_a_graph_is_put_in_force(
    store: RemoteStore, uploads: Path
) -> None:
    upload(graph(2000), store, uploads)
    seen: list[dict[str, int]] = []
    done = threading.Event()

    def watch() -> None:
        other = RemoteStore(store.places.query)
        while not done.is_set():
            seen.append(held(other))

    thread = threading.Thread(target=watch)
    thread.start()
    upload(graph(2000, "b"), store, uploads)
    done.set()
    thread.join()
    seen.append(held(store))
    before, after = {"kept": 1000, "a": 1000}, {"kept": 1000, "b": 1000}
    assert [counts for counts in seen if counts not in (before, after)] == []
    assert (seen[0], seen[-1]) == (before, after)


def test_a_second_upload_at_once_is_refused(
    store: RemoteStore, uploads: Path, tmp_path: Path
) -> None:
    refused: list[str] = []

    def meanwhile(_: str) -> None:
        for folder in (uploads, tmp_path / "another-machine"):
            with pytest.raises(StoreLockedError) as caught:
                upload(graph(5, "b"), RemoteStore(store.places.query), folder)
            refused.append(str(caught.value))

    upload(graph(5), store, uploads, meanwhile)
    assert refused
    assert all("another build is writing to" in words for words in refused)
    assert held(store) == {"kept": 3, "a": 2}


UPLOADER = """
import importlib.util, os, sys
from pathlib import Path
spec = importlib.util.spec_from_file_location("uploading", sys.argv[1])
uploading = importlib.util.module_from_spec(spec)
spec.loader.exec_module(uploading)
def die(step):
    print(step, flush=True)
    if sys.argv[4] in step:
        os.kill(os.getpid(), 9)
uploading.upload(uploading.graph(20, "b"), uploading.RemoteStore(sys.argv[2]), Path(sys.argv[3]), die)
"""


@pytest.mark.parametrize("step", ["removed", "added", "linked", "putting it in force"])
def test_an_uploader_that_is_killed_leaves_the_graph_before_and_the_next_tidies_up(
    store: RemoteStore, uploads: Path, tmp_path: Path, step: str
) -> None:
    upload(graph(20), store, uploads)
    command = [sys.executable, "-c", UPLOADER, __file__, store.places.query, str(uploads), step]
    killed = subprocess.run(command, capture_output=True, text=True)
    assert killed.returncode == -9, killed.stderr
    assert (held(store), linked(store)) == ({"kept": 10, "a": 10}, ["a"])
    assert left_over(store) != []
    with pytest.raises(StoreLockedError, match="last sign of life"):
        upload(graph(20, "b"), store, tmp_path / "another-machine")
    upload(graph(20, "b"), store, uploads)
    assert (held(store), linked(store), left_over(store)) == ({"kept": 10, "b": 10}, ["b"], [])


@pytest.mark.parametrize("moment", [0.0, 0.4])
def test_a_virtuoso_that_is_killed_in_the_switch_comes_back_with_one_of_the_two(
    virtuoso: Callable[[], AbstractContextManager[Any]], uploads: Path, moment: float
) -> None:
    with virtuoso() as server:
        store = RemoteStore(server.url)
        upload(graph(1000), store, uploads)

        def switching(step: str) -> None:
            if step == "putting it in force":
                threading.Timer(moment, server.kill).start()

        try:
            upload(graph(1000, "b"), store, uploads, switching)
        except EndpointError:
            time.sleep(0.1)
        while server.process.poll() is None:
            time.sleep(0.05)
        server.start()
        before, after = {"kept": 500, "a": 500}, {"kept": 500, "b": 500}
        assert held(store) in (before, after)
        upload(graph(1000, "b"), store, uploads)
        assert (held(store), linked(store), left_over(store)) == (after, ["b"], [])
