"""`evikg reason` on a small graph; the rules need no Java, the oracle does."""

import csv
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyoxigraph import NamedNode, RdfFormat

from evikg.cli.reasoning import reason
from evikg.graph import inference
from evikg.graph.embedded import new_generation

GRAPH = """
@prefix ev: <https://w3id.org/evikg/ontology#> .
@prefix result: <https://w3id.org/evikg/result/> .
result:fatal a ev:Result ; ev:gradeMin 5 .
result:severe a ev:Result ; ev:gradeMin 3 .
result:mild a ev:Result ; ev:gradeMin 1 .
"""


@pytest.fixture
def store(tmp_path: Path) -> str:
    place = tmp_path / "store"
    with new_generation(place) as fresh:
        fresh.load(GRAPH.encode(), RdfFormat.TURTLE, to_graph=NamedNode("https://example.org/g"))
    return str(place)


def test_lists_class_number_rule_and_source(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    result = CliRunner().invoke(reason, ["--store", store, "--format", "csv"])
    assert result.exit_code == 0
    header, *rows = csv.reader(result.stdout.splitlines())
    assert header == ["class", "members", "rule", "source"]
    counts = {row[0]: (row[1], row[2]) for row in rows}
    assert counts["ev:FatalEvent"] == ("1", "fatal-event")
    assert counts["ev:SevereEvent"] == ("2", "severe-event")
    assert counts["ev:PositiveSignal"] == ("0", "positive-signal")
    assert all(row[3].startswith(("http://", "https://")) for row in rows)


def test_without_java_the_oracle_says_so(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    result = CliRunner().invoke(reason, ["--store", store, "--oracle"])
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "reasoning needs Java" in result.stderr


@pytest.mark.skipif(shutil.which("java") is None, reason="HermiT needs java, which is not on PATH")
def test_the_oracle_tells_a_rule_that_infers_otherwise(
    store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    agreed = CliRunner().invoke(reason, ["--store", store, "--oracle"])
    assert agreed.exit_code == 0
    assert "the same 3 types" in agreed.stderr
    wrong = [
        inference.Rule(
            rule.name, rule.infers, rule.source, rule.text.replace("?grade >= 5", "?grade >= 3")
        )
        for rule in inference.rules()
    ]
    monkeypatch.setattr(inference, "rules", lambda: wrong)
    differing = CliRunner().invoke(reason, ["--store", store, "--oracle"])
    assert differing.exit_code == 1
    assert "result:severe is of ev:FatalEvent only by a rule" in differing.stderr
