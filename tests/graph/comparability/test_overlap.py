"""Patients that several results count, planted pair by pair."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from evikg.graph.comparability import Candidate, overlaps
from evikg.graph.comparability.overlap import Certainty, told
from evikg.graph.records import Group
from evikg.ontology import GroupKind, StudyDesign

Plant = Callable[..., Candidate]


def group(slug: str, *pools: str, subgroup_of: str | None = None) -> Group:
    return Group(
        slug=slug, study="t", label=slug, kind=GroupKind.TREATED, pools=pools,
        subgroup_of=subgroup_of,
    )  # fmt: skip


def of(plant: Plant, name: str, own: Group, *above: Group, unions: tuple[Group, ...] = (),
       arm: str | None = None) -> Candidate:  # fmt: skip
    """Return a result on a group of the study `t`."""
    fields = {"slug": own.slug, "label": own.label, "pools": own.pools, "arm": arm}
    study = {"slug": "t", "label": "Trial T"}
    return plant(name, study=study, group=fields, above=above, unions=unions)


def how(*found: Candidate) -> list[tuple[str, str]]:
    return [(item.certainty.value, item.how) for item in overlaps(found)]


def test_two_studies_share_nobody_unless_something_says_so(plant: Plant) -> None:
    assert overlaps([plant("a"), plant("b")]) == []


def test_one_group_is_the_same_patients(plant: Plant) -> None:
    first, second = (of(plant, name, group("all")) for name in "ab")
    assert how(first, second) == [("certain", "both are of all")]


def test_one_quantity_is_printed_twice(plant: Plant) -> None:
    found = overlaps([plant("a", quantity="q"), plant("b", quantity="q")])
    assert [told([item]) for item in found] == [
        "patients are counted twice: a-l1-1 and b-l1-1: two printings of one quantity"
    ]


def test_a_subgroup_is_in_its_group_at_any_remove(plant: Plant) -> None:
    everyone, old = group("all"), group("old", subgroup_of="all")
    inner = of(plant, "a", group("old-women", subgroup_of="old"), old, everyone)
    outer = of(plant, "b", everyone)
    assert how(inner, outer) == how(outer, inner) == [("certain", "old-women is a subgroup of all")]


def test_a_part_is_in_its_union_even_by_a_group_above_it(plant: Plant) -> None:
    union = group("both", "run-in", "randomized")
    run_in = group("run-in")
    inner = of(plant, "a", group("run-in-old", subgroup_of="run-in"), run_in, unions=(union,))
    assert how(inner, of(plant, "b", union)) == [("certain", "run-in-old is a part of both")]


def test_patients_of_a_control_are_counted_with_each_arm_that_is_compared_with_them(
    plant: Plant,
) -> None:
    control = group("control")
    first = replace(of(plant, "a", group("low"), arm="low"), comparator=control)
    second = replace(of(plant, "b", group("high"), arm="high"), comparator=control)
    assert how(first, second) == [("certain", "control is in both comparisons")]
    alone = of(plant, "c", control, arm="control")
    itself = replace(alone, group=control)
    assert how(itself, first) == [("certain", "control is in both comparisons")]
    assert overlaps([first, replace(second, comparator=None)]) == []


def test_unions_with_a_part_in_common_share_it(plant: Plant) -> None:
    first, second = group("u1", "a", "b"), group("u2", "b", "c")
    found = how(of(plant, "a", first), of(plant, "b", second))
    assert found == [("certain", "u1 and u2 have a part in common")]


def test_a_union_and_the_third_arm_are_disjoint(plant: Plant) -> None:
    # As the phase IV trial of Özcan 2025 declares it: run-in and randomized arm at 1.2 mg/m2, and
    # an arm at 1.8 mg/m2; its union of all three says that they are disjoint.
    everyone = group("all", "run-in", "low", "high")
    low = of(plant, "a", group("both-low", "run-in", "low", subgroup_of="all"), everyone)
    high = of(plant, "b", group("high", subgroup_of="all"), everyone)
    assert overlaps([low, high]) == []
    assert overlaps([high, low]) == []


def test_subgroups_of_disjoint_parts_are_disjoint(plant: Plant) -> None:
    union = group("all", "low", "high")
    first = of(plant, "a", group("low-old"), group("low"), unions=(union,))
    second = of(plant, "b", group("high-old"), group("high"), unions=(union,))
    assert overlaps([first, second]) == []


def test_two_arms_are_disjoint_and_groups_that_say_nothing_may_share(plant: Plant) -> None:
    first = of(plant, "a", group("x"), arm="X")
    second = of(plant, "b", group("y"), arm="Y")
    assert overlaps([first, second]) == []
    nothing = of(plant, "c", group("z"))
    assert how(first, nothing) == [
        ("possible", "x and z are of one study and not known to be disjoint")
    ]
    assert told(overlaps([first, nothing])).startswith("patients may be counted twice: a-l1-1")


def test_the_arm_is_that_of_the_widest_group_with_a_regimen(plant: Plant) -> None:
    arm = Group(slug="x", study="t", label="X", kind=GroupKind.TREATED, arm="X", regimen="r")
    first = of(plant, "a", group("x-old"), arm, arm="X, old")
    second = of(plant, "b", group("x-men"), arm, arm="X, men")
    assert [item.certainty for item in overlaps([first, second])] == [Certainty.POSSIBLE]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ({"report_of": "b-trial"}, {}, ("certain", "Trial a is a report of Trial b")),
        ({"pools_studies": ("b-trial",)}, {}, ("certain", "Trial a includes Trial b")),
        ({"report_of": "z"}, {"report_of": "z"}, ("certain", "both are reports of z")),
        (
            {"pools_studies": ("z", "y")}, {"pools_studies": ("x", "z")},
            ("certain", "Trial a and Trial b include z"),
        ),
        ({"may_overlap": ("b-trial",)}, {}, ("possible", "Trial a and Trial b may share patients")),
    ],
)  # fmt: skip
def test_studies_that_share_patients(
    first: dict[str, Any], second: dict[str, Any], expected: tuple[str, str], plant: Plant
) -> None:
    pair = plant("a", study=first), plant("b", study=second)
    assert how(*pair) == [expected]
    assert len(overlaps([pair[1], pair[0]])) == 1


def years(start: str | None, end: str | None, **more: Any) -> dict[str, Any]:
    return {"start": start, "end": end, **more}


@pytest.mark.parametrize(
    ("first", "second", "shared"),
    [
        (years("2018", "2020"), years("2020-05", "2022"), True),
        (years("2018", "2020-03"), years("2020-05", "2022"), False),
        (years("2015-01-01", "2023-01-01"), years("2017", "2018"), True),
        (years("2018", "2020"), years(None, "2022"), False),
        (years("2018", "2020"), years("2019", "2022", countries=("Spain",)), False),
        (years("2018", "2020"), years("2019", "2022", countries=("Spain", "Italy")), True),
        (years("2018", "2020"), years("2019", "2022", drugs=("drug-y",)), False),
        (years("2018", "2020"), years("2019", "2022", design=StudyDesign.RANDOMIZED), False),
        (years("2018", "2020"), years("2019", "2022", design=StudyDesign.SURVEILLANCE), True),
    ],
)
def test_observational_studies_of_one_place_and_time_may_share_patients(
    first: dict[str, Any], second: dict[str, Any], shared: bool, plant: Plant
) -> None:
    found = how(plant("a", study=first), plant("b", study=second))
    words = ("possible", "both took patients of Italy in the same years")
    assert found == ([words] if shared else [])


def test_two_studies_of_reports_on_one_drug_may_count_the_same_reports(plant: Plant) -> None:
    # A release of FAERS holds the reports of all quarters before: 2022 Q3 is within 2004 to 2024.
    def reports(name: str, start: str, end: str, drug: str = "drug-x") -> Candidate:
        design = StudyDesign.PHARMACOVIGILANCE
        study = {"design": design, "countries": (), "start": start, "end": end, "drugs": (drug,)}
        return plant(name, study=study)

    long, quarter = reports("a", "2004-01", "2024-09"), reports("b", "2022-07", "2022-09")
    expected = [("possible", "both count spontaneous reports of the same drug and years")]
    assert how(long, quarter) == how(quarter, long) == expected
    assert how(quarter, reports("c", "2023-01", "2023-03")) == []
    assert how(long, reports("d", "2022-07", "2022-09", "drug-y")) == []
    assert how(long, plant("e", study={"start": "2022-07", "end": "2022-09"})) == []
