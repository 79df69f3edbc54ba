"""The records of a registry in one build: what they share, and which belong to studies of the corpus."""

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import MappingProxyType

from evikg.graph import records as r
from evikg.graph.inputs import Input
from evikg.graph.manifest import LOADED
from evikg.loaders.ctgov import Names, RawRecord, RegistryEvidence, registry_evidence
from evikg.loaders.faults import EvidenceError, Fault

from .keeping import Origins, records_of
from .linking import NamedInRegistry

#: The registry, as inputs of a build name it.
REGISTRY = "ctgov"

Progress = Callable[[str], None]


class Registry:
    """Records that a build reads twice: once for what they share, once to write them.

    `joined` holds what records of studies of the corpus state; all others stand apart. `shared`
    holds the variables and drugs that records which stand apart refer to, `meshes` the label of
    every MeSH term that a record is indexed with, by its IRI, `notes` what a reader should know.
    """

    def __init__(self, path: Path, declared: Iterable[r.Record]) -> None:
        """Take the file of the records, and what the corpus declares."""
        self.path = path
        self.names = Names(declared)
        self.joined: list[RegistryEvidence] = []
        self.shared: dict[tuple[type[r.Record], str], r.Record] = {}
        self.meshes: dict[str, str] = {}
        self.inputs: list[Input] = []
        self.notes: list[str] = []

    def read(
        self, progress: Progress = lambda _: None, origins: Origins = MappingProxyType({})
    ) -> None:
        """Read every record once, and keep what it shares with others.

        :param origins: files that records came from, for faults to name
        :raises EvidenceError: with every fault of every record
        """
        faults: list[Fault] = []
        for raw in records_of(self.path, origins):
            self.inputs.append(_input(raw))
            try:
                found = registry_evidence(raw, self.names)
            except EvidenceError as error:
                faults += error.faults
                continue
            self.meshes |= found.meshes
            self.notes += found.notes
            if self.is_joined(found.number):
                self.joined.append(found)
            else:
                for record in found.declared:
                    if not is_own(record, found.number):
                        self.shared.setdefault((type(record), record.slug), record)
            if len(self.inputs) % 100 == 0:
                progress(f"{len(self.inputs)} registry records read")
        if faults:
            raise EvidenceError(faults)

    @property
    def numbers(self) -> tuple[str, ...]:
        """Return the number of every record."""
        return tuple(Path(item.name).stem for item in self.inputs)

    @property
    def named(self) -> NamedInRegistry:
        """Return what is to be linked to terms."""
        return NamedInRegistry(self.things, self.meshes)

    @property
    def things(self) -> list[r.Variable | r.Drug]:
        """Return the variables and drugs that any record refers to and others may, too."""
        named = [*self.shared.values()]
        for found in self.joined:
            named += [record for record in found.declared if not is_own(record, found.number)]
        return [record for record in named if isinstance(record, r.Variable | r.Drug)]

    def is_joined(self, number: str) -> bool:
        """Tell whether a record is about a study that the corpus declares."""
        return self.names.study(number) is not None

    def apart(self) -> Iterator[RegistryEvidence]:
        """Yield what each record states that is about no study of the corpus."""
        for raw in records_of(self.path):
            if not self.is_joined(raw.number):
                yield registry_evidence(raw, self.names)


def is_own(record: r.Record, number: str) -> bool:
    """Tell whether something that a record declares is about its study only, by its slug."""
    slug = number.lower()
    return record.slug == slug or record.slug.startswith(f"{slug}-")


def _input(raw: RawRecord) -> Input:
    size = len(json.dumps(raw.data, ensure_ascii=False, separators=(",", ":")).encode())
    return Input(f"{LOADED}/{REGISTRY}/{raw.number}.json", raw.sha256, size)
