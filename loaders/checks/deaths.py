"""Rules on deaths: those counted, and those that a survival curve takes and leaves room for."""

from collections.abc import Iterator
from itertools import accumulate

from evikg.analysis.deaths import least_deaths, most_deaths, suffice_uncensored
from evikg.analysis.rounding import Span
from evikg.graph.records import Result
from evikg.ontology import Causality, CountUnit, GroupKind, Statistic, Verdict

from .material import Material, Scope, told
from .relations import Relation, relations
from .rules import Finding, rules
from .survival import at, days_of, one_origin, share_of


def most(material: Material) -> Iterator[Finding]:
    """Compare deaths up to a time with survival at that time."""
    for relation in relations("deaths"):
        for scope, counted in _counted(material, relation):
            for other, result in material.of_group(scope.group):
                if not _same(scope, other, relation) or not one_origin(material, scope, other):
                    continue
                survival, patients = share_of(result), _patients(material, counted)
                if survival is None or not patients or counted.timepoint is None:
                    continue
                if days_of(counted) == days_of(result):
                    yield from _room(counted, result, patients, survival)


def _room(counted: Result, result: Result, patients: int, survival: Span) -> Iterator[Finding]:
    rule = rules()["deaths"]
    room = most_deaths(patients, survival)
    if (counted.events or 0) <= room:
        yield rule.passed([counted, result])
    else:
        inputs = f"deaths {told(counted)} of {patients}, survival {at(result)}"
        yield rule.check(
            Verdict.INCONSISTENT, [counted, result], inputs, computed=f"at most {room:.1f}"
        )


def least(material: Material) -> Iterator[Finding]:
    """Compare deaths with those that a survival curve takes, whoever is censored.

    Deaths up to a time are compared with the curve up to that time, and all deaths with all of it.
    """
    rule = rules()["deaths-of-curve"]
    for relation in (*relations("deaths"), *relations("deaths-after-hsct")):
        for scope, counted in _counted(material, relation):
            patients = _patients(material, counted)
            group = material.groups.get(scope.group)
            if not patients or group is None or counted.events is None:
                continue
            # Of a group that was not transplanted as a whole, others die before they would be.
            if relation.kind != "deaths" and group.kind is not GroupKind.TRANSPLANTED:
                continue
            for points in _curves(material, scope, counted, relation):
                spans = [span for span, _ in points]
                results = [counted, *(result for _, result in points)]
                if suffice_uncensored(patients, spans, counted.events):
                    yield rule.passed(results)
                    continue
                least_ = least_deaths(patients, spans, counted.events)
                if least_ <= counted.events:
                    yield rule.passed(results)
                    continue
                curve = ", ".join(at(result) for _, result in points)
                yield rule.check(
                    Verdict.INCONSISTENT,
                    results,
                    f"deaths {told(counted)} of {patients}, survival {curve}",
                    computed=f"at least {least_}",
                )


def _counted(material: Material, relation: Relation) -> Iterator[tuple[Scope, Result]]:
    """Yield the counts of deaths of any cause among the patients of a group, whenever they came."""
    for scope, result in material.best.items():
        counted = result.statistic.is_frequency and result.count_unit is CountUnit.PATIENTS
        if scope.variable in relation.parts and counted and result.events is not None:
            some = scope.causality not in {"", Causality.ALL} or scope.grade
            if not (some or scope.window or scope.predictor or scope.comparator):
                yield scope, result


def _same(scope: Scope, other: Scope, relation: Relation) -> bool:
    """Tell whether a survival curve is one of the same patients, by the same source."""
    return (
        other.variable == relation.whole
        and other.statistic == Statistic.SURVIVAL_PROBABILITY
        and (other.source, other.study, other.directness)
        == (scope.source, scope.study, scope.directness)
    )


def _patients(material: Material, counted: Result) -> int | None:
    group = material.groups.get(counted.group)
    return counted.total or (group.size if group else None)


def _curves(
    material: Material, scope: Scope, counted: Result, relation: Relation
) -> Iterator[list[tuple[Span, Result]]]:
    """Yield the printed points of each survival curve of a group in the order of their times."""
    curves: dict[Scope, list[tuple[Span, Result]]] = {}
    limit = days_of(counted)
    timed = [
        (days, other, result, span)
        for other, result in material.of_group(scope.group)
        if _same(scope, other, relation)
        and (days := days_of(result)) is not None
        and (span := share_of(result)) is not None
    ]
    for days, other, result, span in sorted(timed, key=lambda point: point[0]):
        # Deaths up to a time from one day are not those up to the same time from another.
        if limit is not None and (days > limit or not one_origin(material, scope, other)):
            continue
        curves.setdefault(other.without("time"), []).append((span, result))
    for points in curves.values():
        highs = accumulate((span.high for span, _ in points), min)
        # A curve that rises is another rule's finding.
        if all(span.low <= high for (span, _), high in zip(points, highs, strict=True)):
            yield points
