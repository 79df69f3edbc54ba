"""What makes a quantity: everything that its printings have in common."""

from typing import NamedTuple

from .numbers import in_days
from .records import Result


class QuantityKey(NamedTuple):
    """Everything of a result but its value and the place it is printed at; "" where not stated."""

    study: str
    group: str
    comparator: str
    variable: str
    definition: str
    statistic: str  # "frequency" for counts, percentages and proportions
    time: str
    grade: str
    seriousness: str
    causality: str
    count_unit: str
    window: str
    predictor: str
    increment: str
    adjustment: str

    def without(self, *names: str) -> "QuantityKey":
        """Return the key with some parts left open."""
        return self._replace(**dict.fromkeys(names, ""))


def quantity_key(result: Result, definition: str | None) -> QuantityKey:
    """Return the quantity that a result is a printing of, under its definition.

    A count and a percentage of the same group are printings of one frequency.
    """
    time = ""
    if result.timepoint is not None:
        unit = result.timepoint_unit or ""
        days = in_days(result.timepoint, unit)
        time = f"{days.normalize():f} d" if days is not None else f"{result.timepoint} {unit}"
    return QuantityKey(
        study=result.study,
        group=result.group,
        comparator=result.comparator or "",
        variable=result.variable,
        definition=definition or "",
        statistic="frequency" if result.statistic.is_frequency else result.statistic.value,
        time=time,
        grade=result.grade.text if result.grade else "",
        seriousness=result.seriousness or "",
        causality=result.causality or "",
        count_unit=result.count_unit or "",
        window=result.onset_window or "",
        predictor=result.predictor or "",
        increment=result.increment or "",
        # Two analyses of the same groups by different methods are two quantities.
        adjustment="; ".join(filter(None, (result.adjustment, result.method))),
    )
