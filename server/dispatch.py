"""A request on its way: from HTTP to a worker, and its answer back as it is written.

What cannot be answered before the first byte is refused with a status and a line. What breaks
after it is left without an end, so that no client takes a part for the whole.
"""

import asyncio
import hashlib
import signal
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from . import frames
from .exchange import Refusal, Request
from .limits import MIB, Limits
from .negotiation import accepts_gzip
from .pool import Pool
from .processes import Worker, WorkerGoneError

if TYPE_CHECKING:
    from starlette.types import Message, Receive, Scope, Send

#: Fields in the query of a URL.
_FIELDS = 1000
#: Digits of a length that is read as a number at all.
_DIGITS = 18
#: How a process ends when an allocation failed, or its stack was too small.
_OUT_OF_MEMORY = {-signal.SIGABRT, -signal.SIGKILL, -signal.SIGSEGV, -signal.SIGBUS}


class StaleError(Exception):
    """A worker, or the graph under it, went away before it had answered: another can."""


@dataclass(frozen=True, slots=True)
class Dispatcher:
    """Answers the requests to one route."""

    pool: Pool
    number: int

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request (ASGI).

        :raises Refusal: if it cannot be answered
        """
        try:
            request = await _request(scope, receive, self.pool.limits)
        except LeftError:
            return
        visit = Visit(self.pool, self.number, request, scope["method"] == "HEAD", send)
        watch = asyncio.create_task(_departure(receive))
        watch.add_done_callback(visit.leave)
        try:
            await self._answer(visit)
        except LeftError:
            return
        finally:
            watch.remove_done_callback(visit.leave)
            watch.cancel()

    async def _answer(self, visit: "Visit") -> None:
        """Put a request to workers until one of them holds a graph that is still there.

        Builds may follow each other faster than workers start.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + self.pool.limits.queue_seconds
        while True:
            try:
                return await visit.answer()
            except StaleError:
                if loop.time() >= until:
                    words = "the graph is being replaced; try again"
                    raise Refusal(503, words, {"retry-after": "2"}) from None
                await self.pool.renew()


class LeftError(Exception):
    """The client is gone."""


class Visit:
    """One request at one worker."""

    def __init__(
        self, pool: Pool, number: int, request: Request, head_only: bool, send: "Send"
    ) -> None:
        """Take the request; nothing is asked yet."""
        self._pool, self._limits, self._send = pool, pool.limits, send
        self._request, self._number, self._head_only = request, number, head_only
        self._has_said_all = False
        self._gzip = accepts_gzip(request.headers.get("accept-encoding", ""))
        self._worker: Worker | None = None
        self._borrowing: asyncio.Task[Worker] | None = None
        self._left = False
        self._was_killed = False
        self._seconds = self._limits.seconds

    def leave(self, _: object = None) -> None:
        """End the worker that answers a client who has gone."""
        self._left = True
        if self._borrowing is not None:
            self._borrowing.cancel()
        if self._worker is not None:
            self._worker.end("left")

    async def answer(self) -> None:
        """Put the request to a worker and pass its answer on."""
        tag = self._tag(self._pool.crew.token)
        if tag and tag in _tags(self._request.headers.get("if-none-match", "")):
            await self._start(304, [("etag", tag), *_REVALIDATE])
            await self._send({"type": "http.response.body"})
            return
        worker = self._worker = await self._borrow()
        self._has_said_all = False
        try:
            if self._left:
                self._has_said_all = True
                raise LeftError
            worker.writer.write(
                frames.ask(self._number, self._head_only, self._gzip, self._request)
            )
            await self._pass_on(worker)
        finally:
            self._give_back(worker)

    async def _borrow(self) -> Worker:
        if (worker := self._pool.free()) is not None:
            return worker
        self._borrowing = asyncio.create_task(self._pool.lend())
        try:
            return await self._borrowing
        except asyncio.CancelledError:
            if self._left:
                raise LeftError from None
            self._borrowing.cancel()
            raise
        finally:
            self._borrowing = None

    async def _pass_on(self, worker: Worker) -> None:
        kind, payload = await self._first(worker)
        if kind == frames.STALE:
            # The worker holds a graph that is gone: it is replaced.
            raise StaleError
        body: bytes | None = None
        if kind == frames.WHOLE:
            self._has_said_all = True
            told, body = frames.parted(payload)
        else:
            told = frames.told(payload)
        if kind == frames.REFUSED:
            self._has_said_all = True
            raise Refusal(told["status"], told["message"], dict(told["headers"]))
        headers = [(name.lower(), value) for name, value in told["headers"]]
        names = {name for name, _ in headers}
        tag = self._tag(worker.crew.token)
        if tag and told["status"] == 200 and not names & {"cache-control", "etag"}:
            headers += [("etag", tag), *_REVALIDATE]
        if body is not None:
            self._give_back(worker)  # whose part is done, however slow the client
        await self._start(told["status"], headers)
        if body is not None:
            await self._send({"type": "http.response.body", "body": body})
        else:
            await self._body(worker)

    def _give_back(self, worker: Worker) -> None:
        if self._worker is not None:
            self._worker = None
            self._pool.give_back(worker, clean=self._has_said_all)

    async def _start(self, status: int, headers: Iterable[tuple[str, str]]) -> None:
        raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        await self._send({"type": "http.response.start", "status": status, "headers": raw})

    async def _body(self, worker: Worker) -> None:
        """Pass the body on; where it cannot be had or delivered whole, leave it without an end."""
        until = asyncio.get_running_loop().time() + self._limits.transfer_seconds
        while True:
            try:
                kind, payload = await self._next(worker)
            except WorkerGoneError:
                return
            self._has_said_all = kind in {frames.END, frames.BROKEN}
            if kind == frames.BROKEN:
                return
            is_last = kind == frames.END
            message = {"type": "http.response.body", "body": payload, "more_body": not is_last}
            if not await self._deliver(message, until) or is_last:
                return

    async def _deliver(self, message: "Message", until: float) -> bool:
        """Send a message; return False if the client does not take it in time."""
        now = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(min(self._limits.stall_seconds, until - now)):
                await self._send(message)
        except TimeoutError:
            return False
        return True

    async def _first(self, worker: Worker) -> tuple[bytes, bytes]:
        try:
            return await self._next(worker)
        except WorkerGoneError:
            if self._left:
                raise LeftError from None
            raise await self._why(worker) from None

    async def _next(self, worker: Worker) -> tuple[bytes, bytes]:
        """Return the next frame; waiting for it counts against the time limit."""
        loop = asyncio.get_running_loop()
        start = loop.time()
        timer = loop.call_later(max(self._seconds, 0), worker.end, "time")
        try:
            return await worker.read()
        finally:
            timer.cancel()
            self._seconds -= loop.time() - start

    async def _why(self, worker: Worker) -> Refusal:
        """Return what to say of a worker that ended before it had answered.

        :raises StaleError: if another is worth asking
        """
        if worker.ended_for == "time":
            return Refusal(504, f"the answer took more than {self._limits.seconds:g} seconds")
        code = await self._pool.exit_code(worker)
        if code == -signal.SIGKILL and not self._was_killed:
            # From outside, as by a system that runs out of memory: perhaps for no fault of this
            # request's. What ends a second worker is told.
            self._was_killed = True
            raise StaleError
        if code in _OUT_OF_MEMORY:
            return Refusal(
                422,
                f"the answer needs more than the {self._limits.memory / MIB:g} MiB of memory that"
                " a request may use, or the query is nested too deep",
            )
        return Refusal(500, f"the worker ended with status {code}")

    def _tag(self, token: str) -> str:
        """Return the entity tag of an answer: of a graph, an address and what is negotiated."""
        request = self._request
        if not token or request.method != "GET":
            return ""
        what = (token, request.path, request.query, request.headers.get("accept", ""))
        return f'W/"{hashlib.sha256(repr(what).encode()).hexdigest()[:20]}"'


