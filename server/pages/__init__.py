"""Pages about the evidence: search, entities, numbers, comparisons."""

from evikg.server.exchange import Route


def pages() -> tuple[Route, ...]:
    """Return the routes of all pages about the evidence."""
    from . import about, compare, entity, home, lists, search, term

    modules = (home, search, compare, about, lists, term, entity)
    return tuple(route for module in modules for route in module.ROUTES)
