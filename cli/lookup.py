"""`evikg lookup`: what public SPARQL endpoints hold about a term."""

import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .common import out, say, width

if TYPE_CHECKING:
    from evikg.queries.outward import Endpoint, Reply, Settings

_COLUMNS = ("endpoint", "relation", "label", "iri", "days_old")


@click.command()
@click.argument("term")
@click.option(
    "--endpoint", "names", multiple=True, metavar="NAME",
    help="Ask only this endpoint; may be repeated.  [default: all]",
)  # fmt: skip
@click.option(
    "--endpoints", "file", type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="Endpoints of your own, on top of the shipped ones.  [default: $EVIKG_ENDPOINTS]",
)  # fmt: skip
@click.option(
    "--timeout", type=click.FloatRange(min=0, min_open=True), default=30.0, show_default=True,
    help="Seconds to wait for one answer; with retries, three times as long in all.",
)  # fmt: skip
@click.option(
    "--max-age", type=click.FloatRange(min=0, max=36500), default=7.0, show_default=True,
    metavar="DAYS", help="Kept answers up to this age are not asked for again.",
)  # fmt: skip
@click.option("--offline", is_flag=True, help="Use kept answers only, however old.")
@click.option(
    "--format", "format_", type=click.Choice(["table", "csv", "json"]), default="table",
    show_default=True, help="How the answer is written; csv and json are exact.",
)  # fmt: skip
def lookup(
    term: str,
    names: tuple[str, ...],
    file: Path | None,
    timeout: float,
    max_age: float,
    offline: bool,
    format_: str,
) -> None:
    """Ask MeSH RDF, Ubergraph and Wikidata about TERM: a CURIE, an IRI or a name.

    Exit status: 0 if an endpoint answered, if only from the kept answers; 1 if none did.
    """
    from evikg.queries.outward import Asker, Client, Limits, read_settings
    from evikg.queries.outward import lookup as ask

    settings = read_settings(file)
    chosen = _chosen(settings, names)
    limits = Limits(timeout_s=timeout, deadline_s=3 * timeout)
    client = Client(limits, settings.contact)
    replies = ask(term, chosen, Asker(client, max_age=timedelta(days=max_age), offline=offline))
    if written := _written(replies, format_):
        out(written)
    for reply in replies:
        say(f"{reply.endpoint}: {reply.words}")
    sys.exit(0 if any(reply.answered for reply in replies) else 1)


def _chosen(settings: "Settings", names: tuple[str, ...]) -> "list[Endpoint]":
    known = settings.endpoints
    if unknown := [name for name in names if name not in known]:
        raise click.UsageError(f"no endpoint {unknown[0]!r}; endpoints: {', '.join(known)}")
    return [known[name] for name in dict.fromkeys(names or known)]


def _written(replies: "list[Reply]", format_: str) -> str:
    if format_ == "json":
        found = [
            {
                "endpoint": reply.endpoint,
                "state": reply.state,
                "days": reply.days,
                "words": reply.words,
                "rows": [
                    {"relation": row.relation, "label": row.label, "iri": row.iri}
                    for row in reply.rows
                ],
            }
            for reply in replies
        ]
        return json.dumps(found, indent=1, ensure_ascii=False)
    from pyoxigraph import Literal

    from evikg.queries import Answer, write

    rows = tuple(
        tuple(Literal(cell) for cell in (reply.endpoint, row.relation, row.label, row.iri, days))
        for reply in replies
        for days in [f"{reply.days or 0:.2f}"]
        for row in reply.rows
    )
    if format_ == "table" and not rows:
        return ""
    return write(Answer(_COLUMNS, rows), format_, width=width())
