"""The page of a drug: regimens, studies, and everything measured in them."""

from pyoxigraph import NamedNode

from evikg.graph.store import Store
from evikg.server.exchange import Reply, Request
from evikg.server.rendering import page

from .asking import ask
from .panels import Column, table
from .term import links
from .things import thing

_MATCHES = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")


def show(store: Store, _request: Request, iri: NamedNode) -> Reply:
    """Show a drug."""
    outcomes = ask(store, "drug-outcomes", drug=[iri])
    return page(
        "drug.html",
        thing=thing(store, iri.value, without=_MATCHES),
        kind="Drug",
        panels=[
            table(
                ask(store, "drug-studies", drug=[iri]), "Studies", "studies",
                [Column("Study", "name", "study"), Column("Design", "design"),
                 Column("Numbers", "numbers", numeric=True)],
                "A study with 0 numbers is only cited: nothing of it was curated.",
            ),
            table(
                ask(store, "drug-regimens", drug=[iri]), "Regimens", "regimens",
                [Column("Regimen", "name", "regimen"),
                 Column("First cycle", "amount", numeric=True), Column("Unit", "unit"),
                 Column("Groups", "groups", numeric=True)],
            ),
            table(
                outcomes, "Measured in its studies", "measured",
                [Column("Kind", "kind"), Column("Outcome or event", "name", "variable"),
                 Column("Studies", "studies", numeric=True),
                 Column("Numbers", "numbers", numeric=True)],
                "One number a quantity, however often it is printed. Patients of comparators count too.",
            ),
            links(store, iri),
        ],
    )  # fmt: skip
