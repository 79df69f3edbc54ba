"""What a study gives to a synthesis: a proportion, survival, ratio, difference or bare effect."""

from dataclasses import dataclass
from decimal import Decimal
from math import isfinite
from numbers import Real


class SynthesisError(ValueError):
    """Studies that cannot be put together, or a study that cannot enter: one line says why."""


@dataclass(frozen=True, slots=True)
class Proportion:
    """The patients of a study with an event, and all of its patients.

    :raises SynthesisError: if the counts are not whole, the total is not positive or the events
        are not between 0 and the total
    """

    label: str
    events: int
    total: int

    def __post_init__(self) -> None:
        """Refuse counts that are no proportion."""
        for name, count in (("events", self.events), ("total", self.total)):
            if isinstance(count, bool) or not isinstance(count, int):
                raise SynthesisError(f"{self.label}: {name} must be a whole number, not {count!r}")
        if self.total <= 0:
            raise SynthesisError(f"{self.label}: the total must be positive, not {self.total}")
        if not 0 <= self.events <= self.total:
            raise SynthesisError(
                f"{self.label}: events must lie between 0 and {self.total}, not {self.events}"
            )

    @property
    def value(self) -> float:
        """Return events / total."""
        return self.events / self.total


@dataclass(frozen=True, slots=True)
class Ratio:
    """A hazard, odds, risk or reporting odds ratio with its interval; `level` is a fraction.

    :raises SynthesisError: if a number is missing, open or not positive, or out of order
    """

    label: str
    value: float
    low: float
    high: float
    level: float = 0.95

    def __post_init__(self) -> None:
        """Refuse numbers that are no ratio with its interval."""
        _take_interval(self)
        if self.low <= 0:
            raise SynthesisError(f"{self.label}: a ratio needs a positive lower bound")


@dataclass(frozen=True, slots=True)
class Survival:
    """A probability from a survival curve, between 0 and 1, with its interval; it has no counts.

    :raises SynthesisError: if a number is missing, open, out of order or not between 0 and 1: at 0
        and 1 the curve has no variance on the scale of the analysis
    """

    label: str
    value: float
    low: float
    high: float
    level: float = 0.95

    def __post_init__(self) -> None:
        """Refuse numbers that are no probability with its interval."""
        _take_interval(self)
        if self.low <= 0 or self.high >= 1:
            raise SynthesisError(
                f"{self.label}: a survival probability and its bounds must lie between 0 and 1"
            )


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference or other quantity analysed on its own scale, with its symmetric interval.

    :raises SynthesisError: if a number is missing, open or out of order
    """

    label: str
    value: float
    low: float
    high: float
    level: float = 0.95

    def __post_init__(self) -> None:
        """Refuse numbers that are no value with its interval."""
        _take_interval(self)


@dataclass(frozen=True, slots=True)
class Effect:
    """An estimate and its sampling variance on the scale of the analysis.

    :raises SynthesisError: if they are no finite numbers or the variance is not positive
    """

    label: str
    estimate: float
    variance: float

    def __post_init__(self) -> None:
        """Refuse what has no weight."""
        for name in ("estimate", "variance"):
            object.__setattr__(self, name, finite(self.label, name, getattr(self, name)))
        if self.variance <= 0:
            raise SynthesisError(f"{self.label}: the variance must be positive")
        # squares and products of two studies' numbers must not overflow
        if abs(self.estimate) > 1e30 or not 1e-60 < self.variance < 1e60:
            raise SynthesisError(f"{self.label}: estimate or variance is beyond all sense")


#: Whatever can enter an inverse-variance pool.
Study = Proportion | Survival | Ratio | Difference | Effect


def _take_interval(study: Survival | Ratio | Difference) -> None:
    """Make the numbers of a study floats and refuse them if they are no interval."""
    for name, words in (("value", "value"), ("low", "lower bound"), ("high", "upper bound")):
        object.__setattr__(study, name, finite(study.label, words, getattr(study, name)))
    object.__setattr__(study, "level", finite(study.label, "level", study.level))
    if not 0 < study.level < 1:
        raise SynthesisError(
            f"{study.label}: the level must lie between 0 and 1, not {study.level}"
        )
    if not (study.low <= study.value <= study.high and study.low < study.high):
        raise SynthesisError(
            f"{study.label}: value {study.value} and interval {study.low} to {study.high} "
            "are not in order"
        )


def finite(label: str, name: str, number: object) -> float:
    """Return a number of a study as a float.

    :param number: an int, float or Decimal; None stands for a bound that is open or not printed
    :raises SynthesisError: if it is missing, no number or not finite
    """
    if number is None:
        raise SynthesisError(f"{label}: the {name} is missing or open")
    if isinstance(number, bool) or not isinstance(number, Real | Decimal):
        raise SynthesisError(f"{label}: the {name} is not a number: {number!r}")
    if not isfinite(number):
        raise SynthesisError(f"{label}: the {name} is not finite: {number}")
    return float(number)
