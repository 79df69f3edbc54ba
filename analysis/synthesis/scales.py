"""The scales on which studies are pooled, and the way back to what is shown.

Logit and Freeman-Tukey for proportions, logit for survival, the logarithm for ratios, identity for differences. The
conventions are those of metafor's `escalc` (Viechtbauer 2010, doi:10.18637/jss.v036.i03).
"""

from collections.abc import Sequence
from enum import StrEnum
from math import asin, cos, exp, log, sin, sqrt
from statistics import NormalDist, harmonic_mean

from .effects import Difference, Effect, Proportion, Ratio, Study, Survival, SynthesisError


class Scale(StrEnum):
    """The scale of an analysis."""

    LOGIT = "logit"
    FREEMAN_TUKEY = "Freeman-Tukey double arcsine"
    LOG = "logarithm"
    IDENTITY = "identity"


#: The kinds of study a scale takes; a bare effect is already on its scale.
_TAKES: dict[Scale, tuple[type[Study], ...]] = {
    Scale.LOGIT: (Proportion, Survival),
    Scale.FREEMAN_TUKEY: (Proportion,),
    Scale.LOG: (Ratio,),
    Scale.IDENTITY: (Difference,),
}


def to_effect(study: Study, scale: Scale) -> Effect:
    """Return a study's estimate and variance on a scale.

    A survival probability, ratio or difference has its standard error from the width of its
    interval (Cochrane Handbook, section 6.3.1), a proportion from its counts.

    :raises SynthesisError: if the scale is not one for such a study
    """
    if isinstance(study, Effect):
        if scale is Scale.FREEMAN_TUKEY:
            raise SynthesisError(f"{study.label}: the {scale} scale needs the counts of each study")
        return study
    if not isinstance(study, _TAKES[scale]):
        kind = type(study).__name__.lower()
        raise SynthesisError(f"{study.label}: a {kind} cannot be analysed on the {scale} scale")
    if isinstance(study, Proportion):
        return _logit_effect(study) if scale is Scale.LOGIT else _freeman_tukey_effect(study)
    value, low, high = (_forward(number, scale) for number in (study.value, study.low, study.high))
    error = (high - low) / (2 * NormalDist().inv_cdf((1 + study.level) / 2))
    return Effect(study.label, value, error**2)


def _forward(number: float, scale: Scale) -> float:
    """Return a printed number on a scale."""
    if scale is Scale.LOGIT:
        return log(number / (1 - number))
    return log(number) if scale is Scale.LOG else number


def _logit_effect(study: Proportion) -> Effect:
    """Return log(x / (n - x)) and 1/x + 1/(n - x).

    Half an event and half a non-event are added where one of them is 0, in that study only.
    """
    correction = 0.5 if study.events in (0, study.total) else 0.0
    events = study.events + correction
    others = study.total - study.events + correction
    return Effect(study.label, log(events / others), 1 / events + 1 / others)


def _freeman_tukey_effect(study: Proportion) -> Effect:
    """Return the mean of the two arcsines and 1 / (4n + 2) (doi:10.1214/aoms/1177729756)."""
    return Effect(
        study.label, _double_arcsine(study.events, study.total), 1 / (4 * study.total + 2)
    )


def _double_arcsine(events: float, total: float) -> float:
    return (asin(sqrt(events / (total + 1))) + asin(sqrt((events + 1) / (total + 1)))) / 2


def back_transform(value: float, scale: Scale, size: float = 0.0) -> float:
    """Return a value of a scale as it is shown: a proportion, a ratio or a difference.

    The Freeman-Tukey transform is inverted after Miller 1978 (doi:10.1080/00031305.1978.10479283) and needs a
    sample size, for a pooled value the harmonic mean of the studies' sizes. That choice can put
    the pooled proportion far off, even outside the range of the studies, where their sizes
    differ much (Schwarzer et al. 2019, doi:10.1002/jrsm.1348): prefer the logistic model.

    :param size: sample size, more than 0, used by the Freeman-Tukey scale alone
    """
    if scale is Scale.LOGIT:
        # of the two equal forms, the one whose exponential cannot overflow
        return 1 / (1 + exp(-value)) if value >= 0 else exp(value) / (1 + exp(value))
    if scale is Scale.LOG:
        try:
            return exp(value)
        except OverflowError:
            raise SynthesisError("an interval is too wide for a ratio to be shown") from None
    if scale is Scale.IDENTITY:
        return value
    # Values beyond the transforms of 0 and of all events, as bounds may be, have no inverse.
    if value <= _double_arcsine(0, size):
        return 0.0
    if value >= _double_arcsine(size, size):
        return 1.0
    sine = sin(2 * value)
    root = sqrt(max(0.0, 1 - (sine + (sine - 1 / sine) / size) ** 2))
    return (1 - root) / 2 if cos(2 * value) >= 0 else (1 + root) / 2


def typical_size(studies: Sequence[Study]) -> float:
    """Return the harmonic mean of the sizes of proportions, 0 if there are none."""
    sizes = [study.total for study in studies if isinstance(study, Proportion)]
    return float(harmonic_mean(sizes)) if sizes else 0.0


def exact_interval(events: int, total: int, level: float = 0.95) -> tuple[float, float]:
    """Return the Clopper-Pearson interval of a proportion (doi:10.1093/biomet/26.4.404)."""
    from statsmodels.stats.proportion import proportion_confint

    low, high = proportion_confint(events, total, alpha=1 - level, method="beta")
    return float(low), float(high)
