"""Spellings of one name have one normal form; names of different things keep different ones."""

import doctest
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evikg.ontology.linking import abbreviations, mapping_rows, normal_forms
from evikg.ontology.linking.normal_forms import key, normaliser, unbracketed, upright

#: Pairs that the dictionaries of US and UK English give as one word (Merriam-Webster, OED), and
#: headings of MeSH with their entry terms.
SAME = [
    ("oedema", "Edema"),
    ("haemorrhage", "hemorrhage"),
    ("leukaemias", "Leukemia"),
    ("diarrhoea", "diarrhea"),
    ("oesophageal tumour", "esophageal tumor"),
    ("anaesthesia", "anesthesia"),
    ("ischaemia", "ischemia"),
    ("hospitalisation", "hospitalization"),
    ("TNF-α", "TNF alpha"),
    ("β-thalassaemia", "beta-thalassemia"),
    ("metastases", "metastasis"),
    ("neuropathies", "neuropathy"),
    ("diseases", "disease"),
    ("type II diabetes", "type 2 diabetes"),
    ("Alzheimer's disease", "Alzheimer disease"),
    ("Guérin", "Guerin"),
    ("graft-versus-host disease", "graft versus host disease"),
    ("Leukemia, Myeloid, Acute", "acute myeloid leukaemia"),
]
DIFFERENT = [
    ("hyperkalemia", "hypokalemia"),
    ("hepatitis A", "hepatitis B"),
    ("sepsis", "septum"),
    ("virus", "viru"),
    ("leukemia", "leukopenia"),
    ("alpha-thalassemia", "beta-thalassemia"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spellings_of_one_name_are_alike(one: str, other: str) -> None:
    n = normaliser()
    assert key(n.strict(one)) == key(n.strict(other))


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_names_of_different_things_stay_different(one: str, other: str) -> None:
    n = normaliser()
    assert key(n.loose(n.strict(one))) != key(n.loose(n.strict(other)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ALT increased", "increased ALT"),
        ("elevated bilirubin", "bilirubin increased"),
        ("Raised serum creatinine level", "creatinine increased"),
        ("Platelet count decreased", "low platelets"),
        ("renal impairment", "kidney impairment"),
        ("hypotensive", "hypotension"),
        ("psychotic", "psychosis"),
    ],
)
def test_findings_and_adjectives_are_alike_in_loose_form(one: str, other: str) -> None:
    n = normaliser()
    assert key(n.loose(n.strict(one))) == key(n.loose(n.strict(other)))


def test_increased_is_never_decreased() -> None:
    n = normaliser()
    assert key(n.loose(n.strict("ALT increased"))) != key(n.loose(n.strict("ALT decreased")))


def test_a_measure_by_itself_is_kept() -> None:
    n = normaliser()
    assert set(n.loose(n.strict("increased blood"))) != {"increased"}


TEXT = st.text(alphabet="abcdefghiosuyαβÉ0123IVX '-,()", max_size=30)


@given(TEXT)
def test_normalising_twice_changes_nothing_that_splitting_sees(text: str) -> None:
    n = normaliser()
    words = n.split(text)
    assert n.split(" ".join(words)) == words


@given(TEXT)
def test_case_and_blanks_make_no_difference(text: str) -> None:
    n = normaliser()
    assert n.strict(f"  {text}  ") == n.strict(text)
    assert n.split(text.lower()) == n.split(text)


@given(st.lists(st.text(alphabet="abcde", min_size=1, max_size=5), min_size=1, max_size=4))
def test_inverting_a_heading_twice_gives_it_back(parts: list[str]) -> None:
    heading = ", ".join(parts)
    assert upright(heading) == " ".join(reversed(parts))


@given(TEXT)
def test_unbracketed_leaves_no_closed_bracket(text: str) -> None:
    assert re.search(r"\([^()]*\)", unbracketed(text)) is None


@pytest.mark.parametrize("module", [normal_forms, abbreviations, mapping_rows])
def test_examples_in_the_documentation_hold(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]
