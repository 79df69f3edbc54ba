"""Pooled results that a graph holds, and whether their inputs still say what they said."""

import hashlib
from collections.abc import Iterable, Mapping
from importlib.resources import files

from pyoxigraph import QueryTriples

from .mapping import from_triples, to_triples
from .records import Group, PooledResult, Record, Result
from .store import Store


def fingerprint(results: Iterable[Result], groups: Iterable[Group]) -> str:
    """Return the SHA-256, in hexadecimal, of all that results and their groups state.

    Their order does not matter. The size of a group is the denominator of a number that has none
    of its own, and its place in the study tells who is counted twice.
    """
    stated: list[Record] = [*results, *groups]
    lines = {str(triple) for record in stated for triple in to_triples(record)}
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


#: How a caveat of a pooled result begins that says what barred the pool.
DESPITE = "pooled despite: "


def told_despite(pooled: PooledResult) -> str:
    """Say that a result was pooled although something barred it, and why; empty if nothing did."""
    if pooled.despite is None:
        return ""
    bars = sum(caveat.startswith(DESPITE) for caveat in pooled.caveats)
    counted = "1 bar" if bars == 1 else f"{bars} bars"
    return f"pooled despite {counted}: {pooled.despite}"


def pooled_results(store: Store) -> list[PooledResult]:
    """Return the pooled results that a graph holds, sorted by name."""
    query = files(__package__).joinpath("pooled.rq").read_text(encoding="utf-8")
    answer = store.query(query)
    assert isinstance(answer, QueryTriples)  # noqa: S101 - what a CONSTRUCT answers
    return [record for record in from_triples(answer) if isinstance(record, PooledResult)]


def stands(
    pooled: PooledResult, results: Mapping[str, Result], groups: Mapping[str, Group]
) -> bool:
    """Tell whether all inputs of a pooled result are there and state what they stated."""
    if not all(slug in results for slug in pooled.inputs):
        return False
    inputs = [results[slug] for slug in pooled.inputs]
    held = [groups[result.group] for result in inputs]
    return fingerprint(inputs, held) == pooled.fingerprint
