"""The data model of curated YAML files; it validates them and generates their JSON Schema."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from evikg.ontology import Counting, GroupKind, SourceKind, StudyDesign, VariableKind

Slug = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$"),
    Field(description="flat lower-case name: letters and digits joined by hyphens"),
]
Words = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
#: A number or a word in YAML that is meant as text: `phase: 4`, `start: 2014`.
Scalar = Annotated[Words, BeforeValidator(lambda v: str(v) if isinstance(v, int | float) else v)]
IsoDate = Annotated[Scalar, StringConstraints(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]
Count = Annotated[int, Field(ge=0, strict=True)]


class Model(BaseModel):
    """A strict block of a curated file: an unknown key is a fault."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SourceModel(Model):
    """The document itself."""

    slug: Slug
    kind: SourceKind
    title: Words = Field(description="a short name of the document, not its printed title")
    doi: Annotated[str, StringConstraints(pattern=r"^10\.\d{4,9}/\S+$")] | None = None
    published: IsoDate | None = None
    journal: Words | None = None
    licence: Words | None = None
    text_sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = Field(
        None, description="SHA-256 of the text file it was curated from"
    )
    complete_for: list[Slug] = Field(
        [], description="variables for which every printed result is curated"
    )


class StudyModel(Model):
    """What was done."""

    slug: Slug
    label: Words
    design: StudyDesign
    phase: Scalar | None = None
    registration: Words | None = None
    sites: Count | None = None
    countries: list[Words] = []
    start: IsoDate | None = None
    end: IsoDate | None = None
    conditions: list[Slug] = []
    drugs: list[Slug] = []
    report_of: Slug | None = None
    pools_studies: list[Slug] = []
    may_overlap: list[Slug] = []
    database: Words | None = Field(None, description="of spontaneous reports, with its release")
    drug_role: Words | None = Field(None, description="roles of a drug in a report that counted")
    term_level: Words | None = Field(None, description="level of the terms of events")
    deduplication: Words | None = Field(None, description="how reports of one case were found")
    counting: Counting | None = Field(None, description="what one unit of a table of reports is")


class GroupModel(Model):
    """The patients, reports or events that numbers are about."""

    slug: Slug
    study: Slug
    label: Words
    kind: GroupKind
    size: Count | None = None
    subgroup_of: Slug | None = None
    pools: list[Slug] = []
    regimen: Slug | None = None
    arm: Words | None = None
    criteria: list[Slug] = Field([], description="variables that its members have in common")


class StepModel(Model):
    """One amount on one day of a cycle."""

    amount: Decimal = Field(gt=0)
    unit: Words
    day: Count | None = None
    cycle: Scalar | None = None
    condition: Words | None = None


class RegimenModel(Model):
    """A drug with its dose steps."""

    slug: Slug
    label: Words
    drug: Slug
    route: Words | None = None
    cycle_total: Decimal | None = None
    cycle_total_unit: Words | None = None
    cycle_days: Scalar | None = None
    steps: list[StepModel] = []


class DrugModel(Model):
    """A drug or a class of drugs."""

    slug: Slug
    label: Words
    alt: list[Words] = []


class VariableModel(Model):
    """What is measured."""

    slug: Slug
    label: Words
    kind: VariableKind
    broader: list[Slug] = []
    concerns: list[Slug] = Field([], description="drugs or variables it is about")
    alt: list[Words] = []


class DefinitionModel(Model):
    """How a study defined a variable."""

    slug: Slug
    study: Slug
    variable: Slug
    label: Words
    origin: Words | None = None
    events: Words | None = None
    threshold: Words | None = None
    method: Words | None = None


class WindowModel(Model):
    """When adverse events had to begin to be counted."""

    slug: Slug
    label: Words
    start: Words | None = None
    origin: Words | None = None
    days: Count | None = None


class ExcludedModel(Model):
    """A printed number that is deliberately not stored, and why."""

    line: Count
    what: Words
    why: Words


class Catalogue(Model):
    """What a curated YAML file declares (`catalogue.yaml`)."""

    drugs: list[DrugModel] = []
    studies: list[StudyModel] = []
    groups: list[GroupModel] = []
    regimens: list[RegimenModel] = []
    variables: list[VariableModel] = []
    definitions: list[DefinitionModel] = []
    windows: list[WindowModel] = []


class SurvivalModel(Model):
    """What `survival.csv` holds: times of patients, read off a printed curve."""

    variable: Slug = Field(description="the outcome, such as overall-survival")
    unit: Literal["days", "weeks", "months", "years"] = Field(description="unit of the times")


class SignalDrugModel(Model):
    """A drug of `signals.csv`, with the reports that are compared."""

    drug: Words = Field(description="as the column drug has it")
    group: Slug = Field(description="its cases or events: a + b")
    comparator: Slug = Field(description="the others: c + d")


class SignalsModel(Model):
    """What `signals.csv` holds: tables of drug and event, and measures computed of them."""

    study: Slug
    definition: Slug | None = Field(None, description="of a signal, with its threshold")
    drugs: list[SignalDrugModel] = Field(min_length=1)


class SourceFile(Catalogue):
    """A source with what only it declares (`<source>/source.yaml`)."""

    source: SourceModel
    excluded: list[ExcludedModel] = []
    survival: SurvivalModel | None = None
    signals: SignalsModel | None = None
