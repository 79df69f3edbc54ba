"""What a set of signals says of the cases that it counts."""

from pathlib import Path
from typing import Any

import pytest

from evikg.analysis.disproportionality.counts import Counting
from evikg.loaders.faers.drugs import find_drug
from evikg.loaders.faers.reports import open_reports, prepare
from evikg.loaders.faers.sets import described, steps
from evikg.loaders.faers.signals import Database, Exposure, Selection, signals

from .kept import keep

#: Ibis asks DuckDB 2 by a name that DuckDB has given up.
pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return three quarters: case 1 in all of them, case 2 in the second, case 3 in the last."""
    cases = {"2022q2": [1], "2022q3": [1, 2], "2022q4": [1, 3]}
    for version, (quarter, numbers) in enumerate(cases.items(), 1):
        ids = [10 * number + version for number in numbers]
        rows: dict[str, list[dict[str, Any]]] = {
            "demo": [
                {"primaryid": pid, "caseid": pid // 10, "fda_dt": f"20220{version}01"}
                for pid in ids
            ],
            "drug": [
                {"primaryid": pid, "drug_seq": 1, "role_cod": "PS", "drugname": "X"} for pid in ids
            ],
            "reac": [{"primaryid": pid, "pt": event} for pid in ids for event in ("Rash", "Cough")],
        }
        keep(tmp_path, quarter, **rows)
    prepare(tmp_path)
    return tmp_path


def database(folder: Path, selection: Selection) -> Database:
    return Database.of(folder, open_reports(folder), selection)


def test_cases_that_are_followed_up_after_the_period_are_told(folder: Path) -> None:
    # Of the cases with a report until 2022 Q3, which are 1 and 2, the latest of 1 is of 2022 Q4.
    said = steps(database(folder, Selection(last="2022q3")))[-2:]
    assert said[0] == "chosen: 1 cases; cases whose latest report is of 2022 Q3"
    assert said[1].startswith("followed up later: 1 cases")
    # Nothing follows the last quarter.
    assert steps(database(folder, Selection(first="2022q4", last="2022q4")))[-1] == (
        "chosen: 2 cases; cases whose latest report is of 2022 Q4"
    )
    assert steps(database(folder, Selection()))[-1].startswith("latest: 3 reports, 3 cases")


def test_quarters_that_are_not_among_the_cases_are_told(folder: Path) -> None:
    # As after a load that was broken off when the tables were there, and the cases not yet.
    keep(folder, "2023q1", demo=[{"primaryid": 45, "caseid": 4}])
    words = "not among the cases: 2023 Q1; the same evikg load faers again adds them"
    assert steps(database(folder, Selection()))[-1] == words
    prepare(folder)
    assert "4 cases" in steps(database(folder, Selection()))[-1]


def test_a_recorded_set_counts_what_its_period_leaves_out(folder: Path) -> None:
    chosen = database(folder, Selection(counting=Counting.EVENT, last="2022q3"))
    exposure = Exposure((find_drug(folder, chosen.reports, "x"),))
    set_ = described(chosen, [(exposure, signals(chosen, exposure))], ())
    # Five reports of three cases: two are older versions, and of three cases one is chosen.
    assert "PRIMARYID (2 reports out); cases whose latest report is of 2022 Q3 (2 cases out)" in (
        set_.deduplication.replace(", of them 1 followed up later", "")
    )
    assert set_.deduplication.endswith(", of them 1 followed up later")
    # One case with two events; the drug has them all.
    (drug,) = set_.drugs
    assert (drug.size, drug.others) == (2, 0)
    assert drug.compared_with == "events of reports of all other drugs"
