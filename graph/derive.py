"""What follows from the results as a whole: quantities, primary printings, and containment.

Double counting is prevented by data. Every printing of the same quantity points to one
`ev:quantity`; one of them is `ev:primary`; and a primary frequency that is part of another one
(a narrower term, a subgroup, a part of a pool, a higher grade) says so with `ev:countedIn`.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache

import networkx as nx

from evikg.ontology import Causality, Directness, Seriousness

from .quantity import QuantityKey, quantity_key
from .records import Grade, Group, Result, Variable


@dataclass(frozen=True, slots=True)
class Derived:
    """What is derived for one result: its quantity, whether it is primary, what contains it."""

    result: str
    quantity: str
    primary: bool
    counted_in: tuple[str, ...]


def derive(
    results: Iterable[Result],
    groups: Iterable[Group],
    variables: Iterable[Variable],
) -> list[Derived]:
    """Derive quantities, primary printings and containment, one item a result, in order."""
    everything = list(results)
    definitions = resolved_definitions(everything)
    quantities: dict[str, list[Result]] = defaultdict(list)
    quantity_of: dict[str, str] = {}
    for result in everything:
        slug = _slug(quantity_key(result, definitions[result.slug]))
        quantities[slug].append(result)
        quantity_of[result.slug] = slug
    primary = {min(printings, key=rank).slug for printings in quantities.values()}
    containers = _containers(
        [result for result in everything if result.slug in primary],
        _group_containment(list(groups)),
        _containment((v.slug, v.broader) for v in variables),
    )
    return [
        Derived(
            result.slug,
            quantity_of[result.slug],
            result.slug in primary,
            tuple(containers.get(result.slug, ())),
        )
        for result in everything
    ]


def resolved_definitions(results: list[Result]) -> dict[str, str | None]:
    """Return the definition of each result.

    A printing that names none, as in an abstract or where it is cited, has the one that all other
    printings of the same thing name.
    """
    named: dict[QuantityKey, set[str]] = defaultdict(set)
    keys = {result.slug: quantity_key(result, None) for result in results}
    for result in results:
        if result.definition:
            named[keys[result.slug]].add(result.definition)
    found: dict[str, str | None] = {}
    for result in results:
        others = named[keys[result.slug]]
        sole = next(iter(others)) if len(others) == 1 else None
        found[result.slug] = result.definition or sole
    return found


def _slug(key: QuantityKey) -> str:
    return hashlib.sha256("\x1f".join(key).encode()).hexdigest()[:16]


def rank(result: Result) -> tuple[object, ...]:
    """Order printings: own before cited, table before text before abstract, complete first."""
    place = result.locator.lower()
    where = 0 if place.startswith(("table", "figure")) else 2 if place == "abstract" else 1
    sections = ("results", "discussion", "introduction")
    section = next((i for i, name in enumerate(sections) if place.startswith(name)), len(sections))
    return (
        result.directness is Directness.CITED,
        where,
        result.events is None or result.total is None,
        result.interval_kind is None,
        section,
        result.source,
        result.line,
        result.slug,
    )


def _containment(edges: Iterable[tuple[str, tuple[str | None, ...]]]) -> set[tuple[str, str]]:
    return {(inner, outer) for inner, outers in edges for outer in outers if outer}


def _group_containment(groups: list[Group]) -> set[tuple[str, str]]:
    """Return (inner, outer) pairs: subgroups, parts of pools, and pools of some of the parts."""
    pools = {group.slug: frozenset(group.pools) for group in groups if group.pools}
    of_part: dict[str, list[str]] = defaultdict(list)
    for slug, parts in pools.items():
        for part in parts:
            of_part[part].append(slug)
    return (
        _containment((group.slug, (group.subgroup_of,)) for group in groups)
        | _containment((part, (slug,)) for part, slugs in of_part.items() for slug in slugs)
        | {
            (inner, outer)
            for inner, parts in pools.items()
            # Whatever holds all the parts holds any one of them.
            for outer in of_part[next(iter(parts))]
            if parts < pools[outer]
        }
    )


def _containers(
    results: list[Result],
    group_edges: set[tuple[str, str]],
    variable_edges: set[tuple[str, str]],
) -> dict[str, list[str]]:
    outer_groups, outer_variables = _reach(group_edges), _reach(variable_edges)
    peers: dict[tuple[str, ...], list[Result]] = defaultdict(list)
    for result in results:
        if result.statistic.is_frequency and not result.comparator:
            peers[*_counted(result), result.group, result.variable].append(result)
    found: dict[str, list[str]] = {}
    for alike in list(peers.values()):
        for inner in alike:
            containers = [
                outer.slug
                for group in outer_groups(inner.group)
                for variable in outer_variables(inner.variable)
                for outer in peers.get((*_counted(inner), group, variable), ())
                if outer is not inner and _within(inner, outer)
            ]
            if containers:
                found[inner.slug] = sorted(containers)
    return found


def _counted(result: Result) -> tuple[str, ...]:
    """Return what a frequency has in common with all that may contain it."""
    return (
        result.study,
        result.count_unit or "",
        str(result.timepoint or ""),
        result.timepoint_unit or "",
        result.onset_window or "",
    )


def _reach(edges: set[tuple[str, str]]) -> Callable[[str], frozenset[str]]:
    """Return what tells of a slug all that contains it, itself included."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_edges_from(edges)  # given to the constructor, they would have it import pandas

    @cache
    def reach(start: str) -> frozenset[str]:
        return frozenset({start, *(nx.descendants(graph, start) if start in graph else ())})

    return reach


def _within(inner: Result, outer: Result) -> bool:
    """Tell whether one result's grade, seriousness and causality lie within another's."""
    same_scope = (
        inner.group == outer.group
        and inner.variable == outer.variable
        and inner.grade == outer.grade
        and inner.seriousness == outer.seriousness
        and inner.causality == outer.causality
    )
    return (
        not same_scope
        and _grade_within(inner.grade, outer.grade)
        and outer.seriousness in {inner.seriousness, Seriousness.ALL}
        and outer.causality in {inner.causality, Causality.ALL}
        and (inner.seriousness is None) == (outer.seriousness is None)
        and (inner.causality is None) == (outer.causality is None)
    )


def _grade_within(inner: Grade | None, outer: Grade | None) -> bool:
    if inner is None or outer is None:
        return inner is outer
    if inner == outer or outer.text == "any":
        return True
    if inner.low is None or inner.high is None or outer.low is None or outer.high is None:
        return False
    return outer.low <= inner.low and inner.high <= outer.high


def by_quantity(derived: Iterable[Derived]) -> Iterator[tuple[str, list[str]]]:
    """Group the slugs of results by their quantity, sorted."""
    groups: dict[str, list[str]] = defaultdict(list)
    for item in derived:
        groups[item.quantity].append(item.result)
    yield from sorted(groups.items())
