"""What the chosen results give to an analysis: a study each, with a label like no other."""

from collections.abc import Sequence
from decimal import Decimal

from evikg.analysis.synthesis.effects import (
    Difference,
    Proportion,
    Ratio,
    Study,
    Survival,
    SynthesisError,
    finite,
)
from evikg.analysis.synthesis.medians import Median
from evikg.graph.comparability import Candidate
from evikg.graph.shares import number
from evikg.ontology import Statistic


def labels_of(chosen: Sequence[Candidate]) -> tuple[str, ...]:
    """Return a label for each result: its study, or its group, or its name, to be like no other."""
    choices = [(c.study.label, c.group.label, c.slug) for c in chosen]
    found = []
    for mine in choices:
        others = [other for other in choices if other is not mine]
        alone = (
            label for level, label in enumerate(mine) if all(o[level] != label for o in others)
        )
        found.append(next(alone, mine[-1]))
    return tuple(found)


def study_of(candidate: Candidate, label: str) -> Study:
    """Return what a result gives to the analysis; a survival probability as a fraction.

    :raises SynthesisError: if it cannot be, as an interval without its own point; it names the
        result
    """
    result = candidate.result
    try:
        if result.statistic.is_frequency:
            return Proportion(label, result.events or 0, result.total or 0)
        survival = result.statistic is Statistic.SURVIVAL_PROBABILITY
        divisor = 100 if survival and result.unit == "%" else 1
        value, low, high = (
            finite(label, name, plain if plain is None else plain / divisor)
            for name, plain in (
                ("value", number(result.value)),
                ("lower bound", number(result.interval_low)),
                ("upper bound", number(result.interval_high)),
            )
        )
        level = float(result.interval_level or Decimal(95)) / 100
        if survival:
            return Survival(label, value, low, high, level)
        # An information component is the logarithm of a ratio already.
        plain = {Statistic.DIFFERENCE, Statistic.INFORMATION_COMPONENT}
        kind = Difference if result.statistic in plain else Ratio
        return kind(label, value, low, high, level)
    except SynthesisError as error:
        raise SynthesisError(f"{error} (leave it out: --exclude {candidate.slug})") from error


def median_of(candidate: Candidate, label: str) -> Median:
    """Return the median of a result with the number of its patients, None where it was not reached."""
    result = candidate.result
    plain = number(result.value)
    total = result.total if result.total is not None else candidate.group.size
    return Median(label, None if plain is None else float(plain), total)
