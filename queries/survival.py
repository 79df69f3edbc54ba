"""Survival estimated from the times of patients, beside what the sources print of the same study."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from pyoxigraph import Literal

from evikg.graph.numbers import in_days
from evikg.graph.store import Store

from .answer import Answer, short
from .catalogue import catalogue

if TYPE_CHECKING:
    from evikg.analysis.observations import Observations

COLUMNS = (
    "origin", "group", "comparator", "statistic", "time", "value", "low", "high", "level", "unit",
    "note", "source", "locator",
)  # fmt: skip

#: Survival is told at these times, in months, where none are asked for.
_MONTHS = (12.0, 24.0)
_PER_MONTH = {"days": 30.4375, "weeks": 30.4375 / 7, "months": 1.0, "years": 1 / 12}

Row = dict[str, str]


def beside_printed(
    store: Store,
    groups: Mapping[str, "Observations"],
    *,
    source: str,
    study: str,
    variable: str,
    unit: str,
    times: Sequence[float] | None = None,
    level: float = 0.95,
) -> Answer:
    """Return estimates of each group and of the first against the second, then what is printed.

    :param groups: times of patients by the label of their group
    :param unit: of the times: days, weeks, months or years
    :param times: at which survival is told, in that unit; 12 and 24 months by default
    :param level: of all intervals, between 0 and 1
    :raises SurvivalError: if groups cannot be compared
    """
    wanted = times or [months * _PER_MONTH[unit] for months in _MONTHS]
    rows = [*_estimated(groups, source, unit, wanted, level), *_printed(store, study, variable)]
    rows.sort(key=_side_by_side)
    cells = (tuple(_cell(row.get(name, "")) for name in COLUMNS) for row in rows)
    return Answer(COLUMNS, tuple(cells))


def _side_by_side(row: Row) -> tuple[int, Decimal]:
    """Order rows by what they tell, so that estimates stand beside the printed numbers."""
    order = ("median", "survival probability", "hazard ratio")
    amount, _, unit = row.get("time", "").partition(" ")
    days = in_days(Decimal(amount), unit) if amount else None
    # Two years and 24 months are one time.
    return order.index(row["statistic"]), round(days or Decimal(0), 3)


def _cell(text: str) -> Literal | None:
    return Literal(text) if text else None


def _estimated(
    groups: Mapping[str, "Observations"],
    source: str,
    unit: str,
    times: Sequence[float],
    level: float,
) -> Iterator[Row]:
    from evikg.analysis.survival import hazard_ratio, kaplan_meier, log_rank

    common = {"origin": "estimated", "source": source, "level": f"{100 * level:g}"}
    for label, observations in groups.items():
        estimate = kaplan_meier(observations, level)
        median = estimate.median
        row = common | {"group": label}
        counted = f"{sum(observations.events)} events in {len(observations.times)} patients"
        yield row | {
            "statistic": "median",
            "value": _number(median.value, "not reached"),
            "low": _number(median.low, "NE"),
            "high": _number(median.high, "NE"),
            "unit": unit,
            "note": f"Kaplan-Meier; {counted}",
        }
        for time in times:
            point = estimate.at(time)
            at_risk = estimate.at_risk([time])[0]
            yield row | {
                "statistic": "survival probability",
                "time": f"{time:g} {unit}",
                "value": f"{100 * point.value:.1f}",
                "low": f"{100 * point.low:.1f}",
                "high": f"{100 * point.high:.1f}",
                "unit": "%",
                "note": f"Kaplan-Meier; {at_risk} at risk",
            }
    if len(groups) == 2:
        (first, one), (second, other) = groups.items()
        ratio, test = hazard_ratio(one, other, level), log_rank([one, other])
        yield common | {
            "group": first,
            "comparator": second,
            "statistic": "hazard ratio",
            "value": f"{ratio.value:.2f}",
            "low": f"{ratio.low:.2f}",
            "high": f"{ratio.high:.2f}",
            "note": f"Cox, p {ratio.p:.3f}; log-rank p {test.p:.3f}",
        }


def _number(value: float | None, absent: str) -> str:
    return absent if value is None else f"{value:.1f}"


def _printed(store: Store, study: str, variable: str) -> Iterator[Row]:
    answer = catalogue()["printed-survival"].run(store, study=study, outcome=variable)
    for row in answer.rows:
        found = dict(zip(answer.columns, map(short, row), strict=True))
        time = f"{found['time']} {found['time_unit']}".strip()
        kept = ("group", "comparator", "statistic", "value", "low", "high", "level", "unit")
        yield {name: found[name] for name in kept} | {
            "origin": "printed",
            "time": time,
            "source": found["source"],
            "locator": found["locator"],
            "note": found["directness"],
        }
