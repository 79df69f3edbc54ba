"""The records that a graph keeps for the builds after it: one a line, compressed, by their number.

A record is kept as the registry gave it, so that every build maps it anew.
"""

import gzip
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO

from evikg.graph.embedded import current_generation
from evikg.loaders.ctgov import RawRecord, read_records

#: File of a generation that holds the records.
KEPT = "added/registry.ndjson.gz"

Progress = Callable[[str], None]


def kept_registry(store: Path) -> Path | None:
    """Return the file of the records that the graph in force holds; None where it has none."""
    generation = current_generation(store)
    path = generation / KEPT if generation is not None else None
    return path if path is not None and path.is_file() else None


def records_of(path: Path) -> Iterator[RawRecord]:
    """Yield kept records, one at a time, sorted by number."""
    with gzip.open(path, "rb") as file:
        for line in file:
            raw = RawRecord(path, "", json.loads(line))
            yield RawRecord(path, raw.number, raw.data)


def merged_records(
    kept: Path | None, given: Sequence[Path], target: Path, tell: Progress = lambda _: None
) -> None:
    """Write the records of files, and those kept before, each study once, sorted by number.

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
        for raw in read_records(given, tell):
            held = before.get(raw.number)
            if held is None or raw.updated >= held[0]:
                places[raw.number] = (raw.updated, _append(lines, raw))
            else:
                tell(f"{raw.number}: the version of {held[0]}, loaded before, is newer: it stays")
        with gzip.GzipFile(target, "wb", compresslevel=6, mtime=0) as file:
            _copy(lines, (places[number][1] for number in sorted(places)), file)


def _append(lines: IO[bytes], raw: RawRecord) -> int:
    place = lines.seek(0, 2)
    text = json.dumps(raw.data, ensure_ascii=False, separators=(",", ":"))
    lines.write(text.encode("utf-8", "surrogatepass") + b"\n")
    return place


def _copy(lines: IO[bytes], places: Iterable[int], file: gzip.GzipFile) -> None:
    for place in places:
        lines.seek(place)
        file.write(lines.readline())
