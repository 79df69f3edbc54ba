"""Screening: every mention is judged by itself, and beside the others of its document."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from evikg.graph.records import Mention
from evikg.ontology.linking.abbreviations import (
    best_long_form,
    definitions,
    expand,
    looks_abbreviated,
)
from evikg.ontology.linking.normal_forms import key, normaliser

from .case import Case
from .findings import Rule, Screening, concluded
from .named import Fit
from .rules import check
from .terminologies import Terminologies


def screen(
    mentions: Iterable[Mention],
    terminologies: Terminologies,
    texts: Mapping[str, str] | None = None,
) -> list[Mention]:
    """Screen mentions against terminologies; all come back, in order, with what was found.

    A mention that passes identifies its term. One that does not has the names of the rules, a
    reason for each and, where there is one, a term that fits better; it identifies nothing.

    :param texts: running text of documents, by `Mention.document` (by `source` where that is
        not given): abbreviations they define are taken in that sense
    """
    held = list(mentions)
    documents: dict[str, list[Mention]] = defaultdict(list)
    for mention in held:
        documents[mention.document or mention.source].append(mention)
    cases: dict[str, Case] = {}
    for name, members in documents.items():
        text = (texts or {}).get(name, "")
        defined = {**_defined_by_mentions(members), **definitions(text)}
        for mention in members:
            meaning = expand(mention.text, defined)
            case = Case(mention, terminologies, meaning)
            case.defined = meaning != mention.text and " " not in mention.text
            case.cut = _cut(mention, text)
            check(case)
            cases[mention.slug] = case
        _compare([cases[mention.slug] for mention in members])
    if len(documents) > 1:
        _compare_documents(cases.values())
    return [concluded(m, cases[m.slug].iri, cases[m.slug].findings) for m in held]


def _defined_by_mentions(mentions: list[Mention]) -> dict[str, str]:
    """Take as defined a capital word that abbreviates another mention by its words' initials."""
    found: dict[str, str] = {}
    longer = sorted({m.text for m in mentions if " " in m.text})
    words = {word for m in mentions for word in m.text.split()}
    for short in sorted(filter(looks_abbreviated, words)):
        for text in longer:
            initials = "".join(word[0] for word in normaliser().split(text))
            if initials == short.lower() and best_long_form(short, text):
                found.setdefault(short, text)
    return found


def _cut(mention: Mention, text: str) -> bool:
    start, end = mention.start, mention.end
    if start is None or end is None or text[start:end] != mention.printed:
        return False
    before, after = text[start - 1 : start], text[end : end + 1]
    return (before.isalpha() and text[start].isalpha() and text[start].islower()) or (
        after.isalpha() and after.islower() and text[end - 1].isalpha() and text[end:end + 2] != "s "
    )  # fmt: skip


def _compare(cases: list[Case]) -> None:
    by_text: dict[tuple[str, str, str], list[Case]] = defaultdict(list)
    by_iri: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        if case.identifier is not None and case.iri:
            words = key(normaliser().strict(case.mention.text))
            by_text[case.mention.type, case.identifier.prefix, words].append(case)
            by_iri[case.iri].append(case)
    for same in by_text.values():
        if len({case.iri for case in same}) > 1:
            _two_identifiers(same)
    for same in by_iri.values():
        named = [case for case in same if case.fit is Fit.NAME]
        if named:
            for case in same:  # the document has said the name, and goes on with a part of it
                case.findings = [f for f in case.findings if f.rule is not Rule.NARROWER]
        for case in same:
            if named and case.term is not None and case.fit is Fit.NONE:
                reason = f"{named[0].mention.text!r} and {case.mention.text!r} have one identifier"
                case.note(Rule.OTHER_MENTION, Screening.DOUBTFUL, reason)


def _compare_documents(cases: Iterable[Case]) -> None:
    """Note that a text which is written out has another identifier in other documents.

    The name of one of them decides; an abbreviation may well differ from document to document.
    """
    by_text: dict[tuple[str, str, str], list[Case]] = defaultdict(list)
    for case in cases:
        text = case.mention.text
        if case.identifier is not None and case.iri and not looks_abbreviated(text):
            by_text[case.mention.type, case.identifier.prefix, text.casefold()].append(case)
    for same in by_text.values():
        best = {case.iri for case in same if case.fit is Fit.NAME}
        if len(best) == 1 and len({case.iri for case in same}) > 1:
            _two_identifiers([case for case in same if case.fit < Fit.CLOSE or case.iri in best])


def _two_identifiers(cases: list[Case]) -> None:
    best = max(case.fit for case in cases)
    fitting = {case.iri for case in cases if case.fit is best and best is Fit.NAME}
    curies = sorted({case.identifier.curie for case in cases if case.identifier})
    for case in cases:
        if case.iri not in fitting or len(fitting) > 1:
            reason = f"{case.mention.text!r} has {len(curies)} identifiers: {', '.join(curies)}"
            proposed = fitting if len(fitting) == 1 else set()
            case.note(Rule.TWO_IDENTIFIERS, Screening.DOUBTFUL, reason, *sorted(proposed))
