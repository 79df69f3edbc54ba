"""Lists of all studies, drugs, outcomes and documents."""

from evikg.graph.store import Store
from evikg.ontology import word
from evikg.server.exchange import Reply, Request, Route
from evikg.server.rendering import page

from .asking import Asked, ask
from .numbers import place_of
from .panels import DOI, Column, table

_NUMBERS = "One number a quantity, however often it is printed."


def studies_page(store: Store, _request: Request) -> Reply:
    """Answer `/studies`."""
    panel = table(
        ask(store, "studies"), "All studies", "studies",
        [Column("Study", "name", "study"), Column("Design", "design"),
         Column("Registration", "registration"),
         Column("Largest group", "patients", numeric=True),
         Column("Own numbers", "own_numbers", numeric=True),
         Column("Cited numbers", "cited_numbers", numeric=True)],
        "Own: from the study's own document. Cited: as another document repeats them.",
    )  # fmt: skip
    return page("list.html", title="Studies", panels=[panel])


def drugs_page(store: Store, _request: Request) -> Reply:
    """Answer `/drugs`."""
    panel = table(
        ask(store, "drugs"), "All drugs", "drugs",
        [Column("Drug", "name", "drug"), Column("Regimens", "regimens", numeric=True),
         Column("Studies", "studies", numeric=True)],
    )  # fmt: skip
    return page("list.html", title="Drugs", panels=[panel])


def sources_page(store: Store, _request: Request) -> Reply:
    """Answer `/sources`."""
    panel = table(
        ask(store, "sources"), "All documents", "sources",
        [Column("Document", "title", "source"), Column("Kind", "kind"),
         Column("Journal", "journal"), Column("Published", "published"), Column("DOI", "doi", at=DOI),
         Column("Licence", "licence"), Column("Numbers", "numbers", numeric=True)],
        "Every printing counts.",
    )  # fmt: skip
    return page("list.html", title="Documents", panels=[panel])


def variables_page(store: Store, _request: Request) -> Reply:
    """Answer `/variables`."""
    asked = ask(store, "variables")
    kinds = sorted({row["kind"] for row in asked.rows}, key=lambda iri: place_of(word(iri) or iri))
    panels = [
        table(
            Asked(tuple(row for row in asked.rows if row["kind"] == kind), asked.query),
            (word(kind) or kind).capitalize(), (word(kind) or "kind").replace(" ", "-"),
            [Column("Name", "name", "variable"), Column("Studies", "studies", numeric=True),
             Column("Numbers", "numbers", numeric=True)],
            _NUMBERS,
        )
        for kind in kinds
    ]  # fmt: skip
    return page("list.html", title="Outcomes, events and characteristics", panels=panels)


ROUTES = (
    Route("/studies", studies_page),
    Route("/drugs", drugs_page),
    Route("/sources", sources_page),
    Route("/variables", variables_page),
)
