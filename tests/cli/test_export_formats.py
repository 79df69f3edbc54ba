"""`evikg export` as users meet it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO

import pytest
from click.testing import CliRunner, Result
from pyoxigraph import RdfFormat

from evikg.cli.export import replacing
from evikg.cli.exporting import export
from evikg.graph.errors import ExportError
from evikg.graph.exports import FileFormat, formats, read_csvw
from evikg.graph.remote import RemoteStore
from evikg.graph.store import Store


@pytest.fixture(scope="module")
def place(shipped_graph: Path) -> Path:
    return shipped_graph


def run(*arguments: object) -> Result:
    return CliRunner().invoke(export, [str(argument) for argument in arguments])


def test_the_help_lists_every_format_with_a_line() -> None:
    lines = run("--help").stdout.splitlines()
    for name, held in formats().items():
        assert any(line.split() == [name, *held.summary.split()] for line in lines), name


def test_one_file_goes_to_stdout_and_words_do_not(place: Path) -> None:
    done = run("--format", "turtle", "--store", place, "--graph", "links")
    assert (done.exit_code, done.stderr) == (0, "")
    assert "variable:vod-sos skos:" in done.stdout


def test_a_folder_is_filled_and_named(place: Path, tmp_path: Path) -> None:
    target = tmp_path / "tables"
    options = "--store", place, "--study", "ino-vate", "--study", "kr-pms"
    done = run("--format", "csvw", *options, "--output", target)
    assert (done.exit_code, done.stdout) == (0, "")
    assert f"{target / 'results.csv'}: " in done.stderr
    studies = {row["study"] for row in read_csvw(target)["results"]}
    assert studies == {"ino-vate", "kr-pms"}
    again = run("--format", "csvw", *options, "--output", target)
    assert again.exit_code == 2
    assert "is there already; name a new folder" in again.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--format", "csvw"), "csvw is a folder of files: give --output DIR"),
        (("--format", "xlsx"), "'xlsx' is none of nquads, trig"),
        (("--format", "gexf", "--graph", "links"), "--graph is for formats of RDF"),
        (("--format", "trig", "--graph", "links", "--study", "a"), "--graph or --study, not both"),
        ((), "Missing option '--format'"),
    ],
)
def test_a_misuse_is_told_in_a_line(arguments: tuple[str, ...], words: str) -> None:
    done = run(*arguments)
    assert done.exit_code == 2
    assert words in done.stderr.splitlines()[-1]


@pytest.mark.parametrize("name", ["trig", "nanopub"])
def test_the_same_graph_gives_the_same_bytes(
    name: str, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767323045")
    for target in ("one", "other"):
        run(
            "--format", name, "--store", place, "--study", "ino-vate", "--output", tmp_path / target
        )
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


def test_an_endpoint_gives_what_a_directory_gives(
    place: Path, tmp_path: Path, oxigraph: Callable[[], AbstractContextManager[str]]
) -> None:
    part = run("--format", "nquads", "--store", place, "--study", "ino-vate").stdout_bytes
    with oxigraph() as address:
        RemoteStore(f"http://{address}/query").load(part, RdfFormat.N_QUADS, None)
        options = "--store", f"http://{address}/query", "--study", "ino-vate"
        assert run("--format", "nquads", *options).stdout_bytes == part
        run("--format", "kgx-tsv", *options, "--output", tmp_path / "remote")
    run(
        "--format",
        "kgx-tsv",
        "--store",
        place,
        "--study",
        "ino-vate",
        "--output",
        tmp_path / "local",
    )
    for name in ("nodes.tsv", "edges.tsv"):
        remote, local = ((tmp_path / where / name).read_bytes() for where in ("remote", "local"))
        assert remote == local


def test_an_unknown_study_is_named(place: Path) -> None:
    done = run("--format", "trig", "--store", place, "--study", "nowhere")
    assert isinstance(done.exception, ExportError)
    assert "no study 'nowhere'" in str(done.exception)


def test_a_failure_leaves_the_old_file_and_nothing_else(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(store: Store, output: IO[bytes]) -> None:
        output.write(b"half")
        raise ExportError("stopped")

    broken = FileFormat("trig", "fails", fails, datasets=True)
    monkeypatch.setattr("evikg.graph.exports.formats", lambda: {"trig": broken})
    target = tmp_path / "graph.trig"
    target.write_bytes(b"old")
    done = run("--format", "trig", "--store", place, "--output", target)
    assert isinstance(done.exception, ExportError)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"graph.trig": b"old"}


def test_a_folder_that_fails_is_not_there(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rows(*_: object, **__: object) -> Iterator[object]:
        raise ExportError("stopped")

    monkeypatch.setattr("evikg.graph.exports.csvw.results_table", rows)
    done = run("--format", "csvw", "--store", place, "--output", tmp_path / "tables")
    assert isinstance(done.exception, ExportError)
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_replaced_only_when_it_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "file"
    target.write_bytes(b"old")
    with replacing(target) as file:
        file.write(b"new")
        file.flush()
        assert target.read_bytes() == b"old"
    assert target.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [target]
