"""The rules that look at one mention and the term that its identifier stands for."""

import re
from dataclasses import dataclass, field, replace
from functools import cache

from evikg.graph.records import Mention
from evikg.ontology.curie import contract, prefix_of
from evikg.ontology.linking.abbreviations import looks_abbreviated
from evikg.ontology.linking.normal_forms import Words, normaliser
from evikg.ontology.terms import SemanticType, Term

from .findings import Finding, Rule, Screening
from .identifiers import (
    NOTHING,
    Identifier,
    MalformedError,
    customary_prefix,
    expected_kinds,
    parse,
    table,
)
from .named import Fit
from .terminologies import Terminologies, names_of

#: A term fits better by its words if this share of what both say is in common, and twice as much
#: as of the printed term.
BETTER = 0.5
#: Shorter names stand for too many things.
_SHORTEST_NAME = 3
#: Texts of so few characters stand for nothing by themselves.
_TOO_SHORT = 2

#: Rules that compare the text with names: a term of another terminology may be proposed.
_BY_NAME = {Rule.LABEL, Rule.NARROWER, Rule.MODIFIER, Rule.FRAGMENT}

_JOINED = re.compile(r"\w\s+(?:and|or)\s+\w", re.IGNORECASE)
_CUT = re.compile(r"^[-\N{HYPHEN}\N{NON-BREAKING HYPHEN}]|[-\N{HYPHEN}\N{NON-BREAKING HYPHEN}]$")


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


def check(case: Case) -> None:
    """Judge a mention by itself; findings are noted in the case."""
    _names(case)
    _identify(case)
    if case.term is not None:
        case.fit = case.terminologies.named(case.term).fit(case.meaning)
    _generic(case)
    if case.term is None:
        return
    _record(case, case.term)
    _kind(case, case.term)
    _label(case, case.term)


def _generic(case: Case) -> None:
    text = case.mention.text
    normal = normaliser()
    words = normal.strict(text)
    bare = [word for word in words if word not in normal.modifiers]
    of_species = SemanticType.SPECIES in expected_kinds(case.mention.type)
    if case.identifier is None or of_species or (case.fit is Fit.NAME and len(words) > 1):
        return
    if not bare or all(w in normal.heads or w in generic_words() for w in bare):
        words_ = "is a word for a kind of thing or a quality, not for one thing"
        case.note(Rule.GENERIC, Screening.DOUBTFUL, f"{text!r} {words_}")
    elif len(text) <= _TOO_SHORT and not case.defined and case.fit is not Fit.NAME:
        words_ = "is too short to tell what it stands for, and the document does not define it"
        case.note(Rule.GENERIC, Screening.DOUBTFUL, f"{text!r} {words_}")


def _identify(case: Case) -> None:
    mention, terminologies = case.mention, case.terminologies
    printed = (mention.identifier or "").strip()
    if printed in NOTHING:
        words = f"no identifier is given for {mention.text!r}"
        case.note(Rule.NO_IDENTIFIER, Screening.UNCHECKED, words, *_preferred(case))
        return
    try:
        case.identifier = parse(printed, mention.type)
    except MalformedError as error:
        case.note(Rule.MALFORMED, Screening.WRONG, str(error), *_preferred(case))
        return
    prefix = case.identifier.prefix
    case.term = terminologies.term(case.iri) if case.iri else None
    if case.term is not None:
        return
    if prefix in terminologies.complete:
        words = f"{case.identifier.curie} is no record of the loaded release"
        case.note(Rule.UNKNOWN, Screening.WRONG, words, *_preferred(case))
    elif prefix in terminologies.prefixes:
        words = f"{case.identifier.curie} is not in the slice that is loaded"
        case.note(None, Screening.UNCHECKED, words)
    else:
        case.note(None, Screening.UNCHECKED, f"no terminology of prefix {prefix} is loaded")


def _record(case: Case, term: Term) -> None:
    terminologies = case.terminologies
    curie = contract(term.iri)
    if term.deprecated:
        targets = (*term.replaced_by, *term.consider) or tuple(t.iri for t in _preferred(case))
        case.note(Rule.OBSOLETE, Screening.WRONG, f"{curie} is no longer in force", *targets)
    if not term.mapped_to:
        return
    name = term.label.casefold()
    heirs = [
        other for other in terminologies.exactly(_words(term.label))
        if prefix_of(other.iri) == prefix_of(term.iri) and not other.mapped_to
        and name in {known.casefold() for known in names_of(other)}
        and _compatible(terminologies.kinds(term), terminologies.kinds(other))
    ]  # fmt: skip
    if heirs:
        reason = f"{curie} is a supplementary record, and {_said(heirs[0])} has its name"
        case.note(Rule.REMAPPED, Screening.DOUBTFUL, reason, *heirs)