_REVALIDATE = (("cache-control", "no-cache"),)


def _tags(header: str) -> list[str]:
    return [tag.strip() for tag in header.split(",")]


async def _departure(receive: "Receive") -> None:
    """Return when the client has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def _request(scope: "Scope", receive: "Receive", limits: Limits) -> Request:
    """Return a request as handlers see it, its body read.

    :raises Refusal: if it is too large, too slow or not well formed
    """
    headers = _joined(scope["headers"])
    try:
        text = scope["query_string"].decode("ascii")
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_FIELDS)
    except ValueError:
        raise Refusal(400, "the query of the URL is not UTF-8, or has too many fields") from None
    method = "GET" if scope["method"] == "HEAD" else scope["method"]
    return Request(
        path=scope["path"],
        method=method,
        path_values=scope["path_params"],
        query=tuple(pairs),
        headers=headers,
        body=b"" if method == "GET" else await _read_body(headers, receive, limits),
        base=f"{scope['scheme']}://{headers['host']}",
        row_limit=limits.rows,
        services=limits.services,
    )


def _joined(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return headers by name, the values of one that is repeated as a list (RFC 9110, 5.3)."""
    found: dict[str, list[str]] = {}
    for name, value in headers:
        found.setdefault(name.decode("latin-1"), []).append(value.decode("latin-1"))
    return {name: ", ".join(values) for name, values in found.items()}


async def _read_body(headers: Mapping[str, str], receive: "Receive", limits: Limits) -> bytes:
    too_large = Refusal(413, f"a body may have {limits.body} bytes", {"connection": "close"})
    length = headers.get("content-length", "0")
    digits = length.lstrip("0") or "0"
    if not digits.isdecimal() or len(digits) > _DIGITS or int(digits) > limits.body:
        raise too_large
    body = bytearray()
    try:
        async with asyncio.timeout(limits.stall_seconds):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise LeftError
                body += message.get("body", b"")
                if len(body) > limits.body:
                    raise too_large
                if not message.get("more_body"):
                    return bytes(body)
    except TimeoutError:
        raise Refusal(408, "the body did not come in time", {"connection": "close"}) from None
