"""SSSOM/TSV: what official sets look like, what is refused, and what becomes triples.

The rules are those of the SSSOM specification (https://mapping-commons.github.io/sssom/spec/);
the numbers of rows of official sets are those of the lines below the head of their tables.
"""

import gzip
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple

from evikg.loaders.faults import EvidenceError
from evikg.loaders.sssom import (
    MappingRow,
    label_triples,
    link_triples,
    read_mapping_set,
    read_mappings,
    record_triples,
    set_triples,
    to_triples,
)

DATA = Path(__file__).parents[1] / "data" / "sssom"
SHARED = Path(__file__).parents[3] / "shared" / "data"
SKOS = "http://www.w3.org/2004/02/skos/core#"
SEMAPV = "https://w3id.org/semapv/vocab/"
MONDO = "http://purl.obolibrary.org/obo/MONDO_"
MESH = "http://id.nlm.nih.gov/mesh/"

SPACED = (DATA / "spaced.sssom.tsv").read_bytes()
VARIANTS = {
    "as it is": SPACED,
    "no space after the sign": SPACED.replace(b"# ", b"#"),
    "CRLF": SPACED.replace(b"\n", b"\r\n"),
    "byte order mark": b"\xef\xbb\xbf" + SPACED,
    "gzip": gzip.compress(SPACED),
    "filled up by a spreadsheet": b"".join(
        line + (b"\t" * 8 if line.startswith(b"#") else b"") + b"\n" for line in SPACED.splitlines()
    ),
    "quoted": SPACED.replace(
        b"\tLeukemia, Biphenotypic, Acute", b'\t"Leukemia, Biphenotypic, Acute"'
    ),
    "empty lines at the end": SPACED + b"\n\n",
}


@pytest.mark.parametrize("kind", VARIANTS)
def test_a_set_is_read_in_every_spelling(kind: str, tmp_path: Path) -> None:
    path = tmp_path / ("small.sssom.tsv" + (".gz" if kind == "gzip" else ""))
    path.write_bytes(VARIANTS[kind])
    assert_small(path, "small")


def test_metadata_may_stand_beside_the_set() -> None:
    assert_small(DATA / "external.sssom.tsv", "external", lines=(2, 3, 4))


def assert_small(path: Path, slug: str, lines: tuple[int, ...] = (10, 11, 12)) -> None:
    described, rows = read_mapping_set(path)
    assert described.slug == slug
    assert described.iri == "https://example.org/mappings/small"
    assert described.version == "2026-08-04"
    assert described.licence == "https://creativecommons.org/publicdomain/zero/1.0/"
    first, second, third = rows
    assert (first.subject, first.object) == (f"{MONDO}0004967", f"{MESH}D054198")
    assert (first.predicate, first.justification) == (
        f"{SKOS}exactMatch",
        f"{SEMAPV}ManualMappingCuration",
    )
    assert first.authors == (
        "https://orcid.org/0000-0001-2345-6789",
        "https://orcid.org/0000-0002-1825-0097",
    )
    assert first.confidence == Decimal("0.90")
    assert first.object_label == "Precursor Cell Lymphoblastic Leukemia-Lymphoma"
    assert second.object_label == "Leukemia, Biphenotypic, Acute"
    assert [row.negative for row in (first, second, third)] == [False, True, False]
    assert [row.found for row in (first, second, third)] == [True, True, False]
    assert [row.mapping_date for row in (first, second, third)] == ["2026-08-01"] * 3
    assert tuple(row.line for row in (first, second, third)) == lines
    assert third.slug == f"{slug}-3"


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("mondo/mondo_exactmatch_mesh.sssom.tsv", 8181),
        ("mondo/mondo_exactmatch_ncit.sssom.tsv", 7304),
        ("mondo/mondo_hasdbxref_mesh.sssom.tsv", 8211),
        ("mondo/mondo_closematch_meddra.sssom.tsv", 1472),
        ("mondo/mondo_relatedmatch_mesh.sssom.tsv", 11),
        ("mappings/biomappings_negative.sssom.tsv", 1887),
        ("mappings/biomappings_positive.sssom.tsv", 12441),
    ],
)
def test_official_sets_are_read_whole(name: str, rows: int) -> None:
    path = SHARED / name
    if not path.exists():
        pytest.skip("the official mapping sets are not at hand")
    found = read_mappings(path)
    assert len(found) == rows
    assert all(row.negative for row in found) == ("negative" in name)
    if "mesh" in name:
        assert all(row.object.startswith(MESH) for row in found)


