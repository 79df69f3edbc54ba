"""What two graphs differ in: individuals that are new, removed or changed, and counts.

Both graphs are read as sorted lines of N-Quads and merged, so that memory is needed for what
differs, not for what is the same. Individuals of the evidence (results, groups, mappings, checks,
…) whose lines differ are then read as a whole and paired. Of the terms of terminologies and of what
follows from other triples (the closure, the links), only the triples are counted.
"""

import heapq
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any, Protocol

from pyoxigraph import NamedNode, Quad

from evikg.ontology import compact, kind_and_slug, prefixes, word
from evikg.ontology.namespaces import BASE, DEFINED_CLASSES, EV_IRI

from .canonical import nquad_line, sorted_lines
from .mapping import RDF_TYPE
from .pairing import Node, Term, pairs

#: Graphs whose triples follow from others, or are no evidence.
_ASIDE = frozenset({"closure", "links", "ontology"})
#: Classes whose individuals follow from others, or belong to a terminology.
_UNTOLD = frozenset({"GradeDefinition", "Quantity", *DEFINED_CLASSES})
#: Fields that follow from others, and the place in a text, which is no statement.
_UNSAID = frozenset(
    "quantity countedIn passes fraction days ucum gradeMin gradeMax line occurrence used".split()
)
#: Kinds whose texts name lines, `yoon-2026 line 59` or `@59`: a line that moves says nothing new.
_NAMING_LINES = frozenset({"Check", "Discrepancy"})
_LINE = re.compile(r"(?<=\bline )\d+|(?<=@)\d+")
#: Individuals that are called by their slug, which is shorter than their name, or have none.
_BY_SLUG = frozenset({"source", "study", "result", "check", "discrepancy"})
#: Numbers that stand beside what is printed.
_PRINTED = {
    "value": "printedValue",
    "intervalLow": "printedLow",
    "intervalHigh": "printedHigh",
    "pValue": "printedP",
}


class Quads(Protocol):
    """A graph whose quads can be read more than once, in any order."""

    def quads(self) -> Iterator[Quad]:
        """Yield its quads."""
        ...


