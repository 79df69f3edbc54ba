"""`evikg pool` and `evikg compare` as users meet them."""

import csv
import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from evikg.cli.main import cli, main
from evikg.cli.pooling import FACETS, compare, pool
from evikg.graph import open_store
from evikg.graph.comparability.facets import facets
from evikg.graph.pooled import pooled_results
from evikg.loaders.build import build
from evikg.loaders.evidence import shipped_evidence

CR_CRI = (
    "cr-cri", "--only", "statistic=frequency", "--only", "variable=cr-cri",
    "--only", "denominator=patients treated", "--only", "selection=none",
)  # fmt: skip


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a copy of the shipped evidence, and a store built from it."""
    folder = tmp_path_factory.mktemp("pool")
    shutil.copytree(shipped_evidence(), folder / "evidence")
    build(folder / "evidence", folder / "store")
    return folder


@pytest.fixture
def store(built: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("EVIKG_STORE", str(built / "store"))
    yield built / "store"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(pool, [str(argument) for argument in arguments])


def code(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
         *arguments: object) -> tuple[int, str, str]:  # fmt: skip
    """Run the whole command line: its exit status, what it prints, and the words beside it."""
    monkeypatch.setattr("sys.argv", ["evikg", *map(str, arguments)])
    try:
        main()
        status = 0
    except SystemExit as done:
        status = int(done.code or 0)
    printed = capsys.readouterr()
    return status, printed.out, printed.err


def held(store: Path) -> int:
    return len(pooled_results(open_store(store)))


def test_a_pool_is_told_with_its_studies_and_caveats(store: Path) -> None:
    done = run(*CR_CRI)
    assert done.exit_code == 0
    # 321 of 433; the intervals as in the tests of the pool itself.
    for words in ("5 results", "321", "433", "74.1", "69.8", "78.0", "left out", "caveats"):
        assert words in done.stdout
    assert "the regimens differ: ino-1-2 (ozcan-2025-l147-3)" in done.stdout


def test_every_format_holds_the_same_rows(store: Path) -> None:
    written = {name: run(*CR_CRI, "--format", name).stdout for name in ("csv", "tsv", "json", "md")}
    table = list(csv.DictReader(io.StringIO(written["csv"])))
    told = json.loads(written["json"])
    assert [{k: v for k, v in row.items() if v} for row in table] == told
    pooled = next(row for row in told if row["role"] == "pooled")
    assert (pooled["value"], pooled["events"], pooled["total"]) == ("74.133949", "321", "433")
    assert len(written["tsv"].splitlines()) == len(table) + 1
    assert len(written["md"].splitlines()) == len(table) + 2
    assert "| pooled | 5 results | 321 | 433 | 74.1 | 69.8 | 78.0 |" in written["md"]
    assert {row["role"] for row in table} >= {"study", "pooled", "prediction interval",
                                              "heterogeneity", "left out", "caveat"}  # fmt: skip


def test_subgroups_and_leave_one_out_by_inverse_variance(store: Path) -> None:
    done = run(
        *CR_CRI, "--by", "design", "--leave-one-out", "--model", "inverse-variance", "--tau2", "DL",
        "--interval", "wald", "--level", "90", "--scale", "freeman-tukey", "--format", "csv",
    )  # fmt: skip
    assert done.exit_code == 0
    table = list(csv.DictReader(io.StringIO(done.stdout)))
    method = next(row["note"] for row in table if row["role"] == "pooled")
    assert method == (
        "inverse variance on the Freeman-Tukey double arcsine scale, random effects, τ² by"
        " DerSimonian-Laird, Wald interval"
    )
    assert [row["role"] for row in table].count("left one out") == 5
    assert [row["label"] for row in table if row["role"] == "subgroup"] == [
        "design randomized controlled trial", "design retrospective cohort",
        "design post-marketing surveillance",
    ]  # fmt: skip
    weights = [float(row["weight"]) for row in table if row["role"] == "study"]
    assert sum(weights) == pytest.approx(100, abs=0.3)


def test_what_bars_a_pool_is_told_and_is_no_success(store: Path) -> None:
    done = run("cr-cri")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "different statistics are printed" in done.stderr
    assert "no reason can put numbers of different sorts together" in done.stderr


def test_a_refusal_can_be_read_by_programs(store: Path) -> None:
    done = run("cr-cri", "--format", "json")
    assert done.exit_code == 1
    told = json.loads(done.stdout)
    assert told["refused"] is True
    assert any(reason.startswith("different statistics") for reason in told["reasons"])
    assert {"only": {"statistic": "frequency"}, "results": 6} in told["choices"]
    few = json.loads(run("yoon-2026-l276-2", "--format", "json").stdout)
    assert few["refused"] is True
    assert few["choices"] == []
    assert few["reasons"] == ["pooling needs at least two results: one result can enter"]


def test_the_facets_are_named_in_the_help() -> None:
    names = [facet.name for facet in facets()]
    assert names == FACETS
    for command in ("pool", "compare"):
        told = CliRunner().invoke(cli, [command, "--help"], terminal_width=200).stdout
        assert f"Facets: {', '.join(names)}." in " ".join(told.split())


def test_compare_tells_bars_and_caveats(store: Path) -> None:
    barred = CliRunner().invoke(compare, ["cr-cri"])
    assert barred.exit_code == 1
    assert "bars a pool\n  - different statistics are printed" in barred.stdout
    free = CliRunner().invoke(compare, list(CR_CRI))
    assert free.exit_code == 0
    assert free.stdout.startswith("5 results compared: ozcan-2025-l147-3")
    assert "nothing bars a pool" in free.stdout
    alone = CliRunner().invoke(compare, ["yoon-2026-l276-2"])
    assert (alone.exit_code, alone.stdout) == (1, "")
    assert alone.stderr == "error: pooling needs at least two results: one result can enter\n"


def test_a_question_with_a_parameter_is_pooled(store: Path) -> None:
    done = run("landmark-survival", "--param", "outcome=overall-survival",
               "--only", "time=12 months", "--only", "denominator=patients treated",
               "--only", "setting=relapsed-refractory-b-all", "--only", "statistic=survival probability",
               "--format", "csv")  # fmt: skip
    assert done.exit_code == 0
    assert "papayannidis-2025-l204-2" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "status", "fault"),
    [
        (["nonsense"], 2, "no question, variable or concept 'nonsense'"),
        (["drug:blinatumomab"], 2, "the graph has no result on 'drug:blinatumomab'"),
        (["study-catalogue"], 2, "the answers to study-catalogue name no results"),
        (["vod-sos", "--param", "colour=red"], 2, "colour"),
        (["cr-cri", "--only", "desing=x"], 2, "did you mean design?"),
        (["cr-cri", "--only", "design"], 2, "expected FACET=VALUE, not 'design'"),
        (["cr-cri", "--param", "x"], 2, "expected NAME=VALUE, not 'x'"),
        (["cr-cri", "--only", "grade=9"], 2, "no result has it (there is: not stated)"),
        (["cr-cri", "--exclude", "tran-2026-l1-1"], 2, "it is not among the"),
        (["yoon-2026-l999999-1", "yoon-2026-l276-2"], 2, "yoon-2026-l999999-1"),
        ([*CR_CRI, "--tau2", "DL"], 2, "--model inverse-variance"),
        ([*CR_CRI, "--level", "5"], 2, "5"),
        ([*CR_CRI, "--by", "sex"], 2, "no facet 'sex'"),
        (["yoon-2026-l276-2"], 1, "at least two results: one result can enter"),
        (["yoon-2026-l305-2", "yoon-2026-l305-3"], 1, "its denominator is not stated"),
        ([*CR_CRI, "--plot", "here.jpg"], 2, "a picture's name ends in .svg, .png, .pdf"),
        ([*CR_CRI, "--plot", "no/such/folder/here.svg"], 2, "there is no folder"),
        ([*CR_CRI, "--record", "--store", "http://localhost:1/sparql"], 2,
         "this needs a graph in a directory"),
    ],
)  # fmt: skip
def test_bad_input_is_one_line_and_changes_nothing(
    arguments: list[str], status: int, fault: str, store: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    before = sorted(path.name for path in store.iterdir())
    extra = ["--record"] if "--plot" in arguments else []
    found, printed, words = code(monkeypatch, capsys, "pool", *arguments, *extra)
    assert (found, printed) == (status, "")
    assert fault in words
    assert "Traceback" not in words
    assert sorted(path.name for path in store.iterdir()) == before


def test_a_missing_store_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    status, printed, words = code(
        monkeypatch, capsys, "pool", "cr-cri", "--store", tmp_path / "none"
    )
    assert (status, printed) == (2, "")
    assert "evikg build" in words


def test_a_forest_plot_is_drawn_of_what_is_told(store: Path, tmp_path: Path) -> None:
    path = tmp_path / "forest.svg"
    done = run(*CR_CRI, "--plot", path)
    assert (done.exit_code, done.stderr) == (0, f"forest plot in {path}\n")
    svg = path.read_text(encoding="utf-8")
    for words in (
        "46/64",
        "321/433",
        "74.1 [69.8, 78.0]",
        "Prediction interval",
        "The regimens differ",
    ):
        assert words in svg
    assert "bar it" not in svg


def test_both_commands_are_listed() -> None:
    told = CliRunner().invoke(cli, ["--help"]).stdout
    assert "pool " in told
    assert "compare " in told


def test_a_recorded_pool_is_kept_until_an_input_changes(built: Path, tmp_path: Path) -> None:
    place, evidence = tmp_path / "store", tmp_path / "evidence"
    shutil.copytree(built / "evidence", evidence)
    shutil.copytree(built / "store", place)
    first = run(*CR_CRI, "--by", "design", "--record", "--store", place)
    assert first.exit_code == 0
    assert "subgroups and pools without one result are told here only" in first.stderr
    (kept,) = pooled_results(open_store(place))
    assert f"recorded as pooled:{kept.slug}" in first.stderr
    asked = CliRunner().invoke(
        cli, ["ask", "pooled-inputs", "--store", str(place), "--format", "csv"]
    )
    assert "https://w3id.org/evikg/result/yoon-2026-l276-2" in asked.stdout

    build(evidence, place)
    assert pooled_results(open_store(place)) == [kept]

    table = evidence / "yoon-2026" / "results.csv"
    text = table.read_text(encoding="utf-8")
    line = next(
        line for line in text.splitlines() if "Best overall response" in line and ",74," in line
    )
    table.write_text(text.replace(line, line.replace(",74,", ",75,")), encoding="utf-8")
    steps: list[str] = []
    build(evidence, place, steps.append)
    assert held(place) == 0
    assert f"{kept.asked} was pooled from results that have changed: pool it again" in steps
