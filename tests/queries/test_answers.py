"""Every question answers what the papers print.

`expected/<question>.csv` was written from the papers, never from an answer. Its comments say where
the numbers stand (`# origin:`) and, if need be, how the question is asked (`# parameters:`). It
holds the columns that matter and every row of them.
"""

import csv
from pathlib import Path

import pytest

from evikg.graph.embedded import EmbeddedStore
from evikg.queries import catalogue
from evikg.queries.answer import short

EXPECTED = sorted((Path(__file__).parent / "expected").glob("*.csv"))


@pytest.mark.parametrize("path", EXPECTED, ids=lambda path: path.stem)
def test_answers_what_the_papers_print(path: Path, corpus: EmbeddedStore) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    comments = [line for line in lines if line.startswith("#")]
    assert any(line.startswith("# origin:") for line in comments)
    parameters = dict(
        pair.split("=", 1)
        for line in comments
        if line.startswith("# parameters:")
        for pair in line.removeprefix("# parameters:").split()
    )
    columns, *rows = csv.reader(line for line in lines if not line.startswith("#"))
    answer = catalogue()[path.stem.partition("--")[0]].run(corpus, **parameters)
    places = [answer.columns.index(column) for column in columns]
    found = sorted([short(row[place]) for place in places] for row in answer.rows)
    assert found == sorted(rows)
