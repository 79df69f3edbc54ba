"""Compare three ways to ask for a branch: `python -m benchmarks.closure --help`.

Every adverse event under each top term of a hierarchy of 30,000, and under its root: by the
property path in the store, by the `ev:within` triples in the store, and by the index of branches
beside it. Each way ends with what a user gets, a list of IRIs or a number, and all must give the
same. The store on disk is a finished generation; the property path is timed in memory too. Tables
go to standard output as Markdown.
"""

import argparse
import gc
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import pyoxigraph
from pyoxigraph import Quad, QuerySolutions

from evikg.graph import open_store
from evikg.graph.branch_index import FILE, BranchIndex
from evikg.graph.branches import Branches
from evikg.graph.closure import closure_triples
from evikg.graph.embedded import EmbeddedStore, current_generation, new_generation
from evikg.graph.rollup import write_branches
from evikg.ontology import individual

from .generate import SEED, TERMS, quads
from .hierarchy import SYSTEMS
from .hierarchy import iri as term_iri

SIZES = (50_000, 500_000)
#: The index is to be at least so many times as fast as the property path on disk.
LEAST = 50.0
#: Writing the index is to take at most this share of a build.
MOST_OF_BUILD = 0.15
#: A timed sample lasts at least this long: quick calls are made many times for one sample.
SAMPLE_S = 0.002

PATH, MEMORY, WITHIN, INDEX = "path, disk", "path, memory", "within, disk", "index"
WAYS = (PATH, MEMORY, WITHIN, INDEX)
ASKED = ("variables", "results", "count")
FOLDER = Path(__file__).parent / "branches"
FIRST = str(term_iri(1))

Call = Callable[[], Any]


@dataclass(slots=True)
class Built:
    """A generation and what it took: seconds, and bytes."""

    store: EmbeddedStore
    memory: EmbeddedStore
    triples: int
    within: int
    seconds: dict[str, float]
    index_bytes: int
    store_bytes: int


@dataclass(slots=True)
class Times:
    """Seconds by what is asked, way and term; and how many rows there are."""

    warm: dict[tuple[str, str, int], float] = field(default_factory=dict)
    rows: dict[tuple[str, int], int] = field(default_factory=dict)
    opened: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)

    def ratios(self, asked: str, slow: str, fast: str) -> list[float]:
        """Return how many times longer one way takes than another, for each term."""
        terms = [term for what, term in self.rows if what == asked]
        return [self.warm[asked, slow, t] / self.warm[asked, fast, t] for t in terms]


