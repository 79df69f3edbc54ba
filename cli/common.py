"""What the commands share: options, and where words and results go."""

import os
import shutil
import sys
from pathlib import Path
from typing import Any

import click


class InputFile(click.Path):
    """A file that is there; a URL is none, since nothing is fetched."""

    def __init__(self, *, folders: bool = False) -> None:
        """Accept existing files only, or folders too, and give them as `Path`."""
        super().__init__(exists=True, dir_okay=folders, path_type=Path)

    def convert(
        self, value: Any, param: click.Parameter | None, context: click.Context | None
    ) -> Any:
        """Return the path; :raises click.BadParameter: if it is a URL, no file or a folder."""
        if "://" in str(value):
            self.fail(f"{value} is a URL, which is not read: download the file", param, context)
        return super().convert(value, param, context)


STORE_OPTION = click.option(
    "--store",
    metavar="DIR|URL",
    help="Directory of a built graph, or URL of a SPARQL endpoint.  [default: $EVIKG_STORE, else"
    " the user's data folder]",
)
#: Of commands that write a graph, or read its files.
FOLDER_OPTION = click.option(
    "--store",
    metavar="DIR",
    help="Directory of a built graph.  [default: $EVIKG_STORE, else the user's data folder]",
)
EVIDENCE_OPTION = click.option(
    "--evidence",
    type=click.Path(path_type=Path),
    help="Folder of curated sources.  [default: the corpus shipped with EviKG]",
)
SAME_EVIDENCE_OPTION = click.option(
    "--evidence",
    type=click.Path(path_type=Path),
    help="Folder of curated sources.  [default: what the graph was built from]",
)
FORMAT_OPTION = click.option(
    "--format",
    "format_",
    type=click.Choice(["table", "csv", "tsv", "json", "md"]),
    default="table",
    show_default=True,
    help="How the answer is written; csv, tsv and json are exact.",
)


def folder_of(store: str | None) -> Path:
    """Return the directory of a graph that is to be written.

    :raises click.UsageError: if `--store` is the URL of an endpoint
    """
    from evikg.graph.store import STORE_VARIABLE, default_place

    if is_url(store or os.environ.get(STORE_VARIABLE)):
        raise click.UsageError(
            "this needs a graph in a directory, --store DIR; `evikg upload URL --store DIR` then"
            " puts it into an endpoint"
        )
    return Path(store) if store else default_place()


def is_url(place: str | None) -> bool:
    """Tell whether a graph is named by the URL of an endpoint."""
    return place is not None and place.startswith(("http://", "https://"))


def say(words: str) -> None:
    """Write words to stderr."""
    click.echo(words, err=True)


def out(text: str) -> None:
    """Write a result to stdout."""
    click.echo(text, nl=not text.endswith("\n"))


def width() -> int | None:
    """Return how wide the terminal is; None where there is none."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None
