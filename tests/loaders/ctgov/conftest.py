"""Real records of ClinicalTrials.gov, and made ones that hold what the real ones do not."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evikg.graph import records as r
from evikg.loaders.ctgov import Names, RawRecord, RegistryEvidence, registry_evidence
from evikg.loaders.evidence import read_corpus, shipped_evidence

ROOT = Path(__file__).parents[3]

MADE: dict[str, Any] = {
    "protocolSection": {
        "identificationModule": {"nctId": "NCT00000001", "briefTitle": "A small study"},
        "statusModule": {"lastUpdatePostDateStruct": {"date": "2020-01-02"}},
        "designModule": {"studyType": "INTERVENTIONAL"},
    },
}


@pytest.fixture(scope="session")
def folder() -> Path:
    """Return the folder of the real records that the tests have."""
    return ROOT / "tests" / "data" / "ctgov"


@pytest.fixture(scope="session")
def real_records(folder: Path) -> list[Path]:
    """Return all real records at hand: the tests' own, and those shared beside the repository."""
    shared = ROOT.parent / "shared" / "data" / "ctgov"
    return sorted(shared.glob("*.json") if shared.is_dir() else folder.glob("*.json"))


@pytest.fixture(scope="session")
def curated() -> tuple[r.Record, ...]:
    """Return what the shipped evidence declares."""
    return tuple(read_corpus(shipped_evidence()).declared)


@pytest.fixture(scope="session")
def evidence(folder: Path, curated: tuple[r.Record, ...]) -> Callable[[str], RegistryEvidence]:
    """Return what reads a real record of the tests by its number."""

    def read(number: str) -> RegistryEvidence:
        path = folder / f"{number}.json"
        data = json.loads(path.read_text(encoding="utf-8"))
        return registry_evidence(RawRecord(path, "", data), Names(curated))

    return read


@pytest.fixture
def made(curated: tuple[r.Record, ...]) -> Callable[..., RegistryEvidence]:
    """Return what reads a small record with some results, or with parts of the protocol."""

    def read(results: dict[str, Any], **protocol: Any) -> RegistryEvidence:
        data = copy.deepcopy(MADE)
        data["protocolSection"] |= protocol
        data["resultsSection"] = results
        return registry_evidence(RawRecord(Path("made.json"), "", data), Names(curated))

    return read


@pytest.fixture
def outcome(made: Callable[..., RegistryEvidence]) -> Callable[..., list[r.Result]]:
    """Return what reads the results of one outcome measure of two arms, `Old` and `New`."""

    def read(**measure: Any) -> list[r.Result]:
        groups = [{"id": "OG000", "title": "Old"}, {"id": "OG001", "title": "New"}]
        counts = [{"groupId": "OG000", "value": "40"}, {"groupId": "OG001", "value": "50"}]
        whole = {
            "title": "A measure",
            "type": "PRIMARY",
            "groups": groups,
            "denoms": [{"units": "Participants", "counts": counts}],
        } | measure
        return list(made({"outcomeMeasuresModule": {"outcomeMeasures": [whole]}}).results)

    return read