def main() -> None:
    """Measure every size and print its tables; end with 1 where answers differ."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.closure", description=__doc__)
    parser.add_argument("--triples", type=int, nargs="+", default=list(SIZES), help="of evidence")
    parser.add_argument("--terms", type=int, default=TERMS, help=f"of the hierarchy ({TERMS})")
    parser.add_argument("--repeat", type=int, default=5, help="rounds, the ways by turns (5)")
    arguments = parser.parse_args()
    for triples in arguments.triples:
        with tempfile.TemporaryDirectory() as folder:
            _say(f"building {triples:,} triples of evidence")
            built = _build(Path(folder), triples, arguments.terms)
            times = _measure(built, min(SYSTEMS, arguments.terms - 1), arguments.repeat)
            print("\n".join(_report(triples, built, times)), flush=True)


def _build(folder: Path, triples: int, terms: int) -> Built:
    """Build a generation with its index, as `evikg build` does, and load it in memory too."""
    seconds: dict[str, float] = {}
    graph = individual("graph", "closure")
    start = time.perf_counter()
    everything = list(quads(triples, terms, SEED))
    seconds["records and triples"] = time.perf_counter() - start
    start = time.perf_counter()
    found = closure_triples(quad.triple for quad in everything)
    within = [Quad(t.subject, t.predicate, t.object, graph) for t in found]
    seconds["closure"] = time.perf_counter() - start
    start = time.perf_counter()
    with new_generation(folder) as fresh:
        fresh.bulk_extend(everything)
        fresh.bulk_extend(within)
    del fresh
    loading = time.perf_counter() - start
    memory = pyoxigraph.Store()
    memory.bulk_extend(everything)
    size = len(everything)
    everything.clear()
    store, generation = open_store(folder), current_generation(folder)
    if not isinstance(store, EmbeddedStore) or generation is None:
        raise SystemExit("no generation was built")
    writing = [_seconds(lambda: write_branches(generation, store.inner)) for _ in range(3)]
    seconds["index"] = median(writing)
    seconds["loading"] = loading - seconds["index"]
    index_bytes = (generation / FILE).stat().st_size
    whole = sum(path.stat().st_size for path in generation.rglob("*") if path.is_file())
    return Built(
        store, EmbeddedStore(memory), size, len(within), seconds, index_bytes, whole - index_bytes
    )


def _measure(built: Built, systems: int, repeat: int) -> Times:
    """Time every way for every term, by turns, once all have given the same."""
    times = Times()
    gc.collect()
    gc.freeze()
    generation = built.store.generation
    if generation is None:
        raise SystemExit("the store has no generation")
    for _ in range(repeat):
        times.opened.append(_seconds(lambda: BranchIndex(generation)))
        times.first.append(_seconds(lambda: BranchIndex(generation).results(term_iri(1).value)))
    branches = Branches.of(built.store)
    for asked in ASKED:
        for term in range(systems + 1):
            calls = _calls(built, branches, asked, term)
            times.rows[asked, term] = _agreed(calls, asked, term)
            samples: dict[str, list[float]] = {way: [] for way in calls}
            for number in range(repeat):
                for way in calls if number % 2 == 0 else reversed(calls):
                    samples[way].append(_sample(calls[way]))
            times.warm |= {(asked, way, term): median(taken) for way, taken in samples.items()}
        _say(f"  {asked}: {systems + 1} terms")
    if not branches.indexed:
        raise SystemExit("the index was not used")
    return times


def _calls(built: Built, branches: Branches, asked: str, term: int) -> dict[str, Call]:
    concept = term_iri(term).value

    def text(how: str) -> str:
        query = (FOLDER / f"{how}-{asked}.rq").read_text(encoding="utf-8")
        return query.replace(FIRST, f"<{concept}>")

    def ask(store: EmbeddedStore, query: str) -> Call:
        return (lambda: _number(store, query)) if asked == "count" else lambda: _list(store, query)

    listed = {"variables": branches.variables, "results": branches.results}
    return {
        PATH: ask(built.store, text("path")),
        MEMORY: ask(built.memory, text("path")),
        WITHIN: ask(built.store, text("within")),
        INDEX: (lambda: listed[asked](concept))
        if asked in listed
        else lambda: branches.counts([concept])[concept].results,
    }


def _list(store: EmbeddedStore, query: str) -> list[str]:
    answer = store.query(query)
    assert isinstance(answer, QuerySolutions)  # noqa: S101 - what a SELECT answers
    return [row[0].value for row in answer]  # type: ignore[union-attr]


def _number(store: EmbeddedStore, query: str) -> int:
    return int(_list(store, query)[0])


def _agreed(calls: dict[str, Call], asked: str, term: int) -> int:
    """Return how many rows there are, or end if the ways differ."""
    answers = {way: call() for way, call in calls.items()}
    first, *others = [sorted(a) if isinstance(a, list) else a for a in answers.values()]
    if any(other != first for other in others):
        raise SystemExit(f"answers differ: {asked} under {term_iri(term)}")
    return len(first) if isinstance(first, list) else int(first)


def _sample(call: Call) -> float:
    loops = max(1, int(SAMPLE_S / max(_seconds(call), 1e-7)))
    start = time.perf_counter()
    for _ in range(loops):
        call()
    return (time.perf_counter() - start) / loops


def _seconds(call: Call) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def _report(triples: int, built: Built, times: Times) -> Iterator[str]:
    yield f"## {triples:,} triples of evidence"
    yield ""
    yield from _cost(built, times)
    yield ""
    yield _row("asked for", "under", "rows", *(f"{way}, ms" for way in WAYS), f"{PATH} / {INDEX}")
    yield _row("---", "---", *["---:"] * (len(WAYS) + 2))
    largest = max(range(1, len(times.rows) // len(ASKED)), key=lambda t: times.rows["results", t])
    for asked in ASKED:
        for term, name in ((0, "the root"), (largest, "the largest")):
            seconds = [times.warm[asked, way, term] for way in WAYS]
            taken = (f"{s * 1e3:.4f}" for s in seconds)
            yield _row(asked, name, f"{times.rows[asked, term]:,}", *taken, _times(*seconds[::3]))
    yield ""
    yield _row("asked for", "slower / faster", "median of all", "least", f"at least {LEAST:.0f}")
    yield _row("---", "---", "---:", "---:", "---")
    for asked in ASKED:
        for slow, fast in ((PATH, INDEX), (MEMORY, INDEX), (WITHIN, INDEX), (PATH, WITHIN)):
            ratios = times.ratios(asked, slow, fast)
            met = _met(min(ratios) >= LEAST) if (slow, fast) == (PATH, INDEX) else ""
            shown = (_times(median(ratios), 1), _times(min(ratios), 1))
            yield _row(asked, f"{slow} / {fast}", *shown, met)
    yield ""


def _cost(built: Built, times: Times) -> Iterator[str]:
    whole = sum(built.seconds.values())
    share = built.seconds["index"] / whole
    took = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in built.seconds.items())
    yield f"{built.triples:,} triples with the hierarchy, and {built.within:,} of `ev:within`."
    yield f"Built in {whole:.1f} s: {took}."
    yield f"The index takes {share:.0%} of it ({_met(share <= MOST_OF_BUILD)}: {MOST_OF_BUILD:.0%}"
    yield f"at most), and {built.index_bytes / 1e6:.1f} MB beside {built.store_bytes / 1e6:.0f} MB."
    yield f"It is opened in {median(times.opened) * 1e3:.2f} ms; opened and asked for its first"
    yield f"list of results in {median(times.first) * 1e3:.2f} ms."


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _times(slow: float, fast: float) -> str:
    ratio = slow / fast
    return f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:.2g}"


def _met(is_met: bool) -> str:
    return "met" if is_met else "missed"


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
