"""Rule on the sizes of subgroups: a subgroup by what its members have is as large as their count."""

from collections.abc import Iterator
from decimal import Decimal

from evikg.analysis.rounding import Span
from evikg.graph.derive import rank
from evikg.graph.records import Group, Result
from evikg.graph.shares import count_of, percent_of
from evikg.ontology import CountUnit, Verdict

from .material import Material, told
from .relations import relations
from .rules import Finding, rules


def members(material: Material) -> Iterator[Finding]:
    """Compare how many of a group have something with the size of the subgroup of those who do."""
    rule = rules()["subgroup-size"]
    subgroups: dict[tuple[str, str], list[Group]] = {}
    for group in material.groups.values():
        criterion = _criterion(material, group)
        if criterion and group.size is not None:
            subgroups.setdefault((group.subgroup_of or "", criterion), []).append(group)
    compared: dict[str, list[tuple[Result, bool]]] = {}
    for result in material.results:
        found = subgroups.get((result.group, result.variable), [])
        # Of two subgroups by the same thing one may be of those who were assessed.
        if len(found) == 1 and _is_plain(result):
            agrees = _agrees(material, result, found[0])
            if agrees is not None:
                compared.setdefault(found[0].slug, []).append((result, agrees))
    for slug, results in compared.items():
        right = sorted((x for x, agrees in results if agrees), key=rank)
        yield rule.passed(right)
        group = material.groups[slug]
        for result, agrees in results:
            # The size is what the same source prints: others may have reported another time.
            sized = [x for _, x in material.of_group(slug) if x.total == group.size]
            witnesses = [x for x in (*right, *sized) if x.source == result.source]
            if not agrees and witnesses:
                yield rule.check(
                    Verdict.INCONSISTENT,
                    [result, witnesses[0]],
                    f"{told(result)}; {group.label}: {group.size}, {told(witnesses[0])}",
                    computed=str(group.size),
                )


def _criterion(material: Material, group: Group) -> str | None:
    """Return the variable that divides the members of a subgroup from the rest of its group."""
    whole = material.groups.get(group.subgroup_of or "")
    if whole is None:
        return None
    kinds = {kind: relation.whole for relation in relations("members") for kind in relation.parts}
    by_kind = kinds.get(group.kind) if group.kind is not whole.kind else None
    own = set(group.criteria) - set(whole.criteria)
    if len(own) + (by_kind is not None) != 1:
        return None
    return by_kind or own.pop()


def _is_plain(result: Result) -> bool:
    """Tell whether a result counts patients, of whatever time."""
    more = (result.comparator, result.predictor, result.timepoint, result.onset_window)
    return (
        result.count_unit is CountUnit.PATIENTS and result.statistic.is_frequency and not any(more)
    )


def _agrees(material: Material, result: Result, subgroup: Group) -> bool | None:
    """Compare a count, or a percentage of the whole group, with a size; None if neither is."""
    whole = material.groups[result.group].size
    size = subgroup.size or 0
    count = count_of(result)
    if result.value is not None and result.value.sign:
        return None
    if count is not None:
        return count == size if result.total in {None, whole} else None
    share = percent_of(result)
    if share is None or not whole or result.total not in {None, whole}:
        return None
    return Span.of(*share, units=Decimal(1)).may_equal(Span.exact(Decimal(100 * size) / whole))
