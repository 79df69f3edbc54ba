"""Every fault of a curated file is named with file, line, column, value and what was expected."""

import csv
from pathlib import Path
from typing import Any

import pytest

from evikg.loaders.evidence import read_corpus
from evikg.loaders.faults import EvidenceError
from evikg.loaders.results_csv import COLUMNS


def faults_of(folder: Path) -> list[tuple[str, int, str, str, str]]:
    """Return (file, line, field, value, expectation) of every fault."""
    with pytest.raises(EvidenceError) as caught:
        read_corpus(folder)
    return [(f.path.name, f.line, f.field, f.value, f.expected) for f in caught.value.faults]


def test_a_good_corpus_has_no_fault(small: Any) -> None:
    corpus = read_corpus(small.folder)
    assert [(r.slug, r.events, r.total) for r in corpus.results] == [("doe-2020-l12-1", 35, 42)]


@pytest.mark.parametrize(
    ("change", "field", "value", "words"),
    [
        ({"events": "43"}, "events", "43", "more than the total 42"),
        ({"events": "thirty"}, "events", "thirty", "expected a whole number"),
        ({"events": "-1"}, "events", "-1", "expected a whole number"),
        ({"value": "about 80"}, "value", "about 80", "expected a number as printed"),
        ({"value": "NE"}, "value", "NE", "or a reason in value_status"),
        ({"value_status": "not-reached"}, "value", "83.3", "value_status must be empty"),
        ({"total": ""}, "total", "", "a percentage needs its denominator"),
        ({"interval_low": "70", "interval_high": "90"}, "interval_kind", "", "needs its kind"),
        (
            {"interval_kind": "CI", "interval_low": "70", "interval_high": "90"},
            "interval_level",
            "",
            "needs its level",
        ),
        ({"interval_kind": "CI", "interval_level": "95"}, "interval_low", "", "but no bound"),
        ({"statistic": "precent"}, "statistic", "precent", "did you mean 'percent'?"),
        ({"statistic": "hazard ratio"}, "comparator", "", "needs a comparator or a predictor"),
        ({"statistic": "comparison", "value": ""}, "comparator", "", "needs a comparator"),
        ({"count_unit": ""}, "count_unit", "", "needs what was counted"),
        ({"group": ""}, "group", "", "every row needs it"),
        ({"group": "small-al"}, "group", "small-al", "did you mean 'small-all'?"),
        ({"variable": "os"}, "variable", "os", "is no known variable"),
        ({"study": "smal"}, "study", "smal", "did you mean 'small'?"),
        ({"grade": "6"}, "grade", "6", "expected any, unknown, 3, 3-4 or >=3"),
        ({"line": "0"}, "line", "0", "lines are counted from 1"),
        ({"line": "twelve"}, "line", "twelve", "expected a whole number"),
        ({"timepoint": "one"}, "timepoint", "one", "expected a number"),
        ({"interval_level": "nan"}, "interval_level", "nan", "expected a number"),
    ],
)
def test_a_bad_cell_is_named(
    small: Any, change: dict[str, str], field: str, value: str, words: str
) -> None:
    small.rows({}, change)
    found = [fault for fault in faults_of(small.folder) if fault[2] == field]
    assert [fault[:4] for fault in found] == [("results.csv", 3, field, value)]
    assert words in found[0][4]


def test_a_fault_names_the_column(small: Any) -> None:
    small.rows({"events": "43"})
    with pytest.raises(EvidenceError) as caught:
        read_corpus(small.folder)
    fault = caught.value.faults[0]
    assert (fault.line, fault.column) == (2, COLUMNS.index("events") + 1)
    assert str(fault).startswith(f"{small.csv}:2:{fault.column}: events '43': ")


def test_all_faults_are_reported_at_once(small: Any) -> None:
    small.rows({"events": "43"}, {"variable": "os"}, {"interval_low": "70"})
    small.yaml.write_text(small.yaml.read_text().replace("size: 35", "size: 350"), encoding="utf-8")
    fields = [(name, field) for name, _, field, _, _ in faults_of(small.folder)]
    assert fields == [
        ("results.csv", "events"),
        ("results.csv", "variable"),
        ("results.csv", "interval_kind"),
        ("source.yaml", "size"),
    ]


def test_an_unknown_column_and_a_missing_one_are_named(small: Any) -> None:
    text = small.csv.read_text().replace("locator", "locater", 1)
    small.csv.write_text(text)
    assert [(f[2:4], f[4]) for f in faults_of(small.folder)] == [
        (("", "locater"), "is an unknown column; did you mean 'locator'?"),
        (("", "locator"), "is missing from the header"),
    ]


