"""The steps of linking one text: what each finds, and why."""

import re
from collections.abc import Callable, Iterable, Iterator

from evikg.ontology.curie import contract
from evikg.ontology.terms import SemanticType, Term

from .abbreviations import expand, looks_abbreviated
from .candidates import DEFINED, SAME, SYMBOL, WIDER, Candidate, Tier, confidence
from .comparison import Step, keeps_order, steps_between
from .index import FIELDS, LABEL, TermIndex
from .normal_forms import Words, unbracketed

_AFTER_HEAD = re.compile(
    r"\s+(?:of|in|with|due to|after|following|during|from|secondary to|induced by|caused by|"
    r"associated with|related to)\s+"
)
_CHARGE = re.compile(r"\s*\(?\d?[+-]+\d?\)?$|\(\d?[+-]\)$")
_COORDINATED = re.compile(r"\b(?:and|or)\b|[,;/&]")
#: Words that are looked up at the end of a phrase.
_LONGEST_HEAD = 10
_LEXICAL = "semapv:LexicalMatching"
_SIMILAR = "semapv:LexicalSimilarityThresholdMatching"
_COMPOSITE = "semapv:CompositeMatching"


class Search:
    """The search for the terms of one text."""

    def __init__(
        self,
        index: TermIndex,
        text: str,
        kind: SemanticType | None,
        terminologies: frozenset[str],
        defined: dict[str, str],
        *,
        in_context: bool,
        lexical: bool,
        sure: float,
    ) -> None:
        """Look for a text; `defined` holds the abbreviations that its context defines.

        `sure` is the confidence at which nothing wider is looked for.
        """
        self._sure = sure
        self._index = index
        self._rules = index.rules
        self._text = text
        self._kind = kind
        self._terminologies = terminologies
        self._in_context = in_context
        self._lexical = lexical
        self._expanded = expand(text, defined)
        self._abbreviated = looks_abbreviated(text)

    def candidates(self, *, thorough: bool) -> list[Candidate]:
        """Return the candidates, unranked, some terms more than once."""
        found: list[Candidate] = []
        for surface, via in self._surfaces():
            for step in self._steps():
                if self._is_bare(surface) and step != self._same:
                    break
                found += step(surface, via)
                if not thorough and any(
                    not item.held and item.confidence >= self._sure for item in found
                ):
                    return found
        return found

    def _steps(self) -> tuple[Callable[[str, str], Iterable[Candidate]], ...]:
        """Return the steps, the surest first."""
        widest = (self._similar, self._head)
        return (self._same, self._widened, self._unmodified, self._bare, *widest)

    def _surfaces(self) -> Iterator[tuple[str, str]]:
        """Return what is looked up, best first, each with by what it was come by."""
        if self._expanded != self._text:
            yield self._expanded, DEFINED
        symbol = self._rules.symbols.get(
            _CHARGE.sub("", self._text).replace("(", "").replace(")", "")
        )
        if symbol and self._in_context and self._kind == SemanticType.CHEMICAL:
            yield symbol, SYMBOL
        yield self._text, ""
        bare = unbracketed(self._text)
        if bare and bare != self._text:
            yield bare, ""

    def _is_bare(self, surface: str) -> bool:
        return self._abbreviated and surface == self._text

    def _same(self, surface: str, via: str) -> Iterator[Candidate]:
        words = self._rules.strict(surface)
        numbers = self._index.strict(words) if words else []
        for number in numbers:
            name = self._index.names[number]
            if not keeps_order(surface, name, self._rules):
                continue
            held, tier = self._abbreviation(surface, number, numbers)
            steps = steps_between(surface, name, self._rules)
            if tier is None:
                is_label = self._index.fields[number] == LABEL
                if Step.ORDER in steps:
                    tier = Tier.ORDER
                elif self._is_class(number, surface, steps):
                    tier = Tier.CLASS
                elif set(steps) <= {Step.CASE}:
                    tier = Tier.LABEL if is_label else Tier.SYNONYM
                else:
                    tier = Tier.NORMALISED_LABEL if is_label else Tier.NORMALISED_SYNONYM
            yield from self._made(number, tier, surface, via, steps=steps, held=held)
        if not numbers and words:
            for number in self._index.joined(words):
                if not self._index.is_abbreviation(number) or looks_abbreviated(surface):
                    yield from self._made(number, Tier.JOINED, surface, via)

    def _is_class(self, number: int, surface: str, steps: Iterable[Step]) -> bool:
        """Tell whether a name is the plural of a chemical's: `glutamates` are more than one."""
        term, name = self._index.term(number), self._index.names[number]
        return (
            Step.PLURAL in steps
            and SemanticType.CHEMICAL in self._index.types(term)
            and name.endswith("s")
            and not surface.endswith("s")
        )

    def _abbreviation(self, surface: str, number: int, alike: list[int]) -> tuple[str, Tier | None]:
        """Return why a name cannot be accepted as an abbreviation, and the tier if it is one.

        :param alike: the names of the same strict words
        """
        name = self._index.names[number]
        if not self._index.is_abbreviation(number):
            # a word in capitals, as in tables of adverse events, unless a term lists it as short
            if self._is_bare(surface) and any(self._index.is_abbreviation(n) for n in alike):
                return f"{surface} may be an abbreviation, not {name}", Tier.ABBREVIATION
            return "", None
        same = name.rstrip("s").casefold() == surface.rstrip("s").casefold()
        if not same or not looks_abbreviated(surface):
            return f"the abbreviation {name} is written otherwise", Tier.ABBREVIATION
        if self._is_bare(surface) and not self._in_context and not self._is_only_label(number):
            return (
                f"{surface} is an abbreviation: give its type and the text it stands in",
                Tier.ABBREVIATION,
            )
        return "", Tier.ABBREVIATION

    def _is_only_label(self, number: int) -> bool:
        """Tell whether a name is the label of its term and no name of another."""
        name = self._index.names[number]
        owners = {
            self._index.owners[other]
            for other in self._index.strict(self._rules.strict(name))
            if self._index.names[other] == name
        }
        return self._index.fields[number] == LABEL and len(owners) == 1

    def _widened(self, surface: str, via: str) -> list[Candidate]:
        words = self._rules.strict(surface)
        return self._wider(words, surface, via) if words else []

    def _wider(
        self, words: Words, surface: str, via: str, tier: Tier | None = None
    ) -> list[Candidate]:
        """Match words in their loose, else their generic form; `tier` where only a part is."""
        loose = Tier.FINDING if self._rules.is_finding(words) else Tier.VARIANT
        found = self._named(self._index.loose(words), tier or loose, words, surface, via)
        if found or self._rules.heads.issuperset(words):
            return found
        return self._named(self._index.generic(words), tier or Tier.GENERIC, words, surface, via)

    def _bare(self, surface: str, via: str) -> list[Candidate]:
        words = self._rules.strict(surface)
        if self._rules.heads.issuperset(words):
            return []
        return self._named(self._index.bare(words), Tier.BARE, words, surface, via)

    def _named(
        self,
        numbers: Iterable[int],
        tier: Tier,
        words: Words,
        surface: str,
        via: str,
        score: float = 1.0,
    ) -> list[Candidate]:
        """Make candidates of names, but for abbreviations and what has the very words."""
        return [
            item
            for number in numbers
            if not self._index.is_abbreviation(number)
            and self._rules.strict(self._index.names[number]) != words
            for item in self._made(number, tier, surface, via, score=score)
        ]

    def _unmodified(self, surface: str, via: str) -> list[Candidate]:
        words = self._rules.strict(surface)
        for kept, tier in (
            (self._rules.without_degrees(words), Tier.DEGREE),
            (self._rules.without_modifiers(words), Tier.MODIFIER),
        ):
            if not kept or kept == words or self._rules.heads.issuperset(kept):
                continue
            if found := self._part(kept, tier, surface, via):
                return found
        return []

    def _head(self, surface: str, via: str) -> list[Candidate]:
        phrase = _AFTER_HEAD.split(surface, maxsplit=1)[0]
        if _COORDINATED.search(phrase):  # blood and lymph disorders are not all lymph disorders
            return []
        words = self._rules.strict(phrase)
        whole = words == self._rules.strict(surface)
        for start in range(max(int(whole), len(words) - _LONGEST_HEAD), len(words)):
            kept = words[start:]
            if self._rules.heads.issuperset(kept) or self._rules.is_finding(words[:start]):
                break
            if found := self._part(kept, Tier.HEAD, surface, via):
                return found
        return []

    def _part(self, words: Words, tier: Tier, surface: str, via: str) -> list[Candidate]:
        found = [
            item
            for number in self._index.strict(words)
            if not self._index.is_abbreviation(number)
            for item in self._made(number, tier, surface, via)
        ]
        return found or self._wider(words, surface, via, tier)

    def _similar(self, surface: str, via: str) -> list[Candidate]:
        words = self._rules.strict(surface)
        if not self._lexical or not words:
            return []
        from .lexical import similar

        return [
            item
            for score, number in similar(self._index, words)
            for item in self._named([number], Tier.LEXICAL, words, surface, via, score)
        ]

    def _made(
        self,
        number: int,
        tier: Tier,
        surface: str,
        via: str,
        *,
        steps: Iterable[Step] = (),
        score: float = 1.0,
        held: str = "",
    ) -> Iterator[Candidate]:
        """Make the candidates of a name: its term, or what replaces it, if of the right type."""
        term, name = self._index.term(number), self._index.names[number]
        scope = FIELDS[self._index.fields[number]]
        if tier not in SAME and tier != Tier.LEXICAL:
            score = _overlap(self._rules.strict(surface), self._rules.strict(name))
        sure = confidence(tier, score) * (confidence(via) if via else 1.0)
        sure *= 1.0 if scope in ("label", "exact") else confidence(scope)
        why = _reason(tier, surface, name, scope, steps, score)
        if via == DEFINED:
            why = f"the context defines {self._text} as {surface}; {why}"
        elif via == SYMBOL:
            why = f"{self._text} is the symbol of {surface}; {why}"
        for successor in successors(self._index, term):
            if self._terminologies and self._index.prefix(successor) not in self._terminologies:
                continue
            types = self._index.types(successor)
            unknown = ""
            if self._kind is not None and self._kind not in types:
                if types:
                    continue
                unknown = f"what kind of thing it is is not known, {self._kind} is asked for"
            replaced = successor is not term
            yield Candidate(
                iri=successor.iri,
                label=successor.label,
                tier=tier,
                name=name,
                scope=scope,
                score=score,
                confidence=round(sure, 3),
                predicate=_predicate(tier, scope),
                justification=(
                    _COMPOSITE if via else _SIMILAR if tier == Tier.LEXICAL else _LEXICAL
                ),
                reason=why + (f"; {contract(term.iri)} is replaced by it" if replaced else ""),
                preprocessing=tuple(dict.fromkeys(step.curie for step in steps)),
                held=held or unknown,
            )


