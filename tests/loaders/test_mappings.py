"""Mapping sets: every term of the corpus is linked, or is said to have no term."""

from pathlib import Path

import pytest

from evikg.graph import records as r
from evikg.loaders.evidence import read_corpus, shipped_evidence
from evikg.loaders.faults import EvidenceError
from evikg.loaders.sssom import MappingRow, read_mappings, shipped_mappings
from evikg.ontology import VariableKind, individual

LINKED = {
    VariableKind.CONDITION,
    VariableKind.PROCEDURE,
    VariableKind.ADVERSE_EVENT,
    VariableKind.SYSTEM_ORGAN_CLASS,
}
#: Umbrella of all adverse events; it is no term of a terminology.
UMBRELLA = {"adverse-event"}


@pytest.fixture(scope="module")
def sets() -> dict[str, list[MappingRow]]:
    return {
        path.name.removesuffix(".sssom.tsv"): read_mappings(path) for path in shipped_mappings()
    }


def linkable() -> tuple[set[str], set[str]]:
    """Return the IRIs of the variables and of the drugs that must be linked."""
    corpus = read_corpus(shipped_evidence())
    variables = {
        individual("variable", variable.slug).value
        for variable in corpus.of(r.Variable).values()
        if variable.kind in LINKED and variable.slug not in UMBRELLA
    }
    return variables, {individual("drug", slug).value for slug in corpus.of(r.Drug)}


def test_every_term_and_drug_has_a_mesh_row(sets: dict[str, list[MappingRow]]) -> None:
    variables, drugs = linkable()
    assert (variables | drugs) - {row.subject for row in sets["mesh"]} == set()


def test_every_disease_has_a_mondo_row(sets: dict[str, list[MappingRow]]) -> None:
    corpus = read_corpus(shipped_evidence())
    diseases = {
        individual("variable", variable.slug).value
        for variable in corpus.of(r.Variable).values()
        if variable.kind in {VariableKind.CONDITION, VariableKind.ADVERSE_EVENT}
        and variable.slug not in UMBRELLA
    }
    assert diseases - {row.subject for row in sets["mondo"]} == set()


def test_every_subject_is_declared_in_the_corpus(sets: dict[str, list[MappingRow]]) -> None:
    corpus = read_corpus(shipped_evidence())
    known = {individual("variable", slug).value for slug in corpus.of(r.Variable)}
    known |= {individual("drug", slug).value for slug in corpus.of(r.Drug)}
    unknown = {row.subject for rows in sets.values() for row in rows} - known
    assert unknown == set()


def test_biphenotypic_leukemia_is_no_b_cell_leukemia(sets: dict[str, list[MappingRow]]) -> None:
    # MESH:D015456 is "Leukemia, Biphenotypic, Acute" (MeSH 2024)
    assert [
        row for row in sets["mesh"] if row.object.endswith("D015456") and not row.negative
    ] == []


def test_slipped_codes_are_refused(sets: dict[str, list[MappingRow]]) -> None:
    # duan-2025, Table 5: 10040047 is printed beside neutropenic sepsis; CTCAE gives it to sepsis
    rows = {(row.subject.rpartition("/")[2], row.object.rpartition("/")[2]): row.negative
            for row in sets["meddra"]}  # fmt: skip
    assert rows["neutropenic-sepsis", "10040047"] is True
    assert rows["sepsis", "10040047"] is False


def test_shipped_sets_are_valid_sssom() -> None:
    sssom_pydantic = pytest.importorskip("sssom_pydantic")
    for path in shipped_mappings():
        mappings, *_ = sssom_pydantic.read(path)
        assert len(mappings) == len(read_mappings(path))


HEADER = "#curie_map:\n#  variable: https://w3id.org/evikg/variable/\n#  skos: s#\n#  semapv: s/\n"
COLUMNS = "subject_id\tpredicate_id\tobject_id\tmapping_justification\n"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (COLUMNS + "a\tb\tc\td\n", 1, "is missing from the commented header"),
        (HEADER + "subject_id\tobject_id\n", 5, "is missing the columns predicate_id"),
        (
            HEADER + COLUMNS + "variable:a\tskos:b\tfoo:c\tsemapv:d\n",
            6,
            "a prefix of the curie_map",
        ),
        ("#curie_map: [\n" + COLUMNS, 1, "is not YAML"),
        ("", 0, "is empty"),
    ],
)
def test_a_bad_mapping_set_is_named(tmp_path: Path, text: str, line: int, words: str) -> None:
    path = tmp_path / "bad.sssom.tsv"
    path.write_text(text)
    with pytest.raises(EvidenceError) as caught:
        read_mappings(path)
    assert caught.value.faults[0].line == line
    assert words in str(caught.value)
