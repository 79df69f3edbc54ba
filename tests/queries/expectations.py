"""Expected answers, written by hand as CSV; comments say where the numbers stand."""

import csv
from pathlib import Path

from evikg.graph.embedded import EmbeddedStore
from evikg.queries import catalogue
from evikg.queries.answer import short

Rows = list[list[str]]


def expected_and_found(path: Path, store: EmbeddedStore) -> tuple[Rows, Rows]:
    """Return the rows of a file and those of its question, both sorted; of the file's columns only.

    The file is named `<question>.csv` or `<question>--<case>.csv`. It says in a comment where its
    numbers stand (`# origin:`) and, if need be, how the question is asked (`# parameters:`).
    """
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
    answer = catalogue()[path.stem.partition("--")[0]].run(store, **parameters)
    places = [answer.columns.index(column) for column in columns]
    return sorted(rows), sorted([short(row[place]) for place in places] for row in answer.rows)
