"""Printed frequencies as counts and percentages: what a number is, and what it can only be."""

from decimal import ROUND_HALF_UP, Decimal

from evikg.analysis.reach import reachable
from evikg.analysis.recompute import Outcome
from evikg.ontology import Statistic

from .numbers import Printed
from .records import Result


def number(printed: Printed | None) -> Decimal | None:
    """Return the number printed; None for an open bound, a non-number and one with a sign."""
    return None if printed is None or printed.sign else printed.number


def percent_of(result: Result) -> tuple[Decimal, int] | None:
    """Return a printed share as a percentage with its decimal places; None if it is none."""
    plain = number(result.value)
    if plain is None or result.value is None or result.statistic is Statistic.COUNT:
        return None
    if result.unit == "%":
        return plain, result.value.decimals
    if result.statistic is Statistic.PROPORTION or (
        result.statistic is Statistic.SURVIVAL_PROBABILITY and not result.unit
    ):
        return plain * 100, max(result.value.decimals - 2, 0)
    return None


def count_of(result: Result) -> int | None:
    """Return the count of a frequency: as printed, or the only one that its percentage allows."""
    if not result.statistic.is_frequency or (result.value is not None and result.value.sign):
        return None
    if result.events is not None or not result.total:
        return result.events
    share = percent_of(result)
    if share is None:
        return None
    percent, decimals = share
    if Decimal(100) / result.total <= 3 * Decimal(1).scaleb(-decimals):
        return None
    if reachable(percent, decimals, result.total).outcome is not Outcome.CONSISTENT:
        return None
    return int((percent * result.total / 100).to_integral_value(ROUND_HALF_UP))
