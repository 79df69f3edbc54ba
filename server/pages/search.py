"""Search over every name: labels, synonyms, printed terms, slugs, CURIEs, registrations, DOIs."""

import sqlite3
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from evikg.graph.store import Store
from evikg.ontology import EV, compact
from evikg.server.exchange import Reply, Request, Route
from evikg.server.rendering import page

from .asking import ask
from .numbers import slug_of
from .things import local

#: Groups of hits in the order in which a page lists them.
KINDS = {
    "Drug": "Drugs",
    "Study": "Studies",
    "Regimen": "Regimens",
    "Variable": "Outcomes, events and characteristics",
    "Source": "Documents",
    "Group": "Groups of patients",
    "Term": "Terms of terminologies",
}
#: What a name is, by the local name of its property.
_NAMING = {
    "label": "name",
    "prefLabel": "name",
    "altLabel": "also called",
    "altTerm": "also called",
    "hasExactSynonym": "synonym",
    "hasRelatedSynonym": "related synonym",
    "hasNarrowSynonym": "narrower synonym",
    "hasBroadSynonym": "broader synonym",
    "printedTerm": "printed as",
    "printedCode": "printed code",
    "registration": "registration",
    "doi": "DOI",
    "slug": "identifier",
    "curie": "identifier",
}
_SCHEMA = """
CREATE TABLE thing (iri TEXT PRIMARY KEY, kind TEXT, label TEXT, numbers INTEGER);
CREATE VIRTUAL TABLE name USING fts5 (
  text, iri UNINDEXED, naming UNINDEXED, tokenize = "unicode61 remove_diacritics 2"
);
"""
#: What FTS5 finds is ranked in Python: a name that is the whole query, then its beginning, first.
_CANDIDATES = 2000


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing that a query finds, the name that matched, and what that name is to it."""

    iri: str
    kind: str  # a key of KINDS
    label: str
    name: str
    naming: str
    numbers: int  # quantities reported on it


def search(store: Store, text: str, limit: int = 200) -> list[Hit]:
    """Return what has a name with all words of a text, as beginnings of words; the best first.

    Case and accents do not matter.
    """
    words = _folded(text).split()
    if not words:
        return []
    asked = " ".join('"' + word.replace('"', '""') + '"*' for word in words)
    try:
        rows = _index(store).execute(
            "SELECT thing.iri, kind, label, text, naming, numbers FROM name JOIN thing USING (iri)"
            " WHERE name MATCH ? ORDER BY bm25(name) LIMIT ?",
            (asked, _CANDIDATES),
        )
    except sqlite3.OperationalError:  # a text of which the tokeniser leaves nothing
        return []
    best: dict[str, tuple[tuple[object, ...], Hit]] = {}
    whole = " ".join(words)
    for place, row in enumerate(rows):
        hit = Hit(*row)
        key = (*_rank(hit, whole), place)
        if hit.iri not in best or key < best[hit.iri][0]:
            best[hit.iri] = (key, hit)
    return [hit for _, hit in sorted(best.values(), key=lambda item: item[0])][:limit]


def near(store: Store, text: str) -> list[Hit]:
    """Return what has names near to a text that finds nothing: misspelt, or with a word too many."""
    corrected = corrections(store, text)
    if corrected and (found := search(store, corrected, limit=8)):
        return found
    words = sorted(_folded(text).split(), key=len, reverse=True)
    return next(filter(None, (search(store, word, limit=8) for word in words)), [])


def corrections(store: Store, text: str) -> str:
    """Return a text with words that the graph knows in the place of the others; empty if none is."""
    known = _vocabulary(store)
    words = _folded(text).split()
    found = [
        word if word in known else next(iter(get_close_matches(word, known, 1, 0.7)), word)
        for word in words
    ]
    return " ".join(found) if found != words else ""


def search_page(store: Store, request: Request) -> Reply:
    """Answer `/search?q=`: hits by kind, or what may have been meant."""
    text = " ".join(request.value("q").split())[:200]
    hits = search(store, text)
    groups = [
        (title, [hit for hit in hits if hit.kind == kind], kind) for kind, title in KINDS.items()
    ]
    only = request.value("kind")
    shown = [(t, found, k) for t, found, k in groups if found and only in {"", k}]
    first = {hit.kind: place for place, hit in reversed(list(enumerate(hits)))}
    shown.sort(key=lambda item: first[item[2]])
    return page(
        "search.html",
        q=text,
        total=len(hits),
        groups=shown,
        only=only,
        corrected="" if hits else corrections(store, text),
        near=[] if hits or not text else near(store, text),
    )


def _rank(hit: Hit, whole: str) -> tuple[object, ...]:
    name = _folded(hit.name)
    exact, begins = name == whole, name.startswith(whole)
    own = hit.naming == "name"
    term = hit.kind == "Term"
    return (
        not exact,
        term,
        not begins,
        not own,
        not hit.numbers,
        hit.kind == "Group",
        len(name) // 8,
        -hit.numbers,
    )


@lru_cache(maxsize=1)
def _index(store: Store) -> sqlite3.Connection:
    """Fill an index in memory with every name; a worker keeps it as long as it keeps the store."""
    index = sqlite3.connect(":memory:", check_same_thread=False)
    index.executescript(_SCHEMA)
    counted = {row["thing"]: int(row["numbers"]) for row in ask(store, "evidence-of").rows}
    things: dict[str, tuple[str, str]] = {}
    names: dict[tuple[str, str], tuple[str, str, str]] = {}
    for row in ask(store, "names").rows:
        iri, naming = row["thing"], _NAMING[local(row["property"])]
        kind = local(row["type"]) if row["type"].startswith(EV.iri) else "Term"
        if naming == "name":
            things[iri] = (kind, row["name"])
        names.setdefault((iri, _folded(row["name"])), (row["name"], iri, naming))
    for iri in things:
        for identifier in (compact(iri), slug_of(iri)):
            names.setdefault((iri, _folded(identifier)), (identifier, iri, "identifier"))
    index.executemany(
        "INSERT INTO thing VALUES (?, ?, ?, ?)",
        [(iri, kind, label, counted.get(iri, 0)) for iri, (kind, label) in things.items()],
    )
    index.executemany("INSERT INTO name VALUES (?, ?, ?)", list(names.values()))
    return index


@lru_cache(maxsize=1)
def _vocabulary(store: Store) -> Sequence[str]:
    """Return every word of the names that is long enough to be misspelt."""
    index = _index(store)
    index.execute("CREATE VIRTUAL TABLE IF NOT EXISTS word USING fts5vocab (name, row)")
    return [row[0] for row in index.execute("SELECT term FROM word WHERE length(term) > 3")]


def _folded(text: str) -> str:
    """Return a text in small letters without accents.

    >>> _folded("Özcan  2025")
    'ozcan 2025'
    """
    parts = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in parts if not unicodedata.combining(c)).split())


ROUTES = (Route("/search", search_page),)
