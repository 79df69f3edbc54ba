"""`evikg explore`, `path`, `similar` and `network` as users meet them, on the shipped corpus."""

import csv
import io
import json
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner

from evikg.cli.main import cli, main

#: Commands that are to fail, and the line they fail with.
REFUSED = [
    (
        "explore defibrotid",
        "error: nothing in the graph is called 'defibrotid'; nearest: defibrotide, defibrotide-use",
    ),
    (
        "explore drug:defibrotide --relation ev:studi",
        "error: no relation 'ev:studi'; nearest: ev:study",
    ),
    ("path vod-sos no:such", "error: nothing in the graph is called 'no:such'"),
    ("path vod-sos VOD", "Error: 'vod-sos' and 'VOD' are the same thing: variable:vod-sos"),
    ("explore --hops 2", "Error: name a TERM to start from"),
    ("explore vod-sos --kind nothing", "Error: no kind 'nothing'; kinds: source, study, group,"),
    ("similar defibrotide", "error: drug:defibrotide is no study with results; these are: study:"),
    ("explore ev", "error: nothing in the graph is called 'ev'"),
]


@pytest.fixture(scope="module")
def built(shipped_graph: Path) -> Path:
    return shipped_graph


@pytest.fixture(autouse=True)
def _store(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVIKG_STORE", str(built))


def run(words: str) -> tuple[str, str]:
    done = CliRunner().invoke(cli, words.split())
    assert done.exit_code == 0, done.output
    return done.stdout, done.stderr


def rows(words: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(run(f"{words} --format csv")[0])))


@pytest.mark.parametrize(("words", "line"), REFUSED)
def test_a_refusal_is_one_line_that_helps(
    words: str, line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["evikg", *words.split()])
    with pytest.raises(SystemExit) as ended:
        main()
    printed = capsys.readouterr()
    assert ended.value.code == 2
    assert printed.out == ""
    lines = [line for line in printed.err.splitlines() if "rror: " in line]
    assert len(lines) == 1
    assert lines[0].startswith(line)


def test_explore_shows_what_a_thing_is_joined_to() -> None:
    found = rows("explore defibrotide")
    assert {(r["relation"], r["thing"]) for r in found} == {
        ("^ev:concerns", "variable:defibrotide-use"),
        ("skos:exactMatch", "MESH:C036901"),
        ("skos:exactMatch", "CHEBI:753370"),
        ("skos:exactMatch", "UNII:L7CHH2B2J0"),
        ("skos:closeMatch", "NCIT:C1064"),
    }
    assert {r["from"] for r in found} == {"drug:defibrotide"}
    loaded = json.loads(run("explore defibrotide --format json")[0])
    assert [row["iri"] for row in loaded] == [row["iri"] for row in found]


def test_explore_lists_a_page_and_says_how_to_see_the_rest() -> None:
    """The Korean study has 374 rows in the curated files, counted with grep."""
    words = "explore kr-pms --relation study --kind result"
    shown, said = run(f"{words} --most 3 --format csv")
    assert len(shown.splitlines()) == 1 + 3
    assert said == "371 more: --relation '^ev:study' --kind result --most 374\n"
    everything, said = run(f"{words} --most 374 --format csv")
    assert (len(everything.splitlines()), said) == (1 + 374, "")


def test_a_synonym_says_what_it_was_taken_for() -> None:
    name = "veno-occlusive disease or sinusoidal obstruction syndrome of the liver"
    assert run("explore VOD")[1].startswith(f"VOD: variable:vod-sos, {name}\n")
    assert not run("explore vod-sos --most 1000")[1]


def test_hops_reach_the_numbers_on_defibrotide() -> None:
    """Ozcan 2025 prints four of 102, and by regimen 1 of 22, 2 of 42 and 1 of 38 patients."""
    found = rows("explore defibrotide --hops 2 --kind result")
    assert {r["label"].rpartition(": ")[2] for r in found} == {
        "count 4 (4 of 102)", "count 1 (1 of 22)", "count 2 (2 of 42)", "count 1 (1 of 38)",
    }  # fmt: skip
    assert {(r["hops"], r["from"]) for r in found} == {("2", "variable:defibrotide-use")}
    assert {r["kind"] for r in rows("explore defibrotide --hops 2")} > {"result"}


def test_without_a_term_the_classes_are_shown() -> None:
    found = rows("explore")
    counts = {r["kind"]: r["count"] for r in found if not r["relation"]}
    joined = {(r["kind"], r["relation"], r["to"]): r["count"] for r in found if r["relation"]}
    assert joined["result", "ev:group", "group"] == counts["result"]


def test_a_path_is_told_in_sentences_with_denominators() -> None:
    shown, _ = run("path defibrotide VOD")
    lines = shown.splitlines()
    assert lines[0].startswith("1. 2 steps, cost ")
    assert lines[1] == (
        "   drug “defibrotide” is the subject of variable “treatment with defibrotide”"
    )
    assert "count 4 (4 of 102)" in shown
    assert "line 87, counting patients [result:ozcan-2025-l87-1]" in shown


def test_a_path_has_rows_for_programs() -> None:
    found = rows("path defibrotide VOD --most 2")
    assert Counter(r["path"] for r in found)["1"] == 2
    first = [(r["from"], r["relation"], r["to"]) for r in found if r["path"] == "1"]
    base = "https://w3id.org/evikg"
    assert first == [
        (f"{base}/drug/defibrotide", "^ev:concerns", f"{base}/variable/defibrotide-use"),
        (f"{base}/variable/defibrotide-use", "ev:concerns", f"{base}/variable/vod-sos"),
    ]
    four = next(r for r in found if r["to"].endswith("/result/ozcan-2025-l87-1"))
    assert (four["printed"], four["line"], four["graph"]) == ("four", "87", "ozcan-2025")


def test_no_path_is_said_and_is_no_error() -> None:
    shown, said = run("path defibrotide vod-sos --longest 1")
    assert (shown, said) == ("", "no path of at most 1 steps; --longest takes more\n")


def test_similar_studies_are_ranked_and_say_what_they_share() -> None:
    """Both print new cases of ALL in a country; one adds deaths, the other the incidence rate."""
    found = rows("similar american-cancer-society-2025")
    cosines = [float(row["cosine"]) for row in found]
    assert cosines == sorted(cosines, reverse=True)
    best = found[0]
    assert best["study"].endswith("/study/korea-central-cancer-registry-2024")
    assert (best["variables"], best["shared"]) == ("0.333", "1")
    assert best["shared_variables"] == "new cases of acute lymphoblastic leukemia"


def test_reports_of_one_trial_are_told_as_such() -> None:
    found = {row["study"].rpartition("/")[2]: row for row in rows("similar phase4-lowdose")}
    assert found["ozcan-2021-interim"]["joined"] == "is reported by"


def test_networks_are_listed_measured_and_split() -> None:
    edges = rows("network terms --at-least 5")
    assert all(int(row["weight"]) >= 5 for row in edges)
    measured = rows("network terms --at-least 5 --measure degree")
    ends = {row[end] for row in edges for end in ("thing", "other")}
    assert {row["thing"] for row in measured} == ends
    groups = rows("network studies --measure communities")
    sizes = Counter(row["community"] for row in groups)
    assert {row["community"]: int(row["size"]) for row in groups} == sizes
