"""A synthesis: results of several studies chosen, judged comparable, and pooled."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from evikg.analysis.synthesis.effects import (
    Difference,
    Proportion,
    Ratio,
    Study,
    Survival,
    SynthesisError,
)
from evikg.analysis.synthesis.logistic import pool_logistic
from evikg.analysis.synthesis.medians import Median, Medians, describe_medians, median_of_medians
from evikg.analysis.synthesis.pooling import pool
from evikg.analysis.synthesis.results import Estimate, Pooled
from evikg.analysis.synthesis.sensitivity import Omission, Subgroups, leave_one_out, subgroups
from evikg.graph.comparability import Assessment, Candidate, assess, candidates
from evikg.graph.comparability.facets import value_of
from evikg.graph.numbers import Printed
from evikg.graph.pooled import fingerprint
from evikg.graph.shares import number, percent_of
from evikg.graph.store import Store
from evikg.ontology import Statistic

from .request import Model, Request, results_of
from .selection import LeftOut, Selection, select


class NotComparableError(Exception):
    """Something bars the results from being pooled."""

    def __init__(self, assessment: Assessment, left_out: Sequence[LeftOut]) -> None:
        """Hold what was found."""
        self.assessment, self.left_out = assessment, tuple(left_out)

    def __str__(self) -> str:
        """Return one line."""
        count = len(self.assessment.bars)
        return f"{len(self.assessment.results)} results must not be pooled, for {count} reason(s)"


@dataclass(frozen=True, slots=True)
class Synthesis:
    """What was pooled and how, with everything its reader must know.

    `pooled` is None of medians, which are described; `median` is given where they were pooled.
    """

    request: Request
    statistic: str
    unit: str | None
    chosen: tuple[Candidate, ...]
    labels: tuple[str, ...]  # of the chosen, in their order
    left_out: tuple[LeftOut, ...]
    assessment: Assessment
    completed: tuple[str, ...]
    fingerprint: str  # of what the chosen results state
    pooled: Pooled | None = None
    medians: Medians | None = None
    median: Estimate | None = None
    omissions: tuple[Omission, ...] = ()
    subgroups: Subgroups | None = None

    @property
    def caveats(self) -> tuple[str, ...]:
        """Return all that limits the answer, the gravest first."""
        found: list[str] = []
        if self.request.despite is not None:
            found += [f"pooled despite: {bar}" for bar in self.assessment.bars]
            found += [f"reason given: {self.request.despite}"]
        found += self.assessment.caveats
        found += self.completed
        found += self.pooled.notes if self.pooled is not None else ()
        return tuple(found)


def synthesise(store: Store, request: Request) -> Synthesis:
    """Pool what a request names, or refuse.

    :raises UnknownTargetError: if the request names nothing
    :raises NotComparableError: if something bars the pool and no reason is given to do it
    :raises SynthesisError: if what is left cannot be pooled, such as fewer than two results
    """
    found = candidates(store, results_of(store, request))
    selection = select(found, request)
    assessment = assess(selection.chosen)
    if len(selection.chosen) < 2:
        raise SynthesisError(_too_few(selection))
    if assessment.bars and request.despite is None:
        raise NotComparableError(assessment, selection.left_out)
    chosen = {candidate.slug for candidate in selection.chosen}
    stated = fingerprint(c.result for c in found if c.slug in chosen)
    return _pooled(request, selection, assessment, stated)


def _too_few(selection: Selection) -> str:
    """Say why there is nothing to pool: the commonest reasons of those left out."""
    reasons = [f"{item.result}: {item.reason}" for item in selection.left_out[:5]]
    more = len(selection.left_out) - len(reasons)
    told = "; ".join(reasons) + (f"; {more} more" if more > 0 else "")
    count = len(selection.chosen)
    return f"{count} result(s) can be pooled, at least 2 are needed" + (
        f"; left out: {told}" if told else ""
    )


def _pooled(
    request: Request, selection: Selection, assessment: Assessment, stated: str
) -> Synthesis:
    chosen = selection.chosen
    statistic = chosen[0].result.statistic
    labels = _labels(chosen)
    frequency = statistic.is_frequency
    common = {
        "request": request,
        "statistic": "proportion" if frequency else statistic.value,
        "unit": "%" if _is_share(statistic) else chosen[0].result.unit,
        "chosen": chosen,
        "labels": labels,
        "left_out": selection.left_out,
        "assessment": assessment,
        "completed": selection.completed,
        "fingerprint": stated,
    }
    if statistic is Statistic.MEDIAN:
        medians = [_median(c, label) for c, label in zip(chosen, labels, strict=True)]
        described = describe_medians(medians)
        pooled = median_of_medians(medians, level=request.level) if request.pool_medians else None
        return Synthesis(**common, medians=described, median=pooled)  # type: ignore[arg-type]
    studies = [_study(c, label) for c, label in zip(chosen, labels, strict=True)]
    pooler = _pooler(request, frequency)
    groups: dict[str, list[Study]] = {}
    if request.by is not None:
        for candidate, study in zip(chosen, studies, strict=True):
            value = value_of(request.by, candidate) or "not stated"
            groups.setdefault(value, []).append(study)
    return Synthesis(
        **common,  # type: ignore[arg-type]
        pooled=pooler(studies),
        omissions=leave_one_out(studies, pooler) if request.leave_one_out else (),
        subgroups=subgroups(groups, pooler) if groups else None,
    )


def _pooler(request: Request, frequency: bool) -> Callable[[Sequence[Study]], Pooled]:
    model = request.model or (Model.LOGISTIC if frequency else Model.INVERSE_VARIANCE)
    if model is Model.LOGISTIC:
        if request.scale is not None:
            raise SynthesisError(f"the logistic model has its own scale: leave {request.scale} out")
        return lambda studies: pool_logistic(studies, level=request.level)  # type: ignore[arg-type]
    return lambda studies: pool(
        studies,
        scale=request.scale,
        random_effects=request.random_effects,
        tau2=request.tau2,
        interval=request.interval,
        level=request.level,
    )


def _is_share(statistic: Statistic) -> bool:
    return statistic.is_frequency or statistic is Statistic.SURVIVAL_PROBABILITY


def _labels(chosen: Sequence[Candidate]) -> tuple[str, ...]:
    """Return the label of each study, with that of the group where a study stands twice."""
    studies = [candidate.study.slug for candidate in chosen]
    return tuple(
        c.study.label if studies.count(c.study.slug) == 1 else c.group.label for c in chosen
    )


def _study(candidate: Candidate, label: str) -> Study:
    result = candidate.result
    if result.statistic.is_frequency:
        return Proportion(label, result.events or 0, result.total or 0)
    level = float(result.interval_level or Decimal(95)) / 100
    value, low, high = (
        _plain(bound, result.unit, percent_of(result) is not None)
        for bound in (result.value, result.interval_low, result.interval_high)
    )
    if result.statistic is Statistic.SURVIVAL_PROBABILITY:
        return Survival(label, value, low, high, level)
    if result.statistic is Statistic.DIFFERENCE:
        return Difference(label, value, low, high, level)
    return Ratio(label, value, low, high, level)


def _plain(printed: Printed | None, unit: str | None, share: bool) -> float:
    """Return a printed number, a percentage as a fraction where it is a share."""
    plain = number(printed)
    if plain is None:
        raise SynthesisError("a number of a result is open or illegible")
    return float(plain / 100 if share and unit == "%" else plain)


def _median(candidate: Candidate, label: str) -> Median:
    result = candidate.result
    plain = number(result.value)
    total = result.total if result.total is not None else candidate.group.size
    return Median(label, None if plain is None else float(plain), total)
