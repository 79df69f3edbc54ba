"""The page of a study: who was treated with what, every number, what disagrees, who is shared."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from evikg.graph.store import Store
from evikg.ontology import StudyDesign, word
from evikg.server.exchange import Reply, Request
from evikg.server.rendering import page

from .asking import Row, ask
from .faults import faults
from .numbers import SIGNAL_WARNING, by_kind, numbers
from .panels import Column, table
from .things import thing


@dataclass(frozen=True, slots=True)
class Patients:
    """A group at its place in the flow of patients; `share` is of the largest group, 0 to 1."""

    group: str
    name: str
    kind: str
    size: str
    regimen: str
    regimen_name: str
    numbers: str
    share: float
    parts: "tuple[Patients, ...]"


def show(store: Store, request: Request, iri: NamedNode) -> Reply:
    """Show a study."""
    groups = ask(store, "study-groups", study=[iri])
    found = numbers(store, iri)
    everything = request.value("printings") == "all"
    about = thing(store, iri.value)
    design = next((f for f in about.facts if f.name == "design"), None)
    of_reports = design is not None and design.values[0].text == StudyDesign.PHARMACOVIGILANCE
    return page(
        "study.html",
        thing=about,
        kind="Study",
        flow=flow(groups.rows),
        flow_query=groups.query,
        numbers=found,
        sections=by_kind(found.items if everything else found.primary),
        everything=everything,
        warning=SIGNAL_WARNING if of_reports else "",
        faults=faults(store, iri),
        panels=[
            table(
                ask(store, "study-sources", study=[iri]), "Printed in", "sources",
                [Column("Document", "title", "source"), Column("Directness", "directness"),
                 Column("Numbers", "numbers", numeric=True)],
            ),
            table(
                ask(store, "study-relations", study=[iri]), "Shared patients", "shared",
                [Column("This study", "how"), Column("Study", "name", "other")],
                "Numbers of these studies must not be added to numbers of this one unseen.",
            ),
        ],
    )  # fmt: skip


def flow(rows: Sequence[Row]) -> tuple[Patients, ...]:
    """Return the groups of a study as trees, the larger first; a group never stands in itself."""
    known = {row["group"]: row for row in reversed(rows)}
    parts: dict[str, list[Row]] = defaultdict(list)
    for row in {row["group"]: row for row in rows}.values():
        parts[row["whole"] if row["whole"] in known else ""].append(row)
    largest = max((int(row["size"]) for row in rows if row["size"]), default=0)

    def made(row: Row, above: frozenset[str]) -> Patients:
        inside = above | {row["group"]}
        held = [made(part, inside) for part in parts[row["group"]] if part["group"] not in inside]
        share = int(row["size"]) / largest if row["size"] and largest else 0
        return Patients(
            row["group"], row["name"], word(row["kind"]) or "", row["size"], row["regimen"],
            row["regimen_name"], row["numbers"], share, tuple(held),
        )  # fmt: skip

    return tuple(made(row, frozenset()) for row in parts[""])
