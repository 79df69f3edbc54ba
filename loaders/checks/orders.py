"""Rules on numbers in an order: narrower and wider counts, ranges, a part and its whole."""

from collections.abc import Iterator
from itertools import permutations

from evikg.analysis.rounding import Span
from evikg.graph.records import Result
from evikg.graph.shares import count_of, percent_of
from evikg.ontology import Causality, CountUnit, GradeBasis, IntervalKind, Seriousness, Verdict

from .material import Material, span, told
from .rules import Finding, rules


def quartiles(material: Material) -> Iterator[Finding]:
    """Look for an interquartile range, and every median, inside the range of the same thing."""
    for printings in material.spreads():
        ranges = [x for x in printings if x.interval_kind is IntervalKind.RANGE]
        for outer in ranges:
            low, high = span(outer.interval_low), span(outer.interval_high)
            if low is None or high is None:
                continue
            for inner in printings:
                parts = [span(inner.value)]
                if inner.interval_kind is IntervalKind.INTERQUARTILE:
                    parts += [span(inner.interval_low), span(inner.interval_high)]
                if inner is outer or parts == [None]:
                    continue
                if all(_inside(part, low, high) for part in parts):
                    yield rules()["quartiles"].passed([inner, outer])
                else:
                    yield rules()["quartiles"].check(
                        Verdict.INCONSISTENT, [inner, outer], f"{told(inner)} in {told(outer)}"
                    )


def _inside(part: Span | None, low: Span, high: Span) -> bool:
    return part is None or (low.may_be_at_most(part) and part.may_be_at_most(high))


def grades(material: Material) -> Iterator[Finding]:
    """Compare spans of grades with wider ones, and the sum of disjoint ones with any grade."""
    for family in material.by("grade", "grade_basis"):
        results = [result for _, result in family if result.grade and result.grade.low]
        for wide, narrow in permutations(results, 2):
            if _covers(wide, narrow):
                yield from order("grades", narrow, wide)
        for total in results:
            if total.grade and total.grade.text == "any":
                yield from _grade_sum(total, results)


def _covers(wide: Result, narrow: Result) -> bool:
    outer, inner = wide.grade, narrow.grade
    if outer is None or inner is None or outer.text == inner.text:
        return False
    if outer.text != "any" and wide.grade_basis != narrow.grade_basis:
        return False
    low, high = outer.low or 0, outer.high or 0
    return low <= (inner.low or 0) and (inner.high or 0) <= high


def _grade_sum(total: Result, results: list[Result]) -> Iterator[Finding]:
    """Sum disjoint grades of what has one grade: events, and patients by their maximum."""
    if total.count_unit in {CountUnit.EVENTS, CountUnit.CASES}:
        parts = [x for x in results if x.grade_basis is not GradeBasis.MAXIMUM]
    else:
        parts = [x for x in results if x.grade_basis is GradeBasis.MAXIMUM]
    taken: list[Result] = []
    reached = 0
    for part in sorted(parts, key=lambda x: (x.grade.high, x.grade.low) if x.grade else ()):
        if part.grade and part.grade.text != "any" and (part.grade.low or 0) > reached:
            taken.append(part)
            reached = part.grade.high or 0
    counts = [count_of(result) for result in (total, *taken)]
    if len(taken) < 2 or None in counts:
        return
    whole, *summed = [count or 0 for count in counts]
    if sum(summed) <= whole:
        yield rules()["grade-sum"].passed([total, *taken])
    else:
        printed = "; ".join(told(result) for result in taken)
        yield rules()["grade-sum"].check(
            Verdict.INCONSISTENT,
            [total, *taken],
            f"{' + '.join(map(str, summed))} by grade, any grade {whole}: {told(total)}; {printed}",
            computed=str(sum(summed)),
        )


def seriousness(material: Material) -> Iterator[Finding]:
    """Compare serious events with all events."""
    for family in material.by("seriousness", "definition"):
        some = [x for _, x in family if x.seriousness is Seriousness.SERIOUS]
        every = [x for _, x in family if x.seriousness is Seriousness.ALL]
        yield from _pairs("seriousness", some, every)


def causality(material: Material) -> Iterator[Finding]:
    """Compare drug-related events with events of any cause."""
    for family in material.by("causality", "definition"):
        some = [x for _, x in family if x.causality is Causality.DRUG_RELATED]
        every = [x for _, x in family if x.causality is Causality.ALL]
        yield from _pairs("causality", some, every)


def subgroups(material: Material) -> Iterator[Finding]:
    """Compare the count of a subgroup with that of each group above it."""
    for scope, inner in material.best.items():
        if scope.statistic != "frequency":
            continue
        for group in material.above(scope.group):
            outer = material.best.get(scope._replace(group=group))
            if outer and None not in (count_of(inner), count_of(outer)):
                yield from order("subgroup", inner, outer)


def outside_subgroups(material: Material) -> Iterator[Finding]:
    """Compare the patients of a group with those of its subgroup and all who are outside it."""
    rule = rules()["outside-subgroup"]
    for scope, inner in material.best.items():
        if inner.count_unit is not CountUnit.PATIENTS or scope.group not in material.groups:
            continue
        size = material.groups[scope.group].size
        # Of those of the subgroup who were not assessed, some may be counted in the group.
        if size is None or inner.total not in {None, size}:
            continue
        for group in material.above(scope.group):
            outer = material.best.get(scope._replace(group=group))
            whole = material.groups[group].size if group in material.groups else None
            counts = count_of(inner), count_of(outer) if outer else None
            if outer is None or whole is None or counts[0] is None or counts[1] is None:
                continue
            outside, others = counts[1] - counts[0], whole - size
            if outside <= max(others, 0):
                yield rule.passed([inner, outer])
            else:
                yield rule.check(
                    Verdict.INCONSISTENT,
                    [inner, outer],
                    f"{told(outer)} of {whole}; {told(inner)} of {size}",
                    computed=f"{outside} outside the subgroup, of {others} patients",
                )


def patients_and_events(material: Material) -> Iterator[Finding]:
    """Compare patients with an event with the events that were counted."""
    for family in material.by("count_unit", "grade_basis"):
        patients = [x for _, x in family if x.count_unit is CountUnit.PATIENTS]
        events = [x for _, x in family if x.count_unit is CountUnit.EVENTS]
        for some in patients:
            for every in events:
                if None not in (count_of(some), count_of(every)):
                    yield from order("patients-events", some, every)


def exceeds(narrow: Result, wide: Result) -> bool | None:
    """Tell whether a part is certainly more than its whole, in counts or in percent of the same.

    None where the two cannot be compared.
    """
    counts = count_of(narrow), count_of(wide)
    if None not in counts:
        return counts[0] > counts[1]  # type: ignore[operator]
    shares = percent_of(narrow), percent_of(wide)
    if None in shares or narrow.total != wide.total or narrow.total is None:
        return None
    inner, outer = (Span.of(*share) for share in shares if share is not None)
    return not inner.may_be_at_most(outer)


def _pairs(name: str, some: list[Result], every: list[Result]) -> Iterator[Finding]:
    for narrow in some:
        for wide in every:
            yield from order(name, narrow, wide)


def order(name: str, narrow: Result, wide: Result) -> Iterator[Finding]:
    """Compare a part with its whole under the rule of a name."""
    rule = rules()[name]
    more = exceeds(narrow, wide)
    if more is False:
        yield rule.passed([narrow, wide])
    elif more:
        yield rule.check(Verdict.INCONSISTENT, [narrow, wide], f"{told(narrow)} of {told(wide)}")