def _kind(case: Case, term: Term) -> None:
    expected, found = expected_kinds(case.mention.type), case.terminologies.kinds(term)
    if not _compatible(expected, found):
        kinds = " and ".join(sorted(found))
        words = f"a {case.mention.type.lower()} cannot be {_said(term)}, which is of kind {kinds}"
        case.note(Rule.WRONG_TYPE, Screening.WRONG, words, *_preferred(case))


def _label(case: Case, term: Term) -> None:
    text = case.mention.text
    if case.cut or _CUT.search(text.strip()):
        screening = Screening.DOUBTFUL if case.fit is Fit.NAME else Screening.WRONG
        case.note(Rule.FRAGMENT, screening, f"{text!r} is cut off, and may mean another term")
    if case.fit < Fit.NAME and _JOINED.search(text) and not _joins(case, term):
        reason = f"{text!r} names several things, and {_said(term)} is one"
        case.note(Rule.COMPOSITE, Screening.DOUBTFUL, reason)
    if case.fit < Fit.CLOSE and not _named_otherwise(case, term):
        _worded_otherwise(case, term)
    judged = {finding.rule for finding in case.findings} & _BY_NAME
    if case.fit < Fit.CLOSE and judged and not any(f.proposed for f in case.findings):
        others = [t for t in _exactly(case) if not case.terminologies.same(term, t)]
        case.findings[-1] = replace(case.findings[-1], proposed=tuple(t.iri for t in others))


def _joins(case: Case, term: Term) -> bool:
    return any(_JOINED.search(name) for name in case.terminologies.named(term).names)


def _named_otherwise(case: Case, term: Term) -> bool:
    """Note that the text is a name of another term; tell whether it is.

    A name in another terminology counts only if mappings tell how its term relates to the
    printed one, or if the text has nothing in common with the printed one.
    """
    terminologies, text = case.terminologies, case.mention.text
    exact = [t for t in _exactly(case) if not terminologies.same(term, t)]
    here = [t for t in exact if prefix_of(t.iri) == prefix_of(term.iri)]
    found = here or [
        t for t in exact
        if case.fit is Fit.NONE or terminologies.counterparts(term, prefix_of(t.iri))
    ]  # fmt: skip
    if not found:
        return False
    related = any(terminologies.related(term, other) for other in exact)
    dropped = set(_words(case.meaning)) - set(terminologies.named(found[0]).words)
    if related and dropped & terminologies.named(term).words:
        return False  # `chronic kidney disease` is of a narrower term that is named chronic
    if related and not here and case.fit > Fit.NONE:
        return False
    told = here or terminologies.counterparts(term, prefix_of(found[0].iri))
    wrong = told and not related and case.fit < Fit.NARROWER and not looks_abbreviated(text)
    relation = "above or below it" if related else "another"
    reason = f"{text!r} is a name of {_said(found[0])}; {_said(term)} is {relation}"
    case.note(Rule.LABEL, Screening.WRONG if wrong else Screening.DOUBTFUL, reason, *found)
    return True


def _worded_otherwise(case: Case, term: Term) -> None:
    """Note that another term has more of the text's words, or that the printed one has none."""
    terminologies, text = case.terminologies, case.mention.text
    words = _words(case.meaning)
    if case.fit is Fit.NARROWER:
        return
    if better := _better(case, term):
        weak = score(terminologies, words, term) < BETTER / 2
        near = prefix_of(better.iri) == prefix_of(term.iri)
        whole = terminologies.named(better).words >= set(words)
        screening = Screening.WRONG if weak and near and whole else Screening.DOUBTFUL
        reason = f"{_said(better)} fits {text!r} better than {_said(term)}"
        case.note(Rule.LABEL, screening, reason, better)
    elif case.fit is Fit.NONE:
        reason = f"{text!r} has no word in common with the names of {_said(term)}"
        case.note(Rule.LABEL, Screening.DOUBTFUL, reason)
    elif terminologies.named(term).words >= set(words):
        _says_more(case, term, words)


