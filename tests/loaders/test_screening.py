"""Screening of mentions, rule by rule on small terminologies, and whole on the printed entities.

Labels, synonyms and tree numbers of the small terminologies are those of MeSH 2024, MONDO
2026-05-05 and HP 2025-01-16, cut to what a rule needs.
"""

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evikg.graph.records import Mention
from evikg.loaders.articles import Article, texts_of
from evikg.loaders.evidence import shipped_evidence
from evikg.loaders.faults import Fault
from evikg.loaders.mentions import read_mentions
from evikg.loaders.pubtator import read_pubtator
from evikg.loaders.screening import Terminologies, screen, vocabulary
from evikg.loaders.screening.identifiers import MalformedError, parse, split
from evikg.loaders.screening.stored import terminologies_of
from evikg.loaders.terminologies.slices import read_manifest, shipped_slices, slice_triples
from evikg.ontology.curie import contract, expand
from evikg.ontology.terms import Synonym, Term

DATA = Path(__file__).parents[3] / "shared" / "data"


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


@pytest.mark.parametrize(
    ("printed", "kind", "curie"),
    [
        ("D009181", "Disease", "MESH:D009181"),
        ("MESH:C000591646", "Chemical", "MESH:C000591646"),
        ("NCBI Gene 653108", "Gene", "NCBIGENE:653108"),
        ("653108", "Gene", "NCBIGENE:653108"),
        ("taxon 9606", "Species", "NCBITAXON:9606"),
        ("PubChem CID 4489307", "Chemical", "PUBCHEM.COMPOUND:4489307"),
        ("CVCL_0291", "CellLine", "CVCL:0291"),
        ("rs1800587", "SNP", "DBSNP:rs1800587"),
    ],
)
def test_identifiers_are_read_in_the_spellings_of_annotators(
    printed: str, kind: str, curie: str
) -> None:
    assert parse(printed, kind).curie == curie


@pytest.mark.parametrize("printed", ["D12", "MESH:X000001", "BAR:1", "??", "MESH:"])
def test_what_no_term_can_have_is_malformed(printed: str) -> None:
    with pytest.raises(MalformedError):
        parse(printed, "Disease")


def test_several_identifiers_of_a_span_are_split_but_not_what_tmvar_prints() -> None:
    assert split("D006470|D003556") == ["D006470", "D003556"]
    assert split("tmVar:rs1;VariantGroup:2;RS#:1") == ["tmVar:rs1;VariantGroup:2;RS#:1"]


#: The printed entities of tran-2026 whose identifier should not be used: by hand, reading the
#: paper (its abstract and summary) and the labels of MeSH 2024 and 2026. What stands for what:
WRONG = {
    "CXADRP1": "CAR is the chimeric antigen receptor of CAR T cells, not a pseudogene",
    "KRT20": "CD20 is MS4A1, the target of rituximab, not keratin 20",
    "Philadelphia Negative": "a quality of ALL; D054438 is atypical chronic myeloid leukaemia",
    "sinusoidal occlusion of the liver": "is SOS, D006504; D017093 is liver failure",
    "acute and chronic thrombocytopenia": "D013921; C564112 is X-linked acute leukaemia",
    "renal or pulmonary dysfunction": "two organs; C538458 is Goodpasture's glomerulonephritis",
    "Ph": "the chromosome of Ph-positive disease, not a disease",
    "fungal": "the quality of an infection, not mycoses",
    "QTc prolongation": "a finding; D008133 is the long QT syndrome",
    "cytopenias": "D000095542 since MeSH 2023; D006402 is every blood disease",
    "disease": "the word says nothing",
    "B-cell ALL": "MONDO:0004947; D015456 is biphenotypic leukaemia",
    "cytotoxic": "how a conjugate works, not an adverse reaction",
    "-Cell Acute Lymphoblastic Leukemia": "cut off B-cell; D054218 is of T cells",
    "tyrosine": "a part of tyrosine kinase inhibitor, not the amino acid",
}
#: No identifier is printed, or a dash.
NONE = {"CD22", "6-mercaptopurine", "vincristine sulfate", "methotrexate", "T315I"}
#: Of `WRONG`, what cannot be seen without the genes of NCBI or the text of the paper.
UNSEEN = {"CXADRP1", "tyrosine"}


