"""`evikg release` and `evikg diff` as users meet them."""

import gzip
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from evikg.cli.release import diff, release
from evikg.graph.errors import GraphError

DATA = Path(__file__).parents[1] / "data" / "comparison"
BEFORE, AFTER = DATA / "before.nq", DATA / "after.nq"


def run_diff(*arguments: object) -> Result:
    return CliRunner().invoke(diff, [str(argument) for argument in arguments])


def refused(*arguments: object) -> str:
    """Return the one line that says what is wrong."""
    result = run_diff(*arguments)
    assert isinstance(result.exception, GraphError)
    assert result.stdout == ""
    words = str(result.exception)
    assert "\n" not in words
    return words


def test_a_page_is_written_to_a_file_whole(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    done = run_diff(BEFORE, AFTER, "--format", "html", "--output", page)
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == f"they differ: {page}\n"
    text = page.read_text(encoding="utf-8")
    assert text.startswith("<!DOCTYPE html>")
    assert text.rstrip().endswith("</html>")


def test_json_holds_each_field_that_changed() -> None:
    told = json.loads(run_diff(BEFORE, AFTER, "--format", "json").stdout)
    changed = next(item for item in told["changes"] if item["kind"] == "Result")
    assert changed["changes"][1] == {"field": "printedValue", "old": "83.4", "new": "83.3"}
    assert (told["old"], told["equal"]) == (str(BEFORE), False)


def test_the_exit_code_tells_a_difference_where_it_is_asked_to() -> None:
    codes = [
        run_diff(BEFORE, new, *option).exit_code
        for new in (BEFORE, AFTER)
        for option in ((), ("--exit-code",))
    ]
    assert codes == [0, 0, 0, 1]


def test_a_compressed_file_is_read(tmp_path: Path) -> None:
    packed = tmp_path / "before.nq.gz"
    packed.write_bytes(gzip.compress(BEFORE.read_bytes()))
    assert run_diff(packed, BEFORE, "--exit-code").exit_code == 0


def test_a_file_that_is_cut_off_is_one_line(tmp_path: Path) -> None:
    data = BEFORE.read_bytes()
    packed, cut = tmp_path / "cut.nq.gz", tmp_path / "cut.nq"
    packed.write_bytes(gzip.compress(data)[:-20])
    assert refused(packed, BEFORE).startswith(f"{packed} is cut off or damaged")
    cut.write_bytes(data[:-30])
    line = data.count(b"\n")
    assert f"{cut} is no N-Quads: at line {line} " in refused(BEFORE, cut)


def test_what_is_no_graph_is_one_line(tmp_path: Path) -> None:
    fake, text, folder = tmp_path / "fake.nq.gz", tmp_path / "notes.txt", tmp_path / "folder"
    fake.write_bytes(BEFORE.read_bytes())
    text.write_text("x")
    folder.mkdir()
    assert "fake.nq.gz cannot be read" in refused(fake, BEFORE)
    assert "is not there" in refused(tmp_path / "none", BEFORE)
    assert "neither a folder nor a file .nq" in refused(text, BEFORE)
    assert "neither a release, which holds manifest.json, nor a store" in refused(folder, BEFORE)
    (folder / "manifest.json").write_text('{"evikg": "0.1.0"}')
    assert "names no graph.nq" in refused(BEFORE, folder)


@pytest.mark.parametrize("place", ["none", "https://example.org/sparql"])
def test_a_release_needs_a_store_in_a_folder(tmp_path: Path, place: str) -> None:
    where = place if "://" in place else str(tmp_path / place)
    done = CliRunner().invoke(release, [str(tmp_path / "release"), "--store", where])
    assert done.exit_code != 0
    assert not (tmp_path / "release").exists()


def test_an_empty_file_and_a_url_are_no_graphs(tmp_path: Path) -> None:
    empty = tmp_path / "empty.nq"
    empty.touch()
    assert refused(BEFORE, empty) == f"{empty} is empty: it holds no graph"
    done = run_diff(BEFORE, "http://127.0.0.1:9/graph.nq")
    assert done.exit_code == 2
    assert "http://127.0.0.1:9/graph.nq is a URL, which is not read" in done.output
