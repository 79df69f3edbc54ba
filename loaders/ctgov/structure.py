"""The part of the API v2 data structure that is read, and its check.

Names and types are those of https://clinicaltrials.gov/data-api/about-api/study-data-structure;
what is left out here is not read. Every field may be missing unless it is `Required`.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Annotated, Required, cast

from pydantic import StringConstraints, TypeAdapter, ValidationError
from typing_extensions import TypedDict

from evikg.loaders.faults import Fault

from .reading import RawRecord

Date = Annotated[str, StringConstraints(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]


class Named(TypedDict, total=False):
    """A sponsor or an organisation."""

    name: str


class Dated(TypedDict, total=False):
    """A date, with whether it is actual or estimated."""

    date: Date
    type: str


class Identification(TypedDict, total=False):
    """Numbers and titles."""

    nctId: Required[str]
    briefTitle: str
    officialTitle: str
    acronym: str


class Status(TypedDict, total=False):
    """Status and dates."""

    overallStatus: str
    startDateStruct: Dated
    completionDateStruct: Dated
    resultsFirstPostDateStruct: Dated
    lastUpdatePostDateStruct: Dated


class Sponsors(TypedDict, total=False):
    """Who is responsible."""

    leadSponsor: Named


class Conditions(TypedDict, total=False):
    """What is studied."""

    conditions: list[str]


class Masking(TypedDict, total=False):
    """Who does not know the treatment."""

    masking: str


class DesignInfo(TypedDict, total=False):
    """How a study is designed."""

    allocation: str
    interventionModel: str
    observationalModel: str
    timePerspective: str
    maskingInfo: Masking


class Enrollment(TypedDict, total=False):
    """How many are or will be enrolled."""

    count: int
    type: str


class Design(TypedDict, total=False):
    """Type, phases and design."""

    studyType: str
    phases: list[str]
    patientRegistry: bool
    designInfo: DesignInfo
    enrollmentInfo: Enrollment


class Arm(TypedDict, total=False):
    """An arm, or a cohort of an observational study."""

    label: str
    type: str
    description: str
    interventionNames: list[str]


class Intervention(TypedDict, total=False):
    """What is given or done."""

    type: str
    name: Required[str]
    description: str
    armGroupLabels: list[str]
    otherNames: list[str]


class ArmsInterventions(TypedDict, total=False):
    """Arms and interventions."""

    armGroups: list[Arm]
    interventions: list[Intervention]


class Eligibility(TypedDict, total=False):
    """Who may take part."""

    eligibilityCriteria: str
    sex: str
    minimumAge: str
    maximumAge: str


class Location(TypedDict, total=False):
    """A site."""

    country: str


class Locations(TypedDict, total=False):
    """The sites."""

    locations: list[Location]


class Protocol(TypedDict, total=False):
    """What was registered."""

    identificationModule: Required[Identification]
    statusModule: Status
    sponsorCollaboratorsModule: Sponsors
    conditionsModule: Conditions
    designModule: Design
    armsInterventionsModule: ArmsInterventions
    eligibilityModule: Eligibility
    contactsLocationsModule: Locations


class ReportedGroup(TypedDict, total=False):
    """A column of a table of results."""

    id: Required[str]
    title: str
    description: str


class FlowCount(TypedDict, total=False):
    """How many of a group reached a milestone, or left for a reason."""

    groupId: Required[str]
    comment: str
    numSubjects: str
    numUnits: str


class Milestone(TypedDict, total=False):
    """A milestone of a period."""

    type: str
    comment: str
    achievements: list[FlowCount]


class DropOut(TypedDict, total=False):
    """A reason for not completing a period."""

    type: str
    comment: str
    reasons: list[FlowCount]


class Period(TypedDict, total=False):
    """A period of a study."""

    title: str
    milestones: list[Milestone]
    dropWithdraws: list[DropOut]


class Flow(TypedDict, total=False):
    """Participant flow."""

    typeUnitsAnalyzed: str
    groups: list[ReportedGroup]
    periods: list[Period]


class Count(TypedDict, total=False):
    """The number analysed of a group."""

    groupId: Required[str]
    value: str


class Denominator(TypedDict, total=False):
    """Numbers analysed, in participants or in other units."""

    units: str
    counts: list[Count]


class Measurement(TypedDict, total=False):
    """A cell of a table of results."""

    groupId: Required[str]
    value: str
    spread: str
    lowerLimit: str
    upperLimit: str
    comment: str


class Category(TypedDict, total=False):
    """A category of a class."""

    title: str
    measurements: list[Measurement]


class MeasureClass(TypedDict, total=False):
    """A class of a measure: a row of its table, or a time."""

    title: str
    denoms: list[Denominator]
    categories: list[Category]


class Measure(TypedDict, total=False):
    """What baseline measures and outcome measures have in common."""

    title: Required[str]
    description: str
    populationDescription: str
    paramType: str
    dispersionType: str
    unitOfMeasure: str
    denomUnitsSelected: str
    denoms: list[Denominator]
    classes: list[MeasureClass]


class Baseline(TypedDict, total=False):
    """Baseline characteristics."""

    populationDescription: str
    typeUnitsAnalyzed: str
    groups: list[ReportedGroup]
    denoms: list[Denominator]
    measures: list[Measure]


class Analysis(TypedDict, total=False):
    """A statistical analysis of an outcome measure."""

    paramType: str
    paramValue: str
    dispersionType: str
    dispersionValue: str
    statisticalMethod: str
    statisticalComment: str
    pValue: str
    pValueComment: str
    ciNumSides: str
    ciPctValue: str
    ciLowerLimit: str
    ciUpperLimit: str
    ciLowerLimitComment: str
    ciUpperLimitComment: str
    estimateComment: str
    nonInferiorityType: str
    nonInferiorityComment: str
    otherAnalysisDescription: str
    groupDescription: str
    groupIds: list[str]


class Outcome(Measure, total=False):
    """An outcome measure."""

    type: str
    timeFrame: str
    reportingStatus: str
    typeUnitsAnalyzed: str
    groups: list[ReportedGroup]
    analyses: list[Analysis]


class Outcomes(TypedDict, total=False):
    """Outcome measures."""

    outcomeMeasures: list[Outcome]


class EventGroup(ReportedGroup, total=False):
    """A column of the tables of adverse events, with its totals."""

    deathsNumAffected: int
    deathsNumAtRisk: int
    seriousNumAffected: int
    seriousNumAtRisk: int
    otherNumAffected: int
    otherNumAtRisk: int


class EventCount(TypedDict, total=False):
    """How many of a group had an event."""

    groupId: Required[str]
    numEvents: int
    numAffected: int
    numAtRisk: int


class Event(TypedDict, total=False):
    """An adverse event term."""

    term: str
    organSystem: str
    sourceVocabulary: str
    assessmentType: str
    notes: str
    stats: list[EventCount]


class Events(TypedDict, total=False):
    """Adverse events."""

    frequencyThreshold: str
    timeFrame: str
    description: str
    allCauseMortalityComment: str
    eventGroups: list[EventGroup]
    seriousEvents: list[Event]
    otherEvents: list[Event]


class Results(TypedDict, total=False):
    """What was posted of results."""

    participantFlowModule: Flow
    baselineCharacteristicsModule: Baseline
    outcomeMeasuresModule: Outcomes
    adverseEventsModule: Events


class Mesh(TypedDict, total=False):
    """A term of MeSH."""

    id: Required[str]
    term: Required[str]


class Browse(TypedDict, total=False):
    """Terms of MeSH that a study is indexed with."""

    meshes: list[Mesh]


class Derived(TypedDict, total=False):
    """What the registry worked out."""

    conditionBrowseModule: Browse
    interventionBrowseModule: Browse


class StudyRecord(TypedDict, total=False):
    """A record of ClinicalTrials.gov."""

    protocolSection: Required[Protocol]
    resultsSection: Results
    derivedSection: Derived


def checked(raw: RawRecord, faults: list[Fault]) -> StudyRecord | None:
    """Return a record in the structure that is read; None, and every fault, where it is not."""
    try:
        _adapter().validate_python(raw.data, strict=True)
        return cast(StudyRecord, raw.data)
    except ValidationError as error:
        for item in error.errors(include_url=False):
            pointer = pointer_of(*item["loc"])
            shown = item["input"] if isinstance(item["input"], str | int | float) else ""
            faults.append(raw.fault(pointer, str(shown), item["msg"]))
        return None


def pointer_of(*parts: str | int) -> str:
    """Return the JSON Pointer (RFC 6901) of a path of keys and indices.

    >>> pointer_of("a/b", 0, "c~d")
    '/a~1b/0/c~0d'
    """
    return "".join(_escaped(parts))


def _escaped(parts: tuple[str | int, ...]) -> Iterator[str]:
    for part in parts:
        yield "/" + str(part).replace("~", "~0").replace("/", "~1")


@cache
def _adapter() -> TypeAdapter[StudyRecord]:
    return TypeAdapter(StudyRecord)


def text_at(holder: Mapping[str, object], key: str) -> str | None:
    """Return the text of a field that is named by a variable; None where there is none."""
    found = holder.get(key)
    return found if isinstance(found, str) else None


def number_at(holder: Mapping[str, object], key: str) -> int | None:
    """Return the whole number of a field that is named by a variable; None where there is none."""
    found = holder.get(key)
    return found if isinstance(found, int) else None
