"""MeSH as XML: `desc20XX.xml` (descriptors) and `supp20XX.xml` (supplementary records).

Elements as in NLM's description of the XML (https://www.nlm.nih.gov/mesh/xml_data_elements.html).
Of the terms, permuted ones (`IsPermutedTermYN="Y"`, as *Leukemias, Acute*) are passed over: they
are made from the others by turning words around. The notes of supplementary records are not
definitions, and are passed over too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element  # only the type; xml_records parses

from evikg.ontology.terms import Scope, Term

from .archives import printed_name, unpacked
from .collected import Faults
from .mesh_records import (
    DESCRIPTOR_KINDS,
    SUPPLEMENTARY_KINDS,
    Name,
    Trees,
    iri_of,
    is_ui,
    synonyms_of,
    year_in,
)
from .opening import Progress
from .xml_records import Head, Record, RecordFile

DESCRIPTORS = "DescriptorRecordSet"
SUPPLEMENTARY = "SupplementalRecordSet"
_ROOTS = {DESCRIPTORS: "DescriptorRecord", SUPPLEMENTARY: "SupplementalRecord"}
#: Elements that fill records and say nothing that a term keeps.
_SKIPPED = frozenset(
    "AllowableQualifiersList ConceptName DateCreated DateEstablished DateIntroduced DateRevised"
    " EntryCombinationList PharmacologicalActionList PreviousIndexingList"
    " RelatedRegistryNumberList SeeRelatedList SourceList ThesaurusIDlist".split()
)
_MEMBER = r".*\.xml"
_SCOPES = {"NRW": Scope.NARROW, "BRD": Scope.BROAD, "REL": Scope.RELATED}
_INVERSE = {"NRW": "BRD", "BRD": "NRW", "REL": "REL"}


@dataclass(frozen=True, slots=True)
class _Kind:
    """How the two kinds of record name their parts."""

    ui: str
    label: str
    class_attribute: str
    classes: dict[str, str]
    letter: str


_KINDS = {
    DESCRIPTORS: _Kind(
        "DescriptorUI", "DescriptorName", "DescriptorClass", DESCRIPTOR_KINDS, "D"
    ),
    SUPPLEMENTARY: _Kind(
        "SupplementalRecordUI", "SupplementalRecordName", "SCRClass", SUPPLEMENTARY_KINDS, "C"
    ),
}  # fmt: skip


def read_head(path: Path) -> Head:
    """Read what a file is: `DESCRIPTORS` or `SUPPLEMENTARY` as `root`, and its DTD.

    :raises EvidenceError: if it is neither, no XML, or declares entities
    """
    with unpacked(path, _MEMBER) as stream:
        return RecordFile(path, stream, _ROOTS).head()


def years(path: Path, head: Head) -> list[tuple[Path, str, str]]:
    """Return where a file prints its year: its own name and its DTD's; empty where it does not."""
    name = printed_name(path, _MEMBER)
    return [(path, "file name", year_in(name)), (path, "DOCTYPE", year_in(head.system))]


def read_descriptors(path: Path, progress: Progress, *, part: bool = False) -> Trees:
    """Read the descriptors of `desc20XX.xml`; parents are known when all of them are read.

    :raises EvidenceError: if the file or a record is at fault
    """
    trees = Trees(path, part=part)
    for term, record in _terms(path, DESCRIPTORS, progress, frozenset()):
        trees.add(term, record.line, record.column)
    return trees


def read_supplementary(
    path: Path, progress: Progress, headings: frozenset[str] = frozenset()
) -> Iterator[Term]:
    """Read the records of `supp20XX.xml`, one by one.

    :param headings: IRIs of the descriptors of the release; a record that is mapped to another is
        a fault. If empty, what records are mapped to is not checked.
    :raises EvidenceError: at the end, if records are at fault; at once, if the file is
    """
    for term, _ in _terms(path, SUPPLEMENTARY, progress, headings):
        yield term


