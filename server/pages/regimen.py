"""The page of a regimen: its dose steps, who was given it, every number of them."""

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
    """Show a regimen."""
    found = numbers(store, iri)
    everything = request.value("printings") == "all"
    return page(
        "group.html",
        thing=thing(store, iri.value, without=["step"]),
        kind="Regimen",
        size="",
        numbers=found,
        sections=by_kind(found.items if everything else found.primary),
        everything=everything,
        faults=faults(store, iri),
        panels=[
            table(
                ask(store, "regimen-steps", regimen=[iri]), "Dose steps", "steps",
                [Column("Cycle", "cycle"), Column("Day", "day", numeric=True),
                 Column("Amount", "amount", "step", numeric=True), Column("Unit", "unit"),
                 Column("Condition", "condition")],
                "The planned schedule as the sources print it; what was given may differ.",
            ),
            table(
                ask(store, "regimen-groups", given=[iri]), "Who was given it", "groups",
                [Column("Study", "study_name", "study"), Column("Group", "name", "group"),
                 Column("Kind", "kind"), Column("Size", "size", numeric=True)],
            ),
        ],
    )  # fmt: skip
