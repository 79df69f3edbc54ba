"""`evikg release` and `evikg diff`: a graph as files, and what two of them differ in."""

import sys
from pathlib import Path

import click

from .common import FOLDER_OPTION, folder_of, out, say


def _no_url(_: click.Context, __: click.Parameter, given: str) -> Path:
    if "://" in given:
        raise click.BadParameter(f"{given} is a URL, which is not read: download the graph")
    return Path(given)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@FOLDER_OPTION
def release(folder: Path, store: str | None) -> None:
    """Write a release: graph.nq, results.csv and manifest.json, in the new folder FOLDER.

    The files are the same byte for byte wherever the same evidence is built and released.
    """
    from evikg.graph.embedded import EmbeddedStore
    from evikg.graph.release import write_release
    from evikg.graph.table import results_table

    from .export import table_bytes

    opened = EmbeddedStore.open(folder_of(store))
    table = table_bytes(*results_table(opened, wide=True), "csv")
    described = write_release(opened, folder, {"results.csv": table})
    for name, file in described["files"].items():
        out(f"{file['sha256']}  {name}")
    say(f"{described['triples']} triples in {folder}")


@click.command()
@click.argument("old", callback=_no_url)
@click.argument("new", callback=_no_url)
@click.option(
    "--format", "format_", type=click.Choice(["md", "html", "json"]), default="md",
    show_default=True, help="Markdown, HTML that stands alone, or JSON for programs.",
)  # fmt: skip
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to a file.")
@click.option("--exit-code", is_flag=True, help="Exit with 1 where they differ.")
def diff(old: Path, new: Path, format_: str, output: Path | None, exit_code: bool) -> None:
    """Tell what two graphs differ in: numbers, mappings, verdicts, terminologies, counts.

    OLD and NEW are releases, stores, or files of N-Quads (.nq, .nq.gz). A number that only stands
    in another line is not new.
    """
    from evikg.graph.comparison import compare
    from evikg.graph.release import Graph

    from .export import write_atomically

    comparison = compare(Graph(old), Graph(new))
    if format_ == "json":
        import json

        told = {"old": str(old), "new": str(new), **comparison.as_json()}
        page = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
    else:
        from evikg.graph.comparison_page import PAGES

        page = PAGES[format_](comparison, str(old), str(new))
    if output is None:
        out(page)
    else:
        write_atomically(output, page.encode())
        say(f"{'the same' if comparison.equal else 'they differ'}: {output}")
    if exit_code and not comparison.equal:
        sys.exit(1)
