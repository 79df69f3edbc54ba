"""What a record of ClinicalTrials.gov states, as records of the evidence graph."""

from dataclasses import dataclass

from evikg.graph import records as r
from evikg.loaders.faults import EvidenceError, Fault
from evikg.ontology import SourceKind

from .draft import Draft
from .lines import Lines
from .names import Names
from .reading import RawRecord
from .structure import checked
from .study import meshes, read_study, study_label


@dataclass(frozen=True, slots=True)
class RegistryEvidence:
    """What one record of the registry states.

    `declared` holds the study and everything that it and the results refer to, also variables and
    drugs that are declared already; what several records declare is equal.
    """

    number: str  # NCT number
    source: r.Source
    declared: tuple[r.Record, ...]
    results: tuple[r.Result, ...]
    meshes: tuple[tuple[str, str], ...]  # IRI and label of each MeSH term it is indexed with
    sizes: tuple[tuple[str, str], ...]  # JSON Pointer and group of each number that is its size
    notes: tuple[str, ...] = ()  # what its reader should know, such as that it has no results


def registry_evidence(raw: RawRecord, names: Names) -> RegistryEvidence:
    """Return what a record states, under the slugs of the things that its names stand for.

    A study that the evidence declares with the record's NCT number keeps its slug, and the `Study`
    that is declared here states what the record says of it.

    :raises EvidenceError: with every place where the record is not in the structure that is read
    """
    faults: list[Fault] = []
    record = checked(raw, faults)
    if record is None:
        raise EvidenceError(faults)
    number = raw.number
    draft = Draft(number, names.study(number) or number.lower(), names, Lines(raw.data))
    read_study(draft, record)
    if "resultsSection" not in record:
        draft.notes.append(f"{number} has no results: its study is kept")
    status = record["protocolSection"].get("statusModule", {})
    posted = status.get("resultsFirstPostDateStruct") or status.get("lastUpdatePostDateStruct")
    source = r.Source(
        slug=draft.source,
        kind=SourceKind.REGISTRY_RECORD,
        title=f"{number}: {study_label(record['protocolSection'])}",
        published=(posted or {}).get("date"),
        journal="ClinicalTrials.gov",
        text_sha256=raw.sha256,
    )
    return RegistryEvidence(
        number=number,
        source=source,
        declared=tuple(draft.declared.values()),
        results=tuple(draft.results),
        meshes=tuple(dict.fromkeys(meshes(record))),
        sizes=tuple(draft.sizes),
        notes=tuple(draft.notes),
    )
