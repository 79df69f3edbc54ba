"""Pooled results that a graph holds, and whether their inputs still say what they said."""

import hashlib
from collections.abc import Iterable, Mapping
from importlib.resources import files

from pyoxigraph import QueryTriples

from .mapping import from_triples, to_triples
from .records import PooledResult, Result
from .store import Store


def fingerprint(results: Iterable[Result]) -> str:
    """Return the SHA-256, in hexadecimal, of all that results state, whatever their order."""
    lines = sorted(str(triple) for result in results for triple in to_triples(result))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def pooled_results(store: Store) -> list[PooledResult]:
    """Return the pooled results that a graph holds, sorted by name."""
    query = files(__package__).joinpath("pooled.rq").read_text(encoding="utf-8")
    answer = store.query(query)
    assert isinstance(answer, QueryTriples)  # noqa: S101 - what a CONSTRUCT answers
    return [record for record in from_triples(answer) if isinstance(record, PooledResult)]


def stands(pooled: PooledResult, results: Mapping[str, Result]) -> bool:
    """Tell whether all inputs of a pooled result are there and state what they stated."""
    inputs = [results[slug] for slug in pooled.inputs if slug in results]
    return len(inputs) == len(pooled.inputs) and fingerprint(inputs) == pooled.fingerprint
