"""What a record of ClinicalTrials.gov states, as records of the evidence graph."""

from dataclasses import dataclass

from evikg.graph import records as r
from evikg.loaders.faults import EvidenceError, Fault
from evikg.ontology import SourceKind

from .baseline import read_baseline
from .draft import Draft
from .events import read_events
from .flow import read_flow
from .lines import Lines
from .names import Names
from .outcomes import read_outcome
from .reading import RawRecord
from .results_section import Results
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
    try:
        sha256, lines = raw.sha256, Lines(raw.data)
    except ValueError as error:
        faults.append(raw.fault("", "", f"holds text that is no Unicode: {error}"))
    except RecursionError:
        faults.append(raw.fault("", "", "is nested too deeply to be a record"))
    if record is None or faults:
        raise EvidenceError(faults)
    number = raw.number
    draft = Draft(number, names.study(number) or number.lower(), names, lines)
    read_study(draft, record)
    results = record.get("resultsSection")
    if results is not None:
        _read_results(draft, results)
    else:
        draft.notes.append(f"{number} has no results: its study is kept")
    status = record["protocolSection"].get("statusModule", {})
    posted = status.get("resultsFirstPostDateStruct") or status.get("lastUpdatePostDateStruct")
    source = r.Source(
        slug=draft.source,
        kind=SourceKind.REGISTRY_RECORD,
        title=f"{number}: {study_label(record['protocolSection'])}",
        published=(posted or {}).get("date"),
        journal="ClinicalTrials.gov",
        text_sha256=sha256,
    )
    return RegistryEvidence(
        number=number,
        source=source,
        declared=draft.things(),
        results=tuple(draft.results),
        meshes=tuple(dict.fromkeys(meshes(record))),
        sizes=tuple(draft.sizes),
        notes=tuple(draft.notes),
    )


def _read_results(draft: Draft, results: Results) -> None:
    pointer = "/resultsSection"
    read_flow(draft, results.get("participantFlowModule", {}), f"{pointer}/participantFlowModule")
    baseline = results.get("baselineCharacteristicsModule", {})
    read_baseline(draft, baseline, f"{pointer}/baselineCharacteristicsModule")
    outcomes = results.get("outcomeMeasuresModule", {}).get("outcomeMeasures", [])
    for number, outcome in enumerate(outcomes):
        at = f"{pointer}/outcomeMeasuresModule/outcomeMeasures/{number}"
        read_outcome(draft, number + 1, outcome, at)
    read_events(draft, results.get("adverseEventsModule", {}), f"{pointer}/adverseEventsModule")
