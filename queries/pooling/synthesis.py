"""A synthesis: results of several studies chosen, judged comparable, and pooled."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from evikg.analysis.synthesis.effects import (
    Study,
    SynthesisError,
)
from evikg.analysis.synthesis.heterogeneity import Tau2
from evikg.analysis.synthesis.logistic import pool_logistic
from evikg.analysis.synthesis.medians import (
    Medians,
    attainable,
    describe_medians,
    median_of_medians,
)
from evikg.analysis.synthesis.pooling import Interval, pool
from evikg.analysis.synthesis.results import Estimate, Pooled
from evikg.analysis.synthesis.sensitivity import Omission, Subgroups, leave_one_out, subgroups
from evikg.graph.comparability import Assessment, Candidate, assess, candidates
from evikg.graph.comparability.facets import value_of
from evikg.graph.hypotheses import HYPOTHESES, of_reports
from evikg.graph.pooled import DESPITE, fingerprint
from evikg.graph.store import Store
from evikg.ontology import Statistic

from .inputs import labels_of, median_of, study_of
from .request import Model, Request, results_of
from .selection import LeftOut, Selection, select


class NotComparableError(Exception):
    """Something bars the results from being pooled."""

    def __init__(
        self,
        assessment: Assessment,
        left_out: Sequence[LeftOut],
        found: Sequence[Candidate],
        request: Request,
    ) -> None:
        """Hold what was asked for and what was found."""
        self.assessment, self.left_out = assessment, tuple(left_out)
        self.found, self.request = tuple(found), request

    def __str__(self) -> str:
        """Return one line."""
        count = len(self.assessment.bars)
        reasons = "1 reason" if count == 1 else f"{count} reasons"
        return f"{len(self.assessment.results)} results must not be pooled, for {reasons}"


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
    def factor(self) -> int:
        """Return what takes a number of the analysis to what is shown: 100 for shares."""
        return 100 if _is_share(self.chosen[0].result.statistic) else 1

    @property
    def level(self) -> float:
        """Return the level that the interval of the pooled result has at most, as a fraction."""
        asked = self.request.level
        return asked if self.median is None else attainable(len(self.chosen), asked)

    @property
    def despite(self) -> str | None:
        """Return the reason given for pooling although something bars it; None if nothing does."""
        return self.request.despite if self.assessment.bars else None

    @property
    def arms(self) -> list[str]:
        """Name the studies of which several groups enter, each as if it were a study."""
        counts = Counter(candidate.study.label for candidate in self.chosen)
        return [
            f"{label}: {count} groups enter as if each were a study"
            for label, count in sorted(counts.items())
            if count > 1
        ]

    @property
    def levels(self) -> list[str]:
        """Name the results whose interval is printed at another level than it is shown at.

        Of few medians, it is the pooled interval that has another level than was asked for.
        """
        if self.level < self.request.level:
            return [
                (
                    f"{len(self.chosen)} medians: even their whole range has a level of"
                    f" {100 * self.level:.3g} % at most, not {100 * self.request.level:.3g} %"
                )
            ]
        asked = Decimal(repr(self.request.level)) * 100
        return [
            f"{candidate.slug}: its interval is printed at {level.normalize():f} % and shown at"
            f" {asked.normalize():f} %"
            for candidate in self.chosen
            if self.pooled is not None
            and not candidate.result.statistic.is_frequency
            and (level := candidate.result.interval_level) is not None
            and level != asked
        ]

    @property
    def caveats(self) -> tuple[str, ...]:
        """Return all that limits the answer, the gravest first."""
        found: list[str] = []
        if any(of_reports(candidate.result, candidate.study) for candidate in self.chosen):
            found.append(HYPOTHESES)
        if self.despite is not None:
            found += [f"{DESPITE}{bar}" for bar in self.assessment.bars]
            found += [f"reason given: {self.despite}"]
        found += self.assessment.caveats
        found += self.arms
        found += self.levels
        found += self.completed
        found += self.pooled.notes if self.pooled is not None else ()
        return tuple(found)


def synthesise(store: Store, request: Request) -> Synthesis:
    """Pool what a request names, or refuse.

    :raises UnknownTargetError: if the request names nothing
    :raises NotComparableError: if something bars the pool and no reason is given to do it, or the
        numbers are of different sorts
    :raises SynthesisError: if what is left cannot be pooled, such as fewer than two results
    :raises ValueError: if the request asks what cannot be done with numbers of this sort
    """
    found = candidates(store, results_of(store, request))
    selection, assessment = compared(found, request)
    if assessment.bars and (request.despite is None or assessment.incommensurable):
        raise NotComparableError(assessment, selection.left_out, found, request)
    chosen = {candidate.slug for candidate in selection.chosen}
    entered = [candidate for candidate in found if candidate.slug in chosen]
    stated = fingerprint((c.result for c in entered), (c.group for c in entered))
    return _pooled(request, selection, assessment, stated)


def compared(found: Sequence[Candidate], request: Request) -> tuple[Selection, Assessment]:
    """Choose among candidates, and compare those that can enter a pool.

    :raises SynthesisError: if fewer than two can
    """
    selection = select(found, request)
    if len(selection.chosen) < 2:
        raise SynthesisError(_too_few(selection))
    return selection, assess(selection.chosen)


def _too_few(selection: Selection) -> str:
    """Say why there is nothing to pool: the commonest reasons of those left out."""
    reasons = [f"{item.result}: {item.reason}" for item in selection.left_out[:5]]
    more = len(selection.left_out) - len(reasons)
    told = "; ".join(reasons) + (f"; {more} more" if more > 0 else "")
    count = "one result" if selection.chosen else "no result"
    return f"pooling needs at least two results: {count} can enter" + (
        f"; left out: {told}" if told else ""
    )


def _pooled(
    request: Request, selection: Selection, assessment: Assessment, stated: str
) -> Synthesis:
    chosen = selection.chosen
    statistic = chosen[0].result.statistic
    labels = labels_of(chosen)
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
        _refuse(request, "medians are described, or pooled by --medians")
        medians = [median_of(c, label) for c, label in zip(chosen, labels, strict=True)]
        described = describe_medians(medians)
        pooled = median_of_medians(medians, level=request.level) if request.pool_medians else None
        return Synthesis(**common, medians=described, median=pooled)  # type: ignore[arg-type]
    if request.pool_medians:
        raise ValueError(f"--medians is for medians, and these are of another sort: {statistic}")
    studies = [study_of(c, label) for c, label in zip(chosen, labels, strict=True)]
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


def _refuse(request: Request, why: str) -> None:
    """Refuse what only a pool with variances has."""
    given = {
        "--model": request.model is not None,
        "--by": request.by is not None,
        "--leave-one-out": request.leave_one_out,
    }
    names = [*(name for name, is_given in given.items() if is_given), *request.of_inverse_variance]
    if names:
        raise ValueError(f"{why}: they have no {', '.join(names)}")


def _pooler(request: Request, frequency: bool) -> Callable[[Sequence[Study]], Pooled]:
    model = request.model or (Model.LOGISTIC if frequency else Model.INVERSE_VARIANCE)
    if model is Model.LOGISTIC:
        if not frequency:
            raise ValueError("the logistic model is for proportions: --model inverse-variance")
        if request.of_inverse_variance:
            given = ", ".join(request.of_inverse_variance)
            raise ValueError(
                f"proportions are pooled by the logistic model, which has no {given}: "
                "--model inverse-variance"
            )
        return lambda studies: pool_logistic(studies, level=request.level)  # type: ignore[arg-type]
    return lambda studies: pool(
        studies,
        scale=request.scale,
        random_effects=request.random_effects,
        tau2=request.tau2 or Tau2.REML,
        interval=request.interval or Interval.HARTUNG_KNAPP,
        level=request.level,
    )


def _is_share(statistic: Statistic) -> bool:
    return statistic.is_frequency or statistic is Statistic.SURVIVAL_PROBABILITY
