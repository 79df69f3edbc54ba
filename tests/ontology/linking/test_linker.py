"""What texts link to among a few real terms, and why; expected terms chosen by hand."""

import sys

import pytest

from evikg.ontology.curie import expand
from evikg.ontology.linking import Linker, Ruling, TermIndex, Tier, ruling_key
from evikg.ontology.linking.candidates import confidences
from evikg.ontology.terms import Scope, Synonym, Term

CONTEXT = "Patients had veno-occlusive disease (VOD) and acute lymphoblastic leukemia (ALL)."


def linked(linker: Linker, text: str, **options: object) -> str:
    found = linker.link(text, **options).accepted  # type: ignore[arg-type]
    return found.curie if found else ""


@pytest.mark.parametrize(
    ("text", "curie", "tier"),
    [
        ("hepatic veno-occlusive disease", "MONDO:0019514", Tier.LABEL),
        ("Sinusoidal Obstruction Syndrome", "MONDO:0019514", Tier.SYNONYM),
        ("hepatic venoocclusive disease", "MONDO:0019514", Tier.JOINED),
        ("Acute Lymphoblastic Leukaemia", "MONDO:0004967", Tier.NORMALISED_LABEL),
        ("Leukemia, Lymphoblastic, Acute", "MONDO:0004967", Tier.ORDER),
        ("leukaemias, myeloid, acute", "MESH:D015470", Tier.NORMALISED_LABEL),
        ("haemorrhages", "MESH:D006470", Tier.NORMALISED_LABEL),
        ("ALANINE AMINOTRANSFERASE INCREASED", "HP:0031964", Tier.SYNONYM),
        ("elevated bilirubin", "HP:0003573", Tier.FINDING),
        ("bilirubin increased", "HP:0003573", Tier.ORDER),
        ("high serum bilirubin", "HP:0002904", Tier.FINDING),
        ("haemorrhagic", "MESH:D006470", Tier.VARIANT),
        ("renal disorders", "MESH:D007674", Tier.GENERIC),
        ("severe oedema", "MESH:D004487", Tier.DEGREE),
        ("hyperbilirubinaemai", "HP:0002904", Tier.LEXICAL),
    ],
)
def test_a_text_links_to_its_term(linker: Linker, text: str, curie: str, tier: Tier) -> None:
    found = linker.link(text)
    assert found.accepted is not None, found.reason
    assert (found.accepted.curie, found.accepted.tier) == (curie, tier)
    assert found.accepted.reason


def test_a_glutamate_is_the_acid_before_the_class_of_its_esters(linker: Linker) -> None:
    assert linked(linker, "glutamate", type="chemical") == "MESH:D018698"
    assert linked(linker, "glutamates", type="chemical") == "MESH:D005971"


def test_a_drug_links_to_its_salt_where_only_that_is_a_term(linker: Linker) -> None:
    assert linked(linker, "raloxifene", type="chemical") == "MESH:D020849"


def test_a_disease_never_becomes_a_chemical(linker: Linker) -> None:
    assert linked(linker, "sodium", type="chemical") == "MESH:D012964"
    found = linker.link("sodium", type="disease", thorough=True)
    assert found.accepted is None
    assert "MESH:D012964" not in {item.curie for item in found}


def test_an_unknown_type_is_an_error(linker: Linker) -> None:
    with pytest.raises(ValueError, match="illness"):
        linker.link("edema", type="illness")


@pytest.mark.parametrize("text", ["ALL", "AML"])
def test_a_bare_abbreviation_has_candidates_but_no_term(linker: Linker, text: str) -> None:
    found = linker.link(text)
    assert found.accepted is None
    assert found.candidates
    assert "abbreviation" in found.reason


def test_an_abbreviation_is_read_by_its_definition(linker: Linker) -> None:
    assert linked(linker, "ALL", context=CONTEXT) == "MONDO:0004967"
    found = linker.link("hepatic VOD", context=CONTEXT).accepted
    assert found is not None
    assert found.curie == "MONDO:0019514"
    assert found.justification == "semapv:CompositeMatching"
    assert "the context defines" in found.reason


def test_a_definition_wins_over_a_listed_abbreviation(linker: Linker) -> None:
    context = "All had acute myeloid leukemia (ALL)."  # a misprint, but the document's own
    assert linked(linker, "ALL", context=context, type="disease") == "MONDO:0018874"


