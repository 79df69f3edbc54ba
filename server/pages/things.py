"""What the graph states of any thing, by property, and what points to it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode, QuerySolutions

from evikg.graph.binding import bind
from evikg.graph.store import Store
from evikg.ontology import compact, prefixes

from .asking import Row, ask, text_of
from .panels import DOI, Cell, named, spoken

_RDFS, _SKOS, _RDF = (prefixes()[name] for name in ("rdfs", "skos", "rdf"))
#: Properties whose value is the name of the thing, best first.
_NAMES = (f"{_SKOS}prefLabel", f"{_RDFS}label", f"{prefixes()['dcterms']}title")
#: Properties whose value names a check, a disagreement, a mention or a number well enough.
_STAND_INS = ("rule", "discrepancyType", "printed")
#: Properties whose value says what the thing is: SKOS, and OBO's `definition`.
_DEFINES = (f"{_SKOS}definition", f"{prefixes()['obo']}IAO_0000115")
#: What a page shows at other places than among the facts.
_UNSHOWN = frozenset({*_NAMES, *_DEFINES})
#: A type that says nothing to a reader.
_INDIVIDUAL = f"{prefixes()['owl']}NamedIndividual"
#: Properties that come first among the facts, by local name; all others follow by name.
_FIRST = (
    "groupKind design phase registration start end sites country studiesCondition studiesDrug drug"
    " route cycleTotal cycleTotalUnit cycleDays size arm study subgroupOf pools criterion regimen"
    " sourceKind doi publicationName issued license"
).split()
#: What properties of other vocabularies are called here.
_CALLED = {
    "doi": "DOI",
    "publicationName": "journal",
    "issued": "published",
    "license": "licence",
    "hasExactSynonym": "synonym",
    "hasRelatedSynonym": "related synonym",
    "hasNarrowSynonym": "narrower synonym",
    "hasBroadSynonym": "broader synonym",
    "hasDbXref": "reference",
    "subClassOf": "kind of",
}
#: How many of what points to a thing are listed, for each property.
LISTED = 40


@dataclass(frozen=True, slots=True)
class Fact:
    """A property with its values; `more` counts those that are not listed."""

    name: str
    property: str
    values: tuple[Cell, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing: its IRI, name, definition and facts, with the query that found them."""

    iri: str
    name: str
    definition: str
    facts: tuple[Fact, ...]
    query: str

    @property
    def short(self) -> str:
        """Return its IRI in short form."""
        return compact(self.iri)


def is_known(store: Store, iri: str) -> bool:
    """Tell whether the graph says anything with an IRI; text that is none is not known."""
    try:
        thing = NamedNode(iri)
    except ValueError:
        return False
    answer = store.query(bind(text_of("known"), {"thing": [thing]}))
    assert isinstance(answer, QuerySolutions)  # noqa: S101 - what a SELECT answers
    return next(iter(answer), None) is not None


def thing(store: Store, iri: str, without: Sequence[str] = ()) -> Thing:
    """Return what is stated of a thing.

    :param without: local names of properties that the page shows in another way
    """
    asked = ask(store, "statements", thing=[NamedNode(iri)])
    names = {row["property"]: row["value"] for row in reversed(asked.rows)}
    name = next((names[known] for known in _NAMES if known in names), "") or _stand_in(asked.rows)
    shown = [
        row
        for row in asked.rows
        if row["property"] not in _UNSHOWN
        and local(row["property"]) not in without
        and row["value"] != _INDIVIDUAL
    ]
    return Thing(
        iri, name or compact(iri), next((names[known] for known in _DEFINES if known in names), ""),
        tuple(_facts(shown)), asked.query,
    )  # fmt: skip


def _stand_in(rows: Sequence[Row]) -> str:
    """Return what stands for the name of a thing that has none; empty if nothing does."""
    said = {local(row["property"]): row["value_name"] or named(row["value"]) for row in rows}
    return next((said[name] for name in _STAND_INS if name in said), "")


def pointing(store: Store, iri: str) -> tuple[list[Fact], str]:
    """Return what points to a thing, by property, and the query that found it."""
    asked = ask(store, "pointing", thing=[NamedNode(iri)])
    found: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in asked.rows:
        found[row["property"]].setdefault(row["from"], row)
    facts = [
        Fact(
            _property_name(next(iter(rows.values()))),
            key,
            tuple(
                Cell(row["name"] or compact(row["from"]), row["from"])
                for row in list(rows.values())[:LISTED]
            ),
            max(0, len(rows) - LISTED),
        )
        for key, rows in found.items()
    ]
    return facts, asked.query


def local(iri: str) -> str:
    """Return the local name of an IRI.

    >>> local("https://w3id.org/evikg/ontology#completeFor")
    'completeFor'
    """
    return iri.rpartition("#")[2].rpartition("/")[2]


def _facts(rows: Sequence[Row]) -> list[Fact]:
    by_property: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in rows:
        by_property[row["property"]].setdefault(row["value"], row)
    facts = [
        Fact(_property_name(next(iter(values.values()))), key, tuple(map(_value, values.values())))
        for key, values in by_property.items()
    ]
    return sorted(facts, key=_place)


def _place(fact: Fact) -> tuple[bool, int, str]:
    name = local(fact.property)
    first = _FIRST.index(name) if name in _FIRST else len(_FIRST)
    return fact.property.startswith(_RDF), first, fact.name


def _property_name(row: Row) -> str:
    if row["property"] == f"{_RDF}type":
        return "type"
    if row["property"].startswith(_SKOS):
        return {"altLabel": "also called", "editorialNote": "note"}.get(
            local(row["property"]), spoken(local(row["property"]))
        )
    name = local(row["property"])
    known = _CALLED.get(name) or row["property_name"]
    return known or (compact(row["property"]) if "_" in name else spoken(name))


def _value(row: Row) -> Cell:
    value = row["value"]
    if row["linked"] != "true":
        href = DOI + value if local(row["property"]) == "doi" else ""
        if local(row["property"]) == "registration" and value.startswith("NCT"):
            href = f"https://clinicaltrials.gov/study/{value}"
        if value.startswith(("http://", "https://")) and " " not in value:
            href = value
        return Cell(value, href=href)
    return Cell(row["value_name"] or named(value), value)
