"""`evikg mcp` as a program that uses it starts it: over standard input and output."""

import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from .conftest import in_a_loop

_EVIKG = ["-c", "from evikg.cli.main import main; main()"]
#: Four joined copies of everything: no engine counts them within a second.
_ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


def with_client(store: Path, ask: Callable[[Client], Awaitable[Any]], *options: str) -> Any:
    arguments = [*_EVIKG, "mcp", "--store", str(store), *options]
    # The client passes on few variables of its own accord.
    parameters = StdioServerParameters(command=sys.executable, args=arguments, env=dict(os.environ))

    async def run() -> Any:
        async with Client(stdio_client(parameters)) as client:
            return await ask(client)

    return in_a_loop(run())


def test_a_client_lists_the_tools_and_calls_one(evidence_store: Path) -> None:
    async def ask(client: Client) -> Any:
        names = [tool.name for tool in (await client.list_tools()).tools]
        arguments = {"name": "response-rates", "parameters": {"study": "phase4-lowdose"}}
        return names, await client.call_tool("run_question", arguments)

    names, answer = with_client(evidence_store, ask)
    assert {"list_questions", "run_question", "search", "explain", "sparql"} <= set(names)
    # Ozcan 2025, Table 2: 26 of 38 at 1.8 mg/m2
    rows = {row["result"]: row for row in answer.structured_content["rows"]}
    assert (rows["ozcan-2025-l147-4"]["events"], rows["ozcan-2025-l147-4"]["total"]) == ("26", "38")


def test_a_query_that_takes_too_long_is_ended_and_the_next_is_answered(
    evidence_store: Path,
) -> None:
    async def ask(client: Client) -> Any:
        endless = await client.call_tool("sparql", {"query": _ENDLESS})
        return endless, await client.call_tool("list_questions", {"words": "survival"})

    endless, after = with_client(evidence_store, ask, "--time-limit", "4")
    assert endless.is_error
    assert "took more than 4 seconds" in endless.content[0].text
    assert after.structured_content["questions"]


def test_a_graph_that_is_not_there_is_told_in_one_line(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, *_EVIKG, "mcp", "--store", str(tmp_path / "none")],
        capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "evikg build" in done.stderr
