"""Linking of texts to terms: ranked candidates with a reason, one accepted or none.

Steps are tried from the surest to the widest, and the first that finds a term of the right type
ends the search (a thorough search goes on):

1. the text is a name of the term, or is after normalisation (`normal_forms.py`);
2. it is after words are exchanged (`renal`, `kidney`; `elevated`, `increased`);
3. it is once modifiers (`severe`, `drug-induced`) are left out: a broader term;
4. a name is like it (rapidfuzz);
5. the end of the phrase is a name: a broader term.

A text written like an abbreviation is read by its definition in the context (Schwartz & Hearst
2003). Without one it is accepted only where type and context are given and one term of that type
lists it, or where it is the very label of one term and no name of another.

Nothing is accepted that is less sure than the threshold, that two terms of a terminology claim
alike, or whose type is not the one asked for. A curator's ruling comes before all of it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec

from evikg.ontology.curie import contract
from evikg.ontology.terms import SemanticType

from . import matching
from .abbreviations import definitions, looks_abbreviated
from .candidates import Candidate, Link, Tier
from .index import TermIndex

#: Terminologies, the preferred one first, where candidates are equally sure.
PREFERENCE = ("MONDO", "MESH", "HP", "CTCAE", "NCIT", "CHEBI", "UNII")
#: A candidate less sure than this is not accepted: it is more likely wrong than right.
THRESHOLD = 0.5
#: Where a candidate is as sure as this, nothing wider is looked for.
SURE = 0.74
#: What is said where lexical candidates cannot be had.
NEEDS_EXTRA = "lexical candidates need the extra: pip install 'evikg[link]'"
#: Tiers in order, which decides between candidates that are equally sure.
_ORDER = {tier: place for place, tier in enumerate(Tier)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What a curator says about a text: a term it means, one it does not mean, or that none fits.

    `iri` is empty where there is no term; `terminology` is the prefix of the terminology that the
    ruling is about, empty for all.
    """

    iri: str = ""
    label: str = ""
    negative: bool = False
    predicate: str = "skos:exactMatch"
    terminology: str = ""
    justification: str = "semapv:ManualMappingCuration"
    comment: str = ""


