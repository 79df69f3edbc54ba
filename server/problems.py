"""Errors as clients read them: a page for browsers, problem details (RFC 9457) for programs."""

import json
from http import HTTPStatus

from .negotiation import wants_html
from .rendering import page


def problem(status: int, message: str, accept: str) -> tuple[bytes, str]:
    """Return the body and the media type that tell of an error.

    :param accept: the `Accept` header of the request
    """
    title = _title(status)
    if wants_html(accept):
        reply = page("error.html", title=title, message=message)
        assert isinstance(reply.body, bytes)  # noqa: S101 - what a page is
        return reply.body, reply.media_type
    details = {"type": "about:blank", "title": title, "status": status, "detail": message}
    return json.dumps(details, ensure_ascii=False).encode() + b"\n", "application/problem+json"


def _title(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"
