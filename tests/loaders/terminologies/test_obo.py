"""OBO files that are at fault: each fault has its place.

`mondo.obo` was shaped from a repackaged release 2026-05-05 into the official shape.
"""

import sys
from functools import partial
from pathlib import Path

import pytest

from evikg.loaders.faults import EvidenceError
from evikg.loaders.terminologies.obo import read_obo
from evikg.loaders.terminologies.obo_family import read_obo_family
from evikg.ontology.terms import Scope, Synonym, Term

from . import drafts
from .drafts import quiet

DATA = Path(__file__).parents[2] / "data" / "terminologies"
OBO = "http://purl.obolibrary.org/obo/"
HEADER = "format-version: 1.4\ndata-version: releases/2026-05-05\nontology: mondo\n\n"


terms_of = partial(drafts.terms_of, read_obo)
fault = partial(drafts.fault, read_obo)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "mondo.obo"


def test_a_file_cut_in_a_quoted_string(path: Path) -> None:
    text = (DATA / "mondo.obo").read_text(encoding="utf-8")
    before, quoted, _ = text.rpartition('synonym: "')
    line = before.count("\n") + 1
    # The place is where the quoted string begins: behind `synonym: `.
    assert fault(path, f"{before}{quoted}acute") == (
        f":{line}:10: 'synonym: \"acute': the file ends here, the line ends inside a quoted text: it is cut;"
        " download it again"
    )


def test_a_file_cut_in_a_frame(path: Path) -> None:
    found = fault(path, HEADER + "[Term]\nid: MONDO:0000001\nname: disease\nis_a: MON")
    assert found.startswith(":8:")
    assert "'is_a: MON': the file ends here" in found


def test_a_file_cut_between_frames_lacks_parents(path: Path) -> None:
    text = (DATA / "mondo.obo").read_text(encoding="utf-8")
    path.write_text(text.partition("[Term]\nid: MONDO:7770006\n")[0], encoding="utf-8")
    with pytest.raises(EvidenceError) as caught:
        list(read_obo_family("mondo", path)[1])
    lines = [n for n, line in enumerate(text.split("\n"), 1) if line.startswith("is_a: MONDO:7770")]
    assert [fault.line for fault in caught.value.faults] == lines
    assert all("but no term of the file: is it cut?" in str(f) for f in caught.value.faults)


def test_a_line_that_is_no_clause_is_told_with_its_place(path: Path) -> None:
    text = HEADER + "[Term]\nid: MONDO:0000001\nname: disease\nis_a:\n\n[Term]\nid: MONDO:0000002\n"
    assert fault(path, text).startswith(":8:")


def test_two_files_in_one_are_told_where_the_second_begins(path: Path) -> None:
    text = HEADER + "[Term]\nid: MONDO:0000001\nname: disease\n\n"
    assert fault(path, text + text).startswith(":9:1: 'format-version: 1.4'")


def test_another_encoding_is_told_with_its_place(path: Path) -> None:
    text = HEADER + "[Term]\nid: MONDO:0000001\nname: Sjögren\n"
    assert fault(path, text.encode("latin-1")) == ":7:9: is not UTF-8, the encoding of OBO files"


def test_a_header_without_terms(path: Path) -> None:
    assert (
        fault(path, HEADER) == ": has a header but no terms: the file may be cut; download it again"
    )


def test_clauses_of_the_specification(path: Path) -> None:
    # Escapes, qualifiers and comments as in OBO 1.4, sections 2.1 to 2.5.
    found = terms_of(
        path,
        HEADER
        + r"""[Term]
id: MONDO:0000001 ! a comment
name: a \{curious\} name {source="x"}
def: "Said to be \"curious\"." [url:http\://example.org/a, PMID:1]
synonym: "odd, \"very\"" RELATED abbreviation [PMID:2]
xref: ICD10:C91.0 "a description"
xref: http://example.org/term
is_a: UBERON:0000001 ! of another ontology
alt_id: MONDO:0000002
alt_id: OMIM:12345

[Term]
id: UBERON:0000001
name: of another ontology

[Term]
id: MONDO:0000003
name: obsolete thing
is_obsolete: true
replaced_by: EFO:0000001

[Typedef]
id: part_of
name: part of
""",
    )
    assert found == [
        Term(
            iri=f"{OBO}MONDO_0000001",
            label="a {curious} name",
            definition='Said to be "curious".',
            synonyms=(Synonym('odd, "very"', Scope.RELATED, "abbreviation"),),
            xrefs=("ICD10:C91.0", "http://example.org/term"),
        ),
        Term(
            iri=f"{OBO}MONDO_0000003",
            label="obsolete thing",
            deprecated=True,
            replaced_by=(f"{OBO}EFO_0000001",),
        ),
        Term(
            iri=f"{OBO}MONDO_0000002",
            label="",
            deprecated=True,
            replaced_by=(f"{OBO}MONDO_0000001",),
        ),
    ]


def test_an_identifier_merged_into_two_terms_is_replaced_by_both(path: Path) -> None:
    frames = "[Term]\nid: MONDO:0000001\nalt_id: MONDO:0000009\nalt_id: MONDO:0000002\n\n"
    frames += "[Term]\nid: MONDO:0000002\nname: b\nalt_id: MONDO:0000009\n"
    *_, merged = terms_of(path, HEADER + frames)
    assert merged.iri == f"{OBO}MONDO_0000009"
    assert merged.replaced_by == (f"{OBO}MONDO_0000001", f"{OBO}MONDO_0000002")


def test_progress_is_told_every_five_thousand_terms(path: Path) -> None:
    frames = "".join(f"[Term]\nid: MONDO:{n:07d}\nname: n{n}\n\n" for n in range(10_001))
    path.write_text(HEADER + frames, encoding="utf-8")
    told: list[str] = []
    _, terms = read_obo("mondo", path, told.append)
    assert sum(1 for _ in terms) == 10_001
    assert told == ["mondo.obo: 5,000 terms read", "mondo.obo: 10,000 terms read"]


def test_a_missing_library_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fastobo", None)
    with pytest.raises(
        ImportError, match=r"OBO files need fastobo: pip install 'evikg\[terminologies\]'"
    ):
        read_obo("mondo", DATA / "mondo.obo", quiet)