def printed_entities() -> list[Mention]:
    faults: list[Fault] = []
    path = shipped_evidence() / "tran-2026" / "mentions.csv"
    mentions = list(read_mentions(path, "tran-2026", faults))
    assert not faults
    assert len(mentions) == 69
    return mentions


def flagged(mentions: list[Mention]) -> set[str]:
    return {m.text for m in mentions if m.flags and m.flags != ("no-identifier",)}


def test_at_least_a_dozen_printed_entities_are_found_wrong_with_the_shipped_slices() -> None:
    mentions = printed_entities()
    folder = shipped_slices()
    triples = [t for item in read_manifest(folder) for t in slice_triples(folder, item.name)]
    found = screen(mentions, terminologies_of(mentions, triples))
    assert flagged(found) <= WRONG.keys()  # precision 1
    # The slices need not hold keratin 20 and CD20, which the paper does not print.
    assert flagged(found) >= WRONG.keys() - UNSEEN - {"KRT20"}
    assert len(flagged(found)) >= 12
    assert {m.text for m in found if m.flags == ("no-identifier",)} == NONE
    for item in found:
        assert item.identifies is None or item.text not in WRONG.keys() - UNSEEN


needs_mesh = pytest.mark.skipif(not (DATA / "mesh").exists(), reason="MeSH is not at hand")


@pytest.fixture(scope="module")
def gold() -> list[Article]:
    return read_pubtator(DATA / "entities" / "CDR_DevelopmentSet.PubTator.txt.gz")[:100]


@pytest.fixture(scope="module")
def mesh(gold: list[Article]) -> Terminologies:
    """Index MeSH 2024 as repackaged: diseases, mental disorders, chemicals, and printed records."""
    mentions = [*printed_entities(), *(m for article in gold for m in article.mentions())]
    printed = {(m.identifier or "").removeprefix("MESH:") for m in mentions}
    held = {}
    for name in ("mesh_id_label_mappings.tsv.gz", "mesh_supp_id_label_mappings.tsv.gz"):
        with gzip.open(DATA / "mesh" / name, "rt", encoding="utf-8") as file:
            for line in file:
                number, label, synonyms, more, *_ = line.rstrip("\n").split("\t")
                places = tuple(part for part in more.replace(",", "|").split("|") if part)
                if number not in printed and (number[0] == "C" or not more.startswith(("C", "D"))):
                    continue
                held[expand(f"MESH:{number}")] = Term(
                    iri=expand(f"MESH:{number}"),
                    label=label,
                    synonyms=tuple(Synonym(s) for s in synonyms.split("|") if s),
                    tree_numbers=places if number[0] == "D" else (),
                    mapped_to=iris(*(f"MESH:{p}" for p in places)) if number[0] == "C" else (),
                )
    names = ((t.iri, n) for t in held.values() for n in (t.label, *(s.text for s in t.synonyms)))
    words = vocabulary(mentions, list(texts_of(gold).values()))
    return Terminologies(held.get, names, complete=["MESH"], vocabulary=words)


@needs_mesh
def test_with_all_of_mesh_the_same_entities_are_found_and_one_more(mesh: Terminologies) -> None:
    found = screen(printed_entities(), mesh)
    # `respiratory failure` and `Cancer` are entry terms that the repackaged file leaves out.
    assert flagged(found) - {"respiratory failure", "Cancer"} == WRONG.keys() - UNSEEN
    proposed = {m.text: [contract(iri) for iri in m.proposed] for m in found}
    assert proposed["sinusoidal occlusion of the liver"] == ["MESH:D006504"]
    assert proposed["acute and chronic thrombocytopenia"] == ["MESH:D013921"]
    assert proposed["cytopenias"] == ["MESH:D000095542"]
    assert proposed["methotrexate"] == ["MESH:D008727"]


@needs_mesh
def test_gold_annotations_are_rarely_called_wrong(mesh: Terminologies, gold: list[Article]) -> None:
    mentions = [m for article in gold for m in article.mentions()]
    found = screen(mentions, mesh, texts_of(gold))
    checked = [m for m in found if not {"no-identifier", "unknown-identifier"} & {*m.flags}]
    assert len(checked) > 1500
    # Of the whole set 0.9 % are called wrong, most because MeSH has a nearer heading since, and
    # 10 % doubtful, half of them by entry terms that the repackaged file leaves out.
    assert sum(m.screening == "wrong" for m in checked) < 0.02 * len(checked)
    assert sum(m.screening == "passed" for m in checked) > 0.85 * len(checked)
