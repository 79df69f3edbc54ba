"""`evikg build`, `evikg check`, `evikg verify` and `evikg schema`: from curated files to a graph."""

import os
import sys
from pathlib import Path

import click

from .common import EVIDENCE_OPTION, STORE_OPTION, folder_of, is_url, out, say
from .upload import build_at


@click.command()
@STORE_OPTION
@EVIDENCE_OPTION
@click.option("--afresh", is_flag=True, help="Forget all that was loaded before.")
def build(store: str | None, evidence: Path | None, afresh: bool) -> None:
    """Build the graph from curated evidence; the graph before stays in force until it is done.

    What `evikg load` has loaded stays in it: releases, mapping sets and annotated articles. Into the
    URL of an endpoint the graph is uploaded as `evikg upload` does it.
    """
    from evikg.graph.store import STORE_VARIABLE
    from evikg.loaders.build import build as build_graph
    from evikg.loaders.evidence import shipped_evidence
    from evikg.queries.examples import examples

    named = store or os.environ.get(STORE_VARIABLE)
    if named is not None and is_url(named):
        build_at(named, evidence, afresh=afresh)
        return
    place = folder_of(store)
    finished = build_graph(
        evidence or shipped_evidence(), place, lambda step: say(f"{step} …"),
        examples=examples(), afresh=afresh,
    )  # fmt: skip
    counts = f"{len(finished.corpus.sources)} sources, {len(finished.corpus.results)} results"
    if finished.numbers:
        counts += f", {len(finished.numbers)} registry record(s)"
    say(f"{counts}, {finished.triples} triples in {place}")
    out(f"{finished.digest()}  canonical N-Quads (SHA-256)")


@click.command()
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.option("--reason", is_flag=True, help="Let HermiT check the vocabulary too (needs Java).")
def check(path: Path | None, reason: bool) -> None:
    """Check curated evidence: every fault of curation (exit 1), then the papers' own faults.

    PATH is one source's folder or a folder of sources.  [default: the shipped corpus]
    """
    from .checking import check_evidence

    sys.exit(check_evidence(path, out, say, reason=reason))


@click.command()
@click.argument("source")
@click.option(
    "--text", type=click.Path(path_type=Path), required=True,
    help="The text file the source was curated from.",
)  # fmt: skip
@EVIDENCE_OPTION
def verify(source: str, text: Path, evidence: Path | None) -> None:
    """Re-read a paper and prove that each printed token stands where its row says."""
    from .checking import verify_source

    sys.exit(verify_source(source, text, evidence, out, say))


@click.command()
@click.argument("file", type=click.Choice(["source", "catalogue", "results", "reporting"]))
def schema(file: str) -> None:
    """Write the schema of a curated file: JSON Schema, or the header of a table."""
    import json

    from evikg.loaders.models import Catalogue, SourceFile
    from evikg.loaders.reporting_csv import COLUMNS as REPORTING
    from evikg.loaders.results_csv import COLUMNS

    if columns := {"results": COLUMNS, "reporting": REPORTING}.get(file):
        out(",".join(columns))
    else:
        model = SourceFile if file == "source" else Catalogue
        out(json.dumps(model.model_json_schema(), indent=1, ensure_ascii=False))
