"""What the cells of a table are: statistic, unit and what is counted, as its heading says."""

import re
from dataclasses import dataclass
from typing import Any

from evikg.ontology import CountUnit, Statistic

from .draft import noted
from .numbers import dispersion, interval, is_interval, printed, whole
from .results_section import Measure, Measurement
from .tables import term

#: What stands where a cell has no number.
_NONE = "NA"
_PEOPLE = r"(?:participants?|patients?|subjects?|individuals|persons|people)"
_COUNT = re.compile(rf"(?:(?:number|count|no\.?|n) of )?(?:the )?{_PEOPLE}")
_EVENTS = re.compile(r"(?:(?:number|count|no\.?|n) of )?(?:adverse )?events?")
#: A share per time, such as `percentage of participants per year`, is a rate.
_SHARE = re.compile(
    r"(?:(?P<percent>percent(?:age)?|%)|proportion|fraction) of (?:the |all )?(?P<whom>\w+)\b"
    r"(?! ?(?:/|per\b).*\b(?:year|month|week|day|hour)s?\b).*"
)
_PROBABILITY = re.compile(
    r"(?P<percent>percent(?:age)? |% )?(?:survival )?probability(?P<sign> ?\(%\))?"
)
_KAPLAN_MEIER = re.compile(r"\bkaplan\W*meier\b", re.IGNORECASE)
_SURVIVAL = re.compile(r"\bsurviv|\balive\b|[- ]free\b|\b(?:[DELPR]F|O)S\b", re.IGNORECASE)


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
    printed_unit: str | None = None

    @classmethod
    def of(cls, measure: Measure, analysed: str | None) -> "Reading":
        """Read the heading of a table.

        :param analysed: what was analysed where it is not people, such as `Eyes`
        """
        reading = cls._of_heading(measure, analysed)
        if reading.statistic is Statistic.COUNT and _has_fractions(measure):
            return cls(Statistic.VALUE, reading.printed_unit)
        return reading

    @classmethod
    def _of_heading(cls, measure: Measure, analysed: str | None) -> "Reading":
        parameter, heading = measure.get("paramType"), measure.get("unitOfMeasure")
        if parameter == "COUNT_OF_PARTICIPANTS":
            return cls(Statistic.COUNT, None, CountUnit.PATIENTS, None, heading)
        if parameter == "COUNT_OF_UNITS":
            return cls(Statistic.COUNT, analysed or heading, CountUnit.UNITS, None, heading)
        if statistic := term("parameter", parameter):
            return cls(Statistic(statistic), heading)
        return cls._of_number(measure, heading, analysed)

    @classmethod
    def _of_number(cls, measure: Measure, heading: str | None, analysed: str | None) -> "Reading":
        text, units = _plain(heading), _plain(analysed)
        if _COUNT.fullmatch(text):
            return cls(Statistic.COUNT, None, CountUnit.PATIENTS, None, heading)
        if units and text in {units, f"number of {units}"}:
            return cls(Statistic.COUNT, analysed, CountUnit.UNITS, None, heading)
        if _EVENTS.fullmatch(text):
            return cls(Statistic.COUNT, None, CountUnit.EVENTS, None, heading)
        share = _SHARE.fullmatch(text)
        # What is estimated by Kaplan and Meier's method is no share of those analysed; it is of
        # those who survive, or of those who do not, such as patients with a relapse.
        if share and _KAPLAN_MEIER.search(f"{measure['title']} {measure.get('description', '')}"):
            if _SURVIVAL.search(f"{measure['title']} {text}") is None:
                return cls(Statistic.VALUE, heading)
            return cls(
                Statistic.SURVIVAL_PROBABILITY, "%" if share["percent"] else None, None, heading
            )
        if share:
            people = is_people(share["whom"])
            if people or (units and share["whom"] in {units, units.removesuffix("s")}):
                counted = CountUnit.PATIENTS if people else CountUnit.UNITS
                if share["percent"]:
                    return cls(Statistic.PERCENT, "%", counted, heading)
                return cls(Statistic.PROPORTION, None, counted, heading)
        if (chance := _PROBABILITY.fullmatch(text)) and _SURVIVAL.search(measure["title"]):
            percent = chance["percent"] or chance["sign"]
            return cls(Statistic.SURVIVAL_PROBABILITY, "%" if percent else None, None, heading)
        return cls(Statistic.VALUE, heading)

    def fields(self, cell: Measurement, size: int | None, kind: str | None) -> dict[str, Any]:
        """Return the fields of a result that hold the numbers of a cell.

        :param size: how many were analysed, of what is counted
        :param kind: of the dispersion or interval, as printed
        """
        text, comment = cell.get("value", _NONE), cell.get("comment")
        spread, low, high = cell.get("spread"), cell.get("lowerLimit"), cell.get("upperLimit")
        value, notes = printed(text, comment), [self.heading, comment]
        fields: dict[str, Any] = {
            "statistic": self.statistic,
            "value": value,
            "unit": self.unit,
            "count_unit": self.count_unit,
        }
        if spread is not None:
            fields |= dispersion(spread, kind)
            if "dispersion_kind" not in fields:
                notes.append(f"spread: {kind or 'kind not stated'}")
        if low is not None or high is not None:
            if is_interval(kind):
                fields |= interval(low, high, kind, comment)
            else:
                notes.append(f"limits of a kind not stated: {low} to {high}")
        if self.statistic is Statistic.COUNT:
            count = whole(text)
            if value.number is not None and count is None:  # no count, such as `<5`
                fields |= {"statistic": Statistic.VALUE, "count_unit": None}
                fields["unit"] = self.printed_unit
            else:
                fields["events"] = count
                fields["total"] = None if self.count_unit is CountUnit.EVENTS else size
                if None not in (count, fields["total"]) and count > fields["total"]:
                    notes.append("more than the number analysed")
        elif self.statistic.is_frequency:
            fields |= {"total": size, "total_not_stated": size is None}
        fields["note"] = noted(*notes)
        return fields


def _has_fractions(measure: Measure) -> bool:
    """Tell whether a number of a table is no whole one: then the others are no counts either."""
    return any(
        found.number is not None and not found.sign and whole(found.text) is None
        for part in measure.get("classes", ())
        for category in part.get("categories", ())
        for cell in category.get("measurements", ())
        for found in (printed(cell.get("value", _NONE), cell.get("comment")),)
    )
