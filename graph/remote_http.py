"""HTTP to a SPARQL endpoint: who asks, how long, how often, and what went wrong, in one line.

Redirects are not followed: a server could send a password elsewhere by one, and a POST would lose
its body. A password is sent only after the server has asked for it (RFC 7235), by digest (RFC 7616)
where it offers that.
"""

import base64
import http.client
import random
import shutil
import socket
import ssl
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from contextlib import closing
from email.message import Message
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from importlib.metadata import version
from io import BytesIO
from typing import IO, Any, NamedTuple, NoReturn

from .errors import EndpointError, QueryError
from .remote_places import (
    GRAPH_STORE_VARIABLE,
    PASSWORD_VARIABLE,
    TIMEOUT_VARIABLE,
    UPDATE_VARIABLE,
    USER_VARIABLE,
    Credentials,
)

#: Seconds before the second, third and fourth try.
_PAUSES = (0.2, 0.6, 1.8)
#: A server that asks for a longer pause than this many seconds is not waited for.
_LONGEST_PAUSE_S = 60.0
_BUSY = {429, 502, 503, 504}


class Reply(NamedTuple):
    """A whole answer: its headers, and its body to be read once."""

    headers: Message
    body: IO[bytes]

    @property
    def media_type(self) -> str:
        """Return the media type, without parameters."""
        return self.headers.get_content_type() if "Content-Type" in self.headers else ""


class Transport:
    """Sends requests to the hosts of one endpoint."""

    def __init__(self, users: Mapping[str, Credentials], timeout: float) -> None:
        """Make a client.

        :param users: who asks, by name of the host that may be told
        :param timeout: how long the server may be silent, in seconds
        """
        self.timeout = timeout
        self.agent = f"EviKG/{version('evikg')} (https://w3id.org/evikg)"
        self._has_user = bool(users)
        passwords = _Passwords(users)
        self._opener = urllib.request.build_opener(
            _NoRedirect(), _Digest(passwords), _Basic(passwords)
        )

    def send(
        self,
        request: urllib.request.Request,
        *,
        again: bool,
        timeout: float | None = None,
        into: IO[bytes] | None = None,
    ) -> Reply:
        """Send a request and return the whole answer; try again where that does no harm.

        :param again: the request may be applied twice; else it is repeated only where the server
            has surely not seen it, or has asked for it
        :param timeout: seconds, if not those of the transport
        :param into: an empty file for the body; memory, if none
        :raises QueryError: if the server calls the request malformed (status 400)
        :raises EndpointError: for all else; the text names the URL and the remedy
        """
        request.add_header("User-Agent", self.agent)
        for pause in (*_PAUSES, None):
            try:
                return self._once(request, timeout or self.timeout, into or BytesIO())
            except urllib.error.HTTPError as error:
                with closing(error):
                    asked = _asked_pause(error.headers)
                    harmless = again or error.code == HTTPStatus.TOO_MANY_REQUESTS
                    busy = error.code in _BUSY and (asked or 0) <= _LONGEST_PAUSE_S
                    if pause is None or not harmless or not busy:
                        self._refused(request, error)
                wait = pause if asked is None else asked
            except (OSError, http.client.HTTPException) as error:
                if pause is None or not _may_repeat(error, again):
                    raise EndpointError(self._broken(request, error)) from error
                wait = pause
            time.sleep(wait * random.uniform(1, 1.25))  # noqa: S311 - spreads clients, hides nothing
        raise AssertionError  # the last round returns or raises

    def _once(self, request: urllib.request.Request, timeout: float, body: IO[bytes]) -> Reply:
        with self._opener.open(request, timeout=timeout) as response:
            body.seek(0)
            body.truncate()
            shutil.copyfileobj(response, body, 2**18)
            # http.client is silent where a connection ends before the length that was told.
            expected = response.headers.get("Content-Length")
            if expected is not None and expected.isdigit() and body.tell() != int(expected):
                raise http.client.IncompleteRead(b"", int(expected) - body.tell())
            body.seek(0)
            return Reply(response.headers, body)

    def _refused(self, request: urllib.request.Request, error: urllib.error.HTTPError) -> NoReturn:
        place, words = shown(request.full_url), _words_of(error)
        if error.code == HTTPStatus.BAD_REQUEST:
            raise QueryError(words or f"{place} calls the request malformed") from error
        remedy = {
            401: f"name or password are wrong: {USER_VARIABLE}, {PASSWORD_VARIABLE} or netrc"
            if self._has_user
            else f"set {USER_VARIABLE} and {PASSWORD_VARIABLE}, or use a netrc file",
            403: "this user may not do this; ask whoever keeps the server",
            404: "no endpoint is there; check the URL",
            405: f"check the URL, and {UPDATE_VARIABLE} and {GRAPH_STORE_VARIABLE}",
            413: "the server takes no request of this size",
        }.get(error.code, "")
        if HTTPStatus.MULTIPLE_CHOICES <= error.code < HTTPStatus.BAD_REQUEST:
            to = shown(urllib.parse.urljoin(place, error.headers.get("Location") or ""))
            remedy = f"it has moved; name the URL {to}"
        if error.code in _BUSY:
            remedy = "the server is busy or down; try again later"
        parts = [f"{place}: {error.code} {_phrase(error.code)}", remedy, words]
        raise EndpointError("; ".join(part for part in parts if part)) from error

    def _broken(self, request: urllib.request.Request, error: Exception) -> str:
        place = shown(request.full_url)
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        if isinstance(reason, ssl.SSLCertVerificationError):
            words = f"its certificate is not trusted ({reason.verify_message}); set SSL_CERT_FILE"
        elif isinstance(reason, ssl.SSLError):
            words = f"no encrypted connection ({reason.reason}); is it an http URL?"
        elif isinstance(reason, ConnectionRefusedError):
            words = "connection refused; is the server running?"
        elif isinstance(reason, socket.gaierror):
            words = "no such host; check the URL"
        elif isinstance(reason, TimeoutError):
            words = f"no answer in time; {TIMEOUT_VARIABLE} sets the seconds to wait"
        elif isinstance(reason, http.client.IncompleteRead):
            words = "the connection was cut before the answer was complete; try again"
        elif isinstance(reason, http.client.RemoteDisconnected | ConnectionError):
            words = "the connection was cut; try again"
        elif isinstance(reason, http.client.HTTPException):
            words = "what answers there is not a web server"
        else:
            words = str(reason)
        return f"{place}: {words}"


