"""The graph explorer: its page and the addresses it fetches from."""

from . import connections, finding, measures, neighbourhoods, page, schema

ROUTES = (
    *page.ROUTES,
    *finding.ROUTES,
    *neighbourhoods.ROUTES,
    *measures.ROUTES,
    *connections.ROUTES,
    *schema.ROUTES,
)

__all__ = ["ROUTES"]
