"""Concepts, variables and terms alike: how what a user writes finds them in a graph."""

from importlib.resources import files

from pyoxigraph import Literal, NamedNode, QueryBoolean, QuerySolutions

from evikg.ontology import individual
from evikg.ontology.curie import UnknownPrefixError, expand

from .binding import bind
from .store import Store

_KNOWN = "ASK { VALUES ?concept { <urn:x> } ?concept ?property ?value }"


def find_concepts(store: Store, text: str) -> list[NamedNode]:
    """Return the concepts that a CURIE, an IRI, a variable's slug or a name stands for, sorted.

    A name finds every concept that has it as label or exact synonym, in whichever terminology: to
    ask for all of them is to ask for the one thing they mean. Nothing found is an empty list.
    """
    candidate = _identified(text)
    known = [candidate] if candidate is not None and _is_known(store, candidate) else []
    return known if ":" in text else sorted({*known, *_named(store, text)}, key=str)


def _named(store: Store, text: str) -> list[NamedNode]:
    query = files(__package__).joinpath("concept-by-name.rq").read_text(encoding="utf-8")
    answer = store.query(bind(query, {"name": [Literal(text.strip())]}))
    assert isinstance(answer, QuerySolutions)  # noqa: S101 - what a SELECT answers
    return [row[0] for row in answer if isinstance(row[0], NamedNode)]


def _identified(text: str) -> NamedNode | None:
    """Return the IRI that a text is, or is short for; None where it is a name."""
    try:
        if ":" in text:
            return NamedNode(expand(text))
        return None if " " in text else individual("variable", text)
    except (UnknownPrefixError, ValueError):
        return None


def _is_known(store: Store, concept: NamedNode) -> bool:
    answer = store.query(bind(_KNOWN, {"concept": [concept]}))
    return isinstance(answer, QueryBoolean) and bool(answer)
