"""`evikg discrepancies`: the numbers that are printed differently in different places."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

import click

from evikg.ontology import DiscrepancyType

from .common import FORMAT_OPTION, STORE_OPTION, out, say

if TYPE_CHECKING:
    from evikg.queries import Answer

Row = dict[str, str]


@click.command()
@click.option("--study", help="Only this study, its reports included.")
@click.option("--source", help="Only where this document has one of the printings.")
@click.option(
    "--type", "kind", type=click.Choice([kind.word for kind in DiscrepancyType]),
    help="Only disagreements of this type.",
)  # fmt: skip
@STORE_OPTION
@FORMAT_OPTION
def discrepancies(
    study: str | None, source: str | None, kind: str | None, store: str | None, format_: str
) -> None:
    """List the numbers that are printed differently in different places, each with its tokens.

    Text and table, abstract and body, a document and those that cite it, two reports of one study.
    A star marks the printing that the other printed numbers recompute to, where they do so for one
    alone. Nothing is corrected. csv, tsv and json have one row a printing.
    """
    from evikg.graph.store import open_store
    from evikg.queries import catalogue, write

    given = {"study": study, "source": source, "type": kind}
    parameters = {name: value for name, value in given.items() if value}
    answer = catalogue()["discrepancies"].run(open_store(store), **parameters)
    if format_ in {"csv", "tsv", "json"}:
        out(write(answer, format_))
    elif answer.rows:
        lines = _markdown(answer) if format_ == "md" else _text(answer)
        out("\n".join(lines) + "\n")
    if not answer.rows:
        say("no disagreement: what is printed twice is printed alike")


def _text(answer: "Answer") -> Iterator[str]:
    """Write a report for a terminal, by study."""
    for study, found in _by_study(answer):
        yield f"{study}: {len(found)} disagreement{'s' * (len(found) > 1)}"
        for printings in found:
            first = printings[0]
            yield ""
            yield f"  {first['type']}: {_about(first)}"
            yield f"    {first['note']}"
            for row in printings:
                star = "*" if row["supported"] else " "
                yield f"  {star} {row['printed']} ({row['directness']}): {_place(row)}"
        yield ""


def _markdown(answer: "Answer") -> Iterator[str]:
    """Write a report in Markdown, by study, a table for each disagreement."""
    for study, found in _by_study(answer):
        yield f"## {study}"
        for printings in found:
            first = printings[0]
            yield ""
            yield f"### {first['type']}: {_about(first)}"
            yield ""
            yield first["note"].replace("|", "\\|")
            yield ""
            yield "| printed | | place | result | supported |"
            yield "| --- | --- | --- | --- | --- |"
            for row in printings:
                cells = (row["printed"], row["directness"], _place(row), row["result"],
                         "yes" if row["supported"] else "")  # fmt: skip
                yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
        yield ""


def _by_study(answer: "Answer") -> Iterator[tuple[str, list[list[Row]]]]:
    """Yield each study with its disagreements, each a list of printings."""
    from evikg.queries.answer import short

    rows = [
        dict(zip(answer.columns, (short(cell) for cell in row), strict=True))
        for row in answer.rows
    ]  # fmt: skip
    for study, of_study in groupby(rows, itemgetter("study")):
        yield study, [list(found) for _, found in groupby(of_study, itemgetter("discrepancy"))]


def _about(row: Row) -> str:
    grade = f", grade {row['grade']}" if row["grade"] else ""
    return f"{row['variable']}{grade}; {row['group']}"


def _place(row: Row) -> str:
    return f"{row['document']} line {row['line']}, {row['locator']}"
