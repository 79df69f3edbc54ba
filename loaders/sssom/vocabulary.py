"""What SSSOM lets a mapping say: prefixes, predicates and justifications, as IRIs."""

import re

NO_TERM_FOUND = "sssom:NoTermFound"
SEMAPV = "https://w3id.org/semapv/vocab/"
SKOS = "http://www.w3.org/2004/02/skos/core#"
_OWL = "http://www.w3.org/2002/07/owl#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_SSSOM = "https://w3id.org/sssom/"

#: Prefixes that need no entry in the `curie_map` and must not be given another meaning there
#: (SSSOM specification, "IRI prefixes").
BUILT_IN_PREFIXES = {
    "linkml": "https://w3id.org/linkml/",
    "owl": _OWL,
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": _RDFS,
    "semapv": SEMAPV,
    "skos": SKOS,
    "sssom": _SSSOM,
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

REQUIRED_COLUMNS = ("subject_id", "predicate_id", "object_id", "mapping_justification")
#: The same where the subject is a text, which has no identifier (SSSOM specification, "Literal
#: mappings"), and what such a row can say: a text is no class or individual.
TEXT_COLUMNS = ("subject_label", *REQUIRED_COLUMNS[1:])
TEXT_PREDICATES = tuple(
    f"{SKOS}{kind}Match" for kind in ("exact", "close", "broad", "narrow", "related")
)

#: Say that both sides are the same; where one of them is denied, so are the others.
EXACT_PREDICATES = frozenset({f"{SKOS}exactMatch", f"{_OWL}equivalentClass", f"{_OWL}sameAs"})
#: Hold both ways (SKOS reference, S44; OWL 2, section 9).
SYMMETRIC_PREDICATES = EXACT_PREDICATES | {
    f"{SKOS}closeMatch",
    f"{SKOS}relatedMatch",
    f"{_OWL}equivalentProperty",
}

PREDICATES = SYMMETRIC_PREDICATES | {
    f"{SKOS}broadMatch",
    f"{SKOS}narrowMatch",
    f"{_RDFS}subClassOf",
    f"{_RDFS}subPropertyOf",
    f"{_RDFS}seeAlso",
    f"{_SSSOM}superClassOf",
    "http://www.geneontology.org/formats/oboInOwl#hasDbXref",
    *(f"{SEMAPV}crossSpecies{kind}Match" for kind in ("Exact", "Close", "Broad", "Narrow")),
}
#: Relations of the Relation Ontology and of DeBiO, which biomappings uses.
_RELATION = re.compile(
    r"http://purl\.obolibrary\.org/obo/RO_\w+|https://biopragmatics\.github\.io/debio/\d{7}"
)

#: The mapping activities that may justify a mapping (SSSOM specification, `mapping_justification`).
JUSTIFICATIONS = frozenset(
    SEMAPV + name
    for name in (
        "BackgroundKnowledgeBasedMatching",
        "CompositeMatching",
        "InstanceBasedMatching",
        "LexicalMatching",
        "LexicalSimilarityThresholdMatching",
        "LogicalReasoning",
        "ManualMappingCuration",
        "MappingChaining",
        "MappingInversion",
        "MappingReview",
        "SemanticSimilarityThresholdMatching",
        "StructuralMatching",
        "UnspecifiedMatching",
    )
)


def is_predicate(iri: str) -> bool:
    """Tell whether a property can relate the two sides of a mapping."""
    return iri in PREDICATES or _RELATION.fullmatch(iri) is not None
