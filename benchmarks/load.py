"""Ask a server from many clients while graphs are swapped under it: `python -m benchmarks.load --help`.

Two graphs that differ are put in force by turns. Every answer must be, whole, the one or the other
graph's own: a row of one and a row of the other in one answer, a row that is missing, a status that
is no success or a broken connection end the run with 1. Each query's answers are taken from the
engine in this process, before the server starts.
"""

import argparse
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles

from pyoxigraph import Quad

from evikg.graph.embedded import EmbeddedStore, new_generation
from evikg.loaders.build import assemble
from evikg.loaders.evidence import shipped_evidence
from evikg.queries import catalogue

from . import servers

SECONDS, CLIENTS, PAUSE_S = 120.0, 32, 2.0
#: Questions whose answers differ between the two graphs, and one that takes long to write.
ASKED = ("response-by-regimen", "study-catalogue", "vod-sos", "landmark-survival")
#: The second graph lacks this document's own results.
LEFT_OUT = "yoon-2026"


@dataclass(slots=True)
class Tally:
    """What the clients saw."""

    answers: Counter[str] = field(default_factory=Counter)  # by query
    faults: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


def main() -> None:
    """Run and print what was counted; end with 1 where an answer was wrong or lost."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--clients", type=int, default=CLIENTS)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tally, swaps = load(Path(folder) / "store", arguments.seconds, arguments.clients)
    if not tally.seconds:
        sys.exit("no answer at all")
    twentieths = quantiles(tally.seconds, n=20)
    print(f"{arguments.clients} clients, {arguments.seconds:.0f} s, {swaps} builds put in force")
    print(f"{sum(tally.answers.values())} answers, {len(tally.faults)} wrong or lost")
    print(f"median {1000 * twentieths[9]:.0f} ms, 95th percentile {1000 * twentieths[18]:.0f} ms")
    for fault in tally.faults[:10]:
        print(f"- {fault}")
    sys.exit(bool(tally.faults))


def load(store: Path, seconds: float, clients: int) -> tuple[Tally, int]:
    """Serve a directory that is built anew again and again, ask from many clients, and compare.

    :returns: what the clients saw, and how often another graph was put in force
    """
    graphs = _graphs()
    queries = {name: catalogue()[name].text for name in ASKED}
    right = {name: {_answer(graph, text) for graph in graphs} for name, text in queries.items()}
    _put_in_force(store, graphs[0])
    tally, end, swaps = Tally(), time.monotonic() + seconds, 0
    with servers.evikg(store) as server:
        threads = [
            threading.Thread(target=_client, args=(server, queries, right, end, tally, seed))
            for seed in range(clients)
        ]
        for thread in threads:
            thread.start()
        while time.monotonic() < end:
            swaps += 1
            _put_in_force(store, graphs[swaps % 2])
            time.sleep(min(PAUSE_S, max(0.0, end - time.monotonic())))
        for thread in threads:
            thread.join()
    return tally, swaps


def _graphs() -> tuple[list[Quad], list[Quad]]:
    """Return the shipped graph, and the same without one document's graph."""
    whole = assemble(shipped_evidence()).quads
    return whole, [quad for quad in whole if not str(quad.graph_name).endswith(f"/{LEFT_OUT}>")]


def _answer(graph: Sequence[Quad], query: str) -> bytes:
    from pyoxigraph import QueryResultsFormat

    store = EmbeddedStore()
    store.inner.bulk_extend(graph)
    written = store.query(query).serialize(format=QueryResultsFormat.TSV)  # type: ignore[union-attr, call-arg]
    return _sorted(written or b"")


def _sorted(tsv: bytes) -> bytes:
    """Return an answer with its rows in order: engines are free where a query leaves it open."""
    head, *rows = tsv.splitlines()
    return b"\n".join([head, *sorted(rows)])


def _put_in_force(store: Path, graph: Sequence[Quad]) -> None:
    with new_generation(store) as fresh:
        fresh.bulk_extend(graph)


def _client(
    server: servers.Server,
    queries: dict[str, str],
    right: dict[str, set[bytes]],
    end: float,
    tally: Tally,
    seed: int,
) -> None:
    choose, client = random.Random(seed), server.client()  # noqa: S311 - no secret
    while time.monotonic() < end:
        name = choose.choice(list(queries))
        start = time.perf_counter()
        try:
            answer = client.ask(queries[name], "text/tab-separated-values")
        except Exception as error:  # noqa: BLE001 - whatever it is, an answer was lost
            with tally.lock:
                tally.faults.append(f"{name}: {type(error).__name__}: {error}")
            client.close()
            client = server.client()
            continue
        with tally.lock:
            tally.seconds.append(time.perf_counter() - start)
            tally.answers[name] += 1
            if _sorted(answer) not in right[name]:
                tally.faults.append(f"{name}: an answer of neither graph, {len(answer)} bytes")
    client.close()


if __name__ == "__main__":
    main()
