"""What real records state, as read off their JSON by hand."""

from collections.abc import Callable
from decimal import Decimal
from typing import TypeVar

import pytest

from evikg.graph import records as r
from evikg.loaders.ctgov import RegistryEvidence
from evikg.ontology import (
    Causality,
    CountUnit,
    GroupKind,
    IntervalKind,
    Seriousness,
    SourceKind,
    Statistic,
    StudyDesign,
)

T = TypeVar("T")
Read = Callable[[str], RegistryEvidence]


def result(evidence: RegistryEvidence, place: str) -> r.Result:
    slug = f"{evidence.source.slug}-{place}"
    return next(result for result in evidence.results if result.slug == slug)


def thing(evidence: RegistryEvidence, kind: type[T], slug: str) -> T:
    found = (x for x in evidence.declared if isinstance(x, kind) and x.slug == slug)
    return next(found)


def test_the_source_is_the_record(evidence: Read) -> None:
    source = evidence("NCT03275402").source
    assert (source.slug, source.kind) == ("nct03275402", SourceKind.REGISTRY_RECORD)
    assert source.published == "2024-02-13"
    assert source.title.startswith("NCT03275402: 131I-omburtamab Radioimmunotherapy")


def test_the_study_says_how_it_was_designed(evidence: Read) -> None:
    study = thing(evidence("NCT00763412"), r.Study, "nct00763412")
    assert study.design is StudyDesign.RANDOMIZED
    assert (study.allocation, study.intervention_model) == ("randomized", "parallel")
    assert (study.masking, study.phase) == ("quadruple", None)
    assert (study.enrollment, study.start, study.end) == (31, "2006-11", "2013-01")
    assert (study.sex, study.minimum_age, study.maximum_age) == ("all", "12 Years", "24 Years")
    assert study.countries == ("United States",)
    assert study.drugs == ("placebo", "repaglinide")
    assert (study.status, study.sponsor) == ("completed", "Arbelaez, Ana Maria")
    assert (study.eligibility or "").startswith("Inclusion Criteria:")
    two = thing(evidence("NCT03275402"), r.Study, "nct03275402")
    assert (two.phase, two.design) == ("2/3", StudyDesign.NON_RANDOMIZED)


def test_the_record_says_which_mesh_terms_it_is_indexed_with(evidence: Read) -> None:
    found = evidence("NCT01987596")
    assert ("http://id.nlm.nih.gov/mesh/D009447", "Neuroblastoma") in found.meshes
    study = thing(found, r.Study, "nct01987596")
    assert set(study.indexed_with) == {iri for iri, _ in found.meshes}


def test_a_dose_stays_text(evidence: Read) -> None:
    regimen = thing(evidence("NCT00763412"), r.Regimen, "nct00763412-arm2-repaglinide")
    assert (regimen.drug, regimen.steps) == ("repaglinide", ())
    assert regimen.label.startswith("repaglinide: CF pancreatic insufficient patients")


def test_participant_flow(evidence: Read) -> None:
    found = evidence("NCT03275402")
    assert thing(found, r.Group, "nct03275402-fg000").size == 52
    completed = result(found, "fp1-m2-fg000")
    assert (completed.events, completed.total) == (13, 52)
    assert completed.variable == "period-completed"
    death = result(found, "fp1-d1-fg000")
    assert (death.events, death.variable) == (17, "not-completed-death")
    own = thing(found, r.Variable, result(found, "fp1-d2-fg000").variable)
    assert own.label == "reason of the participant flow: Study terminated by sponsor"
    assert own.broader == ("period-not-completed",)


def test_baseline_characteristics(evidence: Read) -> None:
    found = evidence("NCT00763412")
    total = thing(found, r.Group, "nct00763412-bg002")
    assert (total.size, total.pools) == (8, ("nct00763412-bg000", "nct00763412-bg001"))
    age = result(found, "bm2-bg002")
    assert (age.variable, age.statistic, age.unit) == ("age", Statistic.MEDIAN, "years")
    assert age.value and age.value.text == "15.5"
    assert age.interval_kind is IntervalKind.RANGE
    assert age.interval_low and age.interval_high
    assert (age.interval_low.text, age.interval_high.text) == ("12", "22")
    female = result(found, "bm3-k1-bg001")
    assert (female.variable, female.events, female.total) == ("female-sex", 3, 4)
    young = result(found, "bm1-k1-bg000")
    assert (young.variable, young.printed) == ("age-18-or-under", "3")
    weight = result(found, "bm6-bg002")
    assert weight.interval_high
    assert weight.interval_high.text == ".33"
    assert weight.interval_high.number == Decimal("0.33")


def test_more_participants_than_were_analysed_are_kept_and_said(evidence: Read) -> None:
    region = result(evidence("NCT00763412"), "bm4-bg000")
    assert region.variable == "region-of-enrollment-united-states"
    assert (region.events, region.total) == (8, 4)
    assert region.note == "more than the number analysed"


