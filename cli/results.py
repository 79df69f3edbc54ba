"""`evikg results` and `evikg explain`: reported numbers as a table, and the chain behind one."""

import sys
from pathlib import Path

import click

from .common import STORE_OPTION, out, say


@click.command()
@STORE_OPTION
@click.option("--wide", is_flag=True, help="Add definitions, printed terms, quantities, notes, …")
@click.option(
    "--format", "format_", type=click.Choice(["csv", "json", "parquet"]), default="csv",
    show_default=True, help="Numbers are text, as printed, in every format.",
)  # fmt: skip
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to a file.")
def results(store: str | None, wide: bool, format_: str, output: Path | None) -> None:
    """Write the flat results table, one row a reported statistic."""
    from evikg.graph.store import open_store
    from evikg.graph.table import results_table

    from .export import table_bytes

    columns, rows = results_table(open_store(store), wide=wide)
    if format_ == "parquet" and output is None:
        raise click.UsageError("parquet is written to a file: give --output FILE")
    data = table_bytes(columns, rows, format_)
    if output is None:
        sys.stdout.buffer.write(data)
    else:
        from .export import write_atomically

        write_atomically(output, data)
        say(f"{len(rows)} results in {output}")


@click.command("explain")
@click.argument("result")
@STORE_OPTION
@click.option(
    "--text", type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The text the source was curated from: shows the line itself.",
)  # fmt: skip
def explain_(result: str, store: str | None, text: Path | None) -> None:
    """Show the chain from a number to the line of the paper, or to what it was pooled from."""
    from evikg.graph.explain import UnknownResultError, explain, lines
    from evikg.graph.pooled import pooled_results
    from evikg.graph.pooled_chain import pooled_lines
    from evikg.graph.store import open_store

    opened = open_store(store)
    try:
        found = explain(opened, result)
    except UnknownResultError:
        named = result.removeprefix("pooled:")
        pooled = next((item for item in pooled_results(opened) if item.slug == named), None)
        if pooled is None:
            raise
        out("\n".join(pooled_lines(pooled)))
        return
    out("\n".join(lines(found)))
    if text is not None:
        shown = text.read_text(encoding="utf-8").split("\n")
        line = found.result.line
        if line > len(shown):
            raise click.UsageError(
                f"{text} has {len(shown)} lines, and the number stands at {line}"
            )
        out(f"\n{text}:{line}: {shown[line - 1]}")
