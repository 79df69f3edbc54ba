"""Terminologies as they stand in triples: slices in memory, full releases in a store."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

import pyoxigraph
from pyoxigraph import Literal, NamedNode, Triple

from evikg.graph.records import Mention
from evikg.ontology import EV, individual, kind_and_slug, prefixes
from evikg.ontology.curie import expand, prefix_of
from evikg.ontology.term_triples import FULL, LABEL, SYNONYMS, read_terms
from evikg.ontology.terms import Term

from .terminologies import Terminologies, names_of, vocabulary

_LOOKED_UP = 20_000


def terminologies_of(
    mentions: Iterable[Mention],
    triples: Iterable[Triple] = (),
    store: pyoxigraph.Store | None = None,
    texts: Iterable[str] = (),
) -> Terminologies:
    """Index what is needed of terminologies to screen mentions.

    :param triples: of terms that are held in memory, such as slices, and of mappings
    :param store: holds terminologies in named graphs of their own, each with its `ev:extent`
    :param texts: running texts of the documents
    """
    held = list(triples)
    terms = {term.iri: term for term in read_terms(held)}
    stored = _Stored(store) if store is not None else None

    def lookup(iri: str) -> Term | None:
        return terms.get(iri) or (stored.term(iri) if stored else None)

    def names() -> Iterator[tuple[str, str]]:
        for term in terms.values():
            yield from ((term.iri, name) for name in names_of(term))
        if stored:
            yield from stored.names()

    same: dict[str, set[str]] = {}
    for subject, target in (*_equivalents(held), *(stored.equivalents() if stored else ())):
        same.setdefault(subject, set()).add(target)
    return Terminologies(
        lookup,
        names(),
        complete=stored.complete() if stored else (),
        equivalents=same,
        vocabulary=vocabulary(mentions, list(texts)),
    )


def slices_of(store: pyoxigraph.Store) -> list[str]:
    """Return the names of the terminologies that a store holds in part, sorted."""
    return _Stored(store).slices()


class _Stored:
    """The terminologies of a store."""

    def __init__(self, store: pyoxigraph.Store) -> None:
        self._store = store
        self._extents: dict[NamedNode, str] = {}
        for quad in store.quads_for_pattern(None, EV.extent, None):
            parts = kind_and_slug(getattr(quad.subject, "value", ""))
            if parts and parts[0] == "terminology" and isinstance(quad.object, Literal):
                self._extents[individual("graph", parts[1])] = quad.object.value
        self.term = lru_cache(_LOOKED_UP)(self._term)

    def slices(self) -> list[str]:
        held = (graph.value for graph, extent in self._extents.items() if extent != FULL)
        return sorted(iri.rpartition("/")[2] for iri in held)

    def complete(self) -> set[str]:
        """Return the prefixes of the terminologies that are there in full."""
        found = set()
        for graph, extent in self._extents.items():
            if extent == FULL:
                labels = self._store.quads_for_pattern(None, LABEL, None, graph)
                iris = (str(getattr(quad.subject, "value", "")) for quad in labels)
                found.add(next(filter(None, map(prefix_of, iris)), ""))
        return found - {""}

    def names(self) -> Iterator[tuple[str, str]]:
        for graph in self._extents:
            for predicate in (LABEL, *SYNONYMS.values()):
                for quad in self._store.quads_for_pattern(None, predicate, None, graph):
                    if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
                        yield quad.subject.value, quad.object.value

    def equivalents(self) -> Iterator[tuple[str, str]]:
        quads = self._store.quads_for_pattern(None, _exact_match(), None)
        yield from _equivalents(quad.triple for quad in quads)

    def _term(self, iri: str) -> Term | None:
        triples = [
            quad.triple
            for graph in self._extents
            for quad in self._store.quads_for_pattern(NamedNode(iri), None, None, graph)
        ]
        return next(iter(read_terms(triples)), None)


def _exact_match() -> NamedNode:
    return NamedNode(prefixes()["skos"] + "exactMatch")


def _equivalents(triples: Iterable[Triple]) -> Iterator[tuple[str, str]]:
    """Yield pairs of terms that are mapped as exactly the same; variables are no terms."""
    predicate = _exact_match()
    for triple in triples:
        subject, target = triple.subject, triple.object
        if triple.predicate == predicate and isinstance(subject, NamedNode):
            iris = (expand(subject.value), expand(str(getattr(target, "value", ""))))
            if all(map(prefix_of, iris)):
                yield iris
