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

from .exchange import Refusal

_SPACE = r"(?:\s|#[^\n\r]*(?=[\n\r]))*"
_CLAUSE = re.compile(
    rf"SERVICE{_SPACE}(?:SILENT{_SPACE})?(?P<endpoint>"
    r"""<[^<>"{}|^`\s]*>|[?$]\w+|[^\s<>"'{}()?$#:]*:[^\s<>"'{}()?$#]*)"""
    rf"{_SPACE}\{{",
    re.IGNORECASE,
)
# The last part of a variable, a prefixed name or a language tag, up to where a clause might begin.
_NAME_BEFORE = re.compile(r"(?:[?$]\w*|[\w.-]*:[\w:%-]*|@[A-Za-z][\w-]*)\Z")
_IRI = re.compile(r"<[^<>\"{}|^`\x00-\x20]*>")
_HIDING = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""'
    r"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r'|"(?:[^"\\\n\r]|\\.)*"'
    r"|'(?:[^'\\\n\r]|\\.)*'"
    r"|\#[^\n\r]*",
    re.DOTALL,
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
    found: list[str] = []
    for text in dict.fromkeys((query, _unescaped(query))):
        clauses = [
            m for m in _CLAUSE.finditer(text) if not _NAME_BEFORE.search(text[: m.start()][-2000:])
        ]
        if clauses:
            open_places = _outside(text)
            found += [m["endpoint"] for m in clauses if m.start() in open_places]
    return found


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


def _outside(text: str) -> set[int]:
    """Return the places that lie outside comments and strings, by some reading of `<`."""
    places: set[int] = set()
    waiting = [0]
    while waiting:
        place = waiting.pop()
        while place < len(text) and place not in places:
            places.add(place)
            character = text[place]
            if character in "\"'#" and (hiding := _HIDING.match(text, place)):
                place = hiding.end()
                continue
            if character == "<" and (iri := _IRI.match(text, place)):
                waiting.append(iri.end())
            place += 1
    return places


def _unescaped(text: str) -> str:
    """Return a query with its codepoint escapes replaced (SPARQL 1.1, section 19.2)."""

    def character(found: re.Match[str]) -> str:
        number = int(found[1] or found[2], 16)
        return chr(number) if number < 0x110000 else "\ufffd"

    return _CODEPOINT.sub(character, text)
