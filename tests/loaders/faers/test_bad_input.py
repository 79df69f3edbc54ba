"""Files that cannot be read, through the command: one clear line each, and nothing is changed."""

import sys
from pathlib import Path

import pytest

from evikg.cli.main import main

from .written import AERS, FAERS_2022, HEADERS, ROWS, kept, tables, unpacked, zipped

# Ibis asks DuckDB for what its next release calls otherwise.
pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")

XML_START = b'<?xml version="1.0"?><ichicsr lang="en"><ichicsrmessageheader/>'


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path):  # type: ignore[no-untyped-def]
    """Return what runs `evikg load faers` and gives its status, results and words."""

    def command(*arguments: object) -> tuple[int, str, str]:
        words = ["evikg", "load", "faers", *map(str, arguments), "--faers", str(tmp_path / "kept")]
        monkeypatch.setattr(sys, "argv", words)
        try:
            main()
        except SystemExit as ended:
            status = int(ended.code or 0)
        else:
            status = 0
        said = capsys.readouterr()
        return status, said.out, said.err

    return command


def renamed(table: str, name: str, other: str) -> bytes:
    return f"{HEADERS[table].replace(name, other)}\n{ROWS[table]}\n".encode()


BAD = {
    "cut short": (lambda p: _file(p / "f.zip", FAERS_2022.read_bytes()[:30_000]), "cut short"),
    "damaged": (lambda p: _file(p / "f.zip", _damaged(FAERS_2022.read_bytes())), "damaged"),
    "missing table": (lambda p: zipped(p / "f.zip", tables(rpsr=None)), "lacks RPSR22Q4.txt"),
    "column renamed": (
        lambda p: zipped(p / "f.zip", tables(drug=renamed("drug", "$drugname", "$drug_name"))),
        "DRUG22Q4.txt:1:36: 'drug_name': is no column of DRUG; missing: drugname",
    ),
    "optional column renamed": (
        lambda p: zipped(p / "f.zip", tables(drug=renamed("drug", "prod_ai", "ingredient"))),
        "'ingredient': is no column of DRUG; missing: prod_ai",
    ),
    "column missing": (
        lambda p: zipped(p / "f.zip", tables(outc=b"primaryid$caseid\n1$1\n")),
        "OUTC22Q4.txt:1:1: the header lacks outc_cod",
    ),
    "column twice": (
        lambda p: zipped(p / "f.zip", tables(outc=b"primaryid$caseid$outc_cod$caseid\n1$1$HO$1\n")),
        "OUTC22Q4.txt:1:27: 'caseid': stands twice in the header",
    ),
    "no header": (
        lambda p: zipped(p / "f.zip", tables(demo=b"12345671$1234567$1\n")),
        "has no header, and its rows are not those of DEMO in 2022q4",
    ),
    "another header": (
        lambda p: zipped(p / "f.zip", tables(reac=b"patient$event\n1$2\n")),
        "REAC22Q4.txt:1:1: 'patient': expected the header of REAC",
    ),
    "empty table": (lambda p: zipped(p / "f.zip", tables(drug=b"")), "DRUG22Q4.txt: is empty"),
    "no report": (
        lambda p: zipped(p / "f.zip", tables(demo=HEADERS["demo"].encode() + b"\n")),
        "holds no report of 2022q4",
    ),
    "mostly broken": (
        lambda p: zipped(p / "f.zip", tables(outc=renamed("outc", "x", "x") + b"1234567$x\n" * 50)),
        "50 of 51 rows cannot be read (3: does not begin",
    ),
    "table cut short": (
        lambda p: unpacked(p / "f", tables(drug=renamed("drug", "x", "x") + b"12345671$1234567$2$S")),
        "DRUG22Q4.txt: ends within a row: it is cut short",
    ),
    "empty file": (lambda p: _file(p / "faers_ascii_2022Q4.zip", b""), "is empty"),
    "web page": (lambda p: _file(p / "f.zip", b"<!DOCTYPE html><html>500</html>"), "is a web page"),
    "VAERS": (
        lambda p: _file(p / "2022VAERSDATA.csv", b"VAERS_ID,RECVDATE,STATE\n1,01/01/2022,TX\n"),
        "is of VAERS (vaccines), not a quarterly extract of FAERS",
    ),
    "VAERS in a zip": (
        lambda p: zipped(p / "v.zip", {"2022VAERSDATA.csv": b"VAERS_ID,RECVDATE,STATE\n"}),
        "is of VAERS (vaccines)",
    ),
    "EudraVigilance": (
        lambda p: _file(p / "line-listing.csv", b'"EU Local Number","Report Type"\n'),
        "is of EudraVigilance",
    ),
    "openFDA": (
        lambda p: _file(p / "drug-event-0001-of-0035.json", b'{"meta": {}, "results": []}'),
        "is of openFDA (JSON)",
    ),
    "openFDA with a quarter": (
        lambda p: _file(p / "faers22q3.csv", b'{"meta": {}}'), "is of openFDA (JSON)"
    ),
    "another CSV": (
        lambda p: _file(p / "faers22q3.csv", b"case,drug,event\n1,2,3\n"),
        "faers22q3.csv:1:1: 'case,drug,event': expected the header CASEID,DRUG,AE",
    ),
    "SGML": (lambda p: _file(p / "ADR04Q1.SGM", b"<ichicsr>"), "is SGML of AERS"),
    "one table": (
        lambda p: _file(p / "DEMO22Q4.txt", renamed("demo", "x", "x")), "lacks DRUG22Q4.txt, "
    ),
    "a list of deleted cases alone": (
        lambda p: _file(p / "DELETE22Q4.txt", b"1\n"), "without its extract"
    ),
    "empty folder": (lambda p: unpacked(p / "empty", {"a.pdf": b"%PDF"}), "holds no extract"),
    "folder of nothing": (lambda p: _made(p / "none"), "none: is an empty folder; expected zip"),
    "empty archive": (lambda p: zipped(p / "f.zip", {}), "f.zip: holds no extract"),
    "quarter twice": (
        lambda p: unpacked(p / "all", {
            **{f"a/{n}": d for n, d in tables().items()},
            "b.zip": zipped(p / "b.zip", tables()).read_bytes(),
        }),
        "2022q4 is given twice",
    ),
    "table twice": (
        lambda p: unpacked(p / "all", {**tables(), "copy/DEMO22Q4.txt": renamed("demo", "x", "x")}),
        "DEMO of 2022q4 is there twice",
    ),
    "XML cut short": (
        lambda p: _file(p / "ADR22Q4.xml", XML_START + b"<safetyreport><safetyreportid>1"),
        "cut short",
    ),
    "XML of another kind": (
        lambda p: _file(p / "ADR22Q4.xml", b"<MCCI_IN200100UV01/>"), "the root ichicsr"
    ),
    "XML of another agency": (
        lambda p: _file(p / "ADR22Q4.xml", XML_START + b"<safetyreport><safetyreportid>EU-EC-1"
                        b"</safetyreportid></safetyreport></ichicsr>"),
        "holds no report",
    ),
    "XML with entities": (
        lambda p: _file(p / "ADR22Q4.xml", b'<!DOCTYPE ichicsr [<!ENTITY a "b">]><ichicsr>&a;'),
        "declares entities",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_file_at_fault_is_told_in_a_line(run, tmp_path: Path, name: str) -> None:  # type: ignore[no-untyped-def]
    make, words = BAD[name]
    status, out, err = run(make(tmp_path))
    faults = [line for line in err.splitlines() if not line.endswith("…")]
    assert (status, out) == (1, "")
    assert faults[-1] == "1 fault(s); nothing was changed"
    assert len(faults) == 2
    assert words in faults[0]
    assert not (tmp_path / "kept" / "tables").exists()


def test_other_files_beside_archives_are_left_alone(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    folder = unpacked(tmp_path / "all", {".DS_Store": b"", "notes.txt": b"Ask about 2023.\n"})
    zipped(folder / "f.zip", tables())
    status, _, err = run(folder)
    assert (status, "2022q4" in err) == (0, True)


def test_all_headers_at_fault_are_told_at_once(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    changed = {"outc": b"a$b\n", "reac": b"<html>\n", "drug": b""}
    status, _, err = run(zipped(tmp_path / "f.zip", tables(**changed)))
    assert status == 1
    assert "3 fault(s); nothing was changed" in err


def test_what_is_at_fault_leaves_what_was_kept(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    assert run(AERS)[0] == 0
    before = {path: path.stat().st_mtime_ns for path in _files(tmp_path)}
    good = unpacked(tmp_path / "good", tables("18Q1"))
    bad = zipped(tmp_path / "bad.zip", tables(outc=renamed("outc", "x", "x") + b"1$x\n" * 50))
    status, _, err = run(good, bad)
    assert status == 1
    assert "cannot be read" in err
    assert {path: path.stat().st_mtime_ns for path in _files(tmp_path)} == before


def test_a_load_prints_its_counts_and_adds_its_quarters(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    place = tmp_path / "kept"
    status, out, err = run(AERS)
    assert status == 0
    row = next(line.split("│") for line in out.splitlines() if " drug " in line)
    assert [cell.strip() for cell in row[1:7]] == ["2004q1", "drug", "386", "386", "0", "0"]
    assert "1 quarter(s)" in err
    status, out, err = run(FAERS_2022)
    assert (status, "2004q1" in out) == (0, False)
    assert "2 quarter(s)" in err
    assert len(kept(place, "demo", "2004q1")) == 100
    assert len(kept(place, "demo")) == 258

    status, out, err = run(FAERS_2022)
    assert (status, out) == (0, "")
    assert "there already, from the same files: 2022q4\nnothing new\n" in err

    other = zipped(tmp_path / "other.zip", tables())
    status, out, err = run(other)
    assert status == 1
    assert "2022q4 is loaded already, from faers_ascii_2022Q4.zip; --replace reads it anew" in err
    assert len(kept(place, "demo")) == 258
    assert run(other, "--replace")[0] == 0
    assert len(kept(place, "demo")) == 1
    assert len(kept(place, "demo", "2004q1")) == 100


def test_cases_in_two_quarters_are_counted_and_said(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    one = zipped(tmp_path / "1.zip", tables("22Q3"))
    two = zipped(tmp_path / "2.zip", tables("22Q4"))
    assert "1 cases have reports in more than one quarter" in run(one, two)[2]


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _file(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def _damaged(data: bytes) -> bytes:
    """Change a byte of what the largest member is packed as."""
    at = data.index(b"ASCII/DEMO22Q4.txt") + 2000
    return data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]


def _files(place: Path) -> list[Path]:
    tables = (place / "kept" / "tables").rglob("*.parquet")
    return sorted([*tables, place / "kept" / "manifest.json"])