def shown(url: str) -> str:
    """Return a URL as it may be shown: without a name, a password and a query."""
    parts = urllib.parse.urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urllib.parse.urlunsplit((parts.scheme, host, parts.path, "", ""))


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


class _Passwords(urllib.request.HTTPPasswordMgr):
    """A name and a password by host, whatever the server calls its realm."""

    def __init__(self, users: Mapping[str, Credentials]) -> None:
        super().__init__()
        self._users = users

    def find_user_password(self, realm: str, authuri: str) -> Any:
        held = self._users.get(urllib.parse.urlsplit(authuri).hostname or "")
        return (held.user, held.password) if held is not None else (None, None)


class _Basic(urllib.request.HTTPBasicAuthHandler):
    """Tells the password again to a URL that has asked, so that a body is not sent twice."""

    def __init__(self, passwords: urllib.request.HTTPPasswordMgr) -> None:
        super().__init__(passwords)
        self._asked: set[str] = set()

    def http_error_401(self, req: Any, fp: Any, code: int, msg: str, headers: Any) -> Any:
        if not _offers(headers, "basic"):
            return None
        with closing(fp):
            answered = super().http_error_401(req, fp, code, msg, headers)
        if answered is not None:
            self._asked.add(shown(req.full_url))
        return answered

    def http_request(self, req: urllib.request.Request) -> urllib.request.Request:
        user, password = self.passwd.find_user_password(None, req.full_url)  # type: ignore[arg-type]
        if shown(req.full_url) in self._asked and user is not None:
            told = base64.b64encode(f"{user}:{password}".encode()).decode("ascii")
            req.add_unredirected_header(self.auth_header, f"Basic {told}")
        return req

    https_request = http_request


class _Digest(urllib.request.HTTPDigestAuthHandler):
    """Answers the last challenge of a URL again, so that a body is not sent twice each time."""

    def __init__(self, passwords: urllib.request.HTTPPasswordMgr) -> None:
        super().__init__(passwords)
        self._challenges: dict[str, dict[str, str]] = {}

    def http_error_401(self, req: Any, fp: Any, code: int, msg: str, headers: Any) -> Any:
        if not _offers(headers, "digest"):
            return None
        offered = headers["WWW-Authenticate"].partition(" ")[2]
        items = [item for item in urllib.request.parse_http_list(offered) if item]
        self._challenges[shown(req.full_url)] = urllib.request.parse_keqv_list(items)
        with closing(fp):
            return super().http_error_401(req, fp, code, msg, headers)

    def http_request(self, req: urllib.request.Request) -> urllib.request.Request:
        challenge = self._challenges.get(shown(req.full_url))
        answer = self.get_authorization(req, challenge) if challenge is not None else None
        if answer:
            req.add_unredirected_header(self.auth_header, f"Digest {answer}")
        return req

    https_request = http_request


def _offers(headers: Message, scheme: str) -> bool:
    return str(headers.get("WWW-Authenticate") or "").lower().startswith(f"{scheme} ")


def _may_repeat(error: Exception, again: bool) -> bool:
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(reason, ConnectionRefusedError):
        return True
    cut = ConnectionError | http.client.RemoteDisconnected | http.client.IncompleteRead
    return again and isinstance(reason, cut)


def _asked_pause(headers: Message) -> float | None:
    """Return the seconds of `Retry-After` (RFC 9110, section 10.2.3), a number or a date."""
    told = headers.get("Retry-After")
    if not told:
        return None
    if told.strip().isdigit():
        return float(told)
    try:
        return max(0.0, parsedate_to_datetime(told).timestamp() - time.time())
    except ValueError:
        return None


def _phrase(code: int) -> str:
    try:
        return HTTPStatus(code).phrase
    except ValueError:
        return ""


def _words_of(error: urllib.error.HTTPError) -> str:
    """Return the first line of what a server says, unless that is a page."""
    if error.headers.get_content_type() not in {"text/plain", "text/html"}:
        return ""
    try:
        text = error.read(4000).decode("utf-8", errors="replace")
    except (OSError, http.client.HTTPException):
        return ""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[0][:300] if lines and not lines[0].startswith("<") else ""
