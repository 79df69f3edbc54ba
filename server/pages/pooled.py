"""The page of a pooled number: printed nowhere, with inputs, method and every caveat."""

from decimal import Decimal

from pyoxigraph import NamedNode

from evikg.graph.pooled import pooled_results
from evikg.graph.store import Store
from evikg.graph.tree import labels_of
from evikg.ontology import individual
from evikg.server.exchange import Reply, Request
from evikg.server.rendering import page

from .numbers import numbers, slug_of
from .things import thing


def show(store: Store, _request: Request, iri: NamedNode) -> Reply:
    """Show a pooled result."""
    pooled = next(p for p in pooled_results(store) if individual("pooled", p.slug) == iri)
    concepts = [individual("variable", slug).value for slug in pooled.variables]
    names = labels_of(store, concepts)
    return page(
        "pooled.html",
        measured=[names.get(concept, slug_of(concept)) for concept in concepts],
        value=_rounded(pooled.value),
        low=_rounded(pooled.low),
        high=_rounded(pooled.high),
        thing=thing(store, iri.value),
        kind="Pooled result",
        pooled=pooled,
        numbers=numbers(store, *(individual("result", slug) for slug in pooled.inputs)),
    )


def _rounded(value: Decimal) -> str:
    """Write a derived number with three significant digits; what is stored stands among the facts.

    >>> _rounded(Decimal("8.604562"))
    '8.60'
    """
    digits = max(0, 2 - value.adjusted()) if value else 2
    return f"{value:.{digits}f}"
