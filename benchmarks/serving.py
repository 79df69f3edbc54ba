"""Compare servers of one graph: `python -m benchmarks.serving --help`.

EviKG's endpoint, the `oxigraph` server on the very same files, and rdflib-endpoint get the same
queries by turns, each over a connection that is kept open, and the whole answer is read. The
engine's own serialiser, called in this process on disk and in memory, is what an endpoint cannot be
faster than. Tables go to standard output as Markdown.
"""

import argparse
import gc
import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import geometric_mean, median

from pyoxigraph import QueryResultsFormat, QuerySolutions, RdfFormat, parse

from evikg.graph.embedded import EmbeddedStore, new_generation

from . import servers
from .generate import SEED, TERMS, write
from .servers import Client

TRIPLES = 50_000
QUERIES = tuple(sorted((Path(__file__).parent / "queries").glob("*.rq")))
ROWS = Path(__file__).parent / "serving" / "rows.rq"
#: A query is timed for so long at each server, and at least so many times.
SAMPLE_S, LEAST_TIMES, MOST_TIMES = 1.0, 3, 200
#: The targets.
MOST_OVER_ENGINE, MOST_LOOK_UP_MS, LEAST_OVER_RDFLIB, MOST_OVER_OXIGRAPH = 1.5, 3.0, 10.0, 1.0

Call = Callable[[str], bytes]
ENGINE, HELD, EVIKG, OXIGRAPH, RDFLIB = (
    "engine on disk", "engine in memory", "evikg", "oxigraph", "rdflib-endpoint"
)  # fmt: skip
#: Within which workers hold a graph of the usual size in memory.
SETTLING_S = 10.0


def main() -> None:
    """Measure and print the tables; end with 1 where answers differ."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.serving", description=__doc__)
    parser.add_argument("--triples", type=int, default=TRIPLES, help="of evidence (50000)")
    parser.add_argument("--without-rdflib", action="store_true", help="leave rdflib-endpoint out")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        quads = Path(folder) / "graph.nq"
        _say(f"generating {arguments.triples:,} triples")
        evidence, hierarchy = write(quads, arguments.triples, TERMS, SEED)
        store = Path(folder) / "store"
        with new_generation(store) as fresh, quads.open("rb") as data:
            EmbeddedStore(fresh).load(data, RdfFormat.N_QUADS, None)
        opened = EmbeddedStore.open(store)
        asked: dict[str, Call] = {ENGINE: _engine(opened), HELD: _engine(opened.held())}
        running = [servers.evikg(store), servers.oxigraph(store)]
        if not arguments.without_rdflib:
            _say("rdflib-endpoint parses the graph")
            running.append(servers.rdflib_endpoint(quads))
        for server in map(stack.enter_context, running):
            asked[server.name] = Client(server).ask
        time.sleep(SETTLING_S)
        times, wrong = _times(asked)
        print(f"## {evidence:,} triples of evidence over a hierarchy of {hierarchy:,}\n")
        _report(times, list(asked))
    if wrong:
        sys.exit(f"the servers differ in the number of rows: {', '.join(wrong)}")


def _engine(opened: EmbeddedStore) -> Call:
    """Return what asks the engine in this process and serialises, as a server must."""

    def ask(query: str) -> bytes:
        answer = opened.query(query)
        if isinstance(answer, QuerySolutions):
            return answer.serialize(format=QueryResultsFormat.JSON) or b""
        return answer.serialize(format=RdfFormat.TURTLE) or b""  # type: ignore[call-arg, arg-type, return-value]

    return ask


def _times(asked: dict[str, Call]) -> tuple[dict[tuple[str, str], float], list[str]]:
    """Return the median seconds by query and server, and the queries whose answers differ."""
    times: dict[tuple[str, str], float] = {}
    wrong = []
    for query in (*QUERIES, ROWS):
        text = query.read_text(encoding="utf-8")
        counts = {name: _rows(call(text)) for name, call in asked.items()}
        if len(set(counts.values())) > 1:
            wrong.append(f"{query.stem} {counts}")
        samples: dict[str, list[float]] = {name: [] for name in asked}
        for _ in range(MOST_TIMES):
            for name, call in asked.items():
                if len(samples[name]) < LEAST_TIMES or sum(samples[name]) < SAMPLE_S:
                    samples[name].append(_seconds(call, text))
        for name, found in samples.items():
            times[query.stem, name] = median(found)
        told = ", ".join(f"{name} {1000 * times[query.stem, name]:.2f}" for name in asked)
        _say(f"{query.stem}: {told} ms")
    return times, wrong


def _seconds(call: Call, text: str) -> float:
    gc.disable()
    start = time.perf_counter()
    call(text)
    seconds = time.perf_counter() - start
    gc.enable()
    return seconds


def _rows(body: bytes) -> int:
    """Count the rows of an answer, or the triples."""
    if body.startswith(b"{"):
        return len(json.loads(body)["results"]["bindings"])
    # rdflib-endpoint answers RDF/XML whatever is asked for.
    form = RdfFormat.RDF_XML if body.startswith(b"<?xml") else RdfFormat.TURTLE
    return len(set(parse(body, form)))


def _report(times: dict[tuple[str, str], float], names: Sequence[str]) -> None:
    others = [name for name in names if name != EVIKG]
    print(
        "| median, ms |", " | ".join(names), "|", " | ".join(f"{EVIKG} / {n}" for n in others), "|"
    )
    print("| --- |" + " ---: |" * (len(names) + len(others)))
    queries = [query.stem for query in (*QUERIES, ROWS)]
    for query in queries:
        cells = [f"{1000 * times[query, name]:,.2f}" for name in names]
        cells += [f"{times[query, EVIKG] / times[query, name]:.3g}" for name in others]
        print(f"| {query} |", " | ".join(cells), "|")
    benchmark = [query.stem for query in QUERIES]
    for other in others:
        ratios = [times[query, EVIKG] / times[query, other] for query in benchmark]
        told = f"median {median(ratios):.3g}, geometric mean {geometric_mean(ratios):.3g}"
        print(f"\n{EVIKG} / {other} over the benchmark queries: {told}", end="")
    print("\n")
    rows, look_up = ROWS.stem, QUERIES[0].stem
    over = times[rows, EVIKG] / times[rows, HELD]
    _verdict("100,000 rows / engine in memory", over, MOST_OVER_ENGINE)
    added = 1000 * (times[look_up, EVIKG] - times[look_up, HELD])
    _verdict("a point look-up, ms over the engine", added, MOST_LOOK_UP_MS)
    ratios = [times[query, EVIKG] / times[query, OXIGRAPH] for query in benchmark]
    _verdict("evikg / oxigraph, median", median(ratios), MOST_OVER_OXIGRAPH)
    if RDFLIB in names:
        ratios = [times[query, EVIKG] / times[query, RDFLIB] for query in benchmark]
        _verdict("evikg / rdflib-endpoint, median", median(ratios), 1 / LEAST_OVER_RDFLIB)


def _verdict(what: str, measured: float, most: float) -> None:
    print(
        f"- {'met' if measured <= most else '**missed**'}: {what} {measured:.3g} (most {most:.3g})"
    )


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
