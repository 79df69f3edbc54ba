"""The page of a term: names, the hierarchy with the evidence in it, links, numbers under it."""

from collections.abc import Sequence

from pyoxigraph import NamedNode

from evikg.graph.branches import Branches
from evikg.graph.store import Store
from evikg.graph.tree import Node, tree
from evikg.ontology import kind_and_slug
from evikg.server.addresses import address_of
from evikg.server.exchange import Refusal, Reply, Request, Route
from evikg.server.rendering import page

from .asking import ask
from .describing import rdf_reply
from .missing import missing
from .numbers import Numbers, grouped, numbers
from .panels import Column, Panel, table
from .things import is_known, pointing, thing

#: Above so many results under a term, its page links to them and does not list them.
_LISTED = 400
#: Of a hierarchy no more lines than these are shown.
_LINES = 60


def term_page(store: Store, request: Request) -> Reply:
    """Answer `/term?iri=`: a term of a terminology, or anything that has no other page."""
    iri = request.value("iri")
    if not is_known(store, iri):
        return missing(store, "term", iri)
    if not (address := address_of(iri)).startswith("/term?"):
        raise Refusal(303, f"the page of this is {address}", {"Location": address})
    node = NamedNode(iri)
    return rdf_reply(store, request, node) or show(store, request, node)


def show(store: Store, request: Request, iri: NamedNode) -> Reply:
    """Show a term, or any other thing."""
    everything = request.value("printings") == "all"
    under = Branches.of(store).counts([iri.value])[iri.value].results
    found = numbers(store, iri) if under <= _LISTED else Numbers((), "")
    listed = [item for item in found.items if everything or item.primary]
    pointers, pointing_query = pointing(store, iri.value)
    parts = kind_and_slug(iri.value)
    return page(
        "term.html",
        thing=thing(store, iri.value),
        kind=_kind(parts[0] if parts else ""),
        numbers=found,
        under=under,
        sections=grouped(listed, "study_name"),
        everything=everything,
        above=branch(store, iri.value, up=True),
        below=branch(store, iri.value),
        panels=[links(store, iri)],
        pointers=pointers,
        pointing_query=pointing_query,
    )


def branch(store: Store, iri: str, *, up: bool = False) -> Sequence[Node]:
    """Return what stands right below or above a term, with the evidence in each; empty if none."""
    nodes = tree(store, iri, up=up, depth=3 if up else 2)
    if len(nodes) > _LINES:
        nodes = [node for node in nodes if node.depth <= 1][:_LINES]
    return nodes[1:]


def links(store: Store, iri: NamedNode) -> Panel:
    """Return the terms that a thing is linked to, or what is linked to a term, as a panel."""
    return table(
        ask(store, "links-of", thing=[iri]), "Links to other terminologies", "links",
        [Column("This", "direction"), Column("Name", "name", "other"), Column("Term", "other", "other"),
         Column("As", "relation", "mapping"), Column("But", "denied"),
         Column("Justification", "justification"),
         Column("Mapping set", "mapping_set", "mapping_set")],
        "Each link with its justification. A link that is denied, and a term that was looked for in"
        " vain, are findings too.",
    )  # fmt: skip


def _kind(kind: str) -> str:
    """Return what a kind of individuals is called.

    >>> _kind("dose-step")
    'Dose step'
    """
    return (kind or "term").replace("-", " ").capitalize()


ROUTES = (Route("/term", term_page),)