class Linker:
    """Links texts to the terms of an index."""

    def __init__(
        self,
        index: TermIndex,
        *,
        rulings: Mapping[str, Sequence[Ruling]] | None = None,
        preference: Sequence[str] = PREFERENCE,
        threshold: float = THRESHOLD,
        lexical: bool | None = None,
    ) -> None:
        """Link to an index.

        :param rulings: what curators say, by `ruling_key` of the text
        :param preference: prefixes of terminologies, the preferred first
        :param threshold: least confidence of what is accepted
        :param lexical: whether names that are only like the text are looked for, which needs the
            extra `link`; by default if it is installed
        :raises ImportError: if `lexical` is true and rapidfuzz is not installed
        """
        installed = find_spec("rapidfuzz") is not None
        if lexical and not installed:
            raise ImportError(NEEDS_EXTRA)
        self.index = index
        self.threshold = threshold
        self.lexical = installed if lexical is None else lexical
        self._rulings = rulings or {}
        self._places = {prefix: place for place, prefix in enumerate(preference)}
        self._context: tuple[str, dict[str, str]] = ("", {})

    def link(
        self,
        text: str,
        *,
        type: SemanticType | str | None = None,
        context: str | None = None,
        terminologies: Iterable[str] = (),
        limit: int = 5,
        thorough: bool = False,
    ) -> Link:
        """Return what a text means.

        :param type: what kind of thing the text names; terms of another kind are left out
        :param context: the running text it stands in, for abbreviations and ties
        :param terminologies: prefixes of the terminologies wanted, in any case; all by default
        :param limit: how many candidates are returned
        :param thorough: look for wider candidates even where a sure one is found
        :raises ValueError: if `type` is no semantic type
        """
        text = " ".join(text.split())
        kind = None if type is None else SemanticType(type)
        wanted = frozenset(prefix.upper() for prefix in terminologies)
        rulings = [
            ruling
            for ruling in self._rulings.get(ruling_key(text), ())
            if not (wanted and ruling.terminology) or ruling.terminology.upper() in wanted
        ]
        defined = self._definitions(context)
        search = matching.Search(
            self.index, text, kind, wanted, defined, in_context=bool(context and kind),
            lexical=self.lexical, sure=SURE,
        )  # fmt: skip
        found = self._ranked(search.candidates(thorough=thorough))
        forbidden = {ruling.iri for ruling in rulings if ruling.negative}
        kept = [item for item in found if item.iri not in forbidden]
        refused = tuple(
            item for ruling in rulings if ruling.negative and (item := self._reviewed(text, ruling))
        )
        ruled = [self._reviewed(text, ruling) for ruling in rulings if not ruling.negative]
        if ruled:
            return self._ruled(text, ruled, kept, refused, limit)
        return self._decided(text, kept, refused, context, limit)

    def _definitions(self, context: str | None) -> dict[str, str]:
        if context is None:
            return {}
        if self._context[0] != context:
            self._context = (context, definitions(context))
        return self._context[1]

    def _ranked(self, found: Iterable[Candidate]) -> list[Candidate]:
        best: dict[str, Candidate] = {}
        for item in found:
            if item.iri not in best or self._rank(item) < self._rank(best[item.iri]):
                best[item.iri] = item
        return sorted(best.values(), key=self._rank)

    def _rank(self, item: Candidate) -> tuple[bool, float, int, float, int, bool, str]:
        place = self._places.get(item.terminology, len(self._places))
        rare = self._is_supplementary(item)
        return (
            bool(item.held),
            -item.confidence,
            _ORDER[item.tier],
            -item.score,
            place,
            rare,
            item.iri,
        )

    def _is_supplementary(self, item: Candidate) -> bool:
        term = self.index.find(item.iri)
        return term is not None and term.kind.startswith("SCR_")

    def _reviewed(self, text: str, ruling: Ruling) -> Candidate | None:
        """Return the term that a ruling names; None where it says that there is none."""
        if not ruling.iri:
            return None
        said = f": {ruling.comment}" if ruling.comment else ""
        term = self.index.find(ruling.iri)
        iri, label = ruling.iri, ruling.label or (term.label if term else "")
        reason = f"reviewed by a curator{said}"
        if term is not None and term.deprecated:
            successor = next(matching.successors(self.index, term), None)
            if successor is not None:
                reason += f"; {contract(iri)} is deprecated and replaced"
                iri, label = successor.iri, successor.label
        return Candidate(
            iri=iri, label=label, tier=Tier.REVIEWED, name=text, scope="label", score=1.0,
            confidence=1.0, predicate=ruling.predicate, reason=reason,
            justification=ruling.justification,
        )  # fmt: skip

    def _ruled(
        self,
        text: str,
        ruled: list[Candidate | None],
        kept: list[Candidate],
        refused: tuple[Candidate, ...],
        limit: int,
    ) -> Link:
        named = self._ranked(item for item in ruled if item is not None)
        others = [item for item in kept if item.iri not in {term.iri for term in named}]
        candidates = tuple([*named, *others][:limit])
        if not named:
            return Link(text, candidates, None, "a curator found that no term fits", refused)
        return Link(text, candidates, named[0], named[0].reason, refused)

    def _decided(
        self,
        text: str,
        found: list[Candidate],
        refused: tuple[Candidate, ...],
        context: str | None,
        limit: int,
    ) -> Link:
        accepted, reason = self._choice(found, context)
        if accepted is not None:
            rest = [item for item in found if item.iri != accepted.iri]
            found = [accepted, *rest]
        elif refused and not found:
            reason = "a curator refused what was found"
        return Link(text, tuple(found[:limit]), accepted, reason, refused)

    def _choice(self, found: list[Candidate], context: str | None) -> tuple[Candidate | None, str]:
        if not found:
            return None, "no name of a term is like it"
        best = found[0]
        if best.held:
            return None, best.held
        if best.confidence < self.threshold:
            return None, f"the best candidate is right in {best.confidence:.0%} of such cases"
        ties = [item for item in found if self._rank(item)[:6] == self._rank(best)[:6]]
        if len(ties) == 1:
            return best, best.reason
        supported = [item for item in ties if context and self._is_named(item, context)]
        if len(supported) == 1:
            chosen = replace(
                supported[0], reason=f"{supported[0].reason}; the context names it in full"
            )
            return chosen, chosen.reason
        names = ", ".join(f"{item.curie} {item.label}" for item in ties)
        return None, f"ambiguous: {len(ties)} terms fit alike ({names})"

    def _is_named(self, item: Candidate, context: str) -> bool:
        """Tell whether the context holds another name of a term, in full."""
        term = self.index.find(item.iri)
        running = f" {' '.join(self.index.rules.strict(context))} "
        return term is not None and any(
            f" {' '.join(self.index.rules.strict(name))} " in running
            for name in self.index.names_of(term)
            if name.casefold() != item.name.casefold() and not looks_abbreviated(name)
        )


def ruling_key(text: str) -> str:
    """Return what texts that a ruling holds for share: all but blanks; case for abbreviations."""
    text = " ".join(text.split())
    return text if looks_abbreviated(text) else text.casefold()
