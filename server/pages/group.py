"""The page of a group: the denominator, what it is a part of, what it holds, every number of it."""

from pyoxigraph import NamedNode

from evikg.graph.store import Store
from evikg.server.exchange import Reply, Request
from evikg.server.rendering import page

from .asking import ask
from .faults import faults
from .numbers import by_kind, numbers
from .panels import Column, table
from .things import thing


def show(store: Store, request: Request, iri: NamedNode) -> Reply:
    """Show a group of patients or reports."""
    found = numbers(store, iri)
    everything = request.value("printings") == "all"
    about = thing(store, iri.value)
    size = next((f.values[0].text for f in about.facts if f.property.endswith("#size")), "")
    return page(
        "group.html",
        thing=about,
        kind="Group",
        size=size,
        numbers=found,
        sections=by_kind(found.items if everything else found.primary),
        everything=everything,
        faults=faults(store, iri),
        panels=[
            table(
                ask(store, "group-parts", group=[iri]), "Groups around it", "around",
                [Column("This group is", "how"), Column("Group", "name", "other"),
                 Column("Kind", "kind"), Column("Size", "size", numeric=True)],
                "Groups that hold one another share patients: their numbers are never added.",
            ),
        ],
    )  # fmt: skip
