"""Every number of spontaneous reports is told to be hypothesis-generating, and no other number."""

from collections.abc import Callable

import pytest

from evikg.graph.embedded import EmbeddedStore
from evikg.graph.explain import explain, lines
from evikg.graph.hypotheses import DISPROPORTIONALITY, HYPOTHESES, of_reports
from evikg.graph.records import Result, Study
from evikg.ontology import CountUnit, Directness, Statistic, StudyDesign
from evikg.queries import catalogue
from evikg.queries.answer import short


@pytest.fixture
def number() -> Callable[..., Result]:
    def make(statistic: Statistic, count_unit: CountUnit | None) -> Result:
        return Result(
            slug="a-l1-1", source="a", study="s", group="g", variable="v", statistic=statistic,
            directness=Directness.OWN, printed="3", locator="Table 1", line=1, count_unit=count_unit,
        )  # fmt: skip

    return make


def study(design: StudyDesign) -> Study:
    return Study(slug="s", label="S", design=design)


def test_there_are_four_measures() -> None:
    names = {"reporting odds ratio", "proportional reporting ratio", "information component"}
    assert {item.value for item in DISPROPORTIONALITY} == names | {"empirical Bayes geometric mean"}


def test_what_is_of_reports(number: Callable[..., Result]) -> None:
    reports, trial = study(StudyDesign.PHARMACOVIGILANCE), study(StudyDesign.RANDOMIZED)
    for measure in DISPROPORTIONALITY:
        assert of_reports(number(measure, CountUnit.REPORTS), trial)
        assert of_reports(number(measure, None), reports)
    assert of_reports(number(Statistic.COUNT, CountUnit.REPORTS), trial)
    assert of_reports(number(Statistic.PERCENT, CountUnit.CASES), reports)
    assert not of_reports(number(Statistic.PERCENT, CountUnit.PATIENTS), trial)
    assert not of_reports(number(Statistic.COUNT, CountUnit.SIGNALS), reports)


def test_the_chain_behind_a_number_of_reports_says_so(corpus: EmbeddedStore) -> None:
    def second(slug: str) -> str:
        return list(lines(explain(corpus, slug)))[1]

    # duan-2025, Table 4 line 199: veno-occlusive liver disease, 486.02 (395.96, 596.57)
    assert second("duan-2025-l199-1") == f"  {HYPOTHESES}"
    assert second("ozcan-2025-l147-2") == ""


@pytest.mark.parametrize(
    "name", ["faers-signals", "positive-signals", "signals-not-in-trials", "signals-also-in-trials"]
)
def test_every_row_of_a_question_on_signals_says_so(corpus: EmbeddedStore, name: str) -> None:
    answer = catalogue()[name].run(corpus)
    place = answer.columns.index("caution")
    assert answer.rows
    assert {short(row[place]) for row in answer.rows} == {"hypothesis-generating"}


def test_reports_are_told_apart_from_frequencies(corpus: EmbeddedStore) -> None:
    answer = catalogue()["trials-and-signals-under-concept"].run(corpus)
    kind, caution = answer.columns.index("kind"), answer.columns.index("caution")
    told = {(short(row[kind]), short(row[caution])) for row in answer.rows}
    assert told == {
        ("frequency", ""),
        ("reports", "hypothesis-generating"),
        ("signal", "hypothesis-generating"),
    }


def test_nothing_of_reports_is_called_safe_to_pool(corpus: EmbeddedStore) -> None:
    answer = catalogue()["safe-to-pool"].run(corpus, outcome="adverse-event")
    results = [name for row in answer.rows for name in short(row[-1]).split()]
    assert results
    designs = {explain(corpus, name).study.design for name in results}
    assert StudyDesign.PHARMACOVIGILANCE not in designs
