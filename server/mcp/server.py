"""The MCP server: the tools as the protocol has them, with what every model is told first."""

import inspect
from collections.abc import Awaitable, Callable
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from evikg.graph.errors import GraphError
from evikg.graph.store import Store
from evikg.server.exchange import Refusal

from . import tools

if TYPE_CHECKING:
    from mcp.server import MCPServer

Json = dict[str, Any]
#: What runs a tool by its name: within a time limit, where it can be killed.
Runner = Callable[[str, Json], Awaitable[Json]]

#: What a caller may have got wrong: the words go to the model. Anything else is a fault of ours.
MISTAKES = (Refusal, GraphError, LookupError, ValueError)


def known_tools() -> dict[str, Callable[..., Json]]:
    """Return the tools by name, in the order in which a model should think of them."""
    listed = (
        tools.list_questions,
        tools.run_question,
        tools.search,
        tools.explain,
        tools.compare,
        tools.pool,
        tools.schema,
        tools.sparql,
    )
    return {tool.__name__: tool for tool in listed}


def call(store: Store, name: str, arguments: Json) -> Json:
    """Run a tool on a graph.

    :raises Refusal: with words for the model, whatever was wrong with the call
    """
    try:
        return known_tools()[name](store, **arguments)
    except Refusal:
        raise
    except MISTAKES as error:
        raise Refusal(400, str(error)) from error


def mcp_server(run: Runner, version: str) -> "MCPServer[Any]":
    """Return a server of the tools, which run as they are told to."""
    from mcp.server import MCPServer
    from mcp.types import ToolAnnotations

    told = files(__package__).joinpath("instructions.md").read_text(encoding="utf-8")
    server: MCPServer[Any] = MCPServer(
        "evikg", instructions=told, version=version, log_level="WARNING"
    )
    for name, tool in known_tools().items():
        server.tool(
            name,
            description=inspect.getdoc(tool),
            annotations=ToolAnnotations(read_only_hint=True, open_world_hint=False),
        )(_without_store(name, tool, run))
    return server


def _without_store(name: str, tool: Callable[..., Json], run: Runner) -> Callable[..., Any]:
    """Return the tool as a model calls it: its signature less the graph, run by the runner."""
    from mcp.server.mcpserver.exceptions import ToolError

    async def called(**arguments: Any) -> Json:
        try:
            return await run(name, arguments)
        except Refusal as error:
            raise ToolError(error.message) from error

    signature = inspect.signature(tool, eval_str=True)
    _, *parameters = signature.parameters.values()
    called.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    called.__name__ = name
    return called
