"""The pool: workers that hold the graph in force, lent to one request at a time.

A worker that is ended, for whatever reason, is replaced while the others go on. When a build puts
a new generation in force, new workers open it first; then requests go to them, and the old ones
leave as they finish.
"""

import asyncio
import hashlib
import secrets
import socket
import sys
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evikg.graph.embedded import CURRENT

from . import frames
from .exchange import Refusal
from .limits import Limits
from .processes import Crew, Worker, WorkerGoneError, start_context
from .worker import work

#: Seconds between two looks at which generation is in force, and at workers that wait.
_LOOK_S = 0.5
#: Seconds that a worker may take to open the graph.
_OPENING_S = 60
#: Seconds before another try to start a worker.
_PAUSE_S = 1.0


@dataclass(eq=False)
class Pool:
    """Workers on a directory of graphs, or on the URL of an endpoint."""

    place: str
    limits: Limits
    crew: Crew = field(init=False)
    _idle: list[Worker] = field(default_factory=list, init=False)
    _waiting: deque[asyncio.Future[Worker]] = field(default_factory=deque, init=False)
    _all: set[Worker] = field(default_factory=set, init=False)
    _tasks: set[asyncio.Task[Any]] = field(default_factory=set, init=False)
    _refreshing: asyncio.Task[None] | None = field(default=None, init=False)
    _closing: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        """Choose how processes start; none is started yet."""
        self._context = start_context()
        # Processes are started one after the other, away from the event loop.
        self._starter = ThreadPoolExecutor(max_workers=1, thread_name_prefix="starter")
        self._salt = secrets.token_hex(4)
        self._is_remote = self.place.startswith(("http://", "https://"))
        self._current = Path(self.place) / CURRENT

    async def open(self) -> None:
        """Start the workers, and return when all are ready.

        :raises RuntimeError: if the graph cannot be opened
        """
        self.crew, self._idle = await self._new_crew()
        self._do(self._look())

    async def close(self) -> None:
        """End every worker."""
        self._closing = True
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for worker in list(self._all):
            worker.end("closing")
            await self._bury(worker)
        self._starter.shutdown()

    def free(self) -> Worker | None:
        """Lend a worker that is free now; it is to be given back, whatever comes."""
        self._look_once()
        while self._idle:
            worker = self._idle.pop()
            if worker.is_alive:
                return worker
            self._replace(worker)
        return None

    async def lend(self) -> Worker:
        """Lend the next worker that is free.

        :raises Refusal: if too many requests wait already, or this one has waited too long
        """
        if len(self._waiting) >= self.limits.queue:
            raise _busy()
        future: asyncio.Future[Worker] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        try:
            async with asyncio.timeout(self.limits.queue_seconds):
                return await future
        except (TimeoutError, asyncio.CancelledError) as error:
            if future.done() and not future.cancelled():
                self.give_back(future.result(), clean=True)
            elif future in self._waiting:
                self._waiting.remove(future)
            if isinstance(error, TimeoutError):
                raise _busy() from None
            raise

    def give_back(self, worker: Worker, *, clean: bool) -> None:
        """Take back a worker.

        :param clean: that it has answered to the end; one that has not is ended and replaced
        """
        if self._closing:
            return
        if not clean or not worker.is_alive:
            self._replace(worker)
        elif worker.crew is not self.crew:
            self._leave(worker)
        else:
            self._offer(worker)

    async def renew(self) -> None:
        """Return when the workers are those of the generation now in force."""
        self._look_once()
        if self._refreshing is not None:
            await asyncio.shield(self._refreshing)

    async def exit_code(self, worker: Worker) -> int | None:
        """Return how an ended worker's process ended: less than 0 is the number of a signal."""
        await self._bury(worker)
        return worker.process.exitcode

    def _offer(self, worker: Worker) -> None:
        while self._waiting:
            future = self._waiting.popleft()
            if not future.done():
                future.set_result(worker)
                return
        self._idle.append(worker)

    def _leave(self, worker: Worker) -> None:
        worker.writer.close()  # upon which the process ends by itself
        self._bury(worker)

    def _replace(self, worker: Worker) -> None:
        worker.end("unclean")
        self._bury(worker)
        if worker.crew is self.crew:
            self._do(self._hire(self.crew))

    async def _hire(self, crew: Crew) -> None:
        while crew is self.crew and not self._closing:
            try:
                worker = await self._start(crew)
            except (RuntimeError, OSError) as error:
                _say(f"a worker could not start: {error}")
                await asyncio.sleep(_PAUSE_S)
            else:
                if worker.generation == crew.generation:
                    self.give_back(worker, clean=True)
                else:  # another is in force by now, and its crew is on the way
                    self._leave(worker)
                    self._look_once()
                return

    async def _new_crew(self) -> tuple[Crew, list[Worker]]:
        while True:
            seen = self._seen()
            crew = Crew(seen)
            started = await asyncio.gather(
                *(self._start(crew) for _ in range(self.limits.workers)), return_exceptions=True
            )
            workers = [worker for worker in started if isinstance(worker, Worker)]
            faults = [fault for fault in started if isinstance(fault, BaseException)]
            if not faults and len({worker.generation for worker in workers}) == 1:
                crew.generation = workers[0].generation
                crew.token = self._token(crew)
                return crew, workers
            for worker in workers:
                self._leave(worker)
            if faults:
                raise faults[0]

    async def _start(self, crew: Crew) -> Worker:
        """Start a process, and return it when it has opened the graph."""
        ours, theirs = socket.socketpair()
        loop = asyncio.get_running_loop()
        process = self._context.Process(  # type: ignore[attr-defined]
            target=work, args=(theirs, self.place, self.limits), daemon=True, name="evikg-worker"
        )
        await loop.run_in_executor(self._starter, process.start)
        theirs.close()
        ours.setblocking(False)
        reader, writer = await asyncio.open_unix_connection(sock=ours, limit=2 * frames.CHUNK)
        worker = Worker(process, reader, writer, crew, "")
        self._all.add(worker)
        try:
            async with asyncio.timeout(_OPENING_S):
                kind, payload = await worker.read()
        except (WorkerGoneError, TimeoutError) as error:
            worker.end("unopened")
            await self._bury(worker)
            raise RuntimeError("a worker ended before it had opened the graph") from error
        told = frames.told(payload)
        if kind != frames.READY:
            await self._bury(worker)
            raise RuntimeError(told["message"])
        worker.generation = told["generation"]
        return worker

    def _bury(self, worker: Worker) -> asyncio.Task[None]:
        """Wait until a process has ended, and forget it."""
        if worker.burial is None:
            worker.writer.close()
            worker.burial = asyncio.create_task(self._wait_for_end(worker))
        return worker.burial

    async def _wait_for_end(self, worker: Worker) -> None:
        await asyncio.get_running_loop().run_in_executor(None, worker.process.join)
        self._all.discard(worker)

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_S)
            self._look_once()
            for worker in [worker for worker in self._idle if not worker.is_alive]:
                self._idle.remove(worker)
                self._replace(worker)

    def _look_once(self) -> None:
        """Begin to change to another generation, if one is in force."""
        if self._refreshing is None and self._seen() not in (None, self.crew.seen):
            self._refreshing = self._do(self._refresh())

    async def _refresh(self) -> None:
        try:
            crew, workers = await self._new_crew()
        except (RuntimeError, OSError) as error:
            _say(f"the new graph cannot be opened, the one before is served: {error}")
            await asyncio.sleep(_PAUSE_S)
        else:
            old, self._idle, self.crew = self._idle, [], crew
            for worker in old:
                self._leave(worker)
            for worker in workers:
                self._offer(worker)
        finally:
            self._refreshing = None

    def _seen(self) -> tuple[int, int] | None:
        if self._is_remote:
            return None
        try:
            status = self._current.stat()
        except OSError:
            return None
        return status.st_ino, status.st_mtime_ns

    def _token(self, crew: Crew) -> str:
        """Return a name of a generation that no other of this server, nor of a later one, has."""
        if not crew.generation:
            return ""
        what = f"{crew.generation} {crew.seen} {self._salt}"
        return hashlib.sha256(what.encode()).hexdigest()[:16]

    def _do(self, work_: Any) -> asyncio.Task[Any]:
        task: asyncio.Task[Any] = asyncio.get_running_loop().create_task(work_)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def _busy() -> Refusal:
    words = "the server is busy: every worker answers, and the queue is full; try again"
    return Refusal(503, words, {"retry-after": "2"})


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)  # noqa: T201
