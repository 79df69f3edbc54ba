"""`evikg upload`: a built graph goes into a SPARQL endpoint."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .common import FOLDER_OPTION, folder_of, is_url, out, say

if TYPE_CHECKING:
    from evikg.graph.embedded import EmbeddedStore
    from evikg.graph.remote import RemoteStore


@click.command()
@click.argument("url")
@FOLDER_OPTION
@click.option("--afresh", is_flag=True, help="Compare every graph, also where nothing has changed.")
def upload(url: str, store: str | None, afresh: bool) -> None:
    """Put a built graph into the SPARQL endpoint at URL, in one step.

    Only what differs is sent. Until the last step the graph that was there answers; other people's
    graphs are left alone. Name and password stand in $EVIKG_USER and $EVIKG_PASSWORD, or in netrc.
    """
    from evikg.graph.embedded import EmbeddedStore
    from evikg.graph.remote import RemoteStore

    if not is_url(url):
        raise click.UsageError(f"{url} is no URL; name an endpoint, as http://host:7878/query")
    put(EmbeddedStore.open(folder_of(store)), RemoteStore(url), afresh=afresh)


def build_at(url: str, evidence: Path | None, *, afresh: bool) -> None:
    """Build the graph from evidence, and put it into an endpoint.

    :param afresh: also where that loses what was loaded into the graph there
    :raises click.UsageError: if it would lose that otherwise
    """
    from evikg.graph.embedded import EmbeddedStore
    from evikg.graph.remote import RemoteStore
    from evikg.graph.upload import only_there
    from evikg.loaders.build import build
    from evikg.loaders.evidence import shipped_evidence
    from evikg.queries.examples import examples

    target = RemoteStore(url)
    target.graphs()  # so that an endpoint that does not answer is told before the work
    with tempfile.TemporaryDirectory(prefix="evikg-") as folder:
        finished = build(
            evidence or shipped_evidence(), Path(folder), lambda step: say(f"{step} …"),
            examples=examples(),
        )  # fmt: skip
        source = EmbeddedStore.open(Path(folder))
        if not afresh and (lost := only_there(source, target)):
            raise click.UsageError(
                f"{target.url} holds what a build from the evidence does not make: {', '.join(lost)}."
                " Load it into a graph in a directory and `evikg upload` that, or give --afresh"
            )
        put(source, target, afresh=afresh)
        del source
    out(f"{finished.digest()}  canonical N-Quads (SHA-256)")


def put(source: "EmbeddedStore", target: "RemoteStore", *, afresh: bool) -> None:
    """Upload, and tell how far it is."""
    from platformdirs import user_data_path

    from evikg.graph.upload import upload as upload_graph

    folder = Path(user_data_path("evikg")) / "uploads"
    done = upload_graph(source, target, folder, lambda step: say(f"{step} …"), afresh=afresh)
    counts = f"{done.added_triples} triples added, {done.removed_triples} removed"
    say(
        f"{counts}; {len(done.unchanged)} graphs unchanged; {source.size()} triples at {target.url}"
    )
