"""What a graph holds: its classes with counts, and how often each relation joins two of them."""

import csv
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from pyoxigraph import NamedNode, QuerySolutions

from evikg.graph.binding import Term, bind
from evikg.graph.store import Store
from evikg.ontology import compact, prefixes

from .relations import relations


@dataclass(frozen=True, slots=True)
class ClassCount:
    """A kind of thing, the classes that make it up as CURIEs, and how many things there are."""

    kind: str
    classes: tuple[str, ...]
    count: int


@dataclass(frozen=True, slots=True)
class ClassRelation:
    """How often a relation leads from things of one kind to things of another."""

    subject: str  # kind
    relation: str  # CURIE
    reading: str
    object: str  # kind
    count: int


@dataclass(frozen=True, slots=True)
class Overview:
    """The schema of a graph as it is filled."""

    classes: tuple[ClassCount, ...]
    relations: tuple[ClassRelation, ...]


def classes(store: Store) -> Overview:
    """Return the kinds of things with their counts, and the relations between them with theirs.

    Classes whose members a rule infers (`ev:SevereEvent`) are left out: their members are counted
    as what they are stated to be. Terms of terminologies that the graph does not hold have no class
    and are not counted; relations to them are, as relations to terms.
    """
    kinds = _kinds()
    values: list[Term] = [_expanded(curie) for curie in kinds]
    counts: Counter[str] = Counter()
    made_of: dict[str, list[str]] = {}
    for row in _rows(store, bind(_query("classes.rq"), {"class": values})):
        curie = compact(row["class"].value)
        counts[kinds[curie]] += int(row["count"].value)
        made_of.setdefault(kinds[curie], []).append(curie)
    order = kinds_of_classes()
    joined = _joined(store, kinds)
    found = []
    for curie, relation in relations().items():
        ends = [key for key in joined if key[1] == curie]
        for subject, _, target in sorted(ends, key=lambda key: tuple(map(order.index, key[::2]))):
            reading = relation.reading(subject).forward
            count = joined[subject, curie, target]
            found.append(ClassRelation(subject, curie, reading, target, count))
    return Overview(
        tuple(ClassCount(k, tuple(sorted(made_of[k])), counts[k]) for k in order if k in counts),
        tuple(found),
    )


def _joined(store: Store, kinds: dict[str, str]) -> Counter[tuple[str, str, str]]:
    predicates: list[Term] = [relation.predicate for relation in relations().values()]
    joined: Counter[tuple[str, str, str]] = Counter()
    for row in _rows(store, bind(_query("class-relations.rq"), {"relation": predicates})):
        subject = kinds.get(compact(row["from"].value))
        target = kinds.get(compact(row["to"].value)) if row["to"] is not None else "term"
        if subject and target:
            curie = compact(row["relation"].value)
            joined[subject, curie, target] += int(row["count"].value)
    return joined


def kinds_of_classes() -> list[str]:
    """Return the kinds of things, in the order of `classes.csv`."""
    return list(dict.fromkeys(_kinds().values()))


@cache
def _kinds() -> dict[str, str]:
    """Return the kinds of things by class, as CURIE, in the order of `classes.csv`."""
    text = files(__package__).joinpath("classes.csv").read_text(encoding="utf-8")
    return {row["class"]: row["kind"] for row in csv.DictReader(text.splitlines())}


def _expanded(curie: str) -> NamedNode:
    prefix, _, local = curie.partition(":")
    return NamedNode(prefixes()[prefix] + local)


def _rows(store: Store, query: str) -> list[Any]:
    answer = store.query(query)
    assert isinstance(answer, QuerySolutions)  # noqa: S101 - what a SELECT answers
    return list(answer)


def _query(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