def test_an_outcome_has_its_own_groups(evidence: Read) -> None:
    found = evidence("NCT01987596")
    fixed = thing(found, r.Group, "nct01987596-om4-og000")
    assert (fixed.size, fixed.kind) == (19, GroupKind.ASSESSED)
    assert fixed.subgroup_of == "nct01987596-arm1"
    assert fixed.regimen == "nct01987596-arm1-filgrastim"
    loose = thing(found, r.Group, "nct01987596-om1-og000")  # titled `Fixed`: it names no arm
    assert (loose.size, loose.subgroup_of) == (21, "nct01987596-all")


def test_an_outcome_with_its_interval(evidence: Read) -> None:
    mean = result(evidence("NCT01987596"), "om1-og001")
    assert (mean.statistic, mean.unit) == (Statistic.MEAN, "days")
    assert mean.value and mean.value.text == "16.7"
    assert (mean.interval_kind, mean.interval_level) == (IntervalKind.CONFIDENCE, 95)
    assert mean.interval_low and mean.interval_high
    assert (mean.interval_low.text, mean.interval_high.text) == ("15.7", "17.7")
    assert mean.printed == "16.7 | 15.7 | 17.7"
    assert mean.locator.startswith("Outcome 1 (primary): Days to ANC Greater Than or Equal to")
    assert mean.locator.endswith(", Flexible")


def test_categories_of_an_outcome_are_variables_of_their_own(evidence: Read) -> None:
    found = evidence("NCT01987596")
    yes = result(found, "om2-k1-og000")
    assert (yes.events, yes.total, yes.count_unit) == (5, 21, CountUnit.PATIENTS)
    variable = thing(found, r.Variable, yes.variable)
    assert variable.label == "Incidence of Febrile Neutropenia: Yes"
    assert variable.broader == ("nct01987596-om2",)


def test_a_p_value_of_two_groups_without_direction(evidence: Read) -> None:
    found = evidence("NCT01987596")
    p = result(found, "om3-a1")
    assert p.statistic is Statistic.COMPARISON
    assert p.p_value and (p.p_value.sign, p.p_value.number) == ("<", Decimal("0.0001"))
    assert (p.comparator, p.predictor) == (None, "treatment group")
    assert (p.method, p.hypothesis) == ("ANOVA", "superiority")
    assert p.note == "tested: Fixed Filgrastim; Flexible Filgrastim"
    definition = thing(found, r.Definition, "nct01987596-om3-a1")
    assert definition.method == "two-period crossover design analysis"


def test_what_kaplan_and_meier_estimate_has_no_denominator(evidence: Read) -> None:
    rate = result(evidence("NCT03275402"), "om1-og000")
    assert rate.statistic is Statistic.SURVIVAL_PROBABILITY
    assert rate.value and rate.value.text == "0.65"
    assert (rate.events, rate.total, rate.count_unit) == (None, None, None)
    assert (rate.timepoint, rate.timepoint_unit) == (3, "years")


@pytest.mark.parametrize(
    ("place", "seriousness", "affected", "events", "threshold"),
    [("sae1", Seriousness.SERIOUS, 1, 1, None), ("ae1", Seriousness.NON_SERIOUS, 15, 22, 5)],
)
def test_adverse_events_by_patients_and_by_events(
    evidence: Read,
    place: str,
    seriousness: Seriousness,
    affected: int,
    events: int,
    threshold: int | None,
) -> None:
    found = evidence("NCT03275402")
    patients = result(found, f"{place}-eg000")
    assert patients.variable == "anemia"  # the curated variable, printed as `Anaemia`
    assert (patients.printed_term, patients.printed_soc) == (
        "Anaemia",
        "Blood and lymphatic system disorders",
    )
    assert (patients.events, patients.total) == (affected, 52)
    assert patients.printed == f"{affected} | 52"
    assert patients.count_unit is CountUnit.PATIENTS
    assert (patients.seriousness, patients.causality) == (seriousness, Causality.ALL)
    assert patients.frequency_threshold == threshold
    assert patients.note == "MedDRA (20.1); systematic assessment"
    counted = result(found, f"{place}-eg000-events")
    assert (counted.events, counted.total) == (events, None)
    assert counted.count_unit is CountUnit.EVENTS
    window = thing(found, r.OnsetWindow, "nct03275402-ae")
    assert patients.onset_window == window.slug
    assert window.label.startswith("Adverse events, including serious, were reported from 1st dose")


def test_totals_of_adverse_events(evidence: Read) -> None:
    found = evidence("NCT03275402")
    deaths, serious = result(found, "eg000-deaths"), result(found, "eg000-serious")
    assert (deaths.variable, deaths.events, deaths.total) == ("death", 17, 52)
    assert (serious.variable, serious.events) == ("adverse-event", 20)
    assert (result(found, "eg000-other").events, serious.seriousness) == (49, Seriousness.SERIOUS)
    assert thing(found, r.Group, "nct03275402-eg000").kind is GroupKind.SAFETY


def test_a_term_that_stands_twice_is_two_quantities(evidence: Read) -> None:
    found = evidence("NCT01987596")
    one, two = result(found, "ae1-eg000"), result(found, "ae2-eg000")
    assert one.variable == two.variable == "pain"
    assert one.definition != two.definition
    definition = thing(found, r.Definition, "nct01987596-ae2")
    assert definition.events == ("GCSF related pain including headaches, back and extremities pain")
