"""Each rule finds a planted error, and finds nothing where the error is not planted.

The numbers are small enough to be computed by hand; those of a paper are named.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from evikg.graph import records as r
from evikg.graph.numbers import Printed
from evikg.graph.records import Grade
from evikg.loaders.checks import recompute
from evikg.loaders.checks.rules import rules
from evikg.ontology import (
    Causality,
    CountUnit,
    Directness,
    GradeBasis,
    GroupKind,
    IntervalKind,
    Seriousness,
    Severity,
    Statistic,
    ValueStatus,
    VariableKind,
    Verdict,
)


def group(slug: str, size: int | None, **more: Any) -> r.Group:
    return r.Group(slug=slug, study="trial", label=slug, kind=GroupKind.TREATED, size=size, **more)


GROUPS = [
    group("all", 40, pools=("arm-a", "arm-b")),
    group("arm-a", 25, subgroup_of="all", arm="1.2 mg/m2/cycle (run-in + randomized)"),
    group("arm-b", 15, subgroup_of="all", arm="1.8 mg/m2/cycle (randomized)"),
    group("prior", 30, subgroup_of="all", criteria=("prior-hsct",)),
    group("no-prior", 10, subgroup_of="all", criteria=("no-prior-hsct",)),
]
VARIABLES = [
    r.Variable(slug=slug, label=slug, kind=VariableKind.EFFICACY, broader=broader)
    for slug, broader in {
        "survival": (),
        "overall-survival": ("survival",),
        "event-free-survival": ("survival",),
        "progression-free-survival": ("survival",),
    }.items()
]


def row(slug: str, variable: str = "cr-cri", where: str = "all", **more: Any) -> r.Result:
    """Return a result, by default a count of patients that is not printed as a percentage."""
    events, low, high = more.pop("events", None), more.pop("low", None), more.pop("high", None)
    value = more.pop("value", None if events is None else str(events))
    bounds: dict[str, Any] = {}
    if low is not None:
        kind = more.pop("kind", IntervalKind.CONFIDENCE)
        bounds = {"interval_low": Printed.parse(low), "interval_high": Printed.parse(high)}
        bounds["interval_kind"] = kind
    if "p" in more:
        more["p_value"] = Printed.parse(more.pop("p"))
    if "grade" in more:
        more["grade"] = Grade.parse(more["grade"])
    more.setdefault("statistic", Statistic.COUNT)
    if more["statistic"].is_frequency:
        more.setdefault("count_unit", CountUnit.PATIENTS)
    return r.Result(
        slug=slug, source="paper", study="trial", group=where, variable=variable,
        directness=Directness.OWN, printed=value or "", locator="Table 1", line=1, events=events,
        value=None if value is None else Printed.parse(value), **bounds, **more,
    )  # fmt: skip


def percent(slug: str, value: str, variable: str = "cr-cri", **more: Any) -> r.Result:
    return row(slug, variable, statistic=Statistic.PERCENT, value=value, unit="%", **more)


def survival(slug: str, value: str, months: int, variable: str = "overall-survival") -> r.Result:
    return row(
        slug, variable, statistic=Statistic.SURVIVAL_PROBABILITY, value=value, unit="%",
        timepoint=months, timepoint_unit="months",
    )  # fmt: skip


def hazard(slug: str, value: str, low: str, high: str, **more: Any) -> r.Result:
    more.setdefault("statistic", Statistic.HAZARD_RATIO)
    return row(slug, "overall-survival", "arm-a", comparator="arm-b", value=value, low=low,
               high=high, interval_level=95, **more)  # fmt: skip


def median(slug: str, value: str, variable: str, unit: str = "months", **more: Any) -> r.Result:
    return row(slug, variable, statistic=Statistic.MEDIAN, value=value, unit=unit, **more)


def event(slug: str, events: int, **more: Any) -> r.Result:
    more = {"causality": Causality.ALL, "seriousness": Seriousness.ALL, "grade": "any", **more}
    more.setdefault("count_unit", CountUnit.EVENTS)
    return row(slug, "nausea", events=events, **more)


def term(slug: str, name: str, code: str, soc: str) -> r.Result:
    return row(slug, slug, events=3, count_unit=CountUnit.REPORTS, printed_term=name,
               printed_code=code, printed_soc=soc)  # fmt: skip


def series(variable: str, *events: int) -> list[r.Result]:
    places = ("all", "arm-a", "arm-b", "prior")
    return [
        row(f"{variable}-{where}", variable, where, events=count)
        for where, count in zip(places, events, strict=True)
    ]


Rows = list[r.Result]
#: Rule, rows as they should be, rows with the error, results that the finding must name.
PLANTED: list[tuple[str, Rows, Rows, set[str]]] = [
    # 30 of 40 is 75.0
    ("percentage", [percent("a", "75.0", events=30, total=40)],
     [percent("a", "78.0", events=30, total=40)], {"a"}),
    ("denominator", [row("a", events=30, total=40)], [row("a", events=30, total=39)], {"a"}),
    # 30 of 40 is 75.0, 31 is 77.5
    ("reachable", [percent("a", "75.0", total=40)], [percent("a", "76.2", total=40)], {"a"}),
    ("group-size", [row("a", events=40)], [row("a", events=41)], {"a"}),
    # papayannidis-2025, line 48: 5.3 (9.6 to 29.8)
    ("interval", [median("a", "9.7", "overall-survival", low="9.6", high="29.8")],
     [median("a", "5.3", "overall-survival", low="9.6", high="29.8")], {"a"}),
    # papayannidis-2025, line 192: sqrt(0.73 x 2.43) is 1.33; with 3.43 it is 1.58
    ("symmetry", [hazard("a", "1.33", "0.73", "2.43")], [hazard("a", "1.33", "0.73", "3.43")],
     {"a"}),
    # The middle of -13.1 and 9.1 is -2.0 (yoon-2026, line 305)
    ("symmetry",
     [hazard("a", "-2.0", "-13.1", "9.1", statistic=Statistic.DIFFERENCE)],
     [hazard("a", "-2.0", "-13.1", "19.1", statistic=Statistic.DIFFERENCE)], {"a"}),
    # papayannidis-2025, line 192: 1 lies inside, so p is above 0.05
    ("p-value", [hazard("a", "1.33", "0.73", "2.43", p=".353")],
     [hazard("a", "1.33", "0.73", "2.43", p="<0.001")], {"a"}),
    # 1 lies outside, so p is below 0.05, also where another row prints it
    ("p-value",
     [hazard("a", "0.50", "0.30", "0.83"),
      row("p", "overall-survival", "arm-a", comparator="arm-b", statistic=Statistic.COMPARISON,
          p="0.007")],
     [hazard("a", "0.50", "0.30", "0.83"),
      row("p", "overall-survival", "arm-a", comparator="arm-b", statistic=Statistic.COMPARISON,
          p="0.60")], {"a", "p"}),
    # duan-2025, Table 4: 97 reports; with 60 the standard error is at least 1/sqrt(60) = 0.129
    ("reporting-odds-ratio",
     [hazard("a", "486.02", "395.96", "596.57", statistic=Statistic.REPORTING_ODDS_RATIO,
             events=97)],
     [hazard("a", "486.02", "395.96", "596.57", statistic=Statistic.REPORTING_ODDS_RATIO,
             events=60)], {"a"}),
    # (10 / 15) / (3 / 12) is 2.67
    ("reporting-odds-ratio",
     [row("a", "cr-cri", "arm-a", comparator="arm-b", statistic=Statistic.ODDS_RATIO, value="2.67",
          count_unit=CountUnit.PATIENTS),
      row("b", "cr-cri", "arm-a", events=10, total=25),
      row("c", "cr-cri", "arm-b", events=3, total=15)],
     [row("a", "cr-cri", "arm-a", comparator="arm-b", statistic=Statistic.ODDS_RATIO, value="3.67",
          count_unit=CountUnit.PATIENTS),
      row("b", "cr-cri", "arm-a", events=10, total=25),
      row("c", "cr-cri", "arm-b", events=3, total=15)], {"a", "b", "c"}),
    ("pool",
     [row("a", events=30), row("b", where="arm-a", events=18), row("c", where="arm-b", events=12)],
     [row("a", events=31), row("b", where="arm-a", events=18), row("c", where="arm-b", events=12)],
     {"a", "b", "c"}),
    # A bare percentage has one count: 72.0 of 25 is 18, 80.0 of 15 is 12
    ("pool",
     [row("a", events=30), percent("b", "72.0", where="arm-a", total=25),
      percent("c", "80.0", where="arm-b", total=15)],
     [row("a", events=29), percent("b", "72.0", where="arm-a", total=25),
      percent("c", "80.0", where="arm-b", total=15)], {"a", "b", "c"}),
    ("categories", [row("a", events=30), row("b", "cr", events=20), row("c", "cri", events=10)],
     [row("a", events=30), row("b", "cr", events=20), row("c", "cri", events=11)],
     {"a", "b", "c"}),
    ("categories", [row("a", "male-sex", events=22), row("b", "female-sex", events=18)],
     [row("a", "male-sex", events=22), row("b", "female-sex", events=19)], {"a", "b"}),
    ("categories", [percent("a", "55.0", "male-sex"), percent("b", "45.0", "female-sex")],
     [percent("a", "55.0", "male-sex"), percent("b", "47.0", "female-sex")], {"a", "b"}),
    # papayannidis-2025, line 183: 79.5 and 82.1 in the two parts, 74.0 in all
    ("strata",
     [percent("a", "80.2"), percent("b", "79.5", where="prior"),
      percent("c", "82.1", where="no-prior")],
     [percent("a", "74.0"), percent("b", "79.5", where="prior"),
      percent("c", "82.1", where="no-prior")], {"a", "b", "c"}),
    ("quartiles",
     [median("a", "50.7", "age", "years", low="48.9", high="52.1", kind=IntervalKind.INTERQUARTILE),
      median("b", "50.7", "age", "years", low="33.8", high="54.1", kind=IntervalKind.RANGE)],
     [median("a", "50.7", "age", "years", low="48.9", high="55.1", kind=IntervalKind.INTERQUARTILE),
      median("b", "50.7", "age", "years", low="33.8", high="54.1", kind=IntervalKind.RANGE)],
     {"a", "b"}),
    ("survival-falls", [survival("a", "40.2", 12), survival("b", "29.3", 24)],
     [survival("a", "40.2", 12), survival("b", "49.3", 24)], {"a", "b"}),
    ("incidence-rises",
     [survival("a", "11.1", 12, "relapse-after-hsct"), survival("b", "26.7", 18, "relapse-after-hsct")],
     [survival("a", "31.1", 12, "relapse-after-hsct"), survival("b", "26.7", 18, "relapse-after-hsct")],
     {"a", "b"}),
    ("event-order",
     [survival("a", "23.5", 12, "event-free-survival"), survival("b", "40.2", 12)],
     [survival("a", "43.5", 12, "event-free-survival"), survival("b", "40.2", 12)], {"a", "b"}),
    ("event-order",
     [median("a", "3.6", "progression-free-survival"), median("b", "10.2", "overall-survival")],
     [median("a", "13.6", "progression-free-survival"), median("b", "10.2", "overall-survival")],
     {"a", "b"}),
    # yoon-2026, line 340: followed for at most 311 days; 10.2 months are 310.5 days, 11.2 are 340.9
    ("follow-up",
     [median("a", "88.0", "follow-up", "days", low="33.0", high="311.0", kind=IntervalKind.RANGE),
      median("b", "10.2", "overall-survival")],
     [median("a", "88.0", "follow-up", "days", low="33.0", high="311.0", kind=IntervalKind.RANGE),
      median("b", "11.2", "overall-survival")], {"a", "b"}),
    # 40 x (1 - 0.60) leaves room for 16 deaths
    ("deaths",
     [row("a", "death", events=16, timepoint=12, timepoint_unit="months"),
      survival("b", "60.0", 12)],
     [row("a", "death", events=17, timepoint=12, timepoint_unit="months"),
      survival("b", "60.0", 12)], {"a", "b"}),
    ("deaths", [row("a", "death", events=1), survival("b", "60.0", 12)],
     [row("a", "death", events=0), survival("b", "60.0", 12)], {"a", "b"}),
    ("grades", [event("a", 9), event("b", 9, grade=">=3", grade_basis=GradeBasis.EVENT)],
     [event("a", 9), event("b", 10, grade=">=3", grade_basis=GradeBasis.EVENT)], {"a", "b"}),
    # papayannidis-2025, lines 212 and 242: 9 liver toxicities, by grade 2 + 3 + 5 + 2
    ("grade-sum",
     [event("a", 12), *(event(f"g{g}", n, grade=str(g), grade_basis=GradeBasis.EVENT)
                        for g, n in enumerate((2, 3, 5, 2), 1))],
     [event("a", 9), *(event(f"g{g}", n, grade=str(g), grade_basis=GradeBasis.EVENT)
                       for g, n in enumerate((2, 3, 5, 2), 1))], {"a", "g1", "g2", "g3", "g4"}),
    ("seriousness", [event("a", 9), event("b", 9, seriousness=Seriousness.SERIOUS)],
     [event("a", 9), event("b", 10, seriousness=Seriousness.SERIOUS)], {"a", "b"}),
    ("causality", [event("a", 9), event("b", 9, causality=Causality.DRUG_RELATED)],
     [event("a", 9), event("b", 10, causality=Causality.DRUG_RELATED)], {"a", "b"}),
    ("subgroup", [row("a", events=9), row("b", where="prior", events=9)],
     [row("a", events=9), row("b", where="prior", events=10)], {"a", "b"}),
    ("patients-events", [event("a", 9), event("b", 9, count_unit=CountUnit.PATIENTS)],
     [event("a", 9), event("b", 10, count_unit=CountUnit.PATIENTS)], {"a", "b"}),
    # duan-2025, lines 222 and 233: one code for two terms
    ("code-of-term",
     [term("a", "Enterocolitis infectious", "1", "Infections"), term("b", "Infection", "2", "Infections")],
     [term("a", "Enterocolitis infectious", "1", "Infections"), term("b", "Infection", "1", "Infections")],
     {"a", "b"}),
    # duan-2025, lines 204 and 246: one term with two codes
    ("code-of-term", [term("a", "Hepatotoxicity", "1", "Liver"), term("b", "hepatotoxicity", "1", "Liver")],
     [term("a", "Hepatotoxicity", "1", "Liver"), term("b", "hepatotoxicity", "2", "Liver")],
     {"a", "b"}),
    # yoon-2026 abbreviates a class in one table: lines 288 and 311
    ("class-of-term",
     [term("a", "Weight loss", "1", "Investigations (Lab test abnormalities)"),
      term("b", "Weight loss", "1", "Investigations (Laboratory abnormalities)")],
     [term("a", "Weight loss", "1", "Investigations"), term("b", "Weight loss", "1", "Metabolism")],
     {"a", "b"}),
    # ozcan-2025, line 135: the run-in had 1.2 mg/m2/cycle only; its text writes "and" for "+"
    ("arm-label",
     [row("a", where="arm-a", events=2, printed_group="1.2 mg/m²/cycle (run-in  and randomized)"),
      row("b", where="arm-b", events=2, printed_group="1.8 MG / m<sup>2</sup>/cycle (randomized)")],
     [row("b", where="arm-b", events=2, printed_group="1.8 mg/m2/cycle (run-in)")], {"b"}),
    ("duplicate-series", [*series("x", 20, 12, 8, 15), *series("y", 20, 12, 8, 16)],
     [*series("x", 20, 12, 8, 15), *series("y", 20, 12, 8, 15)],
     {f"{v}-{g}" for v in "xy" for g in ("all", "arm-a", "arm-b", "prior")}),
]  # fmt: skip


def found(rows: Rows) -> list[r.Check]:
    return list(recompute(rows, GROUPS, VARIABLES).checks)


@pytest.mark.parametrize(("rule", "right", "wrong", "named"), PLANTED)
def test_a_planted_error_is_found_and_named(
    rule: str, right: Rows, wrong: Rows, named: set[str]
) -> None:
    assert found(right) == []
    checks = [check for check in found(wrong) if check.rule == rule]
    assert [set(check.checks) for check in checks] == [named]
    assert checks[0].verdict is Verdict.INCONSISTENT
    assert checks[0].severity is rules()[rule].severity
    assert checks[0].inputs


def test_every_rule_has_a_planted_error() -> None:
    # What is no number cannot be parsed as one: it has a test of its own
    assert {rule for rule, *_ in PLANTED} | {"legible"} == set(rules())


def test_the_document_of_the_checks_has_the_table_of_rules() -> None:
    page = (Path(__file__).parents[2] / "docs" / "checks.md").read_text(encoding="utf-8")
    for rule in rules().values():
        cells = (f"`{rule.name}`", rule.statement, rule.tolerance, rule.severity, rule.source)
        assert f"| {' | '.join(cells)} |" in page


def test_a_number_that_is_none_is_critical() -> None:
    # yoon-2026, line 219
    damaged = Printed.parse("40.3.0.3", ValueStatus.ILLEGIBLE)
    (check,) = found([replace(row("a", events=3), value=damaged)])
    assert (check.rule, check.severity) == ("legible", Severity.CRITICAL)


def test_a_finding_of_rounding_is_minor() -> None:
    # papayannidis-2025, line 214: 8 of 73 is 10.96
    (check,) = [
        c
        for c in found([percent("a", "10.9", events=8, total=73, where="elsewhere")])
        if c.rule == "percentage"
    ]
    assert (check.verdict, check.severity) == (Verdict.ROUNDING, Severity.MINOR)


def test_a_p_value_that_fits_one_sided_cannot_be_checked() -> None:
    # By hand: ln 1.6 / (ln(2.7 / 0.95) / 3.92) = 1.76, two-sided p 0.078, one-sided 0.039
    (check,) = found([hazard("a", "1.60", "0.95", "2.70", p="0.039")])
    assert (check.rule, check.verdict) == ("p-value", Verdict.CANNOT_CHECK)


@pytest.mark.parametrize(
    "change",
    [
        {"onset_window": "28-days"},
        {"source": "another"},
        {"directness": Directness.CITED},
        {"causality": Causality.DRUG_RELATED},
        {"definition": "another"},
        {"predictor": "age"},
    ],
)
def test_what_is_about_something_else_is_not_compared(change: dict[str, Any]) -> None:
    any_grade = event("a", 9)
    severe = event("b", 10, grade=">=3", grade_basis=GradeBasis.EVENT)
    assert found([any_grade, severe])
    assert found([replace(any_grade, definition="one"), replace(severe, **change)]) == []


def test_categories_that_need_not_exhaust_a_group_may_leave_some_out() -> None:
    # 12 patients of unknown sex
    assert found([row("a", "male-sex", events=20), row("b", "female-sex", events=8)]) == []


def test_the_same_small_counts_in_a_long_table_are_a_coincidence() -> None:
    # By hand: one over the product of 2 sqrt(pi n) for 12, 8 and 15 is 0.0006; 28 pairs make 0.017
    others = [x for i in range(6) for x in series(f"z{i}", 20 - i, 12 - i, 8, 15 - i)]
    twins = [*series("x", 21, 12, 9, 15), *series("y", 21, 12, 9, 15)]
    assert [check.rule for check in found(twins)] == ["duplicate-series"]
    assert found([*twins, *others]) == []


def test_survival_from_two_origins_is_not_compared() -> None:
    definitions = [
        r.Definition(slug="efs", study="trial", variable="event-free-survival", label="",
                     origin="enrolment"),
        r.Definition(slug="os", study="trial", variable="overall-survival", label="",
                     origin="transplantation"),
    ]  # fmt: skip
    rows = [
        replace(survival("a", "43.5", 12, "event-free-survival"), definition="efs"),
        replace(survival("b", "40.2", 12), definition="os"),
    ]
    assert recompute(rows, GROUPS, VARIABLES).checks
    assert not recompute(rows, GROUPS, VARIABLES, definitions).checks


def test_a_less_complete_printing_is_not_another_contradiction() -> None:
    rows = [row("a", events=31), row("b", where="arm-a", events=18),
            row("c", where="arm-b", events=12)]  # fmt: skip
    again = replace(rows[0], slug="d", locator="Abstract")
    assert [set(check.checks) for check in found([*rows, again])] == [{"a", "b", "c"}]
