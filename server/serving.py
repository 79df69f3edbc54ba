"""Serving: the address that is listened at, and how the server starts and stops."""

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable, Iterator

import uvicorn

from evikg.graph.errors import GraphError

from .app import application
from .limits import Limits
from .pool import Pool
from .protocol import LimitedProtocol

#: Seconds that answers under way may take when the server is told to stop.
_FAREWELL_S = 5
#: Seconds that a connection without a request is kept: longer than proxies and clients keep theirs,
#: since a request that crosses the close of its connection would be lost.
_KEEP_ALIVE_S = 75


class ServingError(GraphError):
    """The server cannot start."""


def listen(host: str, port: int, limits: Limits) -> socket.socket:
    """Return a socket that listens; port 0 takes any that is free.

    :raises ServingError: if the address cannot be had
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(1024)
    except OSError as error:
        reason = error.strerror or str(error)
        raise ServingError(
            f"cannot listen at {host}, port {port}: {reason}; --port names another"
        ) from error
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        # A client that takes nothing is dropped by the system, with what was to be sent to it.
        milliseconds = int(limits.stall_seconds * 1000)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, milliseconds)
    listener.setblocking(False)
    return listener


def address(listener: socket.socket) -> str:
    """Return the URL that a socket listens at."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(place: str, listener: socket.socket, limits: Limits, ready: Callable[[], None]) -> None:
    """Serve a graph until the process is told to stop (SIGINT or SIGTERM).

    :param place: the directory of a graph, or the URL of a SPARQL endpoint
    :param ready: called once requests are answered
    :raises ServingError: if the graph cannot be opened
    """
    pool = Pool(place, limits)
    config = uvicorn.Config(
        application(pool),
        http=LimitedProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        timeout_keep_alive=_KEEP_ALIVE_S,
        timeout_graceful_shutdown=_FAREWELL_S,
    )
    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(_serve(_Server(config), pool, listener, ready))


async def _serve(
    server: "_Server", pool: Pool, listener: socket.socket, ready: Callable[[], None]
) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, server.stop)
    try:
        await pool.open()
    except (RuntimeError, OSError) as error:
        raise ServingError(str(error)) from error
    try:
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started and not serving.done():
            await asyncio.sleep(0.01)
        ready()
        await serving
    finally:
        await pool.close()


class _Server(uvicorn.Server):
    """Stops when told to, and leaves signals to whoever runs it."""

    def stop(self) -> None:
        """End; a second time, without waiting for answers under way."""
        self.force_exit = self.should_exit
        self.should_exit = True

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take no signal."""
        yield
