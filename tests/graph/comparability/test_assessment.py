"""Every facet by which results may differ, planted one at a time.

What must be a bar and what a caveat is written here from the Cochrane Handbook (chapters 9 and 10:
what may be combined) and the rules of this project: patients, events and reports are never added.
"""

import csv
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from importlib.resources import files
from typing import Any

import pytest

from evikg.graph.comparability import Candidate, assess
from evikg.graph.comparability.facets import facets
from evikg.graph.numbers import Printed
from evikg.graph.records import (
    Check,
    Definition,
    Discrepancy,
    Grade,
    Group,
    OnsetWindow,
    Regimen,
    Variable,
)
from evikg.ontology import (
    Causality,
    CountUnit,
    Directness,
    DiscrepancyType,
    GradeBasis,
    GroupKind,
    Seriousness,
    Severity,
    Statistic,
    StudyDesign,
    VariableKind,
    Verdict,
)

Plant = Callable[..., Candidate]


def definition(label: str, origin: str | None = None) -> dict[str, Any]:
    text = Definition(slug=label, study="s", variable="remission", label=label, origin=origin)
    return {"definition": text}


def window(label: str) -> dict[str, Any]:
    return {"window": OnsetWindow(slug=label, label=label)}


def comparator(arm: str) -> dict[str, Any]:
    group = Group(slug=f"{arm}-1", study="s", label=arm, kind=GroupKind.TREATED, arm=arm)
    return {"comparator": group}


def regimen(slug: str, drug: str = "drug-x") -> dict[str, Any]:
    return {"regimen": Regimen(slug=slug, label=slug, drug=drug)}


def variable(slug: str) -> dict[str, Any]:
    return {"variable": Variable(slug=slug, label=slug, kind=VariableKind.EFFICACY)}


MEDIAN = {"statistic": Statistic.MEDIAN, "value": Printed.parse("7.6")}
SOME, OTHER, NOTHING = 0, 1, 2
#: Facet: what a result has that states something, one that states another thing, and one that
#: states nothing; then whether different, and whether unstated, must bar a pool.
PLANTED: dict[str, tuple[list[dict[str, Any]], bool, bool | None]] = {
    "statistic": (
        [{}, {"result": {"statistic": Statistic.SURVIVAL_PROBABILITY}}],
        True, None,
    ),
    "unit": (
        [{"result": MEDIAN | {"unit": u}} for u in ("months", "days", None)], True, True,
    ),
    "variable": ([variable("remission"), variable("death")], True, None),
    "drug": (
        [regimen("r", "drug-x"), regimen("r", "drug-y"),
         {"regimen": None, "study": {"drugs": ("drug-x", "drug-y")}}],
        True, False,
    ),
    "denominator": (
        [{}, {"group": {"kind": GroupKind.RESPONDERS}}], True, None,
    ),
    "analysis-set": (
        [{}, {"group": {"kind": GroupKind.SAFETY}}], False, None,
    ),
    "selection": (
        [{"group": {"criteria": ("age-over-55",)}}, {"group": {"criteria": ("prior-hsct",)}}, {}],
        True, True,
    ),
    "time": (
        [{"result": {"timepoint": Decimal(12), "timepoint_unit": "months"}},
         {"result": {"timepoint": Decimal(6), "timepoint_unit": "months"}}, {}],
        True, True,
    ),
    "time-origin": (
        # The same label, so that nothing else differs.
        [definition("OS", "date of transplant"), definition("OS", "first dose"), definition("OS")],
        True, False,
    ),
    "definition": (
        [definition("best response"), definition("response at day 28"), {}], False, False,
    ),
    "count-unit": (
        [{"result": {"count_unit": unit}} for unit in (CountUnit.PATIENTS, CountUnit.REPORTS, None)],
        True, True,
    ),
    "grade": (
        [{"result": {"grade": Grade.parse("any")}}, {"result": {"grade": Grade.parse("3-4")}},
         {"result": {"grade": None}}],
        True, True,
    ),
    "grade-basis": (
        [{"result": {"grade_basis": basis}} for basis in (GradeBasis.MAXIMUM, GradeBasis.EVENT, None)],
        False, False,
    ),
    "seriousness": (
        [{"result": {"seriousness": s}} for s in (Seriousness.ALL, Seriousness.SERIOUS, None)],
        True, False,
    ),
    "causality": (
        [{"result": {"causality": c}} for c in (Causality.ALL, Causality.DRUG_RELATED, None)],
        True, False,
    ),
    "onset-window": ([window("within 30 days"), window("within 2 years"), {}], True, False),
    "comparator": ([comparator("placebo"), comparator("standard of care"), {}], True, True),
    "predictor": (
        [{"result": {"predictor": p}} for p in ("HSCT", "age", None)], True, True,
    ),
    "adjustment": (
        [{"result": {"adjustment": a}} for a in ("age", "age, sex", None)], False, False,
    ),
    "regimen": ([regimen("weekly"), regimen("daily"), {"regimen": None}], False, False),
    "design": ([{}, {"study": {"design": StudyDesign.REGISTRY}}], False, None),
    "setting": (
        [{"study": {"conditions": c}} for c in (("leukaemia",), ("lymphoma",), ())], True, False,
    ),
    "directness": ([{}, {"result": {"directness": Directness.CITED}}], False, None),
}  # fmt: skip


