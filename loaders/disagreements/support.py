"""Which of several differing printings the recomputation from other printed numbers supports."""

from collections.abc import Sequence
from decimal import Decimal

from evikg.analysis.reach import reachable
from evikg.analysis.recompute import Outcome, percentage
from evikg.graph.records import Result
from evikg.graph.shares import count_of, number, percent_of
from evikg.loaders.checks.relations import Relation, relations
from evikg.ontology import Statistic

from .differences import amount
from .printings import Printings, Quantity


def supported(results: Sequence[Result], of: Quantity | None, among: Printings) -> Result | None:
    """Return the printing that recomputation supports; None where it does not tell.

    A percentage is supported by its count and total, or by being a share of the group at all; a
    count by exhaustive categories and the sizes of subgroups; a value by its own interval. It must
    speak against every printing with another number: that one is the study's own is no support.

    :param of: the quantity, where all are printings of one
    """
    for test in (_share_fits, _inside_interval):
        fits = {result.slug: test(result, among) for result in results}
        if found := _only(results, fits):
            return found
    expected = _expected_count(of, among) if of else None
    if expected is None:
        return None
    counts = {result.slug: _count(result, among) for result in results}
    return _only(
        results,
        {slug: None if count is None else count == expected for slug, count in counts.items()},
    )


def _only(results: Sequence[Result], fits: dict[str, bool | None]) -> Result | None:
    """Return the first that fits, if every result with other numbers does not."""
    best = next((result for result in results if fits[result.slug]), None)
    if best is None:
        return None
    others = [x for x in results if _numbers(x) != _numbers(best) and not _counts(x, best)]
    return best if others and all(fits[x.slug] is False for x in others) else None


def _counts(result: Result, other: Result) -> bool:
    """Tell whether a result is a bare count, the same as stands beside another's percentage."""
    return result.statistic is Statistic.COUNT and result.events == other.events


def _numbers(result: Result) -> tuple[object, ...]:
    value = amount(result.value, result)
    bounds = (amount(x, result) for x in (result.interval_low, result.interval_high))
    return (value and value.number, *(x and x.number for x in bounds), result.total)


def _share_fits(result: Result, among: Printings) -> bool | None:
    """Tell whether a percentage follows from its count, or from some count of its group."""
    share = percent_of(result)
    total = _total(result, among)
    if share is None or total is None or not result.statistic.is_frequency:
        return None
    if not 0 <= share[0] <= 100:
        return False
    if result.events is not None:
        found = percentage(result.events, total, *share)
    else:
        found = reachable(*share, total)
    return found.outcome is Outcome.CONSISTENT


def _inside_interval(result: Result, _: Printings) -> bool | None:
    bounds = (result.interval_low, result.interval_high)
    value, low, high = (number(x) for x in (result.value, *bounds))
    if value is None or low is None or high is None:
        return None
    return low <= value <= high


def _total(result: Result, among: Printings) -> int | None:
    known = among.groups.get(result.group)
    return result.total or (known.size if known else None) or None


def _count(result: Result, among: Printings) -> int | None:
    """Return the count of a frequency as printed, or the only one that its percentage allows."""
    if result.events is not None or result.value is None or result.value.sign:
        return result.events
    share, total = percent_of(result), _total(result, among)
    if share is None or total is None or not result.statistic.is_frequency:
        return None
    if not 0 <= share[0] <= 100:
        return None
    if count := count_of(result):
        return count
    percent, decimals = share
    if Decimal(100) / total <= 3 * Decimal(1).scaleb(-decimals):
        return None
    return int((percent * total / 100).to_integral_value())


def _expected_count(quantity: Quantity, among: Printings) -> int | None:
    """Return the count that exhaustive categories of the same group leave, if they say one."""
    found = set()
    for relation in relations("categories"):
        if relation.study not in {"", quantity.key.study} or relation.optional:
            continue
        count = _from(relation, quantity, among)
        if count is not None:
            found.add(count)
    return found.pop() if len(found) == 1 else None


def _from(relation: Relation, quantity: Quantity, among: Printings) -> int | None:
    group = among.groups.get(quantity.key.group)
    if quantity.key.variable == relation.whole:
        counts = [_agreed(part, quantity, among) for part in relation.parts]
        return None if None in counts else sum(filter(None, counts))
    if quantity.key.variable not in relation.parts:
        return None
    if relation.whole:
        whole = _agreed(relation.whole, quantity, among)
    else:
        whole = group.size if group else None
    others = [_agreed(x, quantity, among) for x in relation.parts if x != quantity.key.variable]
    if whole is None or None in others:
        return None
    return whole - sum(filter(None, others))


def _agreed(variable: str, quantity: Quantity, among: Printings) -> int | None:
    """Return the count of another variable of the same group that its printings agree on."""
    counts = {
        _count(result, among)
        for other in among.like(quantity, "variable")
        if other.key.variable == variable
        for result in other.printings
    } - {None}
    return counts.pop() if len(counts) == 1 else None
