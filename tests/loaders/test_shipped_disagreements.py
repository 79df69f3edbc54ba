"""What disagrees in the shipped papers, each finding read in its papers by hand.

The lines are those of the texts that the sources were curated from (`text_sha256`).
"""

from collections import Counter

import pytest

from evikg.graph import records as r
from evikg.graph.derive import derive
from evikg.loaders.disagreements import discrepancies
from evikg.loaders.evidence import read_corpus, shipped_evidence

D, O, P, Y = "duan-2025", "ozcan-2025", "papayannidis-2025", "yoon-2026"

Finding = tuple[str, set[tuple[str, int]], int | None]

#: Type, printings by document and line, and the line of the printing that recomputation supports.
FINDINGS: list[Finding] = [
    # 614 and 189 of 1007 are 60.97 and 18.77; the discussion prints 61.45 and 18.81
    ("value", {(D, 127), (D, 152)}, 127),
    ("value", {(D, 128), (D, 152)}, 128),
    # Ph-positive: 21 of 73 are 28.8, and Table 1 leaves 21; the discussion prints 21.9
    ("value", {(P, 116), (P, 222)}, 116),
    # ECOG <1, that is 0: 83.6; Table 1 prints 31 (44.3)
    ("value", {(P, 96), (P, 137)}, 137),
    # deaths after transplantation: 5 (41.7) and 50.0; of relapse 1 (8.3) and two (16.7)
    ("value", {(O, 133), (O, 186)}, None),
    ("value", {(O, 133), (O, 192)}, None),
    # VOD in Badar 2020: 2% in the introduction, 4% in the discussion
    ("value", {(Y, 53), (Y, 407)}, None),
    # 8 of 31 are 25.8; Table 4 prints 25.9
    ("rounding", {(O, 25), (O, 84), (O, 185)}, 84),
    # 8 of 73 are 11.0; the text prints 10.9, and both are cited
    ("rounding", {(P, 48), (P, 212), (Y, 59), (Y, 407)}, 48),
    # 3-year OS 11.9-32.3 in the abstract, 11.88-32.25 under the figure
    ("rounding", {(P, 48), (P, 204)}, None),
    # INO-VATE CR/CRi 72.1-87.7 and 21.0-38.8, cited as 72-88 and 21-39; post-HSCT VOD 22.8 and 22
    ("rounding", {(O, 31), (Y, 43)}, None),
    ("rounding", {(O, 31), (Y, 43)}, None),
    ("rounding", {(O, 252), (Y, 405)}, None),
    # p of one trend: < 0.05 and < 0.01
    ("rounding", {(D, 77), (D, 150)}, None),
    # MRD-negative in the interim report as cited, and in the full one
    ("rounding", {(D, 185), (O, 72), (O, 150)}, None),
    # ages 21-67 in the interim report as cited, 20-67 in the full one
    ("interval", {(D, 178), (O, 108)}, None),
    # duration of remission 1.9 to not estimable in the text, 1.1 to NR in Table 2
    ("interval", {(O, 72), (O, 152)}, None),
    # 62.1 in the text, 62.1.0.1 in Table 1
    ("interval", {(Y, 145), (Y, 223)}, None),
    # of the 49 with cytogenetics in the text, of all 73 in Table 1
    ("denominator", {(P, 94), (P, 115)}, None),
    ("denominator", {(P, 94), (P, 117)}, None),
    # 21 of 73 are 28.8, of 49 they are 42.9
    ("denominator", {(P, 94), (P, 116)}, 116),
    # 24 transplanted (25.5): of the 94 in the text, in a column of 107 in Table 5
    ("denominator", {(Y, 346), (Y, 377)}, 346),
    # VOD "post-HSCT" of 164 and 143 treated, and of the transplanted
    ("denominator", {(O, 33), (O, 252), (Y, 405)}, None),
    ("denominator", {(O, 33), (Y, 405)}, None),
    # INO-VATE, primary and final report: CR/CRi 80.7 and 73.8, duration of remission 4.6 and 5.4
    ("time", {(O, 31), (O, 250), (Y, 43)}, None),
    ("time", {(O, 252), (Y, 358)}, None),
    # CR/CRi of the randomized 1.2 arm is 35 of 42; the discussion gives it the 71.9 of 46 of 64
    ("label", {(O, 25), (O, 74), (O, 147), (O, 250)}, 147),
    # INO-VATE 5.0 months: event-free in one document, progression-free in the other
    ("label", {(O, 252), (Y, 43), (Y, 358)}, None),
    # 63% of Badar 2020: ORR in the introduction, CR/CRi in the discussion
    ("label", {(Y, 53), (Y, 362)}, None),
    # 74.0%: overall response rate in abstract and text, CR/CRi in Table 3 and where it is cited
    ("label", {(P, 38), (P, 104), (P, 172), (Y, 59), (Y, 362)}, None),
    # the fatal event: pneumonia in the abstract and where it is cited, pneumonitis in Table 4
    ("label", {(P, 48), (P, 245), (Y, 59)}, None),
]


@pytest.fixture(scope="module")
def found() -> list[Finding]:
    corpus = read_corpus(shipped_evidence())
    kinds = [corpus.of(kind).values() for kind in (r.Group, r.Variable, r.Definition, r.Study)]
    derived = derive(corpus.results, corpus.of(r.Group).values(), corpus.of(r.Variable).values())
    of = {x.slug: x for x in corpus.results}
    return [
        (
            item.type.word,
            {(of[slug].source, of[slug].line) for slug in item.results},
            of[item.supports].line if item.supports else None,
        )
        for item in discrepancies(corpus.results, derived, *kinds)
    ]


@pytest.mark.parametrize(
    "finding", FINDINGS, ids=lambda finding: f"{finding[0]} {sorted(finding[1])}"
)
def test_what_was_read_is_found(finding: Finding, found: list[Finding]) -> None:
    assert finding in found


def test_nothing_else_is_found(found: list[Finding]) -> None:
    assert Counter(map(str, map(_ordered, found))) == Counter(map(str, map(_ordered, FINDINGS)))


def _ordered(finding: Finding) -> tuple[object, ...]:
    kind, printings, supported = finding
    return kind, sorted(printings), supported
