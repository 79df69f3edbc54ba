"""Time from the start of a drug to the onset of the event, and the Weibull distribution of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import exp, log, sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    import ibis.expr.types as ir

#: What an onset on the day of the start counts as, for a Weibull time is more than 0: half a day.
SAME_DAY = 0.5
_NORMAL_975 = 1.959963984540054


class Hazard(StrEnum):
    """How the hazard of the event goes on, by the 95 % interval of the Weibull shape."""

    EARLY = "early failure"
    """It falls: the interval lies below 1."""
    RANDOM = "random failure"
    """It is constant: the interval includes 1."""
    WEAR_OUT = "wear-out failure"
    """It rises: the interval lies above 1."""


@dataclass(frozen=True, slots=True)
class Onset:
    """Quartiles of the time to onset in days, and its Weibull distribution with 95 % intervals."""

    cases: int
    lower_quartile: float
    median: float
    upper_quartile: float
    scale: float
    """days"""
    scale_low: float
    scale_high: float
    shape: float
    shape_low: float
    shape_high: float

    @property
    def hazard(self) -> Hazard:
        """Return what the interval of the shape says."""
        if self.shape_high < 1:
            return Hazard.EARLY
        return Hazard.WEAR_OUT if self.shape_low > 1 else Hazard.RANDOM


def days_to_onset(
    cases: ir.Table, drugs: ir.Table, therapies: ir.Table, named: Collection[object]
) -> ir.Table:
    """Return primaryid, days: from the first start of a drug in a case to the case's event date.

    Only dates with a day count (eight digits); cases whose event precedes the start are left out.

    :param cases: primaryid, event_dt (YYYYMMDD as text)
    :param drugs: primaryid, drug_seq, drug
    :param therapies: primaryid, drug_seq, start_dt (YYYYMMDD as text)
    :param named: values of the column `drug`, taken as one
    """
    taken = drugs.filter(drugs.drug.isin(sorted(set(named), key=str)))
    started = therapies.filter(therapies.start_dt.length() == 8).semi_join(
        taken, ["primaryid", "drug_seq"]
    )
    first = started.group_by("primaryid").agg(start_dt=lambda t: t.start_dt.min())
    dated = cases.filter(cases.event_dt.length() == 8).select("primaryid", "event_dt").distinct()
    joined = dated.join(first, "primaryid")
    days = _date(joined.event_dt).delta(_date(joined.start_dt), unit="day")
    counted = joined.select("primaryid", days=days)
    return counted.filter(counted.days >= 0)


def onset(days: Iterable[float]) -> Onset:
    """Return quartiles and the Weibull distribution by maximum likelihood.

    Quartiles interpolate linearly between order statistics. The intervals of shape and scale are
    normal on the logarithmic scale, by the observed information: Lawless 2003, Statistical Models
    and Methods for Lifetime Data, section 5.2, doi:10.1002/9781118033005.

    :param days: times to onset, 0 or more; 0 enters the distribution as `SAME_DAY`
    :raises ValueError: if a time is negative, or there are not two different ones
    """
    import numpy as np
    from scipy.optimize import brentq

    given = np.asarray(list(days), dtype=np.float64)
    if not np.all(given >= 0):
        raise ValueError("a time to onset is 0 days or more")
    logs = np.log(np.where(given == 0, SAME_DAY, given))
    if len(set(logs)) < 2:
        raise ValueError("a Weibull distribution needs at least two different times to onset")
    centred = logs - logs.max()

    def score(shape: float) -> float:
        weights = np.exp(shape * centred)
        return float(weights @ centred / weights.sum() - 1 / shape - centred.mean())

    # The score rises from -infinity to the positive distance of the mean from the largest.
    high = 1.0
    while score(high) < 0:
        high *= 2
    shape = float(brentq(score, high / 2**60, high, xtol=1e-12))
    scale = exp(float(logs.max()) + log(float(np.exp(shape * centred).mean())) / shape)
    z = shape * (logs - log(scale))
    n, powers = len(z), np.exp(z)
    # Information of (ln shape, ln scale) at the maximum.
    shapes, both, scales = n + float(z * z @ powers), -shape * float(z @ powers), shape * shape * n
    determinant = shapes * scales - both * both
    shape_half = _NORMAL_975 * sqrt(scales / determinant)
    scale_half = _NORMAL_975 * sqrt(shapes / determinant)
    lower, middle, upper = (float(value) for value in np.percentile(given, (25, 50, 75)))
    return Onset(
        n, lower, middle, upper,
        scale, scale * exp(-scale_half), scale * exp(scale_half),
        shape, shape * exp(-shape_half), shape * exp(shape_half),
    )  # fmt: skip


def _date(text: ir.StringValue) -> ir.DateValue:
    import ibis

    year, month, day = (text.substr(at, length).cast("int32") for at, length in _PARTS)
    return ibis.date(year, month, day)


_PARTS = ((0, 4), (4, 2), (6, 2))
