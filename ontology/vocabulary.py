"""Closed value sets of the model, each member a concept of the vocabulary.

A member's value is what a curated file and the results table say; its `term` is the local name of
the concept in `ontology/evikg.ttl`.
"""

from enum import StrEnum


class ValueSet(StrEnum):
    """A closed set of printed words, each standing for one concept."""

    @property
    def term(self) -> str:
        """Return the local name of the concept in the `ev:` namespace."""
        return self.value.replace(" ", "-")


class Statistic(ValueSet):
    """What kind of number a result is."""

    COUNT = "count"
    PERCENT = "percent"
    PROPORTION = "proportion"
    SURVIVAL_PROBABILITY = "survival probability"
    RATE = "rate"
    MEDIAN = "median"
    MEAN = "mean"
    GEOMETRIC_MEAN = "geometric mean"
    LEAST_SQUARES_MEAN = "least squares mean"
    GEOMETRIC_LEAST_SQUARES_MEAN = "geometric least squares mean"
    LOG_MEAN = "log mean"
    VALUE = "value"
    RANGE = "range"
    HAZARD_RATIO = "hazard ratio"
    ODDS_RATIO = "odds ratio"
    REPORTING_ODDS_RATIO = "reporting odds ratio"
    PROPORTIONAL_REPORTING_RATIO = "proportional reporting ratio"
    INFORMATION_COMPONENT = "information component"
    EMPIRICAL_BAYES_GEOMETRIC_MEAN = "empirical Bayes geometric mean"
    RISK_RATIO = "risk ratio"
    MEAN_RATIO = "mean ratio"
    DIFFERENCE = "difference"
    ESTIMATE = "estimate"
    COMPARISON = "comparison"

    @property
    def term(self) -> str:
        """Return the local name; `ev:value` is a property, so a single value has another."""
        return "single-value" if self is Statistic.VALUE else super().term

    @property
    def compares(self) -> bool:
        """Tell whether it belongs to a comparison or a model, never to one group alone."""
        return self.is_disproportionality or self in {
            Statistic.HAZARD_RATIO,
            Statistic.ODDS_RATIO,
            Statistic.RISK_RATIO,
            Statistic.MEAN_RATIO,
            Statistic.DIFFERENCE,
            Statistic.COMPARISON,
        }

    @property
    def is_disproportionality(self) -> bool:
        """Tell whether it compares spontaneous reports, so that it is no incidence."""
        return self in {
            Statistic.REPORTING_ODDS_RATIO,
            Statistic.PROPORTIONAL_REPORTING_RATIO,
            Statistic.INFORMATION_COMPONENT,
            Statistic.EMPIRICAL_BAYES_GEOMETRIC_MEAN,
        }

    @property
    def is_frequency(self) -> bool:
        """Tell whether it says how many of a group: count, percent or proportion."""
        return self in {Statistic.COUNT, Statistic.PERCENT, Statistic.PROPORTION}


class IntervalKind(ValueSet):
    """What the two bounds printed with a value are."""

    CONFIDENCE = "CI"
    CREDIBILITY = "CrI"
    INTERQUARTILE = "IQR"
    RANGE = "range"

    @property
    def term(self) -> str:
        """Return the local name of the concept."""
        named = {
            IntervalKind.CONFIDENCE: "confidence-interval",
            IntervalKind.CREDIBILITY: "credibility-interval",
            IntervalKind.INTERQUARTILE: "interquartile-range",
        }
        return named.get(self, "range")


class DispersionKind(ValueSet):
    """What the one number printed beside a mean or an estimate is."""

    STANDARD_DEVIATION = "standard deviation"
    STANDARD_ERROR = "standard error"
    COEFFICIENT_OF_VARIATION = "coefficient of variation"
    GEOMETRIC_COEFFICIENT_OF_VARIATION = "geometric coefficient of variation"


class CountUnit(ValueSet):
    """What was counted; different units are never added."""

    PATIENTS = "patients"
    EVENTS = "events"
    REPORTS = "reports"
    CASES = "cases"
    COURSES = "courses"
    VARIATIONS = "variations"
    SIGNALS = "signals"
    SITES = "sites"
    COUNTRIES = "countries"
    CLASSES = "classes"
    STUDIES = "studies"
    PERSONS = "persons"
    UNITS = "units"

    @property
    def term(self) -> str:
        """Return the local name; `ev:events` and `ev:sites` are properties."""
        own = self in {CountUnit.EVENTS, CountUnit.SITES}
        return f"{super().term}-unit" if own else super().term


class Directness(ValueSet):
    """Whether a source reports its own number or cites another's."""

    OWN = "own"
    CITED = "cited"


class Seriousness(ValueSet):
    """Whether only serious adverse events were counted."""

    ALL = "all"
    SERIOUS = "serious"
    NON_SERIOUS = "non-serious"

    @property
    def term(self) -> str:
        """Return the local name of the concept."""
        return "any-seriousness" if self is Seriousness.ALL else super().term


class Causality(ValueSet):
    """Adverse events whatever their cause (AE), or adverse drug reactions (ADR)."""

    ALL = "AE"
    DRUG_RELATED = "ADR"

    @property
    def term(self) -> str:
        """Return the local name of the concept."""
        return "all-causality" if self is Causality.ALL else "drug-related"


