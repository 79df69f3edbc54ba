"""`evikg export`: the graph in formats of other tools."""

import io
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from .common import STORE_OPTION, say
from .export import new_folder, replacing

if TYPE_CHECKING:
    from evikg.graph.exports import Format
    from evikg.graph.store import Store

#: After how many bytes a word on the progress is said.
_STEP = 50_000_000


class _Export(click.Command):
    """A command whose help lists the formats."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the formats, one a line."""
        from evikg.graph.exports import formats

        with formatter.section("Formats"):
            formatter.write_dl([(name, held.summary) for name, held in formats().items()])


class _FormatName(click.ParamType["Format"]):
    """The name of a format."""

    name = "name"

    def convert(
        self, value: Any, param: click.Parameter | None, context: click.Context | None
    ) -> Any:
        """Return the format; :raises click.BadParameter: if there is none of this name."""
        from evikg.graph.exports import formats

        if value not in formats():
            self.fail(f"{value!r} is none of {', '.join(formats())}", param, context)
        return formats()[value]


@click.command(cls=_Export)
@click.option("--format", "format_", type=_FormatName(), required=True, help="See below.")
@click.option(
    "--output", metavar="FILE|DIR", type=click.Path(path_type=Path),
    help="Where to write; a folder has to be new.  [default: stdout, if it is one file]",
)  # fmt: skip
@STORE_OPTION
@click.option("--graph", metavar="SLUG", help="Only this named graph; in RDF formats.")
@click.option(
    "--study", "studies", metavar="SLUG", multiple=True,
    help="Only this study and what it speaks of; may be given several times.",
)  # fmt: skip
def export(
    format_: "Format", output: Path | None, store: str | None, graph: str | None,
    studies: tuple[str, ...],
) -> None:  # fmt: skip
    """Write the graph in a format of other tools.

    What a format cannot carry is listed in docs/exports.md.
    """
    from evikg.graph.exports import FileFormat, FolderFormat

    if isinstance(format_, FolderFormat) and output is None:
        raise click.UsageError(f"{format_.name} is a folder of files: give --output DIR")
    if graph is not None and not (isinstance(format_, FileFormat) and format_.datasets):
        raise click.UsageError(f"--graph is for formats of RDF, which {format_.name} is not")
    if graph is not None and studies:
        raise click.UsageError("give --graph or --study, not both")
    part = _part(store, graph, studies)
    if isinstance(format_, FolderFormat):
        assert output is not None  # noqa: S101 - asked above
        say(f"writing {output} …")
        with new_folder(output) as folder:
            left_out = format_.fill(part, folder)
            sizes = {path.name: path.stat().st_size for path in sorted(folder.iterdir())}
        for name, size in sizes.items():
            say(f"{output / name}: {size:,} bytes")
        for words in left_out:
            say(words)
    elif output is None:
        format_.write(part, sys.stdout.buffer)
    else:
        with replacing(output) as file:
            told = _Telling(file)
            format_.write(part, told)
        say(f"{output}: {told.written:,} bytes")


def _part(store: str | None, graph: str | None, studies: tuple[str, ...]) -> "Store":
    from evikg.graph.exports import one_graph, part_about
    from evikg.graph.store import open_store

    opened = open_store(store)
    if graph is not None:
        return one_graph(opened, graph)
    return part_about(opened, studies) if studies else opened


class _Telling(io.RawIOBase, IO[bytes]):
    """A file to write to that now and then says how far it has come."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.written = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        count = self._file.write(data)
        if (self.written + count) // _STEP > self.written // _STEP:
            say(f"{(self.written + count) // 1_000_000} MB …")
        self.written += count
        return count
