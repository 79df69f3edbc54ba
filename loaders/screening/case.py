"""A mention under screening, and the terms that its text may name."""

from dataclasses import dataclass, field

from evikg.graph.records import Mention
from evikg.ontology.curie import contract, prefix_of
from evikg.ontology.linking.normal_forms import Words, normaliser
from evikg.ontology.terms import SemanticType, Term

from .findings import Finding, Rule, Screening
from .identifiers import Identifier, customary_prefix, expected_kinds
from .named import Fit
from .terminologies import Terminologies


@dataclass(slots=True)
class Case:
    """A mention under screening.

    `meaning` is its text with the document's abbreviations written out; `defined` says whether
    the document defines the text as an abbreviation, `cut` whether it begins or ends in the middle
    of a word of the document.
    """

    mention: Mention
    terminologies: Terminologies
    meaning: str
    defined: bool = False
    cut: bool = False
    identifier: Identifier | None = None
    term: Term | None = None
    fit: Fit = Fit.NONE
    findings: list[Finding] = field(default_factory=list)

    @property
    def iri(self) -> str:
        """Return the IRI of the printed identifier; empty where there is none."""
        return self.identifier.iri if self.identifier else ""

    def note(
        self, rule: Rule | None, screening: Screening, reason: str, *proposed: Term | str
    ) -> None:
        """Note a finding."""
        iris = tuple(item.iri if isinstance(item, Term) else item for item in proposed)
        self.findings.append(Finding(rule, screening, reason, iris))


def named_by(case: Case, *, bare: bool = False) -> list[Term]:
    """Return the terms that the text names, in full or without words such as `chronic`."""
    normal = normaliser()
    strict = normal.strict(case.meaning)
    for words in dict.fromkeys((strict, normal.without_modifiers(strict))):
        if words != strict and normal.heads.issuperset(words):
            break
        found = compatible_terms(case, case.terminologies.exactly(normal.loose(words), bare=bare))
        if found:
            return found
    return []


def preferred(case: Case) -> list[Term]:
    """Return the terms that have the mention's text as a name, of the customary prefix if any."""
    found = named_by(case, bare=True)
    customary = customary_prefix(case.mention.type)
    return [term for term in found if prefix_of(term.iri) == customary] or found


def compatible_terms(case: Case, terms: list[Term]) -> list[Term]:
    """Return the terms of a kind that the type of the mention may have."""
    expected = expected_kinds(case.mention.type)
    return [t for t in terms if compatible(expected, case.terminologies.kinds(t))]


def compatible(one: frozenset[SemanticType], other: frozenset[SemanticType]) -> bool:
    """Tell whether two sets of kinds have one in common; what is not known excludes nothing."""
    return not one or not other or bool(one & other)


def loose_words(text: str) -> Words:
    """Return the words of a text in their loose form, in order."""
    normal = normaliser()
    return normal.loose(normal.strict(text))


def said(term: Term) -> str:
    """Return how reasons name a term."""
    return f"{contract(term.iri)} ({term.label})"
