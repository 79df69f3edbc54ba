"""A worker: a process that holds a graph, opened to read, and answers one request at a time."""

import os
import signal
import socket
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from evikg.graph.errors import EndpointError, GraphError, QueryError
from evikg.graph.store import Store, open_store

from . import frames
from .exchange import Refusal, Reply, Request, Route
from .holding import Holding
from .limits import Limits
from .outlet import Outlet
from .routes import answered

#: Seconds beyond its time after which a worker ends by itself, should nobody be left to end it.
_GRACE_S = 5


def work(connection: socket.socket, place: str, limits: Limits) -> None:
    """Answer requests until the other end closes the connection."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the web side to obey
    try:
        store = open_store(place)
    except (GraphError, OSError) as error:
        connection.sendall(frames.words(frames.REFUSED, status=500, message=str(error)))
        return
    generation = getattr(store, "generation", None)
    table = answered()
    holding = Holding(store, limits.held, lambda room: _limit_memory(limits.memory, room))
    connection.sendall(frames.words(frames.READY, generation=str(generation or "")))
    while True:
        try:
            _, payload = frames.receive(connection)
        except (EOFError, ConnectionError):
            return
        number, head_only, accepts_gzip, request = frames.asked(payload)
        with _alarm(limits):
            try:
                _answer(connection, holding.store, table[number], request, head_only, accepts_gzip)
            except ConnectionError:
                return


def _answer(
    connection: socket.socket,
    store: Store,
    route: Route,
    request: Request,
    head_only: bool,
    accepts_gzip: bool,
) -> None:
    outlet: Outlet | None = None
    try:
        reply = route.handler(store, request)
        outlet = Outlet(connection, reply, accepts_gzip)
        if head_only:
            outlet.finish_head()
            return
        _write(reply, outlet)
        outlet.finish()
    except ConnectionError:
        raise
    except BaseException as error:  # noqa: BLE001 - the engine's panics are no Exception
        refusal = _refusal(error, store)
        begun = outlet is not None and outlet.begun
        if refusal is None:
            connection.sendall(frames.frame(frames.BROKEN if begun else frames.STALE))
            return
        connection.sendall(
            frames.words(
                frames.BROKEN if begun else frames.REFUSED,
                status=refusal.status,
                message=refusal.message,
                headers=list(refusal.headers.items()),
            )
        )


def _write(reply: Reply, outlet: Outlet) -> None:
    if isinstance(reply.body, bytes):
        outlet.write(reply.body)
    else:
        reply.body(cast(IO[bytes], outlet))


def _refusal(error: BaseException, store: Store) -> Refusal | None:
    """Return what the client is told; None if the graph went away under the worker."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, QueryError):
        return Refusal(400, one_line(str(error)))
    if isinstance(error, EndpointError):
        return Refusal(502, one_line(str(error)))
    generation: Path | None = getattr(store, "generation", None)
    if generation is not None and not generation.is_dir():
        return None
    if isinstance(error, MemoryError):
        os.abort()
    return internal_error(error)


def internal_error(error: BaseException) -> Refusal:
    """Write an unexpected error to stderr, and return what the client is told of it."""
    import secrets

    number = secrets.token_hex(4)
    text = "".join(traceback.format_exception(error))
    print(f"error {number}\n{text}", file=sys.stderr, end="", flush=True)  # noqa: T201
    return Refusal(500, f"an error of the server, number {number} in its log")


def one_line(text: str) -> str:
    """Return a text as one line."""
    return " ".join(text.split())


@contextmanager
def _alarm(limits: Limits) -> Iterator[None]:
    """End this process, by the signal's own default, when far too much time has passed."""
    signal.setitimer(signal.ITIMER_REAL, limits.seconds + limits.transfer_seconds + _GRACE_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _limit_memory(beyond: int, room: int = 0) -> None:
    """Let this process use so many bytes beyond what it uses now; 0 for no limit.

    :param room: bytes on top of them, of what the process does on its own account

    Where an allocation fails the engine aborts the process, which the web side reports.
    """
    if not beyond:
        return
    import resource

    used = 0
    status = Path("/proc/self/status")
    if status.exists():
        fields = dict(line.split(":", 1) for line in status.read_text().splitlines())
        used = int(fields["VmData"].split()[0]) * 1024
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (used + beyond + room, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