def test_the_field_s_package_reads_the_same(tmp_path: Path) -> None:
    sssom_pydantic = pytest.importorskip("sssom_pydantic")
    path = SHARED / "mappings" / "biomappings_negative.sssom.tsv"
    if not path.exists():
        pytest.skip("the official mapping sets are not at hand")
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    head = next(n for n, line in enumerate(lines) if not line.startswith("#"))
    part = tmp_path / "part.sssom.tsv"
    part.write_text("".join(lines[: head + 301]), encoding="utf-8")
    theirs, *_ = sssom_pydantic.read(part)

    def row(mapping: object) -> tuple[str, ...]:
        return tuple(
            getattr(mapping, side).identifier for side in ("subject", "predicate", "object")
        )

    ours = read_mappings(part)
    assert len(ours) == len(theirs) == 300
    for mine, other in zip(ours, theirs, strict=True):
        for iri, local in zip((mine.subject, mine.predicate, mine.object), row(other), strict=True):
            assert iri.endswith(local)


HEADER = "#curie_map:\n#  MONDO: http://purl.obolibrary.org/obo/MONDO_\n#  mesh: http://id.nlm.nih.gov/mesh/\n"
COLUMNS = (
    "subject_id\tpredicate_id\tobject_id\tmapping_justification\tpredicate_modifier\tconfidence\n"
)
GOOD = ("MONDO:1", "skos:exactMatch", "mesh:D1", "semapv:LexicalMatching", "", "0.9")


def line(**changes: str) -> str:
    names = COLUMNS.rstrip("\n").split("\t")
    return "\t".join((dict(zip(names, GOOD, strict=True)) | changes).values()) + "\n"


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("", (0, 0), "is empty"),
        (COLUMNS + line(), (1, 1), "is missing from the metadata"),
        ("#curie_map: [\n" + COLUMNS, (1, 14), "not YAML"),
        ("#just words\n" + COLUMNS, (1, 1), "key: value"),
        ("<!DOCTYPE html>\n<html>", (1, 1), "is a web page"),
        (HEADER + "some words\n", (4, 1), "no table of columns"),
        (HEADER + "subject_id\tobject_id\n", (4, 1), "is missing the columns predicate_id"),
        (HEADER + COLUMNS + "a\tb\n", (5, 3), "expected 6 columns"),
        (HEADER + COLUMNS + line(subject_id="foo:1"), (5, 1), "does not have foo"),
        (HEADER + COLUMNS + line(subject_id="Mondo:1"), (5, 1), "nearest: MONDO"),
        (HEADER + COLUMNS + line(subject_id="leukemia"), (5, 1), "expected a CURIE"),
        (HEADER + COLUMNS + line(subject_id="http://x/y"), (5, 1), "expected a CURIE"),
        (HEADER + COLUMNS + line(object_id=""), (5, 3), "is empty"),
        (HEADER + COLUMNS + line(object_id="mesh:D 1"), (5, 3), "no IRI can have"),
        (
            HEADER + COLUMNS + line(predicate_id="skos:exactmatch"),
            (5, 2),
            "nearest: skos:exactMatch",
        ),
        (HEADER + COLUMNS + line(predicate_id="sssom:NoTermFound"), (5, 2), "none that SSSOM"),
        (
            HEADER + COLUMNS + line(mapping_justification="semapv:Lexical"),
            (5, 4),
            "nearest: semapv:LexicalMatching",
        ),
        (HEADER + COLUMNS + line(predicate_modifier="not"), (5, 5), "expected Not"),
        (HEADER + COLUMNS + line(confidence="1.1"), (5, 6), "from 0 to 1"),
        (HEADER + COLUMNS + line(confidence="NaN"), (5, 6), "from 0 to 1"),
        (HEADER + COLUMNS + line(confidence="high"), (5, 6), "from 0 to 1"),
        (
            HEADER + COLUMNS + line(subject_id="sssom:NoTermFound", object_id="sssom:NoTermFound"),
            (5, 3),
            "on both sides",
        ),
        (HEADER + COLUMNS + line() + line(predicate_modifier="Not"), (6, 5), "line 5"),
        (HEADER + COLUMNS + line(subject_id='"open'), (5, 1), "is not TSV"),
        ("#curie_map:\n#  skos: http://example.org/\n" + COLUMNS, (2, 1), "SSSOM fixes"),
        (HEADER.replace("http://id", "id nlm") + COLUMNS, (3, 1), "expected the IRI"),
        (HEADER + COLUMNS.replace("confidence", "object_id"), (4, 6), "a column twice"),
    ],
)
def test_a_bad_set_is_named(tmp_path: Path, text: str, place: tuple[int, int], words: str) -> None:
    path = tmp_path / "bad.sssom.tsv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(EvidenceError) as caught:
        read_mappings(path)
    (fault,) = caught.value.faults
    assert (fault.line, fault.column) == place
    assert words in str(fault)


