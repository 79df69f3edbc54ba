"""The one mapping between records and triples, in both directions.

`to_triples` writes a record by the schema of its type, `from_triples` reads one back; what is added
for convenience (normalised values) is derived from the fields and ignored on reading.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from functools import cache
from operator import attrgetter
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from evikg.ontology import individual, kind_and_slug

from . import records as r
from .normalise import normalised
from .schemas import Schema, schemas

RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


def iri(record: r.Record) -> NamedNode:
    """Return the IRI of a record, `https://w3id.org/evikg/<kind>/<slug>`."""
    return individual(schemas()[type(record)].kind, record.slug)


def to_triples(record: r.Record) -> Iterator[Triple]:
    """Write a record as triples about its IRI, normalised values included."""
    kind: Any = type(record)
    schema, values_of, writers = _writing(kind)
    subject = individual(schema.kind, record.slug)
    yield Triple(subject, RDF_TYPE, schema.type)
    for value, write in zip(values_of(record), writers, strict=True):
        if value is None or value == ():
            continue
        for predicate, term in write(value):
            yield Triple(subject, predicate, term)
    if isinstance(record, r.Result):
        for predicate, term in normalised(record):
            yield Triple(subject, predicate, term)


@cache
def _writing(
    kind: type[Any],
) -> tuple[Schema, Callable[[Any], tuple[Any, ...]], tuple[Callable[[Any], Any], ...]]:
    """Return the schema of a record type, what reads its fields at once, and what writes each."""
    schema = schemas()[kind]
    writers = tuple(codec.write for codec in schema.fields.values())
    return schema, attrgetter(*schema.fields), writers


def from_triples(triples: Iterable[Triple]) -> list[r.Record]:
    """Read the records that triples describe, sorted by IRI; other subjects are passed over.

    :raises ValueError: if a record lacks a field that its type requires
    """
    described: dict[NamedNode, dict[NamedNode, list[Any]]] = {}
    for triple in triples:
        subject: Any = triple.subject
        described.setdefault(subject, {}).setdefault(triple.predicate, []).append(triple.object)
    return [
        _read(subject, properties)
        for subject, properties in sorted(described.items(), key=lambda item: item[0].value)
        if _record_type(properties) is not None
    ]


def _record_type(properties: Mapping[NamedNode, list[Any]]) -> type[Any] | None:
    types = properties.get(RDF_TYPE, [])
    return next((cls for cls, schema in schemas().items() if schema.type in types), None)


def _read(subject: NamedNode, properties: Mapping[NamedNode, list[NamedNode | Literal]]) -> Any:
    record_type = _record_type(properties)
    assert record_type is not None  # noqa: S101 - the caller has asked
    parts = kind_and_slug(subject.value)
    if parts is None:
        raise ValueError(f"<{subject.value}> is not an individual of the evidence graph")
    values: dict[str, Any] = {"slug": parts[1]}
    for name, codec in schemas()[record_type].fields.items():
        value = codec.read(properties)
        if value is not None:
            values[name] = value
    known = {f.name for f in fields(record_type)}
    try:
        return record_type(**{name: value for name, value in values.items() if name in known})
    except TypeError as error:
        raise ValueError(f"<{subject.value}>: {error}") from error
