"""The page for what the graph does not have: what was looked for, and what is called alike."""

from evikg.graph.store import Store
from evikg.server.exchange import Reply
from evikg.server.rendering import page

from .search import near, search


def missing(store: Store, kind: str, name: str) -> Reply:
    """Return a page of status 404 with near names."""
    words = name.rpartition("/")[2].replace("-", " ")[:100]
    found = search(store, words, limit=8) or near(store, words)
    return page("missing.html", status=404, kind=kind, name=name[:200], words=words, found=found)
