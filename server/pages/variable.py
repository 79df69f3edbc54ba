"""The page of an outcome, event or characteristic: names, hierarchy, definitions, every number."""

from functools import partial

from pyoxigraph import NamedNode

from evikg.graph.store import Store
from evikg.queries import catalogue
from evikg.server.exchange import Reply, Request
from evikg.server.rendering import page

from .asking import Asked, ask
from .faults import faults
from .numbers import Number, grouped, numbers, slug_of
from .panels import Column, Panel, table
from .term import branch, links
from .things import thing

_MATCHES = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch", "broader")


def show(store: Store, request: Request, iri: NamedNode) -> Reply:
    """Show a variable with everything narrower."""
    found = numbers(store, iri)
    everything = request.value("printings") == "all"
    listed = [item for item in found.items if everything or item.primary]
    listed.sort(key=partial(_place, iri.value))
    return page(
        "variable.html",
        thing=thing(store, iri.value, without=_MATCHES),
        kind="Outcome or event",
        slug=slug_of(iri.value),
        numbers=found,
        sections=grouped(listed, "study_name"),
        everything=everything,
        above=branch(store, iri.value, up=True),
        below=branch(store, iri.value),
        faults=faults(store, iri),
        panels=[
            table(
                ask(store, "definitions", asked=[iri]), "How studies define it", "definitions",
                [Column("Study", "study_name", "study"), Column("Variable", "variable_name", "variable"),
                 Column("Definition", "name", "definition"), Column("Time from", "origin"),
                 Column("Events", "events"), Column("Threshold", "threshold")],
            ),
            _coverage(store, iri),
            links(store, iri),
        ],
    )  # fmt: skip


def _place(iri: str, item: Number) -> tuple[object, ...]:
    """Order numbers: own before cited, by study, the very variable first, shares before counts."""
    of = (item.cited, item.signal, item.study_name)
    return *of, item.variable != iri, item.variable_name, not item.row["total"], item.group_name


def _coverage(store: Store, iri: NamedNode) -> Panel:
    """Return which studies report it; what was not curated is no absence in the paper."""
    question = catalogue()["coverage-of-variables"]
    slug = slug_of(iri.value)
    query = question.bound(store, {"variable": slug})
    answer = question.run(store, variable=slug)
    rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.values()]
    return table(
        Asked(tuple(rows), query), "Which studies report it", "coverage",
        [Column("Study", "study", "study"), Column("State", "state"),
         Column("Numbers", "results", numeric=True)],
        "“Not reported” means that all the document prints of it was curated, and there is"
        " nothing; “not curated” says nothing about the document.",
    )  # fmt: skip
