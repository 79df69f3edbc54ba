"""A polite client of public SPARQL endpoints, over SPARQLWrapper.

It names itself, waits as long as it is told (`Retry-After`, RFC 9110 section 10.2.3) or with
exponential back-off and full jitter, gives up at a deadline, and says in one line why it did. It
follows redirects to http and https only, and reads no more than a limit.
"""

import email.utils
import http.client
import json
import random
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from typing import IO, Any
from urllib.parse import quote, urljoin, urlsplit

from evikg.graph.errors import EndpointError

from .settings import Endpoint, check_url

#: Statuses that may pass: asked again, within the deadline.
RETRIED = frozenset({429, 500, 502, 503, 504})
#: A longer query goes by POST: servers and proxies cut longer URLs.
_LONGEST_URL = 6000
_CHUNK = 1 << 16


class NoAnswerError(EndpointError):
    """An endpoint gave no answer; `reason` says why in one line, without the endpoint's name."""

    def __init__(self, endpoint: str, reason: str) -> None:
        """Hold the name of the endpoint and the reason."""
        super().__init__(f"{endpoint}: {reason}")
        self.endpoint, self.reason = endpoint, reason


@dataclass(frozen=True, slots=True)
class Limits:
    """How long to wait, in seconds, how often to ask, and how many bytes to read."""

    timeout_s: float = 30.0
    deadline_s: float = 90.0
    attempts: int = 4
    first_wait_s: float = 1.0
    longest_wait_s: float = 30.0
    bytes: int = 20_000_000


