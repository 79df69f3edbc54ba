"""Processes that answer, as the web side starts, knows and ends them."""

import asyncio
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.context import BaseContext
from multiprocessing.forkserver import ensure_running
from multiprocessing.process import BaseProcess

from . import frames


class WorkerGoneError(Exception):
    """A worker ended before it had answered."""


@dataclass(eq=False, slots=True)
class Crew:
    """The workers on one generation of a graph."""

    seen: tuple[int, int] | None  # the file that named the generation in force
    generation: str = ""  # its directory; none for an endpoint elsewhere
    token: str = ""  # names it in entity tags; none for an endpoint elsewhere


@dataclass(eq=False, slots=True)
class Worker:
    """A worker as the web side knows it."""

    process: BaseProcess
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    crew: Crew
    generation: str
    ended_for: str = ""  # why it was ended from here
    burial: asyncio.Task[None] | None = None

    async def read(self) -> tuple[bytes, bytes]:
        """Return the next frame.

        :raises WorkerGoneError: if there is none
        """
        try:
            return await frames.read(self.reader)
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise WorkerGoneError from error

    def end(self, reason: str) -> None:
        """End the process at once, whatever it does."""
        self.ended_for = self.ended_for or reason
        self.process.kill()

    @property
    def is_alive(self) -> bool:
        """Tell whether the process still holds its end of the connection."""
        return not self.reader.at_eof() and not self.writer.is_closing()


@cache
def start_context() -> BaseContext:
    """Return how processes start: forked from one that has imported everything, if there is a way.

    That one is started here; it imports while its caller goes on.
    """
    if "forkserver" not in get_all_start_methods():
        return get_context("spawn")
    context = get_context("forkserver")
    context.set_forkserver_preload([f"{__package__}.preload"])
    ensure_running()
    return context