def test_every_facet_is_planted() -> None:
    assert [facet.name for facet in facets()] == list(PLANTED)


@pytest.mark.parametrize("name", PLANTED)
def test_results_that_agree_have_no_difference(name: str, plant: Plant) -> None:
    for stated in PLANTED[name][0]:
        assert assess([plant("a", **stated), plant("b", **stated)]).differences == ()


@pytest.mark.parametrize("name", PLANTED)
def test_results_that_differ(name: str, plant: Plant) -> None:
    stated, bars, _ = PLANTED[name]
    found = assess([plant("a", **stated[SOME]), plant("b", **stated[OTHER])])
    difference = next(item for item in found.differences if item.facet == name)
    # A group or a statistic of another kind differs in what follows from it too.
    assert {item.facet for item in found.differences} <= {name, *FOLLOWS.get(name, ())}
    assert difference.bars is bars
    assert bool(found.bars) is bars
    assert [slugs for _, slugs in difference.values] in ([("a-l1-1",), ("b-l1-1",)],
                                                        [("b-l1-1",), ("a-l1-1",)])  # fmt: skip
    assert difference.told() in (*found.bars, *found.caveats)


FOLLOWS = {"denominator": ["analysis-set"]}


@pytest.mark.parametrize("name", [name for name, row in PLANTED.items() if row[2] is not None])
def test_a_result_that_states_nothing(name: str, plant: Plant) -> None:
    stated, _, bars = PLANTED[name]
    found = assess([plant("a", **stated[SOME]), plant("b", **stated[NOTHING])])
    difference = next(item for item in found.differences if item.facet == name)
    assert difference.bars is bars
    assert difference.values[-1] == ("not stated", ("b-l1-1",)) or name == "selection"
    assert bool(found.caveats) is not bars


