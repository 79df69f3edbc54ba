"""Two real records and a paper: one record is of the paper's study, the other stands apart.

The paper is made up, on the study of NCT03275402: it prints the same number of women as the record
(22 of 52, `/resultsSection/baselineCharacteristicsModule/measures/2`), and one patient more with a
serious decrease of lymphocytes (5; the record has 4,
`/resultsSection/adverseEventsModule/seriousEvents/7`).
"""

import csv
from pathlib import Path

import pytest

from evikg.graph.embedded import EmbeddedStore
from evikg.loaders.build import build
from evikg.loaders.results_csv import COLUMNS

RECORDS = Path(__file__).parents[2] / "data" / "ctgov"
JOINED = RECORDS / "NCT03275402.json"
APART = RECORDS / "NCT01987596.json"

SOURCE = """\
source: {slug: roe-2024, kind: journal article, title: Omburtamab in children}
studies:
  - {slug: omburtamab-101, label: Study 101, design: non-randomized trial, registration: NCT03275402,
     conditions: [neuroblastoma], countries: [Denmark]}
groups:
  - {slug: omburtamab-101-all, study: omburtamab-101, label: "Study 101, all patients", kind: treated,
     size: 52}
  - {slug: omburtamab-101-relapsed, study: omburtamab-101, label: "Study 101, relapsed patients",
     kind: subgroup, size: 52, subgroup_of: omburtamab-101-all}
variables:
  - {slug: neuroblastoma, label: neuroblastoma, kind: condition}
  - {slug: female-sex, label: female sex, kind: baseline characteristic}
  - {slug: lymphocyte-count-decreased, label: lymphocyte count decreased, kind: adverse event}
definitions:
  - {slug: omburtamab-101-sae, study: omburtamab-101, variable: lymphocyte-count-decreased,
     label: serious decrease of lymphocytes in Study 101}
"""
ROW = {
    "study": "omburtamab-101",
    "group": "omburtamab-101-all",
    "statistic": "count",
    "total": "52",
    "count_unit": "patients",
    "directness": "own",
    "line": "12",
}
ROWS = (
    {
        "variable": "female-sex",
        "value": "22",
        "events": "22",
        "printed": "22",
        "locator": "Table 1",
    },
    {
        "variable": "lymphocyte-count-decreased",
        "definition": "omburtamab-101-sae",
        "value": "5",
        "events": "5",
        "grade": "any",
        "seriousness": "serious",
        "causality": "AE",
        "printed": "5",
        "locator": "Table 2",
        "line": "20",
    },
)


@pytest.fixture(scope="session")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of evidence with the paper."""
    folder = tmp_path_factory.mktemp("evidence")
    source = folder / "roe-2024"
    source.mkdir()
    (source / "source.yaml").write_text(SOURCE, encoding="utf-8")
    with (source / "results.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows({**ROW, **row} for row in ROWS)
    return folder


@pytest.fixture(scope="session")
def place(paper: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the directory of a graph of the paper and both records."""
    directory = tmp_path_factory.mktemp("graph")
    build(paper, directory, records=[JOINED, APART])
    return directory


@pytest.fixture
def store(place: Path) -> EmbeddedStore:
    """Return that graph, opened to read."""
    return EmbeddedStore.open(place)
