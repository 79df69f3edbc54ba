"""What variables are to each other: categories of a whole, orders, curves that fall or rise."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Relation:
    """One relation: categories that exhaust a whole or are disjoint, or an order of variables.

    An empty `whole` of categories is the group itself; an empty `study` is any study. The parts of
    ordered categories are written with their values, an open one last: `one-cycle=1 more-cycles=2+`.
    """

    kind: str  # categories, disjoint, ordinal, order, falls, rises, follow-up, deaths, …
    study: str
    whole: str
    parts: tuple[str, ...]
    optional: tuple[str, ...]  # parts that a source may leave out


@cache
def _relations() -> tuple[Relation, ...]:
    text = files(__package__).joinpath("relations.csv").read_text(encoding="utf-8")
    found = []
    for row in csv.DictReader(text.splitlines()):
        names = row["parts"].split()
        parts = tuple(name for name in names if not name.endswith("?"))
        optional = tuple(name.removesuffix("?") for name in names if name.endswith("?"))
        found.append(Relation(row["relation"], row["study"], row["whole"], parts, optional))
    return tuple(found)


def relations(kind: str) -> Iterator[Relation]:
    """Yield the relations of a kind, in the order of the table."""
    return (relation for relation in _relations() if relation.kind == kind)
