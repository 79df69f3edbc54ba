"""Identifiers as annotations print them, and the terms they may stand for."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from evikg.ontology.curie import UnknownPrefixError, converter, expand
from evikg.ontology.terms import SemanticType

#: What annotators write where they found no identifier.
NOTHING = frozenset({"", "-", "-1", "None", "null", "NIL"})

_PREFIXED = re.compile(r"(?P<prefix>[A-Za-z][A-Za-z0-9. ]*?)[:_ ](?P<local>\S+)")


@dataclass(frozen=True, slots=True)
class Identifier:
    """An identifier that is well formed; the IRI is empty where its prefix has none here."""

    prefix: str
    local: str
    iri: str

    @property
    def curie(self) -> str:
        """Return prefix and local part."""
        return f"{self.prefix}:{self.local}"


class MalformedError(ValueError):
    """An identifier that no term can have; the message says why."""


def split(printed: str) -> list[str]:
    """Split what is printed for one span into its identifiers.

    >>> split("D006470|D003556"), split("MESH:D002318;MESH:D012131"), split("-")
    (['D006470', 'D003556'], ['MESH:D002318', 'MESH:D012131'], ['-'])

    What tmVar prints of one variant is one identifier.
    """
    if printed.startswith("tmVar:"):
        return [printed]
    return [part.strip() for part in re.split(r"[|;,+]", printed)]


def parse(printed: str, mention_type: str) -> Identifier:
    """Read an identifier; a bare one has the prefix that is customary for its type.

    >>> parse("D009181", "Disease").curie, parse("NCBI Gene 933", "Gene").curie
    ('MESH:D009181', 'NCBIGENE:933')

    :raises MalformedError: if no term can have it
    """
    patterns = _patterns()
    customary = customary_prefix(mention_type)
    bare = printed.strip()
    if match := _PREFIXED.fullmatch(bare):
        prefix = converter().standardize_prefix(match["prefix"]) or match["prefix"]
        local = match["local"]
    elif re.fullmatch(patterns["DBSNP"], bare):
        prefix, local = "DBSNP", bare
    elif customary:
        prefix, local = customary, bare
    else:
        raise MalformedError(f"{bare!r} has no prefix, and {mention_type!r} no customary one")
    if prefix not in patterns:
        raise MalformedError(f"{prefix!r} is the prefix of no known terminology")
    if not re.fullmatch(patterns[prefix], local):
        raise MalformedError(f"{local!r} does not have the form of {_examples()[prefix]}")
    try:
        return Identifier(prefix, local, expand(f"{prefix}:{local}"))
    except UnknownPrefixError:
        return Identifier(prefix, local, "")


def customary_prefix(mention_type: str) -> str:
    """Return the prefix that bare identifiers of a type of mention have; may be empty."""
    return _types().get(mention_type.lower(), ("", frozenset()))[0]


def expected_kinds(mention_type: str) -> frozenset[SemanticType]:
    """Return what kinds of term a type of mention may have; empty where any."""
    return _types().get(mention_type.lower(), ("", frozenset()))[1]


def table(name: str) -> Iterator[dict[str, str]]:
    """Read one of the tables beside this module."""
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())


@cache
def _types() -> dict[str, tuple[str, frozenset[SemanticType]]]:
    return {
        row["type"]: (row["prefix"], frozenset(map(SemanticType, row["kinds"].split())))
        for row in table("types.csv")
    }


@cache
def _patterns() -> dict[str, str]:
    return {row["prefix"]: row["pattern"] for row in table("identifiers.csv")}


@cache
def _examples() -> dict[str, str]:
    return {row["prefix"]: row["example"] for row in table("identifiers.csv")}


def well_known(prefix: str) -> bool:
    """Tell whether a word is the prefix of a known terminology, in any spelling."""
    return (converter().standardize_prefix(prefix) or prefix) in _patterns()
