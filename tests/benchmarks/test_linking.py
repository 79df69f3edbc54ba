"""The rules of the linking benchmark, on two made-up abstracts counted by hand."""

import gzip
from pathlib import Path

import pytest

from benchmarks.linking import evikg, read_mentions, read_terms, scores
from evikg.ontology.linking import TermIndex
from evikg.ontology.terms import SemanticType

DOCUMENTS = """\
1|t|Edema and shock.
1|a|Edema came with sodium (Na).
1\t0\t5\tEdema\tDisease\tD004487
1\t10\t15\tshock\tDisease\tD012769
1\t17\t22\tEdema\tDisease\tD004487
1\t34\t40\tsodium\tChemical\tD012964
1\tCID\tD012964\tD004487

2|t|Kidney and liver failure.
2|a|Rash.
2\t0\t24\tKidney and liver failure\tDisease\tD051437|D017093\tkidney failure|liver failure
2\t26\t30\tRash\tDisease\t-1
"""
# identifiers and names as in MeSH 2024
DESCRIPTORS = (
    "D004487\tEdema\tDropsy|Hydrops\tC23.888.277\t\nD012964\tSodium\t\tD01.268.549.750\t\n"
    "D017093\tLiver Failure\tHepatic Failure\tC06.552.308.500\t\n"
)
SUPPLEMENTARY = "C1\tedema x\t\tD004487\nC2\tsodium x\t\tD012964\nC3\tboth x\t\tD004487,D012964\n"


def packed(path: Path, text: str) -> Path:
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write(text)
    return path


def test_answers_are_counted_by_the_stated_rules(tmp_path: Path) -> None:
    mentions = read_mentions(packed(tmp_path / "cdr.gz", DOCUMENTS))
    assert [len(mention.ids) for mention in mentions] == [1, 1, 1, 1, 2, 0]
    # right, missed, right, right; one of two ids; an answer where there is no id
    answers = ["D004487", None, "D004487", "D012964", "D017093", "D005076"]
    made = scores(mentions, answers)
    disease = made["Disease", "mention"]
    assert (disease.right, disease.answers, disease.gold) == (3, 4, 4)
    sets = made["Disease", "document"]
    assert (sets.right, sets.answers, sets.gold) == (2, 3, 4)
    assert f"{disease}" == "0.750 | 0.750 | 0.750"
    assert made["Chemical", "mention"].right == 1


def test_supplementary_records_have_the_type_of_their_headings(tmp_path: Path) -> None:
    terms = read_terms(
        packed(tmp_path / "d.gz", DESCRIPTORS), packed(tmp_path / "s.gz", SUPPLEMENTARY)
    )
    index = TermIndex.of(terms)
    kinds = [index.types(term) for term in terms[3:]]
    disease, chemical = frozenset({SemanticType.DISEASE}), frozenset({SemanticType.CHEMICAL})
    assert kinds == [disease, chemical, chemical]


@pytest.mark.parametrize(("text", "found"), [("Edema", "MESH:D004487"), ("shock", "")])
def test_a_mention_is_linked_with_its_type(tmp_path: Path, text: str, found: str) -> None:
    terms = read_terms(
        packed(tmp_path / "d.gz", DESCRIPTORS), packed(tmp_path / "s.gz", SUPPLEMENTARY)
    )
    ground = evikg(TermIndex.of(terms))
    mentions = read_mentions(packed(tmp_path / "cdr.gz", DOCUMENTS))
    answer = ground(next(mention for mention in mentions if mention.text == text))
    assert (answer.curie if answer else "") == found
