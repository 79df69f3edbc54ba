"""The records that a graph keeps for the builds after it: one a line, compressed, by their number.

A record is kept as the registry gave it, so that every build maps it anew.
"""

import gzip
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import IO

from evikg.graph.embedded import current_generation
from evikg.loaders.ctgov import RawRecord, read_records

#: File of a generation that holds the records.
KEPT = "added/registry.ndjson.gz"

Progress = Callable[[str], None]
#: File and place there of records, by their number.
Origins = Mapping[str, tuple[Path, str]]


def kept_registry(store: Path) -> Path | None:
    """Return the file of the records that the graph in force holds; None where it has none."""
    generation = current_generation(store)
    path = generation / KEPT if generation is not None else None
    return path if path is not None and path.is_file() else None


def records_of(path: Path, origins: Origins = MappingProxyType({})) -> Iterator[RawRecord]:
    """Yield kept records, one at a time, sorted by number.

    :param origins: where records came from, by their number, so that faults name those files
    """
    with gzip.open(path, "rb") as file:
        for line in file:
            raw = RawRecord(path, "", json.loads(line))
            file_of, place = origins.get(raw.number, (path, ""))
            yield RawRecord(file_of, f"{place} {raw.number}".strip(), raw.data)


def merged_records(
    kept: Path | None, given: Sequence[Path], target: Path, tell: Progress = lambda _: None
) -> Origins:
    """Write the records of files, and those kept before, each study once, sorted by number.

    Return where those of the files came from.

    Of a study that is there in two versions the one that was posted last is taken. At most one
    record is held in memory.

    :param target: the file to write
    :raises EvidenceError: with every fault of every file
    """
    places: dict[str, tuple[str, int]] = {}  # of each study: its version, and where its line begins
    with tempfile.TemporaryFile() as lines:
        for raw in records_of(kept) if kept else ():
            places[raw.number] = (raw.updated, _append(lines, raw))
        before = dict(places)
        origins: dict[str, tuple[Path, str]] = {}
        for raw in read_records(given, tell):
            held = before.get(raw.number)
            if held is None or raw.updated >= held[0]:
                places[raw.number] = (raw.updated, _append(lines, raw))
                origins[raw.number] = (raw.path, raw.place)
            else:
                tell(f"{raw.number}: the version of {held[0]}, loaded before, is newer: it stays")
        with gzip.GzipFile(target, "wb", compresslevel=6, mtime=0) as file:
            _copy(lines, (places[number][1] for number in sorted(places)), file)
    return origins


def _append(lines: IO[bytes], raw: RawRecord) -> int:
    place = lines.seek(0, 2)
    text = json.dumps(raw.data, ensure_ascii=False, separators=(",", ":"))
    lines.write(text.encode("utf-8", "surrogatepass") + b"\n")
    return place


def _copy(lines: IO[bytes], places: Iterable[int], file: gzip.GzipFile) -> None:
    for place in places:
        lines.seek(place)
        file.write(lines.readline())
