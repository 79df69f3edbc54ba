"""`evikg similar` and `evikg network`: studies that are alike, and the evidence as a network."""

import click

from .common import STORE_OPTION, out, say, width
from .exploring import EXACT, EXACT_FORMAT_OPTION, answer_of, meant


@click.command()
@click.argument("study")
@STORE_OPTION
@EXACT_FORMAT_OPTION
def similar(study: str, store: str | None, format_: str) -> None:
    """Rank the other studies by what they share with STUDY: variables, and population.

    `variables` and `population` are Jaccard indices; `cosine` weighs what few studies have more
    than what all have, and ranks. Whether two studies share patients is in `joined`: two reports of
    one trial are alike without being two studies.
    """
    from evikg.graph.network import evidence_network, similar_studies
    from evikg.graph.store import open_store
    from evikg.queries import write

    opened = open_store(store)
    one = meant(opened, study)
    pairs = [p for p in similar_studies(evidence_network(opened), one.iri) if p.cosine > 0]
    exact = format_ in EXACT
    shown = None if exact else 5
    rows: list[tuple[str | int, ...]] = [
        (
            pair.other.iri if exact else pair.other.curie,
            pair.other.label,
            *(f"{x:.3f}" for x in (pair.cosine, pair.variables, pair.population)),
            "; ".join(pair.joined),
            len(pair.shared_variables),
            "; ".join(variable.label for variable in pair.shared_variables[:shown]),
        )
        for pair in pairs
    ]
    names = "study label cosine variables population joined shared shared_variables"
    out(write(answer_of(names, rows), format_, width=width()))
    if not exact:
        say(f"of the shared variables the {shown} that fewest studies have; csv and json have all")


@click.command("network")
@click.argument("what", type=click.Choice(["terms", "studies"]))
@click.option(
    "--measure", type=click.Choice(["degree", "betweenness", "pagerank", "communities"]),
    help="What to compute of each node.  [default: the edges are listed]",
)  # fmt: skip
@click.option(
    "--at-least", type=click.IntRange(min=1), default=2, show_default=True, metavar="N",
    help="Of terms: join only those that N studies report together.",
)  # fmt: skip
@STORE_OPTION
@EXACT_FORMAT_OPTION
def network_(
    what: str, measure: str | None, at_least: int, store: str | None, format_: str
) -> None:
    """Look at the evidence as a network: variables reported together, or studies that are alike.

    The measures describe how the network is joined. A variable is central because studies report it
    along with many others, not because the evidence on it is strong.
    """
    from evikg.graph import network as net
    from evikg.graph.store import open_store
    from evikg.queries import write

    whole = net.evidence_network(open_store(store))
    graph = net.term_network(whole, at_least=at_least)
    if what == "studies":
        graph = net.study_network(whole)
    exact = format_ in EXACT

    def name(iri: str) -> str:
        return iri if exact else net.curie_of(iri)

    def label(iri: str) -> str:
        return str(graph.nodes[iri]["label"])

    if measure is None:
        columns = ("weight", "groups") if what == "terms" else ("weight", "shared", "population")
        edges = sorted(graph.edges(data=True), key=lambda edge: (-edge[2]["weight"], edge[:2]))
        answer = answer_of(
            f"thing label other other_label {' '.join(columns)}",
            [
                (name(a), label(a), name(b), label(b), *(_number(data[c]) for c in columns))
                for a, b, data in edges
            ],
        )
    elif measure == "communities":
        answer = answer_of(
            "community size thing label",
            [
                (place, len(members), name(iri), label(iri))
                for place, members in enumerate(net.communities(graph), start=1)
                for iri in members
                if len(members) > 1
            ],
        )
    else:
        scores = net.centrality(graph, measure)
        answer = answer_of(
            f"thing label {measure}",
            [(name(iri), label(iri), _number(score)) for iri, score in scores.items() if score],
        )
    out(write(answer, format_, width=width()))


def _number(value: float) -> str:
    """Return a whole number as it is, and any other with four decimals."""
    return str(value) if isinstance(value, int) else f"{value:.4f}"
