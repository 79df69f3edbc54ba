"""The defined classes, inferred by a reasoner: owlready2 with HermiT, the oracle of the rules.

HermiT takes a second for a hundred individuals and twenty for a thousand, so it is handed only what
a definition can use, in batches, and of individuals about which the same is said only one.
Production uses the rules (`evikg.graph.inference`); a test holds them to what HermiT says.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from .namespaces import CLASSES, DEFINED_CLASSES, EV, prefixes
from .owl import DEFINITIONS, load, reason, vocabulary

#: Individuals that HermiT is given at once.
BATCH = 100

Progress = Callable[[str], None]
Fact = tuple[NamedNode, NamedNode | Literal]

_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_FIRST = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#first")
_NUMBERS = {
    NamedNode(f"http://www.w3.org/2001/XMLSchema#{name}") for name in ("integer", "decimal")
}
_STRING = NamedNode("http://www.w3.org/2001/XMLSchema#string")
_OWL = "http://www.w3.org/2002/07/owl#"
_DECLARED = {
    NamedNode(f"{_OWL}{name}")
    for name in ("NamedIndividual", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")
}


@dataclass(frozen=True, slots=True)
class Usable:
    """What the definitions can use: classes of individuals, properties, and named objects."""

    kinds: frozenset[NamedNode]  # that a definition starts from, as ev:Result
    properties: frozenset[NamedNode]
    followed: frozenset[NamedNode]  # properties whose objects matter by what is said of them
    named: frozenset[Fact]  # property and the object it has to have
    numbers: Mapping[NamedNode, tuple[Decimal, ...]]  # with which a property's value is compared

    def fact(self, triple: Triple) -> bool:
        """Tell whether a triple can take part in an inference."""
        term, value = triple.predicate, triple.object
        if term == _TYPE:
            return value in _kinds()
        if term not in self.properties:
            return False
        if term in self.followed or (term, value) in self.named:
            return True
        return isinstance(value, Literal) and value.datatype != _STRING


@cache
def usable() -> Usable:
    """Read from the definitions what they can use."""
    said: dict[object, dict[str, Any]] = defaultdict(dict)
    kinds = set()
    for triple in vocabulary(DEFINITIONS):
        said[triple.subject][triple.predicate.value.removeprefix(_OWL)] = triple.object
        if triple.predicate == _FIRST and isinstance(triple.object, NamedNode):
            kinds.add(triple.object)
    numbers: dict[NamedNode, set[Decimal]] = defaultdict(set)

    def collect(node: object, found: set[Decimal]) -> None:
        if isinstance(node, Literal) and node.datatype in _NUMBERS:
            found.add(Decimal(node.value))
        elif isinstance(node, BlankNode):
            for value in said[node].values():
                collect(value, found)

    restrictions = [item for item in said.values() if "onProperty" in item]
    for item in restrictions:
        for value in item.values():
            collect(value, numbers[item["onProperty"]])
    return Usable(
        kinds=frozenset(kinds & _kinds()),
        properties=frozenset(item["onProperty"] for item in restrictions),
        followed=frozenset(item["onProperty"] for item in restrictions if "someValuesFrom" in item),
        named=frozenset(
            (item["onProperty"], item["hasValue"]) for item in restrictions if "hasValue" in item
        ),
        numbers={term: tuple(sorted(found)) for term, found in numbers.items()},
    )


def classify(triples: Iterable[Triple], progress: Progress = lambda _: None) -> set[Triple]:
    """Let HermiT infer which individuals are of which defined class.

    :param triples: the evidence, the catalogue and the closure of the hierarchies
    :return: the types that follow, those of superclasses included, of no other class
    :raises ReasonerMissingError: if there is no Java
    :raises ValueError: if the facts contradict the vocabulary
    """
    facts: dict[NamedNode, set[Fact]] = defaultdict(set)
    for triple in triples:
        if isinstance(triple.subject, NamedNode) and usable().fact(triple):
            facts[triple.subject].add((triple.predicate, triple.object))  # type: ignore[arg-type]
    alike: dict[object, list[NamedNode]] = defaultdict(list)
    for individual, said in facts.items():
        if any(term == _TYPE and value in usable().kinds for term, value in said):
            alike[_shape(said, facts)].append(individual)
    examples = sorted(alike.values(), key=lambda same: same[0].value)
    inferred = set()
    for start in range(0, len(examples), BATCH):
        progress(f"reasoning: {start} of {len(examples)} different individuals")
        batch = {same[0].value: same for same in examples[start : start + BATCH]}
        for iri, cls in _run(facts, [NamedNode(iri) for iri in batch]):
            inferred |= {Triple(individual, _TYPE, cls) for individual in batch[iri]}
    return inferred


def _shape(said: set[Fact], facts: dict[NamedNode, set[Fact]]) -> object:
    """Return what is said of an individual, and of the objects it leads to in place of their names.

    Nothing else is said of them, so individuals of one shape are of the same classes.
    """

    def seen(term: NamedNode, value: NamedNode | Literal) -> object:
        if isinstance(value, NamedNode) and term in usable().followed:
            return frozenset(facts.get(value, ()))
        return _side(term, value)

    return frozenset((term, seen(term, value)) for term, value in said)


def _side(term: NamedNode, value: NamedNode | Literal) -> object:
    """Return a name as it is, and a number by where it lies between those it is compared with.

    Definitions compare and do not calculate: to one that asks for at least 3, 4 and 40 are alike.
    """
    if not isinstance(value, Literal) or value.datatype not in _NUMBERS:
        return value
    number = Decimal(value.value)
    bounds = usable().numbers.get(term, ())
    return value.datatype, *((number > bound) - (number < bound) for bound in bounds)


def _run(
    facts: dict[NamedNode, set[Fact]], individuals: list[NamedNode]
) -> Iterator[tuple[str, NamedNode]]:
    world = load([*_axioms(), *_said_of(individuals, facts)])
    reason(world)
    wanted = {individual.value for individual in individuals}
    for name in DEFINED_CLASSES:
        for found in world[EV[name].value].instances(world=world):
            if found.iri in wanted:
                yield found.iri, EV[name]


def _said_of(individuals: list[NamedNode], facts: dict[NamedNode, set[Fact]]) -> Iterator[Triple]:
    """Yield the facts of individuals and of the objects they lead to, each declared.

    Of the objects of a property about which the same is said, such as variables of one kind, one
    stands for all.
    """
    examples: dict[tuple[NamedNode, frozenset[Fact]], NamedNode] = {}
    for subject in individuals:
        for term, value in facts[subject]:
            if term in usable().followed and isinstance(value, NamedNode):
                said = frozenset(facts.get(value, ()))
                yield Triple(subject, term, examples.setdefault((term, said), value))
            else:
                yield Triple(subject, term, value)
    for (_, said), example in examples.items():
        for term, value in said:
            yield Triple(example, term, value)
    for individual in {*individuals, *examples.values()}:
        yield Triple(individual, _TYPE, NamedNode(f"{_OWL}NamedIndividual"))


@cache
def _axioms() -> tuple[Triple, ...]:
    """Return the vocabulary without annotations, and without what no definition names.

    HermiT pays for every property and individual, whether or not anything is said with it.
    """
    silent = tuple(prefixes()[prefix] for prefix in ("dcterms", "skos"))
    silent += tuple(prefixes()["rdfs"] + name for name in ("label", "isDefinedBy"))
    kept = usable().properties | {value for _, value in usable().named}
    dropped = {
        triple.subject
        for triple in vocabulary()
        if triple.predicate == _TYPE and triple.object in _DECLARED and triple.subject not in kept
    }
    return tuple(
        triple
        for triple in vocabulary()
        if triple.subject not in dropped and not triple.predicate.value.startswith(silent)
    )


@cache
def _kinds() -> frozenset[NamedNode]:
    """Return the classes that curation asserts; what was inferred before is no fact."""
    return frozenset(EV[name] for name in CLASSES)