def test_the_printed_label_of_a_group_is_a_column_that_may_be_left_out(small: Any) -> None:
    small.rows({"printed_group": "all patients"})
    assert [r.printed_group for r in read_corpus(small.folder).results] == ["all patients"]
    place = COLUMNS.index("printed_group")
    rows = list(csv.reader(small.csv.read_text().splitlines()))
    with small.csv.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(row[:place] + row[place + 1 :] for row in rows)
    (result,) = read_corpus(small.folder).results
    assert (result.printed_group, result.printed, result.line) == (None, "35 (83.3)", 12)


def test_a_fault_is_told_in_its_column_where_a_column_is_left_out(small: Any) -> None:
    place = COLUMNS.index("printed_group")
    rows = list(csv.reader(small.csv.read_text().splitlines()))
    rows = [row[:place] + row[place + 1 :] for row in rows]
    rows[1][rows[0].index("line")] = "twelve"
    with small.csv.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    with pytest.raises(EvidenceError) as caught:
        read_corpus(small.folder)
    (fault,) = caught.value.faults
    assert (fault.line, fault.column) == (2, rows[0].index("line") + 1)


def test_columns_separated_by_semicolons_are_recognised(small: Any) -> None:
    small.csv.write_text(small.csv.read_text().replace(",", ";"))
    assert [f[4] for f in faults_of(small.folder)] == ["expected columns separated by commas"]


def test_a_row_with_an_unquoted_comma_is_named(small: Any) -> None:
    small.csv.write_text(small.csv.read_text().replace('"', ""))
    found = faults_of(small.folder)
    assert [fault[1] for fault in found] == [2]
    assert "quote cells with commas" in found[0][4]


@pytest.mark.parametrize("name", ["source.yaml", "results.csv"])
def test_an_empty_file_is_a_fault(small: Any, name: str) -> None:
    (small.source / name).write_bytes(b"")
    assert [(f[0], f[4]) for f in faults_of(small.folder)] == [(name, "is empty")]


@pytest.mark.parametrize("name", ["source.yaml", "results.csv"])
def test_another_encoding_is_named_with_its_place(small: Any, name: str) -> None:
    path = small.source / name
    path.write_bytes(path.read_bytes() + "Özcan".encode("latin-1"))
    found = faults_of(small.folder)
    assert (found[0][0], found[0][4][:12]) == (name, "is not UTF-8")
    assert found[0][1] == path.read_bytes().count(b"\n") + 1


def test_malformed_yaml_is_named_with_its_line(small: Any) -> None:
    small.yaml.write_text(small.yaml.read_text() + "groups: [\n")
    found = faults_of(small.folder)
    assert [f[0] for f in found] == ["source.yaml"]
    assert "is not YAML" in found[0][4]


def test_a_repeated_key_is_a_fault(small: Any) -> None:
    small.yaml.write_text(small.yaml.read_text() + "variables: []\n")
    assert [(f[2], f[4]) for f in faults_of(small.folder)] == [("variables", "stands twice")]


def test_a_slug_that_is_declared_twice_is_named_with_the_first_place(small: Any) -> None:
    again = "  - {slug: cr-cri, label: again, kind: efficacy}\n"
    small.yaml.write_text(small.yaml.read_text() + again)
    found = faults_of(small.folder)
    assert [(f[0], f[1], f[3]) for f in found] == [("source.yaml", 13, "cr-cri")]
    assert found[0][4].endswith("source.yaml:12")


def test_an_unknown_key_of_a_block_is_named(small: Any) -> None:
    small.yaml.write_text(small.yaml.read_text().replace("size: 42", "sise: 42"))
    found = faults_of(small.folder)
    assert [(f[1], f[2]) for f in found] == [(9, "groups.0.sise")]


def test_a_bad_source_block_does_not_make_its_rows_faulty(small: Any) -> None:
    small.yaml.write_text(small.yaml.read_text().replace("journal article", "jurnal"))
    assert [f[2] for f in faults_of(small.folder)] == ["source.kind"]


def test_a_circle_of_variables_is_a_fault(small: Any) -> None:
    text = small.yaml.read_text().replace("alt: [CR/CRi]", "broader: [response]")
    text += "  - {slug: response, label: response, kind: efficacy, broader: [cr-cri]}\n"
    small.yaml.write_text(text)
    found = faults_of(small.folder)
    assert [f[2] for f in found] == ["broader"]
    assert "runs in a circle" in found[0][4]


def test_a_group_of_another_study_is_a_fault(small: Any) -> None:
    text = small.yaml.read_text().replace(
        "groups:", "  - {slug: other, label: Other, design: registry}\ngroups:"
    )
    small.yaml.write_text(text)
    small.rows({"study": "other"})
    found = faults_of(small.folder)
    assert [(f[2], f[3]) for f in found] == [("group", "small-all")]


def test_a_folder_without_sources_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "evidence").mkdir()
    found = faults_of(tmp_path / "evidence")
    assert [f[4] for f in found] == ["holds no source: expected <source>/source.yaml"]
