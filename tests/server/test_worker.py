"""What a worker says when a handler fails: nothing of the inside, and never the end of an answer."""

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pyoxigraph
import pytest

from evikg.graph.embedded import EmbeddedStore
from evikg.graph.store import Store
from evikg.server import frames
from evikg.server.dispatch import Dispatcher, StaleError, Visit
from evikg.server.exchange import Refusal, Reply, Request, Route
from evikg.server.limits import Limits
from evikg.server.pool import Pool
from evikg.server.worker import _answer


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Yield the web side's end of a connection, and the worker's."""
    web, worker = socket.socketpair()
    web.settimeout(10)
    with web, worker:
        yield web, worker


def fail(_: Store, __: Request) -> Reply:
    raise KeyError("/home/user/secret")


def refuse(_: Store, __: Request) -> Reply:
    raise Refusal(404, "no such thing", {"x-why": "none"})


def break_off(_: Store, __: Request) -> Reply:
    def write(output: IO[bytes]) -> None:
        output.write(b"a" * 2 * frames.CHUNK)
        raise ValueError("midway")

    return Reply(write)


def answer(
    ends: tuple[socket.socket, socket.socket], route: Route, store: Store | None = None
) -> list[tuple[bytes, bytes]]:
    web, worker = ends
    # Room for everything at once: nobody reads meanwhile.
    worker.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
    _answer(worker, store or EmbeddedStore(), route, Request(), False, False)
    worker.shutdown(socket.SHUT_WR)
    found = []
    while True:
        try:
            found.append(frames.receive(web))
        except EOFError:
            return found


def test_an_unexpected_error_is_told_by_its_number_alone(
    ends: tuple[socket.socket, socket.socket], capfd: pytest.CaptureFixture[str]
) -> None:
    ((kind, payload),) = answer(ends, Route("/", fail))
    told = frames.told(payload)
    assert (kind, told["status"]) == (frames.REFUSED, 500)
    assert "secret" not in told["message"] and "Error" not in told["message"]
    logged = capfd.readouterr().err
    number = told["message"].split("number ")[1].split()[0]
    assert number in logged and "Traceback" in logged and "secret" in logged


def test_a_refusal_is_passed_on(ends: tuple[socket.socket, socket.socket]) -> None:
    ((kind, payload),) = answer(ends, Route("/", refuse))
    assert kind == frames.REFUSED
    assert frames.told(payload) == {
        "status": 404,
        "message": "no such thing",
        "headers": [["x-why", "none"]],
    }


def test_an_answer_that_fails_midway_has_no_end(
    ends: tuple[socket.socket, socket.socket], capfd: pytest.CaptureFixture[str]
) -> None:
    kinds = [kind for kind, _ in answer(ends, Route("/", break_off))]
    assert kinds[0] == frames.HEAD
    assert kinds[-1] == frames.BROKEN
    assert frames.END not in kinds
    assert "midway" in capfd.readouterr().err


def test_a_failure_on_a_graph_that_is_gone_is_tried_elsewhere(
    ends: tuple[socket.socket, socket.socket], tmp_path: Path
) -> None:
    store = EmbeddedStore(pyoxigraph.Store(), writable=False, generation=tmp_path / "removed")
    assert answer(ends, Route("/", fail), store) == [(frames.STALE, b"")]


def test_builds_that_are_faster_than_workers_lose_no_request(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Three graphs go away under the workers that are asked; the fourth answers."""
    gone = iter([True, True, True, False])
    renewed = []

    async def answer_(_: Visit) -> None:
        if next(gone):
            raise StaleError

    async def renew(_: Pool) -> None:
        renewed.append(True)

    async def receive() -> dict[str, str]:
        await asyncio.Event().wait()
        raise AssertionError

    async def send(_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(Visit, "answer", answer_)
    monkeypatch.setattr(Pool, "renew", renew)
    scope = {
        "method": "GET", "path": "/", "query_string": b"", "path_params": {}, "scheme": "http",
        "headers": [(b"host", b"a")],
    }  # fmt: skip
    dispatcher = Dispatcher(Pool("nowhere", Limits(workers=1)), 0)
    asyncio.run(dispatcher(scope, receive, send))  # type: ignore[arg-type]
    assert len(renewed) == 3
    dispatcher = Dispatcher(Pool("nowhere", Limits(workers=1, queue_seconds=0)), 0)
    gone = iter([True, True])
    with pytest.raises(Refusal) as refusal:
        asyncio.run(dispatcher(scope, receive, send))  # type: ignore[arg-type]
    assert refusal.value.status == 503
