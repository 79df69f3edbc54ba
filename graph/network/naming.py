"""What a user writes, and the thing it means: a slug, a CURIE, an IRI, a name or a synonym."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from importlib.resources import files

from pyoxigraph import Literal, NamedNode, QuerySolutions

from evikg.graph.binding import bind
from evikg.graph.concepts import spellings
from evikg.graph.errors import GraphError
from evikg.graph.store import Store
from evikg.ontology import kind_and_slug, prefixes
from evikg.ontology.curie import UnknownPrefixError, expand

from .neighbours import UnknownThingError, neighbours
from .overview import kinds_of_classes
from .things import TERM, Thing, things

#: How alike two names must be to be taken for one another, by difflib's ratio.
_NEAR = 0.7


class UnknownNameError(GraphError):
    """Nothing in the graph is called by a name."""

    def __init__(self, text: str, near: list[str]) -> None:
        """Hold the name, and names near to it."""
        self.text, self.near = text, near

    def __str__(self) -> str:
        """Return what is unknown, and what was perhaps meant."""
        near = f"; nearest: {', '.join(self.near)}" if self.near else ""
        return f"nothing in the graph is called {self.text!r}{near}"


class AmbiguousNameError(GraphError):
    """Several things in the graph are called by a name."""

    def __init__(self, text: str, candidates: list[Thing]) -> None:
        """Hold the name, and what it may mean."""
        self.text, self.candidates = text, candidates

    def __str__(self) -> str:
        """Return the things it may mean, by CURIE."""
        listed = ", ".join(f"{thing.curie} ({thing.label})" for thing in self.candidates)
        return f"{self.text!r} may mean {len(self.candidates)} things; name one: {listed}"


def thing_named(store: Store, text: str) -> Thing:
    """Return the one thing that a text means.

    What the evidence has (a drug, a variable, a study) is meant before terms of terminologies that
    are called the same; of terms, what the evidence has that is the same as they are. Of several
    variables, that one is meant which all others stand within.

    :raises UnknownNameError: if nothing is called so
    :raises AmbiguousNameError: if several things are
    """
    found = things_named(store, text)
    if not found:
        raise UnknownNameError(text, near_names(store, text))
    own = [thing for thing in found if thing.kind != TERM]
    if not own and len(found) > 1:
        query = _query("variables-of-terms.rq")
        same = {row[0] for row in _rows(store, query, {"term": [t.iri for t in found]})}
        own = [thing for thing in things(store, sorted(same)).values() if thing.kind != TERM]
    candidates = own or found
    meant = _broadest(store, candidates)
    if meant is None:
        raise AmbiguousNameError(text, candidates)
    return meant


def _broadest(store: Store, candidates: list[Thing]) -> Thing | None:
    """Return the only one, or that which all others stand within; else None."""
    if len(candidates) == 1:
        return candidates[0]
    iris = [thing.iri for thing in candidates]
    pairs = set(_rows(store, _query("within.rq"), {"narrow": iris, "broad": iris}))
    around = [c for c in candidates if all((iri, c.iri) in pairs for iri in iris if iri != c.iri)]
    return around[0] if len(around) == 1 else None


def things_named(store: Store, text: str) -> list[Thing]:
    """Return everything that a text may mean, by IRI: nothing found is an empty list.

    A slug, CURIE or IRI means a thing that the graph says something of. A name is looked for among
    labels, exact synonyms, registrations and DOIs, as typed and as terminologies capitalise it.
    """
    text = text.strip()
    identified = _identified(text)
    found = {iri for iri, thing in things(store, identified).items() if thing.facts}
    if not found and ":" in text:
        found = {iri for iri in identified if _is_joined(store, iri)}
    if not found:
        found = _called(store, text)
    return list(things(store, sorted(found)).values())


def near_names(store: Store, text: str, most: int = 3) -> list[str]:
    """Return slugs and names of the evidence that look like a text, the nearest first."""
    answer = store.query(_query("names.rq"))
    assert isinstance(answer, QuerySolutions)  # noqa: S101 - what a SELECT answers
    known: dict[str, str] = {}
    for thing, name in answer:
        if isinstance(thing, NamedNode) and isinstance(name, Literal):
            slug = (kind_and_slug(thing.value) or ("", ""))[1]
            known |= {slug.lower(): slug, name.value.lower(): name.value}
    wanted = (text.partition(":")[2] or text).lower()
    # A part of a name is nearer than a name that is spelt alike.
    begun = sorted((n for n in known if n.startswith(wanted)), key=lambda n: (len(n), n))
    alike = get_close_matches(wanted, sorted(known), n=most, cutoff=_NEAR)
    return list(dict.fromkeys(known[name] for name in (*begun[:most], *alike)))[:most]


def _called(store: Store, text: str) -> set[str]:
    names = [Literal(s, language=lang) for s in spellings(text) for lang in ("en", None)]
    answer = store.query(bind(_query("things-by-name.rq"), {"name": names}))
    assert isinstance(answer, QuerySolutions)  # noqa: S101 - what a SELECT answers
    return {row[0].value for row in answer if isinstance(row[0], NamedNode)}


def _is_joined(store: Store, iri: str) -> bool:
    try:
        return bool(neighbours(store, iri, limit=0).relations)
    except UnknownThingError:
        return False


def _identified(text: str) -> list[str]:
    """Return the IRIs that a text is, or is short for."""
    prefix, colon, local = text.partition(":")
    try:
        if colon and prefix in prefixes():
            return [NamedNode(expand(prefixes()[prefix] + local)).value]
        if colon:
            return [NamedNode(expand(text)).value]
        kinds = [kind for kind in kinds_of_classes() if kind != TERM and kind in prefixes()]
        return [NamedNode(prefixes()[kind] + text).value for kind in kinds]
    except (UnknownPrefixError, ValueError):
        return []


def _rows(
    store: Store, query: str, values: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, ...]]:
    """Return the rows of IRIs that a query answers."""
    bound = {name: [NamedNode(iri) for iri in iris] for name, iris in values.items()}
    answer = store.query(bind(query, bound))
    assert isinstance(answer, QuerySolutions)  # noqa: S101 - what a SELECT answers
    for row in answer:
        yield tuple(cell.value for cell in row if isinstance(cell, NamedNode))


def _query(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
