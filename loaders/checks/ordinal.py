"""Rules on ordered categories: their counts against a printed median, quartiles and range."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from evikg.analysis.quantiles import extremes, quantile
from evikg.analysis.rounding import Span
from evikg.graph.records import Result
from evikg.graph.shares import count_of
from evikg.ontology import CountUnit, IntervalKind, Statistic, Verdict

from .material import Material, Scope, span, told
from .relations import Relation, relations
from .rules import Finding, rules


def ordinal(material: Material) -> Iterator[Finding]:
    """Compare what is printed of an ordered variable with the cases in each of its categories."""
    for relation in relations("ordinal"):
        for scope, result in material.best.items():
            if scope.variable != relation.whole or scope.comparator:
                continue
            if scope.statistic not in {Statistic.MEDIAN, Statistic.RANGE}:
                continue
            yield from _compared(material, relation, scope, result)


def _compared(
    material: Material, relation: Relation, scope: Scope, result: Result
) -> Iterator[Finding]:
    found = _categories(material, relation, scope)
    counts = {value: count_of(category) or 0 for value, category in found.items()}
    group = material.groups.get(scope.group)
    # Only if the categories are all there is do they say where the middle and the ends are.
    if not counts or group is None or sum(counts.values()) != group.size:
        return
    rule = rules()["ordinal"]
    wrong = [
        f"{what} {_shown(possible)}"
        for what, number, possible in _printed(result, counts, _open(relation))
        if not number.may_equal(possible)
    ]
    results = [result, *found.values()]
    if not wrong:
        yield rule.passed(results)
        return
    listed = ", ".join(f"{value}: {count}" for value, count in sorted(counts.items()))
    yield rule.check(
        Verdict.INCONSISTENT, results, f"{told(result)}; {listed}", computed="; ".join(wrong)
    )


def _categories(material: Material, relation: Relation, scope: Scope) -> dict[int, Result]:
    """Return the counts of patients by category of one group, by value."""
    values = _values(relation)
    return {
        values[other.variable]: result
        for other, result in material.of_group(scope.group)
        if other.variable in values
        and result.count_unit is CountUnit.PATIENTS
        and count_of(result) is not None
        and (other.source, other.study, other.directness, other.time, other.window)
        == (scope.source, scope.study, scope.directness, scope.time, scope.window)
    }


def _values(relation: Relation) -> dict[str, int]:
    """Return the value of each category, of an open one (`=3+`) the least."""
    named = (part.partition("=") for part in relation.parts)
    return {name: int(value.removesuffix("+")) for name, _, value in named}


def _open(relation: Relation) -> int | None:
    """Return the value from which on the last category holds every higher one, if it is open."""
    return max(_values(relation).values()) if relation.parts[-1].endswith("+") else None


def _printed(
    result: Result, counts: Mapping[int, int], open_from: int | None
) -> Iterator[tuple[str, Span, Span]]:
    """Yield what each printed number is, what it may stand for, and what by the categories."""
    lowest, highest = (Span.exact(value) for value in extremes(counts))
    items = []
    if result.statistic is Statistic.MEDIAN:
        items.append(("median", result.value, quantile(counts, Fraction(1, 2))))
    if result.interval_kind is IntervalKind.INTERQUARTILE:
        items.append(("first quartile", result.interval_low, quantile(counts, Fraction(1, 4))))
        items.append(("third quartile", result.interval_high, quantile(counts, Fraction(3, 4))))
    if result.interval_kind is IntervalKind.RANGE:
        items += [("minimum", result.interval_low, lowest)]
        items += [("maximum", result.interval_high, highest)]
    for what, number, possible in items:
        spanned = span(number)
        if spanned is not None:
            unbounded = open_from is not None and possible.high >= open_from
            yield (
                what,
                spanned,
                Span(possible.low, Decimal("Infinity") if unbounded else possible.high),
            )


def _shown(possible: Span) -> str:
    low, high = possible.low, possible.high
    return str(low) if low == high else f"{low} to {high}"
