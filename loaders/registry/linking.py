"""Names of a registry that are names of terms: exact matches, each with its justification.

A name is a term's where it is its label or an exact synonym of it, whatever the case, the spelling
(British or American) and the plural. Nothing wider is asserted, and nothing of a term that has
another kind, or where two terms of one terminology have the name.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from evikg.graph import records as r
from evikg.graph.mapping import iri
from evikg.loaders.sssom import MappingRow, MappingSet
from evikg.ontology import VariableKind
from evikg.ontology.curie import prefix_of
from evikg.ontology.linking import Candidate, Linker, TermIndex, Tier, normaliser
from evikg.ontology.namespaces import prefixes
from evikg.ontology.terms import Scope, SemanticType, Term

#: The set of what is found; its graph is `graph:mappings-registry`.
REGISTRY_NAMES = MappingSet(
    slug="registry",
    iri="https://w3id.org/evikg/mappings/registry",
    title="Names in registry records to terms",
    description="Conditions, adverse events and drugs that registry records name, by exact names.",
    licence="https://creativecommons.org/publicdomain/zero/1.0/",
)
_SAME = frozenset({Tier.LABEL, Tier.SYNONYM, Tier.NORMALISED_LABEL, Tier.NORMALISED_SYNONYM})
_EXACT = frozenset({"label", Scope.EXACT.value})
_KINDS = {
    VariableKind.CONDITION: SemanticType.DISEASE,
    VariableKind.ADVERSE_EVENT: SemanticType.DISEASE,
}


@dataclass(frozen=True, slots=True)
class NamedInRegistry:
    """Variables and drugs that registry records name, and the MeSH terms they are indexed with."""

    things: Sequence[r.Variable | r.Drug]
    meshes: Mapping[str, str]  # labels by IRI


def same_names(
    named: Iterable[r.Record], terms: Iterable[Term], mapped: Collection[str]
) -> list[MappingRow]:
    """Return exact matches of conditions, adverse events and drugs to terms.

    :param named: variables and drugs; those of other kinds are passed over
    :param terms: of all terminologies
    :param mapped: IRIs of what a curator has mapped: they are left as they are
    """
    asked = {
        iri(record).value: (record.label, kind)
        for record in named
        if isinstance(record, r.Variable | r.Drug)
        and (kind := _kind(record)) is not None
        and iri(record).value not in mapped
    }
    index = _index({label for label, _ in asked.values()}, terms)
    linker = Linker(index, lexical=False)
    vocabularies = sorted({prefix_of(term.iri) for term in index.terms})
    found = [
        (subject, label, term)
        for subject, (label, kind) in sorted(asked.items())
        for term in _same(linker, vocabularies, label, kind)
    ]
    return [_row(number, *item) for number, item in enumerate(found, 1)]


def _kind(record: r.Variable | r.Drug) -> SemanticType | None:
    return SemanticType.CHEMICAL if isinstance(record, r.Drug) else _KINDS.get(record.kind)


def _index(labels: Iterable[str], terms: Iterable[Term]) -> TermIndex:
    """Index the terms that have one of some names; a large release has few of them."""
    norm = normaliser()
    wanted = {norm.strict(label) for label in labels}
    return TermIndex.of(
        term
        for term in terms
        if norm.strict(term.label) in wanted
        or any(norm.strict(synonym.text) in wanted for synonym in term.synonyms)
    )


def _same(
    linker: Linker, vocabularies: Sequence[str], label: str, kind: SemanticType
) -> Iterator[Candidate]:
    for vocabulary in vocabularies:
        found = linker.link(label, type=kind, terminologies=[vocabulary], limit=1).accepted
        if found is not None and found.tier in _SAME and found.scope in _EXACT:
            yield found


def _row(number: int, subject: str, label: str, found: Candidate) -> MappingRow:
    skos, semapv = prefixes()["skos"], "https://w3id.org/semapv/vocab/"
    return MappingRow(
        subject=subject,
        predicate=f"{skos}exactMatch",
        object=found.iri,
        justification=f"{semapv}LexicalMatching",
        slug=f"{REGISTRY_NAMES.slug}-{number}",
        subject_label=label,
        object_label=found.label,
        confidence=Decimal(f"{found.confidence:.2f}"),
        tool="EviKG",
        comment=found.reason,
    )
