"""Definitions of abbreviations; cases from Schwartz & Hearst 2003 where said, else made up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evikg.ontology.linking.abbreviations import (
    best_long_form,
    definitions,
    expand,
    looks_abbreviated,
)


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        # The paper's own example, section 3.2
        ("the heat shock transcription factor (HSF) binds", "HSF",
         "heat shock transcription factor"),
        ("Gcn5-related N-acetyltransferases (GNAT)", "GNAT",
         "Gcn5-related N-acetyltransferases"),
        ("veno-occlusive disease (VOD)", "VOD", "veno-occlusive disease"),
        ("acute lymphoblastic leukaemia [ALL]", "ALL", "acute lymphoblastic leukaemia"),
        ("torsades de pointes (TdP)", "TdP", "torsades de pointes"),
        ("5-fluorouracil (5-FU)", "5-FU", "5-fluorouracil"),
        ("ALT (alanine aminotransferase) rose", "ALT", "alanine aminotransferase"),
        ("acute myeloid leukemia (AML; 12 patients)", "AML", "acute myeloid leukemia"),
        ("cyproterone acetate with ethinyl estradiol (CPA/EE)", "EE", "ethinyl estradiol"),
        ("cyproterone acetate with ethinyl estradiol (CPA/EE)", "CPA",
         "cyproterone acetate with"),
    ],
)  # fmt: skip
def test_a_definition_is_found(text: str, short: str, long: str) -> None:
    assert definitions(text).get(short) == long


@pytest.mark.parametrize(
    "text",
    [
        "12 patients (34%)",
        "as described before (see Table 2)",
        "the drug (p = 0.03) was",
        "nothing fits here (XYZ)",
        "an unclosed (VOD",
        "",
    ],
)
def test_what_is_no_definition_is_passed_over(text: str) -> None:
    assert definitions(text) == {}


def test_the_first_letter_must_begin_a_word() -> None:
    # Schwartz & Hearst 2003, section 3.2: the first character at the start of a word
    assert best_long_form("OD", "veno-occlusive disease") == "veno-occlusive disease"
    assert best_long_form("CD", "veno-occlusive disease") == ""


def test_a_definition_does_not_cross_a_sentence() -> None:
    assert definitions("Veins were open. Only disease (VOD) was seen.") == {}


def test_abbreviations_are_expanded_within_a_phrase() -> None:
    defined = {"VOD": "veno-occlusive disease"}
    assert expand("hepatic VOD", defined) == "hepatic veno-occlusive disease"
    assert expand("VODs", defined) == "veno-occlusive disease"
    assert expand("vodka", defined) == "vodka"


@pytest.mark.parametrize("text", ["ALL", "VOD", "TdP", "NSAIDs", "5-FU", "AML"])
def test_what_looks_like_an_abbreviation(text: str) -> None:
    assert looks_abbreviated(text)


@pytest.mark.parametrize("text", ["all", "Ca", "pH", "Edema", "VOD SOS", "A", "LEUKEMIA", ""])
def test_what_does_not(text: str) -> None:
    assert not looks_abbreviated(text)


@given(st.text(alphabet="ABab ()[];,.-1", max_size=60))
def test_a_long_form_stands_in_the_text_and_is_longer(text: str) -> None:
    for short, long in definitions(text).items():
        assert long in text
        assert len(long) > len(short)
