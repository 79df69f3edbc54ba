"""Relations between things: which predicates join them, and how each is read in both directions.

They stand in `relations.csv`: `relation` is a predicate as a CURIE; `subject` is the kind of the
subject where a predicate is read differently for it, empty for all other kinds; `forward` is read
from subject to object, `backward` from object to subject; `connects` says whether a path may lead
through it (two numbers that pass one rule have nothing to do with one another).
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files

from pyoxigraph import NamedNode

from evikg.ontology import compact, prefixes

#: Marks a relation that is followed from its object to its subject, as in a SPARQL 1.1 path.
INVERSE = "^"


class UnknownRelationError(LookupError):
    """No relation of this name joins things."""

    def __init__(self, name: str) -> None:
        """Hold the name."""
        self.name = name

    def __str__(self) -> str:
        """Return what is unknown, and the nearest relations."""
        known = {curie.partition(":")[2]: curie for curie in relations()}
        near = get_close_matches(self.name.partition(":")[2] or self.name, known) or known
        return f"no relation {self.name!r}; nearest: {', '.join(known[name] for name in near)}"


@dataclass(frozen=True, slots=True)
class Reading:
    """How a relation is read: `result measures variable`, `variable is measured by result`."""

    forward: str
    backward: str
    cost: float | None  # of a step in a path; None where paths do not follow it


@dataclass(frozen=True, slots=True)
class Relation:
    """A predicate that joins things."""

    curie: str
    readings: Mapping[str, Reading]  # by kind of the subject, "" for any other

    @property
    def predicate(self) -> NamedNode:
        """Return the IRI."""
        return _expanded(self.curie)

    def reading(self, kind: str) -> Reading:
        """Return how it is read where the subject is of a kind."""
        return self.readings.get(kind) or self.readings[""]


@cache
def relations() -> Mapping[str, Relation]:
    """Return every relation that joins things, by CURIE, in the order of `relations.csv`."""
    readings: dict[str, dict[str, Reading]] = {}
    text = files(__package__).joinpath("relations.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        cost = float(row["cost"]) if row["cost"] else None
        reading = Reading(row["forward"], row["backward"], cost)
        readings.setdefault(row["relation"], {})[row["subject"]] = reading
    return {curie: Relation(curie, found) for curie, found in readings.items()}


def relation_of(name: str) -> tuple[Relation, bool]:
    """Return a relation by CURIE or IRI, and whether it is to be followed backwards (`^`).

    :raises UnknownRelationError: if it joins nothing
    """
    plain = name.removeprefix(INVERSE)
    found = relations().get(plain) or relations().get(compact(plain))
    if found is None:
        raise UnknownRelationError(plain)
    return found, plain != name


def relations_named(name: str) -> tuple[str, ...]:
    """Return the keys of a relation in both directions, or after a `^` only from its object.

    >>> relations_named("ev:study"), relations_named("^study")
    (('ev:study', '^ev:study'), ('^ev:study',))

    :param name: CURIE, IRI or local name: `ev:study` or `study`
    :raises UnknownRelationError: if it joins nothing
    """
    plain = name.removeprefix(INVERSE)
    local = {curie.partition(":")[2]: curie for curie in relations()}
    found, _ = relation_of(local.get(plain, plain))
    inverse = f"{INVERSE}{found.curie}"
    return (inverse,) if plain != name else (found.curie, inverse)


def _expanded(curie: str) -> NamedNode:
    prefix, _, local = curie.partition(":")
    return NamedNode(prefixes()[prefix] + local)
