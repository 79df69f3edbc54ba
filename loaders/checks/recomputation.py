"""Every rule over a corpus."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from evikg.graph.records import Check, Definition, Group, Result, Variable

from . import (
    arms,
    codes,
    deaths,
    disproportion,
    estimates,
    labels,
    members,
    orders,
    ordinal,
    references,
    single,
    sums,
    survival,
    terms,
)
from .material import Material
from .rules import Finding, Passed

#: What applies the rules of `rules.csv`, in the order of the table.
_APPLIED: tuple[Callable[[Material], Iterator[Finding]], ...] = (
    single.percentages,
    single.not_stated,
    single.denominators,
    single.intervals,
    single.legibility,
    estimates.symmetry,
    estimates.p_values,
    estimates.odds,
    disproportion.two_by_two,
    sums.pooled,
    sums.categories,
    orders.quartiles,
    ordinal.ordinal,
    survival.curves,
    survival.event_order,
    survival.follow_up,
    deaths.most,
    deaths.least,
    orders.grades,
    orders.seriousness,
    orders.causality,
    orders.subgroups,
    orders.outside_subgroups,
    members.members,
    orders.patients_and_events,
    terms.broader,
    terms.least_grade,
    codes.codes,
    codes.published_codes,
    codes.code_columns,
    labels.classes,
    arms.arm_labels,
    references.references,
    labels.duplicates,
)


@dataclass(frozen=True, slots=True)
class Recomputation:
    """What recomputation found: the checks, and which result passed which rule, sorted."""

    checks: tuple[Check, ...]
    passed: tuple[tuple[str, str], ...]  # result, rule


def recompute(
    results: Iterable[Result],
    groups: Iterable[Group],
    variables: Iterable[Variable] = (),
    definitions: Iterable[Definition] = (),
) -> Recomputation:
    """Check results against what is printed with them and beside them.

    A result passes a rule if it was compared by it at least once and stands in no check of it.

    :param variables: needed for what is narrower than survival
    :param definitions: needed for time origins
    """
    material = Material(results, groups, variables, definitions)
    checks: dict[str, Check] = {}
    passed: set[tuple[str, str]] = set()
    for rule in _APPLIED:
        for finding in rule(material):
            if isinstance(finding, Passed):
                passed.update((result, finding.rule) for result in finding.results)
            else:
                checks.setdefault(finding.slug, finding)
    failed = {(result, check.rule) for check in checks.values() for result in check.checks}
    return Recomputation(tuple(checks.values()), tuple(sorted(passed - failed)))
