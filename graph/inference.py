"""What follows from the facts of the graph: the rules of `ontology/rules`, run in SPARQL.

A rule infers the members of one class that `ontology/definitions.ttl` defines in OWL; it gives what
the HermiT reasoner gives (`evikg.ontology.reasoning`), in a fraction of the time.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pyoxigraph import Literal, NamedNode, Quad, QueryTriples, Triple

from evikg.ontology import EV, individual, prefixes
from evikg.ontology.namespaces import EV_IRI

from .binding import bind
from .embedded import EmbeddedStore
from .mapping import RDF_TYPE
from .store import Store

_TERM = re.compile(r"\bev:([\w-]+)")
_HEADER = re.compile(r"^# (rule|class|source): (\S+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Rule:
    """A SPARQL CONSTRUCT query that infers the members of one class."""

    name: str
    infers: NamedNode  # the class
    source: str  # IRI of what the definition is taken from
    text: str

    @property
    def graph(self) -> str:
        """Return the slug of the named graph that holds what the rule inferred."""
        return f"inferred-{self.name}"


@cache
def rules() -> tuple[Rule, ...]:
    """Return the shipped rules, sorted by name.

    :raises ValueError: if the header of a rule does not say its rule, class and source
    """
    folder = files("evikg.ontology").joinpath("rules")
    found = [
        read_rule(entry.name, entry.read_text(encoding="utf-8"))
        for entry in folder.iterdir()
        if entry.name.endswith(".rq")
    ]
    return tuple(sorted(found, key=lambda rule: rule.name))


def read_rule(file: str, text: str) -> Rule:
    """Read a rule, whose file is named after it.

    :raises ValueError: if its header does not say its rule, class and source, each once
    """
    header = _HEADER.findall(text)
    stated = dict(header)
    prefix, _, name = stated.get("class", "").partition(":")
    if len(header) != 3 or len(stated) != 3 or prefix != "ev" or name not in EV:
        raise ValueError(f"{file}: expected one line each of # rule:, # class: ev:…, # source:")
    if file != f"{stated['rule']}.rq":
        raise ValueError(f"{file}: holds the rule {stated['rule']}")
    return Rule(stated["rule"], EV[name], stated["source"], text)


def infer(triples: Iterable[Triple]) -> dict[Rule, set[Triple]]:
    """Run every rule over triples; return what each infers, less what the triples say already.

    The triples are the evidence, the catalogue and the closure of the hierarchies. Only those whose
    predicate a rule names are looked at, so that terminologies cost little.
    """
    named = {NamedNode(EV_IRI + name) for rule in rules() for name in _TERM.findall(rule.text)}
    wanted = {RDF_TYPE, *named}
    store = EmbeddedStore()
    store.inner.bulk_extend(
        Quad(t.subject, t.predicate, t.object) for t in triples if t.predicate in wanted
    )
    return {
        rule: {t for t in inferred if Quad(t.subject, t.predicate, t.object) not in store.inner}
        for rule, inferred in infer_from(store).items()
    }


def infer_from(store: Store) -> dict[Rule, set[Triple]]:
    """Run every rule over the union of the graphs of a store; return what each infers.

    :raises QueryError: if the store does not accept a rule
    """
    return {rule: set(_constructed(store, rule.text)) for rule in rules()}


def facts(store: Store) -> list[Triple]:
    """Return of a store what the definitions can use, for `evikg.ontology.reasoning.classify`."""
    from evikg.ontology.reasoning import usable

    definitions = usable()
    objects = [(term, value) for term, value in definitions.named if isinstance(value, NamedNode)]
    relations = {term for term, _ in objects} - definitions.followed
    query = files(__package__).joinpath("facts.rq").read_text(encoding="utf-8")
    terms = {
        "kind": definitions.kinds,
        "property": definitions.properties - relations,
        "relation": relations,
        "named": {value for _, value in objects},
    }
    bound = {name: sorted(values, key=str) for name, values in terms.items()}
    return list(_constructed(store, bind(query, bound)))


def inferred_graphs(triples: Iterable[Triple]) -> dict[str, set[Triple]]:
    """Return the named graphs of what is inferred, slug to triples, one graph a rule.

    Each says of itself which rule made it (`dcterms:title`), from which definition
    (`prov:wasDerivedFrom`, the class) and whose definition it is (`dcterms:source`).
    """
    return {
        rule.graph: inferred | set(_provenance(rule)) for rule, inferred in infer(triples).items()
    }


def _provenance(rule: Rule) -> Iterable[Triple]:
    graph = individual("graph", rule.graph)
    yield Triple(graph, NamedNode(prefixes()["dcterms"] + "title"), Literal(rule.name))
    yield Triple(graph, NamedNode(prefixes()["prov"] + "wasDerivedFrom"), rule.infers)
    yield Triple(graph, NamedNode(prefixes()["dcterms"] + "source"), NamedNode(rule.source))


def _constructed(store: Store, query: str) -> Iterator[Triple]:
    answer = store.query(query)
    assert isinstance(answer, QueryTriples)  # noqa: S101 - what a CONSTRUCT answers
    yield from answer
