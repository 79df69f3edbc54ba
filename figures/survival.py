"""Kaplan-Meier curves with confidence bands, censoring and numbers at risk."""

from dataclasses import dataclass

from .numbers import require_finite, require_ordered
from .style import SERIES


@dataclass(frozen=True, slots=True)
class Curve:
    """A step function of survival; every sequence but the last two goes with `times`.

    :raises ValueError: if the sequences differ in length, or a number is no probability
    """

    label: str
    times: tuple[float, ...]
    survival: tuple[float, ...]  # from each time on, 0 to 1
    low: tuple[float, ...]
    high: tuple[float, ...]
    end: float  # the longest follow-up: the curve goes no further
    censored: tuple[float, ...] = ()  # times at which follow-up of a patient ends
    at_risk: tuple[int, ...] = ()  # at the times of the table

    def __post_init__(self) -> None:
        """Check the numbers."""
        if not len(self.times) == len(self.survival) == len(self.low) == len(self.high):
            raise ValueError(f"{self.label}: times, survival and bounds differ in number")
        require_finite(self.label, *self.times, self.end, *self.censored)
        if list(self.times) != sorted(self.times):
            raise ValueError(f"{self.label}: times run backwards")
        for probability in (*self.survival, *self.low, *self.high):
            _require_probability(self.label, probability)

    def at(self, time: float) -> float:
        """Return survival at a time, 1 before the first step."""
        return next(
            (s for t, s in zip(reversed(self.times), reversed(self.survival), strict=True)
             if t <= time), 1.0,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Landmark:
    """Survival at one time as printed, with its interval.

    :raises ValueError: if a number is no probability or the interval runs backwards
    """

    time: float
    survival: float
    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        """Check the numbers."""
        name = f"survival at {self.time:g}"
        require_finite(name, self.time)
        for probability in (self.survival, self.low, self.high):
            if probability is not None:
                _require_probability(name, probability)
        require_ordered(name, self.low, self.high)


@dataclass(frozen=True, slots=True)
class Landmarks:
    """Survival of one group at the times a source prints; nothing is known in between."""

    label: str
    points: tuple[Landmark, ...]
    size: int | None = None  # patients at the start


@dataclass(frozen=True, slots=True)
class Survival:
    """What a picture of survival shows: curves from data of patients, or printed landmarks.

    :raises ValueError: if it holds nothing, or more series than can be told apart
    """

    title: str
    outcome: str  # "Overall survival"
    unit: str  # of time: "months"
    curves: tuple[Curve, ...] = ()
    landmarks: tuple[Landmarks, ...] = ()
    risk_times: tuple[float, ...] = ()  # of the table of numbers at risk
    remarks: tuple[str, ...] = ()  # inside the axes: medians, hazard ratio
    level: float | None = 95  # of bands and intervals, percent; None where they differ
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check that there is something to draw."""
        series = len(self.curves) + len(self.landmarks)
        if not series or any(not marks.points for marks in self.landmarks):
            raise ValueError(f"{self.title}: a picture of survival needs a curve or a landmark")
        if series > len(SERIES):
            raise ValueError(
                f"{self.title}: {series} groups; at most {len(SERIES)} can be told apart"
            )
        for curve in self.curves:
            if len(curve.at_risk) != len(self.risk_times):
                raise ValueError(f"{curve.label}: numbers at risk for each time of the table")

    @property
    def labels(self) -> list[str]:
        """Return the names of the series, in the order of their colours."""
        curves = [curve.label for curve in self.curves]
        return [*curves, *(marks.label for marks in self.landmarks)]

    def described(self) -> str:
        """Return the picture in words."""
        parts = [
            f"{curve.label}: " + ", ".join(
                f"{100 * curve.at(time):.1f}% at {time:g} {self.unit}"
                for time in self.risk_times if 0 < time <= curve.end
            )
            for curve in self.curves
        ]  # fmt: skip
        parts += [
            f"{marks.label}: " + ", ".join(
                f"{100 * point.survival:.1f}% at {point.time:g} {self.unit}"
                for point in marks.points
            )
            for marks in self.landmarks
        ]  # fmt: skip
        return ". ".join([self.outcome, *parts, *self.remarks]) + "."


def _require_probability(name: str, probability: float) -> None:
    if not 0 <= probability <= 1:
        raise ValueError(f"{name}: {probability} is no probability between 0 and 1")
