"""All printings of each quantity, and what quantities have in common: the matter of disagreements."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from operator import itemgetter

from evikg.graph.derive import Derived, by_quantity, rank, resolved_definitions
from evikg.graph.quantity import QuantityKey, quantity_key
from evikg.graph.records import Definition, Group, Result, Study, Variable
from evikg.ontology import Directness, GroupKind


@dataclass(frozen=True, slots=True)
class Quantity:
    """One quantity with all its printings, the primary one first."""

    slug: str
    key: QuantityKey
    printings: tuple[Result, ...]

    @property
    def first(self) -> Result:
        """Return the primary printing."""
        return self.printings[0]

    @property
    def sources(self) -> frozenset[str]:
        """Return the documents that print it."""
        return frozenset(result.source for result in self.printings)

    @property
    def places(self) -> frozenset[tuple[str, str]]:
        """Return where it is printed: documents with their tables, figures and sections."""
        return frozenset((x.source, x.locator.partition(",")[0]) for x in self.printings)

    @property
    def is_cited_only(self) -> bool:
        """Tell whether no printing of it is the study's own."""
        return all(result.directness is Directness.CITED for result in self.printings)


#: Groups that are an analysis set of a study or an arm: who is counted, not who they are.
ANALYSIS_SETS = frozenset(
    {
        GroupKind.ENROLLED,
        GroupKind.TREATED,
        GroupKind.RANDOMIZED,
        GroupKind.INTENTION_TO_TREAT,
        GroupKind.SAFETY,
        GroupKind.EFFECTIVENESS,
        GroupKind.ASSESSED,
        GroupKind.RESPONDERS,
        GroupKind.ASSESSED_RESPONDERS,
    }
)
_WHOLE = ANALYSIS_SETS - {GroupKind.RESPONDERS, GroupKind.ASSESSED_RESPONDERS}


class Printings:
    """The quantities of a corpus, with the groups, variables, definitions and studies they name."""

    def __init__(
        self,
        results: Sequence[Result],
        derived: Iterable[Derived],
        groups: Iterable[Group] = (),
        variables: Iterable[Variable] = (),
        definitions: Iterable[Definition] = (),
        studies: Iterable[Study] = (),
    ) -> None:
        """Arrange the results by quantity."""
        self.groups = {group.slug: group for group in groups}
        self.variables = {variable.slug: variable for variable in variables}
        self.definitions = {item.slug: item for item in definitions}
        self.studies = {study.slug: study for study in studies}
        by_slug = {result.slug: result for result in results}
        resolved = resolved_definitions(list(results))
        self.quantities: list[Quantity] = []
        for quantity, slugs in by_quantity(derived):
            printings = tuple(sorted((by_slug[slug] for slug in slugs), key=rank))
            key = quantity_key(printings[0], resolved[printings[0].slug])
            self.quantities.append(Quantity(quantity, key, printings))
        self._like: dict[str, dict[QuantityKey, list[Quantity]]] = {}
        own = [result for result in results if result.directness is Directness.OWN]
        #: Studies, and groups, that a document of the corpus reports as its own.
        self.reported = {self.root(result.study) for result in own}
        self._own_groups = {result.group for result in own}

    def families(self, *names: str) -> Iterator[list[Quantity]]:
        """Yield the quantities that differ in nothing but the named parts of their keys."""
        rest = itemgetter(*(i for i, name in enumerate(QuantityKey._fields) if name not in names))
        yield from self.sharing(lambda quantity: rest(quantity.key))

    def sharing(self, trait: Callable[[Quantity], Hashable]) -> Iterator[list[Quantity]]:
        """Yield the quantities that have a trait in common; those without it (None) are left out."""
        found: dict[Hashable, list[Quantity]] = defaultdict(list)
        for quantity in self.quantities:
            if (shared := trait(quantity)) is not None:
                found[shared].append(quantity)
        yield from (family for family in found.values() if len(family) > 1)

    def like(self, quantity: Quantity, part: str) -> list[Quantity]:
        """Return the quantities that differ from one in a part of the key only, with itself."""
        if part not in self._like:
            found: dict[QuantityKey, list[Quantity]] = defaultdict(list)
            for item in self.quantities:
                found[item.key.without(part, "definition")].append(item)
            self._like[part] = found
        return self._like[part][quantity.key.without(part, "definition")]

    def ancestors(self, variable: str) -> set[str]:
        """Return the variables that are broader than one, not itself."""
        found: set[str] = set()
        open_ = [variable]
        while open_:
            known = self.variables.get(open_.pop())
            for broader in known.broader if known else ():
                if broader not in found:
                    found.add(broader)
                    open_.append(broader)
        return found

    def siblings(self, first: str, second: str) -> bool:
        """Tell whether two variables share a broader one, and neither is broader than the other."""
        above, below = self.ancestors(first), self.ancestors(second)
        return (
            first != second and first not in below and second not in above and bool(above & below)
        )

    def above(self, group: str) -> list[str]:
        """Return the groups that a group is part of, nearest first."""
        found: list[str] = []
        known = self.groups.get(group)
        while known and known.subgroup_of and known.subgroup_of not in found:
            found.append(known.subgroup_of)
            known = self.groups.get(known.subgroup_of)
        return found

    def root(self, study: str) -> str:
        """Return the study that a report is about; the study itself where it is no report."""
        known = self.studies.get(study)
        return known.report_of if known and known.report_of else study

    def role(self, group: str) -> tuple[str, ...]:
        """Return who a group is in any report of its study: arm, criteria and sort of group.

        A group with nothing that tells it from others (a bare subgroup) is only itself.
        """
        known = self.groups.get(group)
        if known is None:
            return (group,)
        # A citing source tells not who was assessed; a study's own document does.
        unknown = known.kind is GroupKind.ASSESSED and group in self._own_groups
        if known.kind in _WHOLE and not unknown:
            sort = "whole"
        elif known.kind in {GroupKind.RESPONDERS, GroupKind.TRANSPLANTED} or (
            known.kind is GroupKind.SUBGROUP and known.criteria
        ):
            sort = known.kind.value
        else:
            return (group,)
        return (self.root(known.study), known.arm or "", sort, *sorted(known.criteria))


def apart(family: Sequence[Quantity]) -> Iterator[tuple[Quantity, Quantity]]:
    """Yield the pairs of a family that are never printed side by side, in its order."""
    by_places: dict[frozenset[tuple[str, str]], list[int]] = defaultdict(list)
    for number, quantity in enumerate(family):
        by_places[quantity.places].append(number)
    pairs = (
        sorted(pair)
        for (places, first), (others, second) in combinations(by_places.items(), 2)
        if not places & others
        for pair in product(first, second)
    )
    for a, b in sorted(pairs):
        yield family[a], family[b]
