"""Every question answers what the papers print.

`expected/<question>.csv` was written from the papers, never from an answer. Its comments say where
the numbers stand (`# origin:`) and, if need be, how the question is asked (`# parameters:`). It
holds the columns that matter and every row of them.
"""

from pathlib import Path

import pytest

from evikg.graph.embedded import EmbeddedStore

from .expectations import expected_and_found

EXPECTED = sorted((Path(__file__).parent / "expected").glob("*.csv"))


@pytest.mark.parametrize("path", EXPECTED, ids=lambda path: path.stem)
def test_answers_what_the_papers_print(path: Path, corpus: EmbeddedStore) -> None:
    expected, found = expected_and_found(path, corpus)
    assert found == expected
