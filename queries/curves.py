"""Kaplan-Meier curves of groups of patients, from their times and events."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from evikg.figures import Curve, Survival

if TYPE_CHECKING:
    from evikg.analysis.observations import Observations
    from evikg.analysis.survival import KaplanMeier, Median

_METHOD = (
    "Kaplan-Meier; bands by the complementary log-log transformation, pointwise. A tick is a "
    "patient whose follow-up ends."
)
_PROPORTIONAL = (
    "One hazard ratio for the whole time takes hazards to be proportional; below 1 the group "
    "that is named first has the lower hazard."
)
_TABLE = 8  # at most so many times in the table of numbers at risk


def survival_of(
    groups: Mapping[str, "Observations"],
    title: str,
    outcome: str,
    unit: str,
    *,
    every: float,
    notes: Sequence[str] = (),
) -> Survival:
    """Return the picture of survival of groups, by their labels.

    It says the median of each group and, for two groups, the hazard ratio of the first over the
    second with the log-rank test.

    :param unit: of the times, such as months
    :param every: step of the time axis and of the table of numbers at risk, in that unit
    :raises SurvivalError: if two groups cannot be compared
    """
    from evikg.analysis.survival import hazard_ratio, kaplan_meier, log_rank

    estimates = {label: kaplan_meier(found) for label, found in groups.items()}
    longest = max(estimate.longest for estimate in estimates.values())
    times = tuple(every * index for index in range(int(longest / every) + 1))
    while len(times) > _TABLE:
        times = times[::2]
    remarks = [f"{label}: median {_median(e.median, unit)}" for label, e in estimates.items()]
    if len(groups) == 2:
        (one, first), (other, second) = groups.items()
        ratio, test = hazard_ratio(first, second), log_rank([first, second])
        p = "p < 0.001" if test.p < 0.001 else f"p = {test.p:.3f}"
        remarks += [
            f"Hazard ratio, {one} vs {other}:",
            f"{ratio.value:.2f} (95% CI {ratio.low:.2f}–{ratio.high:.2f}); log-rank {p}",
        ]
        notes = [*notes, _PROPORTIONAL]
    return Survival(
        title=title,
        outcome=outcome,
        unit=unit,
        curves=tuple(_curve(label, estimate, times) for label, estimate in estimates.items()),
        risk_times=times,
        remarks=tuple(remarks),
        notes=(
            _METHOD,
            *notes,
        ),
    )


def _curve(label: str, estimate: "KaplanMeier", times: tuple[float, ...]) -> Curve:
    steps = estimate.steps
    return Curve(
        label,
        tuple(step.time for step in steps),
        tuple(step.value for step in steps),
        tuple(step.low for step in steps),
        tuple(step.high for step in steps),
        estimate.longest,
        estimate.censored,
        estimate.at_risk(times),
    )


def _median(median: "Median", unit: str) -> str:
    low, high = ("NE" if bound is None else f"{bound:.1f}" for bound in (median.low, median.high))
    value = "not reached" if median.value is None else f"{median.value:.1f} {unit}"
    return f"{value} (95% CI {low}–{high})"
