"""Survival of groups of patients: Kaplan-Meier estimates, comparisons and restricted means.

Times and events in, numbers out; the arithmetic is that of `lifelines` (extra `survival`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, isfinite, log, sqrt
from statistics import NormalDist
from typing import Any

from .observations import Observations


class SurvivalError(ValueError):
    """What is asked cannot be estimated from the data."""


@dataclass(frozen=True, slots=True)
class Probability:
    """Survival at a time with its confidence interval, 0 to 1."""

    time: float
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Median:
    """Median survival and its bounds; None where the curve or a band never reaches one half."""

    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class KaplanMeier:
    """The Kaplan-Meier estimate of one group (Kaplan and Meier 1958, doi:10.2307/2281868).

    Bands are those of the complementary log-log transformation of Greenwood's variance
    (Kalbfleisch and Prentice 2002, section 1.4): they stay between 0 and 1.
    """

    observations: Observations
    steps: tuple[Probability, ...]  # one a time of events, in order of time
    level: float  # of the bands, between 0 and 1

    @property
    def longest(self) -> float:
        """Return the longest follow-up."""
        return max(self.observations.times)

    @property
    def censored(self) -> tuple[float, ...]:
        """Return the times at which follow-up ended without the event, in order."""
        pairs = zip(self.observations.times, self.observations.events, strict=True)
        return tuple(sorted(time for time, event in pairs if not event))

    @property
    def median(self) -> Median:
        """Return the first time at which survival is one half or less.

        The bounds are the times at which the bands get there (Brookmeyer and Crowley 1982,
        doi:10.2307/2530286).
        """
        return Median(
            _first(self.steps, lambda step: step.value),
            _first(self.steps, lambda step: step.low),
            _first(self.steps, lambda step: step.high),
        )

    def at(self, time: float) -> Probability:
        """Return survival at a landmark, with its interval.

        :raises SurvivalError: if nobody was followed for so long, and not all had the event before
        """
        if time < 0:
            raise SurvivalError(f"survival at {time:g}: a time is not negative")
        past = [step for step in self.steps if step.time <= time]
        last = past[-1] if past else Probability(0.0, 1.0, 1.0, 1.0)
        if time > self.longest and last.value > 0:
            raise SurvivalError(
                f"survival at {time:g} cannot be estimated: the longest follow-up is "
                f"{self.longest:g}"
            )
        return Probability(time, last.value, last.low, last.high)

    def at_risk(self, times: Iterable[float]) -> tuple[int, ...]:
        """Return how many patients are followed at each time, those with the event then too."""
        return tuple(sum(t >= time for t in self.observations.times) for time in times)


@dataclass(frozen=True, slots=True)
class LogRank:
    """A log-rank test (Mantel 1966): chi-squared, degrees of freedom, p value."""

    statistic: float
    df: int
    p: float


@dataclass(frozen=True, slots=True)
class HazardRatio:
    """A hazard ratio with its two-sided Wald interval and p value."""

    value: float
    low: float
    high: float
    level: float  # between 0 and 1
    p: float


@dataclass(frozen=True, slots=True)
class RestrictedMean:
    """Mean survival up to a time: the area under the curve, with its standard error."""

    until: float
    value: float
    standard_error: float


def kaplan_meier(observations: Observations, level: float = 0.95) -> KaplanMeier:
    """Return the Kaplan-Meier estimate of a group.

    :param level: of the confidence bands, between 0 and 1
    """
    from lifelines import KaplanMeierFitter

    fitter = KaplanMeierFitter(alpha=1 - _checked(level))
    fitter.fit(list(observations.times), list(observations.events))
    bands = fitter.confidence_interval_survival_function_
    table = fitter.event_table
    steps = []
    for time, survival in fitter.survival_function_.iloc[:, 0].items():
        if table.at[time, "observed"] > 0:
            low, high = (float(bound) for bound in bands.loc[time])
            # Greenwood's variance has no value once nobody is left: then survival is 0 for all.
            if not (isfinite(low) and isfinite(high)):
                low = high = float(survival)
            steps.append(Probability(float(time), float(survival), low, high))
    return KaplanMeier(observations, tuple(steps), level)


def log_rank(groups: Sequence[Observations]) -> LogRank:
    """Test whether groups survive alike.

    :raises SurvivalError: if there are fewer than two groups, or no event
    """
    from lifelines.statistics import multivariate_logrank_test

    _require_comparable(groups)
    times, events, labels = _stacked(groups)
    found = multivariate_logrank_test(times, labels, events)
    return LogRank(float(found.test_statistic), len(groups) - 1, float(found.p_value))


def hazard_ratio(group: Observations, reference: Observations, level: float = 0.95) -> HazardRatio:
    """Return the hazard of a group over that of a reference.

    Cox's proportional hazards model with one covariate, ties by Efron (1977,
    doi:10.1080/01621459.1977.10480613), the interval of Wald. Where curves cross, hazards are not
    proportional and one ratio says little: `restricted_mean` then compares groups.

    :raises SurvivalError: if a group has no event: the ratio would be zero or infinite
    """
    import pandas as pd
    from lifelines import CoxPHFitter

    _require_comparable([reference, group])
    if not any(group.events) or not any(reference.events):
        raise SurvivalError("a hazard ratio needs an event in each group")
    times, events, labels = _stacked([reference, group])
    frame = pd.DataFrame({"time": times, "event": events, "group": labels})
    fitter = _quietly(CoxPHFitter(), frame)
    coefficient = float(fitter.params_["group"])
    error = float(fitter.standard_errors_["group"])
    reach = NormalDist().inv_cdf((1 + _checked(level)) / 2) * error
    if not isfinite(reach) or reach > log(1e6):
        raise SurvivalError("the hazards are not proportional to one another by any finite ratio")
    p = 2 * NormalDist().cdf(-abs(coefficient / error))
    return HazardRatio(
        exp(coefficient), exp(coefficient - reach), exp(coefficient + reach), level, p
    )


def restricted_mean(estimate: KaplanMeier, until: float) -> RestrictedMean:
    """Return the area under a curve up to a time.

    Its variance is that of Klein and Moeschberger 2003 (section 4.5): the squared area right of
    each time of events, weighted by Greenwood's term of it.

    :raises SurvivalError: if nobody was followed for so long
    """
    estimate.at(until)
    steps = [step for step in estimate.steps if step.time < until]
    starts = [0.0, *(step.time for step in steps)]
    values = [1.0, *(step.value for step in steps)]
    ends = [*starts[1:], until]
    areas = [v * (end - start) for v, start, end in zip(values, starts, ends, strict=True)]
    variance = 0.0
    pairs = list(zip(estimate.observations.times, estimate.observations.events, strict=True))
    for index, step in enumerate(steps, start=1):
        (followed,) = estimate.at_risk([step.time])
        died = sum(event and time == step.time for time, event in pairs)
        if followed > died:
            variance += sum(areas[index:]) ** 2 * died / (followed * (followed - died))
    return RestrictedMean(until, sum(areas), sqrt(variance))


def _first(steps: Sequence[Probability], value: Any) -> float | None:
    return next((step.time for step in steps if value(step) <= 0.5), None)


def _checked(level: float) -> float:
    if not 0 < level < 1:
        raise ValueError(f"a level of confidence lies between 0 and 1, not {level}")
    return level


def _require_comparable(groups: Sequence[Observations]) -> None:
    if len(groups) < 2:
        raise SurvivalError(f"a comparison needs two groups, not {len(groups)}")
    if not any(event for group in groups for event in group.events):
        raise SurvivalError("a comparison needs an event: nobody had one")


def _stacked(groups: Sequence[Observations]) -> tuple[list[float], list[bool], list[int]]:
    times = [time for group in groups for time in group.times]
    events = [event for group in groups for event in group.events]
    labels = [index for index, group in enumerate(groups) for _ in group.times]
    return times, events, labels


def _quietly(fitter: Any, frame: Any) -> Any:
    """Fit a model; what lifelines warns of becomes an error of ours."""
    import warnings

    from lifelines.exceptions import ConvergenceError, ConvergenceWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", ConvergenceWarning)
        try:
            return fitter.fit(frame, "time", "event")
        except (ConvergenceError, ConvergenceWarning) as error:
            raise SurvivalError("the hazard ratio cannot be estimated: no finite ratio") from error
