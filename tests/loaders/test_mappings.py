"""Mapping sets: every term of the corpus is linked, or is said to have no term."""

import pytest

from evikg.graph import records as r
from evikg.loaders.evidence import read_corpus, shipped_evidence
from evikg.loaders.sssom import MappingRow, read_mappings, shipped_mappings
from evikg.loaders.terminologies.slices import read_manifest, shipped_slices, slice_triples
from evikg.ontology import VariableKind, individual
from evikg.ontology.curie import expand
from evikg.ontology.term_triples import read_terms

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


#: Terms that only spontaneous reports have are those of MedDRA, and as many as there are reports: they
#: are linked where somebody asks for them.
COMPUTED = {"faers-2022q3"}


def linkable() -> tuple[set[str], set[str]]:
    """Return the IRIs of the variables and of the drugs that must be linked."""
    corpus = read_corpus(shipped_evidence(), without=COMPUTED)
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
    corpus = read_corpus(shipped_evidence(), without=COMPUTED)
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
    ours = {name: rows for name, rows in sets.items() if name != "mondo-mesh"}
    unknown = {row.subject for rows in ours.values() for row in rows} - known
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


def test_no_pair_is_both_asserted_and_denied(sets: dict[str, list[MappingRow]]) -> None:
    rows = [row for of_set in sets.values() for row in of_set if row.found]
    denied = {(r.subject, r.predicate, r.object) for r in rows if r.negative}
    assert denied & {(r.subject, r.predicate, r.object) for r in rows if not r.negative} == set()


@pytest.mark.parametrize(
    ("mondo", "mesh", "holds"),
    [
        # MeSH 2026: Precursor Cell Lymphoblastic Leukemia-Lymphoma, and of B cells
        ("MONDO:0004967", "MESH:D054198", True),
        ("MONDO:0004947", "MESH:D015452", True),
        # Leukemia, B-Cell, and Leukemia, Biphenotypic, Acute
        ("MONDO:0004947", "MESH:D015448", False),
        ("MONDO:0004967", "MESH:D015456", False),
    ],
)
def test_acute_lymphoblastic_leukemia_has_its_mesh_heading(
    mondo: str, mesh: str, holds: bool, sets: dict[str, list[MappingRow]]
) -> None:
    (row,) = (
        row
        for row in sets["mondo-mesh"]
        if (row.subject, row.object) == (expand(mondo), expand(mesh))
    )
    assert row.negative is not holds
    assert row.predicate.endswith("#exactMatch")


def test_sinusoidal_obstruction_syndrome_has_its_ctcae_term(
    sets: dict[str, list[MappingRow]],
) -> None:
    # CTCAE v5.0, Hepatobiliary disorders
    exact = {
        row.subject.rpartition("/")[2]
        for row in sets["ctcae"]
        if row.object == expand("CTCAE:10063675") and row.predicate.endswith("exactMatch")
    }
    assert {"vod-sos", "sinusoidal-obstruction-syndrome", "veno-occlusive-disease"} <= exact


@pytest.mark.parametrize("name", ["mondo", "hp", "mesh", "ctcae", "mondo-mesh"])
def test_objects_are_labelled_and_current_in_the_shipped_slices(
    name: str, sets: dict[str, list[MappingRow]]
) -> None:
    folder = shipped_slices()
    current, retired = {}, set()
    for item in read_manifest(folder):
        for term in read_terms(slice_triples(folder, item.name)):
            current[term.iri] = term.label
            if term.deprecated:
                retired.add(term.iri)
    for row in sets[name]:
        assert row.object not in retired
        if row.found and row.object in current:
            assert row.object_label == current[row.object]
