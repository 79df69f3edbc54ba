"""The command line as users meet it: real processes, stdout, stderr and exit status."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from evikg.graph.table import COLUMNS


@pytest.fixture(scope="module")
def store(shipped_graph: Path) -> Path:
    return shipped_graph


def evikg(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    command = [sys.executable, "-c", "from evikg.cli.main import main; main()", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, text=True)


def test_build_says_what_it_does_on_stderr_and_prints_the_digest(tmp_path: Path) -> None:
    done = evikg("build", "--store", str(tmp_path / "graph"))
    assert done.returncode == 0
    assert "7 sources" in done.stderr
    assert done.stdout.endswith("canonical N-Quads (SHA-256)\n")


def test_questions_are_listed_with_their_parameters(store: Path) -> None:
    done = evikg("questions", "--tag", "response")
    assert done.returncode == 0
    assert "response-rates [--outcome VARIABLE] [--study STUDY]" in done.stdout


def test_words_say_what_a_name_stands_for_and_one_line_that_it_stands_for_nothing(
    store: Path,
) -> None:
    question = ("ask", "variables-under-concept", "--store", str(store), "--concept")
    known, unknown = evikg(*question, "Liver diseases"), evikg(*question, "qqq")
    assert (known.returncode, known.stderr) == (0, "Liver diseases: MESH:D008107\n")
    assert unknown.returncode == 2
    assert unknown.stderr.count("\n") == 1
    assert "no concept 'qqq'" in unknown.stderr


def test_an_answer_as_csv_is_exact(store: Path) -> None:
    done = evikg(
        "ask", "response-rates", "--study", "phase4-lowdose", "--format", "csv",
        "--store", str(store),
    )  # fmt: skip
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    # ozcan-2025, Table 2, CR/CRi
    assert sorted((r["events"], r["total"], r["percent"]) for r in rows) == [
        ("11", "22", "50.0"),
        ("26", "38", "68.4"),
        ("35", "42", "83.3"),
        ("46", "64", "71.9"),
    ]


def test_an_answer_as_json_and_as_tsv_has_the_same_rows(store: Path) -> None:
    arguments = ("ask", "response-rates", "--study", "ino-cd22", "--store", str(store))
    as_json = json.loads(evikg(*arguments, "--format", "json").stdout)
    as_tsv = evikg(*arguments, "--format", "tsv").stdout.splitlines()
    assert len(as_json) == len(as_tsv) - 1 > 0


def test_sparql_reads_a_query_a_file_and_standard_input(store: Path, tmp_path: Path) -> None:
    query = "ASK { ?r a <https://w3id.org/evikg/ontology#Result> }"
    file = tmp_path / "any.rq"
    file.write_text(query)
    answers = [
        evikg("sparql", query, "--store", str(store)),
        evikg("sparql", str(file), "--store", str(store)),
        evikg("sparql", "-", "--store", str(store), stdin=query),
    ]
    assert [(a.returncode, a.stdout) for a in answers] == [(0, "true\n")] * 3


def test_the_results_table_has_the_columns_of_the_contract(store: Path) -> None:
    done = evikg("results", "--store", str(store))
    header, *rows = csv.reader(io.StringIO(done.stdout))
    assert header == COLUMNS
    assert len(rows) > 1200
    assert [len(row) for row in rows] == [31] * len(rows)


def test_the_wide_table_adds_columns_and_keeps_the_rows(store: Path) -> None:
    narrow = list(csv.DictReader(io.StringIO(evikg("results", "--store", str(store)).stdout)))
    wide = list(
        csv.DictReader(io.StringIO(evikg("results", "--wide", "--store", str(store)).stdout))
    )
    assert [{k: row[k] for k in COLUMNS} for row in wide] == narrow


def test_explain_goes_from_the_number_to_the_line_of_the_paper(store: Path) -> None:
    done = evikg("explain", "ozcan-2025-l147-2", "--store", str(store))
    for words in (
        "percent 83.3 % (35 of 42)",
        "Table 2, CR/CRi, 1.2 mg/m2/cycle (randomized)",
        "35 (83.3)",
        "line 147, occurrence 1",
        "doi:10.3324/haematol.2024.286091",
        "passes      percentage: percentage = events / total",
    ):
        assert words in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("ask", "respons-rates"), "did you mean response-rates"),
        (("ask", "response-rates", "--stody", "kr-pms"), "did you mean study"),
        (("ask", "response-rates", "--study", "kr-pm"), "did you mean kr-pms"),
        (("ask", "landmark-survival", "--days", "soon"), "expected a number, not 'soon'"),
        (("ask", "response-rates", "--study"), "--study needs a value"),
        (("ask", "response-rates", "study"), "expected --PARAM VALUE"),
        (("sparql", "SELECT WHERE {"), "error"),
        (("sparql", "no-such-file.rq"), "cannot be read"),
        (("explain", "yoon-2026-l1-1"), "no result 'yoon-2026-l1-1'"),
        (("explain", "a b"), "no result 'a b'"),
        (("results", "--format", "parquet"), "give --output FILE"),
        (("questions", "--tag", "nonsense"), "tags: "),
        (("ask",), "Missing argument"),
        (("nonsense",), "No such command"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_2(
    store: Path, arguments: tuple[str, ...], words: str
) -> None:
    takes_store = arguments[0] in {"ask", "sparql", "explain", "results"} and len(arguments) > 1
    done = evikg(*arguments, *(("--store", str(store)) if takes_store else ()))
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_an_answer_is_drawn(store: Path, tmp_path: Path) -> None:
    picture = tmp_path / "signals.svg"
    done = evikg("ask", "positive-signals", "--store", str(store), "--plot", str(picture))
    assert done.returncode == 0
    # duan-2025, Table 4: veno-occlusive liver disease, 97 reports, ROR 486.02
    text = picture.read_text(encoding="utf-8")
    assert "veno-occlusive liver disease" in text
    assert "486.02" in text


def test_help_on_a_question_is_the_questions_own() -> None:
    done = evikg("ask", "landmark-survival", "--help")
    assert done.returncode == 0
    assert done.stdout.startswith("What share of patients is alive after one year")
    assert "--days DECIMAL" in done.stdout
    assert evikg("ask", "--help").stdout.startswith("Usage:")
    unknown = evikg("ask", "landmark", "--help")
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "did you mean landmark-survival?" in unknown.stderr


def test_what_cannot_be_drawn_is_told_before_anything_is_asked(store: Path, tmp_path: Path) -> None:
    done = evikg("ask", "study-catalogue", "--store", str(store), "--plot", str(tmp_path / "x.svg"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "study-catalogue makes no picture; questions that do: " in done.stderr
    done = evikg("ask", "coverage", "--store", str(store), "--plot", str(tmp_path / "x.gif"))
    assert (done.returncode, done.stdout) == (2, "")
    place = tmp_path / "missing" / "x.svg"
    done = evikg("ask", "coverage", "--store", str(store), "--plot", str(place))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"error: {place} cannot be written: there is no folder {place.parent}\n"
    assert list(tmp_path.iterdir()) == []


def test_a_missing_graph_is_one_line_and_exit_2(tmp_path: Path) -> None:
    done = evikg("ask", "response-rates", "--store", str(tmp_path / "none"))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"error: no graph at {tmp_path / 'none'}; run `evikg build --store {tmp_path / 'none'}`\n"
    )


def test_check_reports_the_papers_own_faults_and_passes() -> None:
    done = evikg("check")
    assert (done.returncode, "no curation fault" in done.stderr) == (0, True)
    # papayannidis-2025, line 48: the interval of 5-year survival leaves its value out
    assert "papayannidis-2025 line 48" in done.stdout
    # yoon-2026 line 219: a numeric token that is no number
    assert "40.3.0.3" in done.stdout


def test_check_of_a_bad_source_is_exit_1(tmp_path: Path) -> None:
    bad = tmp_path / "doe-2020"
    bad.mkdir()
    (bad / "source.yaml").write_text("source: {slug: doe-2020, kind: letter, title: x}\n")
    done = evikg("check", str(bad))
    assert done.returncode == 1
    assert f"{bad}/source.yaml:1:" in done.stderr.replace(str(bad.resolve()), str(bad))


def test_the_schema_of_a_source_file_is_json_schema() -> None:
    schema = json.loads(evikg("schema", "source").stdout)
    assert schema["properties"]["source"] == {"$ref": "#/$defs/SourceModel"}
