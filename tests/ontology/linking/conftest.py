"""A few terms, with identifiers and names as in MONDO 2026-05-05, HP 2025-01-16 and MeSH 2024."""

import csv
from pathlib import Path

import pytest

from evikg.ontology.curie import expand
from evikg.ontology.linking import Linker, TermIndex
from evikg.ontology.terms import Scope, Synonym, Term

TERMS = Path(__file__).parents[2] / "data" / "linking" / "terms.csv"


def read_terms(path: Path = TERMS) -> list[Term]:
    found: dict[str, list[dict[str, str]]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["id"], []).append(row)
    return [
        Term(
            iri=expand(identifier),
            label=next(row["name"] for row in rows if row["field"] == "label"),
            synonyms=tuple(
                Synonym(row["name"], Scope(row["field"])) for row in rows if row["field"] != "label"
            ),
            kind=rows[0]["kind"],
            tree_numbers=tuple(filter(None, rows[0]["tree_numbers"].split("|"))),
            deprecated=bool(rows[0]["replaced_by"]),
            replaced_by=tuple(map(expand, filter(None, [rows[0]["replaced_by"]]))),
        )
        for identifier, rows in found.items()
    ]


@pytest.fixture(scope="session")
def terms() -> list[Term]:
    return read_terms()


@pytest.fixture(scope="session")
def index(terms: list[Term]) -> TermIndex:
    return TermIndex.of(terms)


@pytest.fixture(scope="session")
def linker(index: TermIndex) -> Linker:
    return Linker(index)
