"""UNII names are read as FDA prints them, and rows at fault are all named.

Rows are those of FDA's file for inotuzumab ozogamicin (`INO`, all twelve) and for others, where a
test says so.
"""

import gzip
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evikg.loaders.faults import EvidenceError
from evikg.loaders.terminologies.unii import NAME_TYPES, read_unii
from evikg.ontology.terms import Synonym, Term

ROOT = Path(__file__).parents[3]
FULL = ROOT.parent / "shared" / "data" / "drugs" / "UNII_Names.txt.gz"
HEADER = "Name\tTYPE\tUNII\tDisplay Name"
INO = [
    f"{name}\t{kind}\tP93RUU11P7\tINOTUZUMAB OZOGAMICIN"
    for name, kind in (
        ("BESPONSA", "bn"),
        ("CMC-544", "cd"),
        ("INOTUZUMAB OZOGAMICIN", "of"),
        ("INOTUZUMAB OZOGAMICIN [INN]", "cn"),
        ("INOTUZUMAB OZOGAMICIN [JAN]", "cn"),
        ("INOTUZUMAB OZOGAMICIN [MART.]", "cn"),
        ("INOTUZUMAB OZOGAMICIN [MI]", "cn"),
        ("INOTUZUMAB OZOGAMICIN [PURPLE BOOK CDER]", "cn"),
        ("INOTUZUMAB OZOGAMICIN [USAN]", "cn"),
        ("INOTUZUMAB OZOGAMICIN [WHO-DD]", "cn"),
        ("PF-05208773", "cd"),
        ("WAY-207294", "cd"),
    )
]
CEROUS = [
    f"{name}\tcn\t0001H6R5H1\tCEROUS SALICYLATE"
    for name in ("CERIUM, TRIS(SALICYLATO)-", "CEROUS SALICYLATE")
]
INO_TERM = Term(
    iri="https://w3id.org/unii/P93RUU11P7",
    label="INOTUZUMAB OZOGAMICIN",
    synonyms=(
        Synonym("BESPONSA", type="brand name"),
        Synonym("CMC-544", type="code"),
        Synonym("PF-05208773", type="code"),
        Synonym("WAY-207294", type="code"),
    ),
)


def written(folder: Path, *rows: str, header: str = HEADER) -> Path:
    path = folder / "UNII_Names_19Aug2024.txt"
    path.write_bytes("\r\n".join((header, *rows, "")).encode())  # lines end as FDA's do
    return path


def faults(path: Path) -> list[tuple[int, int, str, str, str]]:
    """Return (line, column, field, value, expectation) of every fault."""
    with pytest.raises(EvidenceError) as caught:
        list(read_unii(path)[1])
    return [(f.line, f.column, f.field, f.value, f.expected) for f in caught.value.faults]


def test_the_rows_of_a_substance_are_one_term(tmp_path: Path) -> None:
    release, terms = read_unii(written(tmp_path, *CEROUS, *INO))
    assert list(terms)[1] == INO_TERM
    assert (release.name, release.version) == ("unii", "19Aug2024")


def test_rows_in_any_order_give_the_same_terms(tmp_path: Path) -> None:
    expected = list(read_unii(written(tmp_path, *INO, *CEROUS))[1])
    by_name = sorted([*INO, *CEROUS])
    assert [row[-3:] for row in by_name[:3]] == ["CIN", "ATE", "ATE"]  # INO, twice CEROUS, INO
    assert list(read_unii(written(tmp_path, *by_name))[1]) == expected


def test_the_source_behind_a_name_is_its_type_and_other_brackets_are_the_name(
    tmp_path: Path,
) -> None:
    path = written(
        tmp_path,
        "GOLDENSEAL [DSC]\tcn\tZW3Z11D0JV\tHYDRASTIS CANADENSIS ROOT",
        "T-401 [18F]\tcd\tZW3Z11D0JV\tHYDRASTIS CANADENSIS ROOT",
    )
    assert next(read_unii(path)[1]).synonyms == (
        Synonym("GOLDENSEAL", type="common name [DSC]"),
        Synonym("T-401 [18F]", type="code"),
    )


def test_packed_files_are_the_same(tmp_path: Path) -> None:
    plain = written(tmp_path, *INO)
    packed = tmp_path / "UNII_Names_19Aug2024.txt.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    archive = tmp_path / "UNIIs.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("READ_ME_UNII_Names_fields.pdf", "")
        file.writestr("UNII_Records_19Aug2024.txt", "")  # no names
    with pytest.raises(EvidenceError, match="expected one file named unii_names"):
        read_unii(archive)
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("READ_ME.txt", "")
        file.write(plain, "UNII_Names_19Aug2024.txt")
    for path in (packed, archive):
        release, terms = read_unii(path)
        assert (release.version, list(terms)) == ("19Aug2024", [INO_TERM])


