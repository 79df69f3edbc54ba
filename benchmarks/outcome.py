"""What a run measured of one engine, gathered from the events of its process."""

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

#: How long a process may be silent where no budget applies: while it loads, or times warm runs.
PATIENCE_S = 3600.0


@dataclass(slots=True)
class Outcome:
    """One engine at one size; queries are named by their file."""

    loads: list[float] = field(default_factory=list)  # seconds
    peak_mb: float = 0.0
    disk_mb: float = 0.0
    rows: dict[str, int] = field(default_factory=dict)
    checksums: dict[str, str] = field(default_factory=dict)
    warm: dict[str, float] = field(default_factory=dict)  # seconds, the median
    paired: dict[str, float] = field(default_factory=dict)  # to the native engine, by turns
    over: dict[str, float] = field(default_factory=dict)  # budget in seconds
    gaps: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is run for one engine, or for engines of one store by turns."""

    engines: tuple[str, ...]
    graph: Path  # without .nq or .nt
    queries: tuple[Path, ...]
    repeat: int
    budget: float


def measure(plan: Plan) -> dict[str, Outcome]:
    """Run the queries of a plan; where one has to be killed, go on with the next."""
    outcomes = {name: Outcome() for name in plan.engines}
    left = list(plan.queries)
    while True:
        killed = _attend(plan, left, outcomes)
        if killed is None:
            return outcomes
        for outcome in outcomes.values():
            outcome.over[killed] = plan.budget
        left = left[[query.stem for query in left].index(killed) + 1 :]


def load_only(plan: Plan) -> Outcome:
    """Load once more, in a fresh process."""
    outcomes = {name: Outcome() for name in plan.engines}
    _attend(plan, [], outcomes)
    return outcomes[plan.engines[0]]


def _attend(plan: Plan, queries: Sequence[Path], outcomes: dict[str, Outcome]) -> str | None:
    """Start a process and note its events; return the query it had to be killed at, if any."""
    command = [sys.executable, "-m", "benchmarks.measure", "--engines", ",".join(plan.engines)]
    command += ["--graph", str(plan.graph), "--repeat", str(plan.repeat)]
    command += ["--budget", str(plan.budget), "--queries", *map(str, queries)]
    current, patience = "", PATIENCE_S
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - ours
        events = _events(process)
        while True:
            try:
                event = events.get(timeout=patience)
            except queue.Empty:
                process.kill()
                return current
            if event is None:
                break
            if event["event"] == "start":
                current = event["query"]
            # The budget is for the first run; a process that is within it says so by itself.
            patience = 1.5 * plan.budget + 30 if event["event"] == "start" else PATIENCE_S
            _note(event, outcomes, plan)
        process.wait()
        if process.returncode:
            why = f"the process ended with {process.returncode}"
            for outcome in outcomes.values():
                missing = [q.stem for q in queries if q.stem not in outcome.warm | outcome.over]
                outcome.gaps |= {name: why for name in missing if name not in outcome.gaps}
    return None


def _events(process: "subprocess.Popen[str]") -> "queue.Queue[dict[str, Any] | None]":
    """Read the lines of a process in a thread; None stands for the end."""
    events: queue.Queue[dict[str, Any] | None] = queue.Queue()

    def lines() -> Iterator[str]:
        assert process.stdout is not None  # noqa: S101 - it was asked for
        yield from process.stdout

    def read() -> None:
        for line in lines():
            events.put(json.loads(line))
        events.put(None)

    threading.Thread(target=read, daemon=True).start()
    return events


def _note(event: dict[str, Any], outcomes: dict[str, Outcome], plan: Plan) -> None:
    outcome = outcomes[event.get("engine", plan.engines[0])]
    match event["event"]:
        case "load":
            outcome.loads.append(event["seconds"])
            outcome.peak_mb, outcome.disk_mb = event["peak_mb"], event["disk_mb"]
        case "rows":
            outcome.rows[event["query"]] = event["rows"]
            outcome.checksums[event["query"]] = event["checksum"]
        case "time":
            outcome.warm[event["query"]] = event["warm"]
            if event["engine"] != plan.engines[-1]:
                outcome.paired[event["query"]] = event["ratio"]
            print(f"  {event['engine']:18} {event['query']:24} {_ms(event)}", file=sys.stderr)
        case "over":
            for each in outcomes.values():
                each.over[event["query"]] = plan.budget
        case "gap":
            outcome.gaps[event["query"]] = event["why"]


def _ms(event: dict[str, Any]) -> str:
    return f"{event['warm'] * 1000:10.2f} ms, median of {event['samples']}"
