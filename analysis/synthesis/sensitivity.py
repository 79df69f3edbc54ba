"""How much a pooled result rests on a single study or on a mixture of subgroups.

A `pooler` is `pool` or `pool_logistic` with its options bound, as by `functools.partial`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from .effects import Proportion, Study, SynthesisError
from .heterogeneity import Heterogeneity, describe
from .results import Pooled, PooledStudy
from .scales import Scale, to_effect

S = TypeVar("S", bound=Study)


@dataclass(frozen=True, slots=True)
class Omission:
    """The result without one study; None where the others cannot be pooled, `reason` says why."""

    omitted: str  # the label of the study left out
    pooled: Pooled | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Subgroup:
    """The result of one subgroup; a study that is alone in it stands for it."""

    name: str
    pooled: Pooled | None
    alone: PooledStudy | None = None
    reason: str = ""  # why there is no pooled result


@dataclass(frozen=True, slots=True)
class Subgroups:
    """The results of subgroups and of all their studies, and a test of one effect for all.

    `between` is None where fewer than two subgroups have an estimate and a standard error.
    `notes` names those that have none, and what was added to those that would have none.
    """

    overall: Pooled
    groups: tuple[Subgroup, ...]
    between: Heterogeneity | None
    notes: tuple[str, ...] = ()


def leave_one_out(
    studies: Sequence[S], pooler: Callable[[Sequence[S]], Pooled]
) -> tuple[Omission, ...]:
    """Pool three or more studies again without each of them, in their order.

    :raises SynthesisError: if there are fewer than three studies
    """
    if len(studies) < 3:
        raise SynthesisError(f"leaving one out needs at least three studies, not {len(studies)}")
    found = []
    for place, study in enumerate(studies):
        pooled, reason = _try([*studies[:place], *studies[place + 1 :]], pooler)
        found.append(Omission(study.label, pooled, reason))
    return tuple(found)


def subgroups(
    groups: Mapping[str, Sequence[S]], pooler: Callable[[Sequence[S]], Pooled]
) -> Subgroups:
    """Pool each subgroup by itself, with its own τ², and compare the results.

    The comparison is Cochran's Q over the subgroups' estimates, with the standard errors of their
    models (Borenstein et al. 2009, chapter 19, doi:10.1002/9780470743386): those of Hartung and
    Knapp would let a subgroup of two agreeing studies outweigh all others. A study that is alone
    enters with its own estimate; of a proportion, which the logistic model gives none, that is its
    log odds with the variance of the same likelihood, 1/x + 1/(n - x).

    :raises SynthesisError: if there are fewer than two subgroups, one is empty, or all studies
        together cannot be pooled
    """
    if len(groups) < 2:
        raise SynthesisError("a comparison of subgroups needs at least two of them")
    for name, members in groups.items():
        if not members:
            raise SynthesisError(f"subgroup {name} has no study")
    overall = pooler([study for members in groups.values() for study in members])
    rows = iter(overall.studies)
    found = []
    for name, members in groups.items():
        own = [next(rows) for _ in members]
        if len(own) == 1:
            found.append(Subgroup(name, None, own[0], "one study"))
        else:
            pooled, reason = _try(members, pooler)
            found.append(Subgroup(name, pooled, None, reason))
    return Subgroups(overall, tuple(found), _between(found), tuple(_notes(found)))


def _try(
    studies: Sequence[S], pooler: Callable[[Sequence[S]], Pooled]
) -> tuple[Pooled | None, str]:
    """Return the result, or None and why there is none."""
    try:
        return pooler(studies), ""
    except SynthesisError as error:
        return None, str(error)


def _between(groups: Sequence[Subgroup]) -> Heterogeneity | None:
    """Return the test that the subgroups with an estimate share one effect."""
    import numpy as np

    found = [point for group in groups if (point := _point(group)) is not None]
    if len(found) < 2:
        return None
    estimates, variances = np.array(found).T
    return replace(describe(estimates, variances, 0.0), test="Q between subgroups")


def _point(group: Subgroup) -> tuple[float, float] | None:
    """Return the estimate of a subgroup and its variance, on the scale of the analysis."""
    if group.pooled is not None:
        estimate, error = group.pooled.estimate, group.pooled.model_error
        return None if estimate is None or error is None else (estimate.value, error**2)
    study = group.alone
    if study is None:
        return None
    if study.estimate is not None and study.variance is not None:
        return study.estimate, study.variance
    if study.events is None or study.total is None:
        return None
    effect = to_effect(Proportion(study.label, study.events, study.total), Scale.LOGIT)
    return effect.estimate, effect.variance


def _notes(groups: Sequence[Subgroup]) -> Iterator[str]:
    """Yield what a reader of the comparison must know of single subgroups."""
    for group in groups:
        alone = group.alone
        if _point(group) is None:
            yield f"{group.name} is not compared: its estimate has no standard error"
        elif alone is not None and alone.estimate is None and alone.events in (0, alone.total):
            yield f"0.5 added to events and non-events of {group.name} to compare it"
