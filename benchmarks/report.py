"""The tables of a run, as Markdown."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from statistics import geometric_mean, median

from .engines import TOGETHER
from .outcome import Outcome

#: The targets at the largest size, and what each compares.
MOST_OVER_NATIVE = 1.10
LEAST_ON_DISK, LEAST_IN_MEMORY, LEAST_LOAD = 7.0, 15.0, 6.0

REFERENCE = "rdflib"
#: Each of our doors: the native engine under it, and the target of its speed.
DOORS = {
    door: (group[-1], LEAST_IN_MEMORY if number == 0 else LEAST_ON_DISK)
    for number, group in enumerate(TOGETHER)
    for door in group[:-1]
}

Outcomes = Mapping[str, Outcome]
#: A ratio and whether it is a lower bound: the slower engine ran out of its budget.
Ratio = tuple[float, bool]


def report(
    triples: int, hierarchy: int, outcomes: Outcomes, queries: Sequence[str]
) -> Iterator[str]:
    """Yield the lines of the report of one size."""
    yield f"## {triples:,} triples of evidence over a hierarchy of {hierarchy:,}"
    yield ""
    yield from _loads(triples + hierarchy, outcomes)
    yield from _times(outcomes, queries)
    yield from _ratios(outcomes, queries)
    yield from _notes(outcomes, queries)
    yield from _targets(outcomes, queries)


def agreement(outcomes: Outcomes, queries: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return where engines differ: in the number of rows, and only in how they render values."""
    counts, values = [], []
    for query in queries:
        rows = {name: o.rows[query] for name, o in outcomes.items() if query in o.rows}
        sums = {name: o.checksums[query] for name, o in outcomes.items() if query in o.checksums}
        if len(set(rows.values())) > 1:
            counts.append(f"{query}: " + ", ".join(f"{n} {c}" for n, c in rows.items()))
        elif len(set(sums.values())) > 1:
            usual = max(sums.values(), key=list(sums.values()).count)
            values.append(f"{query}: " + ", ".join(n for n, c in sums.items() if c != usual))
    return counts, values


def speed_up(outcomes: Outcomes, query: str, slow: str, fast: str) -> Ratio | None:
    """Return how many times longer one engine takes than another; None where one has no time."""
    if slow not in outcomes or fast not in outcomes or query not in outcomes[fast].warm:
        return None
    base = outcomes[fast].warm[query]
    if query in outcomes[slow].over:
        return outcomes[slow].over[query] / base, True
    if query not in outcomes[slow].warm:
        return None
    return outcomes[slow].warm[query] / base, False


def mean(ratios: Iterable[Ratio | None]) -> Ratio | None:
    """Return the geometric mean of the ratios there are."""
    known = [ratio for ratio in ratios if ratio is not None]
    if not known:
        return None
    return geometric_mean([value for value, _ in known]), any(bound for _, bound in known)


def _paired(outcomes: Outcomes, query: str, door: str) -> Ratio | None:
    """Return door / native of the runs by turns in one process."""
    found = outcomes[door].paired.get(query) if door in outcomes else None
    return None if found is None else (found, False)


def _loads(triples: int, outcomes: Outcomes) -> Iterator[str]:
    yield from _row("load", "s", "thousand triples/s", "x rdflib", "peak MB", "disk MB")
    yield from _row(*["---"] * 6)
    for name, outcome in outcomes.items():
        if not outcome.loads:
            continue
        seconds = median(outcome.loads)
        yield from _row(
            name,
            f"{seconds:.2f}",
            f"{triples / seconds / 1000:.0f}",
            _cell(_load_ratio(outcomes, name)),
            f"{outcome.peak_mb:.0f}",
            f"{outcome.disk_mb:.0f}" if outcome.disk_mb else "",
        )
    yield ""


def _load_ratio(outcomes: Outcomes, name: str) -> Ratio | None:
    if name not in outcomes or REFERENCE not in outcomes or not outcomes[REFERENCE].loads:
        return None
    if not outcomes[name].loads:
        return None
    return median(outcomes[REFERENCE].loads) / median(outcomes[name].loads), False


