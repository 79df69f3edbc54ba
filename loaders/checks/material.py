"""The results of each source, arranged so that only those about the same thing are compared."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from operator import itemgetter
from typing import NamedTuple

from evikg.analysis.rounding import Span
from evikg.graph.derive import rank, resolved_definitions
from evikg.graph.numbers import Printed
from evikg.graph.quantity import quantity_key
from evikg.graph.records import Definition, Group, Result, Variable
from evikg.graph.shares import number
from evikg.ontology import Statistic


class Scope(NamedTuple):
    """Everything that two results must have in common to be about the same thing.

    Who prints them, the unit and the basis of grades stand before the parts of a `QuantityKey`.
    """

    source: str
    directness: str
    unit: str  # of statistics that are no frequency
    grade_basis: str
    study: str
    group: str
    comparator: str
    variable: str
    definition: str
    statistic: str
    time: str
    grade: str
    seriousness: str
    causality: str
    count_unit: str
    window: str
    predictor: str
    increment: str
    adjustment: str

    def without(self, *names: str) -> "Scope":
        """Return the scope with some parts left open."""
        return self._replace(**dict.fromkeys(names, ""))


class Material:
    """One printing of each quantity in each source, by scope, with the groups and definitions.

    Of several printings in one source the most complete stands for all: that the others differ is
    a discrepancy, not another contradiction.
    """

    def __init__(
        self,
        results: Iterable[Result],
        groups: Iterable[Group],
        variables: Iterable[Variable] = (),
        definitions: Iterable[Definition] = (),
    ) -> None:
        """Arrange the results."""
        self.results = list(results)
        self.groups = {group.slug: group for group in groups}
        self.variables = {variable.slug: variable for variable in variables}
        self.origins = {item.slug: item.origin for item in definitions if item.origin}
        of_study: dict[str, set[int]] = defaultdict(set)
        for group in self.groups.values():
            if group.size:
                of_study[group.study].add(group.size)
        self.sizes = {study: tuple(sorted(sizes)) for study, sizes in of_study.items()}
        resolved = resolved_definitions(self.results)
        printings: dict[Scope, list[Result]] = defaultdict(list)
        for result in self.results:
            printings[scope_of(result, resolved[result.slug])].append(result)
        self._printings = printings
        self.best = {scope: min(found, key=rank) for scope, found in printings.items()}
        self._ancestors: dict[str, frozenset[str]] = {}
        self._of_group: dict[str, list[tuple[Scope, Result]]] = defaultdict(list)
        for item in self.best.items():
            self._of_group[item[0].group].append(item)

    def by(self, *names: str) -> Iterator[list[tuple[Scope, Result]]]:
        """Yield the results that differ in nothing but the named parts of their scope."""
        rest = itemgetter(*(i for i, name in enumerate(Scope._fields) if name not in names))
        families: dict[object, list[tuple[Scope, Result]]] = defaultdict(list)
        for scope, result in self.best.items():
            families[rest(scope)].append((scope, result))
        yield from (family for family in families.values() if len(family) > 1)

    def spreads(self) -> Iterator[list[Result]]:
        """Yield all printings of medians and ranges that are about the same thing."""
        families: dict[Scope, list[Result]] = defaultdict(list)
        for scope, printings in self._printings.items():
            if scope.statistic in {Statistic.MEDIAN, Statistic.RANGE}:
                families[scope.without("statistic")].extend(printings)
        yield from (family for family in families.values() if len(family) > 1)

    def of_group(self, group: str) -> list[tuple[Scope, Result]]:
        """Return the results of a group, with their scopes."""
        return self._of_group.get(group, [])

    def origin(self, scope: Scope) -> str | None:
        """Return the time origin of a result, where its definition states one."""
        return self.origins.get(scope.definition)

    def within(self, variable: str, ancestor: str) -> bool:
        """Tell whether a variable is, or is narrower than, another one."""
        return ancestor in self.ancestors(variable)

    def ancestors(self, variable: str) -> frozenset[str]:
        """Return a variable with all that are broader."""
        if variable not in self._ancestors:
            found, open_ = {variable}, [variable]
            while open_:
                known = self.variables.get(open_.pop())
                above = [slug for slug in (known.broader if known else ()) if slug not in found]
                found.update(above)
                open_.extend(above)
            self._ancestors[variable] = frozenset(found)
        return self._ancestors[variable]

    def above(self, group: str) -> Iterator[str]:
        """Yield the groups that a group is a subgroup of, nearest first."""
        seen = {group}
        parent = self.groups[group].subgroup_of if group in self.groups else None
        while parent and parent not in seen:
            yield parent
            seen.add(parent)
            parent = self.groups[parent].subgroup_of if parent in self.groups else None


def scope_of(result: Result, definition: str | None) -> Scope:
    """Return the scope of a result under its definition."""
    return Scope(
        result.source,
        result.directness.value,
        "" if result.statistic.is_frequency else result.unit or "",
        result.grade_basis or "",
        *quantity_key(result, definition),
    )


def span(printed: Printed | None, units: str = "0.5") -> Span | None:
    """Return what a printed number may stand for; None where it is no plain number."""
    plain = number(printed)
    if plain is None or printed is None:
        return None
    return Span.of(plain, printed.decimals, units=Decimal(units))


def told(result: Result) -> str:
    """Write a result as an input of a check: what is printed, and its line."""
    return f"{result.printed} (line {result.line})"
