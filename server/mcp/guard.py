"""What a query may not compute: numbers that the graph does not support.

Sums and means of reported numbers count patients twice, mix patients with reports and ignore the
precision of each study. What is to be put together goes through `pool`, which judges it first.
"""

from collections.abc import Iterator
from typing import Any

from evikg.ontology import EV, prefixes
from evikg.server.exchange import Refusal

_NUMBERS = (
    "events fraction intervalHigh intervalLow pooledEvents pooledHigh pooledLow pooledPatients"
    " pooledValue predictionHigh predictionLow printedHigh printedLow printedP printedValue pValue"
    " size total value"
).split()
#: Aggregates that make one number of several; a count or an extreme of them is no new estimate.
_COMBINING = {"Aggregate_Sum", "Aggregate_Avg"}
COMPUTES = "the query computes with reported numbers: what it computes is printed nowhere"
#: Expressions that make one number of two.
_ARITHMETIC = {"MultiplicativeExpression", "AdditiveExpression"}


def inspect(sparql: str) -> list[str]:
    """Return warnings about what a query computes.

    :raises Refusal: if it adds up or averages reported numbers, asks elsewhere, or is no query
    """
    from rdflib.plugins.sparql import prepareQuery

    try:
        algebra = prepareQuery(sparql, initNs=prefixes()).algebra
    except Exception as error:  # rdflib's parser raises many kinds
        words = " ".join(str(error).split())
        raise Refusal(400, f"this is no SPARQL 1.1 query: {words}") from error
    nodes = list(_nodes(algebra))
    numbers = _numeric_variables(nodes)
    if any(getattr(node, "name", "") == "ServiceGraphPattern" for node in nodes):
        raise Refusal(403, "SERVICE is refused: no other endpoint is asked from here")
    for node in nodes:
        used = numbers & _variables(getattr(node, "vars", None))
        if getattr(node, "name", "") in _COMBINING and used:
            what = "a sum" if node.name == "Aggregate_Sum" else "a mean"
            raise Refusal(
                400,
                f"{what} of reported numbers (?{min(used)}) is refused: results count the"
                " same patients more than once, and patients, events and reports are never added;"
                " use the tool `pool`, or ask for the single results",
            )
    if any(getattr(n, "name", "") in _ARITHMETIC and numbers & _variables(n) for n in nodes):
        return [COMPUTES]
    return []


def _nodes(node: Any) -> Iterator[Any]:
    """Yield every part of an algebra."""
    from rdflib.plugins.sparql.parserutils import CompValue

    if isinstance(node, CompValue):
        yield node
        for name, part in node.items():
            if name != "_vars":
                yield from _nodes(part)
    elif isinstance(node, list | tuple | set):
        for part in node:
            yield from _nodes(part)


def _numeric_variables(nodes: list[Any]) -> set[str]:
    """Return the variables that hold reported numbers, or something computed from them."""
    found: set[str] = set()
    assigned: list[tuple[str, set[str]]] = []
    for node in nodes:
        for triple in node.triples if "triples" in node else ():
            if _may_be_number(triple[1]):
                found |= _variables(triple[2])
        if node.name == "Extend":
            assigned.append((str(node.var), _variables(node.expr)))
        elif node.name.startswith("Aggregate_"):
            assigned.append((str(node.res), _variables(node.vars)))
    before = -1
    while before != len(found):
        before = len(found)
        found |= {name for name, used in assigned if used & found}
    return found


def _may_be_number(predicate: Any) -> bool:
    """Tell whether a predicate or path can lead to a reported number."""
    from rdflib.paths import NegatedPath, Path
    from rdflib.term import URIRef, Variable

    if isinstance(predicate, Variable | NegatedPath):
        return True
    if isinstance(predicate, URIRef):
        return str(predicate) in {EV[name].value for name in _NUMBERS}
    if isinstance(predicate, Path):
        parts = getattr(predicate, "args", None) or [getattr(predicate, "path", None)]
        return any(_may_be_number(part) for part in parts if part is not None)
    return False


def _variables(node: Any) -> set[str]:
    from rdflib.plugins.sparql.parserutils import CompValue
    from rdflib.term import Variable

    if isinstance(node, Variable):
        return {str(node)}
    if isinstance(node, CompValue):
        return {v for name, part in node.items() if name != "_vars" for v in _variables(part)}
    if isinstance(node, list | tuple | set):
        return {v for part in node for v in _variables(part)}
    return set()
