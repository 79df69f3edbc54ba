"""Screening of mentions, rule by rule on small terminologies.

Labels, synonyms and tree numbers of the small terminologies are those of MeSH 2024, MONDO
2026-05-05 and HP 2025-01-16, cut to what a rule needs.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evikg.graph.records import Mention
from evikg.loaders.screening import Terminologies, screen
from evikg.loaders.screening.identifiers import parse
from evikg.ontology.curie import contract, expand
from evikg.ontology.terms import Synonym, Term


def term(curie: str, label: str, *synonyms: str, **more: object) -> Term:
    """Return a term; a tree number makes it a descriptor of its branch."""
    return Term(
        iri=expand(curie), label=label, synonyms=tuple(map(Synonym, synonyms)), **more  # type: ignore[arg-type]
    )  # fmt: skip


def iris(*curies: str) -> tuple[str, ...]:
    return tuple(map(expand, curies))


TERMS = [
    term("MESH:D006504", "Hepatic Veno-Occlusive Disease", "Sinusoidal Obstruction Syndrome",
         "Hepatic Veno Occlusive Disease", tree_numbers=("C06.552.360",)),
    term("MESH:D017093", "Liver Failure", "Hepatic Failure", tree_numbers=("C06.552.308.500",)),
    term("MESH:D008107", "Liver Diseases", "Liver Disease", tree_numbers=("C06.552",)),
    term("MESH:D013921", "Thrombocytopenia", tree_numbers=("C15.378.140.855",)),
    term("MESH:C564112", "Leukemia, Acute, X-Linked", mapped_to=iris("MESH:D007938")),
    term("MESH:D007938", "Leukemia", tree_numbers=("C04.557.337",)),
    term("MESH:D009181", "Mycoses", "Fungal Infections", "Fungus Diseases",
         tree_numbers=("C01.150.703",)),
    term("MESH:D008727", "Methotrexate", "Amethopterin", tree_numbers=("D03.633.100",)),
    term("MESH:C045495", "POMP protocol", kind="SCR_Protocol"),
    term("MESH:D015464", "Leukemia, Myelogenous, Chronic, BCR-ABL Positive",
         "Chronic Myeloid Leukemia", tree_numbers=("C04.557.337.539.250",)),
    term("MESH:D054198", "Precursor Cell Lymphoblastic Leukemia-Lymphoma",
         "Acute Lymphoblastic Leukemia", tree_numbers=("C04.557.337.428.600",)),
    term("MESH:D054218", "Precursor T-Cell Lymphoblastic Leukemia-Lymphoma",
         "T-Cell Acute Lymphocytic Leukemia", tree_numbers=("C04.557.337.428.600.620",)),
    term("MESH:D015456", "Leukemia, Biphenotypic, Acute",
         "B and T Cell Acute Lymphoblastic Leukemia", tree_numbers=("C04.557.337.428.100",)),
    term("MESH:D006402", "Hematologic Diseases", tree_numbers=("C15.378",)),
    term("MESH:D000095542", "Cytopenia", "Cytopenias", tree_numbers=("C15.378.243",)),
    term("MESH:D004194", "Disease", "Diseases", tree_numbers=("C23.550.288",)),
    term("MESH:D007674", "Kidney Diseases", "Kidney Disease", tree_numbers=("C12.050.351",)),
    term("MESH:D001647", "Bile Acids and Salts", "Bile Salts", tree_numbers=("D04.210.500.105",)),
    term("MESH:D019344", "Lactic Acid", tree_numbers=("D02.241.511.459.450",)),
    term("MESH:D010677", "Philadelphia Chromosome", tree_numbers=("C23.550.210.870.680",)),
    term("MONDO:0004947", "B-cell acute lymphoblastic leukemia"),
    term("MONDO:0020322", "acute biphenotypic leukemia"),
    term("MONDO:0000009", "obsolete fever", deprecated=True, replaced_by=iris("HP:0001945")),
    term("HP:0001945", "Fever", "Pyrexia"),
    term("MESH:C000001", "sorafenib", mapped_to=iris("MESH:D008727")),
    term("MESH:D000077157", "Sorafenib", tree_numbers=("D02.065.199",)),
    term("MESH:D053554", "Keratin-20", tree_numbers=("D12.776.220",)),
    term("MESH:D018951", "Antigens, CD20", "CD20 Antigen", tree_numbers=("D23.050.301",)),
]  # fmt: skip


@pytest.fixture(scope="module")
def terminologies() -> Terminologies:
    same = {expand("MONDO:0020322"): iris("MESH:D015456")}
    return Terminologies.of(TERMS, complete=["MESH"], equivalents=same)


def mention(text: str, identifier: str | None, kind: str = "Disease", **more: object) -> Mention:
    fields: dict[str, object] = {
        "slug": f"m-{text}-{identifier}", "source": "s", "type": kind, "text": text,
        "printed": text, "identifier": identifier, "locator": "", "line": 1,
    }  # fmt: skip
    return Mention(**{**fields, **more})  # type: ignore[arg-type]


def judged(terminologies: Terminologies, *mentions: Mention, text: str = "") -> list[Mention]:
    return screen(mentions, terminologies, {"s": text})


PASSING = [
    ("liver disease", "MESH:D008107", "Disease"),
    ("Hepatic failures", "D017093", "Disease"),
    ("veno-occlusive disease, hepatic", "mesh:D006504", "Disease"),
    ("POMP", "MESH:C045495", "Chemical"),  # a protocol is named without the word
    ("MTX", "MESH:D008727", "Chemical"),  # letters of the name, in order
    ("CML", "MESH:D015464", "Disease"),  # initials of a synonym
    ("leukemic", "MESH:D007938", "Disease"),  # the adjective of the name
    ("severe thrombocytopenia", "MESH:D013921", "Disease"),
    ("bile acid", "MESH:D001647", "Chemical"),  # the first of two that the heading names
    ("lactate", "MESH:D019344", "Chemical"),
    ("fever", "HP:0001945", "Disease"),
]
FAILING = [
    # text, identifier, type, verdict, rule, proposed
    ("fever", "-", "Disease", "unchecked", "no-identifier", ["HP:0001945"]),
    ("fever", None, "Disease", "unchecked", "no-identifier", ["HP:0001945"]),
    ("fever", "MESH:D12", "Disease", "wrong", "malformed-identifier", ["HP:0001945"]),
    ("fever", "FOO:12", "Disease", "wrong", "malformed-identifier", ["HP:0001945"]),
    ("fever", "MESH:D999999", "Disease", "wrong", "unknown-identifier", ["HP:0001945"]),
    ("methotrexate", "MESH:D008727", "Disease", "wrong", "wrong-type", []),
    ("thrombocytopenia", "MESH:D013921", "Chemical", "wrong", "wrong-type", []),
    ("sinusoidal occlusion of the liver", "MESH:D017093", "Disease", "wrong", "label-mismatch",
     ["MESH:D006504"]),
    ("acute and chronic thrombocytopenia", "MESH:C564112", "Disease", "wrong", "label-mismatch",
     ["MESH:D013921"]),
    ("cytopenias", "MESH:D006402", "Disease", "doubtful", "label-mismatch", ["MESH:D000095542"]),
    ("appetite", "MESH:D007674", "Disease", "doubtful", "label-mismatch", []),
    ("B-cell acute lymphoblastic leukemia", "MESH:D015456", "Disease", "wrong", "label-mismatch",
     ["MONDO:0004947"]),
    ("acute leukemia", "MESH:C564112", "Disease", "doubtful", "narrower-than-text",
     ["MESH:D007938"]),
    ("fungal", "MESH:D009181", "Disease", "doubtful", "modifier-only", []),
    ("kidney and liver disease", "MESH:D007674", "Disease", "doubtful", "composite-mention", None),
    ("disease", "MESH:D004194", "Disease", "doubtful", "generic-term", []),
    ("cytotoxic", "MESH:D008107", "Disease", "doubtful", "generic-term", []),
    ("Ph", "MESH:D010677", "Disease", "doubtful", "generic-term", []),
    ("-Cell Acute Lymphocytic Leukemia", "MESH:D054218", "Disease", "wrong", "fragment", None),
    ("fever", "MONDO:0000009", "Disease", "wrong", "obsolete-record", ["HP:0001945"]),
    ("sorafenib", "MESH:C000001", "Chemical", "doubtful", "re-mapped-record",
     ["MESH:D000077157"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "identifier", "kind"), PASSING)
def test_a_mention_that_fits_identifies_its_term(
    terminologies: Terminologies, text: str, identifier: str, kind: str
) -> None:
    (found,) = judged(terminologies, mention(text, identifier, kind))
    assert (found.screening, found.flags, found.reasons) == ("passed", (), ())
    assert found.identifies == parse(identifier, kind).iri


@pytest.mark.parametrize(("text", "identifier", "kind", "verdict", "rule", "proposed"), FAILING)
def test_a_mention_that_fails_has_rule_reason_and_a_better_term_and_identifies_nothing(
    terminologies: Terminologies, text: str, identifier: str | None, kind: str, verdict: str,
    rule: str, proposed: list[str] | None,
) -> None:  # fmt: skip
    (found,) = judged(terminologies, mention(text, identifier, kind))
    assert found.screening == verdict
    assert rule in found.flags
    assert found.reasons
    assert found.identifies is None
    if proposed is not None:
        assert [contract(iri) for iri in found.proposed] == proposed


@pytest.mark.parametrize(
    ("identifier", "kind", "reason"),
    [
        (
            "HP:9999999",
            "Disease",
            "HP:9999999 is not in the part of its terminology that is loaded",
        ),
        # Nothing of MeSH's third series is among the small terminologies.
        (
            "MESH:Q000001",
            "Disease",
            "MESH:Q000001 is not in the part of its terminology that is loaded",
        ),
        ("NCBI Gene 933", "Gene", "no terminology of prefix NCBIGENE is loaded"),
        ("OMIM:613784", "Disease", "no terminology of prefix OMIM is loaded"),
    ],
)
def test_what_cannot_be_checked_is_not_called_wrong(
    terminologies: Terminologies, identifier: str, kind: str, reason: str
) -> None:
    (found,) = judged(terminologies, mention("something", identifier, kind))
    assert (found.screening, found.flags, found.identifies) == ("unchecked", (), None)
    assert found.reasons == (reason,)


def test_an_identifier_without_a_number_is_unknown_where_all_are_loaded() -> None:
    """Identifiers of FDA are ten letters and digits in no order: they make no series."""
    known = term("UNII:P93RUU11P7", "inotuzumab ozogamicin")
    given = mention("drug B", "UNII:ABCDE1FGHI", "Chemical")
    (found,) = screen([given], Terminologies.of([known], complete=["UNII"]))
    assert (found.screening, found.flags) == ("wrong", ("unknown-identifier",))
    (found,) = screen([given], Terminologies.of([known]))
    assert (found.screening, found.flags) == ("unchecked", ())


def test_an_abbreviation_has_the_meaning_that_the_document_defines(
    terminologies: Terminologies,
) -> None:
    good = "Acute lymphoblastic leukemia (ALL) was treated."
    bad = "Alanine lactate level (ALL) was measured."
    (right,) = judged(terminologies, mention("ALL", "MESH:D054198"), text=good)
    (wrong,) = judged(terminologies, mention("ALL", "MESH:D054198"), text=bad)
    assert right.screening == "passed"
    assert wrong.flags == ("label-mismatch",)


def test_another_mention_of_the_document_defines_an_abbreviation(
    terminologies: Terminologies,
) -> None:
    long = mention("acute lymphoblastic leukemia", "MESH:D054198")
    found = judged(terminologies, long, mention("B-cell ALL", "MESH:D015456"))[1]
    assert found.screening == "wrong"
    assert [contract(iri) for iri in found.proposed] == ["MONDO:0004947"]


def test_two_identifiers_for_one_text_are_flagged_unless_one_is_its_name(
    terminologies: Terminologies,
) -> None:
    one, two = judged(
        terminologies,
        mention("hepatic failure", "MESH:D017093"),
        mention("hepatic failure", "MESH:D008107"),
    )
    assert one.screening == "passed"
    assert "two-identifiers" in two.flags
    assert [contract(iri) for iri in two.proposed] == ["MESH:D017093"]
    both = judged(terminologies, mention("HC", "MESH:D017093"), mention("HC", "MESH:D008107"))
    assert all("two-identifiers" in found.flags for found in both)


def test_another_document_that_has_the_name_tells_of_a_second_identifier(
    terminologies: Terminologies,
) -> None:
    right = mention("hepatic failure", "MESH:D017093", document="1")
    other = mention("Hepatic failure", "MESH:D008107", document="2")
    short = [mention("HF", "MESH:D017093", document="3"), mention("HF", "MESH:D008107")]
    found = judged(terminologies, right, other, *short)
    assert found[0].screening == "passed"
    assert "two-identifiers" in found[1].flags
    assert [contract(iri) for iri in found[1].proposed] == ["MESH:D017093"]
    assert not any("two-identifiers" in item.flags for item in found[2:])


def test_one_identifier_for_two_things_is_flagged_where_the_text_is_foreign(
    terminologies: Terminologies,
) -> None:
    named, other = judged(
        terminologies, mention("Leukemia", "MESH:D007938"), mention("carcass", "MESH:D007938")
    )
    assert named.screening == "passed"
    assert "one-identifier-two-things" in other.flags


def test_a_part_of_a_name_is_enough_once_the_document_has_said_the_name(
    terminologies: Terminologies,
) -> None:
    short = mention("lymphocytic leukemia", "MESH:D054218")
    (alone,) = judged(terminologies, short)
    assert alone.flags == ("narrower-than-text",)
    after = judged(
        terminologies, mention("T-Cell Acute Lymphocytic Leukemia", "MESH:D054218"), short
    )
    assert [found.screening for found in after] == ["passed", "passed"]


def test_a_span_that_cuts_a_word_of_the_document_is_a_fragment(
    terminologies: Terminologies,
) -> None:
    text = "All had thrombocytopenias."
    whole = mention("thrombocytopenias", "MESH:D013921", start=8, end=25)
    cut = mention("cytopenias", "MESH:D000095542", start=15, end=25)
    found = judged(terminologies, whole, cut, text=text)
    assert found[0].screening == "passed"
    assert found[1].flags == ("fragment",)


def test_names_of_one_entity_that_name_two_terms_are_flagged(terminologies: Terminologies) -> None:
    # As printed in tran-2026: CD20 of the paper is MS4A1, not keratin 20.
    printed = mention("KRT20", "NCBI Gene 54474", "Gene", label="keratin 20", aliases="CD20, K20")
    (found,) = judged(terminologies, printed)
    assert found.flags == ("conflicting-names",)
    assert any("MESH:D018951" in reason for reason in found.reasons)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["leukemia", "MTX", "-Cell", "disease", "", "α and β", "%"])
            | st.text(max_size=12),
            st.sampled_from([None, "-", "MESH:D007938", "D1", "7;8"]) | st.text(max_size=8),
            st.sampled_from(["Disease", "Chemical", "Gene", "Other", ""]),
        ),
        max_size=6,
    )
)
def test_whatever_is_screened_comes_back_in_order_and_only_what_passes_is_linked(
    rows: list[tuple[str, str | None, str]],
) -> None:
    held = [
        mention(text, identifier, kind, slug=f"m{n}")
        for n, (text, identifier, kind) in enumerate(rows)
    ]
    found = screen(held, Terminologies.of(TERMS, complete=["MESH"]))
    assert [m.slug for m in found] == [m.slug for m in held]
    assert [(m.text, m.identifier) for m in found] == [(m.text, m.identifier) for m in held]
    for item in found:
        assert (item.screening == "passed") == (item.identifies is not None)
        assert (item.screening == "passed") == (item.reasons == ())
        assert item.identifies is None or not item.flags
