"""What speaks against the numbers about a thing: failed checks and printings that disagree."""

from dataclasses import dataclass

from pyoxigraph import NamedNode

from evikg.graph.store import Store

from .asking import ask
from .numbers import slug_of


@dataclass(frozen=True, slots=True)
class Fault:
    """A failed check or a disagreement, with the printings that take part."""

    iri: str
    sort: str  # the verdict of a check, or the type of a disagreement
    weight: str  # of a check: critical, major or minor
    words: str
    numbers: tuple[tuple[str, str, str], ...]  # IRI, token as printed, place


@dataclass(frozen=True, slots=True)
class Faults:
    """The faults, the weightier first, and the query that finds them."""

    items: tuple[Fault, ...]
    query: str


_ORDER = ("critical", "major", "", "minor")


def faults(store: Store, iri: NamedNode) -> Faults:
    """Return what speaks against numbers about a study, group, regimen, source or variable."""
    asked = ask(store, "faults", thing=[iri])
    rows: dict[str, list[dict[str, str]]] = {}
    for row in asked.rows:
        rows.setdefault(row["finding"], []).append(row)
    found = [
        Fault(
            finding,
            held[0]["sort"],
            held[0]["weight"],
            held[0]["words"],
            tuple(
                dict.fromkeys(
                    (row["result"], row["printed"], f"{slug_of(row['result'])}, {row['locator']}")
                    for row in held
                )
            ),
        )
        for finding, held in rows.items()
    ]
    found.sort(key=lambda item: _ORDER.index(item.weight) if item.weight in _ORDER else 2)
    return Faults(tuple(found), asked.query)
