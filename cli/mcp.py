"""`evikg mcp`: tools for language models, over standard input and output."""

import click

from .common import STORE_OPTION, say


@click.command("mcp")
@STORE_OPTION
@click.option(
    "--time-limit", default=30.0, show_default=True, type=click.FloatRange(0.1),
    help="Seconds for an answer.",
)  # fmt: skip
@click.option(
    "--memory-limit", default=2048, show_default=True, type=click.IntRange(0),
    help="MiB that an answer may use; 0: no limit.",
)  # fmt: skip
def mcp_(store: str | None, time_limit: float, memory_limit: int) -> None:
    """Serve tools for language models (Model Context Protocol) on standard input and output.

    They list and run questions, search, explain numbers, judge and pool results, and run read-only
    SPARQL; answers carry denominators, units, documents and warnings. Nothing changes the graph.
    """
    import asyncio
    from importlib.metadata import version

    from evikg.graph.store import default_place
    from evikg.server.limits import MIB, Limits
    from evikg.server.mcp.running import runner
    from evikg.server.mcp.server import mcp_server

    limits = Limits(seconds=time_limit, memory=memory_limit * MIB, workers=2)

    async def serve() -> None:
        async with runner(str(store or default_place()), limits) as run:
            server = mcp_server(run, version("evikg"))
            say("tools are served on standard input and output")
            await server.run_stdio_async()

    asyncio.run(serve())
