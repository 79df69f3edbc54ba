"""Files of ClinicalTrials.gov, as downloaded, into raw records: the JSON of one study each.

What the registry offers is the JSON of the API v2 (https://clinicaltrials.gov/data-api/api): one
record, a page of records, a list of records, records one a line, and a zip of such files. Each may
be compressed with gzip.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from evikg.loaders.faults import EvidenceError, Fault

from .files import open_files
from .values import Place, json_values

#: Endings of names that are read where a folder is given.
ENDINGS = (".json", ".jsonl", ".ndjson", ".zip", ".gz")

_NUMBER = re.compile(r"NCT\d{8}")
_LEGACY = {"FullStudiesResponse", "StudyFieldsResponse", "FullStudy", "Study", "clinical_study"}
LEGACY = "is of the retired legacy API; download the JSON of the API v2"

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class RawRecord:
    """The JSON of one study, and where it stands: `place` is empty where it is the whole file."""

    path: Path
    place: str  # such as "NCT01987596.json", "record 3" or "line 12"
    data: dict[str, Any]

    @property
    def number(self) -> str:
        """Return the NCT number."""
        return str(self.data["protocolSection"]["identificationModule"]["nctId"])

    @property
    def updated(self) -> str:
        """Return when this version was posted, and made, as ISO 8601 dates; "" if not stated."""
        status = _within(self.data, "protocolSection", "statusModule")
        posted = _within(status, "lastUpdatePostDateStruct").get("date", "")
        made = _within(self.data, "derivedSection", "miscInfoModule").get("versionHolder", "")
        return f"{posted} {made}".strip()

    @property
    def sha256(self) -> str:
        """Return the SHA-256 of the record: its JSON in UTF-8, keys as they come, no spaces.

        :raises ValueError: if a text holds half of a pair of surrogates, which is no character
        """
        return hashlib.sha256(_anything().dump_json(self.data)).hexdigest()

    def fault(self, pointer: str, value: str, expected: str) -> Fault:
        """Return a fault of this record at a JSON Pointer."""
        field = " ".join(filter(None, (self.place, pointer)))
        return Fault(self.path, 0, 0, field, value, expected)


def read_records(paths: Sequence[Path], tell: Progress = lambda _: None) -> Iterator[RawRecord]:
    """Yield the records of files and folders, in their order, one held at a time.

    A record that was yielded in the same or a newer version is left out. A newer version that
    comes later is yielded too: of a study, the last one stands. `tell` says where versions differ.

    :raises EvidenceError: after the last record, with every fault of every file; who keeps
        records lets them count only then
    """
    faults: list[Fault] = []
    files = list(_files(paths, faults))
    versions: dict[str, str] = {}
    for raw in _records(files, faults):
        number, version = raw.number, raw.updated
        before = versions.get(number)
        if before is not None and _posted(before) != _posted(version):
            newer = _posted(max(before, version))
            tell(f"{number} is there in several versions; that of {newer} is read")
        if before is None or before < version:
            versions[number] = version
            yield raw
    if not faults and not versions:
        place = paths[0] if len(paths) == 1 else Path(" ".join(map(str, paths)))
        faults.append(Fault(place, 0, 0, "", "", "holds no record of ClinicalTrials.gov"))
    if faults:
        raise EvidenceError(faults)


def _posted(version: str) -> str:
    """Return when a version was posted; one that was made again later is no other version."""
    return version.partition(" ")[0]


def _files(paths: Sequence[Path], faults: list[Fault]) -> Iterator[Path]:
    for path in dict.fromkeys(paths):
        if not path.is_dir():
            yield path
            continue
        found = sorted(p for p in path.rglob("*") if p.name.lower().endswith(ENDINGS))
        if not found:
            words = f"holds no file that ends in {', '.join(ENDINGS)}"
            faults.append(Fault(path, 0, 0, "", "", words))
        yield from found


def _records(files: Iterable[Path], faults: list[Fault]) -> Iterator[RawRecord]:
    for path in files:
        for member, text in open_files(path, faults):
            for place, value in json_values(Place(path, member), text, faults):
                fault = _no_study(value)
                if fault:
                    faults.append(Fault(path, place.line, place.column, place.name, *fault))
                else:
                    yield RawRecord(path, place.name, value)


def _no_study(value: Any) -> tuple[str, str] | None:
    """Return what stands there and what was expected, of a value that is no record."""
    if not isinstance(value, dict):
        return type(value).__name__, "is no study: expected a JSON object with protocolSection"
    if legacy := _LEGACY & value.keys():
        return min(legacy), LEGACY
    number = _within(value, "protocolSection", "identificationModule").get("nctId")
    if not isinstance(number, str) or not _NUMBER.fullmatch(number):
        words = "is no study: expected protocolSection.identificationModule.nctId, as NCT01987596"
        return "" if number is None else str(number), words
    return None


@cache
def _anything() -> TypeAdapter[Any]:
    return TypeAdapter(Any)


def _within(value: Any, *names: str) -> dict[str, Any]:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}
