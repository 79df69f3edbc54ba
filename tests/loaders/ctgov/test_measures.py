"""Cells of outcome measures that the real records at hand do not have, in made records.

Codes and their meaning are those of the study data structure of the API v2; the values are made.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from evikg.graph import records as r
from evikg.loaders.ctgov import RegistryEvidence
from evikg.ontology import (
    CountUnit,
    DispersionKind,
    GroupKind,
    IntervalKind,
    Statistic,
    ValueStatus,
)

Made = Callable[..., RegistryEvidence]
Outcome = Callable[..., list[r.Result]]


def cells(*values: dict[str, Any], title: str | None = None) -> list[dict[str, Any]]:
    """Return the classes of a table of one class, a category and a cell for each group."""
    measured = [{"groupId": f"OG{n:03}"} | value for n, value in enumerate(values)]
    category: dict[str, Any] = {"measurements": measured}
    return [{"categories": [category]} | ({"title": title} if title else {})]


@pytest.mark.parametrize(
    ("parameter", "statistic"),
    [
        ("MEAN", Statistic.MEAN),
        ("MEDIAN", Statistic.MEDIAN),
        ("LEAST_SQUARES_MEAN", Statistic.LEAST_SQUARES_MEAN),
        ("GEOMETRIC_MEAN", Statistic.GEOMETRIC_MEAN),
        ("GEOMETRIC_LEAST_SQUARES_MEAN", Statistic.GEOMETRIC_LEAST_SQUARES_MEAN),
        ("LOG_MEAN", Statistic.LOG_MEAN),
        ("NUMBER", Statistic.VALUE),
        ("Mean", Statistic.MEAN),
    ],
)
def test_parameters(outcome: Outcome, parameter: str, statistic: Statistic) -> None:
    (found,) = outcome(
        paramType=parameter, unitOfMeasure="ng/mL", classes=cells({"value": "1,234.50"})
    )
    assert (found.statistic, found.unit, found.count_unit) == (statistic, "ng/mL", None)
    assert found.value
    assert (found.value.text, found.value.number) == ("1,234.50", Decimal("1234.50"))


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("Standard Deviation", DispersionKind.STANDARD_DEVIATION),
        ("STANDARD_ERROR", DispersionKind.STANDARD_ERROR),
        ("Geometric Coefficient of Variation", DispersionKind.GEOMETRIC_COEFFICIENT_OF_VARIATION),
        ("GEOMETRIC_COEFFICIENT", DispersionKind.GEOMETRIC_COEFFICIENT_OF_VARIATION),
    ],
)
def test_dispersions(outcome: Outcome, kind: str, expected: DispersionKind) -> None:
    (found,) = outcome(
        paramType="MEAN", dispersionType=kind, classes=cells({"value": "5.0", "spread": "1.20"})
    )
    assert found.dispersion
    assert (found.dispersion.text, found.dispersion_kind) == ("1.20", expected)
    assert found.printed == "5.0 | 1.20"


@pytest.mark.parametrize(
    ("kind", "expected", "level"),
    [
        ("95% Confidence Interval", IntervalKind.CONFIDENCE, "95"),
        ("97.5% Confidence Interval", IntervalKind.CONFIDENCE, "97.5"),
        ("CONFIDENCE_975", IntervalKind.CONFIDENCE, "97.5"),
        ("CONFIDENCE_80", IntervalKind.CONFIDENCE, "80"),
        ("Inter-Quartile Range", IntervalKind.INTERQUARTILE, None),
        ("INTER_QUARTILE_RANGE", IntervalKind.INTERQUARTILE, None),
        ("Full Range", IntervalKind.RANGE, None),
    ],
)
def test_intervals(outcome: Outcome, kind: str, expected: IntervalKind, level: str | None) -> None:
    cell = {"value": "5", "lowerLimit": "-1.0", "upperLimit": "9"}
    (found,) = outcome(paramType="MEDIAN", dispersionType=kind, classes=cells(cell))
    assert (found.interval_kind, found.interval_level) == (expected, level and Decimal(level))
    assert found.interval_low and found.interval_high
    assert (found.interval_low.text, found.interval_high.text) == ("-1.0", "9")


def test_limits_of_a_kind_that_is_not_stated_are_no_interval(outcome: Outcome) -> None:
    cell = {"value": "5", "lowerLimit": "1", "upperLimit": "9"}
    (found,) = outcome(paramType="MEDIAN", classes=cells(cell))
    assert found.interval_kind is None
    assert found.note == "limits of a kind not stated: 1 to 9"


@pytest.mark.parametrize(
    ("explanation", "status"),
    [
        ("Median was not reached.", ValueStatus.NOT_REACHED),
        ("not yet reached", ValueStatus.NOT_REACHED),
        ("Upper limit could not be estimated due to few events", ValueStatus.NOT_ESTIMABLE),
        ("SD cannot be calculated for one participant", ValueStatus.NOT_ESTIMABLE),
        ("All values were below the limit", ValueStatus.NOT_AVAILABLE),
        (None, ValueStatus.NOT_AVAILABLE),
    ],
)
def test_what_is_not_available_has_a_status_and_no_number(
    outcome: Outcome, explanation: str | None, status: ValueStatus
) -> None:
    cell: dict[str, Any] = {"value": "NA", "lowerLimit": "3.2", "upperLimit": "NA"}
    if explanation:
        cell["comment"] = explanation
    (found,) = outcome(
        paramType="MEDIAN", dispersionType="95% Confidence Interval", classes=cells(cell)
    )
    assert found.value and found.interval_low and found.interval_high
    assert (found.value.text, found.value.number, found.value.status) == ("NA", None, status)
    assert (found.interval_low.number, found.interval_high.status) == (Decimal("3.2"), status)
    assert (found.note, found.printed) == (explanation, "NA | 3.2 | NA")


@pytest.mark.parametrize(
    ("unit", "statistic", "printed_unit", "counted"),
    [
        ("Percentage of participants", Statistic.PERCENT, "%", CountUnit.PATIENTS),
        ("percent of patients", Statistic.PERCENT, "%", CountUnit.PATIENTS),
        ("% of subjects with response", Statistic.PERCENT, "%", CountUnit.PATIENTS),
        ("proportion of participants", Statistic.PROPORTION, None, CountUnit.PATIENTS),
        ("percentage of responders", Statistic.VALUE, "percentage of responders", None),
        ("percent change", Statistic.VALUE, "percent change", None),
    ],
)
def test_shares_of_participants_have_their_denominator(
    outcome: Outcome,
    unit: str,
    statistic: Statistic,
    printed_unit: str | None,
    counted: CountUnit | None,
) -> None:
    (found,) = outcome(paramType="NUMBER", unitOfMeasure=unit, classes=cells({"value": "12.5"}))
    assert (found.statistic, found.unit, found.count_unit) == (statistic, printed_unit, counted)
    assert (found.total, found.events) == (40 if counted else None, None)


def test_a_share_of_an_unknown_number_says_so(made: Made) -> None:
    measure = {
        "title": "A share",
        "paramType": "NUMBER",
        "unitOfMeasure": "percentage of participants",
        "groups": [{"id": "OG000", "title": "One"}],
        "classes": cells({"value": "12.5"}),
    }
    (found,) = made({"outcomeMeasuresModule": {"outcomeMeasures": [measure]}}).results
    assert (found.statistic, found.total, found.total_not_stated) == (Statistic.PERCENT, None, True)


@pytest.mark.parametrize("unit", ["Participants", "patients", "Number of subjects", "participants"])
def test_numbers_of_participants_are_counts(outcome: Outcome, unit: str) -> None:
    both = outcome(
        paramType="NUMBER", unitOfMeasure=unit, classes=cells({"value": "3"}, {"value": "<5"})
    )
    assert (both[0].statistic, both[0].events, both[0].total) == (Statistic.COUNT, 3, 40)
    assert (both[1].statistic, both[1].events, both[1].unit) == (Statistic.VALUE, None, unit)


@pytest.mark.parametrize("parameter", ["NUMBER", "COUNT_OF_PARTICIPANTS"])
def test_where_one_number_is_no_whole_one_none_is_a_count(outcome: Outcome, parameter: str) -> None:
    # Half a participant is none, whatever the heading says: 40 and 33.3 are shares.
    both = outcome(
        paramType=parameter,
        unitOfMeasure="Participants",
        classes=cells({"value": "40"}, {"value": "33.3"}),
    )
    assert [(x.statistic, x.events, x.total, x.unit) for x in both] == [
        (Statistic.VALUE, None, None, "Participants")
    ] * 2


@pytest.mark.parametrize(
    ("unit", "statistic"),
    [
        ("percentage of participants per year", Statistic.VALUE),
        ("Proportion of participants/month", Statistic.VALUE),
        ("percentage of participants with 2 seizures per week", Statistic.PERCENT),
        ("percentage of participants per protocol", Statistic.PERCENT),
    ],
)
def test_a_share_per_time_is_a_rate(outcome: Outcome, unit: str, statistic: Statistic) -> None:
    (found,) = outcome(paramType="NUMBER", unitOfMeasure=unit, classes=cells({"value": "12.5"}))
    rate = statistic is Statistic.VALUE
    assert (found.statistic, found.total) == (statistic, None if rate else 40)
    assert found.unit == (unit if rate else "%")


@pytest.mark.parametrize(
    ("title", "unit", "statistic"),
    [
        ("Relapse-free at 1 Year", "percentage of participants", Statistic.SURVIVAL_PROBABILITY),
        ("Vital status", "percentage of participants alive", Statistic.SURVIVAL_PROBABILITY),
        ("PFS rate", "percentage of participants", Statistic.SURVIVAL_PROBABILITY),
        ("Cumulative Relapse at 1 Year", "percentage of participants", Statistic.VALUE),
    ],
)
def test_of_whom_a_kaplan_meier_estimate_is(
    outcome: Outcome, title: str, unit: str, statistic: Statistic
) -> None:
    # 20 % with a relapse are not 20 % who survive without one.
    (found,) = outcome(
        title=title,
        description="Kaplan-Meier estimate",
        paramType="NUMBER",
        unitOfMeasure=unit,
        classes=cells({"value": "20"}),
    )
    assert (found.statistic, found.total) == (statistic, None)
    assert found.unit == (unit if statistic is Statistic.VALUE else "%")


def test_events_are_not_counted_as_participants(outcome: Outcome) -> None:
    (found,) = outcome(
        paramType="NUMBER", unitOfMeasure="Number of events", classes=cells({"value": "60"})
    )
    assert (found.count_unit, found.events, found.total) == (CountUnit.EVENTS, 60, None)


def eyes(**measure: Any) -> dict[str, Any]:
    def counts(value: str) -> list[dict[str, str]]:
        return [{"groupId": "OG000", "value": value}]

    return {
        "typeUnitsAnalyzed": "Eyes",
        "denomUnitsSelected": "Eyes",
        "denoms": [
            {"units": "Participants", "counts": counts("40")},
            {"units": "Eyes", "counts": counts("70")},
        ],
        "classes": cells({"value": "21"}),
    } | measure


@pytest.mark.parametrize(
    ("measure", "statistic"),
    [
        ({"paramType": "COUNT_OF_UNITS"}, Statistic.COUNT),
        ({"paramType": "NUMBER", "unitOfMeasure": "eyes"}, Statistic.COUNT),
        ({"paramType": "NUMBER", "unitOfMeasure": "percentage of eyes"}, Statistic.PERCENT),
    ],
)
def test_units_are_no_participants(
    outcome: Outcome, measure: dict[str, Any], statistic: Statistic
) -> None:
    (found,) = outcome(**eyes(**measure))
    assert (found.statistic, found.count_unit) == (statistic, CountUnit.UNITS)
    assert (found.group, found.total) == ("nct00000001-om1-og000-units", 70)


def test_participants_among_units_are_counted_of_participants(outcome: Outcome) -> None:
    (found,) = outcome(**eyes(paramType="COUNT_OF_PARTICIPANTS"))
    assert (found.count_unit, found.total) == (CountUnit.PATIENTS, 40)
    assert found.group == "nct00000001-om1-og000"


def test_a_group_of_units_is_no_subgroup_of_people(made: Made) -> None:
    measure = {"title": "x", "groups": [{"id": "OG000", "title": "One"}]} | eyes(paramType="MEAN")
    found = made({"outcomeMeasuresModule": {"outcomeMeasures": [measure]}})
    groups = {g.slug: g for g in found.declared if isinstance(g, r.Group)}
    units = groups["nct00000001-om1-og000-units"]
    assert (units.size, units.subgroup_of, units.kind) == (70, None, GroupKind.ASSESSED)
    assert units.label == "NCT00000001, One (outcome 1), analysed, Eyes"
    assert groups["nct00000001-om1-og000"].size == 40


def test_a_class_with_its_own_number_analysed_has_its_own_group(outcome: Outcome) -> None:
    classes = [
        *cells({"value": "4"}, title="All"),
        *cells({"value": "2"}, title="Some"),
    ]
    classes[1]["denoms"] = [
        {"units": "Participants", "counts": [{"groupId": "OG000", "value": "30"}]}
    ]
    one, two = outcome(paramType="COUNT_OF_PARTICIPANTS", classes=classes)
    assert (one.group, one.total) == ("nct00000001-om1-og000", 40)
    assert (two.group, two.total) == ("nct00000001-om1-c2-og000", 30)
    assert one.variable == "nct00000001-om1-all"


def test_a_class_that_is_a_time_is_a_timepoint(outcome: Outcome) -> None:
    classes = [cells({"value": "4"}, title=title)[0] for title in ("Week 4", "12 weeks", "Day -1")]
    found = outcome(paramType="MEAN", classes=classes, timeFrame="Up to 1 year")
    times = [(result.timepoint, result.timepoint_unit, result.variable) for result in found]
    assert times == [
        (4, "weeks", "nct00000001-om1"),
        (12, "weeks", "nct00000001-om1"),
        (None, None, "nct00000001-om1-day-1"),
    ]


def test_two_classes_of_one_time_are_told_apart(outcome: Outcome) -> None:
    classes = [cells({"value": "4"}, title=title)[0] for title in ("Week 4", "4 weeks")]
    one, two = outcome(paramType="MEAN", classes=classes)
    assert one.variable != two.variable
    assert one.timepoint is two.timepoint is None


def test_two_classes_of_one_title_are_told_apart(outcome: Outcome) -> None:
    classes = [cells({"value": "4"}, title="Other")[0] for _ in range(2)]
    one, two = outcome(paramType="MEAN", classes=classes)
    assert one.variable != two.variable


def test_titles_that_make_one_slug_are_two_variables(outcome: Outcome) -> None:
    classes = [cells({"value": "4"}, title=title)[0] for title in ("<65 years", ">65 years")]
    one, two = outcome(paramType="MEAN", classes=classes)
    assert (one.variable, two.variable) == (
        "nct00000001-om1-65-years",
        "nct00000001-om1-65-years-2",
    )


def test_the_time_frame_is_a_timepoint_where_it_is_one(outcome: Outcome) -> None:
    (found,) = outcome(paramType="MEAN", classes=cells({"value": "4"}), timeFrame="Week 16")
    assert (found.timepoint, found.timepoint_unit) == (16, "weeks")


# Time frames of the real record NCT00716976, and made ones.
@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        ("4 Years after enrollment", (4, "years")),
        ("24 months post-randomization", (24, "months")),
        ("1 year from study entry", (1, "years")),
        ("4 weeks after last dose of cisplatin", (None, None)),
        ("Up to 4 years after enrollment", (None, None)),
    ],
)
def test_a_time_may_count_from_the_beginning(
    outcome: Outcome, frame: str, expected: tuple[int | None, str | None]
) -> None:
    (found,) = outcome(paramType="MEAN", classes=cells({"value": "4"}), timeFrame=frame)
    assert (found.timepoint, found.timepoint_unit) == expected


def test_a_group_that_the_table_does_not_describe_is_kept(outcome: Outcome) -> None:
    cell = {"groupId": "OG009", "value": "4"}
    (found,) = outcome(paramType="MEAN", classes=cells(cell))
    assert found.group == "nct00000001-om1-og009"


@pytest.mark.parametrize(
    ("title", "variable"),
    [
        ("Overall Survival (OS)", "overall-survival"),
        ("overall survival", "overall-survival"),
        ("Overall Survival Rate", "nct00000001-om1"),
        ("Overall Survival (in adults)", "nct00000001-om1"),
        (
            "Complete Remission With or Without Complete Hematologic Recovery (CR/CRi)",
            "cr-cri",
        ),
        ("Complete Remission (CR/CRi)", "nct00000001-om1"),  # names of two variables
        ("Febrile Neutropenia", "nct00000001-om1"),  # a title gives no grade and no seriousness
    ],
)
def test_a_title_is_a_curated_variable_only_where_it_is_its_name(
    outcome: Outcome, title: str, variable: str
) -> None:
    (found,) = outcome(title=title, paramType="MEDIAN", classes=cells({"value": "4"}))
    assert found.variable == variable


def test_outcomes_without_data_leave_their_groups(made: Made) -> None:
    measure = {
        "title": "x",
        "reportingStatus": "NOT_POSTED",
        "groups": [{"id": "OG000", "title": "One"}],
    }
    found = made({"outcomeMeasuresModule": {"outcomeMeasures": [measure]}})
    assert found.results == ()
    assert any(record.slug == "nct00000001-om1-og000" for record in found.declared)


def test_a_number_with_an_exponent_is_written_out(outcome: Outcome) -> None:
    (found,) = outcome(paramType="MEAN", classes=cells({"value": "1.20E+4"}))
    assert found.value
    assert (found.value.text, found.printed) == ("12000", "1.20E+4")
