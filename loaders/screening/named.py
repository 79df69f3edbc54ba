"""How well a text fits the names of a term."""

import re
from difflib import SequenceMatcher
from enum import IntEnum
from functools import cache

from evikg.ontology.linking.abbreviations import best_long_form, is_short_form
from evikg.ontology.linking.normal_forms import Words, key, normaliser, upright

from .identifiers import table

#: Two spellings of one word: the share of characters in common (Ratcliff and Obershelp).
CLOSE = 0.88
_LONG_WORD = 5

_PREPOSITION = re.compile(
    r"\b(?:of|in|with|due|from|by|to|after|during|on|without)\b", re.IGNORECASE
)
#: The anion of an acid has its name (IUPAC Recommendations 1993, R-5.7.4): lactate, lactic acid.
_SALT = re.compile(r"(?<=\w\w)ates?$", re.IGNORECASE)
_CONJUNCTION = re.compile(r"\b(?:and|or)\b", re.IGNORECASE)


class Fit(IntEnum):
    """How a text fits a term, from not at all to by name."""

    NONE = 0  # no word in common
    PARTIAL = 1  # words in common
    NARROWER = 2  # a name with something before or after it
    CLOSE = 3  # spelled nearly like a name
    ABBREVIATION = 4  # abbreviates a name
    GENERIC = 5  # a name but for a word such as `disease` or `protocol`
    NAME = 6  # is a name


class Named:
    """The names of one term, in the forms that texts are compared with."""

    def __init__(self, names: list[str]) -> None:
        """Prepare names, the label first."""
        normal = normaliser()
        self.names = names
        forms = [normal.loose(normal.strict(name)) for name in names]
        self.forms = list(dict.fromkeys(form for form in forms if form))
        self.words = frozenset(word for form in self.forms for word in form)
        self._keys = {key(form) for form in self.forms}
        self._bare = {key(normal.generic(form)) for form in self.forms}
        self._bare |= {key(without_class(form)) for form in self.forms} - {""}
        self._bare |= {key(part) for name in names for part in _first_parts(name)}
        heads = frozenset(
            word
            for name in names
            for part in _CONJUNCTION.split(upright(name))
            for word in _head(part)
        )
        self.heads = heads | frozenset(normal.generic(tuple(heads)))

    def fit(self, text: str) -> Fit:
        """Tell how a text fits, by name, abbreviation or likeness."""
        normal = normaliser()
        strict = normal.strict(text)
        words = normal.loose(strict)
        if not words:
            return Fit.NONE
        if key(words) in self._keys:
            return Fit.NAME
        adjective = len(strict) == 1 and words != strict
        if not adjective and {key(normal.generic(words)), key(without_class(words))} & self._bare:
            return Fit.GENERIC
        if " " not in text and is_short_form(text) and self._abbreviated(text):
            return Fit.ABBREVIATION
        acid = normal.loose(normal.strict(_SALT.sub("ic acid", text)))
        if key(acid) in self._keys or any(_alike(words, form) for form in self.forms):
            return Fit.CLOSE
        if self._narrower(text, words):
            return Fit.NARROWER
        return Fit.PARTIAL if self.words & set(words) else Fit.NONE

    def _abbreviated(self, short: str) -> bool:
        compact = re.sub(r"[^A-Za-z0-9]", "", short)
        return any(
            best_long_form(compact, candidate) for name in self.names
            for candidate in dict.fromkeys((name, upright(name), name.replace("-", " ")))
        )  # fmt: skip

    def _narrower(self, text: str, words: Words) -> bool:
        head = set(_head(text))
        return any(head <= set(form) <= set(words) for form in self.forms)


def _first_parts(name: str) -> list[Words]:
    """Return what stands before `and` in a name, where it is a name itself: Bile Acids and Salts."""
    normal = normaliser()
    first, *rest = _CONJUNCTION.split(name)
    words = normal.loose(normal.strict(first))
    return [words] if rest and len(words) > 1 and "," not in name else []


def _alike(one: Words, other: Words) -> bool:
    """Tell whether two names differ only in spaces, or in the spelling of longer words."""
    if "".join(one) == "".join(other):
        return True
    left, right = sorted(set(one) - set(other)), sorted(set(other) - set(one))
    return len(left) == len(right) and all(
        min(len(a), len(b)) >= _LONG_WORD
        and not any(c.isdigit() for c in a + b)
        and SequenceMatcher(None, a, b, autojunk=False).ratio() >= CLOSE
        for a, b in zip(left, right, strict=True)
    )


def _head(text: str) -> Words:
    """Return the loose form of the word that a name is about: the last before a preposition."""
    normal = normaliser()
    parts = [part for part in _PREPOSITION.split(text) if normal.strict(part)]
    strict = normal.strict(parts[0])[-1:] if parts else ()
    return normal.loose(strict)


def without_class(words: Words) -> Words:
    """Drop loose words that only say what kind of thing a name is of, such as `protein`."""
    return tuple(word for word in words if word not in _class_words())


@cache
def _class_words() -> frozenset[str]:
    normal = normaliser()
    return frozenset(w for row in table("class_words.csv") for w in normal.strict(row["word"]))
