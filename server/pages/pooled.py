"""The page of a pooled number: printed nowhere, with inputs, method and every caveat."""

from pyoxigraph import NamedNode

from evikg.graph.pooled import pooled_results
from evikg.graph.store import Store
from evikg.ontology import individual
from evikg.server.exchange import Reply, Request
from evikg.server.rendering import page

from .numbers import numbers
from .things import thing


def show(store: Store, _request: Request, iri: NamedNode) -> Reply:
    """Show a pooled result."""
    pooled = next(p for p in pooled_results(store) if individual("pooled", p.slug) == iri)
    return page(
        "pooled.html",
        thing=thing(store, iri.value),
        kind="Pooled result",
        pooled=pooled,
        numbers=numbers(store, *(individual("result", slug) for slug in pooled.inputs)),
    )
