"""The web application: routes to workers, static files, errors, and headers on every answer."""

import re
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request as WebRequest
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from .dispatch import Dispatcher
from .exchange import Refusal
from .pool import Pool
from .problems import problem
from .routes import routes
from .static_files import PackagedFiles
from .worker import internal_error

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: A name or an address, and a port: what the addresses that answers name are made of.
_HOST = re.compile(rb"[\w.-]{1,255}(:\d{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:\d{1,5})?")
#: What a browser may load for a page: from here alone. Pictures are also drawn in the page.
_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; object-src 'none';"
    " base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)
_HEADERS = (
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"vary", b"Accept, Accept-Encoding"),
)


def application(pool: Pool) -> Starlette:
    """Return the application over a pool, which is opened and closed by who serves it."""
    table: list[BaseRoute] = [
        Route(route.path, Dispatcher(pool, number), methods=list(route.methods))
        for number, route in enumerate(routes())
    ]
    return Starlette(
        routes=[Mount("/static", PackagedFiles(), name="static"), *table],
        middleware=[
            Middleware(Guard, url_limit=pool.limits.url),
            Middleware(
                CORSMiddleware,
                allow_origins=["*"],
                allow_methods=["GET", "HEAD", "POST", "OPTIONS"],
                allow_headers=["*"],
                expose_headers=["ETag", "Content-Disposition", "Retry-After"],
                max_age=86400,
            ),
        ],
        exception_handlers={
            Refusal: _refused,
            HTTPException: _http_error,
            Exception: _failed,
        },
    )


class Guard:
    """Puts the headers of security on every answer, and refuses what no answer could be made to.

    That is an address that is too long, and a `Host` that is missing, repeated or malformed
    (RFC 9112, section 3.2).
    """

    def __init__(self, app: "ASGIApp", url_limit: int) -> None:
        """Wrap an application."""
        self.app, self.url_limit = app, url_limit

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Pass a request on (ASGI)."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_on(message: "Message") -> None:
            if message["type"] == "http.response.start":
                given = {name for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *(header for header in _HEADERS if header[0] not in given - {b"vary"}),
                ]
            await send(message)

        if len(scope["raw_path"]) + len(scope["query_string"]) > self.url_limit:
            words = f"an address may have {self.url_limit} bytes; send a long query by POST"
            await _answer(WebRequest(scope), 414, words)(scope, receive, send_on)
            return
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        if len(hosts) != 1 or not _HOST.fullmatch(hosts[0]):
            words = "the Host header is missing, repeated or malformed"
            await _answer(WebRequest(scope), 400, words)(scope, receive, send_on)
        else:
            await self.app(scope, receive, send_on)


async def _refused(request: WebRequest, error: Exception) -> Response:
    assert isinstance(error, Refusal)  # noqa: S101 - what this is registered for
    if error.status < 400:
        return Response(status_code=error.status, headers=error.headers)
    return _answer(request, error.status, error.message, error.headers)


async def _http_error(request: WebRequest, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - what this is registered for
    headers = dict(error.headers or {})
    if error.status_code == 405 and request.method == "OPTIONS":
        return Response(status_code=204, headers=headers)
    words = {
        404: f"there is nothing at {request.url.path[:200]}",
        405: f"{request.url.path[:200]} does not take {request.method}: this server only reads",
    }
    return _answer(request, error.status_code, words.get(error.status_code, error.detail), headers)


async def _failed(request: WebRequest, error: Exception) -> Response:
    refusal = internal_error(error)
    return _answer(request, refusal.status, refusal.message)


def _answer(
    request: WebRequest, status: int, message: str, headers: dict[str, str] | None = None
) -> Response:
    body, media_type = problem(status, message, request.headers.get("accept", ""))
    return Response(body, status, {"cache-control": "no-store", **(headers or {})}, media_type)