def test_a_listed_abbreviation_needs_type_and_context(linker: Linker) -> None:
    context = "AML was seen."
    assert linked(linker, "AML", context=context) == ""
    assert linked(linker, "AML", type="disease") == ""
    assert linked(linker, "AML", type="disease", context=context) == "MONDO:0018874"
    assert linked(linker, "AML", type="chemical", context=context) == ""


def test_an_english_word_is_no_abbreviation(linker: Linker) -> None:
    assert linked(linker, "all", type="disease", context="all were seen") == ""


def test_a_word_in_capitals_is_no_abbreviation(linker: Linker) -> None:
    assert linked(linker, "EDEMA") == "MESH:D004487"
    assert linked(linker, "SODIUM", type="chemical") == "MESH:D012964"


def test_capitals_that_a_term_lists_as_short_are_no_word(terms: list[Term]) -> None:
    word = Term(iri=expand("DOID:1"), label="All")  # a label such as the root of HP has
    linker = Linker(TermIndex.of([*terms, word]))
    found = linker.link("ALL", terminologies=["DOID"], type="disease", context="ALL")
    assert found.accepted is None
    assert "may be an abbreviation" in found.reason


def test_the_root_of_hp_names_nothing(terms: list[Term]) -> None:
    root = Term(iri=expand("HP:0000001"), label="All")  # HP release 2025-01-16
    linker = Linker(TermIndex.of([*terms, root]))
    for text in ("ALL", "All", "B-cell ALL"):
        found = linker.link(text, thorough=True)
        assert root.iri not in {candidate.iri for candidate in found.candidates}


def test_adults_are_not_everybody() -> None:
    """MONDO 2026-05-05: MONDO:0000814 is B-ALL of adults, MONDO:0004947 of whoever has it."""
    adult = Term(
        iri=expand("MONDO:0000814"),
        label="B-cell adult acute lymphocytic leukemia",
        synonyms=(Synonym("B cell adult ALL"),),
    )
    assert linked(Linker(TermIndex.of([adult])), "B-cell ALL") == ""


def test_names_of_a_terminology_in_capitals_are_words() -> None:
    # UNII_Names.txt prints every name in capitals
    terms = [Term(iri=expand("UNII:9NEZ333N27"), label="SODIUM")]
    assert linked(Linker(TermIndex.of(terms)), "sodium", type="chemical") == "UNII:9NEZ333N27"


def test_a_symbol_of_an_element_needs_type_and_context(linker: Linker) -> None:
    assert linked(linker, "Na+", type="chemical", context="Na+ channels") == "MESH:D012964"
    assert linked(linker, "Na", type="chemical") == ""
    assert linked(linker, "Na", type="disease", context="Na") == ""


def test_a_deprecated_term_is_never_returned_but_its_replacement_is(linker: Linker) -> None:
    found = linker.link("46,XX sex reversal", thorough=True)
    assert found.accepted is not None
    assert found.accepted.curie == "MONDO:0009299"
    assert "MONDO:0000002 is replaced" in found.accepted.reason
    assert "MONDO:0000002" not in {item.curie for item in found}


def test_a_deprecated_term_without_replacement_links_to_nothing() -> None:
    # HP release 2025-01-16, id HP:0000368
    term = Term(
        iri=expand("HP:0000368"), label="obsolete Low-set, posteriorly rotated ears",
        deprecated=True,
    )  # fmt: skip
    found = Linker(TermIndex.of([term])).link("Low-set, posteriorly rotated ears")
    assert (found.accepted, found.candidates) == (None, ())


def test_terminologies_are_preferred_in_order(index: TermIndex) -> None:
    assert linked(Linker(index), "Edema") == "MESH:D004487"
    assert linked(Linker(index, preference=("HP", "MESH")), "Edema") == "HP:0000969"
    assert linked(Linker(index), "Edema", terminologies=["hp"]) == "HP:0000969"


def test_the_scope_of_a_synonym_decides_the_predicate(linker: Linker) -> None:
    found = linker.link("soft tissue swelling").accepted
    assert found is not None
    assert (found.curie, found.predicate) == ("HP:0000969", "skos:narrowMatch")
    exact = linker.link("oedema").accepted
    assert exact is not None
    assert exact.predicate == "skos:exactMatch"
    assert exact.confidence > found.confidence


def test_two_terms_of_one_terminology_that_fit_alike_are_ambiguous() -> None:
    shared = (Synonym("spotted illness", Scope.EXACT),)
    terms = [
        Term(iri=expand(f"MONDO:{label}"), label=label, synonyms=shared)
        for label in ("measles", "rubella")
    ]
    linker = Linker(TermIndex.of(terms))
    found = linker.link("spotted illness")
    assert found.accepted is None
    assert "ambiguous: 2 terms" in found.reason
    assert len(found.candidates) == 2
    told = linker.link("spotted illness", context="Of rubella, the spotted illness, we know.")
    assert told.accepted is not None
    assert told.accepted.label == "rubella"


