"""`evikg explore` and `evikg path`: walk through the graph, from thing to thing."""

from collections import Counter
from typing import TYPE_CHECKING

import click

from .common import STORE_OPTION, out, say, width

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import networkx as nx

    from evikg.graph.network import Path, Thing
    from evikg.graph.store import Store
    from evikg.queries import Answer

EXACT_FORMAT_OPTION = click.option(
    "--format", "format_", type=click.Choice(["table", "csv", "json", "md"]), default="table",
    show_default=True, help="How the answer is written; csv and json have whole IRIs and numbers.",
)  # fmt: skip

#: Formats for programs: whole IRIs, all columns.
EXACT = ("csv", "json")

#: hops, from, relation, reading, and what stands there.
_Row = tuple[int, str, str, str, "Thing"]


@click.command()
@click.argument("term", required=False)
@click.option(
    "--hops", type=click.IntRange(1, 6), default=1, show_default=True, help="Steps to go at most."
)
@click.option(
    "--relation", metavar="R",
    help="Follow only this one, as ev:study or study, both ways; ^study, at one hop, only inward.",
)  # fmt: skip
@click.option("--kind", metavar="K", help="List only things of a kind: result, group, term, ...")
@click.option(
    "--most", type=click.IntRange(min=1), default=10, show_default=True,
    help="Things to list of each kind at the end of each relation.",
)  # fmt: skip
@STORE_OPTION
@EXACT_FORMAT_OPTION
def explore(
    term: str | None,
    hops: int,
    relation: str | None,
    kind: str | None,
    most: int,
    store: str | None,
    format_: str,
) -> None:
    """Show what a thing is joined to; without TERM, which kinds of things are joined how often.

    TERM is a slug (kr-pms), a CURIE (drug:defibrotide, MESH:D006504), an IRI, or a name, synonym,
    registration or DOI. What is listed can be given as TERM in turn.
    """
    from evikg.graph.network import kinds_of_classes, relations_named
    from evikg.graph.store import open_store
    from evikg.queries import write

    followed = relations_named(relation) if relation else ()
    if kind is not None and kind not in kinds_of_classes():
        raise click.UsageError(f"no kind {kind!r}; kinds: {', '.join(kinds_of_classes())}")
    opened = open_store(store)
    if term is None:
        if followed or kind or hops != 1:
            raise click.UsageError("name a TERM to start from")
        out(write(_overview(opened), format_, width=width()))
        return
    thing = meant(opened, term)
    rows = list(
        _joined(opened, thing, followed, kind, most)
        if hops == 1
        else _around(opened, thing, followed, kind, hops, most)
    )
    out(write(_reached(rows, exact=format_ in EXACT, far=hops > 1), format_, width=width()))
    if not rows:
        say("nothing is joined to it in this way")


@click.command("path")
@click.argument("a")
@click.argument("b")
@click.option(
    "--longest", type=click.IntRange(1, 12), default=6, show_default=True,
    help="Steps that a path may have.",
)  # fmt: skip
@click.option(
    "--most", type=click.IntRange(min=1), default=3, show_default=True, help="Paths to show."
)
@STORE_OPTION
@click.option(
    "--format", "format_", type=click.Choice(["text", "csv", "json", "md"]), default="text",
    show_default=True, help="text has a line for each step; the others a row.",
)  # fmt: skip
def path_(a: str, b: str, longest: int, most: int, store: str | None, format_: str) -> None:
    """Show how A and B are connected, the most telling path first, with the numbers on the way.

    A and B are what `evikg explore` takes. Steps are followed in either direction. A step through
    what is joined to nearly everything, as a study is to all its results, costs more, and the path
    that costs least comes first.
    """
    from evikg.graph.network import evidence_network, explain_path, paths
    from evikg.graph.store import open_store
    from evikg.queries import write

    opened = open_store(store)
    one, other = meant(opened, a), meant(opened, b)
    if one.iri == other.iri:
        raise click.UsageError(f"{a!r} and {b!r} are the same thing: {one.curie}")
    network = evidence_network(opened)
    found = paths(network, one.iri, other.iri, longest=longest, most=most)
    if format_ != "text":
        out(write(_steps(found, exact=format_ in EXACT), format_))
    for place, path in enumerate(found, start=1) if format_ == "text" else ():
        steps = "1 step" if len(path.steps) == 1 else f"{len(path.steps)} steps"
        out(f"{place}. {steps}, cost {path.cost:.1f}")
        for line in explain_path(path):
            out(f"   {line}")
    if not found:
        say(f"no path of at most {longest} steps; --longest takes more")


def meant(store: "Store", text: str) -> "Thing":
    """Return the one thing that a text means, and say which where it is no identifier."""
    from evikg.graph.network import thing_named

    thing = thing_named(store, text)
    if text not in (thing.iri, thing.curie, thing.curie.partition(":")[2]):
        say(f"{text}: {thing.curie}, {thing.label}")
    return thing


