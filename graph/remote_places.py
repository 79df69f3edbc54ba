"""Where a SPARQL endpoint takes queries, updates and whole graphs, and who asks.

Only the URL of queries is ever given on a command line. The others follow from it, by the
conventions of the servers that are known here, or stand in the environment:

| URL of queries ends in | updates                     | Graph Store Protocol                 |
|------------------------|-----------------------------|--------------------------------------|
| `/query`               | `/update`                   | `/store` (oxigraph)                  |
| `/sparql`              | `/sparql` (Virtuoso)        | `/sparql-graph-crud` (Virtuoso)      |
| `/sparql-auth`         | `/sparql-auth`              | `/sparql-graph-crud-auth`            |
| anything else          | the same URL                | must be told                         |

With a name and a password, updates and graphs go to Virtuoso's `-auth` URLs, and its queries to
the URL that was given.
"""

import os
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass, field

from .errors import EndpointError

UPDATE_VARIABLE = "EVIKG_UPDATE_URL"
GRAPH_STORE_VARIABLE = "EVIKG_GRAPH_STORE_URL"
USER_VARIABLE = "EVIKG_USER"
PASSWORD_VARIABLE = "EVIKG_PASSWORD"  # noqa: S105 - the name of a variable
TIMEOUT_VARIABLE = "EVIKG_TIMEOUT"
_TIMEOUT_S = 60.0

Environment = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Credentials:
    """A name and a password; the password is in no text that this makes of itself."""

    user: str
    password: str = field(repr=False)

    @classmethod
    def for_host(cls, host: str, environment: Environment = os.environ) -> "Credentials | None":
        """Return what `$EVIKG_USER` and `$EVIKG_PASSWORD` say, else the user's netrc of the host.

        :raises EndpointError: if only one of the two variables is set, or netrc cannot be read
        """
        user, password = environment.get(USER_VARIABLE), environment.get(PASSWORD_VARIABLE)
        if user and password is not None:
            return cls(user, password)
        if user or password:
            raise EndpointError(f"set both {USER_VARIABLE} and {PASSWORD_VARIABLE}, or neither")
        import netrc

        try:
            found = netrc.netrc(environment.get("NETRC")).authenticators(host)
        except FileNotFoundError:
            return None
        except (OSError, netrc.NetrcParseError) as error:
            raise EndpointError(f"the netrc file cannot be used: {_reason(error)}") from error
        return cls(found[0], found[2] or "") if found else None


@dataclass(frozen=True, slots=True)
class Places:
    """The URLs of one endpoint."""

    query: str
    update: str
    graph_store: str | None
    is_virtuoso: bool = False

    @classmethod
    def of(
        cls, url: str, *, known_user: bool = False, environment: Environment = os.environ
    ) -> "Places":
        """Work out the URLs of an endpoint.

        :param known_user: a name and a password are at hand
        :raises EndpointError: if the URL is none, or holds a name or a password
        """
        for given in (url, *map(environment.get, (UPDATE_VARIABLE, GRAPH_STORE_VARIABLE))):
            if given:
                _check(given)
        parts = urllib.parse.urlsplit(url)
        folder, _, last = parts.path.rstrip("/").rpartition("/")

        def beside(name: str) -> str:
            return urllib.parse.urlunsplit((parts.scheme, parts.netloc, f"{folder}/{name}", "", ""))

        update, graph_store, is_virtuoso = url, None, False
        if last == "query":
            update, graph_store = beside("update"), beside("store")
        elif last in {"sparql", "sparql-auth"}:
            suffix = "-auth" if known_user or last == "sparql-auth" else ""
            update, graph_store = beside(f"sparql{suffix}"), beside(f"sparql-graph-crud{suffix}")
            is_virtuoso = True
        told = environment.get(GRAPH_STORE_VARIABLE)
        return cls(
            query=url,
            update=environment.get(UPDATE_VARIABLE) or update,
            graph_store=told or graph_store,
            is_virtuoso=is_virtuoso and (told is None or "sparql-graph-crud" in told),
        )

    def graph(self, iri: str | None) -> str:
        """Return the URL of a named graph, or of the whole dataset.

        :raises EndpointError: if the URL of the Graph Store Protocol is not known
        """
        if self.graph_store is None:
            raise EndpointError(
                f"{self.query}: where it takes whole graphs is not known; set"
                f" {GRAPH_STORE_VARIABLE} to the URL of its Graph Store Protocol"
            )
        if iri is None:
            return self.graph_store
        name = "graph-uri" if self.is_virtuoso else "graph"
        joint = "&" if "?" in self.graph_store else "?"
        return f"{self.graph_store}{joint}{urllib.parse.urlencode({name: iri})}"


def timeout_s(environment: Environment = os.environ) -> float:
    """Return how long an endpoint may be silent, in seconds: `$EVIKG_TIMEOUT`, else 60.

    :raises EndpointError: if the variable is not a positive number
    """
    told = environment.get(TIMEOUT_VARIABLE)
    if not told:
        return _TIMEOUT_S
    try:
        seconds = float(told)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise EndpointError(f"{TIMEOUT_VARIABLE} is {told!r}; expected a number of seconds")
    return seconds


def _check(url: str) -> None:
    try:
        parts = urllib.parse.urlsplit(url)
        known = parts.scheme in {"http", "https"} and parts.hostname and (parts.port or True)
    except ValueError:
        known = False
    if not known or any(character.isspace() for character in url):
        raise EndpointError(
            "an endpoint is named by an http or https URL, as http://127.0.0.1:7878/query"
        )
    if "@" in parts.netloc:
        raise EndpointError(
            f"a name or a password does not belong into the URL of {parts.hostname}:"
            f" set {USER_VARIABLE} and {PASSWORD_VARIABLE}, or use a netrc file"
        )


def _reason(error: Exception) -> str:
    """Return why a netrc file cannot be read, without the words of the file."""
    return error.strerror or "" if isinstance(error, OSError) else "it is not well-formed"
