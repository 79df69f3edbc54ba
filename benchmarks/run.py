"""Compare engines on graphs of the model's shape: `python -m benchmarks.run --help`.

Every engine runs in a process of its own on the same file. Our doors and the native engine run by
turns in one process on one store, so that their ratio does not depend on what else the machine
does. Tables go to standard output as Markdown, progress to standard error.
"""

import argparse
import dataclasses
import sys
import tempfile
from pathlib import Path

from .engines import ENGINES, TOGETHER, Answers, RdfLibDataset
from .generate import SEED, TERMS, write
from .outcome import Outcome, Plan, load_only, measure
from .report import report

SIZES = (50_000, 500_000, 5_000_000)
#: Up to this many triples a load is repeated; larger ones take long enough to be steady.
REPEATED_LOADS, LOADS = 1_000_000, 3

QUERIES = tuple(sorted((Path(__file__).parent / "queries").glob("*.rq")))


def main() -> None:
    """Measure every size and print its tables."""
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.data or Path(temporary)
        for triples in arguments.triples:
            graph, evidence, hierarchy = _graph(folder, triples)
            plan = Plan((), graph, QUERIES, arguments.repeat, arguments.budget)
            outcomes: dict[str, Outcome] = {}
            for engines in _processes(arguments.engines):
                _say(f"{', '.join(engines)} at {triples:,} triples")
                outcomes |= _outcomes(dataclasses.replace(plan, engines=engines), evidence)
            ordered = {name: outcomes[name] for name in ENGINES if name in outcomes}
            names = [query.stem for query in QUERIES]
            print("\n".join(report(evidence, hierarchy, ordered, names)), flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    parser.add_argument(
        "--triples", type=int, nargs="+", default=list(SIZES),
        help="sizes, in triples of evidence (50000 500000 5000000)",
    )  # fmt: skip
    parser.add_argument(
        "--engines", nargs="+", choices=list(ENGINES), metavar="NAME",
        default=[name for name in ENGINES if name != RdfLibDataset.name],
        help=f"some of: {', '.join(ENGINES)}",
    )  # fmt: skip
    parser.add_argument("--repeat", type=int, default=5, help="warm runs a query (5)")
    parser.add_argument("--budget", type=float, default=60, help="seconds a query may take (60)")
    parser.add_argument("--data", type=Path, help="keep generated graphs here, and use them again")
    return parser.parse_args()


def _graph(folder: Path, triples: int) -> tuple[Path, int, int]:
    """Return the graph without its ending, and how many triples are evidence and hierarchy."""
    graph = folder / f"graph-{triples}"
    sizes = graph.with_suffix(".sizes")
    if not sizes.exists():
        _say(f"generating {triples:,} triples")
        evidence, hierarchy = write(graph.with_suffix(".nq"), triples, TERMS, SEED)
        sizes.write_text(f"{evidence} {hierarchy}\n", encoding="utf-8")
    evidence, hierarchy = map(int, sizes.read_text(encoding="utf-8").split())
    return graph, evidence, hierarchy


def _processes(names: list[str]) -> list[tuple[str, ...]]:
    """Return the engines process by process: those that share a store together."""
    chosen = [tuple(name for name in group if name in names) for group in TOGETHER]
    shared = {name for group in TOGETHER for name in group}
    alone = [(name,) for name in ENGINES if name in names and name not in shared]
    return [group for group in chosen if group] + alone


def _outcomes(plan: Plan, triples: int) -> dict[str, Outcome]:
    outcomes = measure(plan)
    for name in plan.engines:
        first = name == plan.engines[0]
        if issubclass(ENGINES[name], Answers) and not first:
            continue  # loads as its door does
        # The native engine has shared the store of a door: its own load is measured alone.
        for _ in range((LOADS if triples <= REPEATED_LOADS else 1) - first):
            again = load_only(dataclasses.replace(plan, engines=(name,)))
            outcomes[name].loads += again.loads
            if not first:
                outcomes[name].peak_mb, outcomes[name].disk_mb = again.peak_mb, again.disk_mb
    return outcomes


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
