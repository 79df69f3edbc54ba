"""JSON values of a file one after the other, so that a long list is never held as a whole.

A file is one value, a list of values, a page of the API (`{"studies": [...]}`), or values one a
line (NDJSON). Faults say the line, and all faults of a file are noted.
"""

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from evikg.loaders.faults import Fault, not_utf8

from .files import CUT_SHORT, DAMAGE, not_json

_CHUNK = 1 << 20
_PAGE = re.compile(r'\s*\{\s*(?:"totalCount"\s*:\s*\d+\s*,\s*)?"studies"\s*:\s*\[')
_LIST = re.compile(r"\s*\[")
_SPACE = re.compile(r"[ \t\r\n]*")
_BETWEEN = re.compile(r"[ \t\r\n]*(,|\])[ \t\r\n]*")
#: The first character of the second line that has any.
_SECOND_LINE = re.compile(r"\s*[^\n]+\n(?:[ \t\r]*\n)*([^\r\n])")
_DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands; line and column are 1-based, 0 where they say nothing."""

    path: Path
    member: str = ""  # of a zip
    part: str = ""  # of a file of several values
    line: int = 0
    column: int = 0

    @property
    def name(self) -> str:
        """Return the member and the part, such as `page-1.json record 3`."""
        return " ".join(filter(None, (self.member, self.part)))

    def at(self, part: str, line: int = 0, column: int = 0) -> "Place":
        """Return the place of a part of this one."""
        return Place(self.path, self.member, part, line, column)

    def fault(self, expected: str) -> Fault:
        """Return what is wrong with this place."""
        return Fault(self.path, self.line, self.column, self.name, "", expected)


def json_values(place: Place, file: IO[bytes], faults: list[Fault]) -> Iterator[tuple[Place, Any]]:
    """Yield each value of a file with its place; a value at fault is noted and left out."""
    text = _Text(file)
    try:
        text.more()
        if mistake := not_json(text.first):
            faults.append(place.fault(mistake))
        elif opening := _PAGE.match(text.held) or _LIST.match(text.held):
            yield from _listed(place, text, opening.end(), faults)
        else:
            yield from _lines_or_one(place, text, faults)
    except DAMAGE:
        faults.append(place.fault(CUT_SHORT))
    except UnicodeDecodeError as error:
        wrong = error.object[error.start]
        fault = not_utf8(place.path, text.line(len(text.held)), 1, wrong)
        faults.append(fault)
    except RecursionError:
        faults.append(place.fault("is nested too deeply to be a record"))
    except ValueError as error:  # a whole number of thousands of digits
        faults.append(place.fault(f"is not JSON of a record: {error}"))


class _Text:
    """The text of a file: what is held of it, and the number of lines before that."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._lines = 0
        self.first = b""
        self.held = ""
        self.ended = False

    def more(self, size: int = _CHUNK) -> bool:
        """Hold more of the file; tell whether there was more."""
        data = self._file.read(size)
        self.first = self.first or data[:8192]
        self.ended = len(data) == 0
        self.held += self._decoder.decode(data, final=self.ended)
        return not self.ended

    def drop(self, end: int) -> None:
        """Forget what stands before a position."""
        self._lines += self.held.count("\n", 0, end)
        self.held = self.held[end:]

    def line(self, position: int) -> int:
        """Return the 1-based line of a position of what is held."""
        return self._lines + self.held.count("\n", 0, position) + 1

    def column(self, position: int) -> int:
        """Return the 1-based column of a position of what is held."""
        return position - self.held.rfind("\n", 0, position)

    def not_json(self, place: Place, error: json.JSONDecodeError) -> Fault:
        """Return the fault of a value that is no JSON."""
        end = len(self.held.rstrip())
        line, column = self.line(error.pos), self.column(error.pos)
        if error.pos >= end or error.msg.startswith("Unterminated string"):
            return place.at(place.part, line, column).fault(f"ends within a value; it {CUT_SHORT}")
        return place.at(place.part, line, column).fault(f"is not JSON: {error.msg}")


def _listed(
    place: Place, text: _Text, position: int, faults: list[Fault]
) -> Iterator[tuple[Place, Any]]:
    number, size = 0, _CHUNK
    position = _spaced(text, position)
    if text.held[position : position + 1] == "]":
        return
    while True:
        number += 1
        part = place.at(f"record {number}")
        while True:
            try:
                value, end = _DECODER.raw_decode(text.held, position)
                # A list goes on after its last value: what ends here may be cut off.
                if end < len(text.held) or text.ended:
                    break
            except json.JSONDecodeError as error:
                if text.ended:
                    faults.append(text.not_json(part, error))
                    return
            text.drop(position)
            position = 0
            text.more(size)
            size *= 2
        size = _CHUNK
        yield part.at(part.part, text.line(position), text.column(position)), value
        del value
        position = _spaced(text, end)
        after = _BETWEEN.match(text.held, position)
        if after is None:
            words = "expected a comma or the end of the list" if position < len(text.held) else ""
            line, column = text.line(position), text.column(position)
            words = words or f"ends within a list; it {CUT_SHORT}"
            faults.append(place.at(part.part, line, column).fault(words))
            return
        if after[1] == "]":
            return
        position = _spaced(text, after.end())


def _spaced(text: _Text, position: int) -> int:
    """Return the next position that is no space; more is held where nothing follows."""
    while True:
        found = _SPACE.match(text.held, position)
        position = found.end() if found else position
        if position < len(text.held) or not text.more():
            return position


def _lines_or_one(place: Place, text: _Text, faults: list[Fault]) -> Iterator[tuple[Place, Any]]:
    while (second := _SECOND_LINE.match(text.held)) is None and text.more():
        pass
    if second and second[1] == "{":
        yield from _lines(place, text, faults)
        return
    while text.more():
        pass
    try:
        yield from _studies(place, json.loads(text.held))
    except json.JSONDecodeError as error:
        faults.append(text.not_json(place, error))


def _lines(place: Place, text: _Text, faults: list[Fault]) -> Iterator[tuple[Place, Any]]:
    number = 0
    while text.held or text.more():
        end = text.held.find("\n")
        while end < 0 and text.more():
            end = text.held.find("\n")
        line = text.held if end < 0 else text.held[:end]
        text.held = "" if end < 0 else text.held[end + 1 :]
        number += 1
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except json.JSONDecodeError as error:
            wrong = place.at(f"line {number}", number, error.pos + 1)
            cut = error.pos >= len(line.rstrip()) or error.msg.startswith("Unterminated string")
            words = f"ends within a value; it {CUT_SHORT}" if cut else f"is not JSON: {error.msg}"
            faults.append(wrong.fault(words))
        else:
            yield from _studies(place.at(f"line {number}", number, 1), value)


def _studies(place: Place, value: Any) -> Iterator[tuple[Place, Any]]:
    """Yield the records of a page, or else the value itself."""
    studies = value.get("studies") if isinstance(value, dict) else None
    if not isinstance(studies, list):
        yield place, value
        return
    for number, study in enumerate(studies, 1):
        part = f"{place.part} record {number}".strip()
        yield place.at(part, place.line, place.column), study
