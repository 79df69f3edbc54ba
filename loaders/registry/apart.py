"""Records that stand apart, written one by one: each is derived and checked by itself.

What several records share (variables, drugs, terms) is written with the evidence. Of a record there
is then left its document with its results, what only it declares, and what follows from both.
"""

from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import NamedNode, Quad, Triple

from evikg.graph import records as r
from evikg.graph.closure import closure_triples
from evikg.graph.description import Streamed
from evikg.graph.inference import infer
from evikg.graph.mapping import to_triples
from evikg.graph.partitions import types_of
from evikg.loaders.ctgov import RegistryEvidence
from evikg.loaders.following import follow
from evikg.ontology import EV, individual
from evikg.ontology.term_triples import BROADER

from .held import Registry, is_own

Graphs = Mapping[str, Iterable[Triple]]


class Surroundings:
    """What the rest of the graph says of the variables that records refer to."""

    def __init__(self, graphs: Graphs) -> None:
        """Take the named graphs, slug to triples."""
        everything = (triple for triples in graphs.values() for triple in triples)
        self.types = dict(types_of(everything))
        self._within: dict[str, list[Triple]] = {}
        self._kinds: dict[str, Triple] = {}
        start = individual("variable", "").value
        for triple in graphs["closure"]:
            subject = triple.subject
            if isinstance(subject, NamedNode) and subject.value.startswith(start):
                self._within.setdefault(subject.value.removeprefix(start), []).append(triple)
        for triple in graphs["catalogue"]:
            if triple.predicate == EV.variableKind and isinstance(triple.subject, NamedNode):
                self._kinds[triple.subject.value.removeprefix(start)] = triple

    def of(self, variables: Iterable[str]) -> Iterator[Triple]:
        """Yield what rules need to know of variables: their kinds, and what they lie within."""
        for slug in variables:
            yield from self._within.get(slug, ())
            if slug in self._kinds:
                yield self._kinds[slug]

    def steps(self, variables: Iterable[str]) -> Iterator[Triple]:
        """Yield steps upwards from variables to everything that they lie within."""
        for slug in variables:
            for triple in self._within.get(slug, ()):
                if triple.object != triple.subject:
                    yield Triple(triple.subject, BROADER, triple.object)


def graphs_of(found: RegistryEvidence, around: Surroundings) -> dict[str, set[Triple]]:
    """Return what a record adds to the graph: triples by slug of the named graph."""
    own = [record for record in found.declared if is_own(record, found.number)]
    derived, checks = follow(found.results, found.declared)
    stated: list[r.Record] = [found.source, *found.results]
    document = {t for item in stated for t in to_triples(item)}
    catalogue = {t for record in own for t in to_triples(record)}
    closure = set(_closure(own, catalogue, around))
    used = sorted({result.variable for result in found.results})
    inferred = infer((*document, *catalogue, *closure, *around.of(used)))
    return {
        found.source.slug: document,
        "catalogue": catalogue,
        "derived": derived,
        "checks": checks,
        "closure": closure,
        **{rule.graph: triples for rule, triples in inferred.items()},
    }


def _closure(
    own: Iterable[r.Record], catalogue: Iterable[Triple], around: Surroundings
) -> Iterator[Triple]:
    """Yield what the variables that only a record has lie within."""
    variables = [record for record in own if isinstance(record, r.Variable)]
    above = {slug for variable in variables for slug in variable.broader}
    iris = {individual("variable", variable.slug) for variable in variables}
    for triple in closure_triples((*catalogue, *around.steps(sorted(above)))):
        if triple.subject in iris:
            yield triple


def write_apart(registry: Registry, around: Surroundings, streamed: Streamed) -> Iterator[Quad]:
    """Yield the quads of every record that stands apart, and count them."""
    for found in registry.apart():
        graphs = graphs_of(found, around)
        own = types_of(triple for triples in graphs.values() for triple in triples)
        around.types |= own
        streamed.count(found.source.slug, graphs, around.types)
        for subject in own:
            del around.types[subject]
        for slug, triples in graphs.items():
            name = individual("graph", slug)
            for triple in triples:
                yield Quad(triple.subject, triple.predicate, triple.object, name)
