"""The report of disagreements: both tokens with their places, and the supported one marked."""

import csv
import io
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from evikg.cli.discrepancies import discrepancies
from evikg.graph import open_store
from evikg.graph.explain import explain, lines
from evikg.ontology import DiscrepancyType


@pytest.fixture(scope="module")
def store(shipped_graph: Path) -> Path:
    return shipped_graph


def ask(store: Path, *arguments: str) -> Result:
    return CliRunner().invoke(discrepancies, ["--store", str(store), *arguments])


def test_a_report_has_every_printing_and_marks_the_supported_one(store: Path) -> None:
    done = ask(store, "--study", "ino-cd22", "--type", "rounding")
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    # papayannidis-2025, lines 48 and 212: 8 of 73 are 11.0; yoon-2026 cites both
    assert "  * Eight | 11.0% (own): papayannidis-2025 line 48, Abstract" in lines
    assert (
        "    eight | @214 10.9% (own): papayannidis-2025 line 212,"
        " Results, Real-world toxicity profiles"
    ) in lines
    assert "    11.0% | 8 (cited): yoon-2026 line 59, Introduction" in lines
    assert "    10.9% (cited): yoon-2026 line 407, Discussion" in lines
    assert {line for line in lines if line and not line.startswith(" ")} == {
        "ino-cd22: 2 disagreements"
    }


def test_markdown_has_a_table_for_each_disagreement(store: Path) -> None:
    done = ask(store, "--source", "duan-2025", "--type", "value", "--format", "md")
    assert done.stdout.startswith("## faers-2024q3\n")
    # duan-2025, Table 2 line 127 and line 152; 614 of 1007 are 60.97
    assert (
        "| 614 \\| 60.97 | own | duan-2025 line 127, Table 2, Physicians, Cases"
        " | duan-2025-l127-1 | yes |\n"
        "| 61.45% | own | duan-2025 line 152, Discussion | duan-2025-l152-2 |  |\n"
    ) in done.stdout


def test_csv_has_a_row_a_printing(store: Path) -> None:
    done = ask(store, "--study", "badar-2020-us", "--type", "value", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    # yoon-2026, lines 53 and 407
    assert [(row["printed"], row["line"]) for row in rows] == [("4%", "407"), ("2%", "53")]


def test_where_nothing_disagrees_it_says_so(store: Path) -> None:
    done = ask(store, "--study", "chen-2021-exposure-response")
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == "no disagreement: what is printed twice is printed alike\n"


def test_a_type_that_is_none_is_refused_with_those_that_are(store: Path) -> None:
    done = ask(store, "--type", "typo")
    assert done.exit_code == 2
    assert all(kind.word in done.stderr for kind in DiscrepancyType)


def test_explain_shows_a_disagreement_on_each_of_its_numbers(store: Path) -> None:
    for slug in ("duan-2025-l127-1", "duan-2025-l152-2"):
        told = "\n".join(lines(explain(open_store(str(store)), slug)))
        # duan-2025: 614 of 1007 are 60.97; the discussion prints 61.45
        assert (
            "  value discrepancy: values 60.97% / 61.45%\n"
            "    duan-2025 line 127, Table 2, Physicians, Cases: 614 | 60.97"
            " (own, supported by recomputation) [duan-2025-l127-1]\n"
            "    duan-2025 line 152, Discussion: 61.45% (own) [duan-2025-l152-2]"
        ) in told


def test_explain_tells_other_printings_from_other_quantities(store: Path) -> None:
    # INO-VATE's 5.0 months: event-free in ozcan-2025, progression-free in yoon-2026
    found = explain(open_store(str(store)), "ozcan-2025-l252-5")
    assert {x.variable for x in found.printings} == {"event-free-survival"}
    assert {x.variable for x in found.disputed.values()} == {
        "event-free-survival",
        "progression-free-survival",
    }
