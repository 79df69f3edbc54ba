"""`signals.csv` of a source: each row's measures are results, and each fault is named."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evikg.analysis import reports
from evikg.graph.records import Drug, Group, Result, Study, Variable
from evikg.loaders.checks import recompute
from evikg.loaders.evidence import read_corpus, shipped_evidence
from evikg.loaders.faers.recording import Described, Exposed, printed, signals_text, write_set
from evikg.loaders.faults import EvidenceError, Fault
from evikg.loaders.models import SignalDrugModel, SignalsModel
from evikg.loaders.signals_csv import COLUMNS, read_signals
from evikg.ontology import Counting, IntervalKind, Statistic

#: Rifabutin and uveitis, the example of doi:10.1002/pds.677: PRR 586, by hand ROR 2299.
UVEITIS = {
    "drug": "rifabutin", "event": "Uveitis", "a": "41", "b": "14", "c": "754", "d": "591958",
    "ror": "2299.2", "ror_low": "1247.4", "ror_high": "4237.7",
    "prr": "586.0", "prr_low": "500.2", "prr_high": "686.5", "chi2": "22740", "chi2_yates": "",
    "ic": "5.13", "ic025": "4.64", "ic975": "5.51",
}  # fmt: skip
DESCRIBED = SignalsModel(
    study="s", drugs=[SignalDrugModel(drug="rifabutin", group="g", comparator="o")]
)
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(*rows: dict[str, str], columns: list[str] = COLUMNS) -> Path:
        path = tmp_path / "set" / "signals.csv"
        path.parent.mkdir(exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="")
            writer.writeheader()
            writer.writerows(rows)
        return path

    return written


def read(path: Path) -> tuple[list[tuple[int, Result]], list[Fault]]:
    faults: list[Fault] = []
    return read_signals(path, "set", DESCRIBED, str.lower, faults), faults


def test_a_row_is_a_result_for_each_measure(write: Write) -> None:
    found, faults = read(write(UVEITIS))
    assert faults == []
    assert [(line, result.slug, result.statistic) for line, result in found] == [
        (2, "set-l2-1", Statistic.REPORTING_ODDS_RATIO),
        (2, "set-l2-2", Statistic.PROPORTIONAL_REPORTING_RATIO),
        (2, "set-l2-3", Statistic.INFORMATION_COMPONENT),
    ]
    odds, proportional, component = (result for _, result in found)
    assert (odds.events, odds.cell_b, odds.cell_c, odds.cell_d) == (41, 14, 754, 591958)
    assert odds.printed == "41 | 2299.2 | 1247.4 | 4237.7"
    assert (odds.group, odds.comparator, odds.variable) == ("g", "o", "uveitis")
    assert (odds.total, odds.count_unit, odds.derived_from) == (None, "reports", "set")
    assert (odds.interval_kind, odds.interval_level) == (IntervalKind.CONFIDENCE, 95)
    assert component.interval_kind is IntervalKind.CREDIBILITY
    assert proportional.note == "chi-squared 22740"


def test_the_interval_of_an_empirical_bayes_mean_is_of_90_percent(write: Write) -> None:
    bayes = {"ebgm": "400.1", "eb05": "300.2", "eb95": "500.3"}
    (_, result) = read(write({**UVEITIS, **bayes}))[0][-1]
    assert result.statistic is Statistic.EMPIRICAL_BAYES_GEOMETRIC_MEAN
    assert (result.interval_kind, result.interval_level) == (IntervalKind.CREDIBILITY, 90)


@pytest.mark.parametrize(
    ("change", "column", "words"),
    [
        ({"drug": "rifabutine"}, 1, "did you mean 'rifabutin'?"),
        ({"drug": ""}, 1, "is empty"),
        ({"event": ""}, 2, "is empty"),
        ({"a": "0"}, 3, "reported at least once"),
        ({"b": ""}, 4, "is empty"),
        ({"c": "-1"}, 5, "expected a whole number"),
        ({"d": "591,958"}, 6, "expected a whole number"),
        ({"ror": "much"}, 7, "expected a number as printed"),
        ({"ror": "-1.0"}, 7, "not below 0"),
        ({"ror_low": ""}, 8, "is empty, but ror, ror_high is given"),
        ({"prr": ">500"}, 10, "without a sign"),
        ({"chi2": "-2"}, 13, "not below 0"),
        ({"ebgm": "2.0", "eb05": "1.0"}, 20, "is empty, but ebgm, eb05 is given"),
    ],
)
def test_a_fault_is_named_with_line_and_column(
    write: Write, change: dict[str, str], column: int, words: str
) -> None:
    found, faults = read(write({**UVEITIS, **change}))
    assert found == []
    assert any((f.line, f.column) == (2, column) and words in f.expected for f in faults), faults


def test_faults_between_rows_are_named(write: Write) -> None:
    other = {**UVEITIS, "event": "Rash", "a": "40"}  # a + b is 54, but 55 above
    _, faults = read(write(UVEITIS, UVEITIS, other))
    assert [(f.line, f.field) for f in faults] == [(3, "event"), (4, "b")]


def test_a_row_without_a_measure_and_a_wrong_header_are_faults(write: Write) -> None:
    empty = {name: UVEITIS[name] if name in {"drug", "event", *"abcd"} else "" for name in UVEITIS}
    assert ["holds no measure" in f.expected for f in read(write(empty))[1]] == [True]
    _, faults = read(write(columns=[*COLUMNS[:-1], "eb96"]))
    assert {"did you mean 'eb95'" in f.expected or "missing" in f.expected for f in faults} == {
        True
    }


@given(st.lists(st.integers(1, 2_000_000), min_size=4, max_size=4))
def test_what_is_written_is_read_and_recomputes(cells: list[int]) -> None:
    a, b, c, d = cells
    odds = reports.reporting_odds_ratio(a, b, c, d)
    ratio = reports.proportional_reporting_ratio(a, b, c, d)
    assert odds is not None
    assert ratio is not None
    row = {
        "drug": "rifabutin", "event": "Event 2, of 3", "a": a, "b": b, "c": c, "d": d,
        "ror": odds.value, "ror_low": odds.low, "ror_high": odds.high,
        "prr": ratio.value, "prr_low": ratio.low, "prr_high": ratio.high,
    }  # fmt: skip
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "signals.csv"
        path.write_text(signals_text([row]), encoding="utf-8")
        found, faults = read(path)
    assert faults == []
    results = [result for _, result in found]
    assert [(r.events, r.cell_b, r.cell_c, r.cell_d) for r in results] == [(a, b, c, d)] * 2
    done = recompute(results, [])
    assert [check for check in done.checks if check.rule == "two-by-two"] == []
    assert {slug for slug, rule in done.passed if rule == "two-by-two"} == {r.slug for r in results}


@given(st.floats(1e-9, 1e9))
def test_a_printed_measure_keeps_three_digits(number: float) -> None:
    assert float(printed("ror", number)) == pytest.approx(number, rel=6e-3)
    assert "e" not in printed("ror", number)


# Counted in the table of FAERS 2022 Q3 (case, primary suspect, event) with csv and Counter alone: the
# cases of Besponsa and Inotuzumab ozogamicin, or of Blincyto and Blinatumomab, with and without the
# event, and those of the 215,867 cases that are left; ROR = ad / bc.
@pytest.mark.parametrize(
    ("drug", "event", "cells", "ror"),
    [
        ("inotuzumab ozogamicin", "Death", (8, 12, 15969, 199878), "8.344"),
        ("inotuzumab ozogamicin", "Pyrexia", (3, 17, 8258, 207589), "4.436"),
        ("inotuzumab ozogamicin", "Hyperbilirubinaemia", (1, 19, 177, 215670), "64.130"),
        ("blinatumomab", "Neurotoxicity", (10, 82, 384, 215391), "68.404"),
        ("blinatumomab", "Haemorrhage", (4, 88, 2068, 213707), "4.697"),
    ],
)
def test_the_shipped_counts_are_those_of_the_file(
    drug: str, event: str, cells: tuple[int, ...], ror: str
) -> None:
    path = shipped_evidence() / "faers-2022q3" / "signals.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = {(row["drug"], row["event"]): row for row in csv.DictReader(file)}
    row = rows[drug, event]
    assert (tuple(int(row[name]) for name in "abcd"), row["ror"]) == (cells, ror)


def test_the_shipped_set_says_how_it_was_counted() -> None:
    corpus = read_corpus(shipped_evidence())
    study = corpus.of(Study)["faers-2022q3"]
    assert (study.counting, study.drug_role) == (Counting.CASE, "primary suspect")
    assert corpus.of(Study)["faers-2024q3"].counting is Counting.EVENT
    variables = {x.printed_term: x.variable for x in corpus.results if x.source == "faers-2022q3"}
    # British in FAERS, American in the catalogue; and a term that only this set has
    assert (variables["Haemorrhage"], variables["Anaemia"]) == ("hemorrhage", "anemia")
    assert corpus.of(Variable)[variables["Ascites"]].label == "Ascites"
    assert corpus.of(Group)["faers-2022q3-blinatumomab"].size == 92


def small_set(folder: Path) -> Path:
    """Write evidence that holds nothing but a set of signals."""
    drug = Exposed("rifabutin", Drug(slug="rifabutin", label="rifabutin"), 55, 592712)
    described = Described(
        slug="set", title="A set", database="WHO", drug_role="suspect", term_level="term",
        deduplication="none", counting="case-level", start="1996-01", end="1996-12", drugs=(drug,),
    )  # fmt: skip
    row = {"drug": "rifabutin", "event": "Uveitis", "a": 41, "b": 14, "c": 754, "d": 591958,
           "ic": 5.13, "ic025": 4.64, "ic975": 5.51}  # fmt: skip
    write_set(folder / "set", described, [row])
    return folder


def test_a_set_can_stand_alone_or_be_added(tmp_path: Path) -> None:
    alone = read_corpus(small_set(tmp_path / "evidence"))
    assert [result.variable for result in alone.results] == ["uveitis"]
    both = read_corpus(shipped_evidence(), [tmp_path / "evidence" / "set"])
    assert "set" in {source.slug for source in both.sources}
    with pytest.raises(EvidenceError, match="a source of the evidence already"):
        read_corpus(tmp_path / "evidence", [tmp_path / "evidence" / "set"])


def test_what_describes_a_set_must_be_declared(tmp_path: Path) -> None:
    path = small_set(tmp_path) / "set" / "source.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("group: set-rifabutin\n", "group: set-rifampicin\n"))
    with pytest.raises(EvidenceError) as caught:
        read_corpus(tmp_path)
    (fault,) = caught.value.faults
    assert (fault.field, fault.value) == ("signals.drugs.0.group", "set-rifampicin")
    assert path.read_text(encoding="utf-8").split("\n")[fault.line - 1].strip() == (
        "group: set-rifampicin"
    )


def test_a_file_that_nothing_describes_is_a_fault(tmp_path: Path) -> None:
    path = small_set(tmp_path) / "set" / "source.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.partition("signals:\n")[0])
    with pytest.raises(EvidenceError, match="is described nowhere"):
        read_corpus(tmp_path)