def test_the_table_says_what_is_tested_here() -> None:
    text = files("evikg.graph.comparability").joinpath("facets.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        _, differs, unstated = PLANTED[row["name"]]
        assert row["bars"] == ("pool" if differs else "no")
        if unstated is not None and differs:
            assert row["unstated"] == ("differs" if unstated else "open")


def test_twelve_months_are_a_year_and_four_weeks_no_month(plant: Plant) -> None:
    def at(amount: str, unit: str) -> dict[str, Any]:
        return {"timepoint": Decimal(amount), "timepoint_unit": unit}

    same = assess([plant("a", result=at("12", "months")), plant("b", result=at("1", "year"))])
    assert same.differences == ()
    near = assess([plant("a", result=at("1", "month")), plant("b", result=at("4", "weeks"))])
    assert near.differences[0].values == (("1 months", ("a-l1-1",)), ("28 days", ("b-l1-1",)))


def test_origins_are_compared_by_class_and_words_from_their_beginning(plant: Plant) -> None:
    first, second, third = (
        plant(name, **definition("OS", origin))
        for name, origin in (
            ("a", "date of the first dose"), ("b", "Randomization"), ("c", "blast clearance"),
        )
    )  # fmt: skip
    assert assess([first, second]).differences == ()
    values = assess([first, third]).differences[0].values
    assert [value for value, _ in values] == ["blast clearance", "start of study treatment"]


def test_percent_and_fraction_are_one_unit(plant: Plant) -> None:
    fraction = {"statistic": Statistic.PROPORTION, "value": Printed.parse("0.50"), "unit": None}
    assert assess([plant("a"), plant("b", result=fraction)]).differences == ()


def test_two_words_for_one_thing_are_a_caveat_and_a_broader_thing_is_a_bar(plant: Plant) -> None:
    # Veno-occlusive disease and sinusoidal obstruction syndrome are NCIT C26793; both are
    # events of the liver, which is another thing.
    term = frozenset({"http://purl.obolibrary.org/obo/NCIT_C26793"})
    vod = plant("a", **variable("vod"), same_as=term)
    sos = plant("b", **variable("sos"), same_as=term)
    liver = plant("c", **variable("hepatic-event"))
    assert assess([vod, sos]).bars == ()
    assert assess([vod, sos]).caveats[0].startswith("different things were measured: sos")
    assert "different things were measured" in assess([vod, liver]).bars[0]


def test_a_control_arm_is_not_of_the_drug_of_its_trial(plant: Plant) -> None:
    trial = {"design": StudyDesign.RANDOMIZED}
    control = plant("b", regimen=None, study=trial, group={"arm": "placebo"})
    treated = plant("a", study=trial)
    assert assess([treated, control]).differences[0].told() == (
        "the drugs differ: drug-x (a-l1-1); placebo (b-l1-1)"
    )
    # All patients of a trial of one drug are a union of its arms, whatever it is called.
    total = plant("c", regimen=None, study=trial, group={"arm": "Total", "pools": ("x", "y")})
    assert "drug" not in {item.facet for item in assess([treated, total]).differences}


def test_a_subgroup_is_of_the_kind_of_the_group_it_is_taken_from(plant: Plant) -> None:
    responders = Group(slug="r", study="s", label="responders", kind=GroupKind.RESPONDERS)
    inner = plant(
        "a", group={"kind": GroupKind.SUBGROUP, "criteria": ("old",)}, above=(responders,)
    )
    whole = plant("b", group={"kind": GroupKind.RESPONDERS, "criteria": ("old",)})
    assert [item.facet for item in assess([inner, whole]).differences] == ["analysis-set"]


def test_a_subgroup_without_a_stated_criterion_is_like_no_other(plant: Plant) -> None:
    first, second = (plant(name, group={"kind": GroupKind.SUBGROUP}) for name in "ab")
    found = assess([first, second]).differences
    assert [(item.facet, item.bars) for item in found] == [("selection", True)]


def check(verdict: Verdict, severity: Severity) -> Check:
    return Check(
        slug="c", checks=("a-l1-1",), rule="percentage", verdict=verdict, severity=severity,
        inputs="10 / 20, 70.0%",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("verdict", "severity", "bars"),
    [
        (Verdict.INCONSISTENT, Severity.CRITICAL, True),
        (Verdict.INCONSISTENT, Severity.MAJOR, False),
        (Verdict.ROUNDING, Severity.CRITICAL, False),
    ],
)
def test_only_a_critical_contradiction_bars(
    verdict: Verdict, severity: Severity, bars: bool, plant: Plant
) -> None:
    found = assess([plant("a", checks=(check(verdict, severity),)), plant("b")])
    words = f"a-l1-1: fails the check percentage ({verdict}): 10 / 20, 70.0%"
    assert found.bars == ((words,) if bars else ())
    assert found.caveats == (() if bars else (words,))


def test_a_disagreement_is_a_caveat(plant: Plant) -> None:
    item = Discrepancy(
        slug="d", type=DiscrepancyType.VALUE, results=("a-l1-1",), note="values 50% / 52%"
    )
    found = assess([plant("a", discrepancies=(item,)), plant("b")])
    assert found.bars == ()
    assert found.caveats == ("a-l1-1: value discrepancy: values 50% / 52%",)


def test_numbers_of_different_sorts_are_told(plant: Plant) -> None:
    other = plant("b", result=MEDIAN | {"unit": "months"})
    assert assess([plant("a"), other]).incommensurable
    assert not assess([plant("a"), plant("b", **regimen("daily", "drug-y"))]).incommensurable


def test_one_result_alone_has_nothing_against_it(plant: Plant) -> None:
    found = assess([replace(plant("a"), quantity="q")])
    assert (found.differences, found.overlaps, found.bars, found.caveats) == ((), (), (), ())
