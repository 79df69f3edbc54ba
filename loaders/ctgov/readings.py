"""What the cells of a table are: statistic, unit and what is counted, as its heading says."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evikg.ontology import CountUnit, Statistic

from .numbers import dispersion, interval, printed, whole
from .structure import Measure, Measurement
from .tables import term

_PEOPLE = r"(?:participants?|patients?|subjects?|individuals|persons|people)"
_COUNT = re.compile(rf"(?:(?:number|count|no\.?|n) of )?(?:the )?{_PEOPLE}")
_EVENTS = re.compile(r"(?:(?:number|count|no\.?|n) of )?(?:adverse )?events?")
_SHARE = re.compile(
    r"(?:(?P<percent>percent(?:age)?|%)|proportion|fraction) of (?:the |all )?(?P<whom>\w+)\b.*"
)
_PROBABILITY = re.compile(
    r"(?P<percent>percent(?:age)? |% )?(?:survival )?probability(?P<sign> ?\(%\))?"
)
_SURVIVAL = re.compile(r"\bsurviv|\b(?:event|progression|disease|relapse)[- ]free\b", re.IGNORECASE)


def is_people(unit: str) -> bool:
    """Tell whether a unit is participants, by whatever name."""
    return _COUNT.fullmatch(_plain(unit)) is not None


def _plain(text: str | None) -> str:
    return " ".join((text or "").casefold().split())


@dataclass(frozen=True, slots=True)
class Reading:
    """How the cells of a table are read; `count_unit` is what its shares or counts are of."""

    statistic: Statistic
    unit: str | None = None
    count_unit: CountUnit | None = None
    heading: str | None = None  # the unit as printed, where `unit` is another

    @classmethod
    def of(cls, measure: Measure, analysed: str | None) -> "Reading":
        """Read the heading of a table.

        :param analysed: what was analysed where it is not people, such as `Eyes`
        """
        parameter, heading = measure.get("paramType"), measure.get("unitOfMeasure")
        if parameter == "COUNT_OF_PARTICIPANTS":
            return cls(Statistic.COUNT, None, CountUnit.PATIENTS)
        if parameter == "COUNT_OF_UNITS":
            return cls(Statistic.COUNT, analysed or heading, CountUnit.UNITS)
        if statistic := term("parameter", parameter):
            return cls(Statistic(statistic), heading)
        return cls._of_number(measure["title"], heading, analysed)

    @classmethod
    def _of_number(cls, title: str, heading: str | None, analysed: str | None) -> "Reading":
        text, units = _plain(heading), _plain(analysed)
        if _COUNT.fullmatch(text):
            return cls(Statistic.COUNT, None, CountUnit.PATIENTS)
        if units and text in {units, f"number of {units}"}:
            return cls(Statistic.COUNT, analysed, CountUnit.UNITS)
        if _EVENTS.fullmatch(text):
            return cls(Statistic.COUNT, None, CountUnit.EVENTS)
        if share := _SHARE.fullmatch(text):
            people = is_people(share["whom"])
            if people or (units and share["whom"] in {units, units.removesuffix("s")}):
                counted = CountUnit.PATIENTS if people else CountUnit.UNITS
                if share["percent"]:
                    return cls(Statistic.PERCENT, "%", counted, heading)
                return cls(Statistic.PROPORTION, None, counted, heading)
        if (chance := _PROBABILITY.fullmatch(text)) and _SURVIVAL.search(title):
            percent = chance["percent"] or chance["sign"]
            return cls(Statistic.SURVIVAL_PROBABILITY, "%" if percent else None, None, heading)
        return cls(Statistic.VALUE, heading)

    def fields(
        self, cell: Measurement, size: int | None, measure: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Return the fields of a result that hold the numbers of a cell.

        :param size: how many were analysed, of what is counted
        """
        text, comment = cell.get("value", "NA"), cell.get("comment")
        kind = measure.get("dispersionType")
        value, count = printed(text, comment), whole(text)
        fields: dict[str, Any] = {
            "statistic": self.statistic,
            "value": value,
            "unit": self.unit,
            "count_unit": self.count_unit,
            **dispersion(cell.get("spread"), kind),
            **interval(cell.get("lowerLimit"), cell.get("upperLimit"), kind, comment),
        }
        if self.statistic is Statistic.COUNT:
            if value.number is not None and count is None:  # no count: a mean, or a share
                return fields | {"statistic": Statistic.VALUE, "count_unit": None}
            fields["events"] = count
            fields["total"] = None if self.count_unit is CountUnit.EVENTS else size
        elif self.statistic.is_frequency:
            fields |= {"total": size, "total_not_stated": size is None}
        return fields
