"""Files of records in every form that the registry offers; records in several versions."""

import copy
import gzip
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evikg.loaders.ctgov import RawRecord, read_records, values
from evikg.loaders.faults import EvidenceError

from .conftest import MADE


def record(number: int, updated: str = "2020-01-02", title: str = "A study") -> dict[str, Any]:
    data = copy.deepcopy(MADE)
    data["protocolSection"]["identificationModule"] = {
        "nctId": f"NCT{number:08}",
        "briefTitle": title,
    }
    data["protocolSection"]["statusModule"]["lastUpdatePostDateStruct"]["date"] = updated
    return data


def zipped(members: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return held.getvalue()


def text(value: Any, indent: int | None = None) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=indent).encode()


def read(path: Path, tell: Callable[[str], None] = lambda _: None) -> list[RawRecord]:
    return list(read_records([path], tell))


FORMS: dict[str, Callable[[list[dict[str, Any]]], bytes]] = {
    "page": lambda records: text({"studies": records, "nextPageToken": "x"}),
    "first page with its count": lambda records: text(
        {"totalCount": 9, "studies": records, "nextPageToken": "x"}, 2
    ),
    "page that ends with its records": lambda records: text(
        {"nextPageToken": "x", "studies": records}
    ),
    "list": lambda records: text(records),
    "list over lines": lambda records: text(records, 1),
    "lines": lambda records: b"\n".join(map(text, records)),
    "lines that end and are spaced": lambda records: b"\r\n\n".join(map(text, records)) + b"\n",
    "zip of records": lambda records: zipped(
        {f"a/NCT{n}.json": text(item, 2) for n, item in enumerate(records)}
    ),
    "zip of a list and what is none": lambda records: zipped(
        {"__MACOSX/._all.json": b"x", "readme.txt": b"x", "all.json": text(records)}
    ),
    "zip of packed records": lambda records: zipped(
        {f"{n}.json.gz": gzip.compress(text(item)) for n, item in enumerate(records)}
    ),
}


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_records(form: str, packed: bool, tmp_path: Path) -> None:
    records = [record(number, title=f"β {number} ] , }}") for number in (3, 1, 2)]
    data = FORMS[form](records)
    path = tmp_path / "download"
    path.write_bytes(gzip.compress(data) if packed else data)
    assert [raw.data for raw in read(path)] == records


def test_one_record_may_have_any_layout(tmp_path: Path) -> None:
    path = tmp_path / "NCT00000007.json"
    for indent in (None, 0, 2, "\t"):
        path.write_text(
            "\n\ufeff"[1:] + json.dumps(record(7), indent=indent) + "\n", encoding="utf-8"
        )
        assert [raw.number for raw in read(path)] == ["NCT00000007"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    titles=st.lists(st.text(max_size=30), min_size=1, max_size=6),
    chunk=st.integers(1, 60),
    indent=st.sampled_from([None, 0, 2]),
    form=st.sampled_from(["list", "page", "lines"]),
)
def test_where_chunks_of_the_file_end_makes_no_difference(
    titles: list[str],
    chunk: int,
    indent: int | None,
    form: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(values, "_CHUNK", chunk)
    records = [record(number, title=title) for number, title in enumerate(titles)]
    path = tmp_path / "download.json"
    whole: Any = {"studies": records} if form == "page" else records
    lines = b"\n".join(json.dumps(item).encode() for item in records)
    path.write_bytes(lines if form == "lines" else json.dumps(whole, indent=indent).encode())
    assert [raw.data for raw in read(path)] == records


def test_a_record_says_where_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    page = text({"studies": [record(2), record(3)]})
    path.write_bytes(zipped({"one.json": text(record(1)), "page.json": page}))
    places = [raw.place for raw in read(path)]
    assert places == ["one.json", "page.json record 1", "page.json record 2"]


def test_folders_are_read_with_all_below_them(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "1.json").write_bytes(text(record(1)))
    (tmp_path / "a.ndjson").write_bytes(text(record(2)))
    (tmp_path / "notes.txt").write_text("no record", encoding="utf-8")
    assert [raw.number for raw in read(tmp_path)] == ["NCT00000002", "NCT00000001"]


def test_equal_records_are_one(tmp_path: Path) -> None:
    path = tmp_path / "all.json"
    path.write_bytes(text([record(1), record(2), record(1)]))
    said: list[str] = []
    assert [raw.number for raw in read(path, said.append)] == ["NCT00000001", "NCT00000002"]
    assert said == []


def test_a_record_that_was_only_made_again_is_no_other_version(tmp_path: Path) -> None:
    one, two = record(1), record(1)
    for item, day in ((one, "2023-12-12"), (two, "2024-01-03")):
        item["derivedSection"] = {"miscInfoModule": {"versionHolder": day}}
    path = tmp_path / "all.json"
    path.write_bytes(text([two, one]))
    said: list[str] = []
    assert [raw.data for raw in read(path, said.append)] == [two]
    assert said == []


@pytest.mark.parametrize("order", [[0, 1], [1, 0], [0, 1, 0, 1]])
def test_of_several_versions_the_newest_stands_last(order: list[int], tmp_path: Path) -> None:
    versions = [record(1, "2019-12-31", "old"), record(1, "2020-02-01", "new")]
    path = tmp_path / "all.json"
    path.write_bytes(text([versions[n] for n in order]))
    said: list[str] = []
    stands = {raw.number: raw for raw in read(path, said.append)}
    assert stands["NCT00000001"].data == versions[1]
    assert said[0] == "NCT00000001 is there in several versions; that of 2020-02-01 is read"


def test_the_digest_is_of_the_content_not_of_the_layout(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(text(record(1)))
    (tmp_path / "b.json").write_bytes(text(record(1), 4))
    (tmp_path / "c.json").write_bytes(text(record(1, title="another")))
    one, two, three = (read(tmp_path / f"{name}.json")[0].sha256 for name in "abc")
    assert one == two != three


def test_what_is_no_file_is_said_before_anything_is_lost(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(text(record(1)))
    with pytest.raises(EvidenceError) as caught:
        list(read_records([tmp_path / "a.json", tmp_path / "none.json"]))
    assert (
        str(caught.value) == f"{tmp_path / 'none.json'}: cannot be read: No such file or directory"
    )
