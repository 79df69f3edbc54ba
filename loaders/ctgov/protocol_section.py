"""The part of the protocol section of a record that is read, in the structure of the API v2.

Names and types are those of https://clinicaltrials.gov/data-api/about-api/study-data-structure;
every field may be missing unless it is `Required`.
"""

from typing import Annotated, Required

from pydantic import StringConstraints
from typing_extensions import TypedDict

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