@dataclass(frozen=True, slots=True)
class FieldChange:
    """What a field said before and says after; empty where it says nothing."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Change:
    """An individual that is new, removed, changed, or moved (nothing changed but its place).

    `iri` and `fields` are those after, or those before if it was removed.
    """

    change: str
    kind: str  # local name of its class
    iri: str
    was: str  # its IRI before, if that was another
    fields: Mapping[str, str]
    changes: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Count:
    """How many there were and are: `of` is graph, class, verdict, severity or discrepancy type.

    For graphs, `added` and `removed` are triples; elsewhere they are 0.
    """

    of: str
    name: str
    old: int
    new: int
    added: int = 0
    removed: int = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two graphs differ in. `counts` holds what is the same too."""

    equal: bool
    changes: tuple[Change, ...]
    counts: tuple[Count, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it as what JSON can hold."""
        return asdict(self)


def compare(old: Quads, new: Quads) -> Comparison:
    """Compare two graphs."""
    tallies: tuple[Counter[tuple[str, str]], ...] = (Counter(), Counter())
    differing: tuple[Counter[str], ...] = (Counter(), Counter())
    touched: set[str] = set()
    lines = (_lines(old, tallies[0]), _lines(new, tallies[1]))
    for side, line in _merged(*lines):
        graph, _, statement = line.partition("\t")
        differing[side][graph] += 1
        subject = statement.partition(" ")[0][1:-1]
        if graph not in _ASIDE and subject.startswith(BASE):
            touched.add(subject)
    labels: dict[str, str] = {}
    before, after = _nodes(old, touched, labels), _nodes(new, touched, labels)
    changes = tuple(_changes(before, after, labels))
    return Comparison(not any(differing), changes, tuple(_counts(tallies, differing)))


def _lines(graph: Quads, tally: "Counter[tuple[str, str]]") -> Iterator[str]:
    """Yield the lines of a graph, each after the name of its named graph, sorted and distinct."""

    def written() -> Iterator[str]:
        for quad in graph.quads():
            yield f"{_graph_name(quad)}\t{nquad_line(quad)}"

    counted = {
        EV_IRI + name: words
        for name, words in (
            ("verdict", "verdict"),
            ("severity", "severity"),
            ("discrepancyType", "discrepancy"),
        )
    }
    for line in sorted_lines(written()):
        name, _, statement = line.partition("\t")
        tally["graph", name] += 1
        _, predicate, rest = statement.split(" ", 2)
        value = predicate[1:-1]
        if value == RDF_TYPE.value:
            tally["class", compact(rest[1 : rest.index(">")])] += 1
        elif value in counted:
            iri = rest[1 : rest.index(">")]
            tally[counted[value], word(iri) or compact(iri)] += 1
        elif value == f"{EV_IRI}passes":
            tally["verdict", "passed"] += 1
        yield line


def _graph_name(quad: Quad) -> str:
    """Return the slug of a named graph of ours, the IRI of another, nothing for the default one."""
    iri = quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""
    kind, slug = kind_and_slug(iri) or ("", "")
    return slug if kind == "graph" else iri


def _merged(old: Iterator[str], new: Iterator[str]) -> Iterator[tuple[int, str]]:
    """Yield the lines that only one has, each with 0 (the old) or 1 (the new)."""
    both = heapq.merge(((line, 0) for line in old), ((line, 1) for line in new))
    for line, found in groupby(both, key=lambda item: item[0]):
        sides = [side for _, side in found]
        if len(sides) == 1:
            yield sides[0], line


def _nodes(graph: Quads, touched: set[str], labels: dict[str, str]) -> dict[str, Node]:
    """Return the touched individuals of a graph by IRI, and note what all are called."""
    naming = {f"{prefixes()['rdfs']}label", f"{prefixes()['skos']}prefLabel"}
    found: dict[str, Node] = {}
    for quad in graph.quads():
        subject: Any = quad.subject
        iri, predicate = subject.value, quad.predicate.value
        if not iri.startswith(BASE):
            continue
        if predicate in naming:
            labels[iri] = str(quad.object.value)  # type: ignore[union-attr]
        if iri not in touched or _graph_name(quad) in _ASIDE:
            continue
        node = found.setdefault(iri, Node(iri))
        value: Any = quad.object
        if predicate == RDF_TYPE.value and (kind := _kind(value.value)):
            node.kind, node.graph = kind, _graph_name(quad)
        else:
            node.fields.setdefault(_local(predicate), []).append(value)
    return {iri: node for iri, node in found.items() if node.kind}


def _kind(iri: str) -> str:
    """Return the local name of a class whose individuals are told; else nothing."""
    name = iri.removeprefix(EV_IRI)
    if name != iri:
        return "" if name in _UNTOLD else name
    return "Entity" if iri == f"{prefixes()['prov']}Entity" else ""


def _local(iri: str) -> str:
    return iri.rpartition("#")[2].rpartition("/")[2]


def _changes(
    before: Mapping[str, Node], after: Mapping[str, Node], labels: Mapping[str, str]
) -> Iterator[Change]:
    """Pair the individuals class by class; results first, since others refer to them."""
    by_kind: dict[str, tuple[list[Node], list[Node]]] = defaultdict(lambda: ([], []))
    for side, nodes in enumerate((before, after)):
        for node in nodes.values():
            by_kind[node.kind][side].append(node)
    renamed: dict[str, str] = {}
    for kind in sorted(by_kind, key=lambda kind: (kind != "Result", kind)):
        paired = list(pairs(*by_kind[kind], renamed))
        renamed.update({new.iri: old.iri for old, new in paired if old and new})
        found = [_change(old, new, renamed, labels) for old, new in paired]
        yield from sorted(filter(None, found), key=lambda item: (item.change, item.iri))


def _change(
    old: Node | None, new: Node | None, renamed: Mapping[str, str], labels: Mapping[str, str]
) -> Change | None:
    node = new or old
    assert node is not None  # noqa: S101 - a pair has at least one
    shown = {name: _text(values, labels) for name, values in sorted(node.fields.items())}
    shown["graph"] = node.graph
    if old is None or new is None:
        return Change("new" if old is None else "removed", node.kind, node.iri, "", shown)
    changes = tuple(
        FieldChange(
            name, _text(old.fields.get(name, ()), labels), _text(new.fields.get(name, ()), labels)
        )
        for name in sorted({*old.fields, *new.fields} - _UNSAID)
        if _said(old, name, {}) != _said(new, name, renamed)
        and not {_PRINTED.get(name)} & {*old.fields, *new.fields}
    )
    was = old.iri if old.iri != new.iri else ""
    if changes:
        return Change("changed", new.kind, new.iri, was, shown, changes)
    return Change("moved", new.kind, new.iri, was, shown) if was else None


def _said(node: Node, name: str, renamed: Mapping[str, str]) -> list[str]:
    values = node.values(name, renamed)
    if node.kind in _NAMING_LINES:
        return sorted(_LINE.sub("", value) for value in values)
    return list(values)


def _text(values: "list[Term] | tuple[()]", labels: Mapping[str, str]) -> str:
    return "; ".join(sorted(_name(term, labels) for term in values))


def _name(term: Term, labels: Mapping[str, str]) -> str:
    if not isinstance(term, NamedNode):
        return term.value
    kind, slug = kind_and_slug(term.value) or ("", "")
    if kind in _BY_SLUG:
        return slug
    return labels.get(term.value) or word(term.value) or compact(term.value)


def _counts(
    tallies: "tuple[Counter[tuple[str, str]], ...]", differing: tuple[Counter[str], ...]
) -> Iterator[Count]:
    old, new = tallies
    for of, name in sorted({*old, *new}):
        added, removed = (differing[1][name], differing[0][name]) if of == "graph" else (0, 0)
        yield Count(of, name, old[of, name], new[of, name], added, removed)
