"""Generated registry records: the same every time, all different, alike in every form."""

import json
import zipfile
from pathlib import Path

import pytest

from benchmarks.ctgov.generate import generate, real, write
from benchmarks.ctgov.run import report
from benchmarks.watch import Taken

# The structure of the API v2, with one outcome measure and one table of events.
STATS = {"groupId": "EG000", "numEvents": 9, "numAffected": 4, "numAtRisk": 20}
EVENTS = [{"term": f"Event {number}", "stats": [STATS]} for number in range(20)]
TEMPLATE = {
    "protocolSection": {
        "identificationModule": {
            "nctId": "NCT01234567",
            "briefTitle": "A study",
            "secondaryIdInfos": [{"id": "X"}],
        },
        "descriptionModule": {"briefSummary": "Continues NCT01234567."},
    },
    "resultsSection": {
        "outcomeMeasuresModule": {"outcomeMeasures": [{"title": "Response"}]},
        "adverseEventsModule": {"otherEvents": EVENTS},
    },
}


def test_records_are_the_same_every_time_and_all_different() -> None:
    records = list(generate([TEMPLATE], 5))
    assert records == list(generate([TEMPLATE], 8))[:5]
    assert records != list(generate([TEMPLATE], 5, seed=2))
    tables = [json.dumps(record["resultsSection"]) for record in records]
    assert len(set(tables)) == 5
    numbers = [r["protocolSection"]["identificationModule"]["nctId"] for r in records]
    assert numbers == [f"NCT9000000{place}" for place in range(1, 6)]
    assert all("NCT01234567" not in json.dumps(record) for record in records)
    assert TEMPLATE["protocolSection"]["identificationModule"]["nctId"] == "NCT01234567"  # type: ignore[index]


def test_no_more_are_affected_than_at_risk() -> None:
    for record in generate([TEMPLATE], 20):
        events = record["resultsSection"]["adverseEventsModule"]["otherEvents"]
        assert 0 < len(events) <= len(EVENTS)
        for stats in (stats for event in events for stats in event["stats"]):
            assert 0 <= stats["numAffected"] <= stats["numAtRisk"]
            assert stats["numEvents"] >= stats["numAffected"]
        assert record["resultsSection"]["outcomeMeasuresModule"]["outcomeMeasures"]


def test_forms_hold_the_same_records(tmp_path: Path) -> None:
    records = list(generate([TEMPLATE], 3))
    for ending in ("ndjson", "json", "zip"):
        write(records, tmp_path / f"records.{ending}")
        write(records, tmp_path / f"again.{ending}")
        again = (tmp_path / f"again.{ending}").read_bytes()
        assert (tmp_path / f"records.{ending}").read_bytes() == again
    lines = (tmp_path / "records.ndjson").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == records
    page = json.loads((tmp_path / "records.json").read_text(encoding="utf-8"))
    assert page == {"studies": records}
    with zipfile.ZipFile(tmp_path / "records.zip") as archive:
        assert archive.namelist() == [f"NCT9000000{place}.json" for place in (1, 2, 3)]
        assert [json.loads(archive.read(name)) for name in archive.namelist()] == records


def test_only_records_with_results_are_copied(tmp_path: Path) -> None:
    without = {name: value for name, value in TEMPLATE.items() if name != "resultsSection"}
    (tmp_path / "NCT00000001.json").write_text(json.dumps(without), encoding="utf-8")
    with pytest.raises(SystemExit, match="no record with results"):
        real(tmp_path)
    (tmp_path / "NCT01234567.json").write_text(json.dumps(TEMPLATE), encoding="utf-8")
    assert real(tmp_path) == [TEMPLATE]


def test_records_a_second_leave_out_the_start_of_the_process() -> None:
    # 900 records in 3 s of CPU after a start of 1 s that both have, and memory that doubles.
    taken = {
        ("read and map", "zip", 100): [Taken(4, 1.5, 100)],
        ("read and map", "zip", 1000): [Taken(8, 4.5, 200)],
    }
    lines = list(report(taken))
    assert "| read and map, zip | 1,000 | 8.0 | 4.5 | 225 | 300 | 200 | 100 |" in lines
    assert "- met: zip: 200 records a second (300)" in lines
    assert "- **missed**: zip: memory flat (x 2.00)" in lines
