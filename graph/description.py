"""What a build says of itself: VoID and DCAT description, PROV-O provenance.

The description holds no time and no name of a machine, so that the same input gives the same graph.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import Literal, NamedNode, Triple

from evikg.ontology import EV, individual, prefixes

from .codecs import whole
from .inputs import Input

RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
TITLE = "EviKG evidence graph"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"


def _term(prefix: str, name: str) -> NamedNode:
    return NamedNode(prefixes()[prefix] + name)


def describe_build(
    graphs: Mapping[str, Iterable[Triple]], version: str, inputs: Iterable[Input]
) -> Iterator[Triple]:
    """Describe a build.

    :param graphs: slug of each named graph to its triples; the description itself is not among them
    :param version: of the software that built it
    :param inputs: the files that went into it
    """
    dataset = individual("graph", "evidence")
    activity = individual("graph", "build")
    held = {slug: list(triples) for slug, triples in graphs.items()}
    yield Triple(dataset, RDF_TYPE, _term("void", "Dataset"))
    yield Triple(dataset, RDF_TYPE, _term("dcat", "Dataset"))
    yield Triple(dataset, _term("dcterms", "title"), Literal(TITLE, language="en"))
    yield Triple(dataset, _term("dcterms", "license"), NamedNode(LICENCE))
    yield Triple(dataset, _term("dcat", "version"), Literal(version))
    yield Triple(dataset, _term("void", "uriSpace"), Literal("https://w3id.org/evikg/"))
    yield Triple(dataset, _term("prov", "wasGeneratedBy"), activity)
    yield from _statistics(dataset, [t for triples in held.values() for t in triples], "evidence")
    for slug, triples in sorted(held.items()):
        graph = individual("graph", slug)
        yield Triple(dataset, _term("void", "subset"), graph)
        yield Triple(graph, RDF_TYPE, _term("void", "Dataset"))
        yield from _statistics(graph, triples, slug)
        source = individual("source", slug)
        if any(triple.subject == source for triple in triples):
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


def _statistics(dataset: NamedNode, triples: list[Triple], slug: str) -> Iterator[Triple]:
    yield Triple(dataset, _term("void", "triples"), whole(len(triples)))
    subjects = {triple.subject for triple in triples}
    yield Triple(dataset, _term("void", "distinctSubjects"), whole(len(subjects)))
    classes = Counter(str(t.object.value) for t in triples if t.predicate == RDF_TYPE)  # type: ignore[union-attr]
    for number, (class_iri, entities) in enumerate(sorted(classes.items()), 1):
        partition = individual("graph", f"{slug}-class-{number}")
        yield Triple(dataset, _term("void", "classPartition"), partition)
        yield Triple(partition, _term("void", "class"), NamedNode(class_iri))
        yield Triple(partition, _term("void", "entities"), whole(entities))
    used = Counter(triple.predicate.value for triple in triples)
    for number, (predicate, count) in enumerate(sorted(used.items()), 1):
        partition = individual("graph", f"{slug}-property-{number}")
        yield Triple(dataset, _term("void", "propertyPartition"), partition)
        yield Triple(partition, _term("void", "property"), NamedNode(predicate))
        yield Triple(partition, _term("void", "triples"), whole(count))
