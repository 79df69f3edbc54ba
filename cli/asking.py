"""`evikg questions`, `evikg ask` and `evikg sparql`: what can be asked of a graph, and the answers."""

import sys
from pathlib import Path
from typing import Any

import click

from .common import FORMAT_OPTION, STORE_OPTION, out, say, width


@click.command()
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
            needs += " (can be drawn)" if header.plot is not None else ""
            out(f"{name}{parameters}\n    {header.summary}{needs}")


class _Asking(click.Command):
    """A command whose help, after the name of a question, is that of the question."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take `NAME --help` for `NAME --explain`."""
        if "--help" in args[1:] and not args[0].startswith("-"):
            args = [args[0], "--explain"]
        return super().parse_args(ctx, args)


@click.command(cls=_Asking, context_settings={"ignore_unknown_options": True})
@click.argument("name")
@click.argument("parameters", nargs=-1, type=click.UNPROCESSED, metavar="[--PARAM VALUE]...")
@click.option(
    "--plot", type=click.Path(path_type=Path),
    help="Draw the answer too: svg, png or pdf. The list of questions says which can be drawn.",
)  # fmt: skip
@STORE_OPTION
@FORMAT_OPTION
def ask(
    name: str, parameters: tuple[str, ...], plot: Path | None, store: str | None, format_: str
) -> None:
    """Ask a question of the catalogue; `evikg ask NAME --help` says what it means and takes."""
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
        say("no rows: no number in the graph is all that the question asks for")
    elif plot is not None:
        from evikg.queries.pictures import draw

        lost = draw(question, answer, plot)
        say(f"picture in {plot}" + (f"; its font lacks {lost}, drawn as ?" if lost else ""))


def _described(header: Any) -> str:
    parts = [header.summary, "", header.description, ""]
    for item in header.parameters:
        default = f" [default: {item.default}]" if item.default else " [default: any]"
        parts.append(f"  --{item.name} {item.kind.upper()}  {item.description}{default}")
    parts += ["", *(f"  {column.name}: {column.description}" for column in header.columns)]
    parts += ["", "`evikg ask --help` lists the options of every question."]
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


@click.command()
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
