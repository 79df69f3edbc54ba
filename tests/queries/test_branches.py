"""Questions about a branch: through the index beside the store, the closure, or a property path."""

from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions

from evikg.graph import open_store
from evikg.graph.embedded import EmbeddedStore
from evikg.graph.store import Store
from evikg.queries import catalogue

OBO_PATH = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?below ?above WHERE {
  ?below a <http://www.w3.org/2002/07/owl#Class> ; rdfs:subClassOf* ?above .
  FILTER(STRSTARTS(STR(?below), "PREFIX")) FILTER(STRSTARTS(STR(?above), "PREFIX"))
}"""
MESH_TREES = """
PREFIX meshv: <http://id.nlm.nih.gov/mesh/vocab#>
SELECT DISTINCT ?below ?above WHERE {
  ?below meshv:treeNumber ?n . ?above meshv:treeNumber ?m .
  FILTER(?n = ?m || STRSTARTS(?n, CONCAT(?m, ".")))
}"""
CLOSURE = """
SELECT DISTINCT ?below ?above WHERE {
  ?below <https://w3id.org/evikg/ontology#within> ?above .
  FILTER(STRSTARTS(STR(?below), "PREFIX")) FILTER(STRSTARTS(STR(?above), "PREFIX"))
}"""
QUESTIONS = (
    "events-under-concept",
    "system-organ-classes-under-concept",
    "trials-and-signals-under-concept",
    "variables-under-concept",
)


@pytest.fixture(scope="module")
def built(shipped_graph: Path) -> Path:
    return shipped_graph


def pairs(store: Store, query: str, prefix: str) -> set[tuple[str, str]]:
    answer = store.query(query.replace('PREFIX"', f'{prefix}"'))
    assert isinstance(answer, QuerySolutions)
    found = {(row[0].value, row[1].value) for row in answer}  # type: ignore[union-attr]
    # A term that stands alone, above and below nothing, takes no part in the closure.
    return {(below, above) for below, above in found if below != above}


@pytest.mark.parametrize(
    ("path", "prefix"),
    [
        (OBO_PATH, "http://purl.obolibrary.org/obo/MONDO_"),
        (OBO_PATH, "http://purl.obolibrary.org/obo/HP_"),
        (OBO_PATH, "https://w3id.org/evikg/ctcae/"),
        (MESH_TREES, "http://id.nlm.nih.gov/mesh/D"),
    ],
)
def test_plain_sparql_and_the_closure_agree(path: str, prefix: str, built: Path) -> None:
    store = open_store(built)
    found = pairs(store, CLOSURE, prefix)
    assert found == pairs(store, path, prefix)
    assert len(found) > 40


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize("concept", ["MESH:D008107", "MONDO:0005154", "hepatotoxicity"])
def test_the_index_gives_what_the_closure_gives(name: str, concept: str, built: Path) -> None:
    indexed = open_store(built)
    assert isinstance(indexed, EmbeddedStore)
    plain = EmbeddedStore(indexed.inner, writable=False)
    question = catalogue()[name]
    assert "UNDEF" in question.bound(plain, {"concept": concept})
    bound = question.bound(indexed, {"concept": concept})
    assert "variable/vod-sos>" in bound
    answer = question.run(indexed, concept=concept)
    assert answer == question.run(plain, concept=concept)
    assert answer.rows


def test_a_branch_without_evidence_answers_nothing(built: Path) -> None:
    """The text of a mention named MeSH D014443 (Tyrosine); no variable is mapped below it."""
    question = catalogue()["variables-under-concept"]
    assert question.run(open_store(built), concept="MESH:D014443").rows == ()
