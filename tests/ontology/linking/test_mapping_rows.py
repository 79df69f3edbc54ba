"""The mapping sets that linking writes are valid SSSOM, as sssom-pydantic reads it."""

from pathlib import Path

import pytest

from evikg.ontology.curie import expand
from evikg.ontology.linking import Linker, Ruling, TermIndex
from evikg.ontology.linking.mapping_rows import COLUMNS, rows_of, write_sssom


def test_rows_are_valid_sssom(linker: Linker, index: TermIndex, tmp_path: Path) -> None:
    sssom_pydantic = pytest.importorskip("sssom_pydantic")
    refusing = Linker(
        index, rulings={"edema": (Ruling(iri=expand("MESH:D004487"), negative=True),)}
    )
    texts = ("oedema", "hepatic VOD: 50 % | severe", "ALL", "hyperbilirubinaemai", "no such thing")
    links = [*(linker.link(text) for text in texts), refusing.link("edema")]
    path = tmp_path / "linked.sssom.tsv"
    path.write_text(write_sssom(links, {"mapping_date": "2026-11-21"}), encoding="utf-8")
    mappings, _, metadata = sssom_pydantic.read(path)[:3]
    rows = [row for link in links for row in rows_of(link)]
    assert len(mappings) == len(rows)
    assert sum(mapping.negated for mapping in mappings) == 1
    assert sum(mapping.object.curie == "sssom:NoTermFound" for mapping in mappings) == 3
    assert "creativecommons.org/publicdomain/zero" in str(metadata.license)


def test_a_text_without_a_term_names_its_candidates(linker: Linker) -> None:
    (row,) = rows_of(linker.link("ALL"))
    assert row["object_id"] == "sssom:NoTermFound"
    assert "MONDO:0004967 acute lymphoblastic leukemia" in row["comment"]


def test_a_normalised_match_says_its_steps_in_semapv(linker: Linker) -> None:
    (row,) = rows_of(linker.link("haemorrhages"))
    assert row["predicate_id"] == "skos:exactMatch"
    assert row["mapping_justification"] == "semapv:LexicalMatching"
    assert row["match_string"] == "Hemorrhage"
    # terms of semapv, github.com/mapping-commons/semantic-mapping-vocabulary
    steps = "semapv:RegexReplacement|semapv:Stemming"
    assert row["subject_preprocessing"] == row["object_preprocessing"] == steps


def test_a_similar_name_gives_its_similarity(linker: Linker) -> None:
    (row,) = rows_of(linker.link("hyperbilirubinaemai"))
    assert row["mapping_justification"] == "semapv:LexicalSimilarityThresholdMatching"
    assert 0.9 < float(row["similarity_score"]) < 1
    assert list(row) == COLUMNS
