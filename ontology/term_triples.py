"""Terms of external terminologies as triples, and back.

Hierarchies keep the property of their own field: `rdfs:subClassOf` for OBO ontologies and CTCAE,
`meshv:broaderDescriptor` for MeSH descriptors (https://id.nlm.nih.gov/mesh/vocab). Names and
deprecations are written as OBO ontologies do (oboInOwl, IAO), so that one query finds a name in
any of them.
"""

from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import Literal, NamedNode, Triple

from .curie import prefix_of
from .namespaces import EV, individual, prefixes
from .terms import Grade, Release, Scope, Synonym, Term

_OIO = "http://www.geneontology.org/formats/oboInOwl#"
_OBO = "http://purl.obolibrary.org/obo/"
_MESHV = "http://id.nlm.nih.gov/mesh/vocab#"
_RDF, _RDFS, _OWL = prefixes()["rdf"], prefixes()["rdfs"], prefixes()["owl"]
_TYPE = NamedNode(f"{_RDF}type")
_CLASS = NamedNode(f"{_OWL}Class")
LABEL = NamedNode(f"{_RDFS}label")
SUBCLASS = NamedNode(f"{_RDFS}subClassOf")
BROADER = NamedNode(f"{_MESHV}broaderDescriptor")
MAPPED_TO = NamedNode(f"{_MESHV}mappedTo")
TREE_NUMBER = NamedNode(f"{_MESHV}treeNumber")
DEFINITION = NamedNode(f"{_OBO}IAO_0000115")
REPLACED_BY = NamedNode(f"{_OBO}IAO_0100001")
CONSIDER = NamedNode(f"{_OIO}consider")
XREF = NamedNode(f"{_OIO}hasDbXref")
DEPRECATED = NamedNode(f"{_OWL}deprecated")
SYNONYMS = {
    Scope.EXACT: NamedNode(f"{_OIO}hasExactSynonym"),
    Scope.NARROW: NamedNode(f"{_OIO}hasNarrowSynonym"),
    Scope.BROAD: NamedNode(f"{_OIO}hasBroadSynonym"),
    Scope.RELATED: NamedNode(f"{_OIO}hasRelatedSynonym"),
}
_TRUE = Literal("true", datatype=NamedNode(f"{prefixes()['xsd']}boolean"))
_MESH = "MESH"
#: How much of a release a graph holds, as `ev:extent` says it.
FULL = "full release"
SLICE = "slice"


def term_triples(term: Term) -> Iterator[Triple]:
    """Write a term. The type of a synonym, such as `layperson`, is not written."""
    subject = NamedNode(term.iri)
    is_mesh = prefix_of(term.iri) == _MESH
    yield Triple(subject, _TYPE, NamedNode(_MESHV + term.kind) if is_mesh else _CLASS)
    if term.label:
        yield Triple(subject, LABEL, Literal(term.label, language="en"))
    if term.definition:
        yield Triple(subject, DEFINITION, Literal(term.definition, language="en"))
    for synonym in term.synonyms:
        yield Triple(subject, SYNONYMS[synonym.scope], Literal(synonym.text, language="en"))
    for predicate, objects in (
        (BROADER if is_mesh else SUBCLASS, term.parents),
        (MAPPED_TO, term.mapped_to),
        (REPLACED_BY, term.replaced_by),
        (CONSIDER, term.consider),
    ):
        yield from (Triple(subject, predicate, NamedNode(value)) for value in objects)
    for number in term.tree_numbers:
        yield Triple(subject, TREE_NUMBER, Literal(number))
    for xref in term.xrefs:
        yield Triple(subject, XREF, Literal(xref))
    if term.deprecated:
        yield Triple(subject, DEPRECATED, _TRUE)
    for grade in term.grades:
        meaning = NamedNode(f"{term.iri}-grade-{grade.number}")
        yield Triple(meaning, _TYPE, EV.GradeDefinition)
        yield Triple(meaning, EV.gradeOf, subject)
        yield Triple(meaning, EV.gradeLevel, _integer(grade.number))
        yield Triple(meaning, DEFINITION, Literal(grade.text, language="en"))


def release_triples(release: Release, extent: str) -> Iterator[Triple]:
    """Write what is known of a release; `extent` is `SLICE` or `FULL`."""
    subject = individual("terminology", release.name)
    dcterms = prefixes()["dcterms"]
    yield Triple(subject, _TYPE, EV.Terminology)
    yield Triple(subject, LABEL, Literal(release.title, language="en"))
    yield Triple(subject, NamedNode(f"{_OWL}versionInfo"), Literal(release.version))
    yield Triple(subject, NamedNode(f"{dcterms}license"), Literal(release.licence))
    yield Triple(subject, NamedNode(f"{dcterms}rightsHolder"), Literal(release.attribution))
    yield Triple(subject, EV.extent, Literal(extent))


def read_terms(triples: Iterable[Triple]) -> list[Term]:
    """Read the terms that triples describe, sorted by IRI; grades and synonym types are lost."""
    described: dict[str, dict[NamedNode, list[NamedNode | Literal]]] = {}
    for triple in triples:
        subject, value = triple.subject, triple.object
        if isinstance(subject, NamedNode) and isinstance(value, NamedNode | Literal):
            about = described.setdefault(subject.value, {})
            about.setdefault(triple.predicate, []).append(value)
    return [_term(iri, about) for iri, about in sorted(described.items()) if _is_term(about)]


def _is_term(about: Mapping[NamedNode, list[NamedNode | Literal]]) -> bool:
    return any(t == _CLASS or t.value.startswith(_MESHV) for t in about.get(_TYPE, []))


def _term(iri: str, about: Mapping[NamedNode, list[NamedNode | Literal]]) -> Term:
    def values(predicate: NamedNode) -> tuple[str, ...]:
        return tuple(sorted(value.value for value in about.get(predicate, [])))

    types = [t.removeprefix(_MESHV) for t in values(_TYPE) if t.startswith(_MESHV)]
    return Term(
        iri=iri,
        label=next(iter(values(LABEL)), ""),
        kind=next(iter(types), ""),
        definition=next(iter(values(DEFINITION)), ""),
        synonyms=tuple(
            Synonym(text, scope)
            for scope, predicate in SYNONYMS.items()
            for text in values(predicate)
        ),
        parents=values(SUBCLASS) + values(BROADER),
        tree_numbers=values(TREE_NUMBER),
        mapped_to=values(MAPPED_TO),
        deprecated=DEPRECATED in about,
        replaced_by=values(REPLACED_BY),
        consider=values(CONSIDER),
        xrefs=values(XREF),
    )


def grades_of(iri: str, triples: Iterable[Triple]) -> tuple[Grade, ...]:
    """Return the grades of one term among triples, in order."""
    texts: dict[str, str] = {}
    numbers: dict[str, int] = {}
    for triple in triples:
        subject = triple.subject
        if isinstance(subject, NamedNode) and subject.value.startswith(f"{iri}-grade-"):
            if triple.predicate == DEFINITION and isinstance(triple.object, Literal):
                texts[subject.value] = triple.object.value
            elif triple.predicate == EV.gradeLevel and isinstance(triple.object, Literal):
                numbers[subject.value] = int(triple.object.value)
    return tuple(sorted(Grade(number, texts[key]) for key, number in numbers.items()))


def _integer(number: int) -> Literal:
    return Literal(str(number), datatype=NamedNode(f"{prefixes()['xsd']}integer"))
