"""The part of the results section of a record that is read, in the structure of the API v2.

Names and types are those of https://clinicaltrials.gov/data-api/about-api/study-data-structure;
every field may be missing unless it is `Required`.
"""

from typing import Required

from typing_extensions import TypedDict


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
