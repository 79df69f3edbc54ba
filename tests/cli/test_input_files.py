"""Paths that name no file, and blank texts, are faults of usage: exit status 2, before any work."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from pyoxigraph import NamedNode, RdfFormat

from evikg.cli.linking import link
from evikg.cli.pubtator import pubtator
from evikg.cli.terminologies import load
from evikg.graph.embedded import new_generation
from evikg.ontology.term_triples import FULL


@pytest.mark.parametrize("name", ["mondo", "sssom"])
def test_a_url_is_not_read(name: str) -> None:
    result = CliRunner().invoke(load, [name, "https://example.org/mondo.obo"])
    assert result.exit_code == 2
    assert "is a URL, which is not read: download the file" in result.stderr


def test_a_missing_file_and_a_folder_are_faults_of_usage(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing.txt"):
        result = CliRunner().invoke(pubtator, [str(path)])
        assert result.exit_code == 2
        assert path.name in result.stderr


@pytest.mark.parametrize("text", ["", " \t"])
def test_a_blank_text_cannot_be_linked(text: str) -> None:
    result = CliRunner().invoke(link, ["sepsis", text])
    assert result.exit_code == 2
    assert "a text is blank" in result.stderr


ARTICLE = "101|t|Hepatitis.\n101\t0\t9\tHepatitis\tDisease\tMESH:D999999\n"  # one mention


@pytest.mark.parametrize(("extent", "told"), [("slice", True), (FULL, False)])
def test_slices_are_named_where_most_mentions_are_unchecked(
    tmp_path: Path, extent: str, told: bool
) -> None:
    triple = (
        "<https://w3id.org/evikg/terminology/mesh>"
        f' <https://w3id.org/evikg/ontology#extent> "{extent}" .'
    )
    with new_generation(tmp_path / "store") as fresh:
        graph = NamedNode("https://w3id.org/evikg/graph/mesh")
        fresh.load(triple.encode(), RdfFormat.TURTLE, to_graph=graph)
    del fresh  # closes it
    article = tmp_path / "one.pubtator"
    article.write_text(ARTICLE, encoding="utf-8")
    result = CliRunner().invoke(
        pubtator, [str(article), "--check", "--store", str(tmp_path / "store")]
    )
    assert result.exit_code == 0
    assert "1 unchecked" in result.stderr
    assert ("holds only slices of mesh:" in result.stderr) is told
