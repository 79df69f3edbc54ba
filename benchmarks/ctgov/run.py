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

RECORDS, LOADED, FORMS = 1000, 100, ("ndjson", "json", "zip")
#: The goals: records a second, and memory of all of the records to that of a tenth.
LEAST_A_SECOND, MOST_GROWTH = 200.0, 1.25
_EVIKG = "from evikg.cli.main import main; main()"

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
        taken = measure(
            Path(temporary),
            arguments.templates,
            arguments.records,
            arguments.load,
            arguments.repeat,
        )
    print("\n".join(report(taken)))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.ctgov.run", description=__doc__.partition("\n")[0]
    )
    default = Path(__file__).parents[2] / "tests" / "data" / "ctgov"
    parser.add_argument("--templates", type=Path, default=default, help="folder of real records")
    parser.add_argument("--records", type=int, default=RECORDS)
    parser.add_argument(
        "--load", type=int, default=LOADED, help=f"records that the command loads, or 0 ({LOADED})"
    )
    parser.add_argument("--repeat", type=int, default=3, help="times records are read (3)")
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
    folder: Path, templates: Path, records: int, loaded: int, repeat: int
) -> dict[tuple[str, str, int], list[Taken]]:
    """Measure each form with all of the records and with a tenth, and the command with `loaded`."""
    taken: dict[tuple[str, str, int], list[Taken]] = {}
    shapes = real(templates)

    def file(form: str, count: int) -> Path:
        path = folder / f"records-{count}.{form}"
        if not path.exists():
            write(generate(shapes, count), path)
        return path

    def take(what: str, form: str, count: int, *command: str) -> None:
        found = watch([sys.executable, *command])
        taken.setdefault((what, form, count), []).append(found)
        print(f"{what} {form} {count}: {found}", file=sys.stderr, flush=True)

    own = ("-m", "benchmarks.ctgov.run")
    for _ in range(repeat):
        for count in (records // 10, records):
            for form in FORMS:
                take("read and map", form, count, *own, "--read", str(file(form, count)))
            take("parse", FORMS[0], count, *own, "--parse", str(file(FORMS[0], count)))
    if loaded:
        store = ("--store", str(folder / "store"))
        watch([sys.executable, "-c", _EVIKG, "build", *store])
        for count in (loaded // 10, loaded):
            records_file = str(file(FORMS[0], count))
            take("load", FORMS[0], count, "-c", _EVIKG, "load", "ctgov", records_file, *store)
    return taken


def report(taken: Measured) -> Iterator[str]:
    """Yield the lines of the report.

    What does not depend on the number of records, such as the start of the process, is left out of
    the records a second: they are what the last nine tenths of the records take. Goals are judged by
    CPU seconds, of which one process that waits for nobody needs as many on the clock.
    """
    yield "| | records | wall s | CPU s | records a wall s | a CPU s | peak MB | of a tenth |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    goals = []
    for what, form in dict.fromkeys((what, form) for what, form, _ in taken):
        few, many = sorted(count for *done, count in taken if done == [what, form])
        runs, less = taken[what, form, many], taken[what, form, few]
        wall, cpu = median(t.wall_s for t in runs), median(t.cpu_s for t in runs)
        # A few records may take no longer than a tenth of them.
        walls = (many - few) / max(wall - median(t.wall_s for t in less), 0.01)
        cpus = (many - few) / max(cpu - median(t.cpu_s for t in less), 0.01)
        peak, before = max(t.peak_mb for t in runs), max(t.peak_mb for t in less)
        cells = (what + ", " + form, f"{many:,}", f"{wall:.1f}", f"{cpu:.1f}")
        cells += (f"{walls:,.0f}", f"{cpus:,.0f}", f"{peak:,.0f}", f"{before:,.0f}")
        yield f"| {' | '.join(cells)} |"
        if what == "read and map":
            words = f"{form}: {LEAST_A_SECOND:.0f} records a second"
            goals.append(_verdict(words, cpus >= LEAST_A_SECOND, f"{cpus:,.0f}"))
            growth = peak / before
            goals.append(_verdict(f"{form}: memory flat", growth <= MOST_GROWTH, f"x {growth:.2f}"))
    yield ""
    yield from goals


def _verdict(words: str, met: bool, measured: str) -> str:
    return f"- {'met' if met else '**missed**'}: {words} ({measured})"


if __name__ == "__main__":
    main()
