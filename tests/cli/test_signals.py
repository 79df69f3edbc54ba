"""`evikg signals` on a quarter of forty cases, whose tables of two by two can be counted by hand.

Cases 1 to 6 are of inotuzumab ozogamicin (BESPONSA): veno-occlusive disease in 1 to 4, pyrexia in 4
to 6. Cases 7 to 12 are of blinatumomab (BLINCYTO): pyrexia in 7 to 10, headache in 11 and 12. The
others are of ASPIRIN: veno-occlusive disease in 13, pyrexia in 14 to 16, headache in 17 to 40.
Men have odd numbers. In case 1 ASPIRIN is concomitant, and of case 2 there is an older report.
"""

import csv
import io
import json
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from evikg.cli.main import cli
from evikg.graph import open_store
from evikg.graph.records import Group
from evikg.loaders.checks import recompute
from evikg.loaders.evidence import read_corpus, shipped_evidence
from evikg.queries import catalogue

# Ibis calls DuckDB 2 by a name that it is to leave.
pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")

HEADERS = {
    "DEMO": "primaryid$caseid$caseversion$i_f_code$event_dt$mfr_dt$init_fda_dt$fda_dt$rept_cod"
    "$auth_num$mfr_num$mfr_sndr$lit_ref$age$age_cod$age_grp$sex$e_sub$wt$wt_cod$rept_dt$to_mfr"
    "$occp_cod$reporter_country$occr_country",
    "DRUG": "primaryid$caseid$drug_seq$role_cod$drugname$prod_ai$val_vbm$route$dose_vbm"
    "$cum_dose_chr$cum_dose_unit$dechal$rechal$lot_num$exp_dt$nda_num$dose_amt$dose_unit$dose_form"
    "$dose_freq",
    "REAC": "primaryid$caseid$pt$drug_rec_act",
    "OUTC": "primaryid$caseid$outc_cod",
    "RPSR": "primaryid$caseid$rpsr_cod",
    "THER": "primaryid$caseid$dsg_drug_seq$start_dt$end_dt$dur$dur_cod",
    "INDI": "primaryid$caseid$indi_drug_seq$indi_pt",
}
VOD, PYREXIA, HEADACHE = "Venoocclusive liver disease", "Pyrexia", "Headache"
BESPONSA = "BESPONSA", "INOTUZUMAB OZOGAMICIN"
BLINCYTO = "BLINCYTO", "BLINATUMOMAB"


def events_of(case: int) -> list[str]:
    """Return the events of a case, as the head of this module says."""
    found = [VOD] if case in {1, 2, 3, 4, 13} else []
    found += [PYREXIA] if case in {*range(4, 11), 14, 15, 16} else []
    return found + ([HEADACHE] if case in {11, 12, *range(17, 41)} else [])


