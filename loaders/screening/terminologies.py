"""The terminologies that mentions are screened against: terms by IRI, and terms by name."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property

from evikg.graph.records import Mention
from evikg.ontology.curie import prefix_of
from evikg.ontology.linking.normal_forms import Words, key, normaliser
from evikg.ontology.terms import SemanticType, Term, semantic_types

from .named import Named, without_class

Lookup = Callable[[str], Term | None]


class Terminologies:
    """Terms, found by IRI and by name.

    Names are compared in the loose form of `ontology.linking`, whatever the order of their words.
    """

    def __init__(
        self,
        lookup: Lookup,
        names: Iterable[tuple[str, str]],
        *,
        complete: Iterable[str] = (),
        equivalents: Mapping[str, Iterable[str]] | None = None,
        vocabulary: frozenset[str] | None = None,
    ) -> None:
        """Index the names of terms.

        :param lookup: the term of an IRI, or None
        :param names: IRI and name, for every label and synonym of every term
        :param complete: prefixes of the terminologies that are loaded in full, as `MESH`: what
            is not among their terms is unknown; of a slice that cannot be said
        :param equivalents: IRIs of the terms that mapping sets say are exactly the same
        :param vocabulary: words, as `vocabulary` gives them; names without any are passed over
        """
        self._lookup = lookup
        self.complete = frozenset(complete)
        self._same: dict[str, set[str]] = {}
        for iri, others in (equivalents or {}).items():
            for other in others:
                self._same.setdefault(iri, set()).add(other)
                self._same.setdefault(other, set()).add(iri)
        self._by_key: dict[str, set[str]] = {}
        self._by_bare: dict[str, set[str]] = {}
        self._by_word: dict[str, set[str]] = {}
        self._count: Counter[str] = Counter()
        self._named: dict[str, Named] = {}
        self.prefixes: set[str] = set()
        self._index(names, vocabulary)

    @classmethod
    def of(
        cls,
        terms: Iterable[Term],
        *,
        complete: Iterable[str] = (),
        equivalents: Mapping[str, Iterable[str]] | None = None,
    ) -> "Terminologies":
        """Index terms that are held in memory."""
        held = {term.iri: term for term in terms}
        names = ((term.iri, name) for term in held.values() for name in names_of(term))
        return cls(held.get, names, complete=complete, equivalents=equivalents)

    def term(self, iri: str) -> Term | None:
        """Return the term of an IRI."""
        return self._lookup(iri)

    def knows_all(self, iri: str) -> bool:
        """Tell whether an IRI would be known if it stood for a term.

        Its terminology is loaded in full, and of MeSH its series: the descriptors come without the
        supplementary records, whose identifiers begin with another letter.
        """
        prefix = prefix_of(iri)
        return prefix in self.complete and (prefix != "MESH" or _series(iri) in self._series)

    def named(self, term: Term) -> Named:
        """Return the names of a term and of what mapping sets say is the same, for comparing."""
        if term.iri not in self._named:
            names = list(names_of(term))
            for other in sorted(self._same.get(term.iri, ())):
                if (found := self._lookup(other)) is not None:
                    names += names_of(found)
            self._named[term.iri] = Named(names)
        return self._named[term.iri]

    def exactly(self, words: Words, *, bare: bool = False) -> list[Term]:
        """Return the terms in force that have a name of these loose words, by IRI.

        :param bare: where there is none, let words such as `protein` be missing or too many
        """
        found = self._in_force(self._by_key.get(key(words), ()))
        if bare and not found:
            found = self._in_force(self._by_bare.get(key(without_class(words)), ()))
        return found

    def sharing(self, words: Words, at_most: int = 400) -> list[Term]:
        """Return terms that have one of these loose words in their names, rarest words first."""
        found: set[str] = set()
        for word in sorted(set(words), key=lambda w: (len(self._by_word.get(w, ())), w)):
            bearers = self._by_word.get(word, set())
            if found and len(found) + len(bearers) > at_most:
                break
            if len(bearers) <= 10 * at_most:
                found |= bearers
        return self._in_force(found)

    def weight(self, words: Iterable[str]) -> float:
        """Return how much words say: the sum of log(terms / names that have the word)."""
        return sum(math.log((self._size + 1) / (self._count[word] or 1)) for word in words)

    def same(self, one: Term, other: Term) -> bool:
        """Tell whether two terms are one, or said to be exactly the same."""
        return one.iri == other.iri or other.iri in self._same.get(one.iri, ())

    def equivalents(self, term: Term, prefix: str) -> list[Term]:
        """Return the terms of a terminology that a term is said to be exactly the same as."""
        same = sorted(self._same.get(term.iri, ()))
        return self._in_force(iri for iri in same if prefix_of(iri) == prefix)

    def counterparts(self, term: Term, prefix: str) -> bool:
        """Tell whether a term is mapped to some term of a terminology."""
        return any(prefix_of(iri) == prefix for iri in self._same.get(term.iri, ()))

    def related(self, one: Term, other: Term) -> bool:
        """Tell whether one of two terms stands above the other, by tree numbers or parents."""
        return self._above(one, other) or self._above(other, one)

    def kinds(self, term: Term) -> frozenset[SemanticType]:
        """Return what kinds of thing a term names.

        A supplementary record of MeSH whose class is not known has the kinds of its headings.
        """
        kinds = semantic_types(prefix_of(term.iri), term.kind, term.tree_numbers)
        if kinds or not term.mapped_to:
            return kinds
        headings = [self._lookup(iri) for iri in term.mapped_to]
        return frozenset(
            kind
            for heading in headings
            if heading is not None
            for kind in semantic_types("MESH", heading.kind, heading.tree_numbers)
        )

    def _above(self, high: Term, low: Term) -> bool:
        for top in high.tree_numbers:
            if any(number.startswith(f"{top}.") for number in low.tree_numbers):
                return True
        seen: set[str] = set()
        queue = [*low.parents, *low.mapped_to, *self._same.get(low.iri, ())]
        targets = {high.iri, *self._same.get(high.iri, ())}
        while queue:
            iri = queue.pop()
            if iri in targets:
                return True
            if iri not in seen and (term := self._lookup(iri)) is not None:
                seen.add(iri)
                queue += term.parents
        return False

    def _in_force(self, iris: Iterable[str]) -> list[Term]:
        found = [self._lookup(iri) for iri in sorted(iris)]
        return [term for term in found if term is not None and not term.deprecated]

    def _index(self, names: Iterable[tuple[str, str]], vocabulary: frozenset[str] | None) -> None:
        normal = normaliser()
        counted: set[str] = set()
        for iri, name in names:
            counted.add(iri)
            words = normal.loose(normal.strict(name))
            self._count.update(words)
            if vocabulary is not None and vocabulary.isdisjoint(words):
                continue
            self._by_key.setdefault(key(words), set()).add(iri)
            bare = without_class(words)
            if bare and bare != words:
                self._by_bare.setdefault(key(bare), set()).add(iri)
            for word in words:
                if vocabulary is None or word in vocabulary:
                    self._by_word.setdefault(word, set()).add(iri)
        self._size = len(counted)
        self._series = {_series(iri) for iri in counted}
        self.prefixes |= {prefix_of(f"{stem}0") for stem in self._series}

    @cached_property
    def loaded(self) -> str:
        """Return the prefixes of the terminologies that are loaded, in words."""
        return ", ".join(sorted(self.prefixes)) or "none"


def _series(iri: str) -> str:
    """Return what the identifiers of a numbered series have in common."""
    return iri.rstrip("0123456789")


def names_of(term: Term) -> list[str]:
    """Return the label and the synonyms of a term."""
    return [name for name in (term.label, *(s.text for s in term.synonyms)) if name]


def vocabulary(mentions: Iterable[Mention], texts: Sequence[str] = ()) -> frozenset[str]:
    """Return the loose words of mentions and texts: names without any are of no use to them."""
    normal = normaliser()
    words: set[str] = set()
    for text in texts:
        words.update(normal.loose(normal.strict(text)))
    for mention in mentions:
        for text in (mention.text, mention.label or "", mention.aliases or ""):
            words.update(normal.loose(normal.strict(text)))
    return frozenset(words)
