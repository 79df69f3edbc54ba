"""What can go wrong with a store.

* GraphError
  - StoreMissingError    no graph has been built there
  - StoreLockedError     another build is writing there
  - StoreUnreadableError the directory holds something that is no graph
  - StoreReadOnlyError   an update on a store that was opened to read
  - QueryError           the engine does not accept the query
  - EndpointError        a SPARQL endpoint cannot be reached, or refuses
  - ReleaseError         a release cannot be read or written
  - ExportError          a format cannot carry what the graph holds, or a file is not of it
"""


class GraphError(Exception):
    """Base of everything a store raises; its text is one line that names the remedy."""


class StoreMissingError(GraphError):
    """No graph has been built at a place."""

    def __init__(self, where: object) -> None:
        """Hold the place."""
        self.where = where

    def __str__(self) -> str:
        """Return what is missing and how to make it."""
        return f"no graph at {self.where}; run `evikg build --store {self.where}`"


class StoreLockedError(GraphError):
    """Another build is writing to a place."""

    def __init__(self, where: object) -> None:
        """Hold the place."""
        self.where = where

    def __str__(self) -> str:
        """Return what is locked and what to do."""
        return f"another build is writing to {self.where}; wait until it is done"


class StoreUnreadableError(GraphError):
    """A directory does not hold a readable graph."""


class StoreReadOnlyError(GraphError):
    """An update was sent to a store that was opened to read."""


class QueryError(GraphError):
    """The engine does not accept a query; the text names the position."""


class EndpointError(GraphError):
    """A SPARQL endpoint cannot be reached, or refuses."""


class ReleaseError(GraphError):
    """A release of a graph, or a file of N-Quads, cannot be read or written."""


class ExportError(GraphError):
    """A format cannot carry what the graph holds, or a file is none of that format."""