class GradeBasis(ValueSet):
    """How a patient with several events of one term was graded."""

    MAXIMUM = "maximum per patient"
    EVENT = "per event"


class ValueStatus(ValueSet):
    """Why a printed place holds no number."""

    NOT_REACHED = "not-reached"
    NOT_ESTIMABLE = "not-estimable"
    NOT_STATED = "not-stated"
    ILLEGIBLE = "illegible"
    NOT_AVAILABLE = "not-available"


class GroupKind(ValueSet):
    """What makes a group: the analysis set or the common property of its members."""

    ARM = "arm"
    ENROLLED = "enrolled"
    TREATED = "treated"
    RANDOMIZED = "randomized"
    INTENTION_TO_TREAT = "intention-to-treat"
    SAFETY = "safety"
    EFFECTIVENESS = "effectiveness"
    RESPONDERS = "responders"
    ASSESSED_RESPONDERS = "assessed responders"
    TRANSPLANTED = "transplanted"
    ASSESSED = "assessed"
    SUBGROUP = "subgroup"
    CASES = "cases"
    REPORTS = "reports"
    EVENTS = "events"
    SIGNALS = "signals"
    CASE = "case"
    POPULATION = "population"
    COMPARATOR = "comparator"

    @property
    def term(self) -> str:
        """Return the local name of the concept; `ev:cases` is a count unit."""
        return f"{super().term}-group"


class VariableKind(ValueSet):
    """What sort of thing a variable measures."""

    CONDITION = "condition"
    EFFICACY = "efficacy"
    OUTCOME_MEASURE = "outcome measure"
    TRANSPLANT = "transplant"
    PROCEDURE = "procedure"
    ADVERSE_EVENT = "adverse event"
    SYSTEM_ORGAN_CLASS = "system organ class"
    TIME_TO_ONSET = "time to onset"
    BASELINE = "baseline characteristic"
    EXPOSURE = "exposure"
    DISPOSITION = "disposition"
    SUBSEQUENT_THERAPY = "subsequent therapy"
    LABORATORY = "laboratory"
    PHARMACOKINETICS = "pharmacokinetics"
    REPORTING = "reporting"
    EPIDEMIOLOGY = "epidemiology"

    @property
    def term(self) -> str:
        """Return the local name of the concept; `ev:condition` is a property."""
        return f"{super().term}-variable"


class StudyDesign(ValueSet):
    """How a study was done."""

    RANDOMIZED = "randomized controlled trial"
    NON_RANDOMIZED = "non-randomized trial"
    PROSPECTIVE = "prospective cohort"
    RETROSPECTIVE = "retrospective cohort"
    SURVEILLANCE = "post-marketing surveillance"
    PHARMACOVIGILANCE = "pharmacovigilance database study"
    REVIEW = "review"
    REGISTRY = "registry"
    POPULATION = "population statistics"
    MODELLING = "modelling analysis"
    COMPASSIONATE_USE = "compassionate use"
    OBSERVATIONAL = "observational study"
    EXPANDED_ACCESS = "expanded access"


class Counting(ValueSet):
    """What a database of spontaneous reports was counted by."""

    CASE = "case-level"
    EVENT = "event-level"

    @property
    def term(self) -> str:
        """Return the local name of the concept."""
        return f"{super().term}-counting"


class SourceKind(ValueSet):
    """What kind of document a source is."""

    ARTICLE = "journal article"
    REVIEW = "review article"
    REGISTRY_RECORD = "registry record"
    DATABASE_RELEASE = "database release"
    DIGITISED_FIGURE = "digitised figure"


class ItemStatus(ValueSet):
    """Whether a source says what a reporting guideline asks for."""

    REPORTED = "reported"
    PARTLY = "partly reported"
    NOT_REPORTED = "not reported"
    NOT_APPLICABLE = "not applicable"

    @property
    def term(self) -> str:
        """Return the local name of the concept."""
        return f"{super().term}-item"


class Verdict(ValueSet):
    """What a recomputation found."""

    CONSISTENT = "consistent"
    ROUNDING = "rounding"
    INCONSISTENT = "inconsistent"
    CANNOT_CHECK = "cannot check"


class Severity(ValueSet):
    """How much the finding of a check matters to who uses the number."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"


class DiscrepancyType(ValueSet):
    """In what printings of one quantity differ."""

    VALUE = "value discrepancy"
    ROUNDING = "rounding discrepancy"
    INTERVAL = "interval discrepancy"
    DENOMINATOR = "denominator discrepancy"
    DEFINITION = "definition discrepancy"
    TIME = "time discrepancy"
    LABEL = "label discrepancy"
    UNIT = "unit discrepancy"

    @property
    def word(self) -> str:
        """Return the type as a question is asked for it, such as `rounding`."""
        return self.value.partition(" ")[0]


VALUE_SETS: tuple[type[ValueSet], ...] = (
    Statistic,
    IntervalKind,
    DispersionKind,
    CountUnit,
    Directness,
    Seriousness,
    Causality,
    GradeBasis,
    ValueStatus,
    GroupKind,
    VariableKind,
    StudyDesign,
    Counting,
    SourceKind,
    ItemStatus,
    Verdict,
    Severity,
    DiscrepancyType,
)
