"""Runs engines in a process of its own: `python -m benchmarks.measure`, one line of JSON an event.

The command that compares engines starts it; nobody else needs to.
"""

import argparse
import gc
import hashlib
import json
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from types import FrameType

from .engines import ENGINES, Door, Engine, Native, Rows

#: A timed sample lasts at least this long: quick queries are run many times for one sample.
SAMPLE_S = 0.1


class BudgetError(BaseException):
    """A query took longer than it may; no engine's `except Exception` swallows it."""


def main() -> None:
    """Load a graph, run the queries, print what was measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.measure", description=__doc__)
    parser.add_argument(
        "--engines", required=True, help="one, or some that share the store of the first"
    )
    parser.add_argument("--graph", type=Path, required=True, help="without .nq or .nt")
    parser.add_argument("--queries", nargs="*", type=Path, default=[])
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--budget", type=float, default=60)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.graph.parent) as folder:
        engines = [ENGINES[name](Path(folder)) for name in arguments.engines.split(",")]
        _load(engines, arguments.graph)
        for query in arguments.queries:
            _measure(engines, query, arguments.repeat, arguments.budget)


def _load(engines: list[Engine], graph: Path) -> None:
    """Load the first engine; the others share its store."""
    first, *others = engines
    file = graph.with_suffix(first.suffix)
    start = time.perf_counter()
    first.load(file)
    seconds = time.perf_counter() - start
    for other in others:
        if not (isinstance(other, Native | Door) and isinstance(first, Door)):
            raise SystemExit(f"{other.name} cannot share the store of {first.name}")
        other.share(first)
    gc.collect()
    # What is loaded is no garbage: later collections pass it over, in every engine alike.
    gc.freeze()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    disk = sum(path.stat().st_size for path in first.folder.rglob("*") if path.is_file()) / 1e6
    _say(event="load", seconds=seconds, peak_mb=peak, disk_mb=disk)


def _measure(engines: list[Engine], query: Path, repeat: int, budget: float) -> None:
    _say(event="start", query=query.stem)
    text = query.read_text(encoding="utf-8")
    for engine in engines:
        gap = next((why for name, why in engine.gaps.items() if query.stem.startswith(name)), None)
        if gap:
            _say(event="gap", query=query.stem, engine=engine.name, why=gap)
            return
    try:
        first = {engine.name: _first(engine, text, query.stem, budget) for engine in engines}
    except BudgetError:
        _say(event="over", query=query.stem)
        return
    except Exception as error:  # noqa: BLE001 - an engine may fail in any way: it is told
        why = f"{type(error).__name__}: {error}".splitlines()[0]
        _say(event="gap", query=query.stem, engine=engines[0].name, why=why)
        return
    times = _rounds(engines, text, first, repeat, budget)
    native = times[engines[-1].name]
    for engine in engines:
        ratios = [a / b for a, b in zip(times[engine.name], native, strict=True)]
        _say(
            event="time",
            query=query.stem,
            engine=engine.name,
            first=first[engine.name],
            warm=median(times[engine.name]),
            samples=len(times[engine.name]),
            ratio=median(ratios),
        )


def _first(engine: Engine, text: str, query: str, budget: float) -> float:
    """Run once, tell what came out, return the seconds."""
    start = time.perf_counter()
    with _limit(budget):
        rows = engine.run(text)
    seconds = time.perf_counter() - start
    _say(event="rows", query=query, engine=engine.name, rows=len(rows), checksum=checksum(rows))
    return seconds


def _rounds(
    engines: list[Engine], text: str, first: dict[str, float], repeat: int, budget: float
) -> dict[str, list[float]]:
    """Time warm runs, the engines by turns, every other round in the opposite order."""
    longest = max(first.values())
    loops = max(1, int(SAMPLE_S / longest))
    times: dict[str, list[float]] = {engine.name: [] for engine in engines}
    start = time.perf_counter()
    # Engines of one store are compared to within a few percent, so they get more rounds.
    for number in range(repeat * (3 if len(engines) > 1 else 1)):
        for engine in engines if number % 2 == 0 else reversed(engines):
            times[engine.name].append(_sample(lambda e=engine: e.run(text), loops))  # type: ignore[misc]
        if time.perf_counter() - start + longest > budget:
            break
    return times


def _sample(run: Callable[[], Rows], loops: int) -> float:
    gc.collect()
    start = time.perf_counter()
    for _ in range(loops):
        run()
    return (time.perf_counter() - start) / loops


def checksum(rows: Rows) -> str:
    """Return a digest of the rows, whatever their order."""
    digest = hashlib.sha256()
    for row in sorted(rows):
        digest.update("\x1f".join(row).encode() + b"\x1e")
    return digest.hexdigest()[:16]


@contextmanager
def _limit(seconds: float) -> Iterator[None]:
    """Interrupt Python code after some seconds; a query inside an engine's C code is killed."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise BudgetError

    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _say(**event: object) -> None:
    sys.stdout.write(json.dumps(event) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
