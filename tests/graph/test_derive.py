"""Quantities, primary printings and containment, on the cases the papers set."""

from dataclasses import replace

from evikg.graph import records as r
from evikg.graph.derive import Derived, derive
from evikg.graph.numbers import Printed
from evikg.ontology import (
    Causality,
    CountUnit,
    Directness,
    GroupKind,
    Seriousness,
    Statistic,
    VariableKind,
)

PARTS = ("run-in", "low", "high")
GROUPS = [
    *(r.Group(slug=slug, study="trial", label=slug, kind=GroupKind.TREATED) for slug in PARTS),
    r.Group(slug="pool", study="trial", label="", kind=GroupKind.TREATED, pools=PARTS[:2]),
    r.Group(slug="all", study="trial", label="", kind=GroupKind.TREATED, pools=PARTS),
    r.Group(
        slug="hsct", study="trial", label="", kind=GroupKind.TRANSPLANTED, subgroup_of="low"
    ),
]  # fmt: skip
VARIABLES = [
    r.Variable(slug="vod-sos", label="", kind=VariableKind.ADVERSE_EVENT),
    r.Variable(slug="vod", label="", kind=VariableKind.ADVERSE_EVENT, broader=("vod-sos",)),
]
VOD = r.Result(
    slug="paper-l1-1",
    source="paper",
    study="trial",
    group="low",
    variable="vod-sos",
    statistic=Statistic.PERCENT,
    directness=Directness.OWN,
    value=Printed.parse("14.3"),
    unit="%",
    events=6,
    total=42,
    grade=r.Grade.parse("any"),
    seriousness=Seriousness.ALL,
    causality=Causality.ALL,
    count_unit=CountUnit.PATIENTS,
    printed="6 (14.3)",
    locator="Table 3, SOS",
    line=1,
)


def derived(*results: r.Result) -> list[Derived]:
    numbered = [replace(x, slug=f"paper-l{i}-1", line=i) for i, x in enumerate(results, 1)]
    return derive(numbered, GROUPS, VARIABLES)


def contained(inner: r.Result, outer: r.Result) -> bool:
    first, second = derived(inner, outer)
    return first.counted_in == (second.result,)


def test_a_count_and_a_percentage_of_one_group_are_one_quantity() -> None:
    count = replace(VOD, statistic=Statistic.COUNT, value=Printed.parse("6"), unit=None, total=None)
    table, text = derived(VOD, replace(count, locator="Results"))
    assert (table.quantity == text.quantity, table.primary, text.primary) == (True, True, False)


def test_patients_and_events_are_two_quantities() -> None:
    first, second = derived(VOD, replace(VOD, count_unit=CountUnit.EVENTS))
    assert first.quantity != second.quantity
    assert (first.counted_in, second.counted_in) == ((), ())


def test_own_comes_before_cited_and_table_before_text_before_abstract() -> None:
    cited = replace(VOD, directness=Directness.CITED, source="another")
    printings = derived(
        cited, replace(VOD, locator="Abstract"), replace(VOD, locator="Discussion"), VOD
    )
    assert [item.primary for item in printings] == [False, False, False, True]


def test_of_two_printings_in_the_text_the_complete_one_is_primary() -> None:
    bare = replace(VOD, locator="Results", events=None)
    printings = derived(bare, replace(VOD, locator="Introduction"))
    assert [item.primary for item in printings] == [False, True]


def test_one_year_and_twelve_months_are_one_timepoint() -> None:
    from decimal import Decimal

    year = replace(VOD, timepoint=Decimal(1), timepoint_unit="year")
    months = replace(VOD, timepoint=Decimal(12), timepoint_unit="months")
    first, second = derived(year, months)
    assert first.quantity == second.quantity


def test_a_printing_without_definition_has_that_of_the_others() -> None:
    first, second = derived(replace(VOD, definition="strict"), replace(VOD, locator="Abstract"))
    assert first.quantity == second.quantity


def test_two_definitions_are_two_quantities() -> None:
    first, second = derived(replace(VOD, definition="strict"), replace(VOD, definition="loose"))
    assert first.quantity != second.quantity


def test_what_is_part_of_another_result_says_so() -> None:
    assert contained(replace(VOD, variable="vod"), VOD)
    assert contained(replace(VOD, group="hsct"), VOD)
    assert contained(VOD, replace(VOD, group="pool"))
    assert contained(replace(VOD, group="pool"), replace(VOD, group="all"))
    assert contained(replace(VOD, group="hsct", variable="vod"), replace(VOD, group="all"))
    assert contained(replace(VOD, grade=r.Grade.parse(">=3")), VOD)
    assert contained(
        replace(VOD, grade=r.Grade.parse("4")), replace(VOD, grade=r.Grade.parse("3-4"))
    )
    assert contained(replace(VOD, seriousness=Seriousness.SERIOUS), VOD)
    assert contained(replace(VOD, causality=Causality.DRUG_RELATED), VOD)


def test_what_is_not_part_of_another_result_does_not() -> None:
    assert not contained(VOD, replace(VOD, variable="vod"))
    assert not contained(VOD, replace(VOD, group="high"))
    assert not contained(replace(VOD, group="all"), VOD)
    assert not contained(VOD, replace(VOD, grade=r.Grade.parse(">=3")))
    assert not contained(
        replace(VOD, grade=r.Grade.parse("unknown")), replace(VOD, grade=r.Grade.parse("3"))
    )
