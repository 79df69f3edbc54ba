"""Review files: what curators say about texts, as an SSSOM mapping set that wins over linking.

The file that `evikg link --format sssom` writes is the one to edit. A row counts as reviewed where
its justification is `semapv:ManualMappingCuration` or `semapv:MappingReview`, or where it forbids
(`Not`); what linking wrote and nobody changed is linked anew.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from evikg.ontology.curie import UnknownPrefixError, expand, prefix_of
from evikg.ontology.linking import Ruling, ruling_key
from evikg.ontology.linking.mapping_rows import NO_TERM_FOUND

from .faults import EvidenceError, Fault, read_text

_REQUIRED = "subject_label predicate_id object_id mapping_justification".split()
REVIEWED = frozenset({"semapv:ManualMappingCuration", "semapv:MappingReview"})
PREDICATES = tuple(f"skos:{kind}Match" for kind in ("exact", "close", "broad", "narrow", "related"))


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
    text = read_text(path, faults)
    made: dict[str, tuple[Ruling, ...]] = {}
    unreviewed = 0
    for line, subject, ruling in () if text is None else _rows(path, text, faults):
        if ruling is None:
            unreviewed += 1
            continue
        key = ruling_key(subject)
        before = made.get(key, ())
        if any(clash := [r for r in before if _contradicts(ruling, r)]):
            words = f"contradicts another row about {subject!r}: {_said(clash[0])}"
            faults.append(Fault(path, line, 1, "subject_label", subject, words))
        made[key] = (*before, ruling)
    if faults:
        raise EvidenceError(faults)
    return Review(made, unreviewed)


def _contradicts(one: Ruling, other: Ruling) -> bool:
    if one.iri and other.iri:
        return one.iri == other.iri and one.negative != other.negative
    none, some = (one, other) if not one.iri else (other, one)
    return bool(some.iri) and not some.negative and none.terminology in ("", some.terminology)


def _said(ruling: Ruling) -> str:
    return f"{'not ' if ruling.negative else ''}{ruling.iri or NO_TERM_FOUND}"


def _rows(path: Path, text: str, faults: list[Fault]) -> Iterator[tuple[int, str, Ruling | None]]:
    """Read the rows: line, text and ruling; None for a row that is not reviewed."""
    lines = text.splitlines(keepends=True)
    head = next((n for n, line in enumerate(lines) if not line.startswith("#")), len(lines))
    try:
        metadata = yaml.safe_load("".join(line[1:] for line in lines[:head])) or {}
    except yaml.YAMLError as error:
        words = f"the commented header is not YAML: {' '.join(str(error).split())}"
        faults.append(Fault(path, 1, 1, "", "", words))
        return
    curies = metadata.get("curie_map") if isinstance(metadata, dict) else None
    if not isinstance(curies, dict):
        faults.append(Fault(path, 1, 1, "curie_map", "", "is missing from the commented header"))
        return
    reader = csv.DictReader(io.StringIO("".join(lines[head:])), delimiter="\t")
    columns = list(reader.fieldnames or [])
    if missing := [name for name in _REQUIRED if name not in columns]:
        words = f"is missing the columns {', '.join(missing)}"
        faults.append(Fault(path, head + 1, 1, "", "", words))
        return
    for row in reader:
        line = head + reader.line_num
        cells = {name: (row.get(name) or "").strip() for name in columns}
        found = _Row(path, line, columns, cells, curies, faults)
        if found.is_reviewed():
            yield line, cells["subject_label"], found.ruling()
        else:
            yield line, cells["subject_label"], None


@dataclass(frozen=True, slots=True)
class _Row:
    path: Path
    line: int
    columns: list[str]
    cells: dict[str, str]
    curies: Mapping[str, str]
    faults: list[Fault]

    def is_reviewed(self) -> bool:
        cells = self.cells
        negative = bool(cells.get("predicate_modifier"))
        return negative or cells["mapping_justification"] in REVIEWED

    def ruling(self) -> Ruling:
        cells = self.cells
        if not cells["subject_label"]:
            self._fault("subject_label", "expected the text that the row is about")
        if cells["predicate_id"] not in PREDICATES:
            self._fault("predicate_id", f"expected one of {', '.join(PREDICATES)}")
        modifier = cells.get("predicate_modifier", "")
        if modifier not in ("", "Not"):
            self._fault("predicate_modifier", "expected Not or nothing")
        none = cells["object_id"] == NO_TERM_FOUND
        if none and modifier:
            self._fault("predicate_modifier", f"{NO_TERM_FOUND} cannot be denied; name the term")
        iri = "" if none else self._expanded("object_id")
        source = cells.get("object_source", "")
        return Ruling(
            iri=iri,
            label=cells.get("object_label", ""),
            negative=modifier == "Not",
            predicate=cells["predicate_id"],
            terminology=prefix_of(iri) if iri else source.rpartition(":")[2].upper(),
            comment=cells.get("comment", ""),
            justification=(
                cells["mapping_justification"]
                if cells["mapping_justification"] in REVIEWED
                else "semapv:ManualMappingCuration"
            ),
        )

    def _expanded(self, column: str) -> str:
        curie = self.cells[column]
        prefix, colon, local = curie.partition(":")
        if not colon or prefix not in self.curies:
            known = ", ".join(self.curies)
            self._fault(column, f"expected a CURIE with a prefix of the curie_map: {known}")
            return ""
        try:
            return expand(f"{self.curies[prefix]}{local}")
        except UnknownPrefixError as error:
            self._fault(column, str(error))
            return ""

    def _fault(self, column: str, words: str) -> None:
        place = self.columns.index(column) + 1
        self.faults.append(
            Fault(self.path, self.line, place, column, self.cells.get(column, ""), words)
        )
