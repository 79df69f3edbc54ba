"""Records of the evidence graph, their triples, and the stores that hold them."""

from .errors import (
    EndpointError,
    GraphError,
    QueryError,
    StoreLockedError,
    StoreMissingError,
    StoreReadOnlyError,
    StoreUnreadableError,
)
from .store import Store, default_place, open_store

__all__ = [
    "EndpointError",
    "GraphError",
    "QueryError",
    "Store",
    "StoreLockedError",
    "StoreMissingError",
    "StoreReadOnlyError",
    "StoreUnreadableError",
    "default_place",
    "open_store",
]
