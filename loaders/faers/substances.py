"""Drug names standardised to substances, each with a word on how.

Reports name a drug (`drugname`) and, since 2014, its active ingredients as the FDA coded them
(`prod_ai`). What a drug is called is asked in this order; the first answer holds:

1. `unii`: the name, or every part of a combination, is a name of a substance in the UNII names;
2. `ingredient`: the active ingredients that the FDA gives, or those in brackets behind the name;
3. `paired`: reports at hand that give ingredients give these for at least `PAIRED` of the name's
   rows, so that a brand means the same in reports of before 2014;
4. `brand`: the name is a brand in the UNII names, or in `brands.csv`;
5. `salt`: the name without words for salts and hydrates is one of those;
6. `unmapped`: the name, in its normal form, is a substance of its own.

Salts and hydrates count as their base wherever the base has a UNII name: SITAGLIPTIN PHOSPHATE is
SITAGLIPTIN. Esters, such as FLUTICASONE PROPIONATE, stay what they are. A name that several
substances share, other than salts of one base, is not guessed: the next question is asked.
"""

import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .names import Found, Substance
from .readings import bracketed, ingredients, parts, plain, product, saltless, whole

#: Share of a name's rows with ingredients that must agree before they speak for the others.
PAIRED = 0.95
#: What a drug without any name is called.
NOT_NAMED = "NOT NAMED"
LookUp = Callable[[Collection[str]], Found]


@dataclass(frozen=True, slots=True)
class DrugName:
    """What reports call a drug, and the number of rows that do; empty where they say nothing."""

    drugname: str
    prod_ai: str
    rows: int


@dataclass(frozen=True, slots=True)
class Meant:
    """What a drug name means: one substance, or those of a combination."""

    name: DrugName
    substances: tuple[Substance, ...]
    how: str


def no_names(_: Collection[str]) -> Found:
    """Look names up where there are none."""
    return Found({}, {})


def standardise(names: Sequence[DrugName], look_up: LookUp = no_names) -> list[Meant]:
    """Map drug names to substances.

    Without UNII names a drug is what `prod_ai` says, else what rows of the same name say there,
    else its own name in normal form.

    :param look_up: finds normal forms of names, as `names.look_up` does
    """
    _readings.cache_clear()
    known = _Known(names, look_up)
    mapped = [(name, known.of_report(name)) for name in names]
    alone = {_pairing(name) for name, found in mapped if found is None and not name.prod_ai}
    pairs = _pairs(mapped) if alone else {}
    return [
        Meant(name, *(found or known.otherwise(name, pairs.get(_pairing(name)))))
        for name, found in mapped
    ]


_Meaning = tuple[tuple[Substance, ...], str]


