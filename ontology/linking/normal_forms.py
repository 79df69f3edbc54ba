"""Normal forms of names: what two spellings of one name have in common.

Words are compared in four steps, each wider than the one before:

* strict: case, accents, Greek letters and their names, Roman and Arabic numerals, US and UK
  spelling, plural, punctuation and hyphens; words such as `of` are dropped;
* loose: also adjectives and the nouns they stand for (`renal`, `kidney`), and words that say a
  finding is increased or decreased (`elevated`, `high`); what is measured in (`serum`, `level`) is
  dropped where a name says increased or decreased;
* generic: also words that only say that something is wrong (`disease`, `damage`, `toxicity`);
* bare: without such words, without modifiers (`severe`, `drug-induced`) and without what a drug is
  a salt of (`hydrochloride`).

The rules are the CSV files beside this module.
"""

import csv
import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache
from importlib.resources import files

Words = tuple[str, ...]

#: Characters that some hands write for an apostrophe or a hyphen.
_POSSESSIVE = re.compile(r"(?<=\w)['\N{RIGHT SINGLE QUOTATION MARK}\N{PRIME}]s\b")
_WORD = re.compile(r"[^\W_]+")
_ASCII_WORD = re.compile(r"[a-z0-9]+")
_BRACKETED = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*")


class _Memo(dict[str, str]):
    """What a function makes of words, each worked out once."""

    def __init__(self, function: Callable[[str], str]) -> None:
        super().__init__()
        self._function = function

    def __missing__(self, word: str) -> str:
        self[word] = made = self._function(word)
        return made


class Normaliser:
    """Normal forms by the rules that ship with the package; see `normaliser`."""

    def __init__(self) -> None:
        """Read the rules."""
        self._greek = {ord(r["letter"]): f" {r['name']} " for r in _table("greek.csv")}
        self._numerals = {r["roman"]: r["arabic"] for r in _table("numerals.csv")}
        self._spellings = [
            (_placed(r["variant"], r["place"]), r["canonical"]) for r in _table("spellings.csv")
        ]
        self._any_spelling = re.compile("|".join(p.pattern for p, _ in self._spellings))
        endings = [(r["ending"], r["becomes"], int(r["shortest"])) for r in _table("endings.csv")]
        self._endings = sorted(endings, key=lambda rule: -len(rule[0]))
        self._strict = _Memo(self._strict_word)
        roles: dict[str, set[str]] = {}
        for row in _table("generic_words.csv"):
            roles.setdefault(row["role"], set()).add(row["word"])
        self._strict.update(dict.fromkeys(roles["stop"], ""))
        self.measures = frozenset(self._strict[word] for word in roles["measure"])
        self.heads = frozenset(self._strict[word] for word in roles["head"])
        self.degrees = frozenset(self._strict[word] for word in roles["degree"])
        self.modifiers = self.degrees | {self._strict[word] for word in roles["modifier"]}
        self._causes = frozenset(self._strict[word] for word in roles["cause"])
        self._salts = frozenset(self._strict[word] for word in roles["salt"])
        self._droppable = self.heads | self.modifiers | self._salts
        self._findings = {self._strict[r["word"]]: r["direction"] for r in _table("findings.csv")}
        self._variants = {
            self._strict[r["word"]]: tuple(self._strict[w] for w in r["stands_for"].split())
            for r in _table("word_variants.csv")
        }
        derivations = [
            (r["ending"], r["becomes"], int(r["shortest"])) for r in _table("derivations.csv")
        ]
        self._derivations = sorted(derivations, key=lambda rule: -len(rule[0]))
        self._settled = self._droppable | {
            word for words in self._variants.values() for word in words
        }
        self._opposites = [
            (r["word"], r["opposite"], r["place"] == "start") for r in _table("opposites.csv")
        ]
        #: Symbols of elements and formulas as written, and the names they stand for.
        self.symbols = {r["symbol"]: r["name"] for r in _table("chemical_symbols.csv")}
        self._loose_words: dict[str, Words] = {}
        #: Strict words that a wider step changes, and strict words known to stay as they are.
        self._changed: set[str] = set()
        self._same: set[str] = set()

    def split(self, text: str) -> list[str]:
        """Return the words in lower case, accents off and Greek letters named, else as written.

        >>> normaliser().split("TNF-α")
        ['tnf', 'alpha']
        """
        text = text.lower()
        if not text.isascii():
            text = self._plain(text)
        if "'" in text:
            text = _POSSESSIVE.sub("", text)
        return (_ASCII_WORD if text.isascii() else _WORD).findall(text)

    def strict(self, text: str) -> Words:
        """Return the words of a name in order, each in its strict form.

        >>> normaliser().strict("Oedemas of the legs")
        ('edema', 'leg')
        """
        strict = self._strict
        return tuple([made for word in self.split(text) if (made := strict[word])])

    def loose(self, words: Words) -> Words:
        """Return the loose form of strict words.

        >>> n = normaliser()
        >>> sorted(n.loose(n.strict("Elevated serum bilirubin levels")))
        ['bilirubin', 'increased']
        """
        if not self.widens(words):
            return words
        made = [w for word in words for w in self._loose_word(word)]
        if not _DIRECTIONS.isdisjoint(made):
            kept = [w for w in made if w not in self.measures]
            made = kept if len(kept) > 1 else made
        return tuple(dict.fromkeys(made))

    def generic(self, words: Words) -> Words:
        """Return the generic form of loose words: the words for a disorder become one."""
        if self.heads.isdisjoint(words):
            return words
        return tuple(dict.fromkeys(_DISORDER if w in self.heads else w for w in words))

    def bare(self, words: Words) -> Words:
        """Return loose words without those that say little; all of them where none is left.

        >>> n = normaliser()
        >>> n.bare(("akathisia", "drug", "induced"))
        ('akathisia',)
        """
        if self._droppable.isdisjoint(words):
            return words
        return tuple(word for word in words if word not in self._droppable) or words

    def widens(self, words: Iterable[str]) -> bool:
        """Tell whether the loose form of strict words may differ from them."""
        changed, same = self._changed, self._same
        if changed.isdisjoint(words) and same.issuperset(words):
            return False
        found = False
        for word in words:
            if word not in same and word not in changed:
                wider = word in self._findings or self._loose_word(word) != (word,)
                (changed if wider else same).add(word)
            found = found or word in changed
        return found

    def is_finding(self, words: Iterable[str]) -> bool:
        """Tell whether strict words say that something is increased or decreased."""
        return not self._findings.keys().isdisjoint(words)

    def without_modifiers(self, words: Words) -> Words:
        """Drop strict words that only say how severe, when, where, in whom or by what.

        >>> n = normaliser()
        >>> n.without_modifiers(n.strict("severe heparin-induced thrombocytopenia"))
        ('thrombocytopenia',)
        """
        for place in range(len(words) - 2, 0, -1):
            if words[place] in self._causes:
                words = words[place + 1 :]
                break
        return tuple(word for word in words if word not in self.modifiers)

    def without_degrees(self, words: Words) -> Words:
        """Drop strict words that only say how severe, how certain or in whom."""
        return tuple(word for word in words if word not in self.degrees)

    def opposed(self, words: Words, other: Words) -> bool:
        """Tell whether one has the opposite of a word of the other, as `hyper-` and `hypo-`."""
        return any(
            (_has(words, one, start) and _has(other, two, start))
            or (_has(words, two, start) and _has(other, one, start))
            for one, two, start in self._opposites
        )

    def spelled(self, word: str) -> str:
        """Return a word in lower case in the spelling that names are compared in."""
        if self._any_spelling.search(word):
            for pattern, canonical in self._spellings:
                word = pattern.sub(canonical, word)
        return word

    def _strict_word(self, word: str) -> str:
        if word in self._numerals:
            return self._numerals[word]
        return _ended(self.spelled(word), self._endings)

    def _loose_word(self, word: str) -> Words:
        if word not in self._loose_words:
            self._loose_words[word] = self._loosened(word)
        return self._loose_words[word]

    def _loosened(self, word: str) -> Words:
        if word in self._findings:
            return (self._findings[word],)
        if word in self._variants:
            return self._variants[word]
        if word in self._settled:
            return (word,)
        derived = _ended(word, self._derivations)
        return (word,) if derived == word else tuple(map(self._strict_of, derived.split()))

    def _strict_of(self, word: str) -> str:
        return self._strict[word]

    def _plain(self, text: str) -> str:
        decomposed = unicodedata.normalize("NFKD", text.translate(self._greek))
        text = "".join(c for c in decomposed if not unicodedata.combining(c)).translate(self._greek)
        return text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").replace("\N{PRIME}", "'")


