"""Rule on measures of disproportionate reporting: they are those of their two-by-two table."""

from collections.abc import Callable, Iterator
from decimal import Decimal

from evikg.analysis.reports import (
    Ratio,
    information_component,
    proportional_reporting_ratio,
    reporting_odds_ratio,
)
from evikg.graph.numbers import Printed
from evikg.graph.records import Result
from evikg.ontology import Statistic, Verdict

from .material import Material, span, told
from .rules import Finding, rules

#: An interval by an exact quantile of the normal distribution, or by 1.96, is the same interval.
_QUANTILE = Decimal("1e-4")
_RATIOS: dict[Statistic, Callable[[int, int, int, int], Ratio | None]] = {
    Statistic.REPORTING_ODDS_RATIO: reporting_odds_ratio,
    Statistic.PROPORTIONAL_REPORTING_RATIO: proportional_reporting_ratio,
}


def two_by_two(material: Material) -> Iterator[Finding]:
    """Recompute ratios with their intervals, and information components, from a, b, c, d.

    The empirical Bayes geometric mean depends on all pairs of the database: one table does not say
    what it is.
    """
    rule = rules()["two-by-two"]
    for result in material.results:
        cells = (result.events, result.cell_b, result.cell_c, result.cell_d)
        if any(cell is None for cell in cells):
            continue
        a, b, c, d = (cell or 0 for cell in cells)
        compared = _compared(result, a, b, c, d)
        if compared is None:
            continue
        if all(_fits(printed, computed, slack) for printed, computed, slack in compared):
            yield rule.passed([result])
        else:
            yield rule.check(
                Verdict.INCONSISTENT,
                [result],
                f"{told(result)}, of {a}, {b}, {c}, {d}",
                computed=" | ".join(_text(printed, number) for printed, number, _ in compared),
            )


def _compared(
    result: Result, a: int, b: int, c: int, d: int
) -> list[tuple[Printed | None, float | None, Decimal]] | None:
    """Return what is printed beside what it should be, and by which share that may be off.

    None where nothing of the measure is computed from one table.
    """
    if result.statistic is Statistic.INFORMATION_COMPONENT:
        return [(result.value, information_component(a, b, c, d), Decimal(0))]
    if result.statistic not in _RATIOS:
        return None
    ratio = _RATIOS[result.statistic](a, b, c, d)
    compared = [(result.value, ratio.value if ratio else None, Decimal(0))]
    if result.interval_level == 95:
        compared.append((result.interval_low, ratio.low if ratio else None, _QUANTILE))
        compared.append((result.interval_high, ratio.high if ratio else None, _QUANTILE))
    return compared


def _fits(printed: Printed | None, computed: float | None, slack: Decimal) -> bool:
    stands_for = span(printed)
    if stands_for is None:  # a number with a sign, or none: nothing is claimed of it
        return True
    if computed is None:
        return False
    number = Decimal(computed)
    room = abs(number) * slack
    return stands_for.low - room <= number <= stands_for.high + room


def _text(printed: Printed | None, computed: float | None) -> str:
    if computed is None:
        return "not defined"
    return f"{computed:.{printed.decimals if printed else 2}f}"
