"""Terms of external terminologies: what every loader reads and what the graph keeps of them.

A term is known by its canonical IRI, as in `curie.py`. What a terminology does not print is absent,
never guessed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Scope(StrEnum):
    """How a synonym relates to the label (the four scopes of OBO 1.4, section 2.5)."""

    EXACT = "exact"
    NARROW = "narrow"
    BROAD = "broad"
    RELATED = "related"


class SemanticType(StrEnum):
    """What kind of thing a term names; links never cross from one to another unseen."""

    DISEASE = "disease"
    CHEMICAL = "chemical"
    GENE = "gene"
    SPECIES = "species"
    ANATOMY = "anatomy"
    PROCEDURE = "procedure"
    OTHER = "other"


@dataclass(frozen=True, slots=True, order=True)
class Synonym:
    """A name beside the label; `type` as the terminology prints it, such as `layperson`."""

    text: str
    scope: Scope = Scope.EXACT
    type: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Grade:
    """What a grade of an adverse event term means (CTCAE)."""

    number: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One term of a terminology. `parents`, `replaced_by`, `consider` and `mapped_to` are IRIs.

    `kind` is the local name of its record class where the terminology has several, as
    `TopicalDescriptor` or `SCR_Chemical` of MeSH; `mapped_to` holds the headings that a
    supplementary record of MeSH is mapped to; `xrefs` are CURIEs as printed.
    """

    iri: str
    label: str
    kind: str = ""
    definition: str = ""
    synonyms: tuple[Synonym, ...] = ()
    parents: tuple[str, ...] = ()
    tree_numbers: tuple[str, ...] = ()
    mapped_to: tuple[str, ...] = ()
    deprecated: bool = False
    replaced_by: tuple[str, ...] = ()
    consider: tuple[str, ...] = ()
    xrefs: tuple[str, ...] = ()
    grades: tuple[Grade, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A release of a terminology: `name` is its slug, such as `mondo`; `version` as printed."""

    name: str
    title: str
    version: str
    licence: str
    attribution: str


#: First letters of MeSH tree numbers, longest first, and what they hold (NLM, MeSH tree structures).
_MESH_BRANCHES = (
    ("F01", SemanticType.DISEASE),  # behavioural signs, as agitation or suicide
    ("F03", SemanticType.DISEASE),  # mental disorders
    ("G05.360", SemanticType.GENE),  # genome structures, genes among them
    ("A", SemanticType.ANATOMY),
    ("B", SemanticType.SPECIES),
    ("C", SemanticType.DISEASE),
    ("D", SemanticType.CHEMICAL),
    ("E", SemanticType.PROCEDURE),
)
_MESH_RECORDS = {
    "SCR_Chemical": SemanticType.CHEMICAL,
    "SCR_Protocol": SemanticType.CHEMICAL,  # combinations of drugs
    "SCR_Disease": SemanticType.DISEASE,
    "SCR_Organism": SemanticType.SPECIES,
    "SCR_Population": SemanticType.OTHER,
    "SCR_Anatomy": SemanticType.ANATOMY,
}
_TERMINOLOGIES = {
    "MONDO": SemanticType.DISEASE,
    "HP": SemanticType.DISEASE,
    "DOID": SemanticType.DISEASE,
    "CTCAE": SemanticType.DISEASE,
    "MEDDRA": SemanticType.DISEASE,
    "CHEBI": SemanticType.CHEMICAL,
    "UNII": SemanticType.CHEMICAL,
    "NCBIGENE": SemanticType.GENE,
    "HGNC": SemanticType.GENE,
    "NCBITAXON": SemanticType.SPECIES,
}


def semantic_types(
    prefix: str, kind: str = "", tree_numbers: Iterable[str] = ()
) -> frozenset[SemanticType]:
    """Return what kinds of thing a term names, by its terminology and its place in the trees.

    A MeSH heading may stand in several branches and so have several kinds; where nothing is
    known, the set is empty.

    :param prefix: CURIE prefix of the terminology, such as `MESH`
    :param kind: record class of the term, as `Term.kind`
    """
    if kind in _MESH_RECORDS:
        return frozenset({_MESH_RECORDS[kind]})
    if prefix.upper() in _TERMINOLOGIES:
        return frozenset({_TERMINOLOGIES[prefix.upper()]})
    return frozenset(
        next((kind for start, kind in _MESH_BRANCHES if number.startswith(start)),
             SemanticType.OTHER)
        for number in tree_numbers
    )  # fmt: skip
