"""`evikg link`: texts to terms, with candidates, confidence and reason."""

import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

import click

from evikg.ontology.terms import SemanticType

from .common import STORE_OPTION, out, say, width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evikg.ontology.linking import Link, Linker
    from evikg.queries import Answer

_FILE = click.Path(path_type=Path, dir_okay=False)
_COLUMNS = (
    "text", "rank", "accepted", "term", "label", "confidence", "score", "predicate", "reason",
)  # fmt: skip


@click.command()
@click.argument("texts", nargs=-1)
@click.option("--type", "type_", type=click.Choice([kind.value for kind in SemanticType]),
              help="What the texts name; terms of another kind are left out.")  # fmt: skip
@click.option("--terminology", "terminologies", multiple=True, metavar="NAME",
              help="A terminology of the graph, as mondo, mesh or hp; may be given again."
              "  [default: all]")  # fmt: skip
@click.option("--context", help="Text that the texts stand in, which defines abbreviations.")
@click.option("--context-file", type=_FILE, help="File that holds the context.")
@click.option("--review", type=_FILE, help="SSSOM file of a curator: its rows win.")
@click.option("--input", "input_", type=_FILE, help="CSV (or .tsv) file of texts.")
@click.option("--column", help="Column of the file that holds the texts.")
@click.option("--subject", help="Column that holds the CURIE of what each text names.")
@click.option("--candidates", type=click.IntRange(min=1), default=5, show_default=True,
              help="How many candidates are shown.")  # fmt: skip
@click.option("--format", "format_", type=click.Choice(["table", "sssom", "csv", "json"]),
              help="[default: table; sssom with --input]")  # fmt: skip
@click.option("--output", type=_FILE, help="Write to a file.")
@STORE_OPTION
def link(
    texts: tuple[str, ...],
    type_: str | None,
    terminologies: tuple[str, ...],
    context: str | None,
    context_file: Path | None,
    review: Path | None,
    input_: Path | None,
    column: str | None,
    subject: str | None,
    candidates: int,
    format_: str | None,
    output: Path | None,
    store: str | None,
) -> None:
    """Link texts to terms of the terminologies in the graph.

    Exact names come first, then names that are the same but for case, Greek letters, spelling,
    plural, hyphens or word order, then wider steps and names that are only alike. The confidence is
    the share of such matches that were right on a corpus with known answers. At most one candidate
    of a text is accepted; abbreviations need --type and --context.
    """
    if bool(texts) == (input_ is not None):
        raise click.UsageError("give texts, or a file with --input FILE --column NAME")
    if any(not text.strip() for text in texts):
        raise click.UsageError("a text is blank: give a name to link")
    if (input_ is None) != (column is None):
        raise click.UsageError("--input and --column go together")
    if context is not None and context_file is not None:
        raise click.UsageError("--context and --context-file exclude each other")
    format_ = format_ or ("table" if input_ is None else "sssom")
    if subject is not None and input_ is None:
        raise click.UsageError("--subject names a column of the file: give --input FILE")
    subjects: tuple[str, ...] = ()
    if input_ is not None and column is not None:
        from evikg.loaders.texts import read_column

        texts, subjects = zip(*read_column(input_, column, subject), strict=True)
    if context_file is not None:
        context = _read(context_file)
    linker = _linker(store, terminologies, review)
    prefixes = [_prefix(name) for name in terminologies]
    thorough = format_ in ("table", "json") and candidates > 1
    links = [
        linker.link(
            text, type=type_, context=context, terminologies=prefixes, limit=candidates,
            thorough=thorough,
        )
        for text in texts
    ]  # fmt: skip
    written = _written(links, subjects, format_, None if output else width())
    if output is None:
        out(written)
    else:
        from .export import write_atomically

        write_atomically(output, written.encode())
    accepted = sum(item.accepted is not None for item in links)
    if output is not None or input_ is not None:
        say(f"{accepted} of {len(links)} texts linked" + (f" in {output}" if output else ""))
    elif format_ == "table":
        for item in links:
            if item.accepted is None:
                say(f"{item.text}: no term accepted: {item.reason}")


def _linker(store: str | None, terminologies: "Sequence[str]", review: Path | None) -> "Linker":
    from evikg.graph.store import open_store
    from evikg.graph.terms import terms_of
    from evikg.loaders.review import read_review
    from evikg.ontology.linking import NEEDS_EXTRA, Linker, TermIndex

    read = read_review(review) if review is not None else None
    names = [name.lower() for name in terminologies] or None
    index = TermIndex.of(terms_of(open_store(store), names))
    linker = Linker(index, rulings=read.rulings if read else None)
    if not linker.lexical:
        say(NEEDS_EXTRA)
    if read is not None and not read.rulings:
        say(f"{review} has no reviewed row: see its column mapping_justification")
    return linker


def _prefix(name: str) -> str:
    from evikg.ontology.curie import converter

    return str(converter().standardize_prefix(name) or name)


def _read(path: Path) -> str:
    from evikg.loaders.faults import EvidenceError, Fault, read_text

    faults: list[Fault] = []
    text = read_text(path, faults)
    if text is None:
        raise EvidenceError(faults)
    return text


def _written(
    links: "Sequence[Link]", subjects: "Sequence[str]", format_: str, columns: int | None
) -> str:
    if format_ == "sssom":
        from evikg.ontology.linking.mapping_rows import write_sssom

        return write_sssom(links, _provenance(), subjects)
    from evikg.queries import write

    return write(_answer(links), format_, width=columns)


def _provenance() -> dict[str, str]:
    today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    try:
        return {"mapping_tool_version": version("evikg"), "mapping_date": today}
    except PackageNotFoundError:  # run from a checkout
        return {"mapping_date": today}


def _answer(links: "Sequence[Link]") -> "Answer":
    from pyoxigraph import Literal

    from evikg.queries import Answer

    rows: list[tuple[str, ...]] = []
    for item in links:
        for rank, found in enumerate(item.candidates, 1):
            rows.append(
                (
                    item.text, str(rank), "yes" if found is item.accepted else "", found.curie,
                    found.label, f"{found.confidence:.2f}", f"{found.score:.2f}", found.predicate,
                    found.reason + (f" ({found.held})" if found.held else ""),
                )
            )  # fmt: skip
        if not item.candidates:
            rows.append((item.text, *[""] * (len(_COLUMNS) - 2), item.reason))
    cells = (tuple(Literal(cell) if cell else None for cell in row) for row in rows)
    return Answer(_COLUMNS, tuple(cells))
