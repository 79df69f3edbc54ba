"""`evikg survival`: estimates from a digitised curve, beside what the papers print."""

import csv
import io
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from evikg.cli.main import cli
from evikg.loaders.evidence import shipped_evidence


@pytest.fixture(scope="module")
def store(shipped_graph: Path) -> str:
    return str(shipped_graph)


def evikg(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["survival", *arguments])


def rows(done: Result) -> list[dict[str, str]]:
    assert done.exit_code == 0, done.output
    return list(csv.DictReader(io.StringIO(done.stdout)))


def by_hand(group: str, month: float) -> float:
    """Multiply (at risk - 1) / at risk over the deaths up to a month, as on paper."""
    path = shipped_evidence() / "ino-vate-digitised" / "survival.csv"
    with path.open(encoding="utf-8", newline="") as file:
        people = [
            (float(r["time"]), r["event"]) for r in csv.DictReader(file) if r["group"] == group
        ]
    survival, at_risk = 1.0, len(people)
    # Deaths come before those who leave at the same time.
    for time, event in sorted(people, key=lambda person: (person[0], person[1] == "0")):
        if time > month:
            break
        survival *= (at_risk - 1) / at_risk if event == "1" else 1
        at_risk -= 1
    return survival


def test_rates_are_the_product_of_what_survives_each_death(store: str) -> None:
    found = rows(evikg("ino-vate-digitised", "--store", store, "--format", "csv", "--at", "18"))
    values = {r["group"]: r["value"] for r in found if r["time"] == "18 months"}
    expected = [by_hand(f"ino-vate-{arm}-randomized", 18) for arm in ("ino", "soc")]
    assert list(values.values()) == [f"{100 * value:.1f}" for value in expected]


def test_estimates_agree_with_the_printed_intervals(store: str) -> None:
    found = rows(evikg("ino-vate-digitised", "--store", store, "--format", "csv"))
    printed = {
        # yoon-2026, line 43: median OS 7.7 (6.0 to 9.2) and 6.7 (4.9 to 8.3) months; hazard ratio
        # 0.77 (97.5% CI 0.58 to 1.03); two-year survival 23% (16 to 30) and 10% (5 to 16)
        ("median", ""): [(6.0, 9.2), (4.9, 8.3)],
        ("survival probability", "24 months"): [(16.0, 30.0), (5.0, 16.0)],
        ("hazard ratio", ""): [(0.58, 1.03)],
    }
    for (statistic, time), bounds in printed.items():
        estimated = [
            float(r["value"])
            for r in found
            if (r["origin"], r["statistic"], r["time"]) == ("estimated", statistic, time)
        ]
        assert len(estimated) == len(bounds)
        for value, (low, high) in zip(estimated, bounds, strict=True):
            assert low <= value <= high
    assert {r["source"] for r in found if r["origin"] == "printed"} == {"yoon-2026"}


def test_estimates_stand_beside_what_is_printed_of_the_same(store: str) -> None:
    found = rows(evikg("ino-vate-digitised", "--store", store, "--format", "csv"))
    order = [(r["statistic"], r["origin"]) for r in found]
    assert order[:4] == [("median", "estimated")] * 2 + [("median", "printed")] * 2
    # 24 months, and the "2 years" of yoon-2026, line 43
    assert [r["time"] for r in found[-6:-2]] == ["24 months"] * 2 + ["2 years"] * 2
    assert order[-2:] == [("hazard ratio", "estimated"), ("hazard ratio", "printed")]


def test_a_picture_has_the_curves_and_the_numbers_at_risk(store: str, tmp_path: Path) -> None:
    picture = tmp_path / "curve.svg"
    done = evikg("ino-vate-digitised", "--store", store, "--plot", str(picture))
    assert done.exit_code == 0
    text = picture.read_text(encoding="utf-8")
    for words in ("Number at risk", ">164<", ">162<", "standard of care", "digitised figure"):
        assert words in text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ozcan-2025"], "no source 'ozcan-2025' with times of patients (sources: ino-vate"),
        (["ino-vate-digitised", "--plot", "curve.gif"], "a picture's name ends in"),
        (["ino-vate-digitised", "--plot", "missing/curve.svg"], "there is no folder missing"),
        (["ino-vate-digitised", "--at", "-1"], "not in the range"),
        (["ino-vate-digitised", "--level", "100"], "not in the range"),
    ],
)
def test_wrong_usage_is_one_line(store: str, arguments: list[str], words: str) -> None:
    done = evikg(*arguments, "--store", store)
    assert done.exit_code != 0
    assert words in f"{done.output}{done.exception}"
