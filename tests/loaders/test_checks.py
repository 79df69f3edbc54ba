"""The papers' own faults are found, typed, and only those."""

from dataclasses import replace

import pytest

from evikg.graph import records as r
from evikg.graph.derive import Derived
from evikg.graph.numbers import Printed
from evikg.loaders.checks import recompute
from evikg.loaders.disagreements import discrepancies
from evikg.ontology import (
    Directness,
    DiscrepancyType,
    GroupKind,
    IntervalKind,
    Statistic,
    ValueStatus,
    Verdict,
)

GROUPS = [r.Group(slug="all", study="trial", label="", kind=GroupKind.TREATED, size=42)]
RATE = r.Result(
    slug="a",
    source="paper",
    study="trial",
    group="all",
    variable="cr-cri",
    statistic=Statistic.PERCENT,
    directness=Directness.OWN,
    value=Printed.parse("83.3"),
    unit="%",
    events=35,
    total=42,
    printed="35 (83.3)",
    locator="Table 2",
    line=147,
)
MEDIAN = replace(
    RATE,
    statistic=Statistic.MEDIAN,
    value=Printed.parse("5.2"),
    unit="months",
    events=None,
    total=None,
    interval_kind=IntervalKind.CONFIDENCE,
    interval_low=Printed.parse("1.1"),
    interval_high=Printed.parse("NR", ValueStatus.NOT_REACHED),
)


def verdicts(result: r.Result) -> dict[str, Verdict]:
    found = recompute([result], GROUPS)
    passed = {rule: Verdict.CONSISTENT for _, rule in found.passed}
    return passed | {check.rule: check.verdict for check in found.checks}


def types(*printings: r.Result) -> list[DiscrepancyType]:
    numbered = [replace(x, slug=str(i)) for i, x in enumerate(printings)]
    derived = [Derived(x.slug, "quantity", False, ()) for x in numbered]
    return [found.type for found in discrepancies(numbered, derived)]


def test_a_percentage_that_recomputes_is_consistent() -> None:
    assert verdicts(RATE) == {"percentage": Verdict.CONSISTENT, "denominator": Verdict.CONSISTENT}


def test_a_proportion_is_recomputed_as_printed() -> None:
    share = replace(RATE, statistic=Statistic.PROPORTION, value=Printed.parse("0.833"), unit=None)
    assert verdicts(share)["percentage"] is Verdict.CONSISTENT


def test_a_percentage_that_does_not_recompute_is_inconsistent() -> None:
    wrong = replace(RATE, value=Printed.parse("85.3"))
    assert verdicts(wrong)["percentage"] is Verdict.INCONSISTENT


def test_a_denominator_that_is_not_the_groups_is_found() -> None:
    # 34 of 41 is 82.9
    other = replace(RATE, events=None, total=41, value=Printed.parse("82.9"))
    assert verdicts(other) == {
        "denominator": Verdict.INCONSISTENT,
        "reachable": Verdict.CONSISTENT,
    }


def test_an_open_bound_is_no_fault() -> None:
    assert verdicts(MEDIAN) == {"interval": Verdict.CONSISTENT}


def test_a_value_outside_its_interval_is_found() -> None:
    assert verdicts(replace(MEDIAN, value=Printed.parse("0.9"))) == {
        "interval": Verdict.INCONSISTENT
    }


def test_a_number_that_is_none_is_found() -> None:
    damaged = replace(MEDIAN, interval_high=Printed.parse("40.3.0.3", ValueStatus.ILLEGIBLE))
    assert verdicts(damaged)["legible"] is Verdict.INCONSISTENT


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        (RATE, []),
        (replace(RATE, value=Printed.parse("83")), [DiscrepancyType.ROUNDING]),
        # ozcan-2025: 25.8 in the text, 25.9 in Table 4
        (replace(RATE, value=Printed.parse("83.4")), [DiscrepancyType.ROUNDING]),
        (replace(RATE, value=Printed.parse("71.9")), [DiscrepancyType.VALUE]),
        (replace(RATE, total=41), [DiscrepancyType.DENOMINATOR]),
        # a count beside a percentage is no disagreement
        (replace(RATE, statistic=Statistic.COUNT, value=Printed.parse("35"), unit=None), []),
    ],
)
def test_two_printings_of_a_share(second: r.Result, expected: list[DiscrepancyType]) -> None:
    assert types(RATE, second) == expected


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        ("1.1", None, []),
        ("1", None, [DiscrepancyType.ROUNDING]),  # ozcan-2025 cites 72-88 for 72.1-87.7
        ("1.9", None, [DiscrepancyType.INTERVAL]),  # ozcan-2025, line 72 and Table 2
        ("1.1", "40.3", [DiscrepancyType.INTERVAL]),
    ],
)
def test_two_printings_of_an_interval(
    low: str, high: str | None, expected: list[DiscrepancyType]
) -> None:
    other = replace(MEDIAN, interval_low=Printed.parse(low))
    if high:
        other = replace(other, interval_high=Printed.parse(high))
    assert types(MEDIAN, other) == expected
