"""What a synthesis finds, in plain numbers and words that can be written down anywhere."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from math import isfinite

from .effects import SynthesisError
from .heterogeneity import Heterogeneity, Tau2
from .scales import Scale


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class PooledStudy:
    """A study in a pool: a row of a forest plot.

    `shown` is the proportion with its exact interval, any other with its own;
    `estimate` and `variance` are on the scale of the analysis and None in the logistic model,
    which has no weights (percent) either.
    """

    label: str
    shown: Estimate
    events: int | None = None
    total: int | None = None
    estimate: float | None = None
    variance: float | None = None
    weight: float | None = None


@dataclass(frozen=True, slots=True)
class Pooled:
    """A pooled result.

    :raises SynthesisError: if a number in it is not finite, which inputs of absurd size may cause
    """

    method: str  # in words, for a table or a caption
    scale: Scale
    random_effects: bool
    tau2_estimator: Tau2 | None  # None: a common effect has no τ²
    level: float  # of all intervals, between 0 and 1
    studies: tuple[PooledStudy, ...]
    shown: Estimate  # back-transformed: a proportion between 0 and 1, a ratio or a difference
    estimate: Estimate | None  # on the scale of the analysis; None where that is infinite
    standard_error: float | None  # on that scale, of `estimate` as its interval has it
    model_error: float | None  # the same without the Hartung-Knapp factor
    p_value: float | None  # of no effect (ratio 1, difference 0); None for proportions
    heterogeneity: Heterogeneity
    prediction: tuple[float, float] | None = None  # interval of a new study's effect, as shown
    notes: tuple[str, ...] = ()  # what a reader of the result must know

    @property
    def counts(self) -> tuple[int, int] | None:
        """Return the events and the patients of all studies; None if a study has no counts."""
        pairs = [(study.events, study.total) for study in self.studies]
        events = [events for events, _ in pairs if events is not None]
        totals = [total for _, total in pairs if total is not None]
        whole = len(events) == len(totals) == len(pairs)
        return (sum(events), sum(totals)) if whole else None

    def __post_init__(self) -> None:
        """Refuse a result that holds an infinite number or none at all."""
        if not all(isfinite(number) for number in _numbers(asdict(self))):
            raise SynthesisError("the studies' numbers are too large or too small to be pooled")


def _numbers(part: object) -> Iterator[float]:
    """Yield every number inside nested dictionaries and sequences."""
    if isinstance(part, float):
        yield part
    elif isinstance(part, dict):
        for inner in part.values():
            yield from _numbers(inner)
    elif isinstance(part, list | tuple):
        for inner in part:
            yield from _numbers(inner)
