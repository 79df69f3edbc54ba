"""The graph explorer: its page and the addresses it fetches from."""

from . import connections, finding, neighbourhoods, page, schema

ROUTES = (
    *page.ROUTES,
    *finding.ROUTES,
    *neighbourhoods.ROUTES,
    *connections.ROUTES,
    *schema.ROUTES,
)

__all__ = ["ROUTES"]
