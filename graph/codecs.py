"""How one field of a record stands in triples: pairs of predicate and object, and back."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from pyoxigraph import Literal, NamedNode

from evikg.ontology import ValueSet, ValueStatus, concept, individual, kind_and_slug, prefixes

from .numbers import Printed
from .records import Grade

Term = NamedNode | Literal
Properties = Mapping[NamedNode, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Codec:
    """A pair of functions: a value to (predicate, object) pairs, and properties to a value."""

    write: Callable[[Any], list[tuple[NamedNode, Term]]]
    read: Callable[[Properties], Any]


@cache
def xsd(name: str) -> NamedNode:
    """Return a datatype of XML Schema."""
    return NamedNode(prefixes()["xsd"] + name)


def plain_decimal(value: Decimal) -> Literal:
    """Write a decimal as `xsd:decimal`, without exponent and trailing zeros."""
    digits = format(value, "f")
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return Literal("0" if digits in {"-0", ""} else digits, datatype=xsd("decimal"))


def whole(value: int) -> Literal:
    """Write an integer as `xsd:integer`."""
    return Literal(str(value), datatype=xsd("integer"))


def _scalar(
    predicate: NamedNode, encode: Callable[[Any], Term], decode: Callable[[Any], Any], many: bool
) -> Codec:
    def write(value: Any) -> list[tuple[NamedNode, Term]]:
        return [(predicate, encode(item)) for item in (value if many else (value,))]

    def read(properties: Properties) -> Any:
        decoded = [item for item in map(decode, properties.get(predicate, ())) if item is not None]
        if many:
            return tuple(sorted(decoded))
        return decoded[0] if decoded else None

    return Codec(write, read)


def text(predicate: NamedNode, *, many: bool = False) -> Codec:
    """Carry a plain string."""
    return _scalar(predicate, lambda value: Literal(value), lambda term: term.value, many)


def label(predicate: NamedNode, *, many: bool = False) -> Codec:
    """Carry a name in English."""
    return _scalar(
        predicate, lambda value: Literal(value, language="en"), lambda term: term.value, many
    )


def integer(predicate: NamedNode) -> Codec:
    """Carry a whole number."""
    return _scalar(predicate, whole, lambda term: int(term.value), many=False)


def decimal(predicate: NamedNode) -> Codec:
    """Carry an exact decimal."""
    return _scalar(predicate, plain_decimal, lambda term: Decimal(term.value), many=False)


def boolean(predicate: NamedNode, marker: NamedNode) -> Codec:
    """Carry a flag: the predicate points to the marker, or is absent."""
    return Codec(
        lambda value: [(predicate, marker)] if value else [],
        lambda properties: marker in properties.get(predicate, ()),
    )


def date(predicate: NamedNode) -> Codec:
    """Carry an ISO 8601 date, month or year, typed by its length."""
    types = {4: "gYear", 7: "gYearMonth", 10: "date"}

    def encode(value: str) -> Literal:
        if not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", value):
            raise ValueError(f"{value!r} is not a date, month or year as 2026-02-05")
        return Literal(value, datatype=xsd(types[len(value)]))

    return _scalar(predicate, encode, lambda term: term.value, many=False)


def reference(predicate: NamedNode, kind: str, *, many: bool = False) -> Codec:
    """Carry a link to another individual, by its slug; links to other kinds are passed over."""

    def decode(term: Any) -> str | None:
        parts = kind_and_slug(term.value)
        return parts[1] if parts and parts[0] == kind else None

    return _scalar(predicate, lambda slug: individual(kind, slug), decode, many)


def resource(predicate: NamedNode, *, many: bool = False) -> Codec:
    """Carry a link to a term of an external terminology, by its IRI."""
    return _scalar(predicate, NamedNode, lambda term: term.value, many)


def concept_of(predicate: NamedNode, values: type[ValueSet]) -> Codec:
    """Carry a member of a closed value set, as its concept."""

    def decode(term: Any) -> ValueSet | None:
        return next((member for member in values if concept(member) == term), None)

    return _scalar(predicate, concept, decode, many=False)


def printed(
    number: NamedNode, as_printed: NamedNode, sign: NamedNode | None, status: NamedNode | None
) -> Codec:
    """Carry a printed number: its decimal, its text, its sign, or its status."""

    def write(value: Printed) -> list[tuple[NamedNode, Term]]:
        pairs: list[tuple[NamedNode, Term]] = [(as_printed, Literal(value.text))]
        if value.number is not None:
            pairs.append((number, plain_decimal(value.number)))
        if value.sign is not None and sign is not None:
            pairs.append((sign, Literal(value.sign)))
        if value.status is not None and status is not None:
            pairs.append((status, concept(value.status)))
        return pairs

    def read(properties: Properties) -> Printed | None:
        texts = properties.get(as_printed)
        if not texts:
            return None
        known = properties.get(status, ()) if status is not None else ()
        found = next((s for s in ValueStatus if concept(s) in known), None)
        return Printed.parse(texts[0].value, found)

    return Codec(write, read)


def grade(as_text: NamedNode, low: NamedNode, high: NamedNode) -> Codec:
    """Carry a severity grade: its text and, where known, its bounds."""

    def write(value: Grade) -> list[tuple[NamedNode, Term]]:
        pairs: list[tuple[NamedNode, Term]] = [(as_text, Literal(value.text))]
        if value.low is not None and value.high is not None:
            pairs += [(low, whole(value.low)), (high, whole(value.high))]
        return pairs

    def read(properties: Properties) -> Grade | None:
        texts = properties.get(as_text)
        return Grade.parse(texts[0].value) if texts else None

    return Codec(write, read)