def test_a_damaged_archive_is_told(tmp_path: Path) -> None:
    path = tmp_path / "UNIIs.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("UNII_Names_19Aug2024.txt", HEADER)
    path.write_bytes(path.read_bytes()[:-30])
    assert "is a damaged zip archive" in faults(path)[0][-1]


def test_a_release_that_the_name_does_not_tell_must_be_given(tmp_path: Path) -> None:
    path = written(tmp_path, *INO).rename(tmp_path / "UNII_Names.txt")
    assert "say which release it is" in faults(path)[0][-1]
    assert read_unii(path, "2024-08-19")[0].version == "2024-08-19"


def test_rows_at_fault_are_all_told(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        INO[0],
        "CMC-544\tcd\tP93RUU11P7",
        "CMC-544\txx\tP93RUU11P7\tINOTUZUMAB OZOGAMICIN",
        "CMC-544\tcd\tP93\tINOTUZUMAB OZOGAMICIN",
        " \tcd\tP93RUU11P7\tINOTUZUMAB OZOGAMICIN",
        "CMC-544\tcd\tP93RUU11P7\t",
        "",
    )
    assert faults(path) == [
        (3, 1, "", "CMC-544\tcd\tP93RUU11P7", "expected 4 columns, found 3"),
        (4, 2, "TYPE", "xx", "expected one of of, cn, bn, cd, sys"),
        (5, 3, "UNII", "P93", "expected ten capital letters and digits"),
        (6, 1, "Name", "", "is empty"),
        (7, 4, "Display Name", "", "is empty"),
        (8, 1, "", "", "expected 4 columns, found 1"),
    ]


def test_two_display_names_of_one_substance_are_told(tmp_path: Path) -> None:
    path = written(tmp_path, INO[0], "CMC-544\tcd\tP93RUU11P7\tCMC-544")
    words = "differs from 'INOTUZUMAB OZOGAMICIN' in line 2; one UNII has one display name"
    assert faults(path) == [(3, 4, "Display Name", "CMC-544", words)]


def test_of_very_many_faults_the_first_and_the_number_are_told(tmp_path: Path) -> None:
    found = faults(written(tmp_path, *["only one column"] * 1234))
    assert len(found) == 51
    assert found[0] == (0, 0, "", "", "has 1,234 faults; the first 50 are told")


@pytest.mark.parametrize("header", ["", "UNII\tName", HEADER.lower(), "<!DOCTYPE html>"])
def test_another_header_is_told(tmp_path: Path, header: str) -> None:
    [(line, column, field, value, words)] = faults(written(tmp_path, *INO, header=header))
    assert (line, column, field, value) == (1, 1, "header", header)
    assert words.startswith("expected the header 'Name' 'TYPE' 'UNII' 'Display Name'")


def test_empty_files_are_told(tmp_path: Path) -> None:
    assert faults(written(tmp_path))[0][-1] == "has a header and no rows"
    path = tmp_path / "UNII_Names_19Aug2024.txt"
    path.write_bytes(b"")
    assert faults(path)[0][-1] == "is empty"


def test_another_encoding_is_told(tmp_path: Path) -> None:
    path = written(tmp_path, INO[0])
    path.write_bytes(path.read_bytes() + "NAÏVE\tcn\tP93RUU11P7\tX\r\n".encode("latin-1"))
    assert faults(path)[0][:2] == (3, 3)


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1),
            st.sampled_from(sorted(NAME_TYPES)),
            st.from_regex(r"[0-9A-Z]{10}", fullmatch=True),
        ),
        min_size=1,
    )
)
def test_each_name_comes_back_with_its_substance(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]]
) -> None:
    path = written(
        tmp_path_factory.mktemp("unii"), *(f"{n}\t{t}\t{u}\tLABEL {u}" for n, t, u in rows)
    )
    found = {
        (synonym.text, term.iri[-10:]) for term in read_unii(path)[1] for synonym in term.synonyms
    }
    assert found == {(name, unii) for name, _, unii in rows}


@pytest.mark.skipif(not FULL.is_file(), reason="the file of FDA is not beside the checkout")
def test_names_of_the_real_file_are_found(tmp_path: Path) -> None:
    """Only its start is read: the substances up to those that begin with 001."""
    with gzip.open(FULL, "rt", encoding="utf-8", newline="") as stream:
        rows = [line.rstrip("\r\n") for line, _ in zip(stream, range(3001), strict=False)]
    terms = list(read_unii(written(tmp_path, *rows[1:], header=rows[0]))[1])
    assert len(terms) == len({row.split("\t")[2] for row in rows[1:]})
    assert terms[0].label == "CEROUS SALICYLATE"
