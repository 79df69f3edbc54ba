"""`reporting.csv`: what a source says of the items of a reporting guideline."""

import csv
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from evikg.graph import records as r
from evikg.graph.embedded import EmbeddedStore
from evikg.graph.mapping import RDF_TYPE
from evikg.loaders.evidence import Corpus, read_corpus, shipped_evidence
from evikg.loaders.faers.reporting import FIELDS, assessed, reporting_text
from evikg.loaders.faults import EvidenceError
from evikg.loaders.guidelines import items
from evikg.loaders.reporting_csv import COLUMNS, completeness, read_reporting
from evikg.ontology import EV, ItemStatus

#: The numbers of Table 1 of the statement (doi:10.1007/s40264-024-01421-9), in its order.
NUMBERS = (
    "1a 1b 2a 2b 2c 3 4a 4b 5a 5b 6a 6b 6c 6d 7a 7b 7c 7d 7e 8a 8b 9 10 11 12a 12b 12c 13"
    " 14a 14b 14c 14d"
).split()
#: The texts of the papers are copyrighted and not part of the repository.
PAPERS = Path(os.environ.get("EVIKG_PAPERS", Path(__file__).parents[3] / "shared" / "papers"))
ROW = {"item": "readus-pv-1a", "status": "reported", "locator": "Title", "line": "1"}


def write(folder: Path, *rows: dict[str, str]) -> Path:
    path = folder / "reporting.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture(scope="module")
def curated() -> Corpus:
    return read_corpus(shipped_evidence())


def of(curated: Corpus, source: str) -> list[r.ItemAssessment]:
    return [item for item in curated.assessments if item.source == source]


def test_the_guideline_has_its_32_items_in_order() -> None:
    assert [item.number for item in items().values()] == NUMBERS
    assert len(NUMBERS) == 32
    assert {item.guideline for item in items().values()} == {"READUS-PV"}
    labels = [item.label for item in items().values()]
    assert len(set(labels)) == 32
    for label in labels:
        section, _, asked = label.partition(": ")
        assert section, label
        assert asked, label


def test_the_study_of_reports_is_assessed_by_every_item(curated: Corpus) -> None:
    found = of(curated, "duan-2025")
    assert [item.item for item in found] == list(items())
    # counted by hand in evidence/duan-2025/reporting.csv
    assert Counter(item.status for item in found) == {
        ItemStatus.REPORTED: 8,
        ItemStatus.PARTLY: 22,
        ItemStatus.NOT_REPORTED: 1,
        ItemStatus.NOT_APPLICABLE: 1,
    }
    words = "reported 8 of 32, 22 partly reported, 1 not reported, 1 not applicable"
    assert completeness(found) == words


def test_every_place_is_a_line_with_text(curated: Corpus) -> None:
    text = PAPERS / "duan-2025.txt"
    if not text.exists():
        pytest.skip("the text of duan-2025 is not at hand (set EVIKG_PAPERS to its folder)")
    lines = text.read_text(encoding="utf-8").split("\n")
    placed = [item.line for item in of(curated, "duan-2025") if item.line is not None]
    assert len(placed) == 30
    assert [line for line in placed if not lines[line - 1].strip()] == []
    # headings of the paper, and the line that the item is found at
    after = {"Limitations": 319, "Sources of funding": 337, "Ethical approval": 329}
    for heading, line in after.items():
        assert lines[line - 3] == heading
    assert lines[4].startswith("Safety evaluation")
    assert [lines[line - 1].split("\t")[0] for line in (99, 195, 297)] == [
        "Table 2", "Table 4", "Table 9",
    ]  # fmt: skip


def test_items_stand_in_the_catalogue_and_assessments_in_the_graph_of_their_source(
    corpus: EmbeddedStore,
) -> None:
    held = Counter(
        (quad.graph_name.value.rpartition("/")[2], kind)  # type: ignore[union-attr]
        for kind in (EV.ReportingItem, EV.ItemAssessment)
        for quad in corpus.inner.quads_for_pattern(None, RDF_TYPE, kind)
    )
    assert held[("catalogue", EV.ReportingItem)] == 32
    assert held[("duan-2025", EV.ItemAssessment)] == 32
    assert [graph for graph, kind in held if kind == EV.ReportingItem] == ["catalogue"]