def test_all_faults_of_a_file_come_at_once(tmp_path: Path) -> None:
    path = tmp_path / "bad.sssom.tsv"
    bad = line(subject_id="foo:1", predicate_id="skos:same", confidence="2")
    path.write_text(HEADER + COLUMNS + line() + bad + "x\n", encoding="utf-8")
    with pytest.raises(EvidenceError) as caught:
        read_mappings(path)
    places = [(fault.line, fault.column) for fault in caught.value.faults]
    assert places == [(6, 1), (6, 2), (6, 6), (7, 2)]


def test_a_byte_of_another_encoding_is_found(tmp_path: Path) -> None:
    path = tmp_path / "bad.sssom.tsv"
    path.write_bytes((HEADER + COLUMNS).encode() + line(object_id="mesh:\xe9").encode("latin-1"))
    with pytest.raises(EvidenceError, match="is not UTF-8") as caught:
        read_mappings(path)
    assert (caught.value.faults[0].line, caught.value.faults[0].column) == (5, 30)


def test_a_damaged_gzip_is_one_error(tmp_path: Path) -> None:
    path = tmp_path / "bad.sssom.tsv.gz"
    path.write_bytes(gzip.compress(SPACED)[:-20])
    with pytest.raises(EvidenceError):
        read_mappings(path)


# Links


def row(
    subject: str = "a", predicate: str = "exactMatch", target: str = "b", *, negative: bool = False,
    found: bool = True, label: str = "",
) -> MappingRow:  # fmt: skip
    return MappingRow(
        subject=f"http://x/{subject}",
        predicate=SKOS + predicate,
        object=f"http://x/{target}",
        object_label=label,
        justification=f"{SEMAPV}LexicalMatching",
        negative=negative,
        found=found,
        slug=f"s-{subject}-{predicate}-{target}",
    )


def triple(subject: str, predicate: str, target: str) -> Triple:
    return Triple(
        NamedNode(f"http://x/{subject}"),
        NamedNode(SKOS + predicate),
        NamedNode(f"http://x/{target}"),
    )


def test_what_one_set_denies_no_set_asserts() -> None:
    denied = row(negative=True)
    assert link_triples([row(), denied]) == set()
    assert link_triples([denied, row()]) == set()
    assert link_triples([row("b", target="a"), denied]) == set()
    assert link_triples([row(predicate="broadMatch"), denied]) == {triple("a", "broadMatch", "b")}
    broad = row(predicate="broadMatch", negative=True)
    assert link_triples([row("b", "broadMatch", "a"), broad]) == {triple("b", "broadMatch", "a")}
    assert link_triples([row(), row(), row(target="c", found=False)]) == {
        triple("a", "exactMatch", "b")
    }


rows = st.builds(
    row,
    st.sampled_from("ab"),
    st.sampled_from(["exactMatch", "closeMatch", "broadMatch"]),
    st.sampled_from("ab"),
    negative=st.booleans(),
    found=st.booleans(),
)


@given(st.lists(rows, max_size=12))
def test_a_link_is_asserted_and_not_denied(given_rows: list[MappingRow]) -> None:
    links = link_triples(given_rows)
    assert links == link_triples(list(reversed(given_rows)))
    for item in given_rows:
        said = Triple(NamedNode(item.subject), NamedNode(item.predicate), NamedNode(item.object))
        if item.found and item.negative:
            assert said not in links
    printed = {(r.subject, r.predicate, r.object) for r in given_rows if r.found and not r.negative}
    assert {
        (t.subject.value, t.predicate.value, t.object.value)  # type: ignore[union-attr]
        for t in links
    } <= printed


def test_an_object_has_one_label_and_none_that_it_has_already() -> None:
    found = label_triples(
        [row(label="beta"), row("c", label="alpha"), row(target="d", label="delta")],
        {"http://x/d"},
    )
    name = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    assert found == {Triple(NamedNode("http://x/b"), name, Literal("alpha", language="en"))}


def test_a_record_keeps_what_a_row_prints() -> None:
    first = read_mappings(DATA / "spaced.sssom.tsv")[0]
    held = {
        t.predicate.value.removeprefix("https://w3id.org/sssom/"): t.object
        for t in record_triples(first)
    }
    decimal = NamedNode("http://www.w3.org/2001/XMLSchema#decimal")
    assert held["confidence"] == Literal("0.90", datatype=decimal)
    assert held["object_label"] == Literal("Precursor Cell Lymphoblastic Leukemia-Lymphoma")
    assert held["mapping_date"] == Literal("2026-08-01")
    assert "predicate_modifier" not in held
    assert set(to_triples(first)) == {*record_triples(first), *link_triples([first])}


def test_a_set_says_what_it_is() -> None:
    described, _ = read_mapping_set(DATA / "spaced.sssom.tsv")
    about = {t.predicate.value.rpartition("/")[2]: t.object for t in set_triples(described)}
    assert about["license"] == Literal("https://creativecommons.org/publicdomain/zero/1.0/")
    assert {t.subject for t in set_triples(described)} == {
        NamedNode("https://example.org/mappings/small")
    }
