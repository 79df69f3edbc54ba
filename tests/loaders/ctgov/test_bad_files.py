"""Files at fault: one clear line each, with file and place, all at once."""

import gzip
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from evikg.loaders.ctgov import Names, RawRecord, read_records, registry_evidence
from evikg.loaders.faults import EvidenceError

from .conftest import MADE

GOOD = json.dumps(MADE)
NO_STUDY = "is no study: expected protocolSection.identificationModule.nctId, as NCT01987596"


def faults(path: Path, data: bytes | str) -> list[str]:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    with pytest.raises(EvidenceError) as caught:
        list(read_records([path]))
    return [line.removeprefix(f"{path}") for line in str(caught.value).split("\n")]


WRONG = [
    ("", ": is empty"),
    ("  \n", ": is empty"),
    ("<!DOCTYPE html><html>", ": is a web page, not the file itself: download the file"),
    (
        '<?xml version="1.0"?>\n<clinical_study rank="1"/>',
        ": is XML of the retired legacy API; download the JSON of the API v2",
    ),
    ("<other/>", ": is XML: expected the JSON of the API v2 of ClinicalTrials.gov"),
    (
        '{"FullStudiesResponse": {"NStudiesFound": 1}}',
        ": 'FullStudiesResponse': is of the retired legacy API; download the JSON of the API v2",
    ),
    (
        '{"StudyFieldsResponse": {"FieldList": []}}',
        ": 'StudyFieldsResponse': is of the retired legacy API; download the JSON of the API v2",
    ),
    (
        '{"name": "x"}',
        f": {NO_STUDY}",
    ),
    (
        '{"protocolSection": {"identificationModule": {"nctId": "ISRCTN123"}}}',
        f": 'ISRCTN123': {NO_STUDY}",
    ),
    ("7", ": 'int': is no study: expected a JSON object with protocolSection"),
    ("[" * 200_000, ": is nested too deeply to be a record"),
    ("[]", ": holds no record of ClinicalTrials.gov"),
    ('{"studies": []}', ": holds no record of ClinicalTrials.gov"),
    ("NCT01987596", ":1:1: is not JSON: Expecting value"),
    ('{"a": 1,\n "b": }', ":2:7: is not JSON: Expecting value"),
    (GOOD[:-20], ":1:{end}: ends within a value; it is cut short or damaged: download it again"),
    ('{"a": "b', ":1:7: ends within a value; it is cut short or damaged: download it again"),
    (
        "\xff".encode("latin-1"),
        ":1:1: is not UTF-8: byte 0xff; save the file with the encoding UTF-8",
    ),
]


@pytest.mark.parametrize(("data", "expected"), WRONG)
def test_a_file_that_is_no_record_is_refused(
    data: bytes | str, expected: str, tmp_path: Path
) -> None:
    wanted = expected.replace("{end}", str(len(data) + 1))
    assert faults(tmp_path / "a.json", data) == [wanted]


def test_a_list_cut_short_is_told_with_its_record(tmp_path: Path) -> None:
    data = f"[{GOOD},\n{GOOD[:50]}"
    (line,) = faults(tmp_path / "a.json", data)
    assert line.startswith(":2:") and " record 2: ends within a value" in line
    (line,) = faults(tmp_path / "a.json", f"[{GOOD}")
    assert line.endswith(
        "record 1: ends within a list; it is cut short or damaged: download it again"
    )


def test_all_bad_lines_of_ndjson_are_told(tmp_path: Path) -> None:
    other = GOOD.replace("NCT00000001", "NCT00000002")
    data = "\n".join([GOOD, GOOD[:30], other, '{"x": 1}', other[:-1]])
    lines = faults(tmp_path / "a.ndjson", data)
    assert [line.split(": ")[1] for line in lines] == ["line 2", "line 4", "line 5"]
    assert lines[0].startswith(":2:") and "ends within a value" in lines[0]
    assert "is no study" in lines[1]
    assert lines[2].startswith(f":5:{len(other)}")


def test_a_zip_cut_short_is_told(tmp_path: Path) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("a.json", GOOD)
    whole = held.getvalue()
    lines = faults(tmp_path / "a.zip", whole[:-40])
    assert lines == [": is no whole zip; it is cut short or damaged: download it again"]
    packed = gzip.compress(whole[:-40])
    assert faults(tmp_path / "a.zip.gz", packed) == lines


def test_a_damaged_member_of_a_zip_is_told_with_its_name(tmp_path: Path) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("a.json", GOOD)
        archive.writestr("b.json", '{"a": 1}')
    data = held.getvalue().replace(b"A small study", b"A SMALL STUDY")
    assert faults(tmp_path / "a.zip", data) == [
        ": a.json: is cut short or damaged: download it again",
        f": b.json: {NO_STUDY}",
    ]


def test_a_zip_without_json_is_told(tmp_path: Path) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("a.csv", "x")
    words = ": holds no JSON: expected a zip of records of ClinicalTrials.gov"
    assert faults(tmp_path / "a.zip", held.getvalue()) == [words]


@pytest.mark.parametrize("end", [3, 12, 60, -4])
def test_a_gzip_cut_short_is_told(end: int, tmp_path: Path) -> None:
    data = gzip.compress(GOOD.encode())[:end]
    words = ": is cut short or damaged: download it again"
    assert faults(tmp_path / "a.json.gz", data) == [words]


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match=r"holds no file that ends in \.json"):
        list(read_records([tmp_path]))


def test_all_faults_of_the_structure_of_a_record_are_told_with_their_pointers() -> None:
    data: dict[str, Any] = json.loads(GOOD)
    data["protocolSection"]["statusModule"]["startDateStruct"] = {"date": "June 2008"}
    data["resultsSection"] = {
        "outcomeMeasuresModule": {"outcomeMeasures": [{"title": "x", "classes": "none"}, {}]},
        "adverseEventsModule": {"eventGroups": [{"id": "EG000", "seriousNumAffected": "two"}]},
    }
    raw = RawRecord(Path("a.zip"), "NCT00000001.json", data)
    with pytest.raises(EvidenceError) as caught:
        registry_evidence(raw, Names())
    places = [line.split(" ")[2] for line in str(caught.value).split("\n")]
    assert places == [
        "/protocolSection/statusModule/startDateStruct/date",
        "/resultsSection/adverseEventsModule/eventGroups/0/seriousNumAffected",
        "/resultsSection/outcomeMeasuresModule/outcomeMeasures/0/classes",
        "/resultsSection/outcomeMeasuresModule/outcomeMeasures/1/title:",
    ]
    assert all(
        line.startswith("a.zip: NCT00000001.json /") for line in str(caught.value).split("\n")
    )


def test_text_that_is_no_unicode_is_told() -> None:
    data = json.loads(GOOD.replace("A small study", "\\ud800"))
    with pytest.raises(EvidenceError, match=r"a\.json: holds text that is no Unicode"):
        registry_evidence(RawRecord(Path("a.json"), "", data), Names())
