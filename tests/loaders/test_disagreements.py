"""A planted disagreement of each type is found and typed, and no more than it."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from evikg.graph import records as r
from evikg.graph.derive import derive
from evikg.graph.numbers import Printed
from evikg.graph.records import Grade
from evikg.loaders.disagreements import discrepancies
from evikg.ontology import (
    Causality,
    CountUnit,
    Directness,
    DiscrepancyType,
    GroupKind,
    IntervalKind,
    Statistic,
    StudyDesign,
    VariableKind,
)

_TYPE = DiscrepancyType
STUDIES = [
    r.Study(slug="trial", label="Trial", design=StudyDesign.RANDOMIZED),
    r.Study(slug="interim", label="Interim", design=StudyDesign.RANDOMIZED, report_of="trial"),
    r.Study(slug="other", label="Other trial", design=StudyDesign.RANDOMIZED),
]
GROUPS = [
    r.Group(slug="all", study="trial", label="All", kind=GroupKind.TREATED, size=73, arm="new"),
    r.Group(
        slug="control", study="trial", label="Control", kind=GroupKind.TREATED, size=60, arm="old"
    ),
    r.Group(
        slug="known", study="trial", label="Karyotype known", kind=GroupKind.ASSESSED, size=49,
        subgroup_of="all", arm="new",
    ),
    r.Group(
        slug="transplanted", study="trial", label="Transplanted", kind=GroupKind.TRANSPLANTED,
        subgroup_of="all", arm="new",
    ),
    r.Group(slug="both", study="two-arms", label="Both", kind=GroupKind.TREATED, size=80, arm="Total",
            pools=("one", "two")),
    r.Group(slug="one", study="two-arms", label="One", kind=GroupKind.TREATED, size=42, arm="one",
            subgroup_of="both"),
    r.Group(slug="two", study="two-arms", label="Two", kind=GroupKind.TREATED, size=38, arm="two",
            subgroup_of="both"),
    r.Group(slug="then", study="interim", label="Then", kind=GroupKind.TREATED, arm="new"),
    r.Group(slug="first", study="other", label="First report", kind=GroupKind.ASSESSED, arm="a"),
    r.Group(slug="last", study="other", label="Last report", kind=GroupKind.TREATED, arm="a"),
]  # fmt: skip
_KINDS = {"hsct": VariableKind.PROCEDURE, "pneumonia": VariableKind.ADVERSE_EVENT,
          "pneumonitis": VariableKind.ADVERSE_EVENT, "age": VariableKind.BASELINE}  # fmt: skip
_BROADER = {"os": ("survival",), "efs": ("survival",), "cr-cri": ("response",),
            "orr": ("response",), "part": ("cr-cri",)}  # fmt: skip
_NAMES = {"orr": ("overall response rate",), "cr-cri": ("CR/CRi",)}
VARIABLES = [
    r.Variable(
        slug=slug, label=slug, kind=_KINDS.get(slug, VariableKind.EFFICACY),
        broader=_BROADER.get(slug, ()), alt=_NAMES.get(slug, ()),
        concerns_variables=("hsct",) if slug == "sos-after-hsct" else (),
    )
    for slug in ("survival", "response", "os", "efs", "cr-cri", "orr", "part", "hsct", "age",
                 "pneumonia", "pneumonitis", "sos-after-hsct", "rearrangement")
]  # fmt: skip
DEFINITIONS = [
    r.Definition(slug="from-start", study="trial", variable="os", label="", origin="first dose"),
    r.Definition(slug="from-entry", study="trial", variable="os", label="", origin="enrolment"),
]
#: 54 of 73 are 74.0
SHARE = r.Result(
    slug="a", source="paper", study="trial", group="all", variable="cr-cri",
    statistic=Statistic.PERCENT, directness=Directness.OWN, value=Printed.parse("74.0"), unit="%",
    events=54, total=73, count_unit=CountUnit.PATIENTS, printed="54 (74.0)", locator="Table 2",
    line=10,
)  # fmt: skip
MEDIAN = replace(
    SHARE, variable="os", statistic=Statistic.MEDIAN, value=Printed.parse("7.9"), unit="months",
    events=None, total=None, count_unit=None, interval_kind=IntervalKind.CONFIDENCE,
    interval_low=Printed.parse("6.1"), interval_high=Printed.parse("12.4"), printed="7.9",
)  # fmt: skip
TEXT: dict[str, Any] = {"locator": "Results, Response", "line": 5}
CITED: dict[str, Any] = {
    "source": "review", "directness": Directness.CITED, "locator": "Discussion", "line": 90,
}  # fmt: skip


def percent(text: str, **more: Any) -> dict[str, Any]:
    return {"value": Printed.parse(text), "events": None, "printed": f"{text}%", **more}


def found(*printings: r.Result) -> list[r.Discrepancy]:
    results = [replace(x, slug=f"r{i}") for i, x in enumerate(printings)]
    derived = derive(results, GROUPS, VARIABLES)
    return list(discrepancies(results, derived, GROUPS, VARIABLES, DEFINITIONS, STUDIES))


def median(text: str, **more: Any) -> r.Result:
    bare = {"interval_kind": None, "interval_low": None, "interval_high": None}
    return replace(MEDIAN, value=Printed.parse(text), **bare, **more)


PLANTED = {
    "the text prints another share": (
        _TYPE.VALUE, SHARE, replace(SHARE, **percent("71.0"), **TEXT)),
    "one patient more": (
        _TYPE.VALUE, replace(SHARE, statistic=Statistic.COUNT, value=Printed.parse("54"), unit=None),
        replace(SHARE, statistic=Statistic.COUNT, value=Printed.parse("55"), events=55, unit=None,
                **TEXT)),
    "one unit of the last place": (
        _TYPE.ROUNDING, SHARE, replace(SHARE, **percent("74.1"), **CITED)),
    "another bound": (
        _TYPE.INTERVAL, MEDIAN, replace(MEDIAN, interval_low=Printed.parse("1.6"), **TEXT)),
    "another total": (_TYPE.DENOMINATOR, SHARE, replace(SHARE, total=72, **TEXT)),
    "the same patients of those assessed": (
        _TYPE.DENOMINATOR,
        replace(SHARE, variable="rearrangement", events=2, value=Printed.parse("2.7")),
        replace(SHARE, variable="rearrangement", group="known", events=2, total=49,
                value=Printed.parse("4.1"), **TEXT)),
    "what only the transplanted have, of all": (
        _TYPE.DENOMINATOR,
        replace(SHARE, variable="sos-after-hsct", value=Printed.parse("14.0"), events=None),
        replace(SHARE, variable="sos-after-hsct", group="transplanted", total=None, events=None,
                value=Printed.parse("22.8"), **TEXT)),
    "two time origins": (
        _TYPE.DEFINITION, replace(MEDIAN, definition="from-start"),
        replace(median("8.4"), definition="from-entry", **TEXT)),
    "two time origins and one number": (
        _TYPE.DEFINITION, replace(MEDIAN, definition="from-start"),
        replace(MEDIAN, definition="from-entry", **TEXT)),
    "one value at two times": (
        _TYPE.TIME, replace(MEDIAN, timepoint=Decimal(1), timepoint_unit="years"),
        replace(MEDIAN, timepoint=Decimal(3), timepoint_unit="years", **TEXT)),
    "a later data cut-off": (
        _TYPE.TIME, MEDIAN, replace(median("6.5"), study="interim", group="then", **CITED)),
    "an interim report of the same patients": (
        _TYPE.INTERVAL,
        replace(MEDIAN, variable="age", interval_kind=IntervalKind.RANGE,
                interval_low=Printed.parse("20"), interval_high=Printed.parse("67")),
        replace(MEDIAN, variable="age", interval_kind=IntervalKind.RANGE, study="interim",
                interval_low=Printed.parse("21"), interval_high=Printed.parse("67"),
                group="then", **CITED)),
    "two reports that others cite": (
        _TYPE.TIME, replace(median("5.4"), study="other", group="last", **CITED),
        replace(median("4.6"), study="other", group="first", **CITED | {"source": "second"})),
    "cited for a sibling endpoint": (
        _TYPE.LABEL, MEDIAN, replace(median("7.9"), variable="efs", **CITED)),
    "cited for the other arm": (
        _TYPE.LABEL, MEDIAN, replace(median("7.9"), group="control", **CITED)),
    "cited for another grade": (
        _TYPE.LABEL, replace(SHARE, grade=Grade.parse("3-4")),
        replace(SHARE, **percent("74.0"), grade=Grade.parse("any"), **CITED)),
    "cited as drug-related": (
        _TYPE.LABEL, replace(SHARE, causality=Causality.ALL),
        replace(SHARE, **percent("74.0"), causality=Causality.DRUG_RELATED, **CITED)),
    "two citing documents name two endpoints": (
        _TYPE.LABEL, replace(median("5.0"), study="other", group="last", **CITED),
        replace(median("5.0"), study="other", group="first", variable="efs",
                **CITED | {"source": "second"})),
    "the text calls it something like it": (
        _TYPE.LABEL, replace(SHARE, variable="pneumonitis", grade=Grade.parse("5")),
        replace(SHARE, variable="pneumonia", grade=Grade.parse("5"), **TEXT)),
    "the name of a sibling": (
        _TYPE.LABEL, replace(SHARE, printed_term="CR/CRi"),
        replace(SHARE, printed_term="Overall response rate", **TEXT)),
    "months for weeks": (_TYPE.UNIT, MEDIAN, replace(MEDIAN, unit="weeks", **TEXT)),
    "mg for mg/m2": (
        _TYPE.UNIT, median("5.3", unit="mg"), median("5.3", unit="mg/m2", **TEXT)),
    "a percentage as a proportion": (
        _TYPE.UNIT, replace(SHARE, **percent("0.5")),
        replace(SHARE, statistic=Statistic.PROPORTION, unit=None, **percent("0.5"), **TEXT)),
    "events cited as patients": (
        _TYPE.UNIT,
        replace(SHARE, statistic=Statistic.COUNT, value=Printed.parse("17"), events=17, total=None,
                unit=None, count_unit=CountUnit.EVENTS),
        replace(SHARE, statistic=Statistic.COUNT, value=Printed.parse("17"), events=17, total=None,
                unit=None, **CITED)),
}  # fmt: skip


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_disagreement_is_found_and_typed(name: str) -> None:
    kind, *printings = PLANTED[name]
    (discrepancy,) = found(*printings)  # type: ignore[arg-type]
    assert discrepancy.type is kind
    assert discrepancy.results == ("r0", "r1")
    assert discrepancy.note


ALIKE = {
    "the same share": (SHARE, replace(SHARE, **percent("74.0"), **TEXT)),
    "a count beside a percentage": (
        SHARE, replace(SHARE, statistic=Statistic.COUNT, value=Printed.parse("54"), **TEXT)),
    "a proportion": (
        SHARE, replace(SHARE, statistic=Statistic.PROPORTION, unit=None, **percent("0.740"))),
    # 7.9 months are 34.35 weeks of 7 days, a month being 30.4375 days
    "months and weeks that agree": (median("7.9"), median("34.4", unit="weeks", **TEXT)),
    "an interval of another kind": (
        MEDIAN, replace(MEDIAN, interval_kind=IntervalKind.INTERQUARTILE,
                        interval_low=Printed.parse("7.0"), **TEXT)),
    "two open bounds": tuple(
        replace(MEDIAN, interval_high=Printed("NR", status=None), **more) for more in ({}, TEXT)),
    "a threshold that holds": (
        replace(SHARE, **percent(">50")), replace(SHARE, **percent("74.0"), **TEXT)),
    "a broader endpoint": (SHARE, replace(SHARE, variable="part", **TEXT)),
    "two endpoints side by side": (MEDIAN, replace(MEDIAN, variable="efs", line=11)),
    "a curve that is level, in one table": (
        replace(MEDIAN, timepoint=Decimal(1), timepoint_unit="years"),
        replace(MEDIAN, timepoint=Decimal(3), timepoint_unit="years", line=11)),
    "two arms": (SHARE, replace(SHARE, group="control", total=60, value=Printed.parse("90.0"))),
    # 4 of 42 are 9.5 %, 4 of 80 are 5.0
    "what came in one arm only": (
        replace(SHARE, study="two-arms", group="one", events=4, total=42, value=Printed.parse("9.5")),
        replace(SHARE, study="two-arms", group="both", events=4, total=80,
                value=Printed.parse("5.0"), **TEXT)),
    "another study": (MEDIAN, replace(median("5.0"), study="other", group="last", **CITED)),
    "a small number cited for another grade": (
        replace(SHARE, grade=Grade.parse("3"), **percent("5")),
        replace(SHARE, grade=Grade.parse("4"), **percent("5"), **CITED)),
}  # fmt: skip


@pytest.mark.parametrize("name", ALIKE)
def test_what_does_not_disagree_is_not_found(name: str) -> None:
    assert found(*ALIKE[name]) == []


def test_a_number_that_another_arm_has_is_a_label_and_not_a_value() -> None:
    control = replace(SHARE, group="control", total=60, events=33, value=Printed.parse("55.0"))
    wrong = replace(SHARE, **percent("55.0"), **TEXT)
    (discrepancy,) = found(SHARE, control, wrong)
    assert discrepancy.type is _TYPE.LABEL
    assert discrepancy.results == ("r0", "r2")
    assert discrepancy.note == (
        "values 74.0% / 55.0%; 55.0% is printed for another group, Control (paper line 10)"
    )


def test_every_type_is_planted() -> None:
    assert {kind for kind, *_ in PLANTED.values()} == set(_TYPE)


@pytest.mark.parametrize(
    ("printings", "supported"),
    [
        # 54 of 73 is 73.97 and 71.0 is no share of 73 (51 are 69.9, 52 are 71.2)
        ((replace(SHARE, **percent("71.0"), **TEXT), SHARE), "r1"),
        # both are shares of 73: 54 are 74.0 and 52 are 71.2
        ((replace(SHARE, **percent("71.2"), **TEXT), SHARE), None),
        # 16 of 73 is 21.9, 21 of 73 is 28.8; of the other category 52 are printed
        (
            (
                replace(SHARE, variable="male-sex", **percent("28.8")),
                replace(SHARE, variable="male-sex", **percent("21.9"), **TEXT),
                replace(SHARE, variable="female-sex", value=Printed.parse("71.2"), events=52),
            ),
            "r0",
        ),
        ((MEDIAN, replace(MEDIAN, value=Printed.parse("5.9"), **TEXT)), "r0"),
        # that it is the study's own supports nothing
        ((median("7.9"), median("7.2", **CITED)), None),
    ],
)
def test_the_printing_that_recomputes_is_supported(
    printings: tuple[r.Result, ...], supported: str | None
) -> None:
    # Sexes are exhaustive where the table of relations says so for the study
    study = "ino-cd22"
    results = [replace(x, slug=f"r{i}", study=study) for i, x in enumerate(printings)]
    groups = [replace(group, study=study) for group in GROUPS[:1]]
    derived = derive(results, groups, VARIABLES)
    (discrepancy,) = discrepancies(results, derived, groups, VARIABLES)
    assert discrepancy.supports == supported


def test_the_note_tells_what_is_own() -> None:
    (discrepancy,) = found(SHARE, replace(SHARE, **percent("74.1"), **CITED))
    assert discrepancy.note == "values 74.0% / 74.1%; own: 54 (74.0)"
