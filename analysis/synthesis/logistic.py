"""Pooling proportions by the likelihood of their counts: the random-intercept logistic model.

Each study's log odds come from one normal distribution and its events from a binomial one, so
no study needs a continuity correction, not even without any event (Stijnen, Hamza and Özdemir
2010, doi:10.1002/sim.4040; metafor's `rma.glmm(measure="PLO")`).
"""

from collections.abc import Sequence
from functools import cache
from math import log
from typing import TYPE_CHECKING

from .effects import Proportion, SynthesisError
from .heterogeneity import Heterogeneity, Tau2
from .intervals import limits, prediction, quantile, require_level, require_two
from .results import Estimate, Pooled, PooledStudy
from .scales import Scale, back_transform, exact_interval

if TYPE_CHECKING:
    from .heterogeneity import Numbers

#: Points of the adaptive Gauss-Hermite quadrature. metafor and lme4 take 7 by default; where
#: studies have no events and differ much the integrand is half a bell, and needs many.
_POINTS = 151
#: Standard deviations between studies below this are 0: the likelihood is flat there.
_NO_TAU = 1e-3
#: One above this, on the scale of log odds, is no estimate: the likelihood hardly falls again.
_ENDLESS_TAU = 30.0


def pool_logistic(studies: Sequence[Proportion], *, level: float = 0.95) -> Pooled:
    """Pool two or more proportions with a random intercept, by maximum likelihood.

    Intervals are Wald's on the logit scale. Where no patient or every patient of all studies had
    the event, the estimate is 0 or 1 with the exact interval of all patients taken together.

    :raises SynthesisError: if there are fewer than two studies, one is no proportion, or in some
        studies no patient and in all the others every patient had the event
    """
    require_two(studies)
    require_level(level)
    for study in studies:
        if not isinstance(study, Proportion):
            raise SynthesisError(f"{study.label}: the logistic model needs events and a total")
    events = sum(study.events for study in studies)
    total = sum(study.total for study in studies)
    if events in (0, total):
        return _boundary(studies, events, total, level)
    if all(study.events in (0, study.total) for study in studies):
        raise SynthesisError(
            "in each study no patient or every patient had the event: the variance between "
            "studies has no finite estimate"
        )
    mean, tau, error = _fit(studies)
    reach = quantile(level, None) * error
    new = prediction(mean, error, tau**2, len(studies), level)
    return _result(
        studies,
        level,
        shown=Estimate(*(_shown(value) for value in (mean, mean - reach, mean + reach))),
        estimate=Estimate(mean, mean - reach, mean + reach),
        error=error,
        heterogeneity=_likelihood_ratio(studies, tau**2),
        new=(_shown(new[0]), _shown(new[1])) if new else None,
        notes=limits(len(studies), tau**2, new),
    )


def _shown(value: float) -> float:
    return back_transform(value, Scale.LOGIT)


def _boundary(studies: Sequence[Proportion], events: int, total: int, level: float) -> Pooled:
    """Return the result of studies without any event, or without any patient spared."""
    who = "every" if events else "no"
    note = (
        f"{who} patient of all studies had the event: the interval is the exact one of "
        f"{events} of {total}, as if of one study"
    )
    return _result(
        studies,
        level,
        shown=Estimate(events / total, *exact_interval(events, total, level)),
        estimate=None,
        error=None,
        heterogeneity=_likelihood_ratio(studies, 0.0),
        new=None,
        notes=[note, *limits(len(studies))],
    )


def _result(
    studies: Sequence[Proportion],
    level: float,
    *,
    shown: Estimate,
    estimate: Estimate | None,
    error: float | None,
    heterogeneity: Heterogeneity,
    new: tuple[float, float] | None,
    notes: list[str],
) -> Pooled:
    return Pooled(
        method="random-intercept logistic model, τ² by maximum likelihood, Wald interval",
        scale=Scale.LOGIT,
        random_effects=True,
        tau2_estimator=Tau2.ML,
        level=level,
        studies=tuple(
            PooledStudy(
                study.label,
                Estimate(study.value, *exact_interval(study.events, study.total, level)),
                study.events,
                study.total,
            )
            for study in studies
        ),
        shown=shown,
        estimate=estimate,
        standard_error=error,
        model_error=error,
        p_value=None,
        heterogeneity=heterogeneity,
        prediction=new,
        notes=tuple(notes),
    )


