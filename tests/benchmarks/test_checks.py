"""The corpora of the benchmark of checks are consistent but for the faults planted in them."""

from collections.abc import Callable
from dataclasses import replace

import pytest

pytest.importorskip("pandas")

from benchmarks.checks import SHAPES, Corpus, differing, fits, flat, wrong
from benchmarks.consistent import invent
from benchmarks.hierarchy import Hierarchy
from benchmarks.planted import FAULTS, Planted, plant
from evikg.graph.derive import derive
from evikg.graph.records import Check, Discrepancy
from evikg.loaders.checks import recompute

Found = tuple[Corpus, tuple[Check, ...], list[Discrepancy]]


@pytest.fixture(scope="module", params=list(SHAPES))
def found(request: pytest.FixtureRequest) -> Found:
    make: Callable[[int], Corpus] = SHAPES[request.param]
    corpus = make(25_000)
    checks = recompute(corpus.results, corpus.groups, corpus.variables, corpus.definitions).checks
    derived = derive(corpus.results, corpus.groups, corpus.variables)
    return corpus, checks, differing(corpus, derived)


def test_every_planted_fault_is_found_once_and_nothing_else(found: Found) -> None:
    corpus, checks, disagreements = found
    assert corpus.planted
    assert wrong(corpus.planted, checks, disagreements) == []


def test_a_fault_that_is_missed_or_found_beside_the_planted_ones_is_told(found: Found) -> None:
    corpus, checks, disagreements = found
    first, *others = checks
    assert len(wrong(corpus.planted, others, disagreements)) == 1
    assert len(wrong(corpus.planted, [*checks, first], disagreements)) == 1
    extra = replace(first, checks=("another",))
    told = f"not planted: {first.rule} of another"
    assert wrong(corpus.planted, [*checks, extra], disagreements) == [told]


def test_pandas_finds_the_percentages_that_are_wrong(found: Found) -> None:
    corpus, _, _ = found
    table = flat(corpus.results)
    expected = {x.result for x in corpus.planted if x.kind in {"percentage", "reachable"}}
    assert set(table[~fits(table)].result) == expected


def test_every_kind_of_fault_is_planted_in_some_study() -> None:
    hierarchy = Hierarchy(3_000, 1)
    studies = [invent(1, hierarchy, 1, [])]
    planted: list[Planted] = []
    for number in range(2, 5):
        studies.append(invent(number, hierarchy, 1, studies))
        planted += plant(studies[-1], number)[1]
    assert {fault.kind for fault in planted} == set(FAULTS)
    assert len(planted) == len(FAULTS)