def successors(index: TermIndex, term: Term) -> Iterator[Term]:
    """Return what a term stands for now: itself, or what replaces it if it is deprecated.

    Chains of replacements are followed; a term replaced by nothing in the index stands for
    nothing.
    """
    waiting, seen = [term], {term.iri}
    while waiting:
        current = waiting.pop(0)
        if not current.deprecated:
            yield current
            continue
        for iri in current.replaced_by:
            if iri not in seen and (found := index.find(iri)) is not None:
                seen.add(iri)
                waiting.append(found)


def _overlap(one: Words, other: Words) -> float:
    """Return the share of the words of two names that both hold."""
    return round(len({*one} & {*other}) / len({*one} | {*other}), 4)


def _predicate(tier: Tier, scope: str) -> str:
    """Return how a text relates to a term: its narrow synonym means the term is the broader one."""
    if tier in WIDER or (scope == "narrow" and tier in SAME):
        return "skos:broadMatch"
    if tier not in SAME or scope == "related":
        return "skos:closeMatch"
    return "skos:narrowMatch" if scope == "broad" else "skos:exactMatch"


_WHYS = {
    Tier.ABBREVIATION: "it is an abbreviation that the term lists",
    Tier.JOINED: "is {what} {name!r} but for hyphens and blanks",
    Tier.FINDING: "says what {what} {name!r} says is increased or decreased",
    Tier.VARIANT: "is {what} {name!r} in other forms of its words",
    Tier.GENERIC: "is {what} {name!r} in other words for a disorder",
    Tier.BARE: "is {what} {name!r} but for words that say little",
    Tier.DEGREE: "is {what} {name!r} but for how severe, how certain or in whom",
    Tier.MODIFIER: "without its modifiers is {what} {name!r}",
    Tier.LEXICAL: "is like {what} {name!r} (similarity {score:.2f})",
    Tier.HEAD: "ends in {what} {name!r}",
}


def _reason(
    tier: Tier, surface: str, name: str, scope: str, steps: Iterable[Step], score: float
) -> str:
    what = "the label" if scope == "label" else f"the {scope} synonym"
    if tier in _WHYS:
        return _WHYS[tier].format(what=what, name=name, score=score)
    but = ", ".join(step.words for step in steps)
    return f"is {what} {name!r}" + (f" but for {but}" if but else "")
