"""Printings of one quantity that differ: of what kind the difference is, and which is supported."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence

from evikg.graph.derive import Derived, rank
from evikg.graph.records import Definition, Discrepancy, Group, Result, Study, Variable
from evikg.ontology import Directness, DiscrepancyType

from . import mislabelled, reports
from .differences import (
    Finding,
    differing_intervals,
    differing_p_values,
    differing_totals,
    differing_values,
)
from .printings import Printings, Quantity
from .support import supported

_FINDERS = (
    mislabelled.misnamed,
    mislabelled.misattributed,
    mislabelled.relabelled,
    reports.definitions,
    reports.times,
    reports.denominators,
    reports.reports,
)


def discrepancies(
    results: Sequence[Result],
    derived: Iterable[Derived],
    groups: Iterable[Group] = (),
    variables: Iterable[Variable] = (),
    definitions: Iterable[Definition] = (),
    studies: Iterable[Study] = (),
) -> Iterator[Discrepancy]:
    """Compare the printings of each quantity, and of quantities that are meant to be the same.

    One discrepancy for each quantity and type, and for each pair of quantities.
    """
    among = Printings(results, derived, groups, variables, definitions, studies)
    for quantity in among.quantities:
        for finding in _within(quantity, among):
            support = supported(finding.results, quantity, among)
            yield _discrepancy(finding, f"{quantity.slug}-{finding.type.word}", support)
    seen = set()
    for find in _FINDERS:
        for finding in find(among):
            slug = f"{finding.type.word}-{_digest(finding.results)}"
            if slug not in seen:
                seen.add(slug)
                decidable = finding.type is DiscrepancyType.DENOMINATOR
                support = supported(finding.results, None, among) if decidable else None
                yield _discrepancy(finding, slug, support)


def _within(quantity: Quantity, among: Printings) -> Iterator[Finding]:
    """Yield what the printings of one quantity differ in, one finding a type."""
    if len(quantity.printings) < 2:
        return
    found: dict[DiscrepancyType, Finding] = {}
    tests = (differing_values, differing_totals, differing_intervals, differing_p_values)
    for test in tests:
        finding = test(quantity.printings)
        if finding is None:
            continue
        if finding.type is DiscrepancyType.VALUE:
            finding = mislabelled.misplaced(quantity, finding, among) or finding
        earlier = found.get(finding.type)
        if earlier:
            both = {*earlier.results, *finding.results}
            finding = Finding(
                finding.type,
                tuple(x for x in quantity.printings if x in both),
                f"{earlier.note}; {finding.note}",
            )
        found[finding.type] = finding
    yield from found.values()


def _discrepancy(finding: Finding, slug: str, support: Result | None) -> Discrepancy:
    printings = sorted(finding.results, key=rank)
    note = finding.note
    if {x.directness for x in printings} == {Directness.OWN, Directness.CITED}:
        own = dict.fromkeys(x.printed for x in printings if x.directness is Directness.OWN)
        note += f"; own: {' / '.join(own)}"
    return Discrepancy(
        slug=slug,
        type=finding.type,
        results=tuple(sorted({x.slug for x in printings})),
        note=note,
        supports=support.slug if support else None,
    )


def _digest(results: Iterable[Result]) -> str:
    text = "\x1f".join(sorted({result.slug for result in results}))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
