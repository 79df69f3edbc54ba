"""The page of a document: its licence, its studies, every number by the place it is printed at."""

from collections import defaultdict

from pyoxigraph import NamedNode

from evikg.graph.store import Store
from evikg.server.exchange import Reply, Request
from evikg.server.rendering import page

from .asking import ask
from .faults import faults
from .numbers import Number, numbers
from .panels import Column, table
from .things import thing


def show(store: Store, _request: Request, iri: NamedNode) -> Reply:
    """Show a document; of the numbers every printing is listed, faults included."""
    found = numbers(store, iri)
    places: dict[str, list[Number]] = defaultdict(list)
    for item in sorted(found.items, key=lambda item: (int(item.line), item.iri)):
        places[item.locator.partition(",")[0]].append(item)
    return page(
        "source.html",
        thing=thing(store, iri.value),
        kind="Document",
        numbers=found,
        sections=sorted(places.items(), key=lambda place: int(place[1][0].line)),
        faults=faults(store, iri),
        panels=[
            table(
                ask(store, "source-studies", source=[iri]), "Studies it prints", "studies",
                [Column("Study", "name", "study"), Column("Directness", "directness"),
                 Column("Numbers", "numbers", numeric=True)],
            ),
            table(
                ask(store, "mentions", source=[iri]), "Entities it names", "mentions",
                [Column("Printed", "printed", "mention"), Column("Type", "type"),
                 Column("Identifier printed", "identifier"), Column("Screening", "screening"),
                 Column("Reason", "reason"), Column("Term", "term", "term"),
                 Column("Line", "line", numeric=True)],
                "Identifiers as printed. Screening compares each with the terminologies.",
            ),
            table(
                ask(store, "reporting", source=[iri]), "What it says of READUS-PV", "readus-pv",
                [Column("Item", "number", "assessment"),
                 Column("Asked", "asked"), Column("Status", "status"),
                 Column("Place", "locator"), Column("Line", "line", numeric=True),
                 Column("Note", "note")],
                "Items of the guideline for reporting disproportionality analyses, in words of"
                " our own: what is told, not what was done.",
            ),
        ],
    )  # fmt: skip
