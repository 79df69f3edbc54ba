"""Which individual of a graph before is which of a graph after.

An individual's IRI may change although nothing is said anew: a result's is made of the line it is
printed in, a mapping's of its row. `pairing.csv` says for each class by which fields two
individuals are taken for one, the surest first; `ABOUT` stands for all that says what a number is
about. Classes that are not in it are known by their IRI.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from pyoxigraph import BlankNode, Literal, NamedNode

Term = NamedNode | Literal | BlankNode

#: What a number is about: all that distinguishes it, but for the document and the place in it.
ABOUT = (
    "study group comparator variable definition statistic timepoint timepointUnit grade"
    " seriousness causality countUnit onsetWindow predictor increment adjustment"
).split()


@dataclass(slots=True)
class Node:
    """An individual of one graph: its IRI, named graph and class, and its fields by local name."""

    iri: str
    graph: str = ""
    kind: str = ""  # local name of its class
    fields: dict[str, list[Term]] = field(default_factory=dict)

    def values(self, name: str, renamed: Mapping[str, str]) -> tuple[str, ...]:
        """Return the values of a field as N-Triples, sorted.

        :param renamed: IRIs, with those that are to be read in their place
        """
        if name in ("iri", "graph"):
            return (getattr(self, name),)
        return tuple(sorted(_written(term, renamed) for term in self.fields.get(name, ())))


Pair = tuple[Node | None, Node | None]


def pairs(old: Iterable[Node], new: Iterable[Node], renamed: Mapping[str, str]) -> Iterator[Pair]:
    """Yield each individual of one class once: with its partner, or with None.

    :param renamed: IRIs of the graph after, with those that the same has in the graph before
    """
    before, after = sorted(old, key=_place), sorted(new, key=_place)
    kind = next((node.kind for node in (*before, *after)), "")
    for names, unique in _passes().get(kind, [(("iri",), False)]):
        waiting = _buckets(after, names, renamed)
        met: set[str] = set()
        for key, mine in _buckets(before, names, {}).items():
            theirs = waiting.get(key, [])
            if unique and (len(mine), len(theirs)) != (1, 1):
                continue
            for pair in zip(mine, theirs, strict=False):
                met.update((f"old {pair[0].iri}", f"new {pair[1].iri}"))
                yield pair
        before = [node for node in before if f"old {node.iri}" not in met]
        after = [node for node in after if f"new {node.iri}" not in met]
    yield from ((node, None) for node in before)
    yield from ((None, node) for node in after)


def _buckets(
    nodes: Iterable[Node], names: Sequence[str], renamed: Mapping[str, str]
) -> dict[tuple[tuple[str, ...], ...], list[Node]]:
    """Group individuals by fields; those that lack the first field are left out."""
    found = defaultdict(list)
    for node in nodes:
        key = tuple(node.values(name, renamed) for name in names)
        if key[0]:
            found[key].append(node)
    return found


@cache
def _passes() -> dict[str, list[tuple[tuple[str, ...], bool]]]:
    text = files(__package__).joinpath("pairing.csv").read_text(encoding="utf-8")
    found = defaultdict(list)
    for row in csv.DictReader(text.splitlines()):
        names = row["by"].replace("ABOUT", " ".join(ABOUT)).split()
        found[row["class"]].append((tuple(names), row["unique"] == "yes"))
    return found


def _place(node: Node) -> tuple[int, int, str]:
    return _number(node, "line"), _number(node, "occurrence"), node.iri


def _number(node: Node, name: str) -> int:
    value = next((term.value for term in node.fields.get(name, ())), "")
    return int(value) if value.isdecimal() else 0


def _written(term: Term, renamed: Mapping[str, str]) -> str:
    if isinstance(term, NamedNode):
        return f"<{renamed.get(term.value, term.value)}>"
    return str(term)