class _PassingError(Exception):
    """A failure that may pass; `wait_s` is what the endpoint asked for, None if it said nothing."""

    def __init__(self, reason: str, wait_s: float | None = None, *, refused: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.wait_s, self.refused = reason, wait_s, refused


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows at most five redirects, never out of http and https nor from https down to http."""

    max_redirections = 5
    max_repeats = 2

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        """Return the request that follows a redirect, or raise with the reason."""
        wrong = check_url(newurl)
        if not wrong and req.type == "https" and urlsplit(newurl).scheme == "http":
            wrong = f"{newurl!r}, which is not encrypted"
        if wrong:
            fp.close()
            raise _RefusedRedirectError(f"redirects to {wrong}; refused")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class _RefusedRedirectError(Exception):
    pass


def user_agent(contact: str = "") -> str:
    """Return how the client names itself: name, version and, where given, a contact."""
    from importlib.metadata import PackageNotFoundError, metadata

    try:
        about = metadata("evikg")
        version = about["Version"]
        homes = [line.partition(", ")[2] for line in about.get_all("Project-URL") or []]
    except PackageNotFoundError:
        version, homes = "0", []
    where = contact or (homes[0] if homes else "")
    return f"EviKG/{version}" + (f" (+{where})" if where else "")


@dataclass
class Client:
    """Asks endpoints; clocks, sleep and chance are given so that a test need not wait."""

    limits: Limits = field(default_factory=Limits)
    contact: str = ""
    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    jitter: Callable[[float, float], float] = random.uniform

    def select(self, endpoint: Endpoint, query: str) -> bytes:
        """Return the answer to a SELECT in SPARQL 1.1 Query Results JSON, found well-formed.

        :raises NoAnswerError: if there is none within the deadline
        """
        if wrong := check_url(endpoint.url):
            raise NoAnswerError(endpoint.name, f"the address is {wrong}")
        end = self.monotonic() + self.limits.deadline_s
        attempt = 0
        while True:
            try:
                return self._once(endpoint, query, end)
            except _PassingError as error:
                attempt += 1
                wait = self._wait(error, attempt)
                # There is no use in waiting past the deadline.
                if attempt >= self.limits.attempts or self.monotonic() + wait >= end:
                    raise NoAnswerError(endpoint.name, self._given_up(error, attempt)) from error
                self.sleep(wait)

    def _wait(self, error: _PassingError, attempt: int) -> float:
        if error.wait_s is not None:
            return error.wait_s
        # 2.0 ** 30 seconds is far beyond any ceiling, and keeps the power finite.
        ceiling = min(
            self.limits.longest_wait_s, self.limits.first_wait_s * 2.0 ** min(attempt - 1, 30)
        )
        return self.jitter(0.0, ceiling)

    def _given_up(self, error: _PassingError, attempts: int) -> str:
        times = f", asked {attempts} times" if attempts > 1 else ""
        if error.refused and error.wait_s is not None:
            until = datetime.fromtimestamp(self.now().timestamp() + error.wait_s, UTC)
            return f"{error.reason} until {until:%Y-%m-%d %H:%M:%S} UTC{times}"
        return f"{error.reason}{times}"

    def _once(self, endpoint: Endpoint, query: str, end: float) -> bytes:
        seconds = min(self.limits.timeout_s, end - self.monotonic())
        if seconds <= 0:
            raise NoAnswerError(endpoint.name, f"timed out after {self.limits.deadline_s:g} s")
        timed_out = f"timed out after {seconds:.3g} s"
        until = self.monotonic() + seconds
        try:
            response = _opened(endpoint, query, user_agent(self.contact), seconds)
            with response:
                body = self._read(response, endpoint, until, timed_out)
        except urllib.error.HTTPError as error:
            with error:
                raise self._refusal(error, endpoint) from error
        except _RefusedRedirectError as error:
            raise NoAnswerError(endpoint.name, str(error)) from error
        except TimeoutError as error:
            raise NoAnswerError(endpoint.name, timed_out) from error
        except urllib.error.URLError as error:
            if isinstance(error.reason, TimeoutError):
                raise NoAnswerError(endpoint.name, timed_out) from error
            if isinstance(error.reason, socket.gaierror):
                # Without a network no name resolves, and will not a second later.
                raise NoAnswerError(endpoint.name, _unreachable(error.reason)) from error
            raise _PassingError(_unreachable(error.reason)) from error
        except http.client.IncompleteRead as error:
            raise _PassingError("answer truncated") from error
        except (http.client.HTTPException, OSError) as error:
            raise _PassingError(_unreachable(error)) from error
        except ValueError as error:
            # What the standard library makes of an address in `Location` that is none.
            raise NoAnswerError(endpoint.name, f"answers with nonsense: {error}") from error
        return _checked(body, response.headers.get_content_type(), endpoint)

    def _read(self, response: Any, endpoint: Endpoint, until: float, timed_out: str) -> bytes:
        limit = self.limits.bytes
        body = bytearray()
        while chunk := response.read1(_CHUNK):
            body += chunk
            if len(body) > limit:
                raise NoAnswerError(endpoint.name, f"answer larger than {limit} bytes; refused")
            # A server that drips keeps each read within the socket's timeout.
            if self.monotonic() > until:
                raise NoAnswerError(endpoint.name, timed_out)
        # Reading in parts, the standard library does not miss what a Content-Length promised.
        promised = response.headers.get("Content-Length", "")
        if promised.isdecimal() and len(body) < int(promised):
            raise _PassingError(f"answer truncated after {len(body)} of {promised} bytes")
        return bytes(body)

    def _refusal(self, error: urllib.error.HTTPError, endpoint: Endpoint) -> Exception:
        words = f"{error.code} {_phrase(error.code)}".strip()
        if error.code not in RETRIED:
            # The standard library itself refuses to follow to a scheme it does not speak.
            target = error.headers.get("Location")
            wrong = check_url(urljoin(error.url, target)) if target else ""
            if wrong:
                return NoAnswerError(endpoint.name, f"redirects to {wrong}; refused")
            if "infinite loop" in str(error.msg):
                return NoAnswerError(endpoint.name, f"redirects in a loop ({words})")
            if error.code == HTTPStatus.BAD_REQUEST:
                return NoAnswerError(endpoint.name, f"does not accept the query: {words}")
            return NoAnswerError(endpoint.name, f"refused: {words}")
        wait = self._asked_wait(error.headers.get("Retry-After"))
        refused = error.code in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
        return _PassingError(
            f"{'refused' if refused else 'server error'}: {words}", wait, refused=refused
        )

    def _asked_wait(self, value: str | None) -> float | None:
        """Return the seconds of a `Retry-After`, given as seconds or as an HTTP date."""
        if value is None:
            return None
        value = value.strip()
        # More digits than a century of seconds would overflow a date.
        if value.isascii() and value.isdecimal() and len(value) <= 9:
            return float(value)
        try:
            when = email.utils.parsedate_to_datetime(value)
        except ValueError:
            return None
        if when.tzinfo is None:
            when = when.replace(tzinfo=UTC)
        return max(0.0, (when - self.now()).total_seconds())


def _opened(endpoint: Endpoint, query: str, agent: str, seconds: float) -> Any:
    from SPARQLWrapper import GET, JSON, POST, SELECT, SPARQLWrapper

    class Wrapper(SPARQLWrapper):
        """SPARQLWrapper builds the request; redirects and schemes are watched over here."""

        def _query(self) -> tuple[Any, str]:
            opener = urllib.request.OpenerDirector()
            for handler in (
                urllib.request.ProxyHandler(),
                urllib.request.HTTPHandler(),
                urllib.request.HTTPSHandler(),
                urllib.request.HTTPDefaultErrorHandler(),
                urllib.request.HTTPErrorProcessor(),
                _Redirects(),
            ):
                opener.add_handler(handler)
            return opener.open(self._createRequest(), timeout=seconds), self.returnFormat

    wrapper = Wrapper(endpoint.url, agent=agent)
    wrapper.setReturnFormat(JSON)
    # Else it sends every name a format parameter has had anywhere.
    wrapper.setOnlyConneg(True)
    for name, value in endpoint.parameters.items():
        wrapper.addParameter(name, value)
    wrapper.setQuery(query)
    wrapper.queryType = SELECT
    wrapper.setMethod(GET if len(quote(query)) < _LONGEST_URL else POST)
    return wrapper.query().response


def _checked(body: bytes, media_type: str, endpoint: Endpoint) -> bytes:
    """Return a body that is SPARQL results in JSON, or raise with what it is instead."""
    start = body.lstrip()[:1]
    if media_type in ("text/html", "application/xhtml+xml") or start == b"<":
        kind = "HTML" if media_type != "application/sparql-results+xml" else "XML"
        raise NoAnswerError(endpoint.name, f"answer is {kind}, not SPARQL results in JSON")
    try:
        loaded = json.loads(body)
    except (ValueError, RecursionError) as error:
        # A well-behaved server writes no broken JSON: the rest of it was lost on the way.
        if start in (b"{", b""):
            raise _PassingError("answer truncated: the JSON ends early") from error
        raise NoAnswerError(endpoint.name, "answer is not SPARQL results in JSON") from error
    from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results

    try:
        solutions = parse_query_results(json.dumps(loaded).encode(), QueryResultsFormat.JSON)
        if isinstance(solutions, QuerySolutions):
            for _ in solutions:
                pass
            return body
    except (SyntaxError, ValueError, OSError):
        pass
    raise NoAnswerError(endpoint.name, "answer is JSON, but no SPARQL results")


def _phrase(code: int) -> str:
    try:
        return HTTPStatus(code).phrase
    except ValueError:
        return ""


def _unreachable(reason: object) -> str:
    if isinstance(reason, ConnectionRefusedError):
        return "cannot be reached: connection refused"
    if isinstance(reason, socket.gaierror):
        return "cannot be reached: offline, or no such host"
    if isinstance(reason, http.client.RemoteDisconnected):
        return "cannot be reached: the connection was closed without an answer"
    words = " ".join(str(reason).split()) or type(reason).__name__
    return f"cannot be reached: {words}"
