"""Which of the results can enter a pool at all, and why each of the others is left out.

Left out is what holds no number that can be pooled, what another result contains, what is printed
again elsewhere, and what an interim report says of a study that is there itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from evikg.graph.comparability import Candidate
from evikg.graph.comparability.facets import value_of
from evikg.graph.shares import count_of, number
from evikg.ontology import CountUnit, IntervalKind, Statistic

from .request import Request

_RATIOS = {Statistic.HAZARD_RATIO, Statistic.ODDS_RATIO, Statistic.REPORTING_ODDS_RATIO}
_WITH_INTERVAL = _RATIOS | {Statistic.DIFFERENCE, Statistic.SURVIVAL_PROBABILITY}
_POOLED = _WITH_INTERVAL | {
    Statistic.COUNT,
    Statistic.PERCENT,
    Statistic.PROPORTION,
    Statistic.MEDIAN,
}
#: Units whose counts are a part of the group, so that they have a proportion.
_PARTS = {CountUnit.PATIENTS, CountUnit.CASES, CountUnit.REPORTS, None}

#: Facets in which two results must agree for one to be about a part of the patients of the other.
_SAME_THING = (
    "statistic",
    "variable",
    "time",
    "time-origin",
    "denominator",
    "comparator",
    "predictor",
)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A result that does not enter, and why."""

    result: str
    reason: str


@dataclass(frozen=True, slots=True)
class Selection:
    """The results that enter, with their counts completed, and those left out."""

    chosen: tuple[Candidate, ...]
    left_out: tuple[LeftOut, ...]
    completed: tuple[str, ...]  # what was worked out from what is printed, in words


def select(found: Sequence[Candidate], request: Request) -> Selection:
    """Choose among candidates; a result that was narrowed away is not listed as left out."""
    wanted = [candidate for candidate in found if _wanted(candidate, request)]
    left: list[LeftOut] = []
    words: list[str] = []
    usable: list[Candidate] = []
    for candidate in wanted:
        reason = _unusable(candidate)
        if reason is not None:
            left.append(LeftOut(candidate.slug, reason))
            continue
        complete, note = _completed(candidate)
        if complete is None:
            left.append(LeftOut(candidate.slug, note))
            continue
        usable.append(complete)
        words += [f"{candidate.slug}: {note}"] if note else []
    chosen = []
    for candidate in usable:
        reason = _contained(candidate, usable)
        if reason is None:
            chosen.append(candidate)
        else:
            left.append(LeftOut(candidate.slug, reason))
    entered = {candidate.slug for candidate in chosen}
    notes = tuple(word for word in words if word.partition(":")[0] in entered)
    return Selection(tuple(chosen), tuple(left), notes)


def _wanted(candidate: Candidate, request: Request) -> bool:
    if candidate.slug in request.exclude:
        return False
    return all(
        (value_of(facet, candidate) or "not stated") in values
        for facet, values in request.only.items()
    )


def _unusable(candidate: Candidate) -> str | None:
    result = candidate.result
    if result.statistic not in _POOLED:
        return f"a {result.statistic} cannot be pooled"
    if result.statistic is Statistic.MEDIAN:
        return None
    if result.statistic in _WITH_INTERVAL:
        if result.interval_kind is not IntervalKind.CONFIDENCE:
            return "no confidence interval is printed"
        bounds = (result.value, result.interval_low, result.interval_high)
        if any(number(bound) is None for bound in bounds):
            return f"a bound of its interval is open or no number: {result.printed}"
        return None
    if result.count_unit not in _PARTS:
        return f"{result.count_unit} may come several times to a patient: they have no proportion"
    return None


def _completed(candidate: Candidate) -> tuple[Candidate | None, str]:
    """Return a frequency with its counts, by the size of its group where no total is printed."""
    result = candidate.result
    if not result.statistic.is_frequency:
        return candidate, ""
    notes = []
    if result.total is None:
        size = candidate.group.size
        if size is None:
            return None, "its denominator is not stated"
        result = replace(result, total=size)
        notes.append(f"denominator {size} is the size of the group")
    events = count_of(result)
    if events is None:
        return None, f"no count of {result.total} patients gives {result.printed} alone"
    if result.events is None:
        notes.append(f"{events} of {result.total} worked out from the percentage")
    result = replace(result, events=events)
    return replace(candidate, result=result), "; ".join(notes)


def _contained(candidate: Candidate, others: Sequence[Candidate]) -> str | None:
    for other in others:
        if other.slug == candidate.slug:
            continue
        if other.slug in candidate.counted_in and candidate.slug not in other.counted_in:
            return f"already counted in {other.slug}"
        if candidate.quantity and other.quantity == candidate.quantity and other.primary:
            return "printed again: another printing is the primary one"
        if _among(candidate, other):
            return f"its patients are among those of {other.slug}"
        if candidate.study.report_of == other.study.slug:
            return f"{candidate.study.label} is a report of the study of {other.slug}"
    return None


def _among(candidate: Candidate, other: Candidate) -> bool:
    """Tell whether a number of the same thing is of a group that holds the candidate's.

    Containment is derived for frequencies alone; survival and ratios are of groups as well.
    """
    if candidate.result.statistic.is_frequency:
        return False
    larger = {group.slug for group in (*candidate.above, *candidate.unions)}
    same = all(value_of(name, candidate) == value_of(name, other) for name in _SAME_THING)
    return other.group.slug in larger and same
