"""What follows from the results of a corpus, or of one record, as triples: quantities and findings."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from evikg.graph import records as r
from evikg.graph.derive import Derived, derive
from evikg.graph.mapping import RDF_TYPE
from evikg.graph.mapping import to_triples as record_triples
from evikg.ontology import EV, individual

from .checks import recompute
from .disagreements import discrepancies


def follow(
    results: Sequence[r.Result], declared: Iterable[r.Record]
) -> tuple[set[Triple], set[Triple]]:
    """Derive and check results; return the triples of `graph:derived` and of `graph:checks`.

    :param declared: the studies, groups, variables and definitions that the results refer to
    """
    kinds: dict[type[Any], list[Any]] = {}
    for record in declared:
        kinds.setdefault(type(record), []).append(record)
    groups, variables = kinds.get(r.Group, []), kinds.get(r.Variable, [])
    definitions, studies = kinds.get(r.Definition, []), kinds.get(r.Study, [])
    derived = derive(results, groups, variables)
    recomputed = recompute(results, groups, variables, definitions)
    found: list[r.Record] = [*recomputed.checks]
    found += discrepancies(results, derived, groups, variables, definitions, studies)
    return (
        {triple for item in derived for triple in _derived_triples(item)},
        {triple for record in found for triple in record_triples(record)}
        | {_passes(result, rule) for result, rule in recomputed.passed},
    )


def _derived_triples(item: Derived) -> Iterator[Triple]:
    result = individual("result", item.result)
    quantity = individual("quantity", item.quantity)
    yield Triple(quantity, RDF_TYPE, EV.Quantity)
    yield Triple(result, EV.quantity, quantity)
    if item.primary:
        yield Triple(result, EV.primary, _true())
    for container in item.counted_in:
        yield Triple(result, EV.countedIn, individual("result", container))


def _passes(result: str, rule: str) -> Triple:
    return Triple(individual("result", result), EV.passes, individual("rule", rule))


def _true() -> Literal:
    return Literal("true", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#boolean"))
