"""Nanopublications: each reported result as an assertion with its provenance, four graphs in TriG.

They are unsigned drafts with temporary IRIs; to sign and publish them, and to name their creator,
is for a person to do. Structure: Nanopublication Guidelines,
https://nanopub.net/guidelines/working_draft/ ("Well-formed Nanopublications").
"""

import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib.resources import files
from typing import IO, Any

import pyoxigraph
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, QueryTriples, RdfFormat, Triple

from evikg.graph.codecs import xsd
from evikg.graph.errors import ExportError
from evikg.graph.mapping import RDF_TYPE
from evikg.graph.store import Store
from evikg.ontology import EV, kind_and_slug, prefixes

from .quads import by_subject, graph_names, sorted_quads
from .rdf import write_prefixed

#: Where drafts stand: a server gives its own IRI when it takes a nanopublication.
DRAFTS = "http://purl.org/nanopub/temp/"
_NP = "http://www.nanopub.org/nschema#"
_NPX = "http://purl.org/nanopub/x/"
_PARTS = {
    "assertion": "hasAssertion",
    "provenance": "hasProvenance",
    "pubinfo": "hasPublicationInfo",
}


@dataclass(frozen=True, slots=True)
class Nanopub:
    """A nanopublication: its IRI and the triples of its three graphs beside the head."""

    iri: str
    assertion: frozenset[Triple]
    provenance: frozenset[Triple]
    pubinfo: frozenset[Triple]


def write_nanopubs(store: Store, output: IO[bytes], created: datetime | None = None) -> None:
    """Write one nanopublication for each reported result, as they come.

    :param created: what they say of their time; by default `$SOURCE_DATE_EPOCH`
        (https://reproducible-builds.org/specs/source-date-epoch/), else now
    :raises ExportError: if the graph does not say under what terms it is given
    """
    moment = (created or _now()).astimezone(UTC).replace(microsecond=0)
    quads = _quads(store, Literal(moment.isoformat(), datatype=xsd("dateTime")))
    write_prefixed(quads, output, RdfFormat.TRIG, prefixes() | {"np": _NP, "npx": _NPX})


def read_nanopubs(data: bytes | IO[bytes]) -> list[Nanopub]:
    """Read the nanopublications of a TriG file, sorted by IRI.

    :raises ExportError: if it is no TriG, or a head names a graph that is not there
    """
    graphs: dict[Any, set[Triple]] = defaultdict(set)
    try:
        for quad in pyoxigraph.parse(data, RdfFormat.TRIG):
            graphs[quad.graph_name].add(quad.triple)
    except SyntaxError as error:
        raise ExportError(f"this is no TriG: {error.msg}") from error
    kind = NamedNode(_NP + "Nanopublication")
    heads = [
        (triple.subject, head)
        for head in graphs.values()
        for triple in head
        if triple.predicate == RDF_TYPE and triple.object == kind
    ]
    return sorted((_read(iri, head, graphs) for iri, head in heads), key=lambda found: found.iri)


def _now() -> datetime:
    seconds = os.environ.get("SOURCE_DATE_EPOCH")
    if seconds is None:
        return datetime.now(UTC)
    if not seconds.isdecimal():
        raise ExportError(f"SOURCE_DATE_EPOCH is {seconds!r}, expected seconds since 1970")
    return datetime.fromtimestamp(int(seconds), UTC)


def _read(iri: Any, head: set[Triple], graphs: Mapping[Any, set[Triple]]) -> Nanopub:
    parts = {}
    for part, name in _PARTS.items():
        property_ = NamedNode(_NP + name)
        named = [t.object for t in head if t.subject == iri and t.predicate == property_]
        if len(named) != 1 or named[0] not in graphs:
            raise ExportError(f"{iri} has no graph of its {part}")
        parts[part] = frozenset(graphs[named[0]])
    return Nanopub(iri.value, **parts)


def _quads(store: Store, created: Literal) -> Iterator[Quad]:
    licence = _licence(store)
    documents = _documents(store)
    # What is said of a result elsewhere, as that it passes a check, is not what the source reports.
    for graph in graph_names(store):
        triples = (quad.triple for quad in sorted_quads(store, graph))
        for subject, about in by_subject(triples):
            if isinstance(subject, NamedNode) and Triple(subject, RDF_TYPE, EV.Result) in about:
                yield from _nanopub(subject, about, documents, licence, created)


def _nanopub(
    result: NamedNode,
    about: list[Triple],
    documents: Mapping[Any, NamedNode],
    licence: NamedNode,
    created: Literal,
) -> Iterator[Quad]:
    parts = kind_and_slug(result.value)
    iri = NamedNode(DRAFTS + (parts[1] if parts else result.value))
    head, assertion, provenance, pubinfo = (
        NamedNode(f"{iri.value}/{name}") for name in ("Head", *_PARTS)
    )
    yield Quad(iri, RDF_TYPE, NamedNode(_NP + "Nanopublication"), head)
    for name, graph in zip(_PARTS.values(), (assertion, provenance, pubinfo), strict=True):
        yield Quad(iri, NamedNode(_NP + name), graph, head)
    for triple in about:
        yield Quad(triple.subject, triple.predicate, triple.object, assertion)
    derived = _term("prov", "wasDerivedFrom")
    source = next(triple.object for triple in about if triple.predicate == EV.source)
    yield Quad(assertion, derived, source, provenance)
    if source in documents:
        yield Quad(assertion, derived, documents[source], provenance)
    said = partial(Quad, iri, graph_name=pubinfo)
    named = {triple.predicate: triple.object for triple in about}
    place = f"{named[EV.printed].value}, {named[EV.locator].value}"  # type: ignore[union-attr]
    yield said(_term("rdfs", "label"), Literal(place))
    yield said(_term("dcterms", "created"), created)
    yield said(_term("dcterms", "license"), licence)
    yield said(NamedNode(_NPX + "introduces"), result)


def _licence(store: Store) -> NamedNode:
    text = files(__package__).joinpath("licence.rq").read_text(encoding="utf-8")
    answer = store.query(text)
    assert isinstance(answer, QueryTriples)  # noqa: S101 - what a CONSTRUCT answers
    for triple in answer:
        if triple.predicate != RDF_TYPE and isinstance(triple.object, NamedNode):
            return triple.object
    raise ExportError("the graph does not say under what terms it is given; build it again")


def _documents(store: Store) -> dict[Any, NamedNode]:
    """Return the DOI, as IRI, of each source that has one."""
    text = files(__package__).joinpath("documents.rq").read_text(encoding="utf-8")
    answer = store.query(text)
    assert isinstance(answer, QuerySolutions)  # noqa: S101 - what a SELECT answers
    return {
        solution["source"]: NamedNode("https://doi.org/" + solution["doi"].value)
        for solution in answer
    }


def _term(prefix: str, name: str) -> NamedNode:
    return NamedNode(prefixes()[prefix] + name)
