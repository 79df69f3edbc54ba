"""The page on READUS-PV shows the assessment as it is curated, and counts it rightly."""

import re
from pathlib import Path

from evikg.graph.embedded import EmbeddedStore
from evikg.queries import catalogue
from evikg.queries.answer import short

PAGE = (Path(__file__).parents[2] / "docs" / "readus-pv.md").read_text(encoding="utf-8")


def test_the_table_is_the_answer_to_its_question(corpus: EmbeddedStore) -> None:
    section = PAGE.partition("| item | what is asked")[2].partition("\n## ")[0]
    shown = [
        tuple(cell.strip() for cell in line.strip("|").split("|"))
        for line in re.findall(r"^\| \d+[a-e]? \|.*$", section, re.MULTILINE)
    ]
    answer = catalogue()["readus-pv"].run(corpus, source="duan-2025")
    expected = []
    for row in answer.rows:
        cell = dict(zip(answer.columns, map(short, row), strict=True))
        place = f"{cell['locator']}, {cell['line']}" if cell["line"] else ""
        asked = f"{cell['section']}: {cell['asked']}"
        expected.append((cell["number"], asked, cell["status"], place, cell["note"]))
    assert shown == expected


def test_the_counts_in_words_are_those_of_the_totals(corpus: EmbeddedStore) -> None:
    answer = catalogue()["readus-pv-totals"].run(corpus, source="duan-2025")
    ((_, summary, _, partly, missing, exempt, _),) = (map(short, row) for row in answer.rows)
    assert (
        f"`{summary}`; {partly} are partly reported, {missing} is not reported, and {exempt} does"
        in PAGE
    )
