"""The command line of EviKG.

Results go to stdout and words to stderr. Exit status: 0 done, 1 the data is at fault, 2 the usage
is at fault.
"""

import sys
from pathlib import Path
from typing import Any

import click

from evikg.graph.errors import GraphError

from .common import EVIDENCE_OPTION, FORMAT_OPTION, STORE_OPTION, folder_of, out, say, width
from .discrepancies import discrepancies
from .linking import link
from .lookup import lookup
from .pooling import compare, pool
from .pubtator import pubtator
from .reasoning import reason
from .release import diff, release
from .survival import survival
from .terminologies import load, slice_
from .tree import tree_


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="evikg")
def cli() -> None:
    """Ask questions across clinical studies, and follow every number to its cell.

    `evikg build` makes the graph, `evikg questions` lists what can be asked, `evikg ask NAME` asks.
    """


load.add_command(pubtator)
for _command in (
    load,
    slice_,
    tree_,
    link,
    lookup,
    reason,
    compare,
    pool,
    survival,
    release,
    diff,
    discrepancies,
):
    cli.add_command(_command)


@cli.command()
@STORE_OPTION
@EVIDENCE_OPTION
@click.option("--afresh", is_flag=True, help="Forget all that was loaded before.")
def build(store: str | None, evidence: Path | None, afresh: bool) -> None:
    """Build the graph from curated evidence; the graph before stays in force until it is done.

    What `evikg load` has loaded stays in it: releases, mapping sets and annotated articles.
    """
    from evikg.loaders.build import build as build_graph
    from evikg.loaders.evidence import shipped_evidence

    place = folder_of(store)
    finished = build_graph(
        evidence or shipped_evidence(), place, lambda step: say(f"{step} …"), afresh=afresh
    )
    counts = f"{len(finished.corpus.sources)} sources, {len(finished.corpus.results)} results"
    say(f"{counts}, {finished.triples} triples in {place}")
    out(f"{finished.digest()}  canonical N-Quads (SHA-256)")


@cli.command()
@click.option("--tag", help="Only questions with this tag.")
def questions(tag: str | None) -> None:
    """List the questions that can be asked."""
    from evikg.queries import catalogue, federated

    listed = {**catalogue(), **federated()}
    known = {name: question.header for name, question in listed.items()}
    tags = sorted({t for header in known.values() for t in header.tags})
    if tag and tag not in tags:
        raise click.UsageError(f"no question has the tag {tag!r}; tags: {', '.join(tags)}")
    for name, header in known.items():
        if tag is None or tag in header.tags:
            parameters = "".join(f" [--{p.name} {p.kind.upper()}]" for p in header.parameters)
            needs = " (needs the network)" if header.federated else ""
            out(f"{name}{parameters}\n    {header.summary}{needs}")


@cli.command(context_settings={"ignore_unknown_options": True})
@click.argument("name")
@click.argument("parameters", nargs=-1, type=click.UNPROCESSED, metavar="[--PARAM VALUE]...")
@click.option(
    "--plot", type=click.Path(path_type=Path, dir_okay=False),
    help="Draw the answer too: svg, png or pdf. The list of questions says which can be drawn.",
)  # fmt: skip
@STORE_OPTION
@FORMAT_OPTION
def ask(
    name: str, parameters: tuple[str, ...], plot: Path | None, store: str | None, format_: str
) -> None:
    """Ask a question of the catalogue; `evikg ask NAME --explain` says what it means."""
    from evikg.graph.store import open_store
    from evikg.queries import catalogue, write

    question = catalogue()[name]
    if parameters == ("--explain",):
        out(_described(question.header))
        return
    values = _pairs(parameters)
    if plot is not None:
        from evikg.queries.pictures import require_picture

        require_picture(question, plot)
    opened = open_store(store)
    for text, found in question.concepts(opened, values):
        if found:
            say(f"{text}: {', '.join(found)}")
    answer = question.run(opened, **values)
    out(write(answer, format_, width=width()))
    if not answer.rows:
        say("no rows: the graph holds nothing that answers this")
    elif plot is not None:
        from evikg.queries.pictures import draw

        draw(question, answer, plot)
        say(f"picture in {plot}")


def _described(header: Any) -> str:
    parts = [header.summary, "", header.description, ""]
    for item in header.parameters:
        default = f" [default: {item.default}]" if item.default else " [default: any]"
        parts.append(f"  --{item.name} {item.kind.upper()}  {item.description}{default}")
    parts += ["", *(f"  {column.name}: {column.description}" for column in header.columns)]
    return "\n".join(parts)


def _pairs(arguments: tuple[str, ...]) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    rest = list(arguments)
    while rest:
        name = rest.pop(0)
        if not name.startswith("--"):
            raise click.UsageError(f"expected --PARAM VALUE, not {name!r}")
        name, equals, value = name[2:].partition("=")
        if not equals:
            if not rest:
                raise click.UsageError(f"--{name} needs a value")
            value = rest.pop(0)
        values.setdefault(name.replace("-", "_"), []).append(value)
    return values


