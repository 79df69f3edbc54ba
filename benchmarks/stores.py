"""Measure stores: one graph in a directory and in SPARQL endpoints, `python -m benchmarks.stores`.

The graph is written into a directory, uploaded to each endpoint as `evikg upload` does it, and
uploaded again with a small change. Then the queries of this folder are asked of each, by turns;
times are medians, in milliseconds, with all rows read.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyoxigraph
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat

from evikg.graph.embedded import EmbeddedStore
from evikg.graph.errors import GraphError
from evikg.graph.remote import RemoteStore
from evikg.graph.store import Store
from evikg.graph.upload import OURS, upload

QUERIES = Path(__file__).with_name("queries")


def main() -> None:
    """Measure the stores that are named."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.stores", description=__doc__)
    parser.add_argument("graph", type=Path, help="N-Quads, as benchmarks.generate writes them")
    parser.add_argument("urls", nargs="*", help="of endpoints that hold nothing yet")
    parser.add_argument("--repeat", type=int, default=3, help="rounds of the queries (3)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        disk = pyoxigraph.Store(f"{folder}/store")
        loading = seconds(
            lambda: disk.bulk_load(path=str(arguments.graph), format=RdfFormat.N_QUADS)
        )
        source = EmbeddedStore(disk)
        print(f"directory: {len(disk)} triples, {loading:.1f} s to load")
        stores: dict[str, Store] = {"directory": source}
        for url in arguments.urls:
            stores[url] = target = RemoteStore(url)
            place = Path(folder) / "uploads"
            first = seconds(lambda t=target, p=place: upload(source, t, p))  # type: ignore[misc]
            graph = NamedNode(f"{OURS}study-00001")
            disk.add(Quad(graph, NamedNode(f"{OURS}x"), Literal(url), graph))
            again = seconds(lambda t=target, p=place: upload(source, t, p))  # type: ignore[misc]
            rate = len(disk) / first / 1000
            print(
                f"{url}: {first:.1f} s to upload ({rate:.1f} k/s), {again:.1f} s one change later"
            )
        for path in sorted(QUERIES.glob("*.rq")):
            text = path.read_text(encoding="utf-8")
            told = [
                f"{name} {asked(store, text, arguments.repeat)}" for name, store in stores.items()
            ]
            print(f"{path.stem}: {'; '.join(told)}")


def seconds(work: Callable[[], object]) -> float:
    """Return how long some work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def asked(store: Store, text: str, repeat: int) -> str:
    """Return the median time of a query and its rows, or that it fails."""
    times, rows = [], 0
    try:
        for _ in range(repeat):
            start = time.perf_counter()
            rows = sum(1 for _ in store.query(text))  # type: ignore[union-attr]
            times.append(1000 * (time.perf_counter() - start))
    except GraphError as error:
        return f"fails ({error})"
    return f"{statistics.median(times):.0f} ms, {rows} rows"


if __name__ == "__main__":
    main()
