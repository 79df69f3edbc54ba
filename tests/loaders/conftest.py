"""A small corpus of one study, in the shape a clinician keeps it."""

import csv
from pathlib import Path

import pytest

from evikg.loaders.results_csv import COLUMNS

SOURCE = """\
source:
  slug: doe-2020
  kind: journal article
  title: A small study
  doi: 10.1000/small
studies:
  - {slug: small, label: Small study, design: retrospective cohort}
groups:
  - {slug: small-all, study: small, label: All patients, kind: treated, size: 42}
  - {slug: small-responders, study: small, label: Responders, kind: responders, size: 35, subgroup_of: small-all}
variables:
  - {slug: cr-cri, label: complete remission, kind: efficacy, alt: [CR/CRi]}
"""

ROW = {
    "study": "small",
    "group": "small-all",
    "variable": "cr-cri",
    "statistic": "percent",
    "value": "83.3",
    "unit": "%",
    "events": "35",
    "total": "42",
    "count_unit": "patients",
    "directness": "own",
    "printed": "35 (83.3)",
    "locator": "Table 2, CR/CRi",
    "line": "12",
}


class SmallCorpus:
    """A folder of evidence with one source; rows are given as changes to one good row."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.source = folder / "doe-2020"
        self.source.mkdir(parents=True)
        self.yaml = self.source / "source.yaml"
        self.csv = self.source / "results.csv"
        self.yaml.write_text(SOURCE, encoding="utf-8")
        self.rows({})

    def rows(self, *changes: dict[str, str]) -> None:
        with self.csv.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows({**ROW, **change} for change in changes)


@pytest.fixture
def small(tmp_path: Path) -> SmallCorpus:
    return SmallCorpus(tmp_path / "evidence")
