"""Which terms of a release the evidence needs: what a slice is cut to."""

from collections.abc import Callable, Iterable

from evikg.graph.records import Mention
from evikg.loaders.screening.named import without_class
from evikg.loaders.sssom import read_mappings, shipped_mappings
from evikg.ontology.curie import UnknownPrefixError, expand
from evikg.ontology.linking.normal_forms import key, normaliser
from evikg.ontology.terms import Scope, Term

#: How a slice is cut, as the manifest says it.
CUT = (
    "Terms that a shipped mapping or a printed identifier names, terms whose label or exact synonym"
    " is a name of a mention as the screening compares names, what replaces them, and everything"
    " above them."
)


def wanted_terms(mentions: Iterable[Mention]) -> Callable[[Term], bool]:
    """Return the choice of a slice: whether the evidence links to a term, or names it.

    Names are compared as the screening of mentions does, so that it finds in a slice what it
    would find in the release.
    """
    normal = normaliser()

    def keys(name: str) -> set[str]:
        words = normal.loose(normal.strict(name))
        return {key(words), key(without_class(words))} - {""}

    linked = linked_terms(mentions)
    named = {k for mention in mentions for name in _names(mention) for k in keys(name)}

    def choose(term: Term) -> bool:
        if term.iri in linked:
            return True
        exact = (synonym.text for synonym in term.synonyms if synonym.scope is Scope.EXACT)
        return not term.deprecated and any(
            not named.isdisjoint(keys(name)) for name in (term.label, *exact)
        )

    return choose


def _names(mention: Mention) -> list[str]:
    others = (mention.aliases or "").split(", ")
    return [name for name in (mention.text, mention.label or "", *others) if name]


def linked_terms(mentions: Iterable[Mention]) -> set[str]:
    """Return the IRIs that shipped mappings and the identifiers of mentions name."""
    linked = set()
    for path in shipped_mappings():
        for row in read_mappings(path):
            linked |= {row.subject, row.object}
    for mention in mentions:
        try:
            linked.add(expand(mention.identifier or ""))
        except UnknownPrefixError:
            continue  # as printed: what cannot be an identifier is a matter of screening
    return linked
