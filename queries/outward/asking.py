"""One way to ask: from the cache while it is young, else the endpoint, else the cache and say so."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    parse_query_results,
)

from .cache import Cache, Cached
from .endpoint import Client, NoAnswerError
from .settings import Endpoint

Term = NamedNode | BlankNode | Literal


class Age(StrEnum):
    """How an answer was come by."""

    FRESH = "fresh"
    CACHED = "cached"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Asked:
    """An answer: its columns and rows, how it was come by, and when it was given.

    `why` says why the endpoint was not asked, where an answer older than allowed stands in.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]
    age: Age
    fetched: datetime
    days: float
    why: str = ""


@dataclass
class Asker:
    """Asks endpoints through a cache; `max_age` is how old an answer may be to stand for one."""

    client: Client = field(default_factory=Client)
    cache: Cache = field(default_factory=Cache)
    max_age: timedelta = timedelta(days=7)
    offline: bool = False
    stale: bool = True

    def ask(self, endpoint: Endpoint, query: str) -> Asked:
        """Return the answer to a SELECT.

        :raises NoAnswerError: if the endpoint gave none and none is kept
        """
        kept = self._kept(endpoint, query)
        if kept is not None and kept.days * 86400 <= self.max_age.total_seconds():
            return kept
        try:
            if self.offline:
                raise NoAnswerError(endpoint.name, "not asked: offline, and no answer is kept")
            body = self.client.select(endpoint, query)
        except NoAnswerError as error:
            if kept is None or not self.stale:
                raise
            why = "offline" if self.offline else error.reason
            return replace(kept, age=Age.STALE, why=why)
        fetched = self.client.now()
        self.cache.put(endpoint.url, query, body, fetched)
        return self._read(Cached(body, fetched), Age.FRESH)

    def _kept(self, endpoint: Endpoint, query: str) -> Asked | None:
        cached = self.cache.get(endpoint.url, query)
        try:
            return self._read(cached, Age.CACHED) if cached else None
        except (SyntaxError, TypeError, ValueError):
            # A damaged file of the cache is as good as none.
            return None

    def _days(self, kept: Cached) -> float:
        # A clock that was set back does not make an answer younger than new.
        return max(0.0, (self.client.now() - kept.fetched).total_seconds() / 86400)

    def _read(self, kept: Cached, age: Age) -> Asked:
        solutions = parse_query_results(kept.body, QueryResultsFormat.JSON)
        if not isinstance(solutions, QuerySolutions):
            raise TypeError("no rows")
        columns = tuple(variable.value for variable in solutions.variables)
        rows = tuple(tuple(row[i] for i in range(len(columns))) for row in solutions)
        return Asked(columns, rows, age, kept.fetched, self._days(kept))
