"""`evikg load pubtator`: annotated articles, every identifier screened."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .common import SAME_EVIDENCE_OPTION, STORE_OPTION, InputFile, folder_of, out, say, width

if TYPE_CHECKING:
    from evikg.graph.records import Mention


@click.command("pubtator")
@click.argument("files", nargs=-1, required=True, type=InputFile())
@STORE_OPTION
@SAME_EVIDENCE_OPTION
@click.option(
    "--annotator", default="", help="Who made the annotations.  [default: as the file says]"
)
@click.option(
    "--report",
    "report_",
    type=click.Choice(["table", "csv"]),
    help="Write what the screening found: a line a rule, or a row a mention that did not pass.",
)
@click.option("--check", is_flag=True, help="Screen only; leave the graph as it is.")
def pubtator(
    files: tuple[Path, ...], store: str | None, evidence: Path | None, annotator: str,
    report_: str | None, check: bool,
) -> None:  # fmt: skip
    """Load annotated articles: PubTator text, BioC JSON or BioC XML, PubTator3's output too.

    Every identifier is screened against the terminologies of the graph. What fails is kept, with
    the reason and a better term where there is one, and linked to nothing.
    """
    from evikg.graph.embedded import EmbeddedStore
    from evikg.loaders.annotations import report, screened_sets
    from evikg.loaders.build import build
    from evikg.loaders.keeping import evidence_of
    from evikg.loaders.screening.stored import slices_of
    from evikg.queries.examples import examples

    place = folder_of(store)
    opened = EmbeddedStore.open(place).inner
    sets, slices = screened_sets(files, opened, annotator), slices_of(opened)
    del opened
    mentions = [mention for held in sets for mention in held.mentions]
    if report_ == "csv":
        out(report(mentions))
    elif report_ == "table":
        out(_table(mentions))
    if not check:
        releases = [held.release() for held in sets]
        build(
            evidence or evidence_of(place), place, lambda s: say(f"{s} …"),
            load=releases, examples=examples(),
        )  # fmt: skip
    counts = Counter(mention.screening for mention in mentions)
    found = ", ".join(
        f"{counts[word]} {word}" for word in ("passed", "unchecked", "doubtful", "wrong")
    )
    articles = sum(len(held.articles) for held in sets)
    say(f"{articles} articles, {len(mentions)} mentions: {found}")
    if slices and 2 * counts["unchecked"] > len(mentions):
        say(
            f"unchecked, since the graph holds only slices of {', '.join(slices)}: a release in"
            " full lets them be checked, as with `evikg load mesh desc20XX.xml supp20XX.xml`"
        )


def _table(mentions: "list[Mention]") -> str:
    from io import StringIO

    from rich.console import Console
    from rich.table import Table

    from evikg.loaders.annotations import yields

    table = Table("rule", "mentions", "texts", "most often")
    for rule, count, texts, example in yields(mentions):
        table.add_row(rule, str(count), str(texts), example)
    text = StringIO()
    Console(file=text, width=width() or 120).print(table)
    return text.getvalue()
