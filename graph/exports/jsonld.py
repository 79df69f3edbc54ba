"""JSON-LD 1.1: one object an individual, in the named graph that speaks of it, with short names.

The context is the prefix map, and for each property whose values are all of one type this type
(https://www.w3.org/TR/json-ld11/#type-coercion), so that they are plain strings: a number keeps its
digits. Objects are written one a line as they come, whatever their number.
"""

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import IO, Any

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, Triple

from evikg.graph.errors import ExportError
from evikg.graph.mapping import RDF_TYPE
from evikg.graph.store import Store
from evikg.ontology import compact, prefixes

from .quads import by_subject, graph_names, sorted_quads

_STRING = "http://www.w3.org/2001/XMLSchema#string"


def write_jsonld(store: Store, output: IO[bytes]) -> None:
    """Write the dataset as one JSON-LD document in UTF-8.

    :raises ExportError: if an IRI reads as a short name of another
    """
    coercions = _coercions(store)
    context = _prefixes() | {_name(iri): {"@id": iri} | coercions[iri] for iri in sorted(coercions)}
    output.write(b'{"@context":' + _json(context) + b',\n"@graph":[')
    for number, graph in enumerate(graph_names(store)):
        opening = '{"@id":' + _json(_name(graph)).decode() + ',"@graph":[\n'
        output.write((",\n" if number else "\n").encode() + opening.encode())
        triples = (quad.triple for quad in sorted_quads(store, graph))
        for place, (subject, about) in enumerate(by_subject(triples)):
            output.write((b",\n" if place else b"") + _json(_object(subject, about, coercions)))
        output.write(b"\n]}")
    output.write(b"\n]}\n")


def _prefixes() -> dict[str, Any]:
    """Return the prefix map for a context; a namespace that ends in no delimiter says it is one."""
    return {
        prefix: iri if iri[-1] in ":/?#[]@" else {"@id": iri, "@prefix": True}
        for prefix, iri in sorted(prefixes().items())
    }


def _coercions(store: Store) -> dict[str, dict[str, str]]:
    """Return, for each property that has values of one type only, what its context says of it."""
    text = files(__package__).joinpath("jsonld-types.rq").read_text(encoding="utf-8")
    answer = store.query(text)
    assert isinstance(answer, QuerySolutions)  # noqa: S101 - what a SELECT answers
    written = set(graph_names(store))  # a server's own graphs are not
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for solution in answer:
        if solution["graph"].value in written:
            kind, language = solution["type"], solution["language"]
            found[solution["property"].value].add((kind.value, language.value if language else ""))
    coercions = {}
    for iri, kinds in found.items():
        (kind, language), *others = kinds
        if others or iri == RDF_TYPE.value or kind == _STRING:
            continue
        coercions[iri] = {"@language": language} if language else {"@type": _type(kind)}
    return coercions


def _type(kind: str) -> str:
    return kind if kind == "@id" else _name(kind)


def _object(
    subject: NamedNode | BlankNode, about: list[Triple], coercions: Mapping[str, Mapping[str, str]]
) -> dict[str, Any]:
    written: dict[str, Any] = {"@id": _reference(subject)}
    values = defaultdict(list)
    for triple in about:
        if triple.predicate == RDF_TYPE and isinstance(triple.object, NamedNode | BlankNode):
            values["@type"].append(_reference(triple.object))
        else:
            coercion = coercions.get(triple.predicate.value, {})
            values[_name(triple.predicate.value)].append(_value(triple.object, coercion))
    for name, all_ in values.items():
        written[name] = all_ if len(all_) > 1 else all_[0]
    return written


def _value(term: Any, coercion: Mapping[str, str]) -> Any:
    if not isinstance(term, Literal):
        reference = _reference(term)
        return reference if coercion.get("@type") == "@id" else {"@id": reference}
    if coercion:
        return term.value
    if term.language:
        return {"@value": term.value, "@language": term.language}
    if term.datatype.value == _STRING:
        return term.value
    return {"@value": term.value, "@type": _name(term.datatype.value)}


def _reference(term: NamedNode | BlankNode) -> str:
    return _name(term.value) if isinstance(term, NamedNode) else str(term)


@lru_cache(maxsize=100_000)
def _name(iri: str) -> str:
    """Return the short name of an IRI, or the IRI where that would be read as another."""
    short = compact(iri)
    if short == iri and iri.partition(":")[0] in prefixes():
        raise ExportError(f"<{iri}> reads as a short name in JSON-LD: export it as TriG")
    return iri if re.match(r"[^:]+:(//|$)", short) else short


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
