"""Numbers under another label: a sibling variable, another group, grade, time or count unit."""

from collections.abc import Hashable, Iterator
from decimal import Decimal
from difflib import SequenceMatcher

from evikg.graph.records import Result
from evikg.ontology import DiscrepancyType, VariableKind

from .differences import Finding, amount, is_precise, same_interval, same_numbers, values
from .printings import Printings, Quantity, apart

_TYPE = DiscrepancyType
#: Parts of a key that a number may be attached to wrongly, with the type of that disagreement.
_PARTS = {
    "group": _TYPE.LABEL,
    "variable": _TYPE.LABEL,
    "grade": _TYPE.LABEL,
    "seriousness": _TYPE.LABEL,
    "causality": _TYPE.LABEL,
    "time": _TYPE.TIME,
    "count_unit": _TYPE.UNIT,
}
#: How alike the names of two adverse events are that one takes for the other.
_ALIKE = 0.8
_COINCIDENCE = 0.05
#: How many times fewer candidates count where a number is wrong anyway.
_WRONG = 10
#: Patients with an event are hardly as many as events, none having two.
_MANY = 15
_COMMON = frozenset(map(Decimal, (0, 50, 100)))


def misplaced(quantity: Quantity, found: Finding, among: Printings) -> Finding | None:
    """Tell where the numbers of a finding stand under another label.

    Each is looked for among what the study prints under a key that differs in one part only.
    """
    neighbours = list(_neighbours(quantity, among))
    first = amount(found.results[0].value, found.results[0])
    odd = [x for x in found.results[1:] if amount(x.value, x) != first]
    for result in odd:
        for other, part in neighbours:
            source = other.first
            if _prints(quantity, source, result):
                continue
            # The number is wrong where it stands, so that a coincidence is the less likely.
            if _hardly_by_chance(result, source, len(neighbours) // _WRONG, among):
                return Finding(
                    _PARTS[part],
                    found.results,
                    f"values {values(found.results)}; {values([result])} is printed for"
                    f" another {_word(part)}, {_of(other, part, among)}"
                    f" ({source.source} line {source.line})",
                )
    return None


def misattributed(among: Printings) -> Iterator[Finding]:
    """Find cited numbers that the study's own document prints, but under another label."""
    for quantity in among.quantities:
        if not quantity.is_cited_only or among.root(quantity.key.study) not in among.reported:
            continue
        own_ones = [x for x in _neighbours(quantity, among) if not x[0].is_cited_only]
        for other, part in own_ones:
            cited, own = quantity.first, other.first
            counted = part == "count_unit" and _is_of_many(cited)
            if (counted and same_numbers(cited, own)) or _hardly_by_chance(
                cited, own, len(own_ones), among
            ):
                yield Finding(
                    _PARTS[part],
                    (*other.printings, *quantity.printings),
                    f"cited {_word(part)}: {_of(quantity, part, among)};"
                    f" own: {_of(other, part, among)}",
                )


def relabelled(among: Printings) -> Iterator[Finding]:
    """Find one number under two variables that are never printed side by side.

    They are siblings with the same value and interval, or with the same value as two citing
    documents have it; or adverse events with names that are taken for one another.
    """
    names = ("variable", "definition", "group", "study")

    def trait(quantity: Quantity) -> Hashable:
        value = amount(quantity.first.value, quantity.first)
        role = among.role(quantity.key.group)
        return value and (quantity.key.without(*names), role, value.dimension, value.raw)

    for family in among.sharing(trait):
        for a, b in apart(family):
            if a.key.variable == b.key.variable or not same_numbers(a.first, b.first):
                continue
            if _by_citation(a, b, among) or _by_interval(a, b, among) or _by_name(a, b, among):
                first, second = sorted((a, b), key=lambda x: (x.is_cited_only, x.slug))
                labels = [_of(x, "variable", among) for x in (first, second)]
                yield Finding(
                    _TYPE.LABEL,
                    (*first.printings, *second.printings),
                    "one number, two variables: " + " / ".join(labels),
                )


def misnamed(among: Printings) -> Iterator[Finding]:
    """Find printings that name a quantity by the name of a sibling of its variable."""
    names: dict[str, set[str]] = {}
    for known in among.variables.values():
        for name in (known.label, *known.alt):
            names.setdefault(name.casefold(), set()).add(known.slug)
    for quantity in among.quantities:
        variable = quantity.key.variable
        terms = {
            x.slug: names.get((x.printed_term or "").casefold(), set()) for x in quantity.printings
        }
        other = [
            x
            for x in quantity.printings
            if terms[x.slug]
            and all(among.siblings(variable, named) for named in terms[x.slug])
            and not _shortened(x.printed_term or "", variable, among)
        ]
        rightly = [x for x in quantity.printings if x not in other and x.printed_term]
        if other and rightly:
            words = dict.fromkeys(x.printed_term or "" for x in (*rightly, *other))
            yield Finding(
                _TYPE.LABEL,
                tuple(x for x in quantity.printings if x in other or x in rightly),
                "one quantity, two names: " + " / ".join(words),
            )


def _neighbours(quantity: Quantity, among: Printings) -> Iterator[tuple[Quantity, str]]:
    """Yield the quantities whose keys differ from one's in one nameable part, with the part."""
    for part in _PARTS:
        mine = getattr(quantity.key, part)
        if not mine:
            continue
        for other in among.like(quantity, part):
            theirs = getattr(other.key, part)
            if theirs in {"", mine}:
                continue
            if part == "variable" and not among.siblings(mine, theirs):
                continue
            yield other, part


def _hardly_by_chance(a: Result, b: Result, candidates: int, among: Printings) -> bool:
    """Tell whether two numbers are the same, and that one of some candidates is so by no chance.

    Both have one interval; or the value has decimals and could have been one of so many numbers
    that a coincidence with any candidate is to be expected in one of twenty cases at most.
    """
    if not same_numbers(a, b):
        return False
    if same_interval(a, b):
        return True
    group = among.groups.get(a.group)
    size = group.size if group else None
    if a.value is None or a.value.number is None or not (is_precise(a) and is_precise(b)):
        return False
    if a.unit == "%":
        # Nobody, half and everybody are no rare shares; of N patients N + 1 shares exist.
        rare = a.value.number not in _COMMON
        possible = (size or a.total or 10 ** (a.value.decimals + 1)) + 1
    else:
        # Times are often observed in whole months: 8.0 is then as common as 8.
        rare, possible = a.value.number % 1 != 0, 10 ** (a.value.decimals + 1)
    return rare and candidates <= _COINCIDENCE * possible


def _is_of_many(result: Result) -> bool:
    """Tell whether a count is of so many, whatever the grade, that some had two events."""
    return (result.events or 0) >= _MANY and (result.grade is None or result.grade.text == "any")


def _prints(quantity: Quantity, other: Result, odd: Result) -> bool:
    """Tell whether a quantity has the other's number in a printing that is not the odd one."""
    return any(x is not odd and same_numbers(x, other) for x in quantity.printings)


def _by_citation(a: Quantity, b: Quantity, among: Printings) -> bool:
    return (
        (a.is_cited_only or b.is_cited_only)
        and not a.sources & b.sources
        and not a.first.statistic.is_frequency
        and is_precise(a.first)
        and among.siblings(a.key.variable, b.key.variable)
    )


def _by_interval(a: Quantity, b: Quantity, among: Printings) -> bool:
    siblings = among.siblings(a.key.variable, b.key.variable)
    return siblings and a.key.group == b.key.group and same_interval(a.first, b.first)


def _by_name(a: Quantity, b: Quantity, among: Printings) -> bool:
    known = [among.variables.get(x.key.variable) for x in (a, b)]
    labels = [x.label for x in known if x and x.kind is VariableKind.ADVERSE_EVENT]
    if len(labels) < 2 or a.key.group != b.key.group or not a.first.events:
        return False
    related = {a.key.variable, *among.ancestors(a.key.variable)} & {
        b.key.variable,
        *among.ancestors(b.key.variable),
    }
    return (
        not related
        and SequenceMatcher(None, labels[0], labels[1], autojunk=False).ratio() >= _ALIKE
    )


def _shortened(term: str, variable: str, among: Printings) -> bool:
    """Tell whether a printed term only shortens or lengthens a name of the variable."""
    known = among.variables.get(variable)
    words = set(term.casefold().split())
    names = (known.label, *known.alt) if known else ()
    return any(words <= set(x.casefold().split()) for x in names)


def _of(quantity: Quantity, part: str, among: Printings) -> str:
    value: str = getattr(quantity.key, part)
    if part == "variable" and value in among.variables:
        return among.variables[value].label
    if part == "group" and value in among.groups:
        return among.groups[value].label
    return value


def _word(part: str) -> str:
    return {"count_unit": "count unit"}.get(part, part)
