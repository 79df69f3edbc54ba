"""Measure the loading of registry records: `python -m benchmarks.ctgov.run --help`.

Records in the shape of real ones are read and mapped, in each form the registry offers, each time in
a process of its own: many and a tenth of them, so that memory that grows with them shows. Beside it
stand the bare parsing of the same JSON, which nothing can be faster than, and the whole command that
loads them into a graph that is built already.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median

from benchmarks.watch import Taken, watch

from .generate import generate, real, write

RECORDS, FORMS = 1000, ("ndjson", "json", "zip")
#: The goals: records a second, and memory of all of the records to that of a tenth.
LEAST_A_SECOND, MOST_GROWTH = 200.0, 1.25
_LOAD = "import sys; from evikg.cli.main import main; sys.argv[0] = 'evikg'; main()"

#: By what was done, form and number of records.
Measured = Mapping[tuple[str, str, int], list[Taken]]


def main() -> None:
    """Measure and print; one that is called with --read reads and maps one file."""
    arguments = _arguments()
    if arguments.read:
        records, results = read(arguments.read)
        print(f"{records} records, {results} results", file=sys.stderr)
        return
    if arguments.parse:
        parse(arguments.parse)
        return
    with tempfile.TemporaryDirectory() as temporary:
        taken = measure(Path(temporary), arguments.templates, arguments.records, arguments.repeat)
    print("\n".join(report(taken, arguments.records)))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.ctgov.run", description=__doc__.partition("\n")[0]
    )
    default = Path(__file__).parents[2] / "tests" / "data" / "ctgov"
    parser.add_argument("--templates", type=Path, default=default, help="folder of real records")
    parser.add_argument("--records", type=int, default=RECORDS)
    parser.add_argument("--repeat", type=int, default=3, help="times everything is done (3)")
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--parse", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def read(path: Path) -> tuple[int, int]:
    """Read and map every record of a file; return how many there were, and results in them."""
    from evikg.graph import records as r
    from evikg.loaders.ctgov import Names, read_records, registry_evidence
    from evikg.loaders.evidence import read_corpus, shipped_evidence

    corpus = read_corpus(shipped_evidence())
    declared = [
        *corpus.of(r.Study).values(),
        *corpus.of(r.Variable).values(),
        *corpus.of(r.Drug).values(),
    ]
    names, records, results = Names(declared), 0, 0
    for raw in read_records([path]):
        results += len(registry_evidence(raw, names).results)
        records += 1
    return records, results


def parse(path: Path) -> None:
    """Parse a file of a record a line, and do nothing with it."""
    with path.open("rb") as file:
        for line in file:
            json.loads(line)


def measure(
    folder: Path, templates: Path, records: int, repeat: int
) -> dict[tuple[str, str, int], list[Taken]]:
    """Measure each form with all of the records and with a tenth, and no record at all."""
    taken: dict[tuple[str, str, int], list[Taken]] = {}
    shapes = real(templates)
    files = {}
    for form in FORMS:
        for count in (records // 10, records):
            files[form, count] = folder / f"records-{count}.{form}"
            write(generate(shapes, count), files[form, count])
    print("building a graph", file=sys.stderr)
    watch([*_python("-c", _LOAD), "build", "--store", str(folder / "store")])
    for turn in range(repeat):
        for (form, count), file in files.items():
            own = _python("-m", "benchmarks.ctgov.run")
            done = {"read and map": [*own, "--read", str(file)]}
            if form == "ndjson":
                done["parse"] = [*own, "--parse", str(file)]
                if turn == 0:
                    load = ["load", "ctgov", str(file), "--store", str(folder / "store")]
                    done["load"] = [*_python("-c", _LOAD), *load]
            for what, command in done.items():
                taken.setdefault((what, form, count), []).append(watch(command))
                print(
                    f"{turn + 1} {what} {form} {count}: {taken[what, form, count][-1]}",
                    file=sys.stderr,
                    flush=True,
                )
    return taken


def _python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]


def report(taken: Measured, records: int) -> Iterator[str]:
    """Yield the lines of the report.

    What does not depend on the number of records, such as the start of the process, is left out of
    the records a second: they are what the last nine tenths of the records take. Goals are judged by
    CPU seconds, of which one process that waits for nobody needs as many on the clock.
    """
    few = records // 10
    yield f"{records:,} records; medians"
    yield ""
    yield "| | wall s | CPU s | records a wall s | a CPU s | peak MB | peak MB of a tenth |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    goals = []
    for what, form, count in taken:
        if count != records:
            continue
        runs, less = taken[what, form, records], taken[what, form, few]
        wall, cpu = median(t.wall_s for t in runs), median(t.cpu_s for t in runs)
        walls = (records - few) / max(wall - median(t.wall_s for t in less), 1e-9)
        cpus = (records - few) / max(cpu - median(t.cpu_s for t in less), 1e-9)
        peak, before = max(t.peak_mb for t in runs), max(t.peak_mb for t in less)
        yield (
            f"| {what}, {form} | {wall:.1f} | {cpu:.1f} | {walls:,.0f} | {cpus:,.0f} "
            f"| {peak:,.0f} | {before:,.0f} |"
        )
        if what == "read and map":
            rate, growth = cpus, peak / before
            goals.append(
                _verdict(
                    f"{form}: {LEAST_A_SECOND:.0f} records a second",
                    rate >= LEAST_A_SECOND,
                    f"{rate:,.0f}",
                )
            )
            goals.append(_verdict(f"{form}: memory flat", growth <= MOST_GROWTH, f"x {growth:.2f}"))
    yield ""
    yield from goals


def _verdict(words: str, met: bool, measured: str) -> str:
    return f"- {'met' if met else '**missed**'}: {words} ({measured})"


if __name__ == "__main__":
    main()