def _says_more(case: Case, term: Term, words: Words) -> None:
    """Note that all names of a term say more than a text, whose words are among theirs."""
    normal, text = normaliser(), case.mention.text
    named = case.terminologies.named(term)
    adjective = len(words) == 1 and normal.strict(text) != words
    ignored = {*words, *normal.modifiers, *(() if adjective else normal.heads)}
    if not all(set(form) - ignored for form in named.forms):
        return
    if not named.heads & set(normal.generic(words)):
        reason = f"{text!r} is only a part of the names of {_said(term)}, without what they name"
        case.note(Rule.MODIFIER, Screening.DOUBTFUL, reason)
    else:
        reason = f"{_said(term)} is narrower than what {text!r} says"
        case.note(Rule.NARROWER, Screening.DOUBTFUL, reason)


def _exactly(case: Case, *, bare: bool = False) -> list[Term]:
    """Return the terms that the text names, in full or without words such as `chronic`."""
    normal = normaliser()
    strict = normal.strict(case.meaning)
    for words in dict.fromkeys((strict, normal.without_modifiers(strict))):
        if words != strict and normal.heads.issuperset(words):
            break
        found = _compatible_terms(case, case.terminologies.exactly(normal.loose(words), bare=bare))
        if found:
            return found
    return []


def _names(case: Case) -> None:
    """Note that the names that a document gives for one entity are names of two terms."""
    mention, terminologies = case.mention, case.terminologies
    if not mention.aliases:
        return
    others = mention.aliases.split(", ")
    found: dict[str, list[Term]] = {}
    for name in (mention.text, mention.label or "", *others):
        if len(name) >= _SHORTEST_NAME:
            terms = _compatible_terms(case, terminologies.exactly(_words(name), bare=True))
            if terms:
                found[name] = terms
    first = next(iter(found.items()), None)
    for name, terms in found.items():
        if first and not any(_near(terminologies, a, b) for a in first[1] for b in terms):
            reason = (
                f"{first[0]!r} is a name of {_said(first[1][0])}, {name!r} of {_said(terms[0])}"
            )
            case.note(Rule.NAMES, Screening.DOUBTFUL, reason)


def _near(terminologies: Terminologies, one: Term, other: Term) -> bool:
    return terminologies.same(one, other) or terminologies.related(one, other)


def _preferred(case: Case) -> list[Term]:
    """Return the terms that have the mention's text as a name, of the customary prefix if any."""
    found = _exactly(case, bare=True)
    customary = customary_prefix(case.mention.type)
    return [term for term in found if prefix_of(term.iri) == customary] or found


def _better(case: Case, term: Term) -> Term | None:
    """Return the term that fits the text best by its words, if it does so clearly.

    It has a name that the text only adds to, or its names together have the text's words. A term
    that adds words to all of the text's is narrower than what the text says.
    """
    terminologies, words = case.terminologies, _words(case.meaning)
    own = score(terminologies, words, term)
    rated = []
    for other in _compatible_terms(case, terminologies.sharing(words)):
        rating = score(terminologies, words, other)
        near = prefix_of(other.iri) == prefix_of(term.iri)
        if not near and case.fit is not Fit.NONE:
            continue
        if rating >= max(BETTER, 2 * own) and not terminologies.same(term, other):
            named = terminologies.named(other)
            narrower = any(set(form) > set(words) for form in named.forms)
            spread = len(words) > 1 and named.words >= set(words) and not narrower
            if spread or named.fit(case.meaning) is Fit.NARROWER:
                rated.append((near, rating, other.iri))
    return terminologies.term(max(rated)[2]) if rated else None


def score(terminologies: Terminologies, words: Words, term: Term) -> float:
    """Return how well words fit a term, 0 to 1.

    The share of the weight of the words that the names of the term cover together, times the
    share of the best name's weight that the words cover.
    """
    named, held = terminologies.named(term), set(words)
    whole = terminologies.weight(held)
    if not whole:
        return 0.0
    covered = terminologies.weight(held & named.words) / whole
    back = max(
        (
            terminologies.weight(held & set(form)) / weight
            for form in named.forms
            if (weight := terminologies.weight(set(form)))
        ),
        default=0.0,
    )
    return covered * back


def _compatible_terms(case: Case, terms: list[Term]) -> list[Term]:
    expected = expected_kinds(case.mention.type)
    return [t for t in terms if _compatible(expected, case.terminologies.kinds(t))]


def _compatible(one: frozenset[SemanticType], other: frozenset[SemanticType]) -> bool:
    return not one or not other or bool(one & other)


def _words(text: str) -> Words:
    normal = normaliser()
    return normal.loose(normal.strict(text))


def _said(term: Term) -> str:
    return f"{contract(term.iri)} ({term.label})"


@cache
def generic_words() -> frozenset[str]:
    """Return the strict words that name a kind of thing or a quality."""
    normal = normaliser()
    return frozenset(w for row in table("generic_terms.csv") for w in normal.strict(row["word"]))
