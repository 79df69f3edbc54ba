"""Faults planted in consistent studies, each of which exactly one finding must tell."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from math import exp, log

from evikg.graph.numbers import Printed
from evikg.graph.records import Result
from evikg.ontology import (
    Causality,
    CountUnit,
    Directness,
    IntervalKind,
    Seriousness,
    Statistic,
    ValueStatus,
)

from .consistent import Consistent
from .paper import interval, percent
from .printing import variable_of


@dataclass(frozen=True, slots=True)
class Planted:
    """A fault: the rule or type of disagreement that finds it, and the result that is wrong."""

    kind: str
    result: str


class Draft:
    """The results of a study, in which numbers are changed."""

    def __init__(self, study: Consistent) -> None:
        """Begin with what is right."""
        self.study = study
        self.results = list(study.results)

    def find(self, group: str, variable: str, **stated: object) -> int:
        """Return the place of the first result with some fields."""
        wanted = stated | {"variable": variable}
        return next(
            place
            for place, x in enumerate(self.results)
            if x.group == f"{self.study.study.slug}-{group}"
            and all(getattr(x, name) == value for name, value in wanted.items())
        )

    def change(self, place: int, **stated: object) -> str:
        """Print other fields; the slug of the result is returned."""
        changed: Result = replace(self.results[place], **stated)  # type: ignore[arg-type]
        value = changed.value.text if changed.value else ""
        self.results[place] = replace(changed, printed=value)
        return changed.slug

    def count(self, place: int, events: int, **stated: object) -> str:
        """Print another count, with its percentage if one is printed."""
        result = self.results[place]
        total = stated.get("total", result.total)
        value = percent(events, total) if isinstance(total, int) else str(events)
        return self.change(place, events=events, value=Printed.parse(value), **stated)

    def rare(self, number: int, **stated: object) -> int:
        """Return the place of an adverse event that is printed of all patients only."""
        return self.find("all", variable_of(self.study.rare[number]), **stated)

    def number(self, place: int) -> Decimal:
        """Return a value."""
        printed = self.results[place].value
        return printed.number if printed and printed.number is not None else Decimal(0)

    def events(self, place: int) -> int:
        """Return a count."""
        return self.results[place].events or 0


_PATIENTS = {"count_unit": CountUnit.PATIENTS, "seriousness": Seriousness.ALL}
_AT_12 = {"statistic": Statistic.SURVIVAL_PROBABILITY, "timepoint": Decimal(12)}
_MEDIAN = {"statistic": Statistic.MEDIAN}


def _percentage(draft: Draft) -> str:
    place = draft.rare(0)
    value = draft.number(place)
    return draft.change(place, value=Printed.parse(str(value + 7 if value < 90 else value - 7)))


def _reachable(draft: Draft) -> str:
    """Print a percentage halfway between those of two counts."""
    place = draft.find("elderly", "prior-therapy")
    total = draft.results[place].total or 1
    count = int(draft.number(place) * total / 100)
    return draft.change(place, value=Printed.parse(percent(2 * count + 1, 2 * total)))


def _interval(draft: Draft) -> str:
    place = draft.find("elderly", "overall-survival", **_MEDIAN)
    value = draft.number(place)
    return draft.change(place, **interval(str(value + 1), str(value + 3)))


def _quartiles(draft: Draft) -> str:
    place = draft.find("all", "age", interval_kind=IntervalKind.INTERQUARTILE)
    return draft.change(place, interval_high=Printed.parse("120"))


def _falls(draft: Draft) -> str:
    earlier = draft.find("elderly", "overall-survival", **(_AT_12 | {"timepoint": Decimal(6)}))
    value = draft.number(earlier) + 1
    place = draft.find("elderly", "overall-survival", **_AT_12)
    bounds = interval(str(value - 5), str(value))
    return draft.change(place, value=Printed.parse(str(value)), **bounds)


def _order(draft: Draft) -> str:
    longer = draft.number(draft.find("prior", "overall-survival", **_MEDIAN))
    place = draft.find("prior", "event-free-survival", **_MEDIAN)
    value = longer + 2
    bounds = interval(str(value - 1), str(value + 1))
    return draft.change(place, value=Printed.parse(str(value)), **bounds)


def _follow_up(draft: Draft) -> str:
    place = draft.find("arm-1", "overall-survival", **_MEDIAN)
    return draft.change(place, value=Printed.parse("60.0"), **interval("50.0", "70.0"))


def _grades(draft: Draft) -> str:
    most = draft.events(draft.rare(1))
    place = draft.rare(1) + 1
    return draft.count(place, most + 1)


def _seriousness(draft: Draft) -> str:
    most = draft.events(draft.rare(2))
    return draft.count(draft.rare(2, seriousness=Seriousness.SERIOUS), most + 1)


def _causality(draft: Draft) -> str:
    most = draft.events(draft.rare(3))
    return draft.count(draft.rare(3, causality=Causality.DRUG_RELATED), most + 1)


def _total(draft: Draft) -> str:
    place = draft.rare(4)
    return draft.count(place, draft.events(place), total=(draft.results[place].total or 0) - 1)


def _code(draft: Draft) -> str:
    return draft.change(draft.rare(5) + 1, printed_code="19999999")


def _class(draft: Draft) -> str:
    return draft.change(draft.rare(6) + 1, printed_soc="Another system")


def _patients(draft: Draft) -> str:
    fewer = draft.events(draft.rare(7)) - 1
    return draft.count(draft.rare(7, count_unit=CountUnit.EVENTS), fewer)


def _subgroup(draft: Draft) -> str:
    most = draft.events(draft.find("all", "comorbidity"))
    return draft.count(draft.find("elderly", "comorbidity"), most + 1)


def _pool(draft: Draft) -> str:
    place = draft.find("arm-1", "comorbidity")
    return draft.count(place, draft.events(place) - 1)


def _categories(draft: Draft) -> str:
    place = draft.find("elderly", "cr-cri")
    return draft.count(place, draft.events(place) - 1)


def _signal(draft: Draft, number: int, low: float, high: float) -> str:
    """Print the bounds of a reporting odds ratio so many half widths from it."""
    place = draft.find("reports", variable_of(draft.study.signals[number]))
    ratio, bound = float(draft.number(place)), draft.results[place].interval_high
    half = log(float(bound.number or 0) / ratio) if bound else 0.0
    bounds = (f"{ratio * exp(-low * half):.2f}", f"{ratio * exp(high * half):.2f}")
    return draft.change(place, **interval(*bounds))


def _narrow(draft: Draft) -> str:
    return _signal(draft, 0, 0.4, 0.4)


def _symmetry(draft: Draft) -> str:
    return _signal(draft, 1, 1, 2)


def _p_value(draft: Draft) -> str:
    place = draft.find("arm-2", "overall-survival", statistic=Statistic.HAZARD_RATIO)
    bounds = interval("0.400", "0.630")
    return draft.change(
        place, value=Printed.parse("0.502"), p_value=Printed.parse("0.700"), **bounds
    )


def _legible(draft: Draft) -> str:
    place = draft.find("arm-2", "event-free-survival", **_MEDIAN)
    return draft.change(place, interval_high=Printed.parse("1O.5", ValueStatus.ILLEGIBLE))


def _rounding(draft: Draft) -> str:
    place = draft.find("all", "overall-survival", locator="Abstract", **_AT_12)
    return draft.change(place, value=Printed.parse(str(draft.number(place) + Decimal("0.1"))))


#: What finds each fault, and how it is planted.
FAULTS: dict[str, Callable[[Draft], str]] = {
    "percentage": _percentage,
    "reachable": _reachable,
    "denominator": _total,
    "interval": _interval,
    "legible": _legible,
    "symmetry": _symmetry,
    "p-value": _p_value,
    "reporting-odds-ratio": _narrow,
    "pool": _pool,
    "categories": _categories,
    "quartiles": _quartiles,
    "survival-falls": _falls,
    "event-order": _order,
    "follow-up": _follow_up,
    "grades": _grades,
    "seriousness": _seriousness,
    "causality": _causality,
    "subgroup": _subgroup,
    "patients-events": _patients,
    "code-of-term": _code,
    "class-of-term": _class,
    "rounding discrepancy": _rounding,
    "value discrepancy": lambda draft: _misquote(draft, Statistic.SURVIVAL_PROBABILITY),
    "interval discrepancy": lambda draft: _misquote(draft, Statistic.MEDIAN),
}
#: One study in so many has a fault of each kind.
EVERY = 3


def plant(study: Consistent, number: int) -> tuple[Consistent, list[Planted]]:
    """Return study `number` with a third of the kinds of faults in it."""
    draft = Draft(study)
    planted = []
    cites = any(x.directness is Directness.CITED for x in study.results)
    for place, (kind, fault) in enumerate(FAULTS.items()):
        quoted = kind in {"value discrepancy", "interval discrepancy"}
        if (number + place) % EVERY == 0 and (cites or not quoted):
            planted.append(Planted(kind, fault(draft)))
    return replace(study, results=tuple(draft.results)), planted


def _misquote(draft: Draft, statistic: Statistic) -> str:
    """Cite another number of the study before: a probability, or the bound of a median."""
    place = next(
        place
        for place, x in reversed(list(enumerate(draft.results)))
        if x.directness is Directness.CITED and x.statistic is statistic
    )
    if statistic is Statistic.MEDIAN:
        return draft.change(place, interval_low=Printed.parse("0.1"))
    # Two decimals, so that the number is by no chance that of another group or time.
    return draft.change(place, value=Printed.parse(f"{draft.number(place) + Decimal('2.05')}"))
