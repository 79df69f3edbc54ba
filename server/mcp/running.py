"""Tools run by the server's workers: each call within the limits, and really ended at them."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from evikg.graph.store import Store
from evikg.server.exchange import Refusal, Reply, Request, Route
from evikg.server.limits import Limits

from .server import Json, Runner, call

if TYPE_CHECKING:
    from starlette.types import Message


def run_tool(store: Store, request: Request) -> Reply:
    """Answer a call of a tool, in a worker: arguments and answer are JSON."""
    answer = call(store, request.path_values["tool"], json.loads(request.body))
    return Reply(json.dumps(answer, ensure_ascii=False).encode(), "application/json")


#: No address of the web: only this module puts requests to it.
ROUTE = Route("/tools/{tool}", run_tool, ("POST",))


@asynccontextmanager
async def runner(place: str, limits: Limits) -> AsyncIterator[Runner]:
    """Start workers on a directory of graphs or an endpoint, and yield what runs tools in them.

    :raises RuntimeError: if the graph cannot be opened
    """
    from evikg.server.dispatch import StaleError, Visit
    from evikg.server.pool import Pool
    from evikg.server.routes import answered

    pool = Pool(place, limits)
    number = answered().index(ROUTE)

    async def run(name: str, arguments: Json) -> Json:
        request = Request(
            path=f"/tools/{name}",
            method="POST",
            path_values={"tool": name},
            body=json.dumps(arguments).encode(),
            row_limit=limits.rows,
        )
        for _ in range(2):  # once more, if a build has replaced the graph meanwhile
            told: list[Message] = []

            async def keep(message: "Message", told: "list[Message]" = told) -> None:
                told.append(message)

            try:
                await Visit(pool, number, request, False, keep).answer()
            except StaleError:
                await pool.renew()
                continue
            if not told[-1].get("more_body", False):
                parts = (message.get("body", b"") for message in told)
                answer: dict[str, Any] = json.loads(b"".join(parts))
                return answer
        raise Refusal(503, "the graph is being replaced; try again")

    await pool.open()
    try:
        yield run
    finally:
        await pool.close()
