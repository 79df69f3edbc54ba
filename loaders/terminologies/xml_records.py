"""Large XML files of one record after another, read record by record and never trusted.

A DOCTYPE that names a DTD is accepted and the DTD never fetched. Entity declarations, and so
entity bombs and external entities, are refused (defusedxml).
"""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from xml.etree.ElementTree import (  # only builds elements; DefusedXMLParser parses
    Element,
    ParseError,
    TreeBuilder,
)

from evikg.loaders.faults import EvidenceError, Fault

_CHUNK = 1 << 18
_HTML = (b"<!doctype html", b"<html")


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a file, and the 1-based line and column where its start tag stands."""

    element: Element
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Head:
    """What a file says before its first record: the root element, and its DTD's system id."""

    root: str
    system: str


class RecordFile:
    """An XML file whose root holds records; it is read once, from its start to its end."""

    def __init__(
        self,
        path: Path,
        stream: IO[bytes],
        roots: Mapping[str, str],
        skipped: frozenset[str] = frozenset(),
    ) -> None:
        """Prepare to read `stream`.

        :param path: named in faults
        :param roots: name of each accepted root element, and of the records that it holds
        :param skipped: names of elements that are left out of records, with what they contain
        :raises ImportError: if defusedxml is not installed
        """
        self._path, self._stream = path, stream
        self._target = _Target(path, roots, skipped)
        self._parser = _parser(self._target)
        self._target.expat = self._parser.parser
        self._start = b""

    def head(self) -> Head:
        """Read as far as the root element.

        :raises EvidenceError: if the file is HTML or no XML, has another root, or declares entities
        """
        while not self._target.root:
            if not self._feed():
                break
        return Head(self._target.root, self._target.system)

    def records(self) -> Iterator[Record]:
        """Read record by record; each is the reader's own and kept nowhere else.

        :raises EvidenceError: as `head`, and if the file is cut or not well-formed
        """
        more = True
        while more:
            while self._target.done:
                yield self._target.done.popleft()
            more = self._feed()
        yield from self._target.done

    def _feed(self) -> bool:
        data = self._stream.read(_CHUNK)
        if not self._start:
            self._start = data[:1] or b"-"
            start = data[:1024].removeprefix(b"\xef\xbb\xbf").lstrip()
            if not start:
                raise self._fault(0, 0, "is empty")
            if start.lower().startswith(_HTML):
                raise self._fault(1, 1, f"is an HTML page; expected XML with {self._target.wanted}")
        from defusedxml.common import DefusedXmlException

        try:
            if data:
                self._parser.feed(data)
            else:
                self._parser.close()
        except ParseError as error:
            raise self._not_well_formed(error, at_end=not data) from error
        except DefusedXmlException as error:
            expat = self._parser.parser
            name = str(getattr(error, "name", "") or "")
            raise self._fault(
                expat.CurrentLineNumber,
                expat.CurrentColumnNumber + 1,
                "declares an entity or asks for an external one, which is refused: it can exhaust"
                " memory or read other files; take the file as its maker publishes it",
                "DOCTYPE",
                name,
            ) from error
        return bool(data)

    def _not_well_formed(self, error: ParseError, *, at_end: bool) -> EvidenceError:
        expat = self._parser.parser
        line, column = getattr(error, "position", (0, -1))
        line, column = line or expat.CurrentLineNumber, max(column, expat.CurrentColumnNumber)
        if at_end:
            inside = self._target.inside()
            words = f"ends early{inside}; it is cut, download it again"
        else:
            words = f"is not well-formed XML: {str(error).partition(': line')[0]}"
        return self._fault(line, column + 1, words)

    def _fault(
        self, line: int, column: int, words: str, field: str = "", value: str = ""
    ) -> EvidenceError:
        return EvidenceError([Fault(self._path, line, column, field, value, words)])


class _Target:
    """What the parser reports to: builds one element tree a record, and none of what is around."""

    def __init__(self, path: Path, roots: Mapping[str, str], skipped: frozenset[str]) -> None:
        self.root = self.system = ""
        self.wanted = " or ".join(f"<{name}>" for name in roots)
        self.done: deque[Record] = deque()
        self.expat: Any = None
        self._path, self._roots, self._skipped = path, roots, skipped
        self._open: list[str] = []
        self._building: TreeBuilder | None = None
        self._place = (0, 0)
        self._skip_depth = 0

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        self.system = system or ""

    def start(self, tag: str, attrib: dict[str, str]) -> None:
        self._open.append(tag)
        if self._skip_depth:
            return
        if self._building is not None:
            if tag in self._skipped:
                self._skip_depth = len(self._open)
            else:
                self._building.start(tag, attrib)
        elif len(self._open) == 1:
            self._check_root(tag)
        elif len(self._open) == 2 and tag == self._roots[self.root]:
            self._place = (self.expat.CurrentLineNumber, self.expat.CurrentColumnNumber + 1)
            self._building = TreeBuilder()
            self._building.start(tag, attrib)

    def data(self, data: str) -> None:
        if self._building is not None and not self._skip_depth:
            self._building.data(data)

    def end(self, tag: str) -> None:
        depth = len(self._open)
        self._open.pop()
        if self._building is None:
            return
        if self._skip_depth:
            if self._skip_depth == depth:
                self._skip_depth = 0
            return
        self._building.end(tag)
        if depth == 2:
            self.done.append(Record(self._building.close(), *self._place))
            self._building = None

    def close(self) -> None:
        """Do nothing: records are taken as they come."""

    def inside(self) -> str:
        return f" within <{self._open[-1]}>" if self._open else ""

    def _check_root(self, tag: str) -> None:
        self.root = tag
        if tag not in self._roots:
            place = self.expat.CurrentLineNumber, self.expat.CurrentColumnNumber + 1
            words = f"is the root element; expected {self.wanted}"
            raise EvidenceError([Fault(self._path, *place, "", f"<{tag}>", words)])


def _parser(target: _Target) -> Any:
    try:
        from defusedxml.ElementTree import DefusedXMLParser
    except ImportError as error:
        raise ImportError("XML needs defusedxml: pip install 'evikg[terminologies]'") from error
    parser = DefusedXMLParser(target=target, forbid_entities=True, forbid_external=True)
    # Straight to the target: half the time. What lies between only spells out namespaces, and
    # these files have none.
    parser.parser.ordered_attributes = False
    parser.parser.StartElementHandler = target.start
    parser.parser.EndElementHandler = target.end
    return parser
