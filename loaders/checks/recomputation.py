"""Every rule over a corpus."""

from collections.abc import Callable, Iterable, Iterator

from evikg.graph.records import Check, Definition, Group, Result, Variable

from . import labels, orders, single, sums, survival
from .material import Material

#: What applies the rules of `rules.csv`, in the order of the table.
_APPLIED: tuple[Callable[[Material], Iterator[Check]], ...] = (
    single.percentages,
    single.denominators,
    single.intervals,
    single.legibility,
    single.symmetry,
    single.p_values,
    single.odds,
    sums.pooled,
    sums.categories,
    orders.quartiles,
    survival.curves,
    survival.event_order,
    survival.follow_up,
    survival.deaths,
    orders.grades,
    orders.seriousness,
    orders.causality,
    orders.subgroups,
    orders.patients_and_events,
    labels.codes,
    labels.classes,
    labels.duplicates,
)


def recompute(
    results: Iterable[Result],
    groups: Iterable[Group],
    variables: Iterable[Variable] = (),
    definitions: Iterable[Definition] = (),
) -> Iterator[Check]:
    """Check results against what is printed with them and beside them.

    Of findings that agree only percentages and intervals are kept, for the explanation of a number.

    :param variables: needed for what is narrower than survival
    :param definitions: needed for time origins
    """
    material = Material(results, groups, variables, definitions)
    seen: set[str] = set()
    for rule in _APPLIED:
        for check in rule(material):
            if check.slug not in seen:
                seen.add(check.slug)
                yield check
