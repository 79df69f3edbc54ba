"""The facets by which two results may differ: a table of what each one bars, and how it is read."""

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from evikg.graph.numbers import DAYS_PER_MONTH, in_days
from evikg.graph.records import Definition, Group
from evikg.ontology import GroupKind, Statistic, StudyDesign

from .candidates import Candidate

#: Kinds of groups of all patients of a study: they differ in the analysis set only.
_ALL_PATIENTS = {
    GroupKind.ENROLLED,
    GroupKind.RANDOMIZED,
    GroupKind.INTENTION_TO_TREAT,
    GroupKind.TREATED,
    GroupKind.SAFETY,
    GroupKind.EFFECTIVENESS,
}
_TRIALS = {StudyDesign.RANDOMIZED, StudyDesign.NON_RANDOMIZED}


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet: its name, whether it bars pooling, and what a result that states nothing means.

    `open` means that the facet may or may not agree: that is a caveat, never a bar.
    """

    name: str
    bars: bool
    open_if_unstated: bool
    statement: str


@cache
def facets() -> tuple[Facet, ...]:
    """Return the facets in the order of the table."""
    rows = csv.DictReader(_text("facets.csv").splitlines())
    return tuple(
        Facet(row["name"], row["bars"] == "pool", row["unstated"] == "open", row["statement"])
        for row in rows
    )


def value_of(name: str, candidate: Candidate) -> str | None:
    """Return what a candidate has for a facet, as people write it; None where nothing is stated.

    :raises KeyError: if there is no facet of this name
    """
    return _READERS[name](candidate)


def _statistic(candidate: Candidate) -> str:
    statistic = candidate.result.statistic
    return "frequency" if statistic.is_frequency else statistic.value


def _unit(candidate: Candidate) -> str | None:
    # A share is the same in percent and as a fraction.
    statistic = candidate.result.statistic
    share = statistic.is_frequency or statistic is Statistic.SURVIVAL_PROBABILITY
    return "%" if share else candidate.result.unit


def _drug(candidate: Candidate) -> str | None:
    if candidate.regimen is not None:
        return candidate.regimen.drug
    groups = (candidate.group, *candidate.above)
    arm = next(filter(None, (group.arm for group in groups)), None)
    trial = candidate.study.design in _TRIALS and not any(group.pools for group in groups)
    # An arm of a trial that has no regimen is a control, and no patient of it had the drug.
    if arm is not None and (trial or len(candidate.study.drugs) != 1):
        return arm
    return candidate.study.drugs[0] if len(candidate.study.drugs) == 1 else None


def _denominator(candidate: Candidate) -> str:
    """Return the kind of the group; a subgroup is of the kind of the group it is taken from."""
    for group in (candidate.group, *candidate.above):
        if group.kind in _ALL_PATIENTS:
            return "patients treated"
        if group.kind is not GroupKind.SUBGROUP:
            return str(group.kind)
    return str(candidate.group.kind)


def _selection(candidate: Candidate) -> str:
    groups: tuple[Group, ...] = (candidate.group, *candidate.above)
    criteria = {criterion for group in groups for criterion in group.criteria}
    # A subgroup without a stated criterion is like no other.
    criteria |= {
        group.slug for group in groups if group.kind is GroupKind.SUBGROUP and not group.criteria
    }
    return " and ".join(sorted(criteria)) or "none"


def _time(candidate: Candidate) -> str | None:
    result = candidate.result
    if result.timepoint is None:
        return None
    unit = result.timepoint_unit or ""
    days = in_days(result.timepoint, unit)
    if days is None:
        return f"{result.timepoint:f} {unit}".strip()
    months = days / DAYS_PER_MONTH
    if months == months.to_integral_value():
        return f"{months.to_integral_value():f} months"
    return f"{days.normalize():f} days"


def _origin(candidate: Candidate) -> str | None:
    definition = candidate.definition
    if definition is None or not definition.origin:
        return None
    text = definition.origin.casefold()
    for row in _origins():
        if re.search(rf"\b{re.escape(row[1])}", text):
            return row[0]
    return definition.origin


@cache
def _origins() -> tuple[tuple[str, str], ...]:
    rows = csv.DictReader(_text("origins.csv").splitlines())
    return tuple((row["class"], row["word"]) for row in rows)


def _definition(candidate: Candidate) -> str | None:
    found: Definition | None = candidate.definition
    return found.label if found is not None else None


def _comparator(candidate: Candidate) -> str | None:
    group = candidate.comparator
    if group is None:
        return None
    # Each trial has its own control group: they are compared by what they are called.
    words = [*filter(None, [group.arm]), *sorted(group.criteria)]
    return " and ".join(words).casefold() or group.slug


def _window(candidate: Candidate) -> str | None:
    return candidate.window.label if candidate.window is not None else None


def _text(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _worded(value: object) -> str | None:
    return None if value is None else str(value)


_READERS: dict[str, Callable[[Candidate], str | None]] = {
    "statistic": _statistic,
    "unit": _unit,
    "variable": lambda c: c.variable.slug,
    "drug": _drug,
    "denominator": _denominator,
    "analysis-set": lambda c: str(c.group.kind),
    "selection": _selection,
    "time": _time,
    "time-origin": _origin,
    "definition": _definition,
    "count-unit": lambda c: _worded(c.result.count_unit),
    "grade": lambda c: c.result.grade.text if c.result.grade else None,
    "grade-basis": lambda c: _worded(c.result.grade_basis),
    "seriousness": lambda c: _worded(c.result.seriousness),
    "causality": lambda c: _worded(c.result.causality),
    "onset-window": _window,
    "comparator": _comparator,
    "predictor": lambda c: c.result.predictor,
    "adjustment": lambda c: c.result.adjustment,
    "regimen": lambda c: c.regimen.slug if c.regimen else None,
    "design": lambda c: str(c.study.design),
    "setting": lambda c: ", ".join(sorted(c.study.conditions)) or None,
    "directness": lambda c: str(c.result.directness),
}
