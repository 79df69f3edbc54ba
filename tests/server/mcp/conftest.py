"""The tools over the shipped evidence, called by the package's own client."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from evikg.graph.embedded import EmbeddedStore
from evikg.server.mcp.server import call, mcp_server

Json = dict[str, Any]


def in_a_loop(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine in a thread of its own: a browser under test leaves a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


@pytest.fixture(scope="session")
def tool(corpus: EmbeddedStore) -> Callable[..., Json]:
    """Return what calls a tool through client and protocol; a refusal raises with its words."""

    async def run(name: str, arguments: Json) -> Json:
        return call(corpus, name, arguments)

    async def asked(name: str, arguments: Json) -> Json:
        from mcp import Client

        async with Client(mcp_server(run, "1")) as client:
            answer = await client.call_tool(name, arguments)
        if answer.is_error:
            raise AssertionError(answer.content[0].text)
        assert isinstance(answer.structured_content, dict)
        return answer.structured_content

    return lambda called, /, **arguments: in_a_loop(asked(called, arguments))
