"""Limits hold: time, memory, rows, queue, clients who leave or read nothing."""

import http.client
import json
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx
import pyoxigraph
import pytest

from evikg.graph.embedded import new_generation

from .conftest import Running, Start

LINES = 600
#: Three times joined with itself: 216 million rows.
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
#: Every row is held to be sorted.
GREEDY = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?i ?f ?c"
#: 360,000 rows, written as they are found.
LONG = "SELECT * { ?a ?b ?c . ?d ?e ?f }"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("graph") / "store"
    with new_generation(place) as store:
        triples = "".join(f"<a:{n}> <a:p> {n} .\n" for n in range(LINES))
        store.load(triples, pyoxigraph.RdfFormat.TURTLE, to_graph=pyoxigraph.NamedNode("a:g"))
    return place


@pytest.fixture(scope="module")
def running(start: Start, place: Path) -> Iterator[Running]:
    options = "--workers 2 --queue 1 --time-limit 1.5 --memory-limit 64 --row-limit 400000"
    with start(place, *options.split()) as running:
        yield running


def ask(running: Running, query: str, **headers: str) -> httpx.Response:
    return httpx.get(f"{running.url}/sparql", params={"query": query}, headers=headers, timeout=60)


def workers(running: Running) -> set[int]:
    """Return the processes below a server that hold a graph, by their ids."""
    if not Path("/proc/self/task").exists():
        pytest.skip("needs /proc to see processes")
    found: set[int] = set()
    waiting = [running.process.pid]
    while waiting:
        process = waiting.pop()
        for task in Path(f"/proc/{process}/task").glob("*/children"):
            try:
                children = [int(child) for child in task.read_text().split()]
            except OSError:  # the thread has ended meanwhile
                continue
            waiting += children
            found |= {child for child in children if holds_graph(child)}
    return found


def holds_graph(process: int) -> bool:
    try:
        opened = [path.readlink() for path in Path(f"/proc/{process}/fd").iterdir()]
    except OSError:
        return False
    return any(path.suffix == ".sst" for path in opened)


def until(condition: object, seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.02)


def test_an_answer_that_takes_too_long_is_ended(running: Running) -> None:
    before = workers(running)
    response = ask(running, ENDLESS)
    assert response.status_code == 504
    assert response.json()["detail"] == "the answer took more than 1.5 seconds"
    # The process is gone, and another stands in its place.
    until(lambda: len(workers(running)) == 2 and workers(running) != before)
    assert ask(running, "ASK {}").status_code == 200


def test_others_are_answered_meanwhile(running: Running) -> None:
    slow = threading.Thread(target=ask, args=(running, ENDLESS))
    slow.start()
    answered = 0
    while slow.is_alive():
        assert ask(running, "ASK {}").status_code == 200
        answered += 1
    assert answered > 3


def test_an_answer_that_needs_too_much_memory_is_refused(running: Running) -> None:
    response = ask(running, GREEDY)
    assert response.status_code == 422
    assert "64 MiB" in response.json()["detail"]
    until(lambda: len(workers(running)) == 2)
    assert ask(running, "ASK {}").status_code == 200


def test_a_query_nested_too_deep_ends_no_server(running: Running) -> None:
    query = "SELECT * WHERE " + "{" * 20_000 + "}" * 20_000
    response = httpx.post(f"{running.url}/sparql", data={"query": query}, timeout=60)
    assert response.status_code in {400, 422}
    assert ask(running, "ASK {}").status_code == 200


def test_an_answer_that_breaks_off_is_never_taken_for_whole(start: Start, place: Path) -> None:
    """Chunked coding needs its last chunk (RFC 9112, section 8)."""
    triples = "CONSTRUCT { ?a ?d ?f } WHERE { ?a ?b ?c . ?d ?e ?f }"
    with start(place, "--row-limit", "20000", "--workers", "1") as running:
        for query, accept in ((LONG, "*/*"), (LONG, "text/csv"), (triples, "text/turtle")):
            for coding in ("identity", "gzip"):
                with pytest.raises(httpx.RemoteProtocolError, match="incomplete"):
                    ask(running, query, **{"accept": accept, "accept-encoding": coding})
        assert ask(running, "ASK {}").status_code == 200


def test_the_limit_of_rows(start: Start, place: Path) -> None:
    with start(place, "--row-limit", "100", "--workers", "1") as running:
        for rows, status in ((100, 200), (101, 422), (100, 200)):
            query = f"SELECT * {{ ?s ?p ?o }} LIMIT {rows}"
            for accept in ("text/csv", "text/tab-separated-values", "*/*", "text/xml"):
                assert ask(running, query, accept=accept).status_code == status
            graph = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }} LIMIT {rows}"
            assert ask(running, graph).status_code == status


