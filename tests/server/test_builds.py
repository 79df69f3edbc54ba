"""Builds that finish while a server runs: its answers follow, and no request is dropped."""

import threading
import time
from pathlib import Path

import httpx
import pyoxigraph

from evikg.graph.embedded import new_generation

from .conftest import Running, Start

COUNT = "SELECT (COUNT(*) AS ?n) (MIN(?o) AS ?low) (MAX(?o) AS ?high) { ?s ?p ?o }"
SIZE = 50


def build(place: Path, number: int) -> None:
    """Put a graph in force whose every value is the number of its build."""
    with new_generation(place) as store:
        triples = "".join(f"<a:{n}> <a:p> {number} .\n" for n in range(SIZE))
        store.load(triples, pyoxigraph.RdfFormat.TURTLE, to_graph=pyoxigraph.NamedNode("a:g"))


def ask(client: httpx.Client) -> int:
    """Return the number of the build that answers."""
    response = client.get("/sparql", params={"query": COUNT})
    assert response.status_code == 200, response.text
    (row,) = response.json()["results"]["bindings"]
    assert int(row["n"]["value"]) == SIZE
    assert row["low"] == row["high"]
    return int(row["low"]["value"])


def test_answers_follow_builds_and_none_is_lost(start: Start, tmp_path: Path) -> None:
    place = tmp_path / "store"
    build(place, 0)
    faults: list[BaseException] = []
    stop = threading.Event()
    seen: set[int] = set()

    def visit(url: str) -> None:
        try:
            with httpx.Client(base_url=url, timeout=60) as client:
                last = 0
                while not stop.is_set():
                    number = ask(client)
                    assert number >= last - 1  # a worker on the one before may still answer
                    seen.add(number)
                    last = number
        except (AssertionError, httpx.HTTPError) as fault:
            faults.append(fault)

    with start(place, "--workers", "2") as running:
        visitors = [threading.Thread(target=visit, args=(running.url,)) for _ in range(4)]
        for visitor in visitors:
            visitor.start()
        for number in range(1, 6):
            build(place, number)  # the third removes what the first server's workers opened
            time.sleep(0.2)
        with httpx.Client(base_url=running.url, timeout=60) as client:
            wait_for(client, 5)
        stop.set()
        for visitor in visitors:
            visitor.join()
    assert faults == []
    assert {0, 5} <= seen


def wait_for(client: httpx.Client, number: int) -> None:
    end = time.monotonic() + 30
    while ask(client) != number:
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_quiet_server_follows_too_and_its_tags_change(start: Start, tmp_path: Path) -> None:
    place = tmp_path / "store"
    build(place, 1)
    with start(place) as running, httpx.Client(base_url=running.url, timeout=60) as client:
        first = client.get("/sparql", params={"query": COUNT})
        known = {"if-none-match": first.headers["etag"]}
        assert client.get("/sparql", params={"query": COUNT}, headers=known).status_code == 304
        for number in (2, 3, 4):
            build(place, number)
        wait_for(client, 4)
        after = client.get("/sparql", params={"query": COUNT}, headers=known)
        assert after.status_code == 200
        assert after.headers["etag"] != first.headers["etag"]


def test_a_long_answer_goes_on_over_builds_that_remove_its_graph(
    start: Start, tmp_path: Path
) -> None:
    place = tmp_path / "store"
    build(place, 1)
    long = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    with start(place, "--workers", "2") as running:
        with httpx.stream(
            "GET",
            f"{running.url}/sparql",
            params={"query": long},
            headers={"accept": "text/csv"},
            timeout=60,
        ) as response:
            parts = response.iter_bytes()
            body = bytearray(next(parts))
            with httpx.Client(base_url=running.url, timeout=60) as client:
                for number in (2, 3, 4):
                    build(place, number)
                    wait_for(client, number)
            for part in parts:
                body += part
        rows = bytes(body).decode().splitlines()[1:]
        assert len(rows) == SIZE**3
        assert {value for row in rows for value in row.split(",") if value[0] != "a"} == {"1"}


def test_a_damaged_build_leaves_the_one_before(start: Start, tmp_path: Path) -> None:
    place = tmp_path / "store"
    build(place, 1)
    with start(place, "--workers", "1") as running:
        (place / "generation-9").mkdir()
        (place / "CURRENT").write_text("generation-9\n")
        with httpx.Client(base_url=running.url, timeout=60) as client:
            end = time.monotonic() + 30
            while "cannot be opened" not in log(running):
                assert ask(client) == 1
                assert time.monotonic() < end
            assert ask(client) == 1


def log(running: Running) -> str:
    return running.log.read_text()
