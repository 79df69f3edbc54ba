"""Statistical analyses: which groups are compared, in which direction, and what is estimated."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evikg.graph import records as r
from evikg.loaders.ctgov import RegistryEvidence
from evikg.loaders.ctgov.analyses import direction
from evikg.loaders.ctgov.numbers import probability
from evikg.loaders.ctgov.tables import estimated
from evikg.ontology import DispersionKind, IntervalKind, Statistic, ValueStatus

Outcome = Callable[..., list[r.Result]]

TITLES = {"OG000": "Placebo (FAS)", "OG001": "CZP 200 mg Q2W (FAS)", "OG002": "Third"}


def analysed(outcome: Outcome, **analysis: Any) -> r.Result:
    analysis = {"groupIds": ["OG000", "OG001"]} | analysis
    (found,) = outcome(unitOfMeasure="Percentage of participants", analyses=[analysis])
    return found


# Texts of the real records NCT02210780 and NCT02552212, and made ones.
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Odds ratio: CZP/Placebo and p-value were calculated", ("OG001", "OG000")),
        ("CZP 200 mg Q2W (FAS) vs. Placebo (FAS)", ("OG001", "OG000")),
        ("placebo minus CZP", ("OG000", "OG001")),
        ("CZP compared with placebo", ("OG001", "OG000")),
        ("Odds ratio: CZP/PBO and p-value", None),
        ("difference between CZP and placebo", None),
        ("CZP vs placebo, and placebo vs CZP", None),
        ("200 mg vs placebo", None),
        ("two-period crossover design analysis", None),
    ],
)
def test_direction_is_only_what_the_record_says(
    text: str, expected: tuple[str, str] | None
) -> None:
    assert direction(TITLES, ["OG000", "OG001"], ["", text]) == expected


def test_words_that_both_titles_begin_with_say_nothing() -> None:
    titles = {"a": "Drug A 10 mg", "b": "Drug A 20 mg"}
    assert direction(titles, ["a", "b"], ["Drug A vs Drug A"]) is None
    assert direction(titles, ["a", "b"], ["Drug A 20 vs. Drug A 10"]) == ("b", "a")


def test_more_or_fewer_than_two_groups_have_no_direction() -> None:
    text = ["CZP vs Placebo"]
    assert direction(TITLES, ["OG000", "OG001", "OG002"], text) is None
    assert direction(TITLES, ["OG001"], text) is None


def test_a_stated_direction_gives_group_and_comparator(outcome: Outcome) -> None:
    found = analysed(
        outcome,
        paramType="Difference",
        paramValue="34.0",
        estimateComment="New vs. Old",
        pValue="<0.001",
        ciPctValue="95",
        ciNumSides="TWO_SIDED",
        ciLowerLimit="24.29",
        ciUpperLimit="43.75",
        dispersionType="STANDARD_ERROR_OF_MEAN",
        dispersionValue="0.354",
        statisticalMethod="ANCOVA",
        nonInferiorityType="NON_INFERIORITY",
        nonInferiorityComment="margin of 10",
    )
    assert (found.group, found.comparator) == ("nct00000001-om1-og001", "nct00000001-om1-og000")
    assert (found.statistic, found.unit, found.predictor) == (Statistic.DIFFERENCE, "%", None)
    assert (found.interval_kind, found.interval_level) == (IntervalKind.CONFIDENCE, Decimal(95))
    assert found.interval_sides == 2
    assert found.dispersion and found.dispersion.text == "0.354"
    assert found.dispersion_kind is DispersionKind.STANDARD_ERROR
    assert found.p_value and (found.p_value.text, found.p_value.sign) == ("<0.001", "<")
    assert (found.method, found.hypothesis) == ("ANCOVA", "non-inferiority")
    assert found.printed == "34.0 | 0.354 | 24.29 | 43.75 | <0.001"


@pytest.mark.parametrize(
    ("measure", "parameter", "unit"),
    [
        (("COUNT_OF_PARTICIPANTS", "Participants"), "Risk Difference (RD)", None),
        (("NUMBER", "participants"), "Difference in percentages", "%"),
        (("NUMBER", "percentage of participants"), "Risk Difference (RD)", "%"),
        (("LEAST_SQUARES_MEAN", "Percentage of BSA"), "LS Mean Difference", "Percentage of BSA"),
        (("MEAN", "mg/dL"), "Mean Difference (Net)", "mg/dL"),
    ],
)
def test_a_difference_has_the_unit_of_what_differs(
    outcome: Outcome, measure: tuple[str, str], parameter: str, unit: str | None
) -> None:
    # A difference of 0.1 between counts of patients is not a tenth of a patient.
    analysis = {
        "groupIds": ["OG000", "OG001"],
        "paramType": parameter,
        "paramValue": "0.103",
    }
    (found,) = outcome(paramType=measure[0], unitOfMeasure=measure[1], analyses=[analysis])
    assert (found.statistic, found.unit) == (Statistic.DIFFERENCE, unit)


def test_without_a_direction_all_tested_groups_are_meant(outcome: Outcome) -> None:
    found = analysed(outcome, paramType="Odds Ratio (OR)", paramValue="2.1")
    assert (found.statistic, found.value and found.value.text) == (Statistic.ODDS_RATIO, "2.1")
    assert (found.group, found.comparator) == ("nct00000001-om1-og000-og001", None)
    assert (found.predictor, found.note) == ("treatment group", "tested: Old; New")


def test_an_analysis_of_one_group_is_about_it(outcome: Outcome) -> None:
    found = analysed(outcome, groupIds=["OG001"], pValue="0.04")
    assert (found.group, found.predictor) == ("nct00000001-om1-og001", "treatment group")


def test_a_one_sided_interval_has_one_bound(outcome: Outcome) -> None:
    found = analysed(
        outcome,
        paramType="Mean Difference (Final Values)",
        paramValue="1.5",
        ciPctValue="97.5",
        ciNumSides="ONE_SIDED",
        ciLowerLimit="-0.3",
    )
    assert (found.interval_sides, found.interval_level) == (1, Decimal("97.5"))
    assert found.interval_low and found.interval_high
    assert found.interval_low.text == "-0.3"
    assert found.interval_high.status is ValueStatus.NOT_STATED


def test_two_analyses_of_one_outcome_are_two_quantities(outcome: Outcome) -> None:
    analysis = {"groupIds": ["OG000", "OG001"], "pValue": "0.04", "statisticalMethod": "t-test"}
    one, two = outcome(analyses=[analysis, analysis | {"groupDescription": "per protocol"}])
    assert one.definition != two.definition


@pytest.mark.parametrize(
    ("parameter", "statistic"),
    [
        ("Hazard Ratio (HR)", Statistic.HAZARD_RATIO),
        ("Odds Ratio (OR)", Statistic.ODDS_RATIO),
        ("Risk Ratio (RR)", Statistic.RISK_RATIO),
        ("Risk Difference (RD)", Statistic.DIFFERENCE),
        ("Mean Difference (Final Values)", Statistic.DIFFERENCE),
        ("Median Difference (Net)", Statistic.DIFFERENCE),
        ("LS Mean Difference", Statistic.DIFFERENCE),
        ("Geometric Mean Ratio", Statistic.MEAN_RATIO),
        ("ratio of geometric LS means", Statistic.MEAN_RATIO),
        ("Log Hazard Ratio", Statistic.ESTIMATE),
        ("Standardized mean difference", Statistic.ESTIMATE),
        ("Ratio of risk difference", Statistic.ESTIMATE),
        ("Cox Proportional Hazard", Statistic.ESTIMATE),
        ("Slope", Statistic.ESTIMATE),
        ("", Statistic.ESTIMATE),
    ],
)
def test_names_of_estimates(parameter: str, statistic: Statistic) -> None:
    assert estimated(parameter) is statistic


@pytest.mark.parametrize(
    ("text", "number", "sign"),
    [
        ("0.0123", "0.0123", None),
        ("=0.247", "0.247", None),
        ("<0.001", "0.001", "<"),
        ("<= 0.05", "0.05", "≤"),
        ("p > 0.99", "0.99", ">"),
        ("P=.03", ".03", None),
        ("1.00", "1.00", None),
        ("<5e-4", "0.0005", "<"),
    ],
)
def test_p_values(text: str, number: str, sign: str | None) -> None:
    found = probability(text)
    assert found
    assert (found.number, found.sign) == (Decimal(number), sign)


@pytest.mark.parametrize("text", ["NS", "", None, "1.2", "-0.1", "0.01 (one-sided)", "0.1, 0.2"])
def test_what_is_no_p_value(text: str | None) -> None:
    assert probability(text) is None


@given(st.decimals(0, 1, places=6), st.sampled_from(["", "<", ">", "=", "p = ", "P<"]))
def test_every_p_value_is_read_as_it_stands(number: Decimal, before: str) -> None:
    found = probability(f"{before}{number:f}")
    assert found
    assert found.number == number


def test_what_is_no_p_value_stays_in_the_note(outcome: Outcome) -> None:
    found = analysed(outcome, paramType="Slope", paramValue="0.4", pValue="not significant")
    assert found.p_value is None
    assert (found.note or "").startswith("p: not significant")


def test_what_is_left_out_is_told_with_its_record_and_place(
    made: Callable[..., RegistryEvidence],
) -> None:
    measure = {"title": "A measure", "analyses": [{"groupIds": [], "pValue": "NS"}]}
    found = made({"outcomeMeasuresModule": {"outcomeMeasures": [measure]}})
    assert found.results == ()
    place = "/resultsSection/outcomeMeasuresModule/outcomeMeasures/0/analyses/0/pValue"
    assert found.notes == (f"NCT00000001 {place}: 'NS' is no p-value, and left out",)
