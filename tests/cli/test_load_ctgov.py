"""`evikg load ctgov`: records in by the command, and out by the questions.

Numbers are those of the records in `tests/data/ctgov`, at the JSON Pointers given.
"""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

DATA = Path(__file__).parents[1] / "data" / "ctgov"


def evikg(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    command = [sys.executable, "-c", "from evikg.cli.main import main; main()", *arguments]
    return subprocess.run(command, capture_output=True, text=True)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a graph into which the command has loaded two records."""
    place = tmp_path_factory.mktemp("graph")
    done = evikg(
        "load", "ctgov", str(DATA / "NCT03275402.json"), str(DATA / "NCT01987596.json"),
        "--store", str(place), "--evidence", str(DATA / "paper"),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["NCT01987596", "NCT03275402"]
    assert "2 records" in done.stderr
    return place


def test_a_question_is_answered_over_record_and_paper(store: Path) -> None:
    done = evikg("ask", "registry-and-paper", "--store", str(store), "--format", "csv")
    assert done.returncode == 0, done.stderr
    found = [
        (row["measured"], row["paper_printed"], row["record_printed"], row["agreement"])
        for row in csv.DictReader(io.StringIO(done.stdout))
    ]
    # seriousEvents/7: 4 of 52; baseline measures/2, Female: 22.
    assert found == [
        ("female sex", "22", "22", "agrees"),
        ("lymphocyte count decreased", "5", "4 | 52", "value discrepancy"),
    ]


def test_a_later_build_keeps_the_records_and_one_without_results_is_told(tmp_path: Path) -> None:
    planned = json.loads((DATA / "NCT01987596.json").read_text(encoding="utf-8"))
    del planned["resultsSection"]
    record = tmp_path / "planned.json"
    record.write_text(json.dumps(planned), encoding="utf-8")
    place = ("--store", str(tmp_path / "graph"), "--evidence", str(DATA / "paper"))
    done = evikg("load", "ctgov", str(record), *place)
    assert done.returncode == 0, done.stderr
    assert "NCT01987596 has no results" in done.stderr
    again = evikg("build", *place)
    assert "1 registry record(s)" in again.stderr
    catalogue = evikg("ask", "study-catalogue", "--store", place[1], "--format", "csv")
    assert "NCT01987596" in catalogue.stdout


def test_a_number_is_explained_to_its_pointer(store: Path) -> None:
    """Age in NCT03275402: mean 4.7, standard deviation 2.45 (baseline measures/1)."""
    done = evikg("explain", "nct03275402-bm2-bg000", "--store", str(store))
    assert done.returncode == 0, done.stderr
    assert "mean 4.7 years (standard deviation 2.45)" in done.stdout
    pointer = "/resultsSection/baselineCharacteristicsModule/measures/1/classes/0/categories/0"
    assert f"{pointer}/measurements/0/value" in done.stdout
    assert "https://clinicaltrials.gov/study/NCT03275402" in done.stdout


def test_the_wide_table_has_what_records_state(store: Path) -> None:
    done = evikg("results", "--wide", "--format", "csv", "--store", str(store))
    assert done.returncode == 0, done.stderr
    rows = {row["result"]: row for row in csv.DictReader(io.StringIO(done.stdout))}
    age = rows["nct03275402-bm2-bg000"]
    assert (age["dispersion"], age["dispersion_kind"]) == ("2.45", "standard deviation")
    # otherEvents/14: frequencyThreshold is 5.
    assert rows["nct03275402-ae15-eg000"]["frequency_threshold"] == "5"
    assert rows["nct03275402-ae15-eg000"]["derived"] == "false"
    # outcomeMeasures/2/analyses/0 of NCT01987596: p <0.0001.
    compared = rows["nct01987596-om3-a1"]
    assert (compared["p_value"], compared["pointer"].rpartition("/")[2]) == ("<0.0001", "pValue")


def test_faults_are_told_all_at_once_and_change_nothing(store: Path, tmp_path: Path) -> None:
    legacy = tmp_path / "legacy.json"
    legacy.write_text(json.dumps({"FullStudiesResponse": {"FullStudies": []}}), encoding="utf-8")
    empty = tmp_path / "empty.json"
    empty.write_text("", encoding="utf-8")
    before = sorted(path.name for path in store.iterdir())
    done = evikg("load", "ctgov", str(legacy), str(empty), "--store", str(store))
    assert done.returncode == 1
    assert done.stdout == ""
    told = {line.partition(": ")[0]: line for line in done.stderr.splitlines() if ".json" in line}
    assert told.keys() == {str(legacy), str(empty)}
    assert "legacy API" in told[str(legacy)]
    assert "is empty" in told[str(empty)]
    assert done.stderr.splitlines()[-1] == "2 fault(s); nothing was changed"
    after = {path.name for path in store.iterdir()} - {"generation-2"}
    assert after == set(before)
    assert (store / "CURRENT").read_text(encoding="utf-8") == "generation-1\n"


@pytest.mark.parametrize("place", ["no-such.json", "https://clinicaltrials.gov/api/v2/studies"])
def test_what_is_no_file_is_a_fault_of_usage(place: str, tmp_path: Path) -> None:
    done = evikg("load", "ctgov", place, "--store", str(tmp_path / "graph"))
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
