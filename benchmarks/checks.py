"""Measure the checks of printed numbers: `python -m benchmarks.checks --help`.

Consistent studies, or one large database release, are invented with a known number of faults; every
check and disagreement that is found must be one of them, each fault must be found once, and the
time and memory of finding them are printed for every size. Every size runs in a process of its own.
"""

import argparse
import resource
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context
from time import process_time
from typing import TypeVar

import pandas as pd

from evikg.graph import records as r
from evikg.graph.derive import Derived, derive
from evikg.graph.mapping import to_triples
from evikg.loaders.checks import recompute
from evikg.loaders.checks.material import Material
from evikg.loaders.checks.single import percentages
from evikg.loaders.disagreements import discrepancies
from evikg.ontology import Statistic

from .consistent import Consistent, invent, variables
from .generate import SEED, TERMS, derived_triples
from .hierarchy import Hierarchy
from .planted import Planted, plant
from .printing import variable_of
from .registry import declared, printed, term

T = TypeVar("T")
SIZES = (50_000, 500_000, 5_000_000)


@dataclass(frozen=True, slots=True)
class Corpus:
    """Records of many studies, and the faults in them."""

    results: list[r.Result]
    groups: list[r.Group]
    variables: list[r.Variable]
    definitions: list[r.Definition]
    studies: list[r.Study]
    planted: list[Planted]
    triples: int  # that describe the records


@dataclass(frozen=True, slots=True)
class Measured:
    """What one size took: CPU seconds, and megabytes at most in memory."""

    triples: int
    studies: int
    results: int
    faults: int
    seconds: dict[str, float]
    records_mb: float
    peak_mb: float


def release(triples: int, seed: int = SEED) -> Corpus:
    """Invent one database release until its records, with what is derived, take so many triples."""
    hierarchy = Hierarchy(TERMS, seed)
    source, study, groups = declared()
    written = _size_of((source, study, *groups, *variables(hierarchy, ())))
    corpus = Corpus([], groups, [], [], [study], [], 0)
    terms: set[int] = set()
    for number, of_term in enumerate(printed(seed), 1):
        terms.add(term(number))
        results = [result for result, _ in of_term]
        own = variables(hierarchy, [term(number)])
        written += _size_of((*results, *(x for x in own if x.slug == variable_of(term(number)))))
        written += sum(len(list(derived_triples(item))) for item in derive(results, groups, own))
        corpus.results.extend(results)
        corpus.planted.extend(fault for _, fault in of_term if fault)
        if written >= triples:
            break
    known = variables(hierarchy, terms)
    return replace(corpus, variables=known, triples=written)


def generate(triples: int, seed: int = SEED) -> Corpus:
    """Invent studies until their records, with what is derived, take so many triples."""
    hierarchy = Hierarchy(TERMS, seed)
    corpus = Corpus([], [], [], [], [], [], 0)
    before: list[Consistent] = []
    terms: set[int] = set()
    written = number = 0
    while written < triples:
        number += 1
        right = invent(number, hierarchy, seed, before)
        before = [*before[-1:], right]
        study, planted = plant(right, number)
        own = variables(hierarchy, study.terms)
        held: tuple[r.Record, ...] = (study.source, study.study, *study.groups, *study.definitions)
        held += (*study.results, *variables(hierarchy, study.terms - terms))
        written += _size_of(held)
        derived = derive(study.results, study.groups, own)
        written += sum(len(list(derived_triples(item))) for item in derived)
        terms |= study.terms
        corpus.results.extend(study.results)
        corpus.groups.extend(study.groups)
        corpus.definitions.extend(study.definitions)
        corpus.studies.append(study.study)
        corpus.planted.extend(planted)
    return replace(corpus, variables=variables(hierarchy, terms), triples=written)


def _size_of(records: Iterable[r.Record]) -> int:
    return sum(len(list(to_triples(record))) for record in records)


#: What a corpus is made of.
SHAPES = {"studies": generate, "release": release}


def measure(shape: str, triples: int) -> Measured:
    """Invent a corpus, check it, and compare what is found with what was planted."""
    corpus = SHAPES[shape](triples)
    records_mb = _peak_mb()
    times: dict[str, float] = {}
    results, groups = corpus.results, corpus.groups
    checks = _timed(
        times,
        "recompute",
        lambda: recompute(results, groups, corpus.variables, corpus.definitions).checks,
    )
    derived = _timed(times, "derive", lambda: derive(results, groups, corpus.variables))
    unlike = _timed(times, "discrepancies", lambda: differing(corpus, derived))
    peak_mb = _peak_mb()
    mistakes = wrong(corpus.planted, checks, unlike)
    if mistakes:
        raise SystemExit("\n".join(mistakes[:20]))
    table = flat(results)
    found = _timed(times, "pandas", lambda: set(table[~fits(table)].result))
    material = Material(results, groups)
    _timed(times, "percentages", lambda: Counter(map(type, percentages(material))))
    expected = {x.result for x in corpus.planted if x.kind in {"percentage", "reachable"}}
    if found != expected:
        raise SystemExit(f"pandas finds {len(found)} percentages of {len(expected)}")
    return Measured(
        corpus.triples,
        len(corpus.studies),
        len(results),
        len(corpus.planted),
        times,
        records_mb,
        peak_mb,
    )


