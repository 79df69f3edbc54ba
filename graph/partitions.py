"""What a set of triples is made of: classes, the properties of each, and what they point at.

These are the partitions of VoID (https://www.w3.org/TR/void/#class-property-partitions) and of its
extension for datatypes (http://ldf.fi/void-ext#), from which editors complete queries.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")

Types = Mapping[NamedNode | BlankNode | Triple, tuple[str, ...]]


@dataclass(slots=True)
class Targets:
    """What the instances of a class point at through one property: classes and datatypes, as IRIs."""

    triples: int = 0
    classes: set[str] = field(default_factory=set)
    datatypes: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Partitions:
    """Counts of a set of triples; classes, properties and datatypes by their IRIs.

    `targets` are by class and property. A thing is an instance of the classes that any graph says.
    `settled` counts subjects that are in no other set and are no longer held.
    """

    triples: int = 0
    subjects: set[NamedNode | BlankNode | Triple] = field(default_factory=set)
    settled: int = 0
    entities: Counter[str] = field(default_factory=Counter)
    properties: Counter[str] = field(default_factory=Counter)
    targets: dict[tuple[str, str], Targets] = field(default_factory=dict)

    @property
    def distinct_subjects(self) -> int:
        """Return how many subjects there are."""
        return len(self.subjects) + self.settled

    def settle(self) -> None:
        """Let the subjects go, which stand in no set that is added later."""
        self.settled += len(self.subjects)
        self.subjects = set()

    def add(self, other: "Partitions") -> None:
        """Count the triples of another set too; none of them stands in both."""
        self.triples += other.triples
        self.subjects |= other.subjects
        self.settled += other.settled
        self.entities += other.entities
        self.properties += other.properties
        for key, found in other.targets.items():
            mine = self.targets.setdefault(key, Targets())
            mine.triples += found.triples
            mine.classes |= found.classes
            mine.datatypes |= found.datatypes


def types_of(triples: Iterable[Triple]) -> Types:
    """Return the classes that each thing is said to be an instance of, sorted."""
    found: dict[NamedNode | BlankNode | Triple, set[str]] = {}
    for subject, predicate, object_ in triples:
        if predicate == RDF_TYPE and isinstance(object_, NamedNode):
            found.setdefault(subject, set()).add(object_.value)
    return {subject: tuple(sorted(classes)) for subject, classes in found.items()}


def partitions(triples: Iterable[Triple], types: Types) -> Partitions:
    """Count a set of triples, in one pass.

    :param types: of the subjects and objects, from whichever graph
    """
    counted = Partitions()
    # Few combinations occur: they are counted first, and taken apart afterwards.
    seen: Counter[tuple[tuple[str, ...], NamedNode, tuple[str, ...] | str]] = Counter()
    for subject, predicate, object_ in triples:
        counted.subjects.add(subject)
        if isinstance(object_, Literal):
            seen[types.get(subject, ()), predicate, object_.datatype.value] += 1
            continue
        seen[types.get(subject, ()), predicate, types.get(object_, ())] += 1
        if predicate == RDF_TYPE and isinstance(object_, NamedNode):
            counted.entities[object_.value] += 1
    for (classes, predicate, target), count in seen.items():
        counted.triples += count
        counted.properties[predicate.value] += count
        for name in classes:
            found = counted.targets.setdefault((name, predicate.value), Targets())
            found.triples += count
            if isinstance(target, str):
                found.datatypes.add(target)
            else:
                found.classes.update(target)
    return counted
