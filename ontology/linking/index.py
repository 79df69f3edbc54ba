"""An index of the names of terms, by the normal forms of `normal_forms.py`."""

import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from evikg.ontology.curie import prefix_of
from evikg.ontology.terms import Scope, SemanticType, Term, semantic_types

from .abbreviations import looks_abbreviated
from .normal_forms import Normaliser, Words, key, normaliser

#: Where a name stands, best first: the label, then the scopes of synonyms.
FIELDS: tuple[str, ...] = ("label", *(scope.value for scope in Scope))
LABEL = 0
_SCOPES = {scope: place for place, scope in enumerate(Scope, 1)}

#: More words than that are a sentence, not a name whose hyphens went astray.
_LONGEST = 20
#: How OBO ontologies begin the labels of deprecated terms.
_OBSOLETE = "obsolete "
_LETTERS_OR_DIGITS = re.compile(r"\d+|\D+")

#: The root of HP, whose label *All* names nothing, and is what leukemias are abbreviated as.
_NAMELESS = "http://purl.obolibrary.org/obo/HP_0000001"

_Postings = dict[str, int | list[int]]


class TermIndex:
    """The names of terms; a name is known by its number.

    Building takes about 6 µs a name on one core. What only the wider steps of linking need is made
    when it is first asked for.
    """

    def __init__(self, terms: Sequence[Term], rules: Normaliser) -> None:
        """Index terms; see `of`."""
        self.rules = rules
        self.terms = terms
        self.names: list[str] = []
        self.owners = array("I")
        self.fields = bytearray()
        self._strict: _Postings = {}
        self._loose: _Postings = {}
        self._generic: _Postings = {}
        self._bare: _Postings = {}
        self._types: dict[int, frozenset[SemanticType]] = {}
        self._prefixes: dict[int, str] = {}
        self._numbers: dict[str, int] = {}
        for number, term in enumerate(terms):
            self._numbers[term.iri] = number
            if term.iri == _NAMELESS:
                continue
            label = term.label.removeprefix(_OBSOLETE) if term.deprecated else term.label
            if label:
                self._add(label, number, LABEL)
            for synonym in term.synonyms:
                self._add(synonym.text, number, _SCOPES[synonym.scope])

    @classmethod
    def of(cls, terms: Iterable[Term], rules: Normaliser | None = None) -> "TermIndex":
        """Index the names of terms, of one terminology or several."""
        return cls(list(terms), rules or normaliser())

    def __len__(self) -> int:
        """Return the number of names."""
        return len(self.names)

    def _add(self, name: str, owner: int, field: int) -> None:
        rules = self.rules
        words = rules.strict(name)
        if not words:
            return
        number = len(self.names)
        self.names.append(name)
        self.owners.append(owner)
        self.fields.append(field)
        _post(self._strict, key(words), number)
        loose = words
        if rules.widens(words):
            loose = rules.loose(words)
            _post(self._loose, key(loose), number)
        generic = rules.generic(loose)
        if generic is not loose:
            _post(self._generic, key(generic), number)
        bare = rules.bare(loose)
        if bare is not loose:
            _post(self._bare, key(bare), number)

    def strict(self, words: Words) -> list[int]:
        """Return the names of the same strict words, in any order."""
        return _numbers(self._strict, key(words))

    def loose(self, words: Words) -> list[int]:
        """Return the names of the same loose form as strict words."""
        wanted = key(self.rules.loose(words))
        return _numbers(self._strict, wanted) + _numbers(self._loose, wanted)

    def generic(self, words: Words) -> list[int]:
        """Return the names of the same generic form as strict words."""
        wanted = key(self.rules.generic(self.rules.loose(words)))
        postings = (self._strict, self._loose, self._generic)
        return [number for posted in postings for number in _numbers(posted, wanted)]

    def bare(self, words: Words) -> list[int]:
        """Return the names of the same bare form as strict words; they keep its modifiers."""
        modifiers = self.rules.modifiers.intersection(words)
        wanted = key(self.rules.bare(self.rules.loose(words)))
        postings = (self._strict, self._loose, self._bare)
        return [
            number
            for posted in postings
            for number in _numbers(posted, wanted)
            if modifiers.issubset(self.rules.strict(self.names[number]))
        ]

    def joined(self, words: Words) -> list[int]:
        """Return the names that are the same but for one hyphen or blank, or for all of them.

        Two words are joined or one is parted, or letters are parted from digits everywhere.
        Texts of more words than names have are not tried.
        """
        if len(words) > _LONGEST:
            return []
        tries = {squeeze(words): ("".join(words),), "": _parted(words)}
        for place, word in enumerate(words):
            before, after = words[:place], words[place + 1 :]
            for cut in range(1, len(word)):
                tries[f"{place}/{cut}"] = (*before, word[:cut], word[cut:], *after)
            if after:
                tries[f"{place}+"] = (*before, word + after[0], *after[1:])
        wanted = {key(made) for made in tries.values() if made != words}
        same = squeeze(words)
        return [
            number
            for name in sorted(wanted)
            for number in _numbers(self._strict, name)
            if squeeze(self.rules.strict(self.names[number])) == same
        ]

    def is_abbreviation(self, number: int) -> bool:
        """Tell whether a name is written like an abbreviation, where its terminology has others."""
        if not looks_abbreviated(self.names[number]):
            return False
        return _place(self.term(number).iri) not in self._in_capitals

    @cached_property
    def _in_capitals(self) -> frozenset[str]:
        """The places of terminologies that print (nearly) all names in capitals, as UNII does."""
        counts: dict[str, list[int]] = {}
        for term in self.terms:
            count = counts.setdefault(_place(term.iri), [0, 0])
            count[0] += 1
            count[1] += term.label.isupper()
        return frozenset(p for p, (terms, capitals) in counts.items() if capitals > 0.9 * terms)

    @cached_property
    def near(self) -> dict[tuple[str, int], list[str]]:
        """The words of all names by first letter and length."""
        made: dict[tuple[str, int], list[str]] = {}
        for word in self.words:
            made.setdefault((word[0], len(word)), []).append(word)
        return made

    @cached_property
    def words(self) -> dict[str, list[str]]:
        """The strict words of all names, each with the keys that hold it."""
        made: dict[str, list[str]] = {}
        for name in self._strict:
            for word in set(name.split(" ")):
                made.setdefault(word, []).append(name)
        return made

    def of_key(self, name: str) -> list[int]:
        """Return the names of a key, as `words` holds them."""
        return _numbers(self._strict, name)

    def term(self, number: int) -> Term:
        """Return the term that a name belongs to."""
        return self.terms[self.owners[number]]

    def find(self, iri: str) -> Term | None:
        """Return the term of an IRI."""
        number = self._numbers.get(iri)
        return None if number is None else self.terms[number]

    def types(self, term: Term) -> frozenset[SemanticType]:
        """Return what kinds of thing a term of the index names; empty where nothing is known."""
        number = self._numbers[term.iri]
        if number not in self._types:
            prefix = self.prefix(term)
            self._types[number] = semantic_types(prefix, term.kind, term.tree_numbers)
        return self._types[number]

    def prefix(self, term: Term) -> str:
        """Return the CURIE prefix of a term of the index."""
        number = self._numbers[term.iri]
        if number not in self._prefixes:
            self._prefixes[number] = prefix_of(term.iri)
        return self._prefixes[number]

    def names_of(self, term: Term) -> Iterator[str]:
        """Iterate over the label and synonyms of a term."""
        yield term.label
        yield from (synonym.text for synonym in term.synonyms)


def squeeze(words: Words) -> str:
    """Join words; numbers stay apart.

    >>> squeeze(("non", "hodgkin", "1", "2"))
    'nonhodgkin1-2'
    """
    joined = ""
    for word in words:
        apart = joined[-1:].isdigit() and word[0].isdigit()
        joined += f"-{word}" if apart else word
    return joined


def _place(iri: str) -> str:
    return iri.rpartition("/")[0]


def _parted(words: Words) -> Words:
    return tuple(part for word in words for part in _LETTERS_OR_DIGITS.findall(word))


def _post(postings: _Postings, name: str, number: int) -> None:
    held = postings.setdefault(name, number)
    if held is number:
        return
    if isinstance(held, list):
        held.append(number)
    elif held != number:
        postings[name] = [held, number]


def _numbers(postings: _Postings, name: str) -> list[int]:
    held = postings.get(name)
    return [] if held is None else [held] if isinstance(held, int) else list(held)
