"""`evikg lookup` as users meet it: stdout, stderr and exit status."""

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from evikg.cli.lookup import lookup

from .conftest import Gate, answer


@pytest.fixture
def file(gate: Gate, tmp_path: Path) -> Path:
    path = tmp_path / "mine.yaml"
    names = ("mesh", "ubergraph", "wikidata")
    path.write_text("".join(f"{name}: {{url: '{gate.url}'}}\n" for name in names))
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(lookup, [str(argument) for argument in arguments])


def test_rows_go_to_stdout_and_what_became_of_each_endpoint_to_stderr(file: Path) -> None:
    done = run("MESH:D010190", "--endpoints", file, "--format", "csv")
    assert done.exit_code == 0
    found = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [(row["endpoint"], row["relation"]) for row in found] == [
        ("ubergraph", "cross-reference"),
        ("wikidata", "same"),
        ("wikidata", "synonym"),
        ("wikidata", "broader"),
    ]
    assert done.stderr.splitlines() == [
        "mesh: 0 rows, fresh",
        "ubergraph: 1 row, fresh",
        "wikidata: 3 rows, fresh",
    ]


def test_json_says_what_the_table_and_the_words_say(file: Path) -> None:
    done = run("calcimycin", "--endpoint", "mesh", "--endpoints", file, "--format", "json")
    (reply,) = json.loads(done.stdout)
    assert (reply["state"], reply["words"]) == ("fresh", "1 row, fresh")
    assert reply["rows"][0]["iri"] == "http://id.nlm.nih.gov/mesh/D000001"


def test_kept_answers_serve_offline_and_count_as_answers(file: Path, gate: Gate) -> None:
    run("calcimycin", "--endpoint", "mesh", "--endpoints", file)
    done = run("calcimycin", "--endpoints", file, "--offline", "--max-age", 0)
    assert done.exit_code == 0
    assert "Calcimycin" in done.stdout
    mesh, ubergraph, _ = done.stderr.splitlines()
    assert mesh == "mesh: 1 row, cached 0 min ago, older than allowed (offline)"
    assert ubergraph == "ubergraph: not asked: offline, and no answer is kept"
    assert len(gate.seen) == 1


def test_no_answer_at_all_is_exit_status_1_and_no_traceback(file: Path, gate: Gate) -> None:
    gate.faults = [answer(403), answer(200, b"<html>", Content_Type="text/html"), answer(400)]
    done = run("calcimycin", "--endpoints", file)
    assert done.exit_code == 1
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 3
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("x", "--endpoint", "nobody"),
        ("x", "--endpoints", "/nowhere.yaml"),
        ("x", "--timeout", "0"),
        ("x", "--max-age", "-1"),
        ("x", "--format", "xml"),
        (),
    ],
)
def test_wrong_usage_is_exit_status_2(arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2
