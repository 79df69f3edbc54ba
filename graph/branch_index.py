"""The index of branches: a file beside a generation that lists a branch at the price of a copy.

Everything is numbered so that a branch is a few runs of neighbours: concepts in preorder of the
tree that their nearest parents make, variables and results in the order of their concepts. What is
rolled up for a concept is then a list of runs (start, end), and its names are slices of one list.

The file, `branches`, holds a magic line, the length and the CRC-32 of a header, the header (JSON)
and sections of unsigned 32-bit integers or of IRIs, one a line. A reader maps it into memory and
checks a section when it first needs it. The header names the database it was written for by
RocksDB's own identity and manifest: a file from elsewhere, or one older than its database, is told.
"""

import json
import mmap
import os
import struct
import sys
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from .errors import GraphError

FILE = "branches"
_MAGIC = b"EviKG branches 1\n"
_SIZES = struct.Struct("<II")
_ALIGNMENT = 8

#: What a section holds, by its name; integers where it is not text.
Sections = dict[str, bytes]


class IndexUnusableError(GraphError):
    """An index is missing, damaged, or of another generation; the graph itself can be asked."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How much of the evidence lies within a concept, each thing counted once."""

    variables: int = 0
    results: int = 0
    studies: int = 0


class BranchIndex:
    """An index opened to read. Names are IRIs; a concept that is not known has nothing below."""

    def __init__(self, generation: Path) -> None:
        """Map the index of a generation into memory; only its header is read.

        :raises IndexUnusableError: if it is missing, damaged or of another generation
        """
        self._path = generation / FILE
        try:
            with self._path.open("rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            header = self._header()
            belongs_to, byteorder = header["generation"], header["byteorder"]
            self._sections: dict[str, tuple[int, int, int]] = header["sections"]
        except (OSError, ValueError, KeyError, TypeError, struct.error) as error:
            raise IndexUnusableError(f"{self._path} cannot be used: {error}") from error
        if belongs_to != identity(generation) or byteorder != sys.byteorder:
            raise IndexUnusableError(f"{self._path} was written for another generation")
        self._numbers: dict[str, int] = {}

    def variables(self, concept: str) -> list[str]:
        """Return the variables that lie within a concept, in the order of the hierarchy."""
        return self._listed(concept, "variables", self._variable_names)

    def results(self, concept: str) -> list[str]:
        """Return the results on variables within a concept."""
        return self._listed(concept, "results", self._result_names)

    def studies(self, concept: str) -> list[str]:
        """Return the studies that have results on variables within a concept, sorted."""
        return [self._study_names[n] for n in self._items(concept, "studies")]

    def below(self, concept: str) -> list[str]:
        """Return everything that lies within a concept, itself first."""
        return self._listed(concept, "below", self._concept_names)

    def above(self, concept: str) -> list[str]:
        """Return everything that a concept lies within, itself among them."""
        return [self._concept_name(n) for n in self._items(concept, "above")]

    def counts(self, concept: str) -> Counts:
        """Return how many variables, results and studies lie within a concept."""
        number = self._number(concept)
        if number is None:
            return Counts()
        counts = self._counts
        return Counts(counts[3 * number], counts[3 * number + 1], counts[3 * number + 2])

    def _listed(self, concept: str, section: str, names: Sequence[str]) -> list[str]:
        runs = self._items(concept, section)
        if len(runs) == 2:  # one run: a start and an end
            return list(names[runs[0] : runs[1]])
        listed: list[str] = []
        for place in range(0, len(runs), 2):
            listed += names[runs[place] : runs[place + 1]]
        return listed

    def _items(self, concept: str, section: str) -> Sequence[int]:
        number = self._number(concept)
        if number is None:
            return ()
        starts, items = self._lists[section]
        return items[starts[number] : starts[number + 1]]

    def _number(self, concept: str) -> int | None:
        """Find the number of a concept by bisection, or where it was found before."""
        if (known := self._numbers.get(concept)) is not None:
            return known
        place = bisect_left(self._by_name, concept, key=self._concept_name)
        if place == len(self._by_name):
            return None
        number = self._by_name[place]
        if self._concept_name(number) != concept:
            return None
        self._numbers[concept] = number
        return number

    def _concept_name(self, number: int) -> str:
        ends = self._concept_ends
        start = ends[number - 1] + 1 if number else 0
        return str(self._concept_text[start : ends[number]], "utf-8")

    @cached_property
    def _lists(self) -> dict[str, tuple[memoryview, memoryview]]:
        names = ("variables", "results", "studies", "below", "above")
        return {
            name: (self._integers(f"{name}.starts"), self._integers(f"{name}.items"))
            for name in names
        }

    @cached_property
    def _concept_names(self) -> list[str]:
        return self._lines("concepts")

    @cached_property
    def _variable_names(self) -> list[str]:
        return [self._concept_name(number) for number in self._integers("variables")]

    @cached_property
    def _result_names(self) -> list[str]:
        return self._lines("results")

    @cached_property
    def _study_names(self) -> list[str]:
        return self._lines("studies")

    @cached_property
    def _concept_text(self) -> memoryview:
        return self._section("concepts")

    @cached_property
    def _concept_ends(self) -> memoryview:
        return self._integers("concepts.ends")

    @cached_property
    def _by_name(self) -> memoryview:
        return self._integers("concepts.sorted")

    @cached_property
    def _counts(self) -> memoryview:
        return self._integers("counts")

    def _lines(self, name: str) -> list[str]:
        text = str(self._section(name), "utf-8")
        return text.split("\n") if text else []

    def _integers(self, name: str) -> memoryview:
        return self._section(name).cast("I")

    def _section(self, name: str) -> memoryview:
        """Return a section.

        :raises IndexUnusableError: if it is not as it was written
        """
        try:
            offset, length, checksum = self._sections[name]
        except (KeyError, ValueError, TypeError) as error:
            raise IndexUnusableError(f"{self._path} has no section {name}") from error
        section = memoryview(self._map)[offset : offset + length]
        if len(section) != length or zlib.crc32(section) != checksum:
            raise IndexUnusableError(f"{self._path} is damaged in {name}")
        return section

    def _header(self) -> dict[str, Any]:
        start = len(_MAGIC) + _SIZES.size
        if self._map[: len(_MAGIC)] != _MAGIC:
            raise ValueError("it is no index of branches, or one of another version")
        length, checksum = _SIZES.unpack(self._map[len(_MAGIC) : start])
        text = self._map[start : start + length]
        if zlib.crc32(text) != checksum:
            raise ValueError("its header is damaged")
        header: dict[str, Any] = json.loads(text)
        return header


def identity(generation: Path) -> str:
    """Return what tells the database of a generation from any other, and from its later self.

    RocksDB gives a database an identity when it is made, and a new manifest each time that it is
    opened to write.
    """
    return "\n".join((generation / name).read_text("utf-8") for name in ("IDENTITY", "CURRENT"))


def write_sections(generation: Path, sections: Sections) -> None:
    """Write an index into the directory of a generation, in one step."""
    placed: dict[str, tuple[int, int, int]] = {}
    header = b""
    # The places depend on the length of the header, which grows with the places: settle both.
    while True:
        offset = _aligned(len(_MAGIC) + _SIZES.size + len(header))
        for name, data in sections.items():
            placed[name] = (offset, len(data), zlib.crc32(data))
            offset = _aligned(offset + len(data))
        fields = {
            "byteorder": sys.byteorder,
            "generation": identity(generation),
            "sections": placed,
        }
        settled = len(header)
        header = json.dumps(fields).encode().ljust(settled)
        if len(header) == settled:
            break
    draft = generation / f"{FILE}.new"
    with draft.open("wb") as file:
        file.write(_MAGIC + _SIZES.pack(len(header), zlib.crc32(header)) + header)
        for name, data in sections.items():
            file.write(b"\0" * (placed[name][0] - file.tell()))
            file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(generation / FILE)


def _aligned(offset: int) -> int:
    return -(-offset // _ALIGNMENT) * _ALIGNMENT


def lists(items: Iterable[Iterable[int]]) -> tuple[bytes, bytes]:
    """Return lists of integers as two sections: where each starts, and all items."""
    starts, flat = array("I", [0]), array("I")
    for each in items:
        flat.extend(each)
        starts.append(len(flat))
    return starts.tobytes(), flat.tobytes()
