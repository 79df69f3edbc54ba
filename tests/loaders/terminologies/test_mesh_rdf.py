"""MeSH RDF gives the terms that the XML of the same records gives.

`tests/data/terminologies/mesh_sample.nt` holds the records of `mesh_sample_*.xml` in NLM's own RDF
samples (HHS/meshrdf at 1905128), less their allowable qualifiers. Of what a term keeps, the two
differ in nothing: permuted terms are a property of their own in RDF (`meshv:altLabel`) and marked
in XML, and both are left out. What RDF alone has are records given up (`meshv:active` false) and
IRIs with a year; the samples have neither, so those are written here, after NLM's versioning policy
(https://hhs.github.io/meshrdf/versioning-policy).
"""

from pathlib import Path

import pytest

from evikg.loaders.faults import EvidenceError
from evikg.loaders.terminologies.mesh import read_mesh
from evikg.ontology.terms import Scope, Synonym, Term

ROOT = Path(__file__).parents[3]
DATA = ROOT / "tests" / "data" / "terminologies"
FULL = ROOT.parent / "shared" / "data" / "mesh" / "meshrdf_samples"
MESH = "http://id.nlm.nih.gov/mesh/"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"


def terms(*paths: Path, part: bool = True) -> list[Term]:
    return sorted(read_mesh(paths, "2016", part=part)[1], key=lambda term: term.iri)


def faults(path: Path, version: str | None = "2016") -> list[tuple[int, int, str, str, str]]:
    """Return (line, column, field, value, expectation) of every fault."""
    with pytest.raises(EvidenceError) as caught:
        list(read_mesh([path], version)[1])
    return [(f.line, f.column, f.field, f.value, f.expected) for f in caught.value.faults]


def triple(subject: str, predicate: str, value: str) -> str:
    """Write a triple: MeSH's own names are given short, texts in quotes."""
    names = {"type": f"<{TYPE}>", "label": f"<{LABEL}>"}
    said = names.get(predicate, f"<{MESH}vocab#{predicate}>")
    held = value if value.startswith('"') else f"<{MESH}{value}>"
    return f"<{MESH}{subject}> {said} {held} .\n"


def record(ui: str, *more: str, kind: str = "TopicalDescriptor") -> str:
    return (
        triple(ui, "type", f"vocab#{kind}")
        + triple(ui, "label", f'"Name {ui}"@en')
        + triple(ui, "preferredConcept", f"M{ui}")
        + "".join(more)
    )


def written(folder: Path, *parts: str, name: str = "mesh.nt") -> Path:
    path = folder / name
    path.write_text("".join(parts), "utf-8")
    return path


def test_rdf_and_xml_of_the_same_records_give_equal_terms() -> None:
    xml = terms(DATA / "mesh_sample_desc.xml", DATA / "mesh_sample_supp.xml")
    assert len(xml) == 9
    assert terms(DATA / "mesh_sample.nt") == xml


@pytest.mark.skipif(not FULL.is_dir(), reason="the samples in full are not beside the checkout")
def test_all_sample_records_of_nlm_give_equal_terms() -> None:
    xml = terms(FULL / "desc-samples.xml", FULL / "supp-samples.xml")
    assert len(xml) == 62  # 43 descriptors and 19 supplementary records, counted with grep
    assert terms(FULL / "samples.nt") == xml


def test_the_order_of_triples_does_not_matter(tmp_path: Path) -> None:
    lines = (DATA / "mesh_sample.nt").read_text("utf-8").splitlines(keepends=True)
    assert terms(written(tmp_path, *reversed(lines))) == terms(DATA / "mesh_sample.nt")


FALSE = '"false"^^<http://www.w3.org/2001/XMLSchema#boolean>'


def test_a_record_given_up_is_deprecated_and_has_no_place_in_the_trees(tmp_path: Path) -> None:
    place = "C04"
    path = written(
        tmp_path,
        record("D000001", triple("D000001", "treeNumber", place)),
        record("D000002", triple("D000002", "treeNumber", "C04.557")),
        record(
            "D000003", triple("D000003", "treeNumber", place), triple("D000003", "active", FALSE)
        ),
    )
    found = terms(path, part=False)
    assert [term.deprecated for term in found] == [False, False, True]
    assert [term.parents for term in found] == [(), (f"{MESH}D000001",), ()]


