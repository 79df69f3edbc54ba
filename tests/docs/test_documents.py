"""Every command and code block of the documents runs, and prints what they show."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pyoxigraph
import pytest
from pyoxigraph import RdfFormat

from evikg.graph import open_store
from evikg.loaders.evidence import shipped_evidence
from evikg.queries.page import page

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
#: What follows the fence: language and, for a block that is a file, its path; `output` marks what
#: the command before prints.
FENCE = re.compile(r"^```(\w*) ?([^\n]*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
#: Commands that set up a machine: `.ci/run` runs them, a test inside the set-up cannot.
SETUP = "shell"
NOT_CODE = {"", "text", "mermaid", SETUP}


@pytest.fixture(scope="module")
def store(shipped_graph: Path) -> Path:
    return shipped_graph


@pytest.fixture
def folder(tmp_path: Path, store: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder as a reader has it: the evidence, a built graph, `evikg` on the path."""
    shutil.copytree(shipped_evidence(), tmp_path / "evidence")
    shutil.copytree(store, tmp_path / "graph")
    commands = tmp_path / "bin"
    commands.mkdir()
    command = commands / "evikg"
    command.write_text(
        f'#!/bin/sh\nexec {sys.executable} -c "from evikg.cli.main import main; main()" "$@"\n'
    )
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{commands}:/usr/bin:/bin")
    monkeypatch.setenv("EVIKG_STORE", str(tmp_path / "graph"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_block_of_a_document_runs(document: Path, folder: Path) -> None:
    printed = ""
    for language, argument, body in FENCE.findall(document.read_text(encoding="utf-8")):
        if argument == "output":
            assert body == printed
        elif argument:
            (folder / argument).parent.mkdir(parents=True, exist_ok=True)
            (folder / argument).write_text(body, encoding="utf-8")
        elif language == "sh":
            printed = _shell(body)
        elif language == "sparql":
            assert list(open_store(folder / "graph").query(body))  # type: ignore[arg-type]
        elif language == "turtle":
            _stands_in_the_graph(body, folder / "graph")
        elif language == "python":
            exec(compile(body, document.name, "exec"), {})  # noqa: S102 - our own documents
        else:
            assert language in NOT_CODE, f"{document.name} has a block of {language!r}"


def _shell(commands: str) -> str:
    done = subprocess.run(
        ["/bin/sh", "-e", "-c", commands], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _stands_in_the_graph(turtle: str, place: Path) -> None:
    held = pyoxigraph.Store.read_only(str(next(place.glob("generation-*"))))
    for quad in pyoxigraph.parse(turtle.encode(), RdfFormat.TURTLE):
        found = held.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
        assert next(found, None) is not None, f"{quad.triple} is not in the graph"


def test_the_page_of_questions_is_the_one_the_catalogue_makes() -> None:
    assert (ROOT / "docs" / "questions.md").read_text(encoding="utf-8") == page()