def _times(outcomes: Outcomes, queries: Sequence[str]) -> Iterator[str]:
    yield from _row("warm median, ms", "rows", *outcomes)
    yield from _row("---", *["---:"] * (1 + len(outcomes)))
    for query in queries:
        rows = {o.rows[query] for o in outcomes.values() if query in o.rows}
        count = " / ".join(f"{n:,}" for n in sorted(rows)) or "-"
        yield from _row(query, count, *(_time(o, query) for o in outcomes.values()))
    yield ""


def _time(outcome: Outcome, query: str) -> str:
    if query in outcome.over:
        return f">{outcome.over[query]:.0f} s"
    if query not in outcome.warm:
        return "-"
    ms = outcome.warm[query] * 1000
    return f"{ms:,.0f}" if ms >= 100 else f"{ms:.3g}"


def _ratios(outcomes: Outcomes, queries: Sequence[str]) -> Iterator[str]:
    """Yield what our doors cost over the native engine, then what the others take over a door."""
    doors = [door for door in DOORS if door in outcomes]
    natives = {native for native, _ in DOORS.values()}
    costs = {
        f"{door} / {DOORS[door][0]}": [_paired(outcomes, query, door) for query in queries]
        for door in doors
        if outcomes[door].paired
    }
    others = {
        f"{other} / {door}": [speed_up(outcomes, query, other, door) for query in queries]
        for other in outcomes
        if other not in doors and other not in natives
        for door in doors
        # The others are compared to our fastest way in; rdflib, the reference, to each.
        if other == REFERENCE or door in {group[0] for group in TOGETHER}
    }
    for columns in (costs, others):
        if columns:
            yield from _row("ratio", *columns)
            yield from _row("---", *["---:"] * len(columns))
            for number, query in enumerate(queries):
                yield from _row(query, *(_cell(column[number]) for column in columns.values()))
            means = [_cell(mean(column)) for column in columns.values()]
            yield from _row("**geometric mean**", *means)
            yield ""


def _notes(outcomes: Outcomes, queries: Sequence[str]) -> Iterator[str]:
    counts, values = agreement(outcomes, queries)
    if counts:
        yield "**The engines differ in the number of rows:** " + "; ".join(counts) + "."
    else:
        yield "All engines agree on the number of rows of every query."
    if values:
        yield "Values are rendered otherwise by: " + "; ".join(values) + "."
    else:
        yield "They agree on every value, too (checksum of the sorted rows)."
    if any(outcome.over for outcome in outcomes.values()):
        yield "`>` and `≥`: stopped at the budget, so the ratio is a lower bound."
    for name, outcome in outcomes.items():
        for query, why in outcome.gaps.items():
            yield f"`-` {name}, {query}: {why}."
    yield ""


def _targets(outcomes: Outcomes, queries: Sequence[str]) -> Iterator[str]:
    """Yield a line for each target that can be judged by the engines of the run."""
    for door, (native, _) in DOORS.items():
        known = {q: r[0] for q in queries if (r := _paired(outcomes, q, door)) is not None}
        if known:
            worst = max(known, key=lambda query: known[query])
            words = f"{door} costs at most {MOST_OVER_NATIVE:.2f} x {native} on every query"
            yield _verdict(words, known[worst] <= MOST_OVER_NATIVE, f"{known[worst]:.2f}, {worst}")
    for door, (_, least) in DOORS.items():
        found = mean(speed_up(outcomes, query, REFERENCE, door) for query in queries)
        if found:
            words = f"{door} is at least {least:.0f} x {REFERENCE} (geometric mean)"
            yield _verdict(words, found[0] >= least, _cell(found))
    for door in DOORS:
        loaded = _load_ratio(outcomes, door)
        if loaded:
            words = f"{door} loads at least {LEAST_LOAD:.0f} x {REFERENCE}"
            yield _verdict(words, loaded[0] >= LEAST_LOAD, _cell(loaded))
    yield ""


def _verdict(words: str, met: bool, measured: str) -> str:
    return f"- {'met' if met else '**missed**'}: {words} ({measured})"


def _cell(ratio: Ratio | None) -> str:
    if ratio is None:
        return "-"
    value, bound = ratio
    text = f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
    return f"≥{text}" if bound else text


def _row(*cells: str) -> Iterator[str]:
    yield "| " + " | ".join(cells) + " |"