def quarter(folder: Path) -> Path:
    """Write the quarter as the FDA publishes one."""
    rows: dict[str, list[list[str]]] = {name: [] for name in HEADERS}

    def report(case: int, version: int, received: str, events: list[str]) -> None:
        key = [f"{case}{version}", str(case)]
        began = date(2022, 1, 1)
        event = began + timedelta(days=10 * case)
        demo = dict.fromkeys(HEADERS["DEMO"].split("$"), "")
        demo |= {"primaryid": key[0], "caseid": key[1], "caseversion": str(version),
                 "event_dt": f"{event:%Y%m%d}", "fda_dt": received, "age": "61", "age_cod": "YR",
                 "sex": "M" if case % 2 else "F", "occp_cod": "MD", "occr_country": "US"}  # fmt: skip
        rows["DEMO"].append(list(demo.values()))
        name, ingredient = BESPONSA if case <= 6 else BLINCYTO if case <= 12 else ("ASPIRIN", "")
        rows["DRUG"].append([*key, "1", "PS", name, ingredient, *[""] * 14])
        if case == 1:
            rows["DRUG"].append([*key, "2", "C", "ASPIRIN", *[""] * 15])
        rows["REAC"] += [[*key, event, ""] for event in events]
        rows["OUTC"].append([*key, "DE" if case == 1 else "HO"])
        rows["THER"].append([*key, "1", f"{began:%Y%m%d}", "", "", ""])
        leukemia = case <= 12
        rows["INDI"].append([*key, "1", "Acute lymphocytic leukaemia" if leukemia else "Pain"])

    for case in range(1, 41):
        report(case, 2, "20221001", events_of(case))
    report(2, 1, "20220901", [HEADACHE])
    for name, header in HEADERS.items():
        lines = [header, *("$".join(row) for row in rows[name])]
        place = folder / "ASCII" / f"{name}22Q4.txt"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("\r\n".join(lines) + "\r\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def faers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("faers")
    extract = quarter(tmp_path_factory.mktemp("quarter"))
    done = CliRunner().invoke(cli, ["load", "faers", str(extract), "--faers", str(folder)])
    assert done.exit_code == 0, done.output
    return folder


@pytest.fixture
def signals(faers: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVIKG_FAERS", str(faers))


def ask(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["signals", *arguments])


def table(*arguments: str) -> dict[str, dict[str, str]]:
    """Return the rows of an answer by event."""
    done = ask(*arguments, "--min-count", "1", "--format", "csv")
    assert done.exit_code == 0, done.output
    return {row["event"]: row for row in csv.DictReader(io.StringIO(done.stdout))}


def cells(row: dict[str, str]) -> list[int]:
    return [int(row[name]) for name in "abcd"]


@pytest.mark.usefixtures("signals")
@pytest.mark.parametrize(
    ("arguments", "event", "counted", "ror"),
    [
        # 4 of 6 cases of the drug, 1 of the 34 others: 4 x 33 / (2 x 1)
        (["besponsa"], VOD, [4, 2, 1, 33], "66.000"),
        (["Inotuzumab-Ozogamicin"], PYREXIA, [3, 3, 7, 27], "3.857"),
        # 7 events of the drug's cases, 41 of all: 4 x 33 / (3 x 1)
        (["besponsa", "--counting", "event"], VOD, [4, 3, 1, 33], "44.000"),
        # of 6 cases of the other drug: 3 x 2 / (3 x 4)
        (["besponsa", "--against", "blincyto"], PYREXIA, [3, 3, 4, 2], "0.500"),
        # an empty cell leaves the ratio undefined
        (["besponsa", "--against", "blincyto"], VOD, [4, 2, 0, 6], ""),
        (["besponsa", "--indication", "acute lymphocytic LEUKAEMIA"], VOD, [4, 2, 0, 6], ""),
        (["besponsa", "blincyto"], PYREXIA, [7, 5, 3, 25], "11.667"),
        # 28 cases as primary suspect, and case 1 as concomitant drug
        (["aspirin"], VOD, [1, 27, 4, 8], "0.0741"),
        (["aspirin", "--role", "ps,c"], VOD, [2, 27, 3, 8], "0.198"),
        (["besponsa", "--from", "2022q4", "--to", "2022q4"], VOD, [4, 2, 1, 33], "66.000"),
    ],
)
def test_counts_are_those_counted_by_hand(
    arguments: list[str], event: str, counted: list[int], ror: str
) -> None:
    row = table(*arguments)[event]
    assert cells(row) == counted
    assert row["ror"] == ror


@pytest.mark.usefixtures("signals")
def test_the_measures_of_a_pair() -> None:
    row = table("besponsa")[VOD]
    # By hand: (4/6) / (1/34); 40 (4 x 33 - 2 x 1)^2 / (6 x 34 x 5 x 35); E = 6 x 5 / 40 = 0.75 and
    # log2(4.5 / 1.25); the thresholds need three reports, a bound above 1, PRR 2, chi-squared 4
    assert (row["prr"], row["chi2"], row["ic"]) == ("22.667", "18.936", "1.848")
    assert {"ror", "evans"} <= set(row["reached"].split())
    assert HEADACHE not in table("besponsa")  # the older report of case 2 is out


@pytest.mark.usefixtures("signals")
def test_what_was_removed_and_what_a_ratio_is_not_is_told() -> None:
    done = ask("besponsa")
    assert "41 reports" in done.stderr
    assert "40 reports, 40 cases" in done.stderr
    assert "no incidence" in done.stderr
    assert "inotuzumab ozogamicin" in done.stderr


@pytest.mark.usefixtures("signals")
def test_only_what_reaches_a_threshold_and_by_what_measure() -> None:
    done = ask("besponsa", "--threshold", "ror", "--format", "csv")
    assert [row["event"] for row in csv.DictReader(io.StringIO(done.stdout))] == [VOD]
    done = ask("besponsa", "--measure", "a", "--format", "json", "--min-count", "1")
    assert [row["a"] for row in json.loads(done.stdout)] == ["4", "3"]


@pytest.mark.usefixtures("signals")
def test_strata_and_what_they_come_to_together() -> None:
    done = ask("besponsa", "--by", "sex", "--min-count", "4", "--format", "csv")
    rows = {row["stratum"]: row for row in csv.DictReader(io.StringIO(done.stdout))}
    # Men are the odd cases: 1, 3 of 1, 3, 5; case 13 of the 17 others
    assert cells(rows["M"]) == [2, 1, 1, 16]
    assert cells(rows["F"]) == [2, 1, 0, 17]
    # Mantel-Haenszel: (2 x 16 / 20 + 2 x 17 / 20) / (1 x 1 / 20 + 0) = 66
    assert rows["adjusted"]["ror"] == "66.000"


@pytest.mark.usefixtures("signals")
def test_time_to_onset_and_reports() -> None:
    done = ask("besponsa", "--onset", "--format", "csv")
    rows = {row["event"]: row for row in csv.DictReader(io.StringIO(done.stdout))}
    # Ten days for each number of a case: 10 to 60, and 10 to 40 with the disease
    assert (rows["all events"]["cases"], rows["all events"]["median"]) == ("6", "35.000")
    assert (rows[VOD]["cases"], rows[VOD]["median"]) == ("4", "25.000")
    done = ask("besponsa", "--reports", "outcome", "--format", "csv")
    rows = {row["outcome"]: row for row in csv.DictReader(io.StringIO(done.stdout))}
    assert {name: row["reports"] for name, row in rows.items()} == {"HO": "5", "DE": "1"}


@pytest.mark.usefixtures("signals")
def test_years_stand_in_order_and_what_is_unknown_is_said(tmp_path: Path) -> None:
    # Twice as many reports in the later year; nobody says who reported.
    folder = quarter(tmp_path / "quarter")
    demo = folder / "ASCII" / "DEMO22Q4.txt"
    text = demo.read_text(encoding="utf-8").replace("$MD$", "$$")
    lines = [
        line.replace("20221001", "20211001") if line.startswith(("12$", "32$")) else line
        for line in text.splitlines()
    ]
    demo.write_text("\n".join(lines) + "\n", encoding="utf-8")
    kept = str(tmp_path / "kept")
    assert CliRunner().invoke(cli, ["load", "faers", str(folder), "--faers", kept]).exit_code == 0
    done = ask("besponsa", "--reports", "year", "--format", "csv", "--faers", kept)
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [(row["year"], row["reports"]) for row in rows] == [("2021", "2"), ("2022", "4")]
    done = ask("besponsa", "--reports", "reporter", "--format", "csv", "--faers", kept)
    (row,) = csv.DictReader(io.StringIO(done.stdout))
    assert (row["reporter"], row["reports"], row["percent"]) == ("unknown", "6", "100.000")


@pytest.mark.usefixtures("signals")
def test_names_without_a_substance() -> None:
    done = ask("--unmapped", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [(row["name"], row["ingredients"]) for row in rows] == [("ASPIRIN", "")]


@pytest.mark.usefixtures("signals")
def test_all_pairs_go_to_a_file(tmp_path: Path) -> None:
    done = ask("--all", "--min-count", "3", "--output", str(tmp_path / "pairs.csv"))
    assert done.exit_code == 0, done.output
    with (tmp_path / "pairs.csv").open(encoding="utf-8", newline="") as file:
        pairs = {(row["drug"], row["event"]): int(row["a"]) for row in csv.DictReader(file)}
    assert pairs == {
        ("INOTUZUMAB OZOGAMICIN", VOD): 4, ("INOTUZUMAB OZOGAMICIN", PYREXIA): 3,
        ("BLINATUMOMAB", PYREXIA): 4, ("ASPIRIN", PYREXIA): 3, ("ASPIRIN", HEADACHE): 24,
    }  # fmt: skip


@pytest.mark.usefixtures("signals")
def test_a_picture(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    done = ask("besponsa", "--plot", str(tmp_path / "signals.svg"), "--against", "blincyto")
    assert done.exit_code == 0, done.output
    drawn = (tmp_path / "signals.svg").read_text(encoding="utf-8")
    assert PYREXIA in drawn
    # What a ratio compares is part of the picture.
    words = "FAERS 2022 Q4, primary suspect, inotuzumab ozogamicin against blinatumomab; case-level"
    assert words in drawn


@pytest.mark.usefixtures("signals")
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["bespona"], "no report names a drug 'bespona'; did you mean besponsa"),
        (["besponsa", "--indication", "leukaemia"], "no report gives the indication 'leukaemia'"),
        (["besponsa", "--from", "2023q1"], "no report is left"),
        (["besponsa", "--from", "2022q4", "--to", "2022q1"], "--from 2022q4 is after --to 2022q1"),
        (["besponsa", "--against", "blincyto", "--against", "BESPONSA"], "compared with itself"),
        (["besponsa", "--from", "2023"], "expected a quarter such as 2022q4"),
        (["besponsa", "--role", "XX"], "expected some of PS,SS,C,I"),
        (["besponsa", "--by", "sex", "--onset"], "different answers"),
        (["besponsa", "--by", "sex", "--record"], "neither recorded nor drawn"),
        (["--all"], "--output FILE.parquet"),
        ([], "name a DRUG"),
    ],
)
def test_what_cannot_be_asked_is_told(arguments: list[str], words: str) -> None:
    done = ask(*arguments)
    assert done.exit_code != 0
    assert words in f"{done.stderr}{done.exception}"


def test_without_files_it_says_what_to_do(tmp_path: Path) -> None:
    done = ask("besponsa", "--faers", str(tmp_path / "none"))
    assert done.exit_code != 0
    assert "evikg load faers" in str(done.exception)


@pytest.mark.usefixtures("signals")
def test_a_recorded_set_stays_in_the_graph_until_it_is_forgotten(
    shipped_graph: Path, tmp_path: Path
) -> None:
    store = tmp_path / "graph"
    shutil.copytree(shipped_graph, store)
    slug = "faers-2022q4-inotuzumab-ozogamicin"
    done = ask("besponsa", "--record", "--store", str(store), "--min-count", "1")
    assert done.exit_code == 0, done.output
    assert f"recorded as {slug}" in done.stderr

    def held() -> dict[str, list[str]]:
        answer = catalogue()["signals-by-measure"].run(
            open_store(str(store)), drug="inotuzumab-ozogamicin"
        )
        names = answer.columns
        rows = (dict(zip(names, row, strict=True)) for row in answer.values())
        return {
            row["event"]: [row[name] for name in ("a", "b", "c", "d", "ror")]
            for row in rows
            if row["study"].endswith(f"/{slug}")
        }

    recorded = {
        "veno-occlusive liver disease": ["4", "2", "1", "33", "66.000"],
        "pyrexia": ["3", "3", "7", "27", "3.857"],
    }
    assert held() == recorded
    build = ["build", "--store", str(store)]
    assert CliRunner().invoke(cli, build).exit_code == 0
    assert held() == recorded
    assert CliRunner().invoke(cli, [*build, "--afresh"]).exit_code == 0
    assert held() == {}


@pytest.mark.usefixtures("signals")
def test_a_set_is_written_as_evidence(tmp_path: Path) -> None:
    shutil.copytree(shipped_evidence(), tmp_path / "evidence")
    folder = tmp_path / "evidence" / "my-signals"
    evidence = ["--evidence", str(folder.parent)]
    recording = ["besponsa", "aspirin", "--each", "--record", "--output", str(folder), *evidence]
    for _ in ("new", "replaced"):
        done = ask(*recording)
        assert done.exit_code == 0, done.output
    corpus = read_corpus(folder.parent)
    found = [result for result in corpus.results if result.source == "my-signals"]
    # Four pairs with three reports; forty cases have too few pairs to fit a prior
    assert len(found) == 4 * 3
    assert recompute(found, corpus.of(Group).values()).checks == ()
    text = folder / "signals.csv"
    done = CliRunner().invoke(cli, ["verify", "my-signals", "--text", str(text), *evidence])
    assert done.exit_code == 0, done.output
