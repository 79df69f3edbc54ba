"""Compare the ways to all pairs: `python -m benchmarks.faers.run --help`.

Generates extracts, goes every way by turns, each time in a process of its own, asserts that all find
the same pairs with the same counts and ratios, and prints medians as Markdown.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median

import polars as pl

from benchmarks.watch import Taken, watch

from .generate import SEED, generate
from .ways import WAYS

#: What is compared to, and the goals.
REFERENCE = "sql"
LEAST_FASTER = {"ascii": 1.0, "parquet": 3.0}
MOST_MB = 4096.0
#: Ratios are computed in different orders of operations.
TOLERANCE = 1e-9
_COUNTS, _RATIOS = ["a", "b", "c", "d"], ["ror", "ror_low", "ror_high"]


def main() -> None:
    """Compare and print."""
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as temporary:
        extracts, folder = arguments.data or Path(temporary) / "extracts", Path(temporary)
        if not extracts.exists():
            print(f"generating at scale {arguments.scale}", file=sys.stderr)
            generate(extracts, arguments.scale, SEED)
        taken: dict[str, list[Taken]] = {way: [] for way in arguments.ways}
        for turn in range(arguments.repeat):
            for way in arguments.ways:
                taken[way].append(go(way, extracts, folder / "kept", folder / f"{way}.parquet"))
                print(f"{turn + 1} {way}: {taken[way][-1]}", file=sys.stderr, flush=True)
        found = {way: pairs(folder / f"{way}.parquet") for way in arguments.ways}
    differences = list(differing(found))
    print("\n".join(report(arguments.scale, taken, found)))
    sys.exit("\n".join(differences) or None)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.faers.run", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("--scale", type=float, default=1.0, help="1 is 2 million cases (1)")
    parser.add_argument("--repeat", type=int, default=3, help="times every way is gone (3)")
    parser.add_argument(
        "--ways", nargs="+", choices=list(WAYS), default=list(WAYS), metavar="NAME",
        help=f"some of: {', '.join(WAYS)}; parquet needs ascii before it",
    )  # fmt: skip
    parser.add_argument("--data", type=Path, help="keep the extracts here, and use them again")
    return parser.parse_args()


def go(way: str, extracts: Path, kept: Path, output: Path) -> Taken:
    """Go a way in a process of its own; `ascii` begins without anything kept."""
    if way == "ascii" and kept.exists():
        shutil.rmtree(kept)
    if output.is_dir():
        shutil.rmtree(output)  # as Spark writes
    command = [sys.executable, "-m", "benchmarks.faers.ways", way]
    return watch([*command, *map(str, (extracts, kept, output))])


def pairs(output: Path) -> pl.DataFrame:
    """Read what a way wrote, in one order; a ratio that is no number is null."""
    files = output / "*.parquet" if output.is_dir() else output
    table = pl.read_parquet(files).select("drug", "event", *_COUNTS, *_RATIOS)
    finite = [pl.when(pl.col(name).is_finite()).then(pl.col(name)).alias(name) for name in _RATIOS]
    return table.with_columns(pl.col(_COUNTS).cast(pl.Int64), *finite).sort("drug", "event")


def differing(found: Mapping[str, pl.DataFrame]) -> Iterator[str]:
    """Yield where a way differs from the first in pairs, counts or ratios."""
    (first, expected), *others = found.items()
    keys = ["drug", "event", *_COUNTS]
    for way, table in others:
        if not table.select(keys).equals(expected.select(keys)):
            alone = table.join(expected, on=keys, how="anti", nulls_equal=True)
            yield (
                f"{way} has {len(table):,} pairs, {first} {len(expected):,}; "
                f"{len(alone):,} are not as there, such as {alone.head(1).rows()}"
            )
            continue
        for name in _RATIOS:
            off = (table[name] / expected[name] - 1).abs() > TOLERANCE
            unlike = (off | (table[name].is_null() != expected[name].is_null())).sum()
            if unlike:
                yield f"{way} differs from {first} in {name} of {unlike:,} pairs"


def report(
    scale: float, taken: Mapping[str, Sequence[Taken]], found: Mapping[str, pl.DataFrame]
) -> Iterator[str]:
    """Yield the lines of the report."""
    counts = " / ".join(f"{n:,}" for n in sorted({len(table) for table in found.values()}))
    yield f"Scale {scale}: {counts} pairs; medians of {len(next(iter(taken.values())))}"
    yield ""
    yield f"| way | wall s | CPU s | peak MB | wall, of {REFERENCE} | CPU, of {REFERENCE} |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: |"
    for way, all_taken in taken.items():
        wall, cpu, peak = _medians(all_taken)
        cells = [f"{wall:.1f}", f"{cpu:.1f}", f"{peak:,.0f}"]
        if REFERENCE in taken:
            its_wall, its_cpu, _ = _medians(taken[REFERENCE])
            cells += [f"{wall / its_wall:.2f}", f"{cpu / its_cpu:.2f}"]
        yield "| " + " | ".join([way, *cells]) + " |"
    yield ""
    for way, least in LEAST_FASTER.items():
        if way in taken and REFERENCE in taken:
            wall, _, peak = _medians(taken[way])
            faster = _medians(taken[REFERENCE])[0] / wall
            words = f"{way} is {least:.0f} x as fast as {REFERENCE}"
            yield f"- {'met' if faster >= least else '**missed**'}: {words} ({faster:.2f})"
            words = f"{way} stays under {MOST_MB:,.0f} MB"
            yield f"- {'met' if peak < MOST_MB else '**missed**'}: {words} ({peak:,.0f})"


def _medians(taken: Iterable[Taken]) -> tuple[float, float, float]:
    """Return medians of wall and CPU seconds, and the largest peak."""
    runs = list(taken)
    wall, cpu = median(run.wall_s for run in runs), median(run.cpu_s for run in runs)
    return wall, cpu, max(run.peak_mb for run in runs)


if __name__ == "__main__":
    main()
