"""Cases made ready from kept tables."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from evikg.loaders.faers.making import Choices
from evikg.loaders.faers.reports import Reports, open_reports, prepare
from evikg.loaders.faults import EvidenceError

from .kept import keep, read

#: Ibis asks DuckDB 2 by a name that DuckDB has given up.
pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")
UNII = Path(__file__).parents[2] / "data" / "faers" / "UNII_Names.txt"


def demo(
    primaryid: int, caseid: int, fda_dt: str | None = "20200101", **more: Any
) -> dict[str, Any]:
    return {"primaryid": primaryid, "caseid": caseid, "fda_dt": fda_dt, **more}


def drug(primaryid: int, name: str, prod_ai: str | None = None, seq: int = 1) -> dict[str, Any]:
    return {
        "primaryid": primaryid, "drug_seq": seq, "role_cod": "PS", "drugname": name,
        "prod_ai": prod_ai,
    }  # fmt: skip


def reac(primaryid: int, *terms: str) -> list[dict[str, Any]]:
    return [{"primaryid": primaryid, "pt": term} for term in terms]


def counts(folder: Path, choices: Choices | None = None) -> list[tuple[str, int, int]]:
    return [(step.step, step.reports, step.cases) for step in prepare(folder, choices=choices)]


def named(reports: Reports) -> list[tuple[int, str, str | None]]:
    """Return the drugs of reports by name."""
    rows = read(reports.drugs.join(reports.substances, "drug"))
    return sorted((row["primaryid"], row["substance"], row["unii"]) for row in rows)


def test_every_step_counts_what_it_leaves(tmp_path: Path) -> None:
    # Counted by hand: report 12 stands in two quarters, case 2 is deleted, reports 31 and 41 tell
    # the same.
    same = {"event_dt": "20190101", "sex": "F", "age": "61", "age_cod": "YR", "occr_country": "US"}
    keep(
        tmp_path, "2019q4", demo=[demo(11, 1), demo(12, 1, "20200201"), demo(21, 2)],
        drug=[drug(11, "X"), drug(12, "OLD COPY"), drug(21, "X")], reac=reac(12, "Old copy"),
    )  # fmt: skip
    keep(
        tmp_path, "2020q1",
        demo=[demo(12, 1, "20200201"), demo(31, 3, **same), demo(41, 4, **same)],
        drug=[drug(12, "ASPIRIN"), drug(31, "A"), drug(41, "a.")],
        reac=[*reac(12, "Rash", "rash", "Pyrexia"), *reac(31, "Rash"), *reac(41, "RASH")],
        deleted=[{"caseid": 2}, {"caseid": 99}],
    )  # fmt: skip
    steps = [("read", 6, 4), ("repeated", 5, 4), ("deleted", 4, 3), ("latest", 3, 3)]
    assert counts(tmp_path) == steps
    reports = open_reports(tmp_path)
    assert [(step.step, step.reports, step.cases) for step in reports.steps] == steps
    assert [(row["primaryid"], row["quarter"]) for row in read(reports.cases)] == [
        (12, "2020q1"), (31, "2020q1"), (41, "2020q1"),
    ]  # fmt: skip
    # Rows of the older copy of report 12 are out with it; a reaction counts once in a report.
    assert named(reports) == [(12, "ASPIRIN", None), (31, "A", None), (41, "A", None)]
    terms = {row["event"]: row["term"] for row in read(reports.terms)}
    found = sorted((row["primaryid"], terms[row["event"]]) for row in read(reports.reactions))
    assert found == [(12, "Pyrexia"), (12, "Rash"), (31, "Rash"), (41, "Rash")]
    assert counts(tmp_path, Choices(alike=True)) == [*steps, ("alike", 2, 2)]
    reports = open_reports(tmp_path)
    assert {row["primaryid"] for row in read(reports.cases)} == {12, 41}
    assert {row["primaryid"] for row in read(reports.drugs)} == {12, 41}
    assert {row["primaryid"] for row in read(reports.reactions)} == {12, 41}


def test_drugs_are_substances_and_how_is_told(tmp_path: Path) -> None:
    keep(
        tmp_path, "2022q4", demo=[demo(1, 1), demo(2, 2)],
        drug=[drug(1, "Besponsa"), drug(1, "PERCOCET", r"ACETAMINOPHEN\OXYCODONE", 2),
              drug(2, "NEWDRUG"), drug(2, "newdrug.", seq=2)],
    )  # fmt: skip
    prepare(tmp_path, choices=Choices(names=UNII))
    reports = open_reports(tmp_path)
    assert named(reports) == [
        (1, "ACETAMINOPHEN", "362O9ITL9D"), (1, "INOTUZUMAB OZOGAMICIN", "P93RUU11P7"),
        (1, "OXYCODONE", "CD35PMG570"), (2, "NEWDRUG", None), (2, "NEWDRUG", None),
    ]  # fmt: skip
    names = {(row["drugname"], row["how"], row["rows"]) for row in read(reports.drugnames)}
    assert names == {
        ("Besponsa", "brand", 1), ("PERCOCET", "ingredient", 1), ("NEWDRUG", "unmapped", 1),
        ("newdrug.", "unmapped", 1),
    }  # fmt: skip
    assert reports.made["drug_names"] == {
        "by": "UNII names",
        "how": {"brand": {"names": 1, "rows": 1}, "ingredient": {"names": 1, "rows": 1},
                "unmapped": {"names": 2, "rows": 2}},
    }  # fmt: skip
    # The names are kept: they hold though none are given.
    assert prepare(tmp_path) and named(open_reports(tmp_path)) == named(reports)


def test_without_unii_names_that_is_said(tmp_path: Path) -> None:
    prepare(keep(tmp_path, "2022q4", demo=[demo(1, 1)], drug=[drug(1, "X", "Y")]))
    reports = open_reports(tmp_path)
    assert named(reports) == [(1, "Y", None)]
    assert reports.made["drug_names"]["by"] == "prod_ai and drugname alone"


#: Ages as given, in years, and their group; by hand, a year being 365.25 days.
AGES: list[tuple[str | None, str | None, float | None, str | None]] = [
    # By hand: a year is 365.25 days.
    ("61", "YR", 61, "18-64"), ("8", "DEC", 80, ">=65"), ("18", "MON", 1.5, "<18"),
    ("17.99", "YR", 17.99, "<18"), ("18", "YR", 18, "18-64"), ("64.9", "YR", 64.9, "18-64"),
    ("65", "YR", 65, ">=65"), ("487", "DY", 487 / 365.25, "<18"), ("26", "WK", 182 / 365.25, "<18"),
    ("12", "HR", 12 / 8766, "<18"), ("0", "YR", 0, "<18"),
    ("-1", "YR", None, None), ("150", "YR", None, None), ("61", None, None, None),
    ("61", "XX", None, None), ("old", "YR", None, None), (None, "YR", None, None),
]  # fmt: skip
#: Facts of a report as given, and what they become.
FACTS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"age_grp": "T"}, {"age_years": None, "age_group": "<18"}),
    ({"age_grp": "E"}, {"age_group": ">=65"}),
    ({"age": "30", "age_cod": "YR", "age_grp": "E"}, {"age_group": "18-64"}),
    ({"sex": "F"}, {"sex": "F"}), ({"sex": "UNK"}, {"sex": None}), ({"sex": "NS"}, {"sex": None}),
    ({"wt": "70", "wt_cod": "KG"}, {"weight_kg": 70}),
    ({"wt": "100", "wt_cod": "LBS"}, {"weight_kg": 45.359237}),
    ({"wt": "3500", "wt_cod": "GMS"}, {"weight_kg": 3.5}),
    ({"wt": "7000", "wt_cod": "KG"}, {"weight_kg": None}),
    # The country of the event before that of the reporter; regions are those of UN M49.
    ({"occr_country": "JP", "reporter_country": "US"}, {"country": "JP", "region": "Asia"}),
    ({"reporter_country": "US"}, {"country": "US", "region": "Americas"}),
    ({"reporter_country": "UNITED KINGDOM"}, {"country": "GB", "region": "Europe"}),
    ({"reporter_country": "Cyprus"}, {"country": "CY", "region": "Asia"}),
    ({"reporter_country": "COUNTRY NOT SPECIFIED"},
     {"country": "COUNTRY NOT SPECIFIED", "region": None}),
    ({}, {"country": None, "region": None, "year": 2020, "quarter": "2022q4"}),
    ({"fda_dt": None}, {"year": 2022}), ({"fda_dt": "2019"}, {"year": 2019}),
    ({"occp_cod": "PH", "event_dt": "201907"}, {"reporter": "PH", "event_dt": "201907"}),
]  # fmt: skip


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[dict[str, Any]], Any]:
    """Return the cases of reports with all ages, then of those with all facts; what was counted."""
    given = [{"age": age, "age_cod": unit} for age, unit, *_ in AGES] + [row for row, _ in FACTS]
    folder = tmp_path_factory.mktemp("facts")
    keep(folder, "2022q4", demo=[demo(n, n, **row) for n, row in enumerate(given)])
    prepare(folder)
    reports = open_reports(folder)
    found = {row["primaryid"]: row for row in read(reports.cases)}
    return [found[n] for n in range(len(given))], reports.made


def test_an_age_is_in_years(cases: tuple[list[dict[str, Any]], Any]) -> None:
    for (_, _, years, group), case in zip(AGES, cases[0], strict=False):
        assert case["age_years"] == (None if years is None else pytest.approx(years))
        assert case["age_group"] == group


def test_values_that_cannot_be_are_counted(cases: tuple[list[dict[str, Any]], Any]) -> None:
    lost = sum(age is not None and years is None for age, _, years, _ in AGES)
    assert cases[1]["unusable"] == {"age": lost, "weight": 1}


@pytest.mark.parametrize("place", range(len(FACTS)))
def test_facts_of_a_case(cases: tuple[list[dict[str, Any]], Any], place: int) -> None:
    case, facts = cases[0][len(AGES) + place], FACTS[place][1]
    assert {name: case[name] for name in facts} == pytest.approx(facts)


def test_regions_may_be_ones_own(tmp_path: Path) -> None:
    (tmp_path / "regions.csv").write_text("code,region\nus,North\nJP,East\n")
    keep(tmp_path, "2022q4", demo=[demo(1, 1, occr_country="US"), demo(2, 2, occr_country="FR")])
    prepare(tmp_path, choices=Choices(regions=tmp_path / "regions.csv"))
    found = [(row["country"], row["region"]) for row in read(open_reports(tmp_path).cases)]
    assert found == [("US", "North"), ("FR", None)]


def test_a_term_is_shown_as_meddra_writes_it_and_kept_as_given(tmp_path: Path) -> None:
    terms = [*["VENOOCCLUSIVE LIVER DISEASE"] * 3, " Venoocclusive  liver disease", "Rash "]
    rows = [row for n, term in enumerate(terms, start=1) for row in reac(n, term)]
    keep(tmp_path, "2022q4", demo=[demo(n, n) for n in range(1, 6)], reac=rows)
    prepare(tmp_path)
    found = read(open_reports(tmp_path).terms)
    assert [row["term"] for row in found] == ["Rash", "Venoocclusive liver disease"]
    assert {row["organ_class"] for row in found} == {None}  # SOC is never invented


def test_outcomes_indications_and_therapies_are_those_of_cases(tmp_path: Path) -> None:
    keep(
        tmp_path, "2022q4", demo=[demo(11, 1), demo(12, 1)],
        outc=[{"primaryid": 11, "outc_cod": "DE"}, *[{"primaryid": 12, "outc_cod": "HO"}] * 2],
        indi=[{"primaryid": 12, "drug_seq": 1, "indi_pt": "Leukaemia"}],
        ther=[{"primaryid": 12, "drug_seq": 1, "start_dt": "2020", "end_dt": None}],
    )  # fmt: skip
    prepare(tmp_path)
    reports = open_reports(tmp_path)
    assert read(reports.outcomes) == [{"primaryid": 12, "outcome": "HO"}]
    assert read(reports.indications) == [
        {"primaryid": 12, "drug_seq": 1, "indication": "Leukaemia"}
    ]
    assert read(reports.therapies) == [
        {"primaryid": 12, "drug_seq": 1, "start_dt": "2020", "end_dt": None}
    ]


def test_cases_are_made_anew_only_if_something_changed(tmp_path: Path) -> None:
    said: list[str] = []
    keep(tmp_path, "2022q3", demo=[demo(1, 1)])
    prepare(tmp_path, said.append)
    assert said
    said.clear()
    steps = prepare(tmp_path, said.append)
    assert not said and steps[-1].cases == 1
    keep(tmp_path, "2022q4", demo=[demo(2, 2)])
    before = open_reports(tmp_path)
    assert prepare(tmp_path)[-1].cases == 2
    # Whoever reads the cases before goes on to.
    assert len(read(before.cases)) == 1
    assert len(read(open_reports(tmp_path).cases)) == 2


def test_cases_before_stay_until_the_new_ones_are_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A folder that is named as people do, from where they are.
    monkeypatch.chdir(tmp_path)
    keep(Path("kept"), "2020q1", demo=[demo(11, 1)], drug=[drug(11, "X")], reac=reac(11, "Rash"))
    prepare(Path("kept"))
    keep(Path("kept"), "2020q2", demo=[demo(21, 2)], drug=[drug(21, "X")], reac=reac(21, "Rash"))
    with monkeypatch.context() as patched:
        patched.setattr("evikg.loaders.faers.reports.make", _interrupted)
        with pytest.raises(KeyboardInterrupt):
            prepare(Path("kept"))
    assert [row["caseid"] for row in read(open_reports(Path("kept")).cases)] == [1]


def _interrupted(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_copy_of_a_folder_is_as_good(tmp_path: Path) -> None:
    prepare(keep(tmp_path / "first", "2022q3", demo=[demo(1, 1)]))
    copy = shutil.copytree(tmp_path / "first", tmp_path / "copy")  # holds what the link leads to
    assert len(read(open_reports(copy).cases)) == 1
    prepare(keep(copy, "2022q4", demo=[demo(2, 2)]))
    assert len(read(open_reports(copy).cases)) == 2


def test_a_fault_leaves_the_cases_before(tmp_path: Path) -> None:
    prepare(keep(tmp_path, "2022q3", demo=[demo(1, 1)]))
    keep(tmp_path, "2022q4", demo=[demo(2, 2)])
    with pytest.raises(EvidenceError, match=r"llt\.asc"):
        prepare(tmp_path, choices=Choices(meddra=tmp_path))
    assert len(read(open_reports(tmp_path).cases)) == 1
    assert [path.name for path in tmp_path.glob("cases-*")] == ["cases-1"]


def test_a_folder_without_reports_or_cases_is_told(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match="holds no reports: evikg load faers"):
        prepare(tmp_path)
    with pytest.raises(EvidenceError, match="holds no cases: evikg load faers"):
        open_reports(tmp_path)