def _terms(
    path: Path, root: str, progress: Progress, headings: frozenset[str]
) -> Iterator[tuple[Term, Record]]:
    faults, seen = Faults(path), set[str]()
    with unpacked(path, _MEMBER, progress) as stream:
        file = RecordFile(path, stream, {root: _ROOTS[root]}, _SKIPPED)
        for record in file.records():
            term = _term(record, _KINDS[root], faults)
            if term is None:
                continue
            if term.iri in seen:
                words = "is the identifier of an earlier record too"
                faults.add(record.line, record.column, _KINDS[root].ui, _local(term.iri), words)
                continue
            seen.add(term.iri)
            for heading in term.mapped_to:
                if headings and heading not in headings:
                    words = "is no descriptor of the release; take both files of one day"
                    faults.add(
                        record.line, record.column, "HeadingMappedTo", _local(heading), words
                    )
            yield term, record
    if not seen:
        faults.add(0, 0, "", "", f"holds no <{_ROOTS[root]}>")
    faults.check()


def _term(record: Record, kind: _Kind, faults: Faults) -> Term | None:
    element = record.element

    def fault(field: str, value: str, words: str) -> None:
        faults.add(record.line, record.column, field, value, words)

    ui = _text(element, kind.ui)
    if not ui:
        fault(kind.ui, "", "the record has none")
        return None
    if not is_ui(ui) or not ui.startswith(kind.letter):
        fault(kind.ui, ui, f"expected {kind.letter} and six to nine digits")
        return None
    label = _text(element, f"{kind.label}/String")
    number = element.get(kind.class_attribute, "1")  # the DTD's default
    concepts = element.findall("ConceptList/Concept")
    preferred = next((c for c in concepts if c.get("PreferredConceptYN") == "Y"), None)
    if not label:
        fault(kind.label, "", f"the record {ui} has none")
    if number not in kind.classes:
        fault(kind.class_attribute, number, f"expected one of {', '.join(kind.classes)}")
    if preferred is None:
        fault("ConceptList", "", f"the record {ui} has no preferred concept")
    if not label or number not in kind.classes or preferred is None:
        return None
    numbers = [(e.text or "").strip() for e in element.iterfind("TreeNumberList/TreeNumber")]
    return Term(
        iri=iri_of(ui),
        label=label,
        kind=kind.classes[number],
        definition=_text(preferred, "ScopeNote"),
        synonyms=synonyms_of(label, _names(concepts, preferred)),
        tree_numbers=tuple(sorted(numbers)),
        mapped_to=_mapped_to(element),
    )


def _names(concepts: list[Element], preferred: Element) -> Iterator[Name]:
    relations = _relations(concepts, _text(preferred, "ConceptUI"))
    for concept in concepts:
        ui = _text(concept, "ConceptUI")
        scope = Scope.EXACT if concept is preferred else relations.get(ui, Scope.RELATED)
        for term in concept.iterfind("TermList/Term"):
            text = _text(term, "String")
            if text and term.get("IsPermutedTermYN") != "Y":
                yield Name(text, term.get("LexicalTag", ""), scope)


def _relations(concepts: list[Element], preferred: str) -> dict[str, Scope]:
    """Return how other concepts relate to the preferred one.

    A relation names what its second concept is to its first: NRW, the second is narrower.
    """
    found: dict[str, Scope] = {}
    for concept in concepts:
        for relation in concept.iterfind("ConceptRelationList/ConceptRelation"):
            name = relation.get("RelationName", "REL")
            first, second = _text(relation, "Concept1UI"), _text(relation, "Concept2UI")
            if first == preferred:
                found[second] = _SCOPES.get(name, Scope.RELATED)
            elif second == preferred:
                found[first] = _SCOPES.get(_INVERSE.get(name, name), Scope.RELATED)
    return found


def _mapped_to(element: Element) -> tuple[str, ...]:
    """Return the headings mapped to, the preferred (starred) first.

    The star stands at the descriptor or, where a qualifier narrows it, at the qualifier.
    """
    starred: dict[str, bool] = {}
    for heading in element.iterfind("HeadingMappedToList/HeadingMappedTo"):
        printed = _text(heading, "DescriptorReferredTo/DescriptorUI")
        qualifier = _text(heading, "QualifierReferredTo/QualifierUI")
        star = printed.startswith("*") or qualifier.startswith("*")
        ui = printed.removeprefix("*")
        if ui:
            starred[ui] = starred.get(ui, False) or star
    return tuple(iri_of(ui) for ui in sorted(starred, key=lambda ui: (not starred[ui], ui)))


def _text(element: Element, path: str) -> str:
    return (element.findtext(path) or "").strip()


def _local(iri: str) -> str:
    return iri.rpartition("/")[2]
