"""What is said of numbers that stand in a registry record, and of where."""

from evikg.ontology import SourceKind

from .records import Result, Source

#: How the lines of a record are counted.
LAYOUT = "of the record as JSON with two spaces, a value a line"


def registry_page(source: Source) -> str | None:
    """Return the address of a registry record at ClinicalTrials.gov; None of other documents."""
    if source.kind is not SourceKind.REGISTRY_RECORD:
        return None
    return f"https://clinicaltrials.gov/study/{source.slug.upper()}"


def sides_text(result: Result) -> str:
    """Write how many sides an interval has, where it is said, with a blank behind."""
    return {1: "one-sided ", 2: "two-sided "}.get(result.interval_sides or 0, "")


def threshold_text(result: Result) -> str:
    """Write from which frequency on events are listed, where not all are."""
    if not result.frequency_threshold:
        return ""
    return f"listed if more than {result.frequency_threshold:f} % of an arm had it"
