"""Medians of several studies: described side by side, and pooled only if that is asked for.

A median survival depends on follow-up and its variance is seldom printed, so a list with its
range is what can honestly be said. The weighted median of medians needs no variance.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from .effects import SynthesisError, finite
from .intervals import quantile, require_level, require_two
from .results import Estimate


@dataclass(frozen=True, slots=True)
class Median:
    """A study's median, None if it was not reached, with the number of its patients if known.

    :raises SynthesisError: if the median is no finite number, or the total not positive
    """

    label: str
    value: float | None
    total: int | None = None

    def __post_init__(self) -> None:
        """Refuse what is no median of patients."""
        if self.value is not None:
            object.__setattr__(self, "value", finite(self.label, "median", self.value))
        if self.total is not None and self.total <= 0:
            raise SynthesisError(f"{self.label}: the total must be positive, not {self.total}")


@dataclass(frozen=True, slots=True)
class Medians:
    """Medians in order, those not reached last, and the range of those reached."""

    medians: tuple[Median, ...]
    reached: int
    smallest: float | None
    largest: float | None
    patients: int | None  # of all studies, None if a study does not say


def describe_medians(medians: Sequence[Median]) -> Medians:
    """Return medians side by side.

    :raises SynthesisError: if there is none
    """
    if not medians:
        raise SynthesisError("there is no median to describe")
    reached = sorted(median.value for median in medians if median.value is not None)
    totals = [median.total for median in medians if median.total is not None]
    return Medians(
        medians=tuple(sorted(medians, key=_order)),
        reached=len(reached),
        smallest=reached[0] if reached else None,
        largest=reached[-1] if reached else None,
        patients=sum(totals) if len(totals) == len(medians) else None,
    )


def _order(median: Median) -> tuple[bool, float, str]:
    return median.value is None, median.value or 0.0, median.label


def median_of_medians(medians: Sequence[Median], *, level: float = 0.95) -> Estimate:
    """Return the median of medians weighted by patients (McGrath et al. 2019, doi:10.1002/sim.8013).

    Its interval turns the sign test round, in its normal approximation. It says where the medians
    of studies lie, and is wide with few studies: of fewer than four it is their whole range, of
    which `attainable` says how much it covers.

    :raises SynthesisError: if there are fewer than two medians, one was not reached or one lacks
        the number of patients
    """
    from statsmodels.stats.weightstats import DescrStatsW

    require_two(medians)
    require_level(level)
    values, weights = [], []
    for median in medians:
        if median.value is None:
            raise SynthesisError(f"{median.label}: its median was not reached, so none is pooled")
        if median.total is None:
            raise SynthesisError(f"{median.label}: the number of patients is missing")
        values.append(median.value)
        weights.append(median.total)
    reach = min(0.5, quantile(level, None) / (2 * len(values) ** 0.5))
    low, middle, high = DescrStatsW(values, weights).quantile(
        [0.5 - reach, 0.5, 0.5 + reach], return_pandas=False
    )
    return Estimate(float(middle), float(low), float(high))


def attainable(medians: int, level: float) -> float:
    """Return the level that an interval of the median of some medians has at most.

    Their whole range misses it where all lie on one side, which has the chance 2^(1 - k): of four
    medians no interval reaches 95 % (Wilks 1948, doi:10.1090/S0002-9904-1948-08936-4).
    """
    return min(level, 1 - 2.0 ** (1 - medians))
