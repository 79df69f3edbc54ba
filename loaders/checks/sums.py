"""Rules on wholes and their parts: pooled groups, complementary groups, categories."""

from collections.abc import Iterator
from decimal import Decimal

from evikg.analysis.rounding import Span
from evikg.graph.records import Group, Result
from evikg.graph.shares import count_of, percent_of
from evikg.ontology import CountUnit, IntervalKind, Statistic, Verdict

from .material import Material, Scope, span, told
from .relations import Relation, relations
from .rules import Finding, rules

#: What is counted once for each patient or report, so that parts add up.
_ADDITIVE = {CountUnit.PATIENTS, CountUnit.EVENTS, CountUnit.CASES, CountUnit.REPORTS}
_ADDITIVE |= {CountUnit.VARIATIONS, CountUnit.SIGNALS}


def unions(material: Material) -> Iterator[tuple[Group, tuple[Group, ...]]]:
    """Yield groups with the disjoint groups whose union they are.

    They are declared (`ev:pools`), or they are the subgroups by the two sides of one question,
    whose sizes sum to that of the group.
    """
    groups = material.groups
    for group in groups.values():
        parts = tuple(groups[slug] for slug in group.pools if slug in groups)
        if parts and len(parts) == len(group.pools):
            yield group, parts
    children: dict[tuple[str, str], list[Group]] = {}
    for group in groups.values():
        if group.subgroup_of in groups and len(group.criteria) == 1:
            children.setdefault((group.subgroup_of or "", group.criteria[0]), []).append(group)
    pairs = [relation.parts for relation in relations("disjoint")]
    for parent in sorted({parent for parent, _ in children}):
        whole = groups[parent]
        for names in pairs:
            sides = [children.get((parent, name), []) for name in names]
            if any(len(side) != 1 or side[0].kind != sides[0][0].kind for side in sides):
                continue
            found = tuple(side[0] for side in sides)
            # Unless the sizes sum, there may be others of whom the answer is not known.
            sizes = [group.size for group in found]
            if (
                whole.size is not None
                and None not in sizes
                and sum(filter(None, sizes)) == whole.size
            ):
                yield whole, found


def pooled(material: Material) -> Iterator[Finding]:
    """Sum the counts of the parts of a group; where counts lack, look between the parts."""
    for whole, parts in unions(material):
        of_group = material.of_group(whole.slug)
        for scope, total in of_group:
            found = [material.best.get(scope._replace(group=part.slug)) for part in parts]
            terms = [result for result in found if result is not None]
            if len(terms) < len(parts):
                continue
            counts = [_additive(result) for result in (total, *terms)]
            if None not in counts:
                yield from _sum("pool", total, terms, counts)
            else:
                yield from _between(total, terms)


def _sum(
    name: str, total: Result, terms: list[Result], counts: list[int | None]
) -> Iterator[Finding]:
    whole, *parts = [count or 0 for count in counts]
    if whole == sum(parts):
        yield rules()[name].passed([total, *terms])
        return
    printed = "; ".join(told(result) for result in terms)
    yield rules()[name].check(
        Verdict.INCONSISTENT,
        [total, *terms],
        f"{' + '.join(map(str, parts))}, printed {whole}: {told(total)}; {printed}",
        computed=str(sum(parts)),
    )


def _additive(result: Result) -> int | None:
    return count_of(result) if result.count_unit in _ADDITIVE else None


def _between(total: Result, terms: list[Result]) -> Iterator[Finding]:
    results = [total, *terms]
    if total.statistic in {Statistic.PERCENT, Statistic.PROPORTION}:
        shares = [percent_of(result) for result in results]
        spans = [Span.of(*share) for share in shares if share is not None]
    elif total.statistic is Statistic.MEDIAN and total.interval_kind is not IntervalKind.CONFIDENCE:
        # A median read off a survival curve may leave the range of its parts by censoring.
        if any(result.interval_kind is IntervalKind.CONFIDENCE for result in terms):
            return
        spans = [item for result in results if (item := span(result.value)) is not None]
    else:
        return
    if len(spans) < len(results):
        return
    whole, *parts = spans
    if whole.may_equal(Span(min(p.low for p in parts), max(p.high for p in parts))):
        yield rules()["strata"].passed(results)
    else:
        printed = "; ".join(told(result) for result in terms)
        yield rules()["strata"].check(
            Verdict.INCONSISTENT, results, f"{told(total)}; parts {printed}"
        )


def categories(material: Material) -> Iterator[Finding]:
    """Sum the categories of a whole in each group where all are printed."""
    families: dict[Scope, dict[str, Result]] = {}
    for scope, result in material.best.items():
        if scope.statistic == "frequency":
            key = scope.without("variable", "definition")
            families.setdefault(key, {})[scope.variable] = result
    for relation in (*relations("categories"), *relations("disjoint")):
        for scope, found in families.items():
            if relation.study in {"", scope.study}:
                yield from _category(material, relation, scope, found)


def _category(
    material: Material, relation: Relation, scope: Scope, found: dict[str, Result]
) -> Iterator[Finding]:
    needed = (relation.whole, *relation.parts) if relation.whole else relation.parts
    if any(name not in found for name in needed):
        return
    terms = [found[name] for name in (*relation.parts, *relation.optional) if name in found]
    counts = [_additive(result) for result in terms]
    whole = found.get(relation.whole)
    total = _additive(whole) if whole is not None else None
    if None not in counts and (whole is None or total is not None):
        if whole is None:
            group = material.groups.get(scope.group)
            totals = {result.total for result in terms}
            total = next(iter(totals)) if len(totals) == 1 else None
            total = total if total is not None else (group.size if group else None)
        summed = sum(filter(None, counts))
        if total is None:
            return
        results = terms if whole is None else [whole, *terms]
        if total == summed or (relation.kind == "disjoint" and total > summed):
            yield rules()["categories"].passed(results)
            return
        listed = " + ".join(f"{count} {r.variable}" for count, r in zip(counts, terms, strict=True))
        yield rules()["categories"].check(
            Verdict.INCONSISTENT,
            results,
            f"{listed}, printed {total} {relation.whole or 'in the group'}",
            computed=str(summed),
        )
        return
    yield from _percentages(relation, whole, terms)


def _percentages(
    relation: Relation, whole: Result | None, terms: list[Result]
) -> Iterator[Finding]:
    shares = [percent_of(result) for result in ([whole] if whole else []) + terms]
    if None in shares or len({result.total for result in terms}) > 1:
        return
    # One unit each: a percentage that is truncated is another rule's finding.
    spans = [Span.of(*share, units=Decimal(1)) for share in shares if share is not None]
    total = spans.pop(0) if whole else Span.exact(100)
    summed = sum(spans, Span.exact(0))
    results = ([whole] if whole else []) + terms
    if summed.may_equal(total) or (relation.kind == "disjoint" and summed.high < total.low):
        yield rules()["categories"].passed(results)
        return
    listed = " + ".join(f"{r.value.text} {r.variable}" for r in terms if r.value)
    yield rules()["categories"].check(
        Verdict.INCONSISTENT,
        results,
        f"{listed}, printed {told(whole) if whole else '100 %'}",
        computed=str((summed.low + summed.high) / 2),
    )