@cli.command()
@click.argument("query")
@STORE_OPTION
@FORMAT_OPTION
def sparql(query: str, store: str | None, format_: str) -> None:
    """Run SPARQL: a query, a file that holds one, or - for standard input."""
    from pyoxigraph import QueryBoolean, QuerySolutions, RdfFormat, serialize

    from evikg.graph.store import open_store
    from evikg.queries import Answer, write

    text = _query_text(query)
    answer = open_store(store).query(text)
    if isinstance(answer, QuerySolutions):
        out(write(Answer.of(answer), format_, width=width()))
    elif isinstance(answer, QueryBoolean):
        out("true" if bool(answer) else "false")
    else:
        found = sorted(answer, key=str)
        triples = serialize(
            found, format=RdfFormat.TURTLE, prefixes=_prefixes("".join(map(str, found)))
        )
        out((triples or b"").decode())


def _query_text(query: str) -> str:
    if query == "-":
        return sys.stdin.read()
    path = Path(query)
    looks_like_a_file = "{" not in query and (path.suffix in {".rq", ".sparql"} or path.exists())
    if not looks_like_a_file:
        return query
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise click.UsageError(f"{path} cannot be read: {error}") from error


def _prefixes(used: str) -> dict[str, str]:
    """Return the prefixes whose namespaces stand in a text."""
    from evikg.ontology import prefixes

    return {prefix: namespace for prefix, namespace in prefixes().items() if namespace in used}


@cli.command()
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


@cli.command("explain")
@click.argument("result")
@STORE_OPTION
@click.option(
    "--text", type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The text the source was curated from: shows the line itself.",
)  # fmt: skip
def explain_(result: str, store: str | None, text: Path | None) -> None:
    """Show the chain from a number to the line of the paper."""
    from evikg.graph.explain import explain, lines
    from evikg.graph.store import open_store

    found = explain(open_store(store), result)
    out("\n".join(lines(found)))
    if text is not None:
        shown = text.read_text(encoding="utf-8").split("\n")
        out(f"\n{text}:{found.result.line}: {shown[found.result.line - 1]}")


@cli.command()
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.option("--reason", is_flag=True, help="Let HermiT check the vocabulary too (needs Java).")
def check(path: Path | None, reason: bool) -> None:
    """Check curated evidence: every fault of curation (exit 1), then the papers' own faults.

    PATH is one source's folder or a folder of sources.  [default: the shipped corpus]
    """
    from .checking import check_evidence

    sys.exit(check_evidence(path, out, say, reason=reason))


@cli.command()
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


@cli.command()
@click.argument("file", type=click.Choice(["source", "catalogue", "results"]))
def schema(file: str) -> None:
    """Write the schema of a curated file: JSON Schema, or the header of results.csv."""
    import json

    from evikg.loaders.models import Catalogue, SourceFile
    from evikg.loaders.results_csv import COLUMNS

    if file == "results":
        out(",".join(COLUMNS))
    else:
        model = SourceFile if file == "source" else Catalogue
        out(json.dumps(model.model_json_schema(), indent=1, ensure_ascii=False))


def main() -> None:
    """Run the command line; an error is one line on stderr, never a traceback."""
    try:
        cli.main(standalone_mode=False)
    except click.exceptions.Abort:
        say("interrupted")
        sys.exit(2)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except BrokenPipeError:
        # The reader has closed the pipe, as `head` does: that is no error.
        sys.stderr.close()
        sys.exit(0)
    except ImportError as error:
        say(f"error: {_missing(error)}")
        sys.exit(2)
    except (GraphError, LookupError, OSError, RuntimeError) as error:
        say(f"error: {error}")
        sys.exit(2)
    except ValueError as error:
        sys.exit(_value_error(error))


#: Modules that an extra of the package installs.
_EXTRAS = {
    "bioc": "pubtator",
    "defusedxml": "terminologies",
    "fastobo": "terminologies",
    "ijson": "terminologies",
    "pandas": "pandas",
    "polars": "polars",
    "pyarrow": "arrow",
    "rapidfuzz": "link",
    "lifelines": "survival",
    "matplotlib": "plot",
    "scipy": "synthesis",
    "statsmodels": "synthesis",
    "backports": "terminologies",
}


def _missing(error: ImportError) -> str:
    if not isinstance(error, ModuleNotFoundError) or error.name is None:
        return str(error)
    module = error.name.partition(".")[0]
    extra = _EXTRAS.get(module)
    remedy = f"; pip install 'evikg[{extra}]'" if extra else ""
    return f"this needs the module {module}{remedy}"


def _value_error(error: ValueError) -> int:
    from evikg.graph.closure import CyclicHierarchyError
    from evikg.loaders.faults import EvidenceError

    if isinstance(error, EvidenceError):
        for fault in error.faults:
            say(str(fault))
        say(f"{len(error.faults)} fault(s); nothing was changed")
        return 1
    say(f"error: {error}")
    return 1 if isinstance(error, CyclicHierarchyError) else 2
