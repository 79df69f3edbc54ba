"""What the graph is made of: documents, terminologies, mapping sets, licences, limits, downloads."""

from evikg.graph.store import Store
from evikg.server.exchange import Reply, Request, Route
from evikg.server.rendering import page

from .asking import ask
from .panels import DOI, Column, table


def about_page(store: Store, _request: Request) -> Reply:
    """Answer `/about`."""
    return page(
        "about.html",
        build=next(iter(ask(store, "build").rows), None),
        panels=[
            table(
                ask(store, "sources"), "Documents", "documents",
                [Column("Document", "title", "source"), Column("Journal", "journal"),
                 Column("DOI", "doi", at=DOI), Column("Licence", "licence"),
                 Column("Numbers", "numbers", numeric=True)],
                "Numbers, labels and terms are kept, never the sentences of a paper.",
            ),
            table(
                ask(store, "terminologies"), "Terminologies", "terminologies",
                [Column("Terminology", "title", "terminology"), Column("Version", "version"),
                 Column("Extent", "extent"), Column("Licence", "licence"),
                 Column("Rights holder", "attribution")],
                "A slice holds what the evidence links to, with all that stands above it.",
            ),
            table(
                ask(store, "mapping-sets"), "Mapping sets", "mappings",
                [Column("Mapping set", "title", "mapping_set"), Column("Version", "version"),
                 Column("Licence", "licence"), Column("Mappings", "mappings", numeric=True)],
            ),
        ],
    )  # fmt: skip


ROUTES = (Route("/about", about_page),)
