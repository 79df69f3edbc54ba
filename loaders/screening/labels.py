"""The rules that compare the text of a mention with the names of its term, and of all others."""

import re
from dataclasses import replace

from evikg.ontology.curie import prefix_of
from evikg.ontology.linking.abbreviations import looks_abbreviated
from evikg.ontology.linking.normal_forms import Words, normaliser
from evikg.ontology.terms import Term

from .case import Case, compatible_terms, loose_words, named_by, said
from .findings import Rule, Screening
from .named import Fit
from .terminologies import Terminologies

#: A term fits better by its words if this share of what both say is in common, and twice as much
#: as of the printed term.
BETTER = 0.5

#: Rules that compare the text with names: a term of another terminology may be proposed.
_BY_NAME = {Rule.LABEL, Rule.NARROWER, Rule.MODIFIER, Rule.FRAGMENT}

_JOINED = re.compile(r"\w\s+(?:and|or)\s+\w", re.IGNORECASE)
_CUT = re.compile(r"^[-\N{HYPHEN}\N{NON-BREAKING HYPHEN}]|[-\N{HYPHEN}\N{NON-BREAKING HYPHEN}]$")


def check_label(case: Case, term: Term) -> None:
    """Judge whether the text of a mention fits the term, and whether another fits better."""
    text = case.mention.text
    if case.cut or _CUT.search(text.strip()):
        screening = Screening.DOUBTFUL if case.fit is Fit.NAME else Screening.WRONG
        case.note(Rule.FRAGMENT, screening, f"{text!r} is cut off, and may mean another term")
    if case.fit < Fit.NAME and _JOINED.search(text) and not _joins(case, term):
        reason = f"{text!r} names several things, and {said(term)} is one"
        case.note(Rule.COMPOSITE, Screening.DOUBTFUL, reason)
    if case.fit < Fit.CLOSE and not _named_otherwise(case, term):
        _worded_otherwise(case, term)
    judged = {finding.rule for finding in case.findings} & _BY_NAME
    if case.fit < Fit.CLOSE and judged and not any(f.proposed for f in case.findings):
        others = [t for t in named_by(case) if not case.terminologies.same(term, t)]
        case.findings[-1] = replace(case.findings[-1], proposed=tuple(t.iri for t in others))


def _joins(case: Case, term: Term) -> bool:
    return any(_JOINED.search(name) for name in case.terminologies.named(term).names)


def _named_otherwise(case: Case, term: Term) -> bool:
    """Note that the text is a name of another term; tell whether it is.

    A name in another terminology counts if mappings tell which term of the printed one's
    terminology is the same, or how the two relate, or if the text has nothing in common with the
    printed one.
    """
    terminologies, text = case.terminologies, case.mention.text
    exact = [t for t in named_by(case) if not terminologies.same(term, t)]
    prefix = prefix_of(term.iri)
    here = [t for t in exact if prefix_of(t.iri) == prefix]
    here = here or [same for t in exact for same in terminologies.equivalents(t, prefix)]
    found = here or [
        t for t in exact
        if case.fit is Fit.NONE or terminologies.counterparts(term, prefix_of(t.iri))
    ]  # fmt: skip
    if not found:
        return False
    related = any(terminologies.related(term, other) for other in (*exact, *found))
    dropped = set(loose_words(case.meaning)) - set(terminologies.named(found[0]).words)
    if related and dropped & terminologies.named(term).words:
        return False  # `chronic kidney disease` is of a narrower term that is named chronic
    if related and not here and case.fit > Fit.NONE:
        return False
    told = here or terminologies.counterparts(term, prefix_of(found[0].iri))
    wrong = told and not related and case.fit < Fit.NARROWER and not looks_abbreviated(text)
    relation = "above or below it" if related else "another"
    named = said(exact[0])
    if exact[0] != found[0]:
        named += f", which is {said(found[0])}"
    reason = f"{text!r} is a name of {named}; {said(term)} is {relation}"
    case.note(Rule.LABEL, Screening.WRONG if wrong else Screening.DOUBTFUL, reason, *found)
    return True


def _worded_otherwise(case: Case, term: Term) -> None:
    """Note that another term has more of the text's words, or that the printed one has none."""
    terminologies, text = case.terminologies, case.mention.text
    words = loose_words(case.meaning)
    if case.fit is Fit.NARROWER:
        return
    if better := _better(case, term):
        weak = score(terminologies, words, term) < BETTER / 2
        near = prefix_of(better.iri) == prefix_of(term.iri)
        whole = terminologies.named(better).words >= set(words)
        screening = Screening.WRONG if weak and near and whole else Screening.DOUBTFUL
        reason = f"{said(better)} fits {text!r} better than {said(term)}"
        case.note(Rule.LABEL, screening, reason, better)
    elif case.fit is Fit.NONE:
        reason = f"{text!r} has no word in common with the names of {said(term)}"
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
        reason = f"{text!r} is only a part of the names of {said(term)}, without what they name"
        case.note(Rule.MODIFIER, Screening.DOUBTFUL, reason)
    else:
        reason = f"{said(term)} is narrower than what {text!r} says"
        case.note(Rule.NARROWER, Screening.DOUBTFUL, reason)


def _better(case: Case, term: Term) -> Term | None:
    """Return the term that fits the text best by its words, if it does so clearly.

    It has a name that the text only adds to, or its names together have the text's words. A term
    that adds words to all of the text's is narrower than what the text says.
    """
    terminologies, words = case.terminologies, loose_words(case.meaning)
    own = score(terminologies, words, term)
    rated = []
    for other in compatible_terms(case, terminologies.sharing(words)):
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
