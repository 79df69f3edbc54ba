"""The audit lists every finding on the shipped corpus, and no other."""

import re
from collections import Counter
from pathlib import Path

from evikg.graph import records as r
from evikg.graph.derive import derive
from evikg.loaders.checks import recompute
from evikg.loaders.disagreements import discrepancies
from evikg.loaders.evidence import read_corpus, shipped_evidence

PAGE = Path(__file__).parents[2] / "docs" / "audit.md"


def lines_of(cell: str, source: str) -> frozenset[tuple[str, int]]:
    """Read `4, 7–9; yoon-2026 12` as places, of the section's source if none is named."""
    places = set()
    for part in re.split(r"[;,] ", cell):
        named = re.fullmatch(r"(?:(?P<source>\S+-\d{4}) )?(?P<first>\d+)(?:–(?P<last>\d+))?", part)
        assert named, part
        first = int(named["first"])
        for line in range(first, int(named["last"] or first) + 1):
            places.add((named["source"] or source, line))
    return frozenset(places)


def listed() -> Counter[tuple[str, frozenset[tuple[str, int]]]]:
    source, found = "", Counter[tuple[str, frozenset[tuple[str, int]]]]()
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("### "):
            source = line[4:]
        row = re.match(r"\| (?P<places>[^|]+) \| `(?P<kind>[\w-]+)` \|", line)
        if row:
            found[row["kind"], lines_of(row["places"], source)] += 1
    return found


def place(result: str) -> tuple[str, int]:
    source, line = re.fullmatch(r"(.+)-l(\d+)-\d+", result).groups()  # type: ignore[union-attr]
    return source, int(line)


def test_every_finding_is_listed_with_a_verdict() -> None:
    corpus = read_corpus(shipped_evidence())
    groups, variables = corpus.of(r.Group).values(), corpus.of(r.Variable).values()
    definitions, studies = corpus.of(r.Definition).values(), corpus.of(r.Study).values()
    checks = recompute(corpus.results, groups, variables, definitions).checks
    derived = derive(corpus.results, groups, variables)
    differing = list(
        discrepancies(corpus.results, derived, groups, variables, definitions, studies)
    )
    found = Counter((check.rule, frozenset(map(place, check.checks))) for check in checks)
    found += Counter((d.type.word, frozenset(map(place, d.results))) for d in differing)
    assert listed() == found
    words = f"{len(checks)} checks and {len(differing)} disagreements were each judged"
    assert words in PAGE.read_text(encoding="utf-8")


def test_the_totals_are_those_of_the_lists() -> None:
    text = PAGE.read_text(encoding="utf-8")
    verdicts = Counter(re.findall(r"\| (true|arguable|false)(?:: [^|]*)? \|$", text, re.MULTILINE))
    numbers = (
        f"{verdicts['true']} are true, {verdicts['arguable']} arguable, {verdicts['false']} false"
    )
    assert numbers in text
    everything, missed = (
        int(n) for n in re.findall(r"(\d+) faults, from|\| all \| (\d+) of", text) for n in n if n
    )
    rows = text[text.index("## What was not found") :].count("\n| ") - 2
    assert everything - missed == rows
