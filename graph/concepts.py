"""Concepts, variables and terms alike: how what a user writes finds them in a graph."""

from importlib.resources import files

from pyoxigraph import Literal, NamedNode, QueryBoolean, QuerySolutions

from evikg.ontology import individual, prefixes
from evikg.ontology.curie import UnknownPrefixError, expand

from .binding import bind
from .store import Store

#: Words that a title leaves small, as MeSH headings do.
_SMALL_WORDS = frozenset("a and as at by for from in of on or the to with".split())
_KNOWN = "ASK { VALUES ?concept { <urn:x> } ?concept ?property ?value }"


def find_concepts(store: Store, text: str) -> list[NamedNode]:
    """Return the concepts that a CURIE, an IRI, a variable's slug or a name stands for, sorted.

    A name finds every concept that has it as label or exact synonym, in whichever terminology: to
    ask for all of them is to ask for the one thing they mean. It is looked for as typed, in small
    letters, in capitals, and with capitals as a sentence or a title has them. Nothing found is an
    empty list.
    """
    candidate = _identified(text)
    known = [candidate] if candidate is not None and _is_known(store, candidate) else []
    return known if ":" in text else sorted({*known, *_named(store, text)}, key=str)


def _named(store: Store, text: str) -> list[NamedNode]:
    query = files(__package__).joinpath("concept-by-name.rq").read_text(encoding="utf-8")
    written = spellings(text.strip())
    names = [Literal(s, language=lang) for s in written for lang in ("en", None)]
    answer = store.query(bind(query, {"name": names}))
    assert isinstance(answer, QuerySolutions)  # noqa: S101 - what a SELECT answers
    return [row[0] for row in answer if isinstance(row[0], NamedNode)]


def spellings(name: str) -> list[str]:
    """Return a name as typed and as terminologies capitalise it: an index finds each at once."""
    lower = name.lower()
    titled = " ".join(w if w in _SMALL_WORDS else w.title() for w in lower.split())
    variants = (name, lower, name.upper(), name[:1].upper() + name[1:], lower.capitalize(), titled)
    return list(dict.fromkeys(variants))


def _identified(text: str) -> NamedNode | None:
    """Return the IRI that a text is, or is short for; None where it is a name."""
    try:
        prefix, colon, local = text.partition(":")
        if colon and prefix in prefixes():
            return NamedNode(expand(prefixes()[prefix] + local))
        if colon:
            return NamedNode(expand(text))
        return None if " " in text else individual("variable", text)
    except (UnknownPrefixError, ValueError):
        return None


def _is_known(store: Store, concept: NamedNode) -> bool:
    answer = store.query(bind(_KNOWN, {"concept": [concept]}))
    return isinstance(answer, QueryBoolean) and bool(answer)