def _joined(
    store: "Store", thing: "Thing", followed: tuple[str, ...], kind: str | None, most: int
) -> "Iterator[_Row]":
    """Return the neighbours of a thing, and say how many are left out."""
    from evikg.graph.network import neighbours

    for joined in neighbours(store, thing.iri, limit=0).relations:
        if (followed and joined.relation not in followed) or kind not in (None, joined.kind):
            continue
        page = neighbours(store, thing.iri, joined.relation, kind=joined.kind, limit=most)
        for neighbour in page.neighbours:
            yield 1, thing.curie, joined.relation, joined.reading, neighbour.thing
        if joined.count > most:
            left = joined.count - most
            asked = f"--relation '{joined.relation}' --kind {joined.kind} --most {joined.count}"
            say(f"{left} more: {asked}")


def _around(
    store: "Store",
    thing: "Thing",
    followed: tuple[str, ...],
    kind: str | None,
    hops: int,
    most: int,
) -> "Iterator[_Row]":
    """Return what is some hops away, each thing once, and say how much is left out."""
    from evikg.graph import network as net

    whole = net.evidence_network(store)
    curies = {key.removeprefix(net.INVERSE) for key in followed}
    near = net.neighbourhood(whole, thing.iri, hops, relations=curies)
    counts: Counter[tuple[int, str, str]] = Counter()
    distances = {iri: int(near.nodes[iri]["hops"]) for iri in near}
    for iri, hop in sorted(distances.items(), key=lambda item: (item[1], item[0])):
        if iri == thing.iri or kind not in (None, near.nodes[iri]["kind"]):
            continue
        came, key, reading = _last_step(near, iri, hop)
        place = (hop, key, near.nodes[iri]["kind"])
        counts[place] += 1
        if counts[place] <= most:
            yield hop, net.curie_of(came), key, reading, net.thing_of(near, iri)
    for (hop, key, of_kind), count in counts.items():
        if count > most:
            say(f"hop {hop}, {key}: {count - most} more; --kind {of_kind} --most {count}")


def _last_step(near: "nx.MultiDiGraph[str]", iri: str, hop: int) -> tuple[str, str, str]:
    """Return where a thing is reached from, one hop nearer, by which relation and how it reads."""
    from evikg.graph.network import INVERSE

    steps: list[tuple[str, str, str]] = [
        (came, key, data["label"])
        for came, _, key, data in near.in_edges(iri, keys=True, data=True)
        if near.nodes[came]["hops"] == hop - 1
    ] + [
        (came, f"{INVERSE}{key}", data["inverse"])
        for _, came, key, data in near.out_edges(iri, keys=True, data=True)
        if near.nodes[came]["hops"] == hop - 1
    ]
    return min(steps)


def _reached(rows: "Sequence[_Row]", *, exact: bool, far: bool) -> "Answer":
    names = "relation reading kind thing label"
    cells: list[tuple[str | int, ...]] = []
    for hops, came, relation, reading, thing in rows:
        row = (relation, reading, thing.kind, thing.curie, thing.label)
        before = (hops, came) if far or exact else ()
        cells.append((*before, *row, *((thing.iri,) if exact else ())))
    before_names = "hops from " if far or exact else ""
    return answer_of(f"{before_names}{names}{' iri' if exact else ''}", cells)


def _overview(store: "Store") -> "Answer":
    """Return a row a kind, and then a row a relation between two kinds."""
    from evikg.graph.network import classes

    found = classes(store)
    rows: list[tuple[str | int, ...]] = [(one.kind, "", "", "", one.count) for one in found.classes]
    rows += [(r.subject, r.relation, r.reading, r.object, r.count) for r in found.relations]
    return answer_of("kind relation reading to count", rows)


def _steps(found: "Iterable[Path]", *, exact: bool) -> "Answer":
    rows: list[tuple[str | int, ...]] = []
    for place, path in enumerate(found, start=1):
        ends = zip(path.things, path.steps, path.things[1:], strict=False)
        for number, (before, step, after) in enumerate(ends, start=1):
            names = (before.iri, after.iri) if exact else (before.curie, after.curie)
            printed = [str(after.facts.get(name, "")) for name in ("printed", "locator", "line")]
            rows.append(
                (
                    place, f"{path.cost:.3f}", number, names[0], before.label, step.relation,
                    step.reading, names[1], after.label, step.graph, *printed,
                )
            )  # fmt: skip
    names_ = "path cost step from from_label relation reading to to_label graph"
    return answer_of(f"{names_} printed locator line", rows)


def answer_of(columns: str, rows: "Iterable[tuple[str | int, ...]]") -> "Answer":
    """Return columns and rows as an answer, to be written in any format."""
    from pyoxigraph import Literal

    from evikg.queries import Answer

    cells = tuple(tuple(Literal(str(cell)) for cell in row) for row in rows)
    return Answer(tuple(columns.split()), cells)
