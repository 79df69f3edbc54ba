"""Generated quarterly extracts are what they say, and every way finds the same pairs in them."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pl = pytest.importorskip("polars")
pytest.importorskip("duckdb")
pytest.importorskip("pandas")

from benchmarks.faers.generate import generate
from benchmarks.faers.names import words
from benchmarks.faers.run import differing, pairs, report
from benchmarks.faers.ways import WAYS
from benchmarks.watch import Taken, watch

SCALE = 0.001
#: The columns of the FDA's files of 2022 Q4, as its document ASC_NTS.pdf gives them.
COLUMNS = {
    "DEMO": "primaryid caseid caseversion i_f_code event_dt mfr_dt init_fda_dt fda_dt rept_cod "
    "auth_num mfr_num mfr_sndr lit_ref age age_cod age_grp sex e_sub wt wt_cod rept_dt to_mfr "
    "occp_cod reporter_country occr_country",
    "DRUG": "primaryid caseid drug_seq role_cod drugname prod_ai val_vbm route dose_vbm "
    "cum_dose_chr cum_dose_unit dechal rechal lot_num exp_dt nda_num dose_amt dose_unit dose_form "
    "dose_freq",
    "REAC": "primaryid caseid pt drug_rec_act",
    "OUTC": "primaryid caseid outc_cod",
    "RPSR": "primaryid caseid rpsr_cod",
    "THER": "primaryid caseid dsg_drug_seq start_dt end_dt dur dur_cod",
    "INDI": "primaryid caseid indi_drug_seq indi_pt",
}


@pytest.fixture(scope="module")
def extracts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("extracts")
    generate(folder, SCALE)
    return folder


def rows(extracts: Path, table: str) -> Iterator[dict[str, str]]:
    for file in sorted(extracts.glob(f"*/ASCII/{table}*.txt")):
        header, *lines = file.read_text(encoding="ascii").splitlines()
        for line in lines:
            yield dict(zip(header.split("$"), line.split("$"), strict=True))


def test_the_same_seed_gives_the_same_bytes(extracts: Path, tmp_path: Path) -> None:
    def contents(folder: Path) -> dict[str, bytes]:
        files = sorted(folder.rglob("*.txt"))
        return {str(file.relative_to(folder)): file.read_bytes() for file in files}

    generate(tmp_path / "again", SCALE)
    assert len(contents(extracts)) == 4 * 8
    assert contents(tmp_path / "again") == contents(extracts)
    generate(tmp_path / "other", SCALE, seed=2)
    assert contents(tmp_path / "other") != contents(extracts)


def test_counts_are_those_of_the_files(extracts: Path, tmp_path: Path) -> None:
    counts = generate(tmp_path, SCALE)
    assert (counts["DEMO"], counts["DRUG"], counts["REAC"]) == (2_200, 8_000, 7_000)
    assert {name: len(list(rows(extracts, name))) for name in COLUMNS} | {"DELETED": 4} == counts
    lists = [file.read_text().split() for file in sorted(extracts.glob("*/Deleted/*.txt"))]
    caseids = {row["caseid"] for row in rows(extracts, "DEMO")}
    assert len(caseids) == 2_000
    assert [[case in caseids for case in cases] for cases in lists] == [[False]] * 3 + [[True]]


@pytest.mark.parametrize("table", COLUMNS)
def test_columns_are_the_fdas(extracts: Path, table: str) -> None:
    for file in extracts.glob(f"*/ASCII/{table}*.txt"):
        assert file.read_text(encoding="ascii").partition("\n")[0] == "$".join(
            COLUMNS[table].split()
        )


def test_follow_ups_come_later_some_in_another_quarter(extracts: Path) -> None:
    versions: dict[str, list[tuple[int, str, int]]] = {}
    for row in rows(extracts, "DEMO"):
        assert row["primaryid"] == row["caseid"] + row["caseversion"]
        versions.setdefault(row["caseid"], []).append(
            (int(row["caseversion"]), row["fda_dt"], (int(row["fda_dt"][4:6]) - 1) // 3)
        )
        assert row["init_fda_dt"] <= row["fda_dt"]
    followed = [sorted(found) for found in versions.values() if len(found) > 1]
    assert all([v for v, _, _ in found] == list(range(1, len(found) + 1)) for found in followed)
    assert all(sorted(d for _, d, _ in found) == [d for _, d, _ in found] for found in followed)
    assert any(found[0][1] == found[1][1] for found in followed)
    assert any(found[0][2] < found[-1][2] for found in followed)


def test_every_report_has_one_primary_suspect_and_a_reaction(extracts: Path) -> None:
    reports = sorted(row["primaryid"] for row in rows(extracts, "DEMO"))
    suspects = [row["primaryid"] for row in rows(extracts, "DRUG") if row["role_cod"] == "PS"]
    assert sorted(suspects) == reports
    assert {row["primaryid"] for row in rows(extracts, "REAC")} == set(reports)


def test_a_few_drugs_are_in_many_reports(extracts: Path) -> None:
    ingredients = [row["prod_ai"] for row in rows(extracts, "DRUG")]
    often = sorted((ingredients.count(name) for name in set(ingredients)), reverse=True)
    assert often[0] > 100 and often[200] < 10


def test_words_all_differ() -> None:
    assert len(set(words(50_000, 3))) == 50_000
    with pytest.raises(ValueError, match="only 4,900 words have 2 syllables"):
        next(words(5_000, 2))


@pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")  # Ibis on DuckDB 2
def test_the_ways_find_the_same_pairs(extracts: Path, tmp_path: Path) -> None:
    found = {}
    for way in [name for name in WAYS if name != "spark"]:
        WAYS[way](extracts, tmp_path / "kept", tmp_path / way)
        found[way] = pairs(tmp_path / way)
    assert len(found["sql"]) > 300
    assert list(differing(found)) == []


def test_pairs_are_those_counted_by_hand(extracts: Path, tmp_path: Path) -> None:
    latest: dict[str, tuple[str, int]] = {}
    for row in rows(extracts, "DEMO"):
        last = (row["fda_dt"], int(row["primaryid"]))
        latest[row["caseid"]] = max(latest.get(row["caseid"], last), last)
    for file in extracts.glob("*/Deleted/*.txt"):
        for case in file.read_text().split():
            latest.pop(case, None)
    kept = {str(primaryid) for _, primaryid in latest.values()}
    WAYS["sql"](extracts, tmp_path, tmp_path / "pairs")
    table = pairs(tmp_path / "pairs").sort("a", descending=True)
    drug, event, a, b, c, d, ror, low, high = table.row(0)
    with_drug = {r["primaryid"] for r in rows(extracts, "DRUG") if r["prod_ai"] == drug} & kept
    with_event = {r["primaryid"] for r in rows(extracts, "REAC") if r["pt"] == event} & kept
    both = len(with_drug & with_event)
    assert (a, b, c) == (both, len(with_drug) - both, len(with_event) - both)
    assert a + b + c + d == len(kept) == 1_999
    assert ror == pytest.approx(a * d / (b * c))
    # Woolf's interval is symmetric about the ratio on the scale of logarithms.
    assert low * high == pytest.approx(ror**2)


def test_a_difference_is_told(extracts: Path, tmp_path: Path) -> None:
    WAYS["sql"](extracts, tmp_path, tmp_path / "pairs")
    right = pairs(tmp_path / "pairs")
    counted = right.with_columns(a=pl.col("a") + (pl.col("drug") == right["drug"][0]))
    rated = right.with_columns(ror_low=pl.col("ror_low") * 1.001)
    fewer = list(differing({"sql": right, "fewer": right[1:], "other": counted, "off": rated}))
    assert len(fewer) == 3
    assert fewer[0].startswith(f"fewer has {len(right) - 1:,} pairs, sql {len(right):,}")
    assert fewer[2].startswith("off differs from sql in ror_low")


def test_goals_are_judged_by_the_reference_of_the_run() -> None:
    taken = {
        "sql": [Taken(8, 9, 100)],
        "ascii": [Taken(10, 9, 5_000)],
        "parquet": [Taken(2, 2, 50)],
    }
    lines = list(report(1.0, taken, {way: pl.DataFrame({"a": [3]}) for way in taken}))
    assert "- **missed**: ascii is 1 x as fast as sql (0.80)" in lines
    assert "- **missed**: ascii stays under 4,096 MB (5,000)" in lines
    assert "- met: parquet is 3 x as fast as sql (4.00)" in lines


def test_memory_of_children_counts() -> None:
    child = "x = b'1' * 60_000_000; import time; time.sleep(0.4)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    assert watch([sys.executable, "-c", parent]).peak_mb > 60
    with pytest.raises(SystemExit, match="ended with 3"):
        watch([sys.executable, "-c", "import sys; sys.exit(3)"])
