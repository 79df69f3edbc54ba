"""Review files: what counts as a ruling, and every fault by its place."""

from pathlib import Path

import pytest

from evikg.loaders.faults import EvidenceError
from evikg.loaders.review import read_review
from evikg.ontology.curie import expand
from evikg.ontology.linking import Linker, TermIndex
from evikg.ontology.linking.mapping_rows import write_sssom
from evikg.ontology.terms import Term

HEADER = (
    "#curie_map:\n#  HP: http://purl.obolibrary.org/obo/HP_\n"
    "#  skos: http://www.w3.org/2004/02/skos/core#\n"
)
COLUMNS = "subject_label\tpredicate_id\tpredicate_modifier\tobject_id\tmapping_justification\n"
MANUAL = "semapv:ManualMappingCuration"


def review(tmp_path: Path, *rows: str, header: str = HEADER, columns: str = COLUMNS) -> Path:
    path = tmp_path / "review.sssom.tsv"
    path.write_text(header + columns + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def test_reviewed_rows_are_rulings_and_others_are_counted(tmp_path: Path) -> None:
    path = review(
        tmp_path,
        f"Oedema\tskos:exactMatch\t\tHP:0000969\t{MANUAL}",
        "swelling\tskos:exactMatch\tNot\tHP:0000969\tsemapv:LexicalMatching",
        f"nothing\tskos:exactMatch\t\tsssom:NoTermFound\t{MANUAL}",
        "as linked\tskos:exactMatch\t\tHP:0000969\tsemapv:LexicalMatching",
    )
    read = read_review(path)
    assert read.unreviewed == 1
    assert [r.iri for r in read.rulings["oedema"]] == [expand("HP:0000969")]
    assert read.rulings["swelling"][0].negative
    assert read.rulings["nothing"][0].iri == ""


def test_what_linking_writes_can_be_edited_and_wins(tmp_path: Path) -> None:
    index = TermIndex.of(
        [Term(iri=expand("HP:0000969"), label="Edema"),
         Term(iri=expand("HP:0002904"), label="Hyperbilirubinemia")]
    )  # fmt: skip
    written = write_sssom([Linker(index).link("edema")], {})
    path = tmp_path / "edited.sssom.tsv"
    path.write_text(written, encoding="utf-8")
    assert read_review(path).unreviewed == 1
    edited = written.replace("HP:0000969", "HP:0002904").replace("semapv:LexicalMatching", MANUAL)
    path.write_text(edited, encoding="utf-8")
    found = Linker(index, rulings=read_review(path).rulings).link("edema").accepted
    assert found is not None
    assert found.curie == "HP:0002904"


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        (f"\tskos:exactMatch\t\tHP:0000969\t{MANUAL}", 1, "expected the text"),
        (f"a\tskos:sameAs\t\tHP:0000969\t{MANUAL}", 2, "expected one of skos:exactMatch"),
        (f"a\tskos:exactMatch\tNo\tHP:0000969\t{MANUAL}", 3, "expected Not or nothing"),
        (f"a\tskos:exactMatch\tNot\tsssom:NoTermFound\t{MANUAL}", 3, "cannot be denied"),
        (
            f"a\tskos:exactMatch\t\tFOO:1\t{MANUAL}",
            4,
            "a prefix of the curie_map, which does not have FOO: HP, skos",
        ),
        (f"a\tskos:exactMatch\t\t\t{MANUAL}", 4, "is empty; expected a CURIE"),
        (f"a\towl:sameAs\t\tHP:0000969\t{MANUAL}", 2, "expected one of skos:exactMatch"),
    ],
)
def test_a_bad_row_is_named(tmp_path: Path, row: str, column: int, words: str) -> None:
    with pytest.raises(EvidenceError) as caught:
        read_review(review(tmp_path, row))
    (fault,) = caught.value.faults
    assert (fault.line, fault.column) == (5, column)
    assert words in str(fault)


@pytest.mark.parametrize("other", ["Not\tHP:0000969", "\tsssom:NoTermFound"])
def test_rows_that_contradict_each_other_are_a_fault(tmp_path: Path, other: str) -> None:
    path = review(
        tmp_path,
        f"edema\tskos:exactMatch\t\tHP:0000969\t{MANUAL}",
        f"Edema\tskos:exactMatch\t{other}\t{MANUAL}",
    )
    with pytest.raises(EvidenceError, match="contradicts another row about 'Edema'"):
        read_review(path)


def test_what_a_row_contradicts_is_told_with_the_faults_of_other_rows(tmp_path: Path) -> None:
    path = review(
        tmp_path,
        f"edema\tskos:exactMatch\t\tHP:0000969\t{MANUAL}",
        f"Edema\tskos:closeMatch\tNot\tHP:0000969\t{MANUAL}",
        f"pain\tskos:exactMatch\tNot\tsssom:NoTermFound\t{MANUAL}",
        f"pain\tskos:exactMatch\t\tFOO:1\t{MANUAL}",
    )
    with pytest.raises(EvidenceError) as caught:
        read_review(path)
    assert [(f.line, f.column, f.field, f.value) for f in caught.value.faults] == [
        (6, 1, "subject_label", "Edema"),
        (7, 3, "predicate_modifier", "Not"),
        (8, 4, "object_id", "FOO:1"),
    ]


def test_a_refusal_may_stand_beside_the_row_that_linking_wrote(tmp_path: Path) -> None:
    path = review(
        tmp_path,
        "edema\tskos:exactMatch\t\tHP:0000969\tsemapv:LexicalMatching",
        f"edema\tskos:exactMatch\tNot \tHP:0000969\t{MANUAL}",
    )
    read = read_review(path)
    assert read.unreviewed == 1
    assert [ruling.negative for ruling in read.rulings["edema"]] == [True]


def test_that_no_term_fits_can_be_said_of_one_terminology(tmp_path: Path) -> None:
    path = review(
        tmp_path,
        f"edema\tskos:exactMatch\t\tsssom:NoTermFound\t{MANUAL}\tobo:mondo",
        f"edema\tskos:exactMatch\t\tHP:0000969\t{MANUAL}\t",
        columns=COLUMNS.replace("\n", "\tobject_source\n"),
    )
    found = [(r.iri, r.terminology) for r in read_review(path).rulings["edema"]]
    assert found == [("", "MONDO"), (expand("HP:0000969"), "HP")]


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    bad = f"\tskos:sameAs\tNo\tFOO:1\t{MANUAL}"
    with pytest.raises(EvidenceError) as caught:
        read_review(review(tmp_path, bad, bad))
    assert len(caught.value.faults) == 8


@pytest.mark.parametrize(
    ("header", "columns", "words"),
    [
        ("", COLUMNS, "curie_map is missing"),
        ("#curie_map: [\n", COLUMNS, "is not YAML"),
        (HEADER, "subject_label\tobject_id\n", "is missing the columns predicate_id"),
    ],
)
def test_a_file_of_another_shape_is_named(
    tmp_path: Path, header: str, columns: str, words: str
) -> None:
    with pytest.raises(EvidenceError) as caught:
        read_review(review(tmp_path, header=header, columns=columns))
    assert words in str(caught.value).replace(": is missing", " is missing")
