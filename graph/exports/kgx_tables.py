"""The mapping tables between the graph and KGX, and the names of things in it."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from pyoxigraph import Literal, NamedNode

from evikg.graph.codecs import plain_decimal, xsd
from evikg.ontology import prefixes
from evikg.ontology.curie import contract, expand
from evikg.ontology.namespaces import BASE

#: The prefix of what the graph itself names: `EVIKG:variable/cr-cri`.
PREFIX = "EVIKG:"
_DATES = {4: "gYear", 7: "gYearMonth", 10: "date"}


def curie_of(iri: str) -> str:
    """Return the CURIE of an IRI as Biolink writes it, or the IRI where none leads back to it."""
    curie = contract(iri)
    if curie != iri and expand(curie) == iri:
        return curie
    return PREFIX + iri.removeprefix(BASE) if iri.startswith(BASE) else iri


def iri_of(curie: str) -> str:
    """Return the IRI of a CURIE that `curie_of` gave.

    :raises UnknownPrefixError: if the prefix is not known
    """
    if curie.startswith(PREFIX):
        return BASE + curie.removeprefix(PREFIX)
    return curie if "://" in curie else expand(curie)


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
