"""Pools of planted studies, worked out by hand, and refusals."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from math import exp, log, sqrt
from typing import Any

import pytest

from evikg.analysis.synthesis.effects import SynthesisError
from evikg.analysis.synthesis.pooling import Interval
from evikg.analysis.synthesis.scales import Scale
from evikg.graph.embedded import EmbeddedStore
from evikg.graph.numbers import Printed
from evikg.graph.records import Check, Record, Regimen, Result, Study
from evikg.ontology import CountUnit, Severity, Statistic, StudyDesign, ValueStatus, Verdict
from evikg.queries.pooling import NotComparableError, Request, Synthesis, synthesise
from evikg.queries.pooling.record import record
from evikg.queries.pooling.refusing import refusal
from evikg.queries.pooling.request import Model, UnknownTargetError
from evikg.queries.pooling.writing import rows, text

Trial = Callable[..., list[Record]]
MakeGraph = Callable[[list[Record]], EmbeddedStore]
Pool = Callable[..., Synthesis]

COMMON: dict[str, Any] = {"model": Model.INVERSE_VARIANCE, "random_effects": False}


@pytest.fixture
def pool(graph: MakeGraph) -> Pool:
    def run(*studies: list[Record], **request: Any) -> Synthesis:
        records = [record for study in studies for record in study]
        slugs = [record.slug for record in records if isinstance(record, Result)]
        return synthesise(graph(records), Request(tuple(slugs), **request))

    return run


def shown(found: Synthesis, places: int = 4) -> tuple[float, ...]:
    assert found.pooled is not None
    estimate = found.pooled.shown
    return tuple(round(number, places) for number in (estimate.value, estimate.low, estimate.high))


def ratio(value: str, low: str, high: str, **more: Any) -> dict[str, Any]:
    return {"statistic": Statistic.HAZARD_RATIO, "value": value, "interval_low": low,
            "interval_high": high, "interval_level": Decimal(95), **more}  # fmt: skip


def survival(value: str, low: str, high: str, **more: Any) -> dict[str, Any]:
    return ratio(value, low, high) | {
        "statistic": Statistic.SURVIVAL_PROBABILITY, "unit": "%", "timepoint": Decimal(12),
        "timepoint_unit": "months", **more,
    }  # fmt: skip


def test_proportions_by_inverse_variance(trial: Trial, pool: Pool) -> None:
    # By hand: log odds 0 and 1, variances 1/10 + 1/10 and so on.
    found = pool(trial("a", events=10, total=20), trial("b", events=30, total=40), **COMMON)
    weights = [1 / (1 / 10 + 1 / 10), 1 / (1 / 30 + 1 / 10)]
    mean = weights[1] * log(3) / sum(weights)
    reach = 1.959964 / sqrt(sum(weights))
    expected = [1 / (1 + exp(-x)) for x in (mean, mean - reach, mean + reach)]
    assert shown(found) == tuple(round(x, 4) for x in expected)
    assert [round(study.weight or 0, 2) for study in found.pooled.studies] == [40, 60]  # type: ignore[union-attr]


def test_hazard_ratios(trial: Trial, pool: Pool) -> None:
    # Equal widths on the log scale, so equal weights: the geometric mean, and a width over √2.
    found = pool(
        trial("a", **ratio("0.5", "0.25", "1.0")), trial("b", **ratio("0.8", "0.4", "1.6")),
        random_effects=False,
    )  # fmt: skip
    middle, reach = sqrt(0.5 * 0.8), 2 ** (1 / sqrt(2))
    assert shown(found) == (round(middle, 4), round(middle / reach, 4), round(middle * reach, 4))
    assert (found.statistic, found.unit, found.factor) == ("hazard ratio", None, 1)


def test_an_interval_of_another_level_has_another_width(trial: Trial, pool: Pool) -> None:
    # 97.5 %: 2.241403 standard errors to each side. R: qnorm(0.9875).
    wide = ratio("0.5", "0.25", "1.0", interval_level=Decimal("97.5"))
    found = pool(trial("a", **wide), trial("b", **ratio("0.8", "0.4", "1.6")), random_effects=False)
    assert found.pooled is not None
    assert "a-l1-1: its interval is printed at 97.5 % and shown at 95 %" in found.caveats
    # Half the width of 0.25 to 1.0 on the log scale is ln 2.
    reach = exp(log(2) * 1.959964 / 2.241403)
    assert found.pooled.studies[0].shown.high == pytest.approx(0.5 * reach, abs=1e-5)
    weights = [study.weight or 0 for study in found.pooled.studies]
    assert weights[0] / weights[1] == pytest.approx((2.241403 / 1.959964) ** 2, abs=1e-5)


def test_differences_in_percentage_points_stay_so(trial: Trial, pool: Pool) -> None:
    points: dict[str, Any] = {"statistic": Statistic.DIFFERENCE, "unit": "%"}
    found = pool(
        trial("a", **ratio("10", "0", "20") | points),
        trial("b", **ratio("20", "10", "30") | points),
        random_effects=False,
    )
    half = 10 / sqrt(2)
    assert shown(found) == (15, round(15 - half, 4), round(15 + half, 4))
    assert record(found).value == Decimal(15)
    assert rows(found)[2]["value"] == "15.00"


def test_survival_in_percent_and_as_a_fraction(trial: Trial, pool: Pool) -> None:
    # Symmetric on the logit scale: 50 % with 20 to 80 %, whose log odds are ± 1.386294.
    found = pool(
        trial("a", **survival("50", "20", "80")),
        trial("b", **survival("0.50", "0.20", "0.80", unit=None)),
        random_effects=False,
    )
    reach = log(4) / sqrt(2)
    expected = [1 / (1 + exp(-x)) for x in (0, -reach, reach)]
    assert shown(found) == tuple(round(x, 4) for x in expected)
    assert record(found).low == Decimal(str(round(100 * expected[1], 6)))
    assert (found.unit, rows(found)[0]["low"], rows(found)[2]["value"]) == ("%", "20.0", "50.0")


def test_nobody_and_everybody(trial: Trial, pool: Pool) -> None:
    # The exact upper bound of 0 of 50 is 1 - 0.025^(1/50).
    none = pool(trial("a", events=0, total=20), trial("b", events=0, total=30))
    assert shown(none) == (0, 0, round(1 - 0.025 ** (1 / 50), 4))
    every = pool(trial("a", events=20, total=20), trial("b", events=30, total=30))
    assert shown(every) == (1, round(0.025 ** (1 / 50), 4), 1)
    assert any("as if of one study" in caveat for caveat in every.caveats)
    assert "nan" not in text(none).lower() + text(every).lower()


def test_nobody_in_one_study_and_everybody_in_the_other(trial: Trial, pool: Pool) -> None:
    studies = trial("a", events=0, total=20), trial("b", events=30, total=30)
    with pytest.raises(SynthesisError, match="no finite estimate"):
        pool(*studies)
    found = pool(*studies, model=Model.INVERSE_VARIANCE, scale=Scale.FREEMAN_TUKEY)
    assert 0 < shown(found)[0] < 1


def test_a_fault_of_a_paper_is_named_with_its_remedy(trial: Trial, pool: Pool) -> None:
    # The interval does not hold its own point.
    with pytest.raises(SynthesisError, match=r"not in order \(leave it out: --exclude a-l1-1\)"):
        pool(trial("a", **ratio("1.5", "0.6", "0.9")), trial("b", **ratio("0.8", "0.4", "1.6")))
    with pytest.raises(SynthesisError, match=r"between 0 and 20, not 21 .*--exclude a-l1-1"):
        pool(trial("a", events=21, total=20), trial("b", events=1, total=9))
    with pytest.raises(SynthesisError, match=r"between 0 and 1 .*--exclude a-l1-1"):
        pool(trial("a", **survival("90", "80", "100")), trial("b", **survival("50", "20", "80")))


def test_one_result_or_none_is_refused_with_what_was_left_out(trial: Trial, pool: Pool) -> None:
    with pytest.raises(SynthesisError, match=r"at least two results: one result can enter$"):
        pool(trial("a", events=1))
    with pytest.raises(SynthesisError, match="no result can enter; left out: a-l1-1: its denom"):
        pool(trial("a", None, events=1), trial("b", None, events=1))


def medians(trial: Trial, *values: str | None) -> list[list[Record]]:
    open_ = Printed("NR", status=ValueStatus.NOT_REACHED)
    return [
        trial(name, size, statistic=Statistic.MEDIAN, unit="months", value=value or open_)
        for name, size, value in zip("abc", (30, 10, 10), values, strict=True)
    ]


def test_medians_are_described_and_pooled_only_if_asked(trial: Trial, pool: Pool) -> None:
    found = pool(*medians(trial, "7.6", "11.6", None))
    assert (found.pooled, found.median) == (None, None)
    described = next(row for row in rows(found) if row["role"] == "described")
    assert described["note"] == "7.6 to 11.6 months; 2 reached; not pooled"
    with pytest.raises(SynthesisError, match="nothing was pooled"):
        record(found)
    with pytest.raises(SynthesisError, match="its median was not reached"):
        pool(*medians(trial, "7.6", "11.6", None), pool_medians=True)
    # 30 of the 50 patients are of the study with the median 7.6.
    asked = pool(*medians(trial, "7.6", "11.6", "4.0"), pool_medians=True)
    assert asked.median is not None
    assert asked.median.value == 7.6
    assert record(asked).method == "weighted median of medians"
    assert record(asked).unit == "months"
    # The range of three misses the median by a chance of 2 in 8.
    assert record(asked).level == 75
    assert "3 medians: even their whole range has a level of 75 % at most, not 95 %" in (
        asked.caveats
    )
    row = next(row for row in rows(asked) if row["role"] == "pooled")
    assert row["note"] == "McGrath et al. 2019; interval of at most 75 %"


def test_a_median_of_an_unknown_number_of_patients_is_left_out(trial: Trial, pool: Pool) -> None:
    first, second, _ = medians(trial, "7.6", "11.6", "4.0")
    unknown = trial("c", None, statistic=Statistic.MEDIAN, unit="months", value="9.0")
    found = pool(first, second, unknown, pool_medians=True)
    assert [candidate.slug for candidate in found.chosen] == ["a-l1-1", "b-l1-1"]
    (left,) = found.left_out
    assert (left.result, left.reason) == (
        "c-l1-1", "its number of patients is not stated: it has no weight",
    )  # fmt: skip
    assert len(pool(first, second, unknown).chosen) == 3


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ({"by": "design"}, "medians .*: they have no --by"),
        ({"leave_one_out": True, "scale": Scale.LOGIT}, "have no --leave-one-out, --scale"),
        ({"model": Model.LOGISTIC}, "have no --model"),
    ],
)
def test_options_that_medians_do_not_have(
    options: dict[str, Any], fault: str, trial: Trial, pool: Pool
) -> None:
    with pytest.raises(ValueError, match=fault):
        pool(*medians(trial, "7.6", "11.6", "4.0"), **options)


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ({"interval": Interval.WALD}, "which has no --interval: --model inverse-variance"),
        ({"random_effects": False}, "which has no --common-effect"),
        ({"model": Model.LOGISTIC, "scale": Scale.LOGIT}, "the logistic model has no --scale"),
        ({"pool_medians": True}, "--medians is for medians"),
        ({"despite": " "}, "--despite needs a reason"),
        ({"by": "desing"}, "no facet 'desing'; did you mean design?"),
        ({"only": {"sex": {"f"}}}, r"no facet 'sex'.* \(facets: statistic, unit, variable"),
        (COMMON | {"interval": Interval.HARTUNG_KNAPP}, "--common-effect has no Hartung-Knapp"),
    ],
)
def test_options_that_would_do_nothing_are_refused(
    options: dict[str, Any], fault: str, trial: Trial, pool: Pool
) -> None:
    with pytest.raises(ValueError, match=fault):
        pool(trial("a", events=1), trial("b", events=2), **options)


def test_the_logistic_model_is_for_proportions(trial: Trial, pool: Pool) -> None:
    with pytest.raises(ValueError, match="is for proportions: --model inverse-variance"):
        pool(
            trial("a", **ratio("0.5", "0.25", "1.0")), trial("b", **ratio("0.8", "0.4", "1.6")),
            model=Model.LOGISTIC,
        )  # fmt: skip


def test_a_refusal_names_every_reason_and_what_to_do(trial: Trial, pool: Pool) -> None:
    reports = trial("c", events=5, total=9, count_unit=CountUnit.REPORTS, variable="death")
    with pytest.raises(NotComparableError) as caught:
        pool(trial("a", events=1), trial("b", events=2), reports)
    assert str(caught.value) == "3 results must not be pooled, for 2 reasons"
    assert refusal(caught.value).splitlines() == [
        "3 results must not be pooled, for 2 reasons; choose what is to be pooled, for example:",
        "  --only 'variable=remission'   (2 results)",
        "  --only 'count-unit=patients'   (2 results)",
        "reasons:",
        "  - different things were measured: death (c-l1-1); remission (a-l1-1, b-l1-1)",
        "  - different things were counted: patients (a-l1-1, b-l1-1); reports (c-l1-1)",
        "or say why it may be done all the same: --despite REASON",
    ]
    with pytest.raises(NotComparableError):
        pool(trial("a", events=1), reports)


def test_what_is_advised_is_accepted(trial: Trial, pool: Pool) -> None:
    reports = trial("c", events=5, total=9, count_unit=CountUnit.REPORTS, variable="death")
    only = {"variable": {"remission"}, "count-unit": {"patients"}}
    found = pool(trial("a", events=1), trial("b", events=2), reports, only=only)
    assert [candidate.slug for candidate in found.chosen] == ["a-l1-1", "b-l1-1"]


def test_a_shared_patient_and_a_critical_check_are_refused(trial: Trial, pool: Pool) -> None:
    study, group, result = trial("a", events=5)
    assert isinstance(result, Result)
    other = replace(result, slug="a-l2-1", line=2, group="a-else", events=6)
    beside = replace(group, slug="a-else", label="others")  # type: ignore[type-var]
    check = Check(
        slug="c", checks=("a-l1-1",), rule="percentage", verdict=Verdict.INCONSISTENT,
        severity=Severity.CRITICAL, inputs="5 / 20, 70%",
    )  # fmt: skip
    with pytest.raises(NotComparableError) as caught:
        pool([study, group, beside, result, other, check])
    words = refusal(caught.value)
    assert "patients may be counted twice: a-l1-1 and a-l2-1" in words
    assert "leave one of each pair out: --exclude RESULT" in words
    assert "a-l1-1: fails the check percentage (inconsistent): 5 / 20, 70%" in words
    assert "leave out what fails a critical check: --exclude RESULT" in words


def test_no_reason_puts_numbers_of_different_sorts_together(trial: Trial, pool: Pool) -> None:
    with pytest.raises(NotComparableError) as caught:
        pool(
            trial("a", events=1), trial("b", **ratio("0.8", "0.4", "1.6")),
            despite="they are all numbers",
        )  # fmt: skip
    assert "--despite" not in refusal(caught.value)
    assert refusal(caught.value).endswith("no reason can put numbers of different sorts together")


def test_a_reason_is_recorded_with_every_bar(trial: Trial, pool: Pool) -> None:
    found = pool(
        trial("a", events=1), trial("b", events=2, variable="death"), despite="one composite"
    )
    kept = record(found)
    assert kept.despite == "one composite"
    bar = "different things were measured: death (b-l1-1); remission (a-l1-1)"
    assert found.caveats[:2] == (f"pooled despite: {bar}", "reason given: one composite")
    assert set(found.caveats) == set(kept.caveats)
    assert kept.variables == ("death", "remission")


def test_a_reason_that_nothing_calls_for_is_not_told(trial: Trial, pool: Pool) -> None:
    found = pool(trial("a", events=1), trial("b", events=2), despite="just in case")
    assert record(found).despite is None
    assert "just in case" not in text(found)


def test_a_record_is_of_its_inputs_and_method(trial: Trial, pool: Pool) -> None:
    studies = trial("a", events=1), trial("b", events=2), trial("c", events=4)
    first, again = record(pool(*studies)), record(pool(*reversed(studies)))
    assert first.slug == again.slug
    assert (first.events, first.patients, first.unit) == (7, 60, "%")
    assert first.inputs == ("a-l1-1", "b-l1-1", "c-l1-1")
    assert record(pool(*studies, **COMMON)).slug != first.slug
    assert record(pool(*studies, level=0.9)).slug != first.slug
    assert record(pool(*studies[:2])).slug != first.slug


def test_arms_of_one_study_are_told_and_labelled_apart(trial: Trial, pool: Pool) -> None:
    study, group, result = trial("a", events=5)
    assert isinstance(result, Result)
    weekly = Regimen(slug="weekly", label="weekly", drug="drug-x")
    low = replace(group, arm="low", regimen="weekly")  # type: ignore[type-var]
    high = replace(low, slug="a-high", label="a, high dose", arm="high")
    other = replace(result, slug="a-l2-1", line=2, group="a-high", events=6)
    found = pool([study, weekly, low, high, result, other], trial("b", events=2))
    assert found.labels == ("a, all treated", "a, high dose", "Trial b")
    assert "Trial a: 2 groups enter as if each were a study" in found.caveats


def test_subgroups_and_leaving_one_out(trial: Trial, pool: Pool) -> None:
    registry = [
        replace(r, design=StudyDesign.REGISTRY) if isinstance(r, Study) else r
        for r in trial("c", events=4)
    ]
    found = pool(
        trial("a", events=1), trial("b", events=2), registry, by="design", leave_one_out=True
    )
    written = [(row["role"], row.get("label", "")) for row in rows(found)]
    assert ("subgroup", "design randomized controlled trial") in written
    assert ("subgroup", "design registry") in written
    assert [label for role, label in written if role == "left one out"] == [
        "without Trial a", "without Trial b", "without Trial c",
    ]  # fmt: skip
    with pytest.raises(SynthesisError, match="at least two of them"):
        pool(trial("a", events=1), trial("b", events=2), by="design")


def test_why_subgroups_are_not_compared_is_told(trial: Trial, pool: Pool) -> None:
    # Nobody in either registry: the exact interval has no standard error.
    registries = [
        replace(r, design=StudyDesign.REGISTRY) if isinstance(r, Study) else r
        for r in (*trial("c", events=0), *trial("d", events=0))
    ]
    found = pool(trial("a", events=1), trial("b", events=2), registries, by="design")
    row = next(row for row in rows(found) if row["role"] == "between subgroups")
    assert row["note"] == (
        "no test between subgroups; registry is not compared: its estimate has no standard error"
    )


def test_what_names_nothing_is_told(corpus: EmbeddedStore) -> None:
    for target, fault in (
        ("responce-rates", r"did you mean the question response-rates\b"),
        ("crcri", r"did you mean cr-cri\b"),
        ("Overal Survival", r"did you mean overall-survival\b"),
        ("study-catalogue", "the answers to study-catalogue name no results"),
        ("drug:blinatumomab", "the graph has no result on 'drug:blinatumomab'"),
    ):
        with pytest.raises(UnknownTargetError, match=fault):
            synthesise(corpus, Request((target,)))
    with pytest.raises(UnknownTargetError, match="must all be names of results: 'vod-sos'"):
        synthesise(corpus, Request(("yoon-2026-l276-2", "vod-sos")))
    with pytest.raises(UnknownTargetError, match="'cr-cri' is no question, so that it has no"):
        synthesise(corpus, Request(("cr-cri",), {"study": ["kr-pms"]}))


def test_the_request_is_kept_as_a_command_has_it() -> None:
    request = Request(
        ("vod-sos",), {"study": ["kr-pms"]}, {"denominator": {"patients treated"}},
        frozenset({"a-l1-1"}),
    )  # fmt: skip
    assert request.asked == (
        "vod-sos --param study=kr-pms --only 'denominator=patients treated' --exclude a-l1-1"
    )
