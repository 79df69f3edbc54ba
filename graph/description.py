"""What a build says of itself: VoID and DCAT description, PROV-O provenance.

The description holds no time and no name of a machine, so that the same input gives the same graph.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Triple

from evikg.ontology import EV, individual, prefixes

from .codecs import whole
from .inputs import Input
from .partitions import RDF_TYPE, Partitions, Types, partitions, types_of

TITLE = "EviKG evidence graph"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"


def _term(prefix: str, name: str) -> NamedNode:
    return NamedNode(prefixes()[prefix] + name)


@dataclass(slots=True)
class Streamed:
    """What was written of documents one by one, and is not held.

    `documents` has the number of triples of the graph of each, `parts` what all together added to
    graphs of the evidence, `whole` all of it.
    """

    documents: dict[str, int] = field(default_factory=dict)
    parts: dict[str, Partitions] = field(default_factory=dict)
    whole: Partitions = field(default_factory=Partitions)

    def count(self, document: str, graphs: Mapping[str, Iterable[Triple]], types: Types) -> None:
        """Count the triples that one document brings, by slug of the named graph.

        :param document: slug of the document, and of its own graph
        :param graphs: no subject of theirs stands in a graph of another document
        :param types: of everything that they refer to
        """
        together = Partitions()
        for slug, triples in graphs.items():
            each = partitions(triples, types)
            together.add(each)
            if slug == document:
                self.documents[slug] = each.triples
            else:
                each.settle()
                self.parts.setdefault(slug, Partitions()).add(each)
        together.settle()
        self.whole.add(together)


def describe_build(
    graphs: Mapping[str, Iterable[Triple]],
    version: str,
    inputs: Iterable[Input],
    streamed: Streamed | None = None,
) -> Iterator[Triple]:
    """Describe a build.

    :param graphs: slug of each named graph to its triples; the description itself is not among them
    :param version: of the software that built it
    :param inputs: the files that went into it
    :param streamed: what was written beside these graphs
    """
    streamed = streamed or Streamed()
    dataset = individual("graph", "evidence")
    activity = individual("graph", "build")
    held = {slug: list(triples) for slug, triples in graphs.items()}
    types = types_of(triple for triples in held.values() for triple in triples)
    counted = {slug: partitions(triples, types) for slug, triples in held.items()}
    together = Partitions()
    for slug, each in counted.items():
        together.add(each)
        each.add(streamed.parts.get(slug, Partitions()))
    together.add(streamed.whole)
    yield Triple(dataset, RDF_TYPE, _term("void", "Dataset"))
    yield Triple(dataset, RDF_TYPE, _term("dcat", "Dataset"))
    yield Triple(dataset, _term("dcterms", "title"), Literal(TITLE, language="en"))
    yield Triple(dataset, _term("dcterms", "license"), NamedNode(LICENCE))
    yield Triple(dataset, _term("dcat", "version"), Literal(version))
    yield Triple(dataset, _term("void", "uriSpace"), Literal("https://w3id.org/evikg/"))
    yield Triple(dataset, _term("prov", "wasGeneratedBy"), activity)
    yield from _statistics(dataset, together, "evidence")
    for slug, each in sorted(counted.items()):
        graph = individual("graph", slug)
        yield Triple(dataset, _term("void", "subset"), graph)
        yield Triple(graph, RDF_TYPE, _term("void", "Dataset"))
        yield from _statistics(graph, each, slug)
        source = individual("source", slug)
        if source in each.subjects:
            yield Triple(graph, _term("prov", "wasDerivedFrom"), source)
            yield Triple(dataset, _term("prov", "wasDerivedFrom"), source)
    for slug, triples in sorted(streamed.documents.items()):
        graph, source = individual("graph", slug), individual("source", slug)
        yield Triple(dataset, _term("void", "subset"), graph)
        yield Triple(graph, RDF_TYPE, _term("void", "Dataset"))
        yield Triple(graph, _term("void", "triples"), whole(triples))
        yield Triple(graph, _term("prov", "wasDerivedFrom"), source)
        yield Triple(dataset, _term("prov", "wasDerivedFrom"), source)
    yield Triple(activity, RDF_TYPE, EV.Build)
    yield Triple(activity, _term("dcterms", "description"), Literal(f"evikg build {version}"))
    for item in sorted(inputs):
        file = individual("graph", f"input-{item.sha256[:16]}")
        yield Triple(activity, _term("prov", "used"), file)
        yield Triple(file, RDF_TYPE, _term("prov", "Entity"))
        yield Triple(file, _term("dcterms", "title"), Literal(item.name))
        yield Triple(file, EV.textSha256, Literal(item.sha256))
        yield Triple(file, _term("dcat", "byteSize"), whole(item.bytes))


def _statistics(dataset: NamedNode, held: Partitions, slug: str) -> Iterator[Triple]:
    yield Triple(dataset, _term("void", "triples"), whole(held.triples))
    yield Triple(dataset, _term("void", "distinctSubjects"), whole(held.distinct_subjects))
    for number, (class_iri, entities) in enumerate(sorted(held.entities.items()), 1):
        name = f"{slug}-class-{number}"
        partition = individual("graph", name)
        yield Triple(dataset, _term("void", "classPartition"), partition)
        yield Triple(partition, _term("void", "class"), NamedNode(class_iri))
        yield Triple(partition, _term("void", "entities"), whole(entities))
        targets = {p: found for (c, p), found in held.targets.items() if c == class_iri}
        for place, (predicate, found) in enumerate(sorted(targets.items()), 1):
            inner = f"{name}-property-{place}"
            yield from _property(partition, inner, predicate, found.triples)
            yield from _targets(inner, "void", "class", found.classes)
            yield from _targets(inner, "void-ext", "datatype", found.datatypes)
    for number, (predicate, count) in enumerate(sorted(held.properties.items()), 1):
        yield from _property(dataset, f"{slug}-property-{number}", predicate, count)


def _property(whole_: NamedNode, name: str, predicate: str, triples: int) -> Iterator[Triple]:
    partition = individual("graph", name)
    yield Triple(whole_, _term("void", "propertyPartition"), partition)
    yield Triple(partition, _term("void", "property"), NamedNode(predicate))
    yield Triple(partition, _term("void", "triples"), whole(triples))


def _targets(name: str, prefix: str, kind: str, iris: Iterable[str]) -> Iterator[Triple]:
    """Say what the objects of a property are, as nested partitions."""
    for number, iri in enumerate(sorted(iris), 1):
        target = individual("graph", f"{name}-{kind}-{number}")
        yield Triple(individual("graph", name), _term(prefix, f"{kind}Partition"), target)
        yield Triple(target, _term(prefix, kind), NamedNode(iri))