class _Known:
    """The names of substances that drug names may hold, looked up all at once."""

    def __init__(self, names: Sequence[DrugName], look_up: LookUp) -> None:
        self.any = look_up is not no_names
        self.given: dict[str, tuple[Substance, ...]] = {}
        self.found = Found({}, {})
        self.bases: Mapping[str, Substance] = {}
        if self.any:
            asked: set[str] = set()
            for name in names:
                asked.update(_readings(name.drugname), parts(name.drugname))
                asked.update(ingredients(name.prod_ai))
                asked.update(word for text in bracketed(name.drugname) for word in parts(text))
            for brand in _brands().values():
                asked.update(brand)
            self.found = look_up(asked | {left for words in asked for left in saltless(words)})
            met = {
                one
                for each in (self.found.names, self.found.brands)
                for some in each.values()
                for one in some
            }
            lefts = {left for substance in met for left in saltless(substance.name)}
            bases = look_up(lefts).names
            self.bases = {left: next(iter(some)) for left, some in bases.items() if len(some) == 1}

    def of_report(self, name: DrugName) -> _Meaning | None:
        """Return what the report itself says by names of substances (1, 2)."""
        if self.any:
            substance = self._first(_readings(name.drugname))
            if substance is not None:
                return (substance,), "unii"
            together = self._all(parts(name.drugname))
            if together:
                return together, "unii"
        if name.prod_ai and (given := self._given(name.prod_ai)):
            return given, "ingredient"
        for text in bracketed(name.drugname) if self.any else ():
            together = self._all(parts(text), salts=True)
            if together:
                return together, "ingredient"
        return None

    def otherwise(self, name: DrugName, paired: tuple[Substance, ...] | None) -> _Meaning:
        """Return what the name means by itself: other reports' ingredients, brand, salt (3-6)."""
        if paired and not name.prod_ai:
            return paired, "paired"
        readings = _readings(name.drugname)
        for words in readings:
            together = self._all(_brands().get(words, ()), salts=True)
            if together:
                return together, "brand"
            substance = self._one(self.found.brands.get(words))
            if substance is not None:
                return (substance,), "brand"
        for words in readings:
            for left in saltless(words):
                substance = self._one(self.found.names.get(left) or self.found.brands.get(left))
                if substance is not None:
                    return (substance,), "salt"
        if name.prod_ai:
            own = [Substance(words) for words in ingredients(name.prod_ai)]
        else:
            own = [Substance(word) for word in map(plain, name.drugname.split("\\")) if word]
        own = own or [Substance(whole(name.drugname) or name.drugname.strip() or NOT_NAMED)]
        return tuple(dict.fromkeys(own)), "unmapped"

    def _given(self, prod_ai: str) -> tuple[Substance, ...]:
        """Return the active ingredients; none, if UNII names know none of them."""
        if prod_ai not in self.given:
            meant = [self._ingredient(words) for words in ingredients(prod_ai)]
            known = not self.any or any(one.unii for one in meant)
            self.given[prod_ai] = tuple(dict.fromkeys(meant)) if known else ()
        return self.given[prod_ai]

    def _first(self, readings: Iterable[str]) -> Substance | None:
        for words in readings:
            substance = self._one(self.found.names.get(words))
            if substance is not None:
                return substance
        return None

    def _one(self, meant: Iterable[Substance] | None) -> Substance | None:
        """Return what all substances of a name are without their salts; None if they differ."""
        bases = {self._base(substance) for substance in meant or ()}
        return bases.pop() if len(bases) == 1 else None

    def _all(self, words: Sequence[str], *, salts: bool = False) -> tuple[Substance, ...]:
        """Return the substances of several names; none, unless each of them is one."""
        meant = []
        for word in words:
            readings = [word, *saltless(word)] if salts else [word]
            substance = self._first(readings)
            if substance is None:
                return ()
            meant.append(substance)
        return tuple(dict.fromkeys(meant))

    def _ingredient(self, words: str) -> Substance:
        return self._first([words, *saltless(words)]) or Substance(words)

    def _base(self, substance: Substance) -> Substance:
        """Return the substance without salt and water."""
        base = substance
        for left in saltless(substance.name):
            base = self.bases.get(left, base)
        return base


def _pairs(mapped: Iterable[tuple[DrugName, _Meaning | None]]) -> dict[str, tuple[Substance, ...]]:
    """Return the substances of names by the rows that give ingredients, where they agree."""
    rows: defaultdict[str, Counter[tuple[Substance, ...]]] = defaultdict(Counter)
    for name, meaning in mapped:
        if name.prod_ai and meaning is not None and meaning[1] == "ingredient":
            rows[_pairing(name)][tuple(sorted(meaning[0], key=_order))] += name.rows
    pairs = {}
    for words, counts in rows.items():
        meant, most = max(counts.items(), key=lambda pair: (pair[1], [*map(_order, pair[0])]))
        if words and most >= PAIRED * counts.total():
            pairs[words] = meant
    return pairs


def _order(substance: Substance) -> tuple[str, str]:
    return substance.name, substance.unii or ""


def _pairing(name: DrugName) -> str:
    return next(reversed(_readings(name.drugname)), "")


@cache
def _readings(drugname: str) -> tuple[str, ...]:
    """Return the ways to read a drug's name, the most exact first."""
    forms = (whole(drugname), product(drugname), plain(drugname))
    return tuple(dict.fromkeys(filter(None, forms)))


@cache
def _brands() -> dict[str, list[str]]:
    """Return brands that the UNII names lack or hold for one of their ingredients only."""
    with Path(__file__).with_name("brands.csv").open(encoding="utf-8", newline="") as file:
        return {row["brand"]: ingredients(row["ingredients"]) for row in csv.DictReader(file)}