def test_opposites_are_not_alike() -> None:
    index = TermIndex.of([Term(iri=expand("HP:0000836"), label="Hyperthyroidism")])
    assert Linker(index).link("hypothyroidism", thorough=True).candidates == ()


def test_an_excluded_number_is_not_alike() -> None:
    index = TermIndex.of([Term(iri=expand("MONDO:0005231"), label="hepatitis A virus infection")])
    assert Linker(index).link("hepatitis C virus infection").candidates == ()


def test_the_end_of_a_phrase_is_broader_but_not_of_two_things_named_together() -> None:
    term = Term(iri=expand("MESH:D011654"), label="Pulmonary Edema", kind="TopicalDescriptor")
    linker = Linker(TermIndex.of([term]), lexical=False)
    found = linker.link("neurogenic pulmonary oedema").accepted
    assert found is not None
    assert (found.tier, found.predicate) == (Tier.HEAD, "skos:broadMatch")
    assert linker.link("cerebral and pulmonary oedema").candidates == ()


def test_a_finding_is_no_kind_of_what_is_measured() -> None:
    term = Term(iri=expand("MESH:D001663"), label="Bilirubin", kind="TopicalDescriptor")
    assert Linker(TermIndex.of([term])).link("elevated bilirubin").candidates == ()


def test_a_ruling_wins_over_any_match(index: TermIndex) -> None:
    said = Ruling(iri=expand("MESH:D007674"), label="Kidney Diseases", comment="as in table 2")
    linker = Linker(index, rulings={ruling_key("edema"): (said,)})
    found = linker.link("Edema")
    assert found.accepted is not None
    assert found.accepted.curie == "MESH:D007674"
    assert found.accepted.justification == "semapv:ManualMappingCuration"
    assert "as in table 2" in found.reason
    assert "HP:0000969" in {item.curie for item in found}


def test_a_forbidden_term_is_no_candidate(index: TermIndex) -> None:
    said = Ruling(iri=expand("MESH:D004487"), negative=True)
    found = Linker(index, rulings={"edema": (said,)}).link("edema")
    assert found.accepted is not None
    assert found.accepted.curie == "HP:0000969"
    assert [item.curie for item in found.forbidden] == ["MESH:D004487"]


def test_a_ruling_that_none_fits_is_kept(index: TermIndex) -> None:
    found = Linker(index, rulings={"edema": (Ruling(),)}).link("edema")
    assert found.accepted is None
    assert found.reason == "a curator found that no term fits"


def test_a_ruling_on_a_deprecated_term_gives_its_replacement(index: TermIndex) -> None:
    said = Ruling(iri=expand("MONDO:0000002"))
    found = Linker(index, rulings={"swelling": (said,)}).link("swelling").accepted
    assert found is not None
    assert found.curie == "MONDO:0009299"
    assert "deprecated" in found.reason


def test_without_rapidfuzz_exact_and_normalised_names_link(
    index: TermIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "rapidfuzz", None)
    monkeypatch.setattr("evikg.ontology.linking.linker.find_spec", lambda _: None)
    linker = Linker(index)
    assert linked(linker, "oedemas") == "MESH:D004487"
    assert linker.link("hyperbilirubinaemai").accepted is None
    with pytest.raises(ImportError, match=r"pip install 'evikg\[link\]'"):
        Linker(index, lexical=True)


def test_confidences_never_rise_from_one_step_to_a_wider_one() -> None:
    steps = [Tier.LABEL, Tier.SYNONYM, Tier.NORMALISED_LABEL, Tier.ORDER, Tier.VARIANT,
             Tier.GENERIC, Tier.BARE, Tier.LEXICAL, Tier.HEAD]  # fmt: skip
    highest = [confidences()[tier][0][1] for tier in steps]
    assert highest == sorted(highest, reverse=True)
    assert {tier.value for tier in Tier} <= confidences().keys()


def test_every_name_of_every_term_finds_its_term(linker: Linker, terms: list[Term]) -> None:
    for term in terms:
        if not term.deprecated:
            for name in (term.label, *(synonym.text for synonym in term.synonyms)):
                found = linker.link(name, type=None, thorough=True)
                assert term.iri in {item.iri for item in found}, name