def _timed(times: dict[str, float], name: str, run: Callable[[], T]) -> T:
    start = process_time()
    found = run()
    times[name] = process_time() - start
    return found


def flat(results: Iterable[r.Result]) -> pd.DataFrame:
    """Return the percentages of the flat results table, numbers as floats, with their decimals."""
    shares = [
        x for x in results if x.statistic is Statistic.PERCENT and x.value and x.total is not None
    ]
    return pd.DataFrame(
        {
            "result": [x.slug for x in shares],
            "value": [float(x.value.number or 0) for x in shares if x.value],
            "decimals": [x.value.decimals for x in shares if x.value],
            "events": [float("nan") if x.events is None else x.events for x in shares],
            "total": [x.total for x in shares],
        }
    )


def fits(table: pd.DataFrame) -> "pd.Series[bool]":
    """Tell which percentages some count gives: the one printed, or the nearest where none is."""
    half = 0.5 * 10.0**-table.decimals + 1e-9
    nearest = (table.value * table.total / 100).round()
    count = table.events.fillna(nearest)
    return (100 * count / table.total - table.value).abs() <= half


def wrong(
    planted: Sequence[Planted], checks: Iterable[r.Check], unlike: Iterable[r.Discrepancy]
) -> list[str]:
    """Tell what was found that was not planted, and what was not found exactly once."""
    found = [(check.rule, check.checks) for check in checks]
    found += [(item.type.value, item.results) for item in unlike]
    expected = Counter((fault.kind, fault.result) for fault in planted)
    told: list[str] = []
    for kind, results in found:
        hits = [(kind, slug) for slug in results if (kind, slug) in expected]
        if len(hits) != 1:
            told.append(f"not planted: {kind} of {', '.join(results)}")
        expected.subtract(hits)
    told += [f"found {1 - left} times: {kind} of {slug}" for (kind, slug), left in expected.items()
             if left]  # fmt: skip
    return told


def differing(corpus: Corpus, derived: list[Derived]) -> list[r.Discrepancy]:
    """Return the disagreements of a corpus."""
    return list(
        discrepancies(
            corpus.results,
            derived,
            corpus.groups,
            corpus.variables,
            corpus.definitions,
            corpus.studies,
        )
    )


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def report(outcomes: Iterable[Measured]) -> Iterable[str]:
    """Yield the lines of the table."""
    yield _row("triples", "studies", "results", "faults", "recompute, s", "derive, s",
               "discrepancies, s", "together, s", "µs a result", "peak MB", "of which records",
               "percentages, x pandas")  # fmt: skip
    yield _row(*["---:"] * 12)
    for found in outcomes:
        parts = [found.seconds[name] for name in ("recompute", "derive", "discrepancies")]
        yield _row(
            f"{found.triples:,}",
            f"{found.studies:,}",
            f"{found.results:,}",
            f"{found.faults:,}",
            *(f"{seconds:.2f}" for seconds in parts),
            f"{sum(parts):.1f}",
            f"{1e6 * sum(parts) / found.results:.0f}",
            f"{found.peak_mb:,.0f}",
            f"{found.records_mb:,.0f}",
            f"{found.seconds['percentages'] / found.seconds['pandas']:.0f}",
        )


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Measure every size and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.checks", description=__doc__)
    parser.add_argument(
        "--triples", type=int, nargs="+", default=list(SIZES),
        help="sizes, in triples of evidence (50000 500000 5000000)",
    )  # fmt: skip
    parser.add_argument("--shapes", nargs="+", choices=list(SHAPES), default=list(SHAPES))
    arguments = parser.parse_args()
    with ProcessPoolExecutor(1, get_context("spawn"), max_tasks_per_child=1) as processes:
        for shape in arguments.shapes:
            outcomes = []
            for found in processes.map(partial(measure, shape), arguments.triples):
                said = f"{shape}, {found.triples:,} triples: every fault and nothing else"
                print(said, file=sys.stderr)
                outcomes.append(found)
            print(f"## {shape}\n")
            print("\n".join(report(outcomes)), end="\n\n", flush=True)


if __name__ == "__main__":
    main()