@pytest.mark.parametrize(
    ("change", "field", "value", "words"),
    [
        ({"item": ""}, "item", "", "every row needs it"),
        ({"item": "readus-pv-1x"}, "item", "readus-pv-1x", "did you mean 'readus-pv-1"),
        ({"item": "22"}, "item", "22", "expected one such as 'readus-pv-7c'"),
        ({"status": ""}, "status", "", "every row needs it"),
        ({"status": "reportd"}, "status", "reportd", "did you mean 'reported'?"),
        ({"line": ""}, "line", "", "an item that is reported needs its line"),
        ({"line": "0"}, "line", "0", "lines are counted from 1"),
        ({"line": "five"}, "line", "five", "expected a whole number"),
        ({"locator": ""}, "locator", "", "needs the place where it is"),
        ({"status": "partly reported"}, "note", "", "say what is missing"),
        ({"status": "not applicable"}, "note", "", "say why"),
        ({"status": "not reported", "line": ""}, "locator", "Title", "has no place"),
        ({"status": "not reported", "locator": ""}, "line", "1", "has no place"),
    ],
)
def test_a_bad_cell_is_named(
    tmp_path: Path, change: dict[str, str], field: str, value: str, words: str
) -> None:
    faults: list[Any] = []
    good = {**ROW, "item": "readus-pv-9"}
    found = read_reporting(write(tmp_path, good, {**ROW, **change}), "doe-2020", faults)
    assert [item.slug for item in found] == ["doe-2020-readus-pv-9"]
    assert [(fault.line, fault.field, fault.value) for fault in faults] == [(3, field, value)]
    assert words in faults[0].expected


def test_an_item_is_assessed_once(tmp_path: Path) -> None:
    faults: list[Any] = []
    path = write(tmp_path, ROW, {**ROW, "status": "not reported", "locator": "", "line": ""})
    assert len(read_reporting(path, "doe-2020", faults)) == 1
    assert [str(fault).removeprefix(str(path)) for fault in faults] == [
        ":3:1: item 'readus-pv-1a': is assessed already, in line 2"
    ]


def test_all_faults_of_a_corpus_are_told_at_once(small: Any) -> None:
    write(small.source, {**ROW, "status": "said"}, {**ROW, "item": "readus-pv-15"})
    small.rows({"events": "43"})
    with pytest.raises(EvidenceError) as caught:
        read_corpus(small.folder)
    assert {(fault.path.name, fault.field) for fault in caught.value.faults} == {
        ("reporting.csv", "status"),
        ("reporting.csv", "item"),
        ("results.csv", "events"),
    }


def test_a_file_with_other_columns_is_refused(small: Any) -> None:
    (small.source / "reporting.csv").write_text("number,status\n1a,reported\n", encoding="utf-8")
    with pytest.raises(EvidenceError, match="is an unknown column"):
        read_corpus(small.folder)


STATED = dict.fromkeys(FIELDS, "stated")


def test_a_recorded_set_reports_its_methods_and_nothing_that_only_a_text_tells() -> None:
    rows = assessed(STATED)
    assert [row["item"] for row in rows] == list(items())
    by_status: dict[str, list[str]] = {}
    for row in rows:
        by_status.setdefault(row["status"], []).append(row["item"].removeprefix("readus-pv-"))
    # by Table 1 of the statement: design, population, measure with threshold
    assert by_status["reported"] == ["4a", "6a", "7b"]
    assert by_status["partly reported"] == ["5a", "5b", "6b", "6c", "8a", "9", "14d"]
    # no case is reviewed, which both items leave open
    assert by_status["not applicable"] == ["7d", "10"]
    # aims, confounding, discussion, limitations, funding
    assert {"3", "7c", "11", "13", "14a"} <= set(by_status["not reported"])


def test_what_is_not_stated_is_not_reported() -> None:
    status = {
        row["item"]: row["status"] for row in assessed({**STATED, "threshold": " ", "end": ""})
    }
    assert status["readus-pv-7b"] == status["readus-pv-5a"] == "not reported"
    assert status["readus-pv-4a"] == "reported"
    assert {row["status"] for row in assessed({})} == {"not reported", "not applicable"}


def test_the_rows_of_a_recorded_set_can_be_read_back(tmp_path: Path) -> None:
    faults: list[Any] = []
    path = tmp_path / "reporting.csv"
    path.write_text(reporting_text(STATED), encoding="utf-8", newline="")
    found = read_reporting(path, "faers", faults)
    assert faults == []
    assert completeness(found) == (
        "reported 3 of 32, 7 partly reported, 20 not reported, 2 not applicable"
    )
    assert {item.locator for item in found} == {None, "source.yaml", "signals.csv"}


def test_a_field_that_is_unknown_is_refused() -> None:
    with pytest.raises(ValueError, match="no field is called role; known: database"):
        assessed({"role": "primary suspect"})