_DIRECTIONS = frozenset({"increased", "decreased"})
_DISORDER = "diseas"


@cache
def normaliser() -> Normaliser:
    """Return the normaliser of the rules that ship with the package."""
    return Normaliser()


def key(words: Iterable[str]) -> str:
    """Return what names of the same words share, in whatever order.

    >>> key(normaliser().strict("Leukemia, Myeloid, Acute"))
    'acute leukemia myeloid'
    """
    return " ".join(sorted(words))


def upright(name: str) -> str:
    """Return an inverted heading the right way round, as MeSH inverts: last part first.

    >>> upright("Leukemia, Myeloid, Acute")
    'Acute Myeloid Leukemia'
    """
    return " ".join(reversed(name.split(", ")))


def unbracketed(text: str) -> str:
    """Return a text without what stands in brackets.

    >>> unbracketed("hepatic veno-occlusive disease (VOD)")
    'hepatic veno-occlusive disease'
    """
    before = ""
    while before != text:
        before, text = text, _BRACKETED.sub(" ", text)
    return text.strip()


def _table(name: str) -> list[dict[str, str]]:
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _placed(piece: str, place: str) -> re.Pattern[str]:
    before, after = ("^" if place == "start" else "", "$" if place == "end" else "")
    return re.compile(f"{before}{re.escape(piece)}{after}")


def _has(words: Words, piece: str, start: bool) -> bool:
    return any(word.startswith(piece) if start else word == piece for word in words)


def _ended(word: str, rules: Iterable[tuple[str, str, int]]) -> str:
    for ending, becomes, shortest in rules:
        if word.endswith(ending) and len(word) >= shortest:
            return word[: len(word) - len(ending)] + becomes
    return word
