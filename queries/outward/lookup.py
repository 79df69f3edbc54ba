"""What is asked of which endpoint about one term, and the answers side by side."""

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.resources import files

from pyoxigraph import Literal, NamedNode

from evikg.graph.binding import Term, bind, clause
from evikg.ontology.curie import UnknownPrefixError, contract, expand

from .asking import Age, Asked, Asker
from .endpoint import NoAnswerError
from .settings import Endpoint

#: Relations of a row to the term, nearest first. A cross-reference need not mean the same.
RELATIONS = ("same", "synonym", "cross-reference", "broader", "narrower")
# A CURIE has no blanks; a label may well have a colon ("leukemia: acute").
_CURIE = re.compile(r"[A-Za-z][\w.]*:[^\s:/]+")
_LIMIT = re.compile(r"\bLIMIT\s+(\d+)\s*\Z")


@dataclass(frozen=True, slots=True, order=True)
class Row:
    """One thing an endpoint holds about the term."""

    relation: str
    label: str
    iri: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What one endpoint answered.

    `state` is `fresh`, `cached`, `stale` (older than allowed, for want of a newer one) or `none`;
    `words` tell it in one line; `days` is the age of the answer, None where there is none.
    """

    endpoint: str
    state: str
    words: str
    rows: tuple[Row, ...]
    days: float | None

    @property
    def answered(self) -> bool:
        """Return whether there is an answer, be it of no rows."""
        return self.state != "none"


def lookup(term: str, endpoints: Sequence[Endpoint], asker: Asker) -> list[Reply]:
    """Ask endpoints about a CURIE, an IRI or a label, all at once; replies in their order.

    :raises UnknownPrefixError: if the term has the form of a CURIE of an unknown prefix
    :raises ValueError: if the term is empty or no IRI
    """
    term = " ".join(term.split())
    if not term:
        raise ValueError("expected a CURIE, an IRI or a label, not an empty text")
    queries = [query_for(term, endpoint) for endpoint in endpoints]

    def one(place: int) -> Reply:
        return _reply(endpoints[place], queries[place], asker)

    with ThreadPoolExecutor(max_workers=max(1, len(endpoints))) as pool:
        return list(pool.map(one, range(len(endpoints))))


def query_for(term: str, endpoint: Endpoint) -> str:
    """Return the query that asks an endpoint about a term; empty if it cannot know the term."""
    if not (term.startswith(("http://", "https://")) or _CURIE.fullmatch(term)):
        return _bound(endpoint, "by-label", {"text": _spellings(term)})
    try:
        iri = NamedNode(expand(term))
    except UnknownPrefixError:
        raise
    except ValueError as error:
        raise ValueError(f"{term!r} is no IRI: {error}") from error
    prefix, _, local = contract(iri.value).partition(":")
    properties = endpoint.identifiers.get(prefix)
    if properties is None:
        return ""
    # Endpoints write an identifier as `MONDO:0004967`, `MONDO_0004967` or `0004967`.
    codes = [Literal(code) for code in (local, f"{prefix}:{local}", f"{prefix}_{local}")]
    values: dict[str, Sequence[Term]] = {"asked": [iri]}
    if properties:
        values |= {"code": codes, "property": [NamedNode(item) for item in properties]}
    else:
        # No term stands for nothing: the clause of cross-references then matches nothing.
        values |= {"code": [], "property": []}
    return _bound(endpoint, "by-identifier", values)


def _bound(endpoint: Endpoint, kind: str, values: dict[str, Sequence[Term]]) -> str:
    path = files(__package__).joinpath(f"{endpoint.shape}-{kind}.rq")
    text = path.read_text(encoding="utf-8")
    known = [NamedNode(item) for held in endpoint.identifiers.values() for item in held]
    values = {"property": known, **values}
    return bind(text, {name: terms for name, terms in values.items() if clause(name).search(text)})


def _spellings(text: str) -> list[Term]:
    """Return a name in the capitals endpoints use, plain and in English.

    Exact texts are found by an index; a filter on lower case would read every name there is.
    """
    first = text[:1].upper() + text[1:]
    title = re.sub(r"(?<![\w'])[a-z]", lambda found: found[0].upper(), text)
    spellings = dict.fromkeys([text, first, title, text.lower(), text.lower().capitalize()])
    return [
        literal
        for spelling in spellings
        for literal in (Literal(spelling, language="en"), Literal(spelling))
    ]


def _reply(endpoint: Endpoint, query: str, asker: Asker) -> Reply:
    if not query:
        known = ", ".join(endpoint.identifiers)
        words = f"not asked: it knows names, and identifiers of {known or 'no terminology'}"
        return Reply(endpoint.name, "none", words, (), None)
    try:
        asked = asker.ask(endpoint, query)
    except NoAnswerError as error:
        return Reply(endpoint.name, "none", error.reason, (), None)
    if missing := {"iri", "label", "relation"} - set(asked.columns):
        words = f"answer lacks the columns {', '.join(sorted(missing))}"
        return Reply(endpoint.name, "none", words, (), None)
    rows = _rows(asked)
    return Reply(endpoint.name, str(asked.age), _words(asked, len(rows), query), rows, asked.days)


def _rows(asked: Asked) -> tuple[Row, ...]:
    places = [asked.columns.index(name) for name in ("relation", "label", "iri")]
    found: dict[Row, None] = {}
    for row in asked.rows:
        relation, label, iri = (
            cell.value if isinstance(cell, NamedNode | Literal) else ""
            for cell in (row[place] for place in places)
        )
        found[Row(relation, label, iri)] = None
    order = {name: i for i, name in enumerate(RELATIONS)}
    return tuple(
        sorted(found, key=lambda r: (order.get(r.relation, len(order)), r.label.lower(), r.iri))
    )


def _words(asked: Asked, count: int, query: str) -> str:
    rows = f"{count} row{'' if count == 1 else 's'}"
    limit = _LIMIT.search(query)
    if limit and len(asked.rows) >= int(limit[1]):
        rows = f"the first {limit[1]} rows, there may be more"
    if asked.age is Age.FRESH:
        return f"{rows}, fresh"
    age = f"{asked.days:.0f} days" if asked.days >= 1.5 else _short(asked.days)
    if asked.age is Age.CACHED:
        return f"{rows}, cached {age} ago"
    return f"{rows}, cached {age} ago, older than allowed ({asked.why})"


def _short(days: float) -> str:
    if days >= 1:
        return "1 day"
    hours = int(days * 24)
    return f"{hours} h" if hours else f"{int(days * 1440)} min"
