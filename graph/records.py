"""The record types of the evidence graph: frozen values, one class a kind of individual.

References to other records are their slugs. `None` and empty tuples mean that nothing is stated.
"""

from dataclasses import dataclass
from decimal import Decimal

from evikg.ontology import (
    Causality,
    Counting,
    CountUnit,
    Directness,
    DiscrepancyType,
    DispersionKind,
    GradeBasis,
    GroupKind,
    IntervalKind,
    ItemStatus,
    Seriousness,
    Severity,
    SourceKind,
    Statistic,
    StudyDesign,
    VariableKind,
    Verdict,
)

from .numbers import Printed


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A document: article, review, registry record or database release."""

    slug: str
    kind: SourceKind
    title: str
    doi: str | None = None
    published: str | None = None  # ISO 8601 date, month or year
    journal: str | None = None
    licence: str | None = None
    text_sha256: str | None = None  # of the text file it was curated from
    complete_for: tuple[str, ...] = ()  # variables for which every printed result is curated


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """What was done; a study is not its publication."""

    slug: str
    label: str
    design: StudyDesign
    phase: str | None = None
    registration: str | None = None
    sites: int | None = None
    countries: tuple[str, ...] = ()
    start: str | None = None  # ISO 8601 date, month or year
    end: str | None = None
    conditions: tuple[str, ...] = ()  # variables
    drugs: tuple[str, ...] = ()
    report_of: str | None = None  # the study this report is about
    pools_studies: tuple[str, ...] = ()
    may_overlap: tuple[str, ...] = ()
    official_title: str | None = None
    status: str | None = None  # of a registered study, such as completed
    sponsor: str | None = None
    allocation: str | None = None
    intervention_model: str | None = None
    masking: str | None = None
    enrollment: int | None = None
    eligibility: str | None = None
    sex: str | None = None
    minimum_age: str | None = None
    maximum_age: str | None = None
    indexed_with: tuple[str, ...] = ()  # IRIs of the terms that a registry indexes it with
    database: str | None = None  # of spontaneous reports, with its release
    drug_role: str | None = None  # which roles of a drug in a report counted
    term_level: str | None = None  # of the terms of events, such as preferred term
    deduplication: str | None = None
    counting: Counting | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The patients, reports or events that a number is about."""

    slug: str
    study: str
    label: str
    kind: GroupKind
    size: int | None = None
    subgroup_of: str | None = None
    pools: tuple[str, ...] = ()  # disjoint groups whose union this one is
    regimen: str | None = None
    arm: str | None = None  # the label of the arm as printed
    criteria: tuple[str, ...] = ()  # variables that its members have in common


