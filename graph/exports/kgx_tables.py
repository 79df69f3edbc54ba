"""The mapping tables between the graph and KGX, and the names of things in it."""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from pyoxigraph import Literal, NamedNode

from evikg.graph.codecs import plain_decimal, xsd
from evikg.ontology import kind_and_slug, prefixes
from evikg.ontology.curie import contract, expand
from evikg.ontology.namespaces import BASE, EV_IRI

_OWN = "evikg"
#: What KGX takes for a CURIE.
_CURIE = re.compile(r"[^ <()>:/]+:[^/ :]+")
_DATES = {4: "gYear", 7: "gYearMonth", 10: "date"}


def curie_of(iri: str) -> str:
    """Return the CURIE of an IRI, or the IRI where none leads back to it.

    What the graph itself names has a prefix for each kind, and terms of the vocabulary have one.

    >>> curie_of("https://w3id.org/evikg/variable/cr-cri")
    'evikg.variable:cr-cri'
    >>> curie_of("http://id.nlm.nih.gov/mesh/D006504")
    'MESH:D006504'
    """
    curie = contract(iri)
    if curie == iri and iri.startswith(EV_IRI):
        curie = f"{_OWN}:{iri.removeprefix(EV_IRI)}"
    elif curie == iri and (parts := kind_and_slug(iri)):
        curie = f"{_OWN}.{parts[0]}:{parts[1]}"
    return curie if _CURIE.fullmatch(curie) and iri_of(curie) == iri else iri


def iri_of(curie: str) -> str:
    """Return the IRI of a CURIE that `curie_of` gave; an IRI stays itself.

    :raises UnknownPrefixError: if the prefix is not known
    """
    prefix, _, local = curie.partition(":")
    if local.startswith("//"):
        return curie
    if prefix == _OWN:
        return EV_IRI + local
    if prefix.startswith(f"{_OWN}."):
        return f"{BASE}{prefix.removeprefix(f'{_OWN}.')}/{local}"
    return expand(curie)


def full(name: str) -> str:
    """Return the IRI of a name with a prefix of the prefix map, as in the tables."""
    prefix, _, local = name.partition(":")
    return prefixes()[prefix] + local


@dataclass(frozen=True, slots=True)
class Property:
    """How the values of a property stand in a column."""

    iri: str
    column: str
    datatype: str  # iri, @<language>, date, or a name of XML Schema

    def cell(self, term: Any) -> str | int | Decimal | None:
        """Return a value as a cell; None if it is not of the type that the column holds."""
        if self.datatype == "iri":
            return curie_of(term.value) if isinstance(term, NamedNode) else None
        if not isinstance(term, Literal) or self.term(term.value) != term:
            return None
        if self.datatype == "integer":
            return int(term.value)
        return Decimal(term.value) if self.datatype == "decimal" else term.value

    def term(self, cell: str) -> NamedNode | Literal:
        """Return the value that a cell, as text, holds."""
        if self.datatype == "iri":
            return NamedNode(iri_of(cell))
        if self.datatype.startswith("@"):
            return Literal(cell, language=self.datatype[1:])
        if self.datatype == "date":
            return Literal(cell, datatype=xsd(_DATES.get(len(cell), "date")))
        if self.datatype == "decimal":
            return plain_decimal(Decimal(cell))
        return Literal(cell, datatype=xsd(self.datatype))


@dataclass(frozen=True, slots=True)
class Association:
    """What edge a result is, by what was measured and the statistic; empty stands for any."""

    variable_kind: str
    statistic: str
    subject: str  # drug or group
    predicate: str
    category: str
    knowledge_level: str

    def fits(self, kind: str, statistic: NamedNode) -> bool:
        """Tell whether the rule is about results of a kind of variable and a statistic."""
        return (not self.variable_kind or full(self.variable_kind) == kind) and (
            not self.statistic or full(self.statistic) == statistic.value
        )


@dataclass(frozen=True, slots=True)
class Tables:
    """All mapping tables, their names as IRIs."""

    properties: Mapping[str, Property]
    relations: Mapping[str, str]  # property to Biolink predicate
    categories: Mapping[NamedNode, Mapping[str, str]]  # class, kind of variable: category
    terms: Mapping[str, str]  # prefix of a CURIE to category
    associations: tuple[Association, ...]  # the first that fits holds

    def category(self, kind: NamedNode, variable_kind: str) -> str:
        """Return the Biolink category of an individual of a class."""
        of_class = self.categories[kind]
        return of_class.get(variable_kind, of_class[""])

    def term_category(self, curie: str) -> str:
        """Return the Biolink category of a term of a terminology."""
        return self.terms.get(curie.partition(":")[0], self.terms[""])


@cache
def tables() -> Tables:
    """Return the mapping tables that the package ships."""
    categories: dict[NamedNode, dict[str, str]] = {}
    for row in _rows("kgx-categories.csv"):
        kind = full(row["variable_kind"]) if row["variable_kind"] else ""
        categories.setdefault(NamedNode(full(row["class"])), {})[kind] = row["category"]
    properties = (
        Property(full(row["property"]), row["column"], row["datatype"])
        for row in _rows("kgx-properties.csv")
    )
    return Tables(
        {held.iri: held for held in properties},
        {full(row["relation"]): row["predicate"] for row in _rows("kgx-relations.csv")},
        categories,
        {row["prefix"]: row["category"] for row in _rows("kgx-term-categories.csv")},
        tuple(Association(**row) for row in _rows("kgx-associations.csv")),
    )


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())
