"""What linking answers: candidates with their confidence and reason, and what is accepted."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib.resources import files

from evikg.ontology.curie import contract, prefix_of


class Tier(StrEnum):
    """How a text and a name agree, best first."""

    REVIEWED = "reviewed"
    LABEL = "label"
    SYNONYM = "synonym"
    NORMALISED_LABEL = "normalised label"
    NORMALISED_SYNONYM = "normalised synonym"
    CLASS = "plural of a class"
    ORDER = "word order"
    JOINED = "hyphen or blank"
    ABBREVIATION = "listed abbreviation"
    FINDING = "finding"
    VARIANT = "word variant"
    GENERIC = "generic word"
    BARE = "bare words"
    DEGREE = "without degree"
    MODIFIER = "without modifiers"
    LEXICAL = "lexical"
    HEAD = "head of the phrase"


#: Tiers that say text and name are the same name.
SAME = frozenset(
    {
        Tier.LABEL,
        Tier.SYNONYM,
        Tier.NORMALISED_LABEL,
        Tier.NORMALISED_SYNONYM,
        Tier.ORDER,
        Tier.JOINED,
        Tier.ABBREVIATION,
    }
)
#: Tiers in which words of the text are left out: the term is broader than the text.
WIDER = frozenset({Tier.DEGREE, Tier.MODIFIER, Tier.HEAD})
#: What an abbreviation that the context defines is known by in the table of confidences.
DEFINED = "defined abbreviation"
#: What a symbol of a chemical element, or a formula, is known by there.
SYMBOL = "chemical symbol"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A term that a text may mean.

    `name` is the name of the term that was matched and `scope` where it stands (`label`, `exact`,
    `narrow`, `broad`, `related`); `score` is the similarity of text and name, 0 to 1
    (lexical: rapidfuzz's; where words differ: the share of words that both have; else 1); `confidence`
    the share of such matches that are right (`confidences.csv`); `predicate`, `justification` and
    `preprocessing` are CURIEs as SSSOM has them. `held` says why it cannot be accepted by itself.
    """

    iri: str
    label: str
    tier: Tier
    name: str
    scope: str
    score: float
    confidence: float
    predicate: str
    justification: str
    reason: str
    preprocessing: tuple[str, ...] = ()
    held: str = ""

    @property
    def curie(self) -> str:
        """Return the CURIE of the term."""
        return contract(self.iri)

    @property
    def terminology(self) -> str:
        """Return the prefix of the terminology, such as `MESH`."""
        return prefix_of(self.iri)


@dataclass(frozen=True, slots=True)
class Link:
    """What a text links to: ranked candidates, the accepted one, and why that or why none.

    `forbidden` holds the terms that a review says the text does not mean.
    """

    text: str
    candidates: tuple[Candidate, ...]
    accepted: Candidate | None
    reason: str
    forbidden: tuple[Candidate, ...] = field(default=())

    def __iter__(self) -> Iterator[Candidate]:
        """Iterate over the candidates, best first."""
        return iter(self.candidates)


@cache
def confidences() -> dict[str, list[tuple[float, float]]]:
    """Return for each tier its confidences: from which similarity on, and how much, falling.

    The numbers and where each comes from stand in `confidences.csv`. Measured ones are
    (right + 1) / (matches + 2), the rule of succession, over the mentions of the BioCreative V CDR
    training set (doi:10.1093/database/baw068), each text once a document, whose best candidate is
    of the tier; right is what the annotators chose. Tiers that few matches tell apart are pooled,
    so that a wider step is never surer. `benchmarks/linking.py --calibrate` counts them again.
    """
    text = files(__package__).joinpath("confidences.csv").read_text(encoding="utf-8")
    table: dict[str, list[tuple[float, float]]] = {}
    for row in csv.DictReader(text.splitlines()):
        table.setdefault(row["tier"], []).append((float(row["from"]), float(row["confidence"])))
    return {tier: sorted(steps, reverse=True) for tier, steps in table.items()}


def confidence(tier: str, score: float = 1.0) -> float:
    """Return the share of matches of a tier, at a similarity, that are right."""
    return next((value for start, value in confidences()[tier] if score >= start), 0.0)
