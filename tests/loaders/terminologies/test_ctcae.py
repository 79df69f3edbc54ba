"""CTCAE terms have the identifiers, grades and codes that NCI prints, and no two share one.

The full file is CTCAE v5.0 as JSON (837 terms in 26 system organ classes, by NCI's own count); the
terms here are cut from it.
"""

import copy
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from evikg.loaders.faults import EvidenceError
from evikg.loaders.terminologies.ctcae import read_ctcae
from evikg.ontology.terms import Grade, Term

ROOT = Path(__file__).parents[3]
FULL = ROOT.parent / "shared" / "data" / "vocabularies" / "CTCAE_v5_categories.json"
CTCAE = "https://w3id.org/evikg/ctcae/"
DOCUMENT: dict[str, Any] = {
    "categories": [{"id": 10019805, "name": "Hepatobiliary disorders"}],
    "models": [
        {
            "code": 10063675,
            "category": "Hepatobiliary disorders",
            "term": "Sinusoidal obstruction syndrome",
            "g1": " -",
            "g2": "Blood bilirubin 2-5 mg/dL; minor interventions required",
            "g3": "Blood bilirubin >5 mg/dL; coagulation modifier indicated",
            "g4": "Life-threatening consequences",
            "g5": "Death",
            "definition": "A disorder characterized by severe hepatic injury.",
            "change": "Addition: Term",
        },
        {
            "code": 10019805,
            "category": "Hepatobiliary disorders",
            "term": "Hepatobiliary disorders - Other, specify",
            "g1": "Asymptomatic or mild symptoms",
            "g2": " -",
            "g3": " -",
            "g4": " -",
            "g5": " -",
            "definition": " -",
        },
    ],
}


def written(folder: Path, document: Any) -> Path:
    path = folder / "CTCAE_v5.json"
    path.write_text(document if isinstance(document, str) else json.dumps(document), "utf-8")
    return path


def faults(path: Path) -> list[tuple[str, str, str]]:
    """Return (field, value, expectation) of every fault."""
    with pytest.raises(EvidenceError) as caught:
        read_ctcae(path)
    return [(f.field, f.value, f.expected) for f in caught.value.faults]


def test_terms_have_their_class_grades_and_code(tmp_path: Path) -> None:
    release, terms = read_ctcae(written(tmp_path, DOCUMENT))
    assert (release.name, release.version) == ("ctcae", "5.0")
    assert list(terms) == [
        Term(
            iri=f"{CTCAE}10019805", label="Hepatobiliary disorders", xrefs=("MEDDRA:10019805",)
        ),
        Term(
            iri=f"{CTCAE}10063675",
            label="Sinusoidal obstruction syndrome",
            definition="A disorder characterized by severe hepatic injury.",
            parents=(f"{CTCAE}10019805",),
            xrefs=("MEDDRA:10063675",),
            grades=(
                Grade(2, "Blood bilirubin 2-5 mg/dL; minor interventions required"),
                Grade(3, "Blood bilirubin >5 mg/dL; coagulation modifier indicated"),
                Grade(4, "Life-threatening consequences"),
                Grade(5, "Death"),
            ),
        ),
        Term(
            iri=f"{CTCAE}10019805-other",  # printed with the code of its class
            label="Hepatobiliary disorders - Other, specify",
            parents=(f"{CTCAE}10019805",),
            xrefs=("MEDDRA:10019805",),
            grades=(Grade(1, "Asymptomatic or mild symptoms"),),
        ),
    ]  # fmt: skip


@pytest.mark.skipif(not FULL.is_file(), reason="CTCAE in full is not beside the checkout")
def test_the_full_edition_has_no_two_terms_of_one_identifier() -> None:
    terms = list(read_ctcae(FULL)[1])
    assert len(terms) == len({term.iri for term in terms}) == 837 + 26
    assert sum(term.iri.endswith("-other") for term in terms) == 26
    assert all(len(term.parents) == 1 for term in terms if term.grades)
    # 1,000 of 5 * 837 grades are printed as " -", counted with grep
    assert sum(len(term.grades) for term in terms) == 5 * 837 - 1000


def test_packed_files_are_the_same(tmp_path: Path) -> None:
    plain = written(tmp_path, DOCUMENT)
    packed = tmp_path / "CTCAE_v5.json.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert list(read_ctcae(packed)[1]) == list(read_ctcae(plain)[1])


@pytest.mark.parametrize(
    ("name", "version"), [("CTCAE_v5.json", "5.0"), ("ctcae-v4.03.json", "4.03")]
)
def test_the_edition_is_read_from_the_name(tmp_path: Path, name: str, version: str) -> None:
    path = written(tmp_path, DOCUMENT).rename(tmp_path / name)
    assert read_ctcae(path)[0].version == version


def test_an_edition_that_the_name_does_not_tell_must_be_given(tmp_path: Path) -> None:
    path = written(tmp_path, DOCUMENT).rename(tmp_path / "terms.json")
    assert "say which it is" in faults(path)[0][-1]
    assert read_ctcae(path, "5.0")[0].version == "5.0"


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ('{"categories": [],\n "models": [}', 2, 13, "is no JSON: Expecting value"),
        ("<html>", 1, 1, "is a web page, not the file itself: download the file"),
        ('{"categories": [', 1, 17, "is no JSON: Expecting value"),
    ],
)
def test_malformed_json_is_told_with_its_place(
    tmp_path: Path, text: str, line: int, column: int, words: str
) -> None:
    with pytest.raises(EvidenceError) as caught:
        read_ctcae(written(tmp_path, text))
    [fault] = caught.value.faults
    assert (fault.line, fault.column, fault.expected) == (line, column, words)


def test_json_nested_without_end_is_told(tmp_path: Path) -> None:
    assert faults(written(tmp_path, "[" * 100_000))[0][-1] == "is nested too deeply"


def test_another_document_is_told(tmp_path: Path) -> None:
    words = "expected a list of this name at the top of the document"
    assert faults(written(tmp_path, [])) == [("categories", "", words), ("models", "", words)]
    assert faults(written(tmp_path, {"categories": {}, "models": []})) == [
        ("categories", "", words)
    ]  # fmt: skip


def test_an_empty_file_and_empty_lists_are_told(tmp_path: Path) -> None:
    assert faults(written(tmp_path, ""))[0][-1] == "is empty"
    found = faults(written(tmp_path, {"categories": [], "models": []}))
    assert found == [("categories", "", "is empty"), ("models", "", "is empty")]


def test_entries_at_fault_are_all_told_with_their_place(tmp_path: Path) -> None:
    document = copy.deepcopy(DOCUMENT)
    good = document["models"][0]
    document["models"] += [
        {key: value for key, value in good.items() if key not in {"g3", "definition"}},
        good | {"code": "10063675"},
        good | {"category": "Hepatic disorders"},
        good | {"term": " "},
        good | {"term": "SOS"},
        "Anaemia",
    ]
    document["categories"].append({"name": "Eye disorders"})
    assert faults(written(tmp_path, document)) == [
        ("categories[1].id", "", "is lacking"),
        ("models[2].definition", "", "is lacking"),
        ("models[2].g3", "", "is lacking"),
        ("models[3].code", "10063675", "expected a whole number"),
        ("models[4].category", "Hepatic disorders", "is the name of no category of the document"),
        ("models[5].term", "", "is empty"),
        ("models[6]", "SOS", "has the code of models[0] too; codes name one term"),
        (
            "models[7]",
            "Anaemia",
            "expected an object with code, category, term, definition, g1, g2, g3, g4, g5",
        ),
    ]
