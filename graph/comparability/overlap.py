"""Which results are about the same patients, so that putting them together counts some twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from evikg.graph.records import Group, Study
from evikg.ontology import StudyDesign

from .candidates import Candidate

#: Designs that take all patients of some centres, so that two of one place and time may share them.
_OBSERVATIONAL = {
    StudyDesign.PROSPECTIVE,
    StudyDesign.RETROSPECTIVE,
    StudyDesign.SURVEILLANCE,
    StudyDesign.REGISTRY,
    StudyDesign.COMPASSIONATE_USE,
}


class Certainty(StrEnum):
    """How sure it is that patients are shared."""

    CERTAIN = "certain"
    POSSIBLE = "possible"


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two results that share patients, or may, and how that is known."""

    first: str
    second: str
    certainty: Certainty
    how: str


def told(alike: Sequence[Overlap]) -> str:
    """Write overlaps of one kind in one line: the results, then how that is known."""
    verb = "are" if alike[0].certainty is Certainty.CERTAIN else "may be"
    *others, last = dict.fromkeys(slug for item in alike for slug in (item.first, item.second))
    return f"patients {verb} counted twice: {', '.join(others)} and {last}: {alike[0].how}"


def overlaps(found: Sequence[Candidate]) -> list[Overlap]:
    """Return every pair of results that share patients or may share them."""
    pairs = []
    for first, second in combinations(found, 2):
        shared = _shared(first, second)
        if shared is not None:
            pairs.append(Overlap(first.slug, second.slug, *shared))
    return pairs


def _shared(first: Candidate, second: Candidate) -> tuple[Certainty, str] | None:
    if first.quantity and first.quantity == second.quantity:
        return Certainty.CERTAIN, "two printings of one quantity"
    for control, other in ((first.comparator, second), (second.comparator, first)):
        if control is not None and control in (other.comparator, other.group):
            return Certainty.CERTAIN, f"{control.label} is in both comparisons"
    if first.study.slug == second.study.slug:
        return _within_study(first, second)
    return _between_studies(first.study, second.study)


def _within_study(first: Candidate, second: Candidate) -> tuple[Certainty, str] | None:
    if first.group.slug == second.group.slug:
        return Certainty.CERTAIN, f"both are of {first.group.label}"
    for inner, outer in ((first, second), (second, first)):
        if outer.group.slug in {group.slug for group in inner.above}:
            return Certainty.CERTAIN, f"{inner.group.label} is a subgroup of {outer.group.label}"
        if outer.group.slug in {union.slug for union in inner.unions}:
            return Certainty.CERTAIN, f"{inner.group.label} is a part of {outer.group.label}"
    if set(first.group.pools) & set(second.group.pools):
        return (
            Certainty.CERTAIN,
            f"{first.group.label} and {second.group.label} have a part in common",
        )
    if _disjoint(first, second):
        return None
    return (
        Certainty.POSSIBLE,
        f"{first.group.label} and {second.group.label} are of one study and not known to be disjoint",
    )


def _disjoint(first: Candidate, second: Candidate) -> bool:
    """Tell whether a union declares disjoint parts of it to hold one group each."""
    for union in (*first.above, *first.unions, *second.above, *second.unions):
        mine, other = _parts(first, union), _parts(second, union)
        if mine and other and not mine & other:
            return True
    # Two arms of a study are disjoint whoever prints their union.
    arms = _arm(first), _arm(second)
    unions = first.group.pools or second.group.pools
    return None not in arms and arms[0] != arms[1] and not unions


def _parts(candidate: Candidate, union: Group) -> set[str]:
    """Return the parts of a union that a candidate's patients are in; empty if not known."""
    for group in (candidate.group, *candidate.above):
        if group.slug in union.pools:
            return {group.slug}
        if group.pools and set(group.pools) <= set(union.pools):
            return set(group.pools)
    return set()


def _arm(candidate: Candidate) -> str | None:
    """Return the arm a group belongs to, by the widest group that has a regimen."""
    groups: tuple[Group, ...] = (*reversed(candidate.above), candidate.group)
    with_regimen = next((group.arm for group in groups if group.arm and group.regimen), None)
    return with_regimen or next((group.arm for group in groups if group.arm), None)


def _between_studies(first: Study, second: Study) -> tuple[Certainty, str] | None:
    for one, other in ((first, second), (second, first)):
        if one.report_of == other.slug:
            return Certainty.CERTAIN, f"{one.label} is a report of {other.label}"
        if other.slug in one.pools_studies:
            return Certainty.CERTAIN, f"{one.label} includes {other.label}"
    if first.report_of is not None and first.report_of == second.report_of:
        return Certainty.CERTAIN, f"both are reports of {first.report_of}"
    both = sorted(set(first.pools_studies) & set(second.pools_studies))
    if both:
        return Certainty.CERTAIN, f"{first.label} and {second.label} include {', '.join(both)}"
    if second.slug in first.may_overlap or first.slug in second.may_overlap:
        return Certainty.POSSIBLE, f"{first.label} and {second.label} may share patients"
    if _one_place_and_time(first, second):
        place = ", ".join(sorted(set(first.countries) & set(second.countries)))
        return Certainty.POSSIBLE, f"both took patients of {place} in the same years"
    # Databases of reports exchange them, and a release holds all that were made before.
    if {first.design, second.design} == {StudyDesign.PHARMACOVIGILANCE} and _one_time(
        first, second
    ):
        return Certainty.POSSIBLE, "both count spontaneous reports of the same drug and years"
    return None


def _one_place_and_time(first: Study, second: Study) -> bool:
    if not {first.design, second.design} <= _OBSERVATIONAL:
        return False
    return bool(set(first.countries) & set(second.countries)) and _one_time(first, second)


def _one_time(first: Study, second: Study) -> bool:
    """Tell whether studies have a drug in common, and a time."""
    if not set(first.drugs) & set(second.drugs):
        return False
    return _not_after(first.start, second.end) and _not_after(second.start, first.end)


def _not_after(start: str | None, end: str | None) -> bool:
    """Tell whether a date is not after another, to the precision that both have."""
    if start is None or end is None:
        return False
    length = min(len(start), len(end))
    return start[:length] <= end[:length]
