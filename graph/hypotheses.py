"""Which numbers are of spontaneous reports, and what must be said with each of them."""

from evikg.ontology import CountUnit, Statistic, StudyDesign

from .records import Result, Study

#: What an answer with such a number says.
HYPOTHESES = (
    "hypothesis-generating: numbers of a spontaneous reporting database are of reports; they give no"
    " incidence and prove no cause"
)
#: The measures that compare reports with reports.
DISPROPORTIONALITY = frozenset(item for item in Statistic if item.is_disproportionality)
#: What numbers of a reporting database count; a count of its signals or classes is none of reports.
_COUNTED = {CountUnit.REPORTS, CountUnit.CASES, CountUnit.EVENTS, None}


def of_reports(result: Result, study: Study) -> bool:
    """Tell whether a number is of spontaneous reports, so that it can raise a hypothesis only."""
    if result.statistic in DISPROPORTIONALITY or result.count_unit is CountUnit.REPORTS:
        return True
    return study.design is StudyDesign.PHARMACOVIGILANCE and result.count_unit in _COUNTED