def test_names_and_places_given_up_are_left_out(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        record("D000001", triple("D000001", "treeNumber", "C04")),
        triple("D000001", "treeNumber", "D03.438"),
        triple("D03.438", "active", FALSE),
        triple("MD000001", "term", "T1"),
        triple("T1", "prefLabel", '"old"@en'),
        triple("T1", "active", FALSE),
        triple("MD000001", "term", "T2"),
        triple("T2", "prefLabel", '"new"@en'),
    )
    [term] = terms(path, part=False)
    assert (term.tree_numbers, term.synonyms) == (("C04",), (Synonym("new"),))


def test_a_relation_may_stand_at_either_concept(tmp_path: Path) -> None:
    def concept(ui: str, name: str, *more: str) -> str:
        return (
            triple("D000001", "concept", ui)
            + triple(ui, "preferredTerm", f"T{ui}")
            + triple(f"T{ui}", "prefLabel", f'"{name}"@en')
            + triple(f"T{ui}", "lexicalTag", '"ABB"')
            + "".join(more)
        )

    path = written(
        tmp_path,
        record("D000001"),
        concept("M1", "narrower", triple("M1", "broaderConcept", "MD000001")),
        concept("M2", "broader", triple("M2", "narrowerConcept", "MD000001")),
        concept("M3", "unrelated"),
    )
    assert terms(path)[0].synonyms == (
        Synonym("broader", Scope.BROAD, "ABB"),
        Synonym("narrower", Scope.NARROW, "ABB"),
        Synonym("unrelated", Scope.RELATED, "ABB"),
    )


def test_iris_with_a_year_are_the_same_terms_and_tell_the_release(tmp_path: Path) -> None:
    text = (DATA / "mesh_sample.nt").read_text("utf-8")
    versioned = text.replace(MESH, f"{MESH}2016/").replace(f"{MESH}2016/vocab#", f"{MESH}vocab#")
    release, found = read_mesh([written(tmp_path, versioned)], part=True)
    assert release.version == "2016"
    assert sorted(found, key=lambda term: term.iri) == terms(DATA / "mesh_sample.nt")


def test_the_year_may_stand_in_the_name(tmp_path: Path) -> None:
    path = written(tmp_path, record("D000001"), name="mesh2026.nt")
    assert read_mesh([path])[0].version == "2026"
    path = written(tmp_path, record("D000001"))
    assert "prints no year" in faults(path, None)[0][-1]


def test_a_syntax_error_is_told_with_its_line(tmp_path: Path) -> None:
    path = written(
        tmp_path, record("D000001"), '<http://id.nlm.nih.gov/mesh/D1> "no predicate" .\n'
    )
    [(line, column, _, _, words)] = faults(path)
    assert (line, column > 0) == (4, True)
    assert words.startswith("is no N-Triples: ")


def test_a_file_cut_in_the_middle_is_told(tmp_path: Path) -> None:
    path = written(tmp_path, record("D000001"), record("D000002")[:-30])
    [(line, _, _, _, words)] = faults(path)
    assert line == 6
    assert words.startswith("is no N-Triples: ")


def test_records_at_fault_are_all_told(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        record("D000001"),
        triple("D000002", "type", "vocab#CheckTag"),
        triple("D000003", "type", "vocab#CheckTag") + triple("D000003", "label", '"Male"@en'),
        triple("X1", "type", "vocab#TopicalDescriptor"),
        record("C000001", triple("C000001", "preferredMappedTo", "D000009"), kind="SCR_Disease"),
    )
    assert [(field, value, words) for _, _, field, value, words in faults(path)] == [
        ("IRI", f"{MESH}X1", "is no identifier of a TopicalDescriptor"),
        ("mappedTo", "D000009", "C000001 is mapped to it, but it is no descriptor of the file"),
        ("meshv:preferredConcept", "", "the record D000003 has none"),
        ("rdfs:label", "", "the record D000002 has none"),
    ]


def test_tree_numbers_without_parent_are_all_told(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        record("D000001", triple("D000001", "treeNumber", "C04.557")),
        record("D000002", triple("D000002", "treeNumber", "D03.438")),
    )
    assert [fault[3] for fault in faults(path)] == ["C04.557", "D03.438"]


def test_rdf_of_something_else_is_told(tmp_path: Path) -> None:
    path = written(
        tmp_path, "<http://example.org/a> <http://example.org/b> <http://example.org/c> .\n"
    )
    assert faults(path)[0][-1] == "holds no record of MeSH; expected NLM's mesh.nt"


def test_rdf_is_not_mixed_with_xml(tmp_path: Path) -> None:
    path = written(tmp_path, record("D000001"), name="mesh2024.nt")
    with pytest.raises(EvidenceError, match="give it without XML files"):
        read_mesh([path, DATA / "desc2024.xml"])
