"""The ways that the benchmark compares give the same; it is run small, its times are not looked at."""

from pathlib import Path

from benchmarks.closure import _build, _measure, _report

TRIPLES, TERMS, SYSTEMS = 5_000, 300, 26


def test_every_way_gives_the_same_and_finds_something(tmp_path: Path) -> None:
    built = _build(tmp_path, TRIPLES, TERMS)
    times = _measure(built, SYSTEMS, repeat=1)  # ends the run where answers differ
    assert times.rows["variables", 0] > 1
    assert times.rows["results", 0] == times.rows["count", 0] > times.rows["variables", 0]
    assert len(times.warm) == 3 * 4 * (SYSTEMS + 1)
    assert any("| results | the root |" in line for line in _report(TRIPLES, built, times))
