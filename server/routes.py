"""Every address of the server that a worker answers, the more particular first."""

from . import editor, explorer, graph_store, openapi, questions, sparql, wellknown
from .exchange import Route
from .pages import pages


def routes() -> tuple[Route, ...]:
    """Return the routes, in the order in which they are tried."""
    return (
        *sparql.ROUTES,
        *graph_store.ROUTES,
        *wellknown.ROUTES,
        *questions.ROUTES,
        *openapi.ROUTES,
        *explorer.ROUTES,
        *editor.ROUTES,
        *pages(),
    )


def answered() -> tuple[Route, ...]:
    """Return everything that workers answer: the routes, and the tools, which have no address."""
    from .mcp.running import ROUTE

    return (*routes(), ROUTE)
