"""`SERVICE` in a query: refused before anything is asked, but for hosts that are allowed.

An engine asks whatever endpoint a query names. What is sought here is everything that it could
take for a `SERVICE` clause: the keyword, the endpoint and an opening brace, with nothing but white
space and comments between. It is passed over only where it lies in a comment or a string, or is a
part of a name. `<` begins an IRI or compares, and engines decide that by what stands before; both
readings are followed, so that no comparison can hide a clause from this reading (SPARQL 1.1,
section 19.8).
"""

import re
from collections.abc import Collection
from urllib.parse import urlsplit

from evikg.graph.lexis import NAME, SPACE, clauses

from .exchange import Refusal

_REST = re.compile(
    rf"{SPACE}(?:SILENT{SPACE})?(?P<endpoint>{NAME}|[?$]\w+){SPACE}\{{", re.IGNORECASE
)
_CODEPOINT = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


def check_services(query: str, allowed: Collection[str]) -> bool:
    """Tell whether a query asks other endpoints.

    :param allowed: hosts that may be asked, `host` or `host:port`, in lower case
    :raises Refusal: 403 if it asks one whose host is not allowed
    """
    endpoints = services(query)
    for endpoint in endpoints:
        if not _is_allowed(endpoint, allowed):
            shown = endpoint[:200] if endpoint.isprintable() else "an endpoint"
            raise Refusal(403, f"SERVICE {shown} is not allowed here" + _whom(allowed))
    return bool(endpoints)


def services(query: str) -> list[str]:
    """Return what follows `SERVICE` wherever an engine may ask it: <IRI>, variable or name."""
    texts = dict.fromkeys((query, _unescaped(query)))
    return [
        found["endpoint"]
        for text in texts
        for found in clauses(text, "SERVICE", _REST, in_doubt=True)
    ]


def _is_allowed(endpoint: str, allowed: Collection[str]) -> bool:
    if not endpoint.startswith("<"):
        return False
    try:
        parts = urlsplit(endpoint[1:-1])
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.scheme not in {"http", "https"} or "@" in parts.netloc or "\\" in endpoint:
        return False
    usual = port in {None, {"http": 80, "https": 443}[parts.scheme]}
    return f"{host}:{port}" in allowed or (usual and host in allowed)


def _whom(allowed: Collection[str]) -> str:
    if not allowed:
        return ": this server asks no other endpoint"
    return f": it may ask {', '.join(sorted(allowed))}, each named by its whole IRI"


def _unescaped(text: str) -> str:
    """Return a query with its codepoint escapes replaced (SPARQL 1.1, section 19.2)."""

    def character(found: re.Match[str]) -> str:
        number = int(found[1] or found[2], 16)
        return chr(number) if number < 0x110000 else "\ufffd"

    return _CODEPOINT.sub(character, text)
