"""Terms of reactions: as reports give them, ways to write one being one term."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EventTerm:
    """A term of reactions, and the ways in which reports write it."""

    term: str
    written: tuple[str, ...]


def event_terms(rows: Iterable[tuple[str, int]]) -> list[EventTerm]:
    """Return the terms of reactions, in order.

    Ways to write that differ in capitals and white space only are one term. It is shown as most
    rows write it; but reports of before 2012 write in capitals alone, so a way that is not in
    capitals goes before.

    :param rows: every way to write a term, with the number of its rows
    """
    ways: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for written, count in rows:
        ways[term_key(written)][written] += count
    return [EventTerm(_shown(ways[words]), tuple(sorted(ways[words]))) for words in sorted(ways)]


def term_key(written: str) -> str:
    """Return what is the same of all ways to write a term.

    >>> term_key("VENOOCCLUSIVE  LIVER DISEASE ") == term_key("Venoocclusive liver disease")
    True
    """
    return " ".join(written.split()).casefold()


def _shown(ways: Counter[str]) -> str:
    best = max(ways, key=lambda way: (not way.isupper(), ways[way], way))
    return " ".join(best.split())
