"""In what a text and a name of the same normal form differ."""

import re
import unicodedata
from enum import Enum

from .normal_forms import Normaliser, upright

_WORD = re.compile(r"\w+")


class Step(Enum):
    """A step of normalisation: what it is called, and its term in the vocabulary semapv."""

    CASE = ("case", "semapv:CaseNormalization")
    ACCENTS = ("accents", "semapv:DiacriticsSuppression")
    GREEK = ("Greek letters", "semapv:RegexReplacement")
    PUNCTUATION = ("hyphens and punctuation", "semapv:PunctuationElemination")
    SPELLING = ("US or UK spelling", "semapv:RegexReplacement")
    PLURAL = ("plural, numerals or small words", "semapv:Stemming")
    ORDER = ("word order", "semapv:Tokenization")

    @property
    def words(self) -> str:
        """Return what the step is called."""
        return str(self.value[0])

    @property
    def curie(self) -> str:
        """Return the term of semapv, as spelled there."""
        return str(self.value[1])


def steps_between(text: str, name: str, rules: Normaliser) -> tuple[Step, ...]:
    """Return the steps that make a text and a name of the same strict words alike.

    An inverted heading differs from its upright form in word order alone.
    """
    if text == name:
        return ()
    ordered = rules.strict(text) == rules.strict(name)
    steps: list[Step] = []
    one, other = text, name
    if not ordered:
        steps.append(Step.ORDER)
        if rules.strict(upright(name)) == rules.strict(text):
            other = upright(name)
        elif rules.strict(upright(text)) == rules.strict(name):
            one = upright(text)
    greek = _has_greek(text) or _has_greek(name)
    stages = [
        (Step.CASE, str.casefold),
        (Step.ACCENTS, _unaccented),
        (Step.GREEK, lambda value: " ".join(rules.split(value)) if greek else value),
        (Step.PUNCTUATION, lambda value: " ".join(rules.split(value))),
        (Step.SPELLING, lambda value: " ".join(map(rules.spelled, value.split()))),
        (Step.PLURAL, lambda value: " ".join(rules.strict(value))),
    ]
    for step, make in stages:
        if one == other:
            break
        made = make(one), make(other)
        if made != (one, other) and (step != Step.CASE or _differ_in_case(one, other)):
            steps.append(step)
        one, other = made
    return tuple(sorted(steps, key=list(Step).index))


def keeps_order(text: str, name: str, rules: Normaliser) -> bool:
    """Tell whether text and name of the same words mean the same whatever their order.

    They do where one is the other's inverted heading, and where no word is a number or a single
    letter: `2-methyl-3-ethyl` is not `3-methyl-2-ethyl`.
    """
    words = rules.strict(text)
    if words == rules.strict(name):
        return True
    if rules.strict(upright(name)) == words or rules.strict(upright(text)) == rules.strict(name):
        return True
    return not marks(words)


def marks(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words that tell like names apart: numbers and single letters, sorted."""
    return tuple(sorted(w for w in words if len(w) == 1 or any(c.isdigit() for c in w)))


def _differ_in_case(one: str, other: str) -> bool:
    words, others = set(_WORD.findall(one)), set(_WORD.findall(other))
    folded = {word.casefold() for word in others}
    return any(word not in others and word.casefold() in folded for word in words)


def _unaccented(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def _has_greek(text: str) -> bool:
    return (
        re.search("[\N{GREEK SMALL LETTER ALPHA}-\N{GREEK SMALL LETTER OMEGA}]", text) is not None
    )
