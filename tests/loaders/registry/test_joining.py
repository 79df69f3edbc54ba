"""Which groups of a record are groups of the evidence: never one that is like it by chance."""

from dataclasses import replace

import pytest

from evikg.graph.records import Group
from evikg.loaders.registry.joining import same_groups
from evikg.ontology import GroupKind

#: As in a trial of two arms of which a paper states the safety sets, and the record the flow.
DRUG = Group(
    slug="trial-drug", study="trial", label="Trial, drug arm", kind=GroupKind.SAFETY, size=42,
    arm="Drug 1.2 mg/m2",
)  # fmt: skip
PLACEBO = replace(DRUG, slug="trial-placebo", label="Trial, placebo arm", size=38, arm="Placebo")
ALL = replace(DRUG, slug="trial-all", label="Trial, all patients", size=80, arm=None)
EVENTS = Group(
    slug="nct1-eg000", study="trial", label="NCT1, drug 1.2 mg/m2 (adverse events)",
    kind=GroupKind.SAFETY, size=42, arm="Drug", subgroup_of="nct1-arm1",
)  # fmt: skip
OTHERS = replace(EVENTS, slug="nct1-eg001", label="NCT1, Placebo (adverse events)", arm="Placebo")
TOTAL = replace(
    EVENTS, slug="nct1-bg002", label="NCT1, Total (baseline)", kind=GroupKind.ASSESSED, size=80,
    arm=None, pools=("nct1-bg000", "nct1-bg001"),
)  # fmt: skip


def test_a_group_is_known_by_its_title_whatever_the_case() -> None:
    assert same_groups([EVENTS, OTHERS], [DRUG, PLACEBO]) == {"nct1-eg000": "trial-drug"}


def test_the_total_is_the_group_of_all_arms() -> None:
    assert same_groups([EVENTS, OTHERS, TOTAL], [ALL, PLACEBO]) == {"nct1-bg002": "trial-all"}


@pytest.mark.parametrize(
    "change",
    [
        {"size": 41},
        {"size": None},
        {"study": "another"},
        {"kind": GroupKind.RESPONDERS},
        {"criteria": ("ph-positive-all",)},
        {"arm": "Drug 1.8 mg/m2"},
    ],
    ids=str,
)
def test_a_group_that_differs_is_another(change: dict[str, object]) -> None:
    other = replace(DRUG, label="Trial, higher dose", **change)  # type: ignore[arg-type]
    if "arm" not in change:
        other = replace(other, arm=DRUG.arm)
    assert same_groups([EVENTS, OTHERS], [other]) == {}


def test_of_two_that_fit_the_one_of_the_same_kind_is_meant() -> None:
    randomized = replace(DRUG, slug="trial-drug-randomized", kind=GroupKind.RANDOMIZED)
    assert same_groups([EVENTS, OTHERS], [randomized, DRUG]) == {"nct1-eg000": "trial-drug"}


def test_of_two_of_one_kind_none_is_meant() -> None:
    again = replace(DRUG, slug="trial-drug-again")
    assert same_groups([EVENTS, OTHERS], [again, DRUG]) == {}


def test_those_assessed_for_something_are_not_all_of_a_single_arm() -> None:
    """As many could be measured as the record analysed: they need not be the same patients."""
    measured = replace(ALL, slug="trial-measured", kind=GroupKind.ASSESSED, size=42)
    assert same_groups([replace(EVENTS, kind=GroupKind.ASSESSED)], [measured]) == {}
