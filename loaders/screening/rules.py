"""The rules that look at one mention and the term that its identifier stands for."""

from functools import cache

from evikg.ontology.curie import contract, prefix_of
from evikg.ontology.linking.normal_forms import normaliser
from evikg.ontology.terms import SemanticType, Term

from .case import Case, compatible, compatible_terms, loose_words, preferred, said
from .findings import Rule, Screening
from .identifiers import NOTHING, MalformedError, expected_kinds, parse, table
from .labels import check_label
from .named import Fit
from .terminologies import Terminologies, names_of

#: Shorter names stand for too many things.
_SHORTEST_NAME = 3
#: Texts of so few characters stand for nothing by themselves.
_TOO_SHORT = 2


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
    check_label(case, case.term)


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
        case.note(Rule.NO_IDENTIFIER, Screening.UNCHECKED, words, *preferred(case))
        return
    try:
        case.identifier = parse(printed, mention.type)
    except MalformedError as error:
        case.note(Rule.MALFORMED, Screening.WRONG, str(error), *preferred(case))
        return
    prefix = case.identifier.prefix
    case.term = terminologies.term(case.iri) if case.iri else None
    if case.term is not None:
        return
    if case.iri and terminologies.knows_all(case.iri):
        words = f"{case.identifier.curie} is no record of the loaded release"
        case.note(Rule.UNKNOWN, Screening.WRONG, words, *preferred(case))
    elif prefix in terminologies.prefixes:
        words = f"{case.identifier.curie} is not in the part of its terminology that is loaded"
        case.note(None, Screening.UNCHECKED, words)
    else:
        case.note(None, Screening.UNCHECKED, f"no terminology of prefix {prefix} is loaded")


def _record(case: Case, term: Term) -> None:
    terminologies = case.terminologies
    curie = contract(term.iri)
    if term.deprecated:
        targets = (*term.replaced_by, *term.consider) or tuple(t.iri for t in preferred(case))
        case.note(Rule.OBSOLETE, Screening.WRONG, f"{curie} is no longer in force", *targets)
    if not term.mapped_to:
        return
    name = term.label.casefold()
    heirs = [
        other for other in terminologies.exactly(loose_words(term.label))
        if prefix_of(other.iri) == prefix_of(term.iri) and not other.mapped_to
        and name in {known.casefold() for known in names_of(other)}
        and compatible(terminologies.kinds(term), terminologies.kinds(other))
    ]  # fmt: skip
    if heirs:
        reason = f"{curie} is a supplementary record, and {said(heirs[0])} has its name"
        case.note(Rule.REMAPPED, Screening.DOUBTFUL, reason, *heirs)


def _kind(case: Case, term: Term) -> None:
    expected, found = expected_kinds(case.mention.type), case.terminologies.kinds(term)
    if not compatible(expected, found):
        kinds = " and ".join(sorted(found))
        words = f"a {case.mention.type.lower()} cannot be {said(term)}, which is of kind {kinds}"
        case.note(Rule.WRONG_TYPE, Screening.WRONG, words, *preferred(case))


def _names(case: Case) -> None:
    """Note that the names that a document gives for one entity are names of two terms."""
    mention, terminologies = case.mention, case.terminologies
    if not mention.aliases:
        return
    others = mention.aliases.split(", ")
    found: dict[str, list[Term]] = {}
    for name in (mention.text, mention.label or "", *others):
        if len(name) >= _SHORTEST_NAME:
            terms = compatible_terms(case, terminologies.exactly(loose_words(name), bare=True))
            if terms:
                found[name] = terms
    first = next(iter(found.items()), None)
    for name, terms in found.items():
        if first and not any(_near(terminologies, a, b) for a in first[1] for b in terms):
            reason = f"{first[0]!r} is a name of {said(first[1][0])}, {name!r} of {said(terms[0])}"
            case.note(Rule.NAMES, Screening.DOUBTFUL, reason)


def _near(terminologies: Terminologies, one: Term, other: Term) -> bool:
    return terminologies.same(one, other) or terminologies.related(one, other)


@cache
def generic_words() -> frozenset[str]:
    """Return the strict words that name a kind of thing or a quality."""
    normal = normaliser()
    return frozenset(w for row in table("generic_terms.csv") for w in normal.strict(row["word"]))
