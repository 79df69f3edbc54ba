"""SSSOM mapping sets (https://mapping-commons.github.io/sssom/) as triples.

A positive mapping is a plain triple `subject skos:exactMatch object`; every row, negative and
no-term-found ones too, is also an `ev:Mapping` with its justification, so that what was searched
in vain can be asked for.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import yaml
from pyoxigraph import Literal, NamedNode, Triple

from evikg.graph.mapping import RDF_TYPE
from evikg.ontology import EV, individual, prefixes

from .faults import EvidenceError, Fault, read_text

NO_TERM_FOUND = "sssom:NoTermFound"
_REQUIRED = "subject_id predicate_id object_id mapping_justification".split()


@dataclass(frozen=True, slots=True)
class MappingRow:
    """One row of a mapping set, its CURIEs expanded."""

    subject: str
    predicate: str
    object: str
    object_label: str
    justification: str
    negative: bool
    found: bool
    comment: str
    slug: str


def shipped_mappings() -> list[Path]:
    """Return the mapping sets that are installed with the package, by name."""
    folder = Path(str(files("evikg.ontology").joinpath("mappings")))
    return sorted(folder.glob("*.sssom.tsv"))


def read_mappings(path: Path) -> list[MappingRow]:
    """Read a mapping set.

    :raises EvidenceError: with every fault of the file
    """
    faults: list[Fault] = []
    text = read_text(path, faults)
    rows = [] if text is None else list(_rows(path, text, faults))
    if faults:
        raise EvidenceError(faults)
    return rows


def _rows(path: Path, text: str, faults: list[Fault]) -> Iterator[MappingRow]:
    lines = text.splitlines()
    header = [line[1:] for line in lines if line.startswith("#")]
    try:
        metadata = yaml.safe_load("\n".join(header)) or {}
    except yaml.YAMLError as error:
        faults.append(Fault(path, 1, 1, "", "", f"the commented header is not YAML: {error}"))
        return
    curies: dict[str, str] = metadata.get("curie_map") or {}
    if not curies:
        faults.append(Fault(path, 1, 1, "curie_map", "", "is missing from the commented header"))
        return
    body = "\n".join(lines[len(header) :])
    reader = csv.DictReader(io.StringIO(body), delimiter="\t")
    missing = [name for name in _REQUIRED if name not in (reader.fieldnames or [])]
    if missing:
        words = f"is missing the columns {', '.join(missing)}"
        faults.append(Fault(path, len(header) + 1, 1, "", "", words))
        return
    name = path.name.removesuffix(".tsv").removesuffix(".sssom")

    def expand(line: int, column: str, curie: str) -> str:
        prefix, colon, local = curie.partition(":")
        if not colon or prefix not in curies:
            place = (reader.fieldnames or []).index(column) + 1
            words = f"expected a CURIE with a prefix of the curie_map: {', '.join(curies)}"
            faults.append(Fault(path, line, place, column, curie, words))
            return ""
        return curies[prefix] + local

    for number, row in enumerate(reader, 1):
        line = len(header) + 1 + number
        found = row["object_id"] != NO_TERM_FOUND
        yield MappingRow(
            subject=expand(line, "subject_id", row["subject_id"]),
            predicate=expand(line, "predicate_id", row["predicate_id"]),
            object=expand(line, "object_id", row["object_id"]),
            object_label=row.get("object_label") or "",
            justification=expand(line, "mapping_justification", row["mapping_justification"]),
            negative=(row.get("predicate_modifier") or "") == "Not",
            found=found,
            comment=row.get("comment") or "",
            slug=f"{name}-{number}",
        )


def to_triples(row: MappingRow) -> Iterator[Triple]:
    """Write a mapping as triples."""
    subject, target = NamedNode(row.subject), NamedNode(row.object)
    if row.found and not row.negative:
        yield Triple(subject, NamedNode(row.predicate), target)
    if row.found and row.object_label:
        label = NamedNode(prefixes()["rdfs"] + "label")
        yield Triple(target, label, Literal(row.object_label, language="en"))
    mapping = individual("mapping", row.slug)
    sssom = prefixes()["sssom"]
    yield Triple(mapping, RDF_TYPE, EV.Mapping)
    yield Triple(mapping, NamedNode(f"{sssom}subject_id"), subject)
    yield Triple(mapping, NamedNode(f"{sssom}predicate_id"), NamedNode(row.predicate))
    yield Triple(mapping, NamedNode(f"{sssom}object_id"), target)
    justification = NamedNode(row.justification)
    yield Triple(mapping, NamedNode(f"{sssom}mapping_justification"), justification)
    if row.negative:
        yield Triple(mapping, NamedNode(f"{sssom}predicate_modifier"), NamedNode(f"{sssom}Not"))
    if row.comment:
        yield Triple(mapping, NamedNode(f"{sssom}comment"), Literal(row.comment))