def _likelihood_ratio(studies: Sequence[Proportion], tau2: float) -> Heterogeneity:
    """Return the test of one proportion for all studies against one for each."""
    from scipy.stats import chi2

    def fit(events: int, total: int) -> float:
        return sum(n * log(n / total) for n in (events, total - events) if n)

    together = fit(sum(study.events for study in studies), sum(study.total for study in studies))
    apart = sum(fit(study.events, study.total) for study in studies)
    statistic = max(0.0, 2 * (apart - together))
    df = len(studies) - 1
    return Heterogeneity("likelihood ratio", statistic, df, float(chi2.sf(statistic, df)), tau2)


def _fit(studies: Sequence[Proportion]) -> tuple[float, float, float]:
    """Return the mean log odds, the standard deviation between studies and the standard error."""
    import numpy as np
    from scipy.optimize import minimize
    from scipy.special import logit
    from statsmodels.tools.numdiff import approx_hess

    events = np.array([study.events for study in studies], dtype=float)
    totals = np.array([study.total for study in studies], dtype=float)
    share = float(events.sum() / totals.sum())
    together = float(logit(share))

    def deviance(point: "Numbers") -> float:
        return -_log_likelihood(float(point[0]), abs(float(point[1])), events, totals)

    # The likelihood is even in τ and so flat at 0: a search that starts there would stay there.
    rough = logit((events + 0.5) / (totals + 1))
    starts = [(together, 0.2), (float(rough.mean()), max(0.2, float(rough.std())))]
    options = {"xatol": 1e-7, "fatol": 1e-9, "maxfev": 1000}
    found = min(
        (minimize(deviance, start, method="Nelder-Mead", options=options) for start in starts),
        key=lambda result: float(result.fun),
    )
    mean, tau = float(found.x[0]), abs(float(found.x[1]))
    none = -float((events * together - totals * np.logaddexp(0, together)).sum())
    if tau < _NO_TAU or none - float(found.fun) < 1e-8:
        return together, 0.0, float((totals.sum() * share * (1 - share)) ** -0.5)
    covariance = np.linalg.pinv(approx_hess(np.array([mean, tau]), deviance))
    if not found.success or tau > _ENDLESS_TAU or not covariance[0, 0] > 0:
        raise SynthesisError("the studies differ too much for the logistic model to be estimated")
    return mean, tau, float(covariance[0, 0] ** 0.5)


@cache
def _quadrature() -> tuple["Numbers", "Numbers"]:
    """Return the nodes and the logarithms of the weights of an integral of any function."""
    import numpy as np

    nodes, weights = np.polynomial.hermite_e.hermegauss(_POINTS)
    return nodes, np.log(weights) + nodes**2 / 2


def _log_likelihood(mean: float, tau: float, events: "Numbers", totals: "Numbers") -> float:
    """Return the log likelihood of the counts but for its constant, the random effects averaged.

    The integral over each study's standardised random effect is taken around its mode, in units
    of its curvature there (Pinheiro and Bates 1995, doi:10.1080/10618600.1995.10474663).
    """
    import numpy as np
    from scipy.special import expit, logsumexp

    mode = np.zeros_like(events)
    longest = 1 / max(tau, 1e-9)
    for _ in range(100):
        chance = expit(mean + tau * mode)
        curvature = 1 + tau**2 * totals * chance * (1 - chance)
        step = (tau * (events - totals * chance) - mode) / curvature
        # Newton's steps overshoot where the logistic curve is flat; at most 1 on its scale.
        mode += np.clip(step, -longest, longest)
        if np.abs(step).max() < 1e-9:
            break
    chance = expit(mean + tau * mode)
    width = (1 + tau**2 * totals * chance * (1 - chance)) ** -0.5
    nodes, log_weights = _quadrature()
    effect = mode[:, None] + width[:, None] * nodes
    odds = mean + tau * effect
    height = events[:, None] * odds - totals[:, None] * np.logaddexp(0, odds) - effect**2 / 2
    parts = logsumexp(height + log_weights, axis=1) + np.log(width)
    return float(parts.sum() - len(events) * np.log(2 * np.pi) / 2)
