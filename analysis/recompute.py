"""Recomputation of printed numbers from the numbers printed beside them.

Percentages are recomputed in exact decimal arithmetic and rounded half up, as papers do: 52 of 64
is 81.25 %, printed 81.3.
"""

from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from enum import StrEnum

#: A percentage printed with decimals that it does not have.
WHOLE = "rounded to a whole number and printed with decimals"


class Outcome(StrEnum):
    """What a recomputation found."""

    CONSISTENT = "consistent"
    ROUNDING = "rounding"
    INCONSISTENT = "inconsistent"


@dataclass(frozen=True, slots=True)
class Recomputed:
    """An outcome, the recomputed value at the printed precision, and why, in a few words."""

    outcome: Outcome
    computed: Decimal
    why: str


def percentage(
    events: int, total: int, printed: Decimal, decimals: int, *, known_totals: tuple[int, ...] = ()
) -> Recomputed:
    """Compare a printed percentage with events / total.

    :param events: numerator, 0 to `total`
    :param total: denominator, more than 0
    :param printed: the percentage, 0 to 100
    :param decimals: decimal places printed
    :param known_totals: other group sizes of the study, tried as denominators
    :raises ValueError: if total is not positive

    >>> percentage(52, 64, Decimal("81.3"), 1).outcome
    <Outcome.CONSISTENT: 'consistent'>
    """
    if total <= 0:
        raise ValueError(f"a percentage needs a positive denominator, not {total}")
    step = Decimal(1).scaleb(-decimals)
    exact = Decimal(100 * events) / Decimal(total)
    computed = exact.quantize(step, ROUND_HALF_UP)
    if computed == printed:
        return Recomputed(Outcome.CONSISTENT, computed, "")
    finer = exact.quantize(step / 10, ROUND_HALF_UP).quantize(step, ROUND_HALF_UP)
    if finer == printed:
        return Recomputed(Outcome.ROUNDING, computed, "rounded twice")
    if exact.quantize(step, ROUND_DOWN) == printed:
        return Recomputed(Outcome.ROUNDING, computed, "truncated")
    if abs(exact - printed) <= step:
        return Recomputed(Outcome.ROUNDING, computed, "one unit of the last printed place off")
    if decimals and exact.quantize(Decimal(1), ROUND_HALF_UP) == printed:
        return Recomputed(Outcome.INCONSISTENT, computed, WHOLE)
    fitting = sorted(
        other
        for other in set(known_totals)
        if other >= max(events, 1)
        and (Decimal(100 * events) / Decimal(other)).quantize(step, ROUND_HALF_UP) == printed
    )
    if fitting:
        numbers = ", ".join(map(str, fitting))
        return Recomputed(Outcome.INCONSISTENT, computed, f"fits the denominator {numbers}")
    if events > total:
        return Recomputed(Outcome.INCONSISTENT, computed, "more events than the total")
    return Recomputed(Outcome.INCONSISTENT, computed, "fits no group size of the study")


def interval_contains(value: Decimal, low: Decimal | None, high: Decimal | None) -> bool:
    """Tell whether a value lies within its interval; an open bound (None) is no limit."""
    return (low is None or low <= value) and (high is None or value <= high)
