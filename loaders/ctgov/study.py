"""The protocol section: the study, its arms, its drugs with their regimens, its conditions."""

from collections.abc import Iterable, Iterator

from evikg.graph import records as r
from evikg.ontology import GroupKind, StudyDesign, prefixes

from .draft import Draft
from .protocol_section import Arm, Design, Intervention, Protocol
from .structure import StudyRecord

#: Types of interventions that are substances.
_SUBSTANCES = {"DRUG", "BIOLOGICAL", "COMBINATION_PRODUCT", "DIETARY_SUPPLEMENT", "GENETIC"}


def study_label(protocol: Protocol) -> str:
    """Return what a study is called: its acronym, else its short title, else its number."""
    module = protocol["identificationModule"]
    return module.get("acronym") or module.get("briefTitle") or module["nctId"]


def read_study(draft: Draft, record: StudyRecord) -> None:
    """Declare the study, the group of all its participants, its arms, drugs and conditions."""
    protocol = record["protocolSection"]
    design = protocol.get("designModule", {})
    info, status = design.get("designInfo", {}), protocol.get("statusModule", {})
    enrollment, eligible = design.get("enrollmentInfo", {}), protocol.get("eligibilityModule", {})
    sites = protocol.get("contactsLocationsModule", {}).get("locations")
    masking = info.get("maskingInfo", {}).get("masking")
    conditions = protocol.get("conditionsModule", {}).get("conditions", [])
    interventions = protocol.get("armsInterventionsModule", {}).get("interventions", [])
    drugs = {
        i["name"]: draft.names.drug(i["name"], i.get("otherNames", ()))
        for i in interventions
        if i.get("type") in _SUBSTANCES
    }
    studied = [draft.names.condition(name) for name in conditions]
    for drug in drugs.values():
        draft.declare(drug)
    for variable in studied:
        draft.declare(variable)
    draft.declare(
        r.Study(
            slug=draft.study,
            label=study_label(protocol),
            design=design_of(design),
            phase=_phase(design.get("phases", [])),
            registration=draft.number,
            sites=len(sites) if sites else None,
            countries=tuple(sorted({s["country"] for s in sites or () if s.get("country")})),
            start=status.get("startDateStruct", {}).get("date"),
            end=status.get("completionDateStruct", {}).get("date"),
            conditions=tuple(sorted({variable.slug for variable in studied})),
            drugs=tuple(sorted({drug.slug for drug in drugs.values()})),
            official_title=protocol["identificationModule"].get("officialTitle"),
            status=_words(status.get("overallStatus")),
            sponsor=protocol.get("sponsorCollaboratorsModule", {})
            .get("leadSponsor", {})
            .get("name"),
            allocation=_words(info.get("allocation")),
            intervention_model=_words(info.get("interventionModel")),
            masking=_words(masking),
            enrollment=enrollment.get("count"),
            eligibility=eligible.get("eligibilityCriteria"),
            sex=_words(eligible.get("sex")),
            minimum_age=eligible.get("minimumAge"),
            maximum_age=eligible.get("maximumAge"),
            indexed_with=tuple(sorted({iri for iri, _ in meshes(record)})),
        )
    )
    actual = enrollment.get("count") if enrollment.get("type") == "ACTUAL" else None
    draft.group("all", "all participants", GroupKind.ENROLLED, actual)
    arms = protocol.get("armsInterventionsModule", {}).get("armGroups", [])
    for number, arm in enumerate(arms, 1):
        _read_arm(draft, number, arm, interventions, drugs)


def _read_arm(
    draft: Draft,
    number: int,
    arm: Arm,
    interventions: Iterable[Intervention],
    drugs: dict[str, r.Drug],
) -> None:
    label = arm.get("label") or f"arm {number}"
    given = [i for i in interventions if i["name"] in drugs and _is_given(i, arm)]
    regimens = []
    for item in given:
        drug = drugs[item["name"]]
        # The dose is free text: it stays text, as the name of the regimen.
        text = item.get("description") or arm.get("description") or label
        slug = f"{draft.source}-arm{number}-{drug.slug}"
        words = " ".join(f"{item['name']}: {text}".split())
        regimens.append(draft.declare(r.Regimen(slug=slug, label=words, drug=drug.slug)))
    group = draft.group(
        f"arm{number}",
        ", ".join(filter(None, (label, _words(arm.get("type"))))),
        GroupKind.ARM,
        within=draft.everyone,
        arm=label,
        regimen=regimens[0] if len(regimens) == 1 else None,
    )
    draft.known_as(label, group, "arms")


def _is_given(intervention: Intervention, arm: Arm) -> bool:
    if arm.get("label") in intervention.get("armGroupLabels", ()):
        return True
    names = [name.partition(": ")[2] for name in arm.get("interventionNames", ())]
    return intervention["name"] in names


def design_of(design: Design) -> StudyDesign:
    """Return how a study was done.

    An observational study is a cohort, and has a direction, only where its record says both.
    """
    info = design.get("designInfo", {})
    kind = design.get("studyType")
    if kind == "INTERVENTIONAL":
        randomized = info.get("allocation") == "RANDOMIZED"
        return StudyDesign.RANDOMIZED if randomized else StudyDesign.NON_RANDOMIZED
    if kind == "EXPANDED_ACCESS":
        return StudyDesign.EXPANDED_ACCESS
    if design.get("patientRegistry"):
        return StudyDesign.REGISTRY
    cohorts = {"PROSPECTIVE": StudyDesign.PROSPECTIVE, "RETROSPECTIVE": StudyDesign.RETROSPECTIVE}
    if info.get("observationalModel") == "COHORT":
        return cohorts.get(info.get("timePerspective", ""), StudyDesign.OBSERVATIONAL)
    return StudyDesign.OBSERVATIONAL


def _phase(phases: Iterable[str]) -> str | None:
    named = [phase.replace("EARLY_PHASE", "early ").replace("PHASE", "") for phase in phases]
    return "/".join(name for name in named if name != "NA") or None


def _words(code: str | None) -> str | None:
    return None if code is None or code == "NA" else code.replace("_", " ").lower()


def meshes(record: StudyRecord) -> Iterator[tuple[str, str]]:
    """Yield IRI and label of the MeSH terms that a record says it is indexed with."""
    derived = record.get("derivedSection", {})
    for browse in (
        derived.get("conditionBrowseModule", {}),
        derived.get("interventionBrowseModule", {}),
    ):
        for term in browse.get("meshes", ()):
            yield f"{prefixes()['mesh']}{term['id']}", term["term"]
