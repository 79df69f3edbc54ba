"""Triples in disguise: how an upload keeps them in a store before they are in force.

In a staged triple every IRI stands behind a prefix of its own, so that no pattern about evidence
matches it, also where the default graph is the union of all graphs. Literals and blank nodes stay
as they are. One triple stays one triple: the server takes the prefix off by `STRAFTER` when it puts
them in force (`upload-add.rq`).
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from hashlib import blake2b

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from evikg.ontology import prefixes

#: Stands before every IRI of a staged triple.
PREFIX = "https://w3id.org/evikg/upload/staged/"
_TYPED = '"^^<'
_WHOLE = frozenset(
    "integer int long short byte nonNegativeInteger positiveInteger nonPositiveInteger"
    " negativeInteger unsignedInt unsignedLong unsignedShort unsignedByte".split()
)
_KEY_BYTES = 16


def staged(triple: Triple) -> str:
    """Return a triple in disguise, as a line of N-Triples."""
    return f"{_staged(triple.subject)} {_staged(triple.predicate)} {_staged(triple.object)} .\n"


def has_blank(triple: Triple) -> bool:
    """Tell whether a triple holds a blank node."""
    return isinstance(triple.subject, BlankNode) or isinstance(triple.object, BlankNode)


def key(triple: Triple) -> bytes:
    """Return 16 bytes that two triples share if they say the same, in disguise or out of it.

    Blank nodes are all alike, and so are the ways to write one number or one truth value: Virtuoso
    keeps `"007"^^xsd:integer` as 7.
    """
    text = str(triple)
    if "_:" in text or _TYPED in text:
        terms = (triple.subject, triple.predicate, triple.object)
        text = " ".join(_plain(term) for term in terms)
    return blake2b(text.replace(f"<{PREFIX}", "<").encode(), digest_size=_KEY_BYTES).digest()


class Tally:
    """What a bag of triples adds up to, in whatever order they come."""

    def __init__(self, triples: Iterable[Triple] = ()) -> None:
        """Add up triples."""
        self.count = 0
        self.sum = 0
        for _ in self.counted(triples):
            pass

    def counted(self, triples: Iterable[Triple]) -> Iterator[Triple]:
        """Yield triples while they are added."""
        for triple in triples:
            self.count += 1
            self.sum += int.from_bytes(key(triple))
            yield triple

    def equals(self, other: "Tally") -> bool:
        """Tell whether two bags hold the same triples, equally often."""
        return (self.count, self.sum) == (other.count, other.sum)


def _staged(term: object) -> str:
    return f"<{PREFIX}{term.value}>" if isinstance(term, NamedNode) else str(term)


def _plain(term: object) -> str:
    if isinstance(term, BlankNode):
        return "_:"
    if not isinstance(term, Literal):
        return str(term)
    xsd = prefixes()["xsd"]
    name = term.datatype.value.removeprefix(xsd)
    value = term.value
    try:
        if name in _WHOLE:
            value = str(int(value))
        elif name == "decimal":
            value = format(Decimal(value).normalize(), "f")
        elif name in {"double", "float"}:
            value = repr(float(value))
        elif name == "boolean":
            value = {"1": "true", "0": "false"}.get(value, value)
        else:
            return str(term)
    except (ValueError, InvalidOperation):
        return str(term)
    return f"{value}^^{name}"
