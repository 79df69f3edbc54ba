"""`evikg tree`: a branch of the hierarchies with the evidence in it."""

from typing import TYPE_CHECKING

import click

from .common import STORE_OPTION, out, say, width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evikg.graph.store import Store
    from evikg.graph.tree import Node
    from evikg.queries import Answer


@click.command("tree")
@click.argument("term")
@click.option("--up", is_flag=True, help="What lies above the concept, not below it.")
@click.option("--depth", type=click.IntRange(min=0), help="Steps to follow.  [default: all]")
@STORE_OPTION
@click.option(
    "--format", "format_", type=click.Choice(["table", "csv", "json"]), default="table",
    show_default=True, help="csv and json have whole IRIs, and the parent of every row.",
)  # fmt: skip
def tree_(term: str, up: bool, depth: int | None, store: str | None, format_: str) -> None:
    """Show the branch below a concept, and how much of the evidence lies in each part of it.

    TERM is a CURIE (MONDO:0004967, variable:neutropenia), an IRI, the slug of a variable, or a
    label or synonym. Results and studies are counted once, however many ways lead to them: the
    numbers of two parts may overlap and are not to be added. A concept with several parents stands
    under each; (…) says that what follows it is shown where it comes first.
    """
    from evikg.graph.store import open_store
    from evikg.graph.tree import tree
    from evikg.queries import write

    opened = open_store(store)
    nodes = tree(opened, _concept(opened, term), up=up, depth=depth)
    out(write(_shown(nodes) if format_ == "table" else _exact(nodes), format_, width=width()))
    if len(nodes) == 1 and depth != 0:
        say(f"nothing lies {'above' if up else 'below'} it in the graph")


def _concept(store: "Store", text: str) -> str:
    """Return the IRI of the one concept that a text stands for."""
    from evikg.graph.concepts import find_concepts
    from evikg.graph.tree import labels_of

    found = find_concepts(store, text)
    if not found:
        raise click.UsageError(
            f"nothing in the graph is called {text!r}; TERM is a CURIE, an IRI, a variable's slug,"
            " a label or a synonym"
        )
    iris = [concept.value for concept in found]
    if len(iris) > 1:
        labels = labels_of(store, iris)
        listed = "".join(f"\n  {_curie(iri)}  {labels.get(iri, '')}" for iri in iris)
        raise click.UsageError(f"{text!r} stands for {len(iris)} concepts; name one:{listed}")
    return iris[0]


def _curie(iri: str) -> str:
    from evikg.ontology import compact
    from evikg.ontology.curie import contract

    short = contract(iri)
    return compact(iri) if short == iri else short


def _shown(nodes: "list[Node]") -> "Answer":
    """Return the tree as a reader wants it, indented."""
    rows = []
    for node in nodes:
        name = f"{'  ' * node.depth}{node.label or _curie(node.iri)}{' (…)' * node.repeated}"
        counts = node.counts
        rows.append((name, _curie(node.iri), counts.variables, counts.results, counts.studies))
    return _answer("concept term variables results studies", rows)


def _exact(nodes: "list[Node]") -> "Answer":
    """Return the tree as a program wants it."""
    rows = []
    for node in nodes:
        counts = node.counts
        place = (node.depth, node.iri, _curie(node.iri), node.label, node.parent)
        rows.append((*place, counts.variables, counts.results, counts.studies))
    return _answer("depth iri term label parent variables results studies", rows)


def _answer(columns: str, rows: "Sequence[tuple[str | int, ...]]") -> "Answer":
    from pyoxigraph import Literal

    from evikg.queries import Answer

    cells = tuple(tuple(Literal(str(cell)) for cell in row) for row in rows)
    return Answer(tuple(columns.split()), cells)
