"""Mappings as triples.

What a mapping says, `subject skos:exactMatch object`, is a plain triple; it is asserted once,
however many sets print it, and not at all if a set denies it. That a set prints it, negative and
no-term-found rows too, is an `ev:Mapping` with its justification, so that what was searched in
vain can be asked for. Properties are those of the SSSOM vocabulary.
"""

from collections.abc import Container, Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Triple

from evikg.graph.mapping import RDF_TYPE
from evikg.ontology import EV, individual, prefixes

from .rows import MappingRow, MappingSet
from .vocabulary import EXACT_PREDICATES, SYMMETRIC_PREDICATES

_Link = tuple[str, str, str]


def link_triples(rows: Iterable[MappingRow]) -> set[Triple]:
    """Return what the mappings of all sets assert together, distinct.

    A triple that a negative row denies is left out, whichever set says which: for predicates that
    hold both ways in either direction, and for *exact match* with whatever else says *the same*.
    """
    asserted: set[_Link] = set()
    denied: set[_Link] = set()
    for row in rows:
        if not row.found:
            continue
        link = (row.subject, row.predicate, row.object)
        if row.negative:
            denied.update(_denied(*link))
        else:
            asserted.add(link)
    return {
        Triple(NamedNode(subject), NamedNode(predicate), NamedNode(target))
        for subject, predicate, target in asserted - denied
    }


def _denied(subject: str, predicate: str, target: str) -> Iterator[_Link]:
    for same in EXACT_PREDICATES if predicate in EXACT_PREDICATES else (predicate,):
        yield subject, same, target
        if same in SYMMETRIC_PREDICATES:
            yield target, same, subject


def label_triples(rows: Iterable[MappingRow], labelled: Container[str]) -> set[Triple]:
    """Return `rdfs:label` of the objects that no terminology labels, one label an object.

    Where rows print several labels, it is the first by code point.

    :param labelled: IRIs that have a label elsewhere in the graph
    """
    labels: dict[str, str] = {}
    for row in rows:
        if row.found and row.object_label and row.object not in labelled:
            labels[row.object] = min(labels.get(row.object, row.object_label), row.object_label)
    label = NamedNode(f"{prefixes()['rdfs']}label")
    return {
        Triple(NamedNode(iri), label, Literal(text, language="en")) for iri, text in labels.items()
    }


def record_triples(row: MappingRow) -> Iterator[Triple]:
    """Write that a set prints a mapping: who says it, why, and how surely."""
    mapping = individual("mapping", row.slug)
    sssom, xsd = prefixes()["sssom"], prefixes()["xsd"]
    yield Triple(mapping, RDF_TYPE, EV.Mapping)
    iris = [
        ("subject_id", row.subject),
        ("predicate_id", row.predicate),
        ("object_id", row.object),
        ("mapping_justification", row.justification),
        *(("author_id", author) for author in row.authors),
        *(("reviewer_id", reviewer) for reviewer in row.reviewers),
    ]
    if row.negative:
        iris.append(("predicate_modifier", f"{sssom}Not"))
    for name, iri in iris:
        yield Triple(mapping, NamedNode(sssom + name), NamedNode(iri))
    for name, text in (
        ("subject_label", row.subject_label),
        ("object_label", row.object_label),
        ("mapping_date", row.mapping_date),
        ("mapping_tool", row.tool),
        ("comment", row.comment),
    ):
        if text:
            yield Triple(mapping, NamedNode(sssom + name), Literal(text))
    if row.confidence is not None:
        value = Literal(f"{row.confidence:f}", datatype=NamedNode(f"{xsd}decimal"))
        yield Triple(mapping, NamedNode(f"{sssom}confidence"), value)


def set_triples(described: MappingSet) -> Iterator[Triple]:
    """Write what is known of a mapping set; its IRI is `mapping:<slug>` if it has none itself."""
    sssom, dcterms = prefixes()["sssom"], prefixes()["dcterms"]
    subject = NamedNode(described.iri) if described.iri else individual("mapping", described.slug)
    yield Triple(subject, RDF_TYPE, NamedNode(f"{sssom}MappingSet"))
    for iri, text in (
        (f"{dcterms}title", described.title),
        (f"{dcterms}description", described.description),
        (f"{dcterms}license", described.licence),
        (f"{prefixes()['owl']}versionInfo", described.version),
        *((f"{sssom}mapping_provider", provider) for provider in described.providers),
    ):
        if text:
            yield Triple(subject, NamedNode(iri), Literal(text))


def to_triples(row: MappingRow) -> Iterator[Triple]:
    """Write a mapping as its plain triple, if it is positive, and its record.

    Rows of several sets need `link_triples`, since one may deny what another asserts.
    """
    yield from link_triples([row])
    yield from record_triples(row)
