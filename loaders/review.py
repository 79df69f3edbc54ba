"""Review files: what curators say about texts, as an SSSOM mapping set that wins over linking.

The file that `evikg link --format sssom` writes is the one to edit. A row counts as reviewed where
its justification is `semapv:ManualMappingCuration` or `semapv:MappingReview`, or where it forbids
(`Not`); what linking wrote and nobody changed is linked anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from evikg.ontology.curie import prefix_of
from evikg.ontology.linking import Ruling, ruling_key

from .faults import EvidenceError, Fault
from .sssom import NO_TERM_FOUND, MappingRow, read_mapping_set
from .sssom.vocabulary import SEMAPV, SKOS

_MANUAL = "ManualMappingCuration"
_REVIEWED = frozenset({SEMAPV + _MANUAL, f"{SEMAPV}MappingReview"})


@dataclass(frozen=True, slots=True)
class Review:
    """The rulings of a review file, by `ruling_key` of the text, and how many rows are none."""

    rulings: Mapping[str, tuple[Ruling, ...]]
    unreviewed: int


def read_review(path: Path) -> Review:
    """Read a review file.

    :raises EvidenceError: with every fault of the file
    """
    faults: list[Fault] = []
    made: dict[str, tuple[Ruling, ...]] = {}
    unreviewed = 0
    _, rows = read_mapping_set(path, by_text=True)
    try:
        for row in rows:
            if not row.negative and row.justification not in _REVIEWED:
                unreviewed += 1
                continue
            key = ruling_key(row.subject_label)
            made[key] = (*made.get(key, ()), _ruling(path, row, made.get(key, ()), faults))
    except EvidenceError as error:
        faults.extend(error.faults)
    if faults:
        raise EvidenceError(faults)
    return Review(made, unreviewed)


def _ruling(path: Path, row: MappingRow, before: tuple[Ruling, ...], faults: list[Fault]) -> Ruling:
    """Return what a row rules; a fault if that makes no sense after what was ruled before."""
    iri = row.object if row.found else ""
    reviewed = row.justification in _REVIEWED
    ruling = Ruling(
        iri=iri,
        label=row.object_label,
        negative=row.negative,
        predicate=f"skos:{row.predicate.removeprefix(SKOS)}",
        terminology=prefix_of(iri) if iri else row.object_source.rpartition(":")[2].upper(),
        comment=row.comment,
        justification=f"semapv:{row.justification.removeprefix(SEMAPV) if reviewed else _MANUAL}",
    )
    if row.negative and not iri:
        words = f"{NO_TERM_FOUND} cannot be denied; name the term"
        place = row.places["predicate_modifier"]
        faults.append(Fault(path, row.line, place, "predicate_modifier", "Not", words))
    if clash := [other for other in before if _contradicts(ruling, other)]:
        subject = row.subject_label
        words = f"contradicts another row about {subject!r}: {_said(clash[0])}"
        place = row.places["subject_label"]
        faults.append(Fault(path, row.line, place, "subject_label", subject, words))
    return ruling


def _contradicts(one: Ruling, other: Ruling) -> bool:
    if one.iri and other.iri:
        return one.iri == other.iri and one.negative != other.negative
    none, some = (one, other) if not one.iri else (other, one)
    return bool(some.iri) and not some.negative and none.terminology in ("", some.terminology)


def _said(ruling: Ruling) -> str:
    return f"{'not ' if ruling.negative else ''}{ruling.iri or NO_TERM_FOUND}"
