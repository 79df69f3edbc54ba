"""The shipped corpus as a store and as a network, made once."""

import csv
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from evikg.graph.embedded import EmbeddedStore
from evikg.graph.network import evidence_network
from evikg.loaders.evidence import read_corpus, shipped_evidence

if TYPE_CHECKING:
    import networkx as nx


@pytest.fixture(scope="session")
def network(corpus: EmbeddedStore) -> "nx.MultiDiGraph[str]":
    return evidence_network(corpus)


@pytest.fixture(scope="session")
def printed() -> list[dict[str, str]]:
    """Return every row of the curated results, as a spreadsheet shows them."""
    rows = []
    for path in sorted(Path(shipped_evidence()).glob("*/results.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows += [dict(row, source=path.parent.name) for row in csv.DictReader(file)]
    # A row of signals.csv is a result for each measure, of the variable that its term stands for.
    rows += [
        {
            "source": result.source, "study": result.study, "group": result.group,
            "comparator": result.comparator or "", "variable": result.variable,
            "cited_reference": "", "directness": result.directness.value,
            "statistic": result.statistic.value,
        }
        for result in read_corpus(shipped_evidence()).results
        if result.derived_from
    ]  # fmt: skip
    return rows
