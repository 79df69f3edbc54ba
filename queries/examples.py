"""The catalogue as RDF: one example query a question, as SIB's editor and tools read them.

The shape is that of https://github.com/sib-swiss/sparql-examples: a `sh:SPARQLExecutable` with the
question as `rdfs:comment` and the query as `sh:select` (SHACL-SPARQL,
https://www.w3.org/TR/shacl/#sparql-prefixes). Prefixes are declared with IRIs as nodes, so that a
graph with examples in it has no blank node for them.
"""

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Triple

from evikg.graph.codecs import xsd
from evikg.ontology import individual, prefixes

from .catalogue import Question, catalogue


def _term(prefix: str, name: str) -> NamedNode:
    return NamedNode(prefixes()[prefix] + name)


def examples() -> Iterator[Triple]:
    """Yield every question that the graph alone can answer, and the prefixes of EviKG.

    Questions that need the network are left out: no endpoint runs them unless it is allowed to.
    """
    declared = individual("graph", "prefixes")
    for question in catalogue().values():
        yield from _example(question, declared)
    yield Triple(declared, _term("rdf", "type"), _term("owl", "Ontology"))
    for prefix, namespace in prefixes().items():
        node = individual("graph", f"prefix-{prefix}")
        yield Triple(declared, _term("sh", "declare"), node)
        yield Triple(node, _term("sh", "prefix"), Literal(prefix))
        yield Triple(node, _term("sh", "namespace"), Literal(namespace, datatype=xsd("anyURI")))


def _example(question: Question, declared: NamedNode) -> Iterator[Triple]:
    node, header = individual("question", question.name), question.header
    yield Triple(node, _term("rdf", "type"), _term("sh", "SPARQLExecutable"))
    yield Triple(node, _term("rdf", "type"), _term("sh", "SPARQLSelectExecutable"))
    yield Triple(node, _term("rdfs", "comment"), Literal(header.summary, language="en"))
    description = Literal(header.description, language="en")
    yield Triple(node, _term("dcterms", "description"), description)
    for tag in header.tags:
        yield Triple(node, _term("schema", "keywords"), Literal(tag))
    yield Triple(node, _term("sh", "prefixes"), declared)
    yield Triple(node, _term("sh", "select"), Literal(question.text))
