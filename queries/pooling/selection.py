"""Which of the results can enter a pool at all, and why each of the others is left out.

Left out is what holds no number that can be pooled, what another result contains, what is printed
again elsewhere, and what an interim report says of a study that is there itself.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from evikg.graph.comparability import NOT_STATED, Candidate
from evikg.graph.comparability.facets import value_of
from evikg.graph.hypotheses import DISPROPORTIONALITY
from evikg.graph.shares import count_of, number
from evikg.ontology import CountUnit, IntervalKind, Statistic

from .request import Request

_WITH_INTERVAL = DISPROPORTIONALITY | {
    Statistic.HAZARD_RATIO,
    Statistic.ODDS_RATIO,
    Statistic.DIFFERENCE,
    Statistic.SURVIVAL_PROBABILITY,
}
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


#: How the reason begins of what is left out because another result contains it.
CONTAINED = ("already counted in", "its patients are among")


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
    """Choose among candidates; a result that was narrowed away is not listed as left out.

    :raises ValueError: if a result to exclude is not among them, or no result has a value wanted
    """
    wanted = _wanted(found, request)
    left: list[LeftOut] = []
    words: list[str] = []
    usable: list[Candidate] = []
    for candidate in wanted:
        reason = _unusable(candidate, request)
        if reason is not None:
            left.append(LeftOut(candidate.slug, reason))
            continue
        complete, note = _completed(candidate)
        if complete is None:
            left.append(LeftOut(candidate.slug, note))
            continue
        usable.append(complete)
        words += [f"{candidate.slug}: {note}"] if note else []
    of_study: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in usable:
        of_study[candidate.study.slug].append(candidate)
    chosen = []
    for candidate in usable:
        # What contains a result is of its study, or of the study that its study is a report of.
        whole = of_study.get(candidate.study.report_of or "", [])
        reason = _contained(candidate, [*of_study[candidate.study.slug], *whole])
        if reason is None:
            chosen.append(candidate)
        else:
            left.append(LeftOut(candidate.slug, reason))
    entered = {candidate.slug for candidate in chosen}
    notes = tuple(word for word in words if word.partition(":")[0] in entered)
    return Selection(tuple(chosen), tuple(left), notes)


def _wanted(found: Sequence[Candidate], request: Request) -> list[Candidate]:
    absent = sorted(request.exclude - {candidate.slug for candidate in found})
    if absent:
        raise ValueError(f"--exclude {absent[0]}: it is not among the {len(found)} results")
    excluded = [candidate for candidate in found if candidate.slug in request.exclude]
    # Without its primary printing, a number must not come back by another one.
    gone = {candidate.quantity for candidate in excluded if candidate.primary} - {""}
    wanted = [c for c in found if c.slug not in request.exclude and c.quantity not in gone]
    for facet, values in sorted(request.only.items()):
        known = [_told(facet, candidate) for candidate in wanted]
        missing = sorted(set(values) - {_told(facet, candidate) for candidate in found})
        if missing and found:
            listed = ", ".join(sorted(set(known)))
            raise ValueError(
                f"--only '{facet}={missing[0]}': no result has it (there is: {listed})"
            )
        wanted = [c for c, value in zip(wanted, known, strict=True) if value in values]
    return wanted


def _told(facet: str, candidate: Candidate) -> str:
    value = value_of(facet, candidate)
    return NOT_STATED if value is None else value


def _unusable(candidate: Candidate, request: Request) -> str | None:
    result = candidate.result
    if result.statistic not in _POOLED:
        return f"a {result.statistic} cannot be pooled"
    if result.statistic is Statistic.MEDIAN:
        sized = result.total is not None or candidate.group.size is not None
        weightless = request.pool_medians and not sized
        return "its number of patients is not stated: it has no weight" if weightless else None
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
    if result.statistic in _WITH_INTERVAL and result.interval_level is None:
        level = Decimal(95)
        complete = replace(candidate, result=replace(result, interval_level=level))
        return complete, f"the level of its interval is not stated: {level} % is taken"
    if not result.statistic.is_frequency:
        return candidate, ""
    notes = []
    if result.total is None:
        size = candidate.group.size
        if size is None:
            return None, "its denominator is not stated"
        result = replace(result, total=size)
        notes.append(f"denominator {size} is the size of the group")
    if result.total == 0:
        return None, "it is of no patients: there is no proportion"
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
            return f"{CONTAINED[0]} {other.slug}"
        if _printed_again(candidate, other, others):
            return "printed again: another printing of the same quantity enters"
        if _among(candidate, other):
            return f"{CONTAINED[1]} those of {other.slug}"
        same_drug = value_of("drug", candidate) == value_of("drug", other)
        if candidate.study.report_of == other.study.slug and same_drug:
            return f"{candidate.study.label} is a report of the study of {other.slug}"
    return None


def _printed_again(candidate: Candidate, other: Candidate, all_: Sequence[Candidate]) -> bool:
    """Tell whether another printing stands for a number: the primary one, or else the first."""
    if not candidate.quantity or other.quantity != candidate.quantity:
        return False
    printings = [item for item in all_ if item.quantity == candidate.quantity]
    return other is next((item for item in printings if item.primary), printings[0])


def _among(candidate: Candidate, other: Candidate) -> bool:
    """Tell whether a number of the same thing is of a group that holds the candidate's.

    Containment is derived for frequencies alone; survival and ratios are of groups as well.
    """
    if candidate.result.statistic.is_frequency:
        return False
    larger = {group.slug for group in (*candidate.above, *candidate.unions)}
    same = all(value_of(name, candidate) == value_of(name, other) for name in _SAME_THING)
    return other.group.slug in larger and same
