"""`evikg build --store URL` and `evikg upload` as users meet them, against a real server."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from evikg.cli.main import cli
from evikg.graph import open_store
from evikg.graph.remote import RemoteStore

POOLED = "https://w3id.org/evikg/graph/pooled"


@pytest.fixture(scope="module")
def url(oxigraph: Callable[[], AbstractContextManager[str]]) -> Iterator[str]:
    with oxigraph() as address:
        yield f"http://{address}/query"


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("EVIKG_STORE", raising=False)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


def test_a_build_goes_to_a_directory_and_to_an_endpoint_alike(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "graph"
    here = run("build", "--store", place)
    assert f"triples at {url}" in run("upload", url, "--store", place).stderr
    assert open_store(url).size() == open_store(place).size()
    there = run("build", "--store", url)
    assert (there.exit_code, there.stdout) == (0, here.stdout)
    assert "0 triples added, 0 removed" in there.stderr

    monkeypatch.setenv("EVIKG_STORE", url)
    question = ("ask", "vod-sos", "--format", "csv")
    assert run(*question).stdout == run(*question, "--store", place).stdout

    # What a build from the evidence would lose is not lost without a word.
    store = RemoteStore(url)
    store.update(f"INSERT DATA {{ GRAPH <{POOLED}> {{ <urn:a> <urn:b> 1 }} }}")
    refused = run("build")
    assert refused.exit_code == 2
    assert POOLED in refused.stderr
    assert "--afresh" in refused.stderr
    assert store.count(POOLED) == 1


def test_what_needs_a_directory_says_how_to_go_on(url: str, tmp_path: Path) -> None:
    refused = run("release", tmp_path / "release", "--store", url)
    assert refused.exit_code == 2
    assert "`evikg upload URL --store DIR`" in refused.stderr


def test_a_graph_is_uploaded_to_a_url_only(tmp_path: Path) -> None:
    refused = run("upload", tmp_path)
    assert refused.exit_code == 2
    assert "is no URL" in refused.stderr
