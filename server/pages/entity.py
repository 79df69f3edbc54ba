"""The page, or the RDF, of an individual: found by its address, shown by its kind."""

from collections.abc import Callable

from pyoxigraph import NamedNode

from evikg.graph.store import Store
from evikg.ontology import prefixes
from evikg.ontology.namespaces import BASE
from evikg.server.exchange import Reply, Request, Route

from . import drug, group, pooled, regimen, result, source, study, term, variable
from .describing import rdf_reply
from .missing import missing
from .things import is_known

Show = Callable[[Store, Request, NamedNode], Reply]

#: How individuals of a kind are shown; those of other kinds as any other term is.
_SHOWN: dict[str, Show] = {
    "drug": drug.show,
    "group": group.show,
    "pooled": pooled.show,
    "regimen": regimen.show,
    "result": result.show,
    "source": source.show,
    "study": study.show,
    "variable": variable.show,
}


def kinds() -> list[str]:
    """Return the kinds of individuals that have a page of their own address, sorted.

    >>> "study" in kinds() and "mapping" in kinds()
    True
    """
    own = {iri[len(BASE) : -1] for iri in prefixes().values() if iri.startswith(BASE)}
    return sorted(name for name in own if name.isascii() and "#" not in name and name != "ontology")


def entity_page(store: Store, request: Request) -> Reply:
    """Answer `/{kind}/{slug}`: HTML, or RDF for whoever asks for it; 404 with near names."""
    kind, slug = request.path.split("/")[1], request.path_values["slug"]
    try:
        iri = NamedNode(f"{BASE}{kind}/{slug}")
    except ValueError:
        return missing(store, kind, slug)
    if not is_known(store, iri.value):
        return missing(store, kind, slug)
    return rdf_reply(store, request, iri) or _SHOWN.get(kind, term.show)(store, request, iri)


ROUTES = tuple(Route(f"/{kind}/{{slug:path}}", entity_page) for kind in kinds())
