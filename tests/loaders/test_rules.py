"""Each rule finds a planted error, and finds nothing where the error is not planted.

The numbers are small enough to be computed by hand; those of a paper are named.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from evikg.graph import records as r
from evikg.graph.numbers import Printed
from evikg.loaders.checks import recompute
from evikg.loaders.checks.rules import rules
from evikg.ontology import (
    Causality,
    Directness,
    GradeBasis,
    GroupKind,
    Severity,
    ValueStatus,
    Verdict,
)

from .planted import (
    GROUPS,
    PLANTED,
    VARIABLES,
    Rows,
    blood,
    event,
    hazard,
    of_twelve,
    percent,
    row,
    series,
    survival,
)


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
    # What is no number cannot be parsed as one, and what cannot be checked has tests of its own
    assert {rule for rule, *_ in PLANTED} | {"legible", "least-grade", "references"} == set(rules())


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


def test_a_term_without_mild_grades_is_no_more_than_the_severe_events_of_its_class() -> None:
    # yoon-2026, lines 312 and 327: febrile neutropenia in 5.6 % of 107, one severe event of blood
    severe = {"grade": ">=3", "grade_basis": GradeBasis.MAXIMUM}
    assert found(blood(6, 6, name="Febrile neutropenia", **severe)) == []
    assert found(blood(1, 6, name="Anemia", **severe)) == []  # of grade 1 and 2 as well
    (check,) = found(blood(1, 6, name="Febrile neutropenia", **severe))
    assert (check.rule, check.verdict) == ("least-grade", Verdict.CANNOT_CHECK)


def test_a_percentage_that_another_group_would_give_cannot_be_checked() -> None:
    # papayannidis-2025, line 96; by hand: 76.0 of 40 by no count, 19 of the 25 of an arm
    (check,) = found([percent("a", "76.0", total_not_stated=True)])
    assert (check.rule, check.verdict) == ("not-stated", Verdict.CANNOT_CHECK)
    assert "25" in (check.note or "")


def test_deaths_after_transplantation_are_all_deaths_only_of_the_transplanted() -> None:
    # ozcan-2025, Table 4
    after = row("a", "death-after-hsct", "twelve", events=5)
    rows = [after, *of_twelve("66.7", "58.3", "48.6")]
    transplanted = [replace(GROUPS[-1], slug="twelve", size=12, kind=GroupKind.TRANSPLANTED)]
    treated = [replace(transplanted[0], kind=GroupKind.TREATED)]
    (check,) = recompute(rows, transplanted, VARIABLES).checks
    assert check.rule == "deaths-of-curve"
    assert recompute(rows, treated, VARIABLES).checks == ()


def test_responders_are_those_who_responded_unless_two_groups_of_them_are_known() -> None:
    whole = GROUPS[0]
    responders = replace(whole, slug="responders", kind=GroupKind.RESPONDERS, size=25,
                         subgroup_of="all", pools=())  # fmt: skip
    assessed = replace(responders, slug="assessed", size=24)
    rows = [row("a", events=26), row("b", "relapse", "responders", events=5, total=25)]
    (check,) = recompute(rows, [whole, responders], VARIABLES).checks
    assert check.rule == "subgroup-size"
    assert recompute(rows, [whole, responders, assessed], VARIABLES).checks == ()
    assert recompute(rows[:1], [whole, responders], VARIABLES).checks == ()


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


def cited(slug: str, reference: str, line: int) -> r.Result:
    shown = row(slug, events=3)
    return replace(
        shown,
        directness=Directness.CITED,
        cited_reference=reference,
        line=line,
        locator="Discussion",
    )


def test_citations_of_one_study_without_a_common_reference_are_a_question() -> None:
    # yoon-2026, lines 53 and 362: one study cited as 27 and as one of 29-31
    right = [cited("a", "29", 53), cited("b", "29-31", 362), cited("c", "29–31", 407)]
    assert found(right) == []
    (check,) = found([cited("a", "27", 53), *right[1:]])
    assert (check.rule, check.verdict) == ("references", Verdict.CANNOT_CHECK)
    assert check.checks == ("a", "b")