def test_a_full_queue_says_when_to_come_again(running: Running) -> None:
    until(lambda: len(workers(running)) == 2)
    answers: list[httpx.Response] = []
    threads = [
        threading.Thread(target=lambda: answers.append(ask(running, ENDLESS))) for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    statuses = sorted(answer.status_code for answer in answers)
    assert set(statuses) == {503, 504}
    busy = next(answer for answer in answers if answer.status_code == 503)
    assert int(busy.headers["retry-after"]) > 0
    # Those who were answered or waited: two at work, and one in the queue, or two if one was free.
    assert 3 <= statuses.count(504) <= 4


def connect(running: Running, query: str) -> socket.socket:
    place = urlsplit(running.url)
    assert place.hostname and place.port
    connection = socket.socket()
    # A client that keeps little: what it does not read waits at the server.
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.connect((place.hostname, place.port))
    connection.sendall(f"GET /sparql?query={quote(query)} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
    return connection


def test_a_client_who_leaves_frees_its_worker(start: Start, place: Path) -> None:
    with start(place, "--workers", "1", "--time-limit", "60") as running:
        (before,) = workers(running)
        connect(running, ENDLESS).close()
        until(lambda: before not in workers(running))
        assert ask(running, "ASK {}").status_code == 200


def test_a_client_who_waits_in_the_queue_may_leave(start: Start, place: Path) -> None:
    options = ("--workers", "1", "--time-limit", "3", "--queue", "1")
    with start(place, *options) as running:
        first = connect(running, ENDLESS)
        time.sleep(0.3)
        connect(running, "ASK {}").close()
        time.sleep(0.3)
        assert ask(running, "ASK {}").status_code == 200  # the queue has its place again
        first.close()


def held(running: Running) -> int:
    """Return the memory of a server's own process, in bytes."""
    status = Path(f"/proc/{running.process.pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) * 1024


def test_a_slow_client_costs_no_memory(start: Start, place: Path) -> None:
    with start(place, "--workers", "1") as running:
        ask(running, "ASK {}")
        before = held(running)
        with connect(running, f"{LONG} LIMIT 100000") as connection:
            time.sleep(1)
            assert held(running) - before < 8_000_000  # the answer has 32 MB
            # It is answered to its end all the same, as long as it reads.
            response = http.client.HTTPResponse(connection)
            response.begin()
            assert len(json.loads(response.read())["results"]["bindings"]) == 100_000


def test_a_client_who_reads_nothing_is_dropped(place: Path) -> None:
    """As above, with a limit that no option names."""
    script = (
        "from evikg.server import serving; from evikg.server.limits import Limits; import sys;"
        "limits = Limits(workers=1, stall_seconds=1);"
        "listener = serving.listen('127.0.0.1', 0, limits);"
        f"serving.serve({str(place)!r}, listener, limits,"
        " lambda: print(serving.address(listener), flush=True))"
    )
    import sys

    process = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, env=dict(os.environ)
    )
    try:
        assert process.stdout is not None
        running = Running(process.stdout.readline().strip(), process, Path())
        connection = connect(running, LONG)
        connection.settimeout(5)
        # The only worker answers others again, though the first has read nothing.
        assert ask(running, "ASK {}").status_code == 200
        received = bytearray()
        try:
            while part := connection.recv(1 << 20):
                received += part
        except (ConnectionResetError, TimeoutError):
            pass  # a system that gives a connection up may do so without a word
        finally:
            connection.close()
        assert not received.endswith(b"0\r\n\r\n")
    finally:
        process.terminate()
        process.communicate(timeout=20)


def test_workers_that_are_killed_from_outside_are_replaced(start: Start, place: Path) -> None:
    """As by a system that runs out of memory: no request is lost to it, nor a place of a worker."""
    with start(place, "--workers", "3") as running:
        for _ in range(5):
            before = workers(running)
            for process in before:
                os.kill(process, signal.SIGKILL)
                assert ask(running, "ASK {}").status_code == 200
            until(lambda gone=before: len(workers(running)) == 3 and not workers(running) & gone)


def test_service_is_refused_over_http(running: Running) -> None:
    response = ask(running, f"SELECT * {{ SERVICE <{running.url}/sparql> {{ ?s ?p ?o }} }}")
    assert response.status_code == 403
    assert "SERVICE" in response.json()["detail"]


def test_an_allowed_host_is_asked(start: Start, place: Path, running: Running) -> None:
    with start(place, "--allow-service", urlsplit(running.url).netloc) as asking:
        query = f"SELECT ?o {{ SERVICE <{running.url}/sparql> {{ <a:7> <a:p> ?o }} }}"
        response = ask(asking, query)
        assert [row["o"]["value"] for row in json.loads(response.text)["results"]["bindings"]] == [
            "7"
        ]
        assert "etag" not in response.headers
        elsewhere = f"SELECT ?o {{ SERVICE <{running.url}/nothing> {{ <a:7> <a:p> ?o }} }}"
        assert ask(asking, elsewhere).status_code == 502
