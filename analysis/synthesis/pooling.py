"""Pooling by inverse variance, with a common effect or with random effects."""

from collections.abc import Sequence
from enum import StrEnum
from itertools import repeat

from .effects import Difference, Effect, Proportion, Ratio, Study, Survival, SynthesisError
from .heterogeneity import Tau2, describe, tau_squared, weighted_mean
from .intervals import limits, prediction, quantile, require_level, require_two, two_sided_p
from .results import Estimate, Pooled, PooledStudy
from .scales import Scale, back_transform, exact_interval, to_effect, typical_size


class Interval(StrEnum):
    """How the interval of a random-effects estimate is made.

    Hartung-Knapp: the variance estimated from the weighted squares, and t with k - 1 degrees of
    freedom (doi:10.1002/sim.791; metafor's `test="knha"`). It can be narrower than the Wald
    interval where studies agree better than chance; modified, its factor is at least 1 (Röver et
    al. 2015, doi:10.1186/s12874-015-0091-1; metafor's `test="adhoc"`).
    """

    WALD = "Wald"
    HARTUNG_KNAPP = "Hartung-Knapp"
    MODIFIED_HARTUNG_KNAPP = "modified Hartung-Knapp"


#: Below this the factor of Hartung and Knapp is rounding error of studies that agree exactly.
_NO_SCATTER = 1e-10


def pool(
    studies: Sequence[Study],
    *,
    scale: Scale | None = None,
    random_effects: bool = True,
    tau2: Tau2 = Tau2.REML,
    interval: Interval = Interval.HARTUNG_KNAPP,
    level: float = 0.95,
) -> Pooled:
    """Pool two or more studies of one kind by inverse variance.

    :param scale: logit for proportions and survival, the logarithm for ratios unless said otherwise
    :param random_effects: False for a common effect, whose interval is always Wald's
    :param level: of all intervals, between 0 and 1
    :raises SynthesisError: if there are fewer than two studies, or one that the scale cannot take
    """
    import numpy as np

    require_two(studies)
    require_level(level)
    if tau2 is Tau2.ML:
        raise SynthesisError(f"τ² by {tau2} belongs to the logistic model")
    scale = scale or _natural_scale(studies[0])
    effects = [to_effect(study, scale) for study in studies]
    estimates = np.array([effect.estimate for effect in effects])
    variances = np.array([effect.variance for effect in effects])

    between = tau_squared(estimates, variances, tau2) if random_effects else 0.0
    heterogeneity = describe(estimates, variances, between)
    mean, weights, squares = weighted_mean(estimates, variances + between)
    model_error = float(weights.sum()) ** -0.5
    if not random_effects:
        interval = Interval.WALD
    df = None if interval is Interval.WALD else heterogeneity.df
    factor, notes = _scatter(interval, squares / heterogeneity.df)
    error = model_error * factor**0.5
    reach = quantile(level, df) * error
    size = typical_size(studies)

    def shown(value: float) -> float:
        return back_transform(value, scale, size)

    new = prediction(mean, error, between, len(studies), level) if random_effects else None
    percent = [float(weight) for weight in 100 * weights / weights.sum()]
    return Pooled(
        method=_method(scale, tau2 if random_effects else None, interval),
        scale=scale,
        random_effects=random_effects,
        tau2_estimator=tau2 if random_effects else None,
        level=level,
        studies=tuple(map(_row, studies, effects, percent, repeat(scale), repeat(level))),
        shown=Estimate(shown(mean), shown(mean - reach), shown(mean + reach)),
        estimate=Estimate(mean, mean - reach, mean + reach),
        standard_error=error,
        model_error=model_error,
        p_value=two_sided_p(mean / error, df) if scale in (Scale.LOG, Scale.IDENTITY) else None,
        heterogeneity=heterogeneity,
        prediction=(shown(new[0]), shown(new[1])) if new else None,
        notes=(
            *notes,
            *_caveats(studies, scale, shown(mean)),
            *limits(len(studies), between if random_effects else None, new),
        ),
    )


def _natural_scale(study: Study) -> Scale:
    """Return the scale for a kind of study, that of a bare effect being its own."""
    if isinstance(study, Proportion | Survival):
        return Scale.LOGIT
    return Scale.LOG if isinstance(study, Ratio) else Scale.IDENTITY


def _method(scale: Scale, tau2: Tau2 | None, interval: Interval) -> str:
    """Return the method in words."""
    effects = f"random effects, τ² by {tau2}" if tau2 else "common effect"
    return f"inverse variance on the {scale} scale, {effects}, {interval} interval"


def _scatter(interval: Interval, factor: float) -> tuple[float, list[str]]:
    """Return the factor of the variance of the estimate, and what to say of it.

    :param factor: the weighted squares about the estimate over their degrees of freedom
    """
    if interval is Interval.WALD:
        return 1.0, []
    if interval is Interval.MODIFIED_HARTUNG_KNAPP:
        return max(1.0, factor), []
    if factor < _NO_SCATTER:
        return 1.0, [f"the studies agree exactly: no {interval} factor can be estimated, 1 is used"]
    if factor < 1:
        note = f"the {interval} factor is {factor:.2g}: it makes the standard error smaller"
        return factor, [note]
    return factor, []


def _row(study: Study, effect: Effect, weight: float, scale: Scale, level: float) -> PooledStudy:
    """Return a study as its row of the forest plot."""
    if isinstance(study, Proportion):
        return PooledStudy(
            study.label,
            Estimate(study.value, *exact_interval(study.events, study.total, level)),
            study.events,
            study.total,
            effect.estimate,
            effect.variance,
            weight,
        )
    if isinstance(study, Survival | Ratio | Difference) and study.level == level:
        own = Estimate(study.value, study.low, study.high)
    else:
        reach = quantile(level, None) * effect.variance**0.5
        around = (effect.estimate, effect.estimate - reach, effect.estimate + reach)
        own = Estimate(*(back_transform(value, scale) for value in around))
    return PooledStudy(
        study.label, own, estimate=effect.estimate, variance=effect.variance, weight=weight
    )


def _caveats(studies: Sequence[Study], scale: Scale, pooled: float) -> list[str]:
    """Return what a reader must know of the scale."""
    counts = [study for study in studies if isinstance(study, Proportion)]
    caveats = []
    corrected = [study.label for study in counts if study.events in (0, study.total)]
    if scale is Scale.LOGIT and corrected:
        caveats.append(f"0.5 added to events and non-events of {', '.join(corrected)}")
    if scale is Scale.FREEMAN_TUKEY:
        values = [study.value for study in counts]
        # rounding in the inverse must not put studies of one proportion beside themselves
        if not min(values) - 1e-9 <= pooled <= max(values) + 1e-9:
            caveats.append(
                "back-transformed with the harmonic mean of the sizes, the estimate lies outside "
                "the range of the studies: prefer the logistic model (doi:10.1002/jrsm.1348)"
            )
    return caveats
