"""What passes between the web side of the server and the worker that answers: request and reply.

The web side speaks HTTP and knows no graph. A worker holds a graph, opened to read, and calls one
handler a request; it can be killed at any moment without harm to another request.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import IO

from evikg.graph.store import Store

#: What writes a body that is too long to hold: it is given a binary file to write to.
Writer = Callable[[IO[bytes]], None]


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request as a handler sees it; names of headers are lower case."""

    path: str = "/"
    method: str = "GET"
    path_values: Mapping[str, str] = field(default_factory=dict)
    query: tuple[tuple[str, str], ...] = ()  # decoded pairs of the URL, in order
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    base: str = ""  # scheme, host and port as the client named them: http://127.0.0.1:8000
    row_limit: int = 0  # of an answer to SELECT, or triples of a graph; 0: no limit
    services: frozenset[str] = frozenset()  # hosts that SERVICE may ask

    def values(self, name: str) -> list[str]:
        """Return every value of a name in the URL's query."""
        return [value for key, value in self.query if key == name]

    def value(self, name: str, default: str = "") -> str:
        """Return the first value of a name in the URL's query."""
        return next(iter(self.values(name)), default)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a handler answers; a body that is a function is streamed as it is written."""

    body: bytes | Writer
    media_type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()


class Refusal(Exception):  # noqa: N818 - an answer, not a fault of the server
    """A request that cannot be answered: an HTTP status from 300 up and one line of words."""

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        """Hold the status, the line and further headers."""
        super().__init__(message)
        self.status, self.message, self.headers = status, message, dict(headers or {})


Handler = Callable[[Store, Request], Reply]


@dataclass(frozen=True, slots=True)
class Route:
    """An address and the handler behind it; `{name}` in the address is a part of the path.

    `{name:path}` takes the rest of the path, slashes included.
    """

    path: str
    handler: Handler
    methods: tuple[str, ...] = ("GET",)
