"""Things of the graph as a reader knows them: kind, name and key facts."""

import csv
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, QuerySolutions

from evikg.graph.binding import Term, bind
from evikg.graph.store import Store
from evikg.ontology import compact, kind_and_slug, prefixes, word
from evikg.ontology.curie import contract

if TYPE_CHECKING:
    import networkx as nx

#: Things that are asked for in one query: endpoints limit the length of one.
_AT_ONCE = 500
#: The fact that is an IRI: what a result measures, which is told in its label.
_MEASURED = "variable"
_XSD = "http://www.w3.org/2001/XMLSchema#"

#: The kind of all terms of terminologies.
TERM = "term"
#: What stands in the place of the kind in IRIs of terms: nothing, save for what we mint for CTCAE.
TERM_PARTS = ("", "ctcae")

Fact = str | int | bool


@dataclass(frozen=True, slots=True)
class Thing:
    """A node: what it is, what it is called, and key facts by the names in `facts.csv`.

    Numbers of results are text, as printed; events and totals are whole numbers of `counted`.
    """

    iri: str
    kind: str  # study, group, result, variable, …; `term` for a term of a terminology
    label: str
    facts: Mapping[str, Fact] = field(default_factory=dict)

    @property
    def curie(self) -> str:
        """Return the CURIE of the IRI: the IRI itself where no prefix fits."""
        return curie_of(self.iri)


def kind_of(iri: str) -> str:
    """Return what kind of thing an IRI names: that of an individual, else `term`.

    >>> kind_of("https://w3id.org/evikg/study/kr-pms"), kind_of("http://id.nlm.nih.gov/mesh/D006504")
    ('study', 'term')
    """
    parts = kind_and_slug(iri)
    return parts[0] if parts and parts[0] not in TERM_PARTS else TERM


def curie_of(iri: str) -> str:
    """Return an IRI as a CURIE, `study:kr-pms` or `MESH:D006504`."""
    short = contract(iri)
    return compact(iri) if short == iri else short


def things(store: Store, iris: Collection[str]) -> dict[str, Thing]:
    """Return things by IRI, with their names and key facts, in the order of the IRIs.

    A thing that the graph says nothing of, as a term whose terminology it does not hold, is called
    by its CURIE.
    """
    stated = _stated(store, iris)
    measured = {str(iri) for facts in stated.values() for iri in facts.get(_MEASURED, ())}
    names = stated | _stated(store, measured - set(stated))
    found: dict[str, Thing] = {}
    for iri in iris:
        texts = stated.get(iri, {})
        facts = {name: _one(values) for name, values in texts.items() if name != _MEASURED}
        labels = [_one(names.get(str(v), {}).get("label", [""])) for v in texts.get(_MEASURED, ())]
        label = _label(iri, facts, ", ".join(map(str, labels)))
        found[iri] = Thing(iri, kind_of(iri), label, facts)
    return found


def thing_of(network: "nx.MultiDiGraph[str]", iri: str) -> Thing:
    """Return a node of an evidence network."""
    facts: dict[str, Fact] = dict(network.nodes[iri])
    kind, label = facts.pop("kind"), facts.pop("label")
    return Thing(iri, str(kind), str(label), facts)


def _label(iri: str, facts: Mapping[str, Fact], variable: str) -> str:
    kind = kind_of(iri)
    if kind in ("result", "pooled"):
        return f"{variable}: {headline(facts)}" if variable else headline(facts)
    if kind == "dose-step":
        when = [f"{name} {facts[name]}" for name in ("cycle", "day") if name in facts]
        return ", ".join([f"{facts.get('amount', '')} {facts.get('unit', '')}".strip(), *when])
    for name in ("label", "term", "note"):
        if name in facts:
            return str(facts[name])
    parts = kind_and_slug(iri)
    return parts[1] if parts and kind != TERM else curie_of(iri)


def headline(facts: Mapping[str, Fact]) -> str:
    """Return a number with its unit, denominator, interval and p, from the facts of a result."""
    parts = [str(facts.get("statistic", ""))]
    value = facts.get("value", facts.get("status"))
    if value is not None:
        parts.append(str(value) + (f" {facts['unit']}" if "unit" in facts else ""))
    if "total" in facts:
        events = f"{facts['events']} " if "events" in facts else ""
        parts.append(f"({events}of {facts['total']})")
    elif "total_status" in facts:
        parts.append("(denominator not stated)")
    if "low" in facts or "high" in facts:
        level = f"{facts['level']} % " if "level" in facts else ""
        bounds = f"{facts.get('low', '?')} to {facts.get('high', '?')}"
        parts.append(f"[{level}{facts.get('interval', 'CI')} {bounds}]")
    if "p" in facts:
        parts.append(f"p {facts['p']}")
    if "timepoint" in facts:
        parts.append(f"at {facts['timepoint']} {facts.get('timepoint_unit', '')}".rstrip())
    return " ".join(filter(None, parts))


def _stated(store: Store, iris: Collection[str]) -> dict[str, dict[str, list[Fact]]]:
    """Return what is stated of things, by IRI and name of the fact; values are sorted."""
    names = _fact_names()
    query = files(__package__).joinpath("facts.rq").read_text(encoding="utf-8")
    found: dict[str, dict[str, list[Fact]]] = defaultdict(lambda: defaultdict(list))
    for subject, predicate, value in _rows(store, query, "thing", iris):
        name = names.get(predicate.value)
        if name is not None:
            found[subject.value][name].append(_fact(value) if name != _MEASURED else value.value)
    return {
        iri: {name: sorted(set(values), key=str) for name, values in sorted(facts.items())}
        for iri, facts in found.items()
    }


def _rows(
    store: Store, query: str, parameter: str, iris: Collection[str]
) -> Iterator[tuple[NamedNode, NamedNode, Term]]:
    ordered = sorted(iris)
    for start in range(0, len(ordered), _AT_ONCE):
        bound: list[Term] = [NamedNode(iri) for iri in ordered[start : start + _AT_ONCE]]
        answer = store.query(bind(query, {parameter: bound}))
        assert isinstance(answer, QuerySolutions)  # noqa: S101 - what a SELECT answers
        for first, second, third in answer:
            if isinstance(first, NamedNode) and isinstance(second, NamedNode):
                assert isinstance(third, NamedNode | Literal)  # noqa: S101 - the query says so
                yield first, second, third


def _one(values: list[Fact]) -> Fact:
    return values[0] if len(values) == 1 else "; ".join(map(str, values))


def _fact(value: Term) -> Fact:
    if isinstance(value, NamedNode):
        parts = kind_and_slug(value.value)
        return word(value.value) or (parts[1] if parts else curie_of(value.value))
    if value.datatype.value == f"{_XSD}boolean":
        return value.value in ("true", "1")
    if value.datatype.value == f"{_XSD}integer":
        return int(value.value)
    return value.value


@cache
def _fact_names() -> Mapping[str, str]:
    text = files(__package__).joinpath("facts.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {_expanded(row["property"]): row["fact"] for row in rows}


def _expanded(curie: str) -> str:
    prefix, _, local = curie.partition(":")
    return prefixes()[prefix] + local
