"""Periods, units and numbers at risk that the real records at hand do not have, in made records."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from evikg.graph import records as r
from evikg.loaders.ctgov import Names, RawRecord, RegistryEvidence, registry_evidence
from evikg.ontology import CountUnit, StudyDesign

from .counted import containers

Made = Callable[..., RegistryEvidence]


def period(title: str, started: str, completed: str, **count: Any) -> dict[str, Any]:
    def milestone(kind: str, number: str) -> dict[str, Any]:
        counts = [{"groupId": "FG000", "numSubjects": number} | count]
        return {"type": kind, "achievements": counts}

    milestones = [milestone("STARTED", started), milestone("COMPLETED", completed)]
    return {"title": title, "milestones": milestones}


def flow(*periods: dict[str, Any], **module: Any) -> dict[str, Any]:
    groups = [{"id": "FG000", "title": "Only arm"}]
    return {"participantFlowModule": {"groups": groups, "periods": list(periods)} | module}


def test_who_started_a_later_period_is_a_group_of_its_own(made: Made) -> None:
    found = made(flow(period("First", "40", "35"), period("Second", "30", "29")))
    groups = {g.slug: g for g in found.declared if isinstance(g, r.Group)}
    later = groups["nct00000001-fp2-fg000"]
    assert (later.size, later.subgroup_of) == (30, "nct00000001-fg000")
    completed = {x.slug: (x.group, x.events, x.total) for x in found.results}
    assert completed["nct00000001-fp1-m2-fg000"] == ("nct00000001-fg000", 35, 40)
    assert completed["nct00000001-fp2-m2-fg000"] == ("nct00000001-fp2-fg000", 29, 30)


def test_who_leaves_in_a_later_period_is_not_among_those_who_left_before(made: Made) -> None:
    def left(title: str, started: str, completed: str, lost: str) -> dict[str, Any]:
        made_of = period(title, started, completed)
        counts = [{"groupId": "FG000", "numSubjects": lost}]
        made_of["milestones"].append({"type": "NOT COMPLETED", "achievements": counts})
        return made_of | {"dropWithdraws": [{"type": "Death", "reasons": counts}]}

    found = made(flow(left("First", "40", "35", "5"), left("Second", "35", "32", "3")))
    inside = containers(found)
    # 3 of the 35 who completed the first period left in the second: none of the 5 before.
    assert inside["fp2-m3-fg000"] == ()
    assert inside["fp2-d1-fg000"] == ("fp2-m3-fg000",)
    assert inside["fp1-d1-fg000"] == ("fp1-m3-fg000",)
    # The 35 are among the 40, and the 32 among the 35 who completed the first.
    assert inside["fp2-m1-fg000"] == ("fp1-m1-fg000",)
    assert inside["fp2-m2-fg000"] == ("fp1-m2-fg000",)


def test_units_of_the_flow_are_no_patients(made: Made) -> None:
    found = made(flow(period("First", "40", "35", numUnits="70"), typeUnitsAnalyzed="Eyes"))
    units = [x for x in found.results if x.slug.endswith("-units")]
    assert [(x.events, x.total, x.unit, x.count_unit) for x in units] == [
        (70, None, "Eyes", CountUnit.UNITS)
    ] * 2


def events(group: dict[str, Any], **tables: Any) -> dict[str, Any]:
    groups = [{"id": "EG000", "title": "Only arm"} | group]
    return {"adverseEventsModule": {"eventGroups": groups} | tables}


def term(name: str, affected: int, at_risk: int) -> dict[str, Any]:
    return {
        "term": name,
        "stats": [{"groupId": "EG000", "numAffected": affected, "numAtRisk": at_risk}],
    }


def test_tables_with_different_numbers_at_risk_have_groups_of_their_own(made: Made) -> None:
    group = {
        "seriousNumAffected": 0,
        "seriousNumAtRisk": 60,
        "otherNumAffected": 5,
        "otherNumAtRisk": 64,
    }
    found = made(events(group, otherEvents=[term("Nausea", 5, 64), term("Testis cancer", 1, 30)]))
    placed = {x.slug: (x.group, x.events, x.total) for x in found.results}
    assert placed == {
        "nct00000001-eg000-serious": ("nct00000001-eg000-serious", 0, 60),
        "nct00000001-eg000-other": ("nct00000001-eg000-other", 5, 64),
        "nct00000001-ae1-eg000": ("nct00000001-eg000-other", 5, 64),
        "nct00000001-ae2-eg000": ("nct00000001-ae2-eg000", 1, 30),
    }
    groups = {g.slug: g for g in found.declared if isinstance(g, r.Group)}
    assert groups["nct00000001-eg000"].size is None
    assert groups["nct00000001-ae2-eg000"].subgroup_of == "nct00000001-eg000-other"


def test_the_threshold_of_other_events_is_kept_with_them(made: Made) -> None:
    serious, other = [term("Sepsis", 1, 60)], [term("Nausea", 5, 60)]
    found = made(events({}, seriousEvents=serious, otherEvents=other, frequencyThreshold="5"))
    thresholds = {x.variable: x.frequency_threshold for x in found.results}
    assert thresholds == {"sepsis": None, "nausea": 5}


def test_a_term_is_the_curated_variable_or_one_of_the_same_slug_everywhere(made: Made) -> None:
    names = [
        "Veno-occlusive liver disease",
        "Anaemia",
        "FEBRILE NEUTROPENIA",
        "Oedema peripheral",
        "Edema peripheral",
    ]
    found = made(events({}, seriousEvents=[term(name, 1, 9) for name in names]))
    assert [x.variable for x in found.results] == [
        "veno-occlusive-liver-disease",
        "anemia",
        "febrile-neutropenia",
        "edema-peripheral",
        "edema-peripheral",
    ]
    variable = next(x for x in found.declared if x.slug == "edema-peripheral")
    assert isinstance(variable, r.Variable)
    assert variable.label == "Oedema peripheral"


def test_designs(made: Made) -> None:
    def design(kind: str, **info: Any) -> StudyDesign:
        module = {"studyType": kind, "designInfo": info}
        found = made({}, designModule=module).declared
        return next(x.design for x in found if isinstance(x, r.Study))

    assert design("INTERVENTIONAL", allocation="RANDOMIZED") is StudyDesign.RANDOMIZED
    assert design("INTERVENTIONAL", allocation="NA") is StudyDesign.NON_RANDOMIZED
    cohort = {"observationalModel": "COHORT"}
    assert design("OBSERVATIONAL", timePerspective="PROSPECTIVE", **cohort) is (
        StudyDesign.PROSPECTIVE
    )
    assert design("OBSERVATIONAL", timePerspective="RETROSPECTIVE", **cohort) is (
        StudyDesign.RETROSPECTIVE
    )
    assert design("OBSERVATIONAL", timePerspective="PROSPECTIVE") is StudyDesign.OBSERVATIONAL
    assert design("EXPANDED_ACCESS") is StudyDesign.EXPANDED_ACCESS


def test_a_study_of_the_evidence_keeps_its_slug(made: Made) -> None:
    identification = {"nctId": "NCT03677596", "briefTitle": "Low dose"}
    found = made({}, identificationModule=identification)
    study = next(x for x in found.declared if isinstance(x, r.Study))
    assert (study.slug, found.source.slug) == ("phase4-lowdose", "nct03677596")


def test_a_record_without_results_is_kept_and_said(
    folder: Path, curated: tuple[r.Record, ...]
) -> None:
    data = json.loads((folder / "NCT01987596.json").read_text(encoding="utf-8"))
    del data["resultsSection"]
    found = registry_evidence(RawRecord(folder, "", data), Names(curated))
    assert found.results == ()
    assert found.notes == ("NCT01987596 has no results: its study is kept",)
    assert any(isinstance(x, r.Study) for x in found.declared)
