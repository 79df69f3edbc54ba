"""Forest plots: studies with their estimates and intervals, pooled or side by side."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from .numbers import p_text, require_finite, require_ordered

Scale = Literal["linear", "log"]

#: Where an axis of percent may end.
_PERCENT_ENDS = (5.0, 10.0, 20.0, 40.0, 60.0)


@dataclass(frozen=True, slots=True)
class Row:
    """One study's estimate, on the scale of the axis.

    :raises ValueError: if a number is not finite or the interval runs backwards
    """

    label: str
    estimate: float
    low: float | None = None
    high: float | None = None
    events: int | None = None
    total: int | None = None
    weight: float | None = None  # percent of the pool
    printed: str = ""  # the estimate and its interval, where not written from the numbers

    def __post_init__(self) -> None:
        """Check the numbers."""
        require_finite(self.label, self.estimate, self.low, self.high, self.weight)
        require_ordered(self.label, self.low, self.high)


def percent_end(rows: Iterable[Row]) -> float:
    """Return where an axis of percent ends: rare events fill a shorter one."""
    highest = max(row.estimate if row.high is None else row.high for row in rows)
    return next((end for end in _PERCENT_ENDS if highest <= end), 100.0)


@dataclass(frozen=True, slots=True)
class Heterogeneity:
    """How far studies differ: Higgins and Thompson 2002, doi:10.1002/sim.1186."""

    tau2: float | None  # variance between studies, on the scale of the pooling
    i2: float | None  # percent
    statistic: float | None  # of the test of no difference
    df: int
    p: float | None
    test: str = "Q"  # which test it is

    def __str__(self) -> str:
        """Return the line below a diamond; what is not known is left out."""
        parts = [
            "" if self.tau2 is None else f"τ² {_small(self.tau2)}",
            "" if self.i2 is None else f"I² = {self.i2:.0f}%",
            "" if self.statistic is None else f"{self.test} = {self.statistic:.2f} (df = {self.df})",
            "" if self.p is None else p_text(self.p),
        ]  # fmt: skip
        return "Heterogeneity: " + ", ".join(part for part in parts if part)


def _small(number: float) -> str:
    """Write a variance: what an iteration leaves of zero is zero."""
    if number < 1e-9:
        return "= 0"
    if number < 0.001:
        return "< 0.001"
    return f"= {number:.3f}" if number < 0.01 else f"= {number:.2f}"


@dataclass(frozen=True, slots=True)
class Pooled:
    """A pooled estimate: a diamond from bound to bound, and where a new study may fall.

    :raises ValueError: if a number is not finite or an interval runs backwards
    """

    label: str
    estimate: float
    low: float
    high: float
    prediction: tuple[float, float] | None = None
    heterogeneity: Heterogeneity | None = None
    weight: float | None = None
    events: int | None = None  # of all studies
    total: int | None = None

    def __post_init__(self) -> None:
        """Check the numbers."""
        require_finite(self.label, self.estimate, self.low, self.high, *(self.prediction or ()))
        require_ordered(self.label, self.low, self.high)
        require_ordered(f"{self.label}, prediction", *(self.prediction or (None, None)))


@dataclass(frozen=True, slots=True)
class Section:
    """Studies under one heading, with a diamond of their own where they are pooled."""

    heading: str
    rows: tuple[Row, ...]
    pooled: Pooled | None = None


@dataclass(frozen=True, slots=True)
class Forest:
    """What a forest plot shows.

    :raises ValueError: if it holds no study, or a number that its axis cannot show
    """

    title: str
    measure: str  # heading of the estimates: "Hazard ratio", "CR/CRi, %"
    sections: tuple[Section, ...]
    pooled: Pooled | None = None
    scale: Scale = "linear"
    reference: float | None = None  # where there is no effect
    limits: tuple[float, float] | None = None  # of the axis
    favours: tuple[str, str] | None = None  # what lies left and right of the reference
    level: float | None = 95  # of the intervals, percent; None where they differ
    decimals: int = 2
    row_heading: str = "Study"
    count_heading: str = "n/N"
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check that there is something to draw, on an axis that can show it."""
        if not self.rows:
            raise ValueError(f"{self.title}: a forest plot needs at least one estimate")
        if self.scale == "log":
            for name, numbers in self.numbered():
                if any(number <= 0 for number in numbers):
                    raise ValueError(f"{name}: a logarithmic axis shows only numbers above zero")
        if self.limits and not self.limits[0] < self.limits[1]:
            raise ValueError(f"{self.title}: the axis from {self.limits[0]} to {self.limits[1]}")

    @property
    def rows(self) -> tuple[Row, ...]:
        """Return the rows of all sections."""
        return tuple(row for section in self.sections for row in section.rows)

    @property
    def diamonds(self) -> tuple[Pooled, ...]:
        """Return the pooled estimates of all sections and the overall one."""
        found = (*(section.pooled for section in self.sections), self.pooled)
        return tuple(pooled for pooled in found if pooled is not None)

    def numbered(self) -> list[tuple[str, list[float]]]:
        """Return every label with the numbers drawn beside it."""
        rows: list[tuple[str, list[float | None]]] = [
            (row.label, [row.estimate, row.low, row.high]) for row in self.rows
        ]
        rows += [(d.label, [d.estimate, d.low, d.high, *(d.prediction or ())])
                 for d in self.diamonds]  # fmt: skip
        return [(name, [n for n in numbers if n is not None]) for name, numbers in rows]

    def estimate_text(self, item: Row | Pooled) -> str:
        """Return what stands in the column of estimates."""
        if isinstance(item, Row) and item.printed:
            return item.printed
        estimate = self.number(item.estimate)
        if item.low is None and item.high is None:
            return estimate
        return f"{estimate} {self.interval(item.low, item.high)}"

    def interval(self, low: float | None, high: float | None) -> str:
        """Return an interval as text; an open bound is a dash."""
        bounds = ("–" if bound is None else self.number(bound) for bound in (low, high))
        return f"[{', '.join(bounds)}]"

    def number(self, number: float) -> str:
        """Return a number with the decimals of the plot and a true minus."""
        text = f"{number:.{self.decimals}f}".replace("-", "−")
        return text.removeprefix("−") if not text.strip("−0.") else text

    def described(self) -> str:
        """Return the plot in words: every estimate it shows."""
        items: list[Row | Pooled] = [*self.rows, *self.diamonds]
        parts = [f"{item.label}: {self.estimate_text(item)}" for item in items]
        return f"Forest plot of {self.measure}. " + "; ".join(parts) + "."