@dataclass(frozen=True, slots=True, kw_only=True)
class Drug:
    """A drug or a class of drugs."""

    slug: str
    label: str
    alt: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseStep:
    """One amount on one day of a cycle, under a condition if one is stated."""

    slug: str
    amount: Decimal
    unit: str
    day: int | None = None
    cycle: str | None = None  # "1", "2+"
    condition: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Regimen:
    """A drug with its dose steps; another starting dose is another regimen."""

    slug: str
    label: str
    drug: str
    route: str | None = None
    cycle_total: Decimal | None = None
    cycle_total_unit: str | None = None
    cycle_days: str | None = None
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """What is measured, at the level a source prints it; `broader` joins the levels."""

    slug: str
    label: str
    kind: VariableKind
    broader: tuple[str, ...] = ()
    concerns: tuple[str, ...] = ()  # drugs
    concerns_variables: tuple[str, ...] = ()
    alt: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """How one study defined a variable."""

    slug: str
    study: str
    variable: str
    label: str
    origin: str | None = None
    events: str | None = None
    threshold: str | None = None
    method: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OnsetWindow:
    """The time in which adverse events had to begin to be counted."""

    slug: str
    label: str
    start: str | None = None
    origin: str | None = None
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Grade:
    """A severity grade or span of grades (CTCAE 1 to 5) as curated."""

    text: str  # any, unknown, "3", "3-4", ">=3"
    low: int | None
    high: int | None

    @classmethod
    def parse(cls, text: str) -> "Grade":
        """Read a grade; `any` spans 1 to 5, `unknown` has no bounds.

        :raises ValueError: if the text is none of the forms
        """
        digits = text.removeprefix(">=").split("-")
        if text == "any":
            return cls(text, 1, 5)
        if text == "unknown":
            return cls(text, None, None)
        if not all(part in {"1", "2", "3", "4", "5"} for part in digits) or len(digits) > 2:
            raise ValueError(f"{text!r} is not a grade")
        low = int(digits[0])
        high = 5 if text.startswith(">=") else int(digits[-1])
        if low > high:
            raise ValueError(f"{text!r} runs backwards")
        return cls(text, low, high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One reported statistic, with the place it is printed at."""

    slug: str
    source: str
    study: str
    group: str
    variable: str
    statistic: Statistic
    directness: Directness
    printed: str  # the tokens as printed, joined by " | "
    locator: str
    line: int  # 1-based, in the text of the source
    occurrence: int = 1  # of the first token in that line, 1-based
    pointer: str | None = None  # JSON Pointer (RFC 6901) to it, of a source that is JSON
    derived_from: str | None = None  # the source that it is computed from, not printed in
    comparator: str | None = None
    definition: str | None = None
    value: Printed | None = None
    unit: str | None = None
    events: int | None = None
    total: int | None = None
    total_not_stated: bool = False
    interval_kind: IntervalKind | None = None
    interval_low: Printed | None = None
    interval_high: Printed | None = None
    interval_level: Decimal | None = None  # percent
    interval_sides: int | None = None  # 1 or 2, where stated
    dispersion: Printed | None = None
    dispersion_kind: DispersionKind | None = None
    p_value: Printed | None = None
    timepoint: Decimal | None = None
    timepoint_unit: str | None = None
    grade: Grade | None = None
    grade_basis: GradeBasis | None = None
    seriousness: Seriousness | None = None
    causality: Causality | None = None
    count_unit: CountUnit | None = None
    onset_window: str | None = None
    predictor: str | None = None
    increment: str | None = None
    adjustment: str | None = None
    time_dependence: str | None = None
    method: str | None = None  # the statistical method
    hypothesis: str | None = None  # superiority, non-inferiority, …
    frequency_threshold: Decimal | None = None  # percent; rarer events are left out
    cell_b: int | None = None  # of a two-by-two table of reports whose a is `events`
    cell_c: int | None = None
    cell_d: int | None = None
    cited_reference: str | None = None
    printed_term: str | None = None
    printed_code: str | None = None
    printed_soc: str | None = None
    printed_group: str | None = None  # the label of the group there, if it is not the usual one
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What must hold between printed numbers."""

    slug: str
    statement: str
    severity: Severity  # of a contradiction
    tolerance: str | None = None
    origin: str | None = None  # who stated the rule, or where


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A recomputation that did not come to what is printed."""

    slug: str
    checks: tuple[str, ...]  # results
    rule: str
    verdict: Verdict
    severity: Severity
    inputs: str
    computed: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Discrepancy:
    """Results about one quantity that disagree."""

    slug: str
    type: DiscrepancyType
    results: tuple[str, ...]
    note: str
    supports: str | None = None  # the result that recomputation supports, where it does


@dataclass(frozen=True, slots=True, kw_only=True)
class PooledResult:
    """A number derived from the results of several studies; it is printed nowhere."""

    slug: str
    inputs: tuple[str, ...]  # results
    variables: tuple[str, ...]
    statistic: str  # proportion, hazard ratio, …
    value: Decimal
    low: Decimal
    high: Decimal
    level: Decimal  # of the intervals, percent
    method: str
    asked: str  # what was to be pooled, as a command has it
    unit: str | None = None
    events: int | None = None
    patients: int | None = None
    prediction_low: Decimal | None = None
    prediction_high: Decimal | None = None
    tau_squared: Decimal | None = None  # on the scale of the method
    i_squared: Decimal | None = None  # percent
    heterogeneity: str | None = None  # the test, in words
    heterogeneity_p: Decimal | None = None
    caveats: tuple[str, ...] = ()
    despite: str | None = None  # why it was pooled although something barred it
    fingerprint: str | None = None  # SHA-256 of what the inputs state


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """An entity that a document names, with the identifier it gives, as printed.

    `printed` is what stands in the document, `text` the entity it names, and they differ where
    one span names several; `line` counts the document's passages where its file has no lines.
    The last fields are what a screening found; they are empty before it.
    """

    slug: str
    source: str
    type: str
    text: str
    printed: str
    locator: str
    line: int
    occurrence: int = 1
    identifier: str | None = None
    label: str | None = None
    aliases: str | None = None
    document: str | None = None  # as the annotation gives it, such as a PubMed identifier
    start: int | None = None  # characters of the document before the first of the mention
    end: int | None = None  # characters before what follows the mention
    annotator: str | None = None  # who or what made the annotation
    screening: str | None = None  # passed, unchecked, doubtful or wrong
    identifies: str | None = None  # IRI of the term, of a mention that passed
    flags: tuple[str, ...] = ()  # names of the rules that it does not meet
    reasons: tuple[str, ...] = ()  # sentences
    proposed: tuple[str, ...] = ()  # IRIs of terms that fit the text better


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportingItem:
    """What a reporting guideline asks a source to say."""

    slug: str
    label: str
    guideline: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemAssessment:
    """Whether, and where, a source says what an item asks for."""

    slug: str
    source: str
    item: str
    status: ItemStatus
    locator: str | None = None
    line: int | None = None  # 1-based, in the text of the source
    note: str | None = None


Record = (
    Source
    | Study
    | Group
    | Drug
    | DoseStep
    | Regimen
    | Variable
    | Definition
    | OnsetWindow
    | Result
    | Rule
    | Check
    | Discrepancy
    | PooledResult
    | Mention
    | ReportingItem
    | ItemAssessment
)
