"""OBO files (OBO Flat File Format 1.4), read frame by frame with fastobo."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from evikg.loaders.faults import EvidenceError, Fault
from evikg.ontology.terms import Release, Scope, Synonym, Term

from .entries import Entry, own_terms
from .headers import Header, release_of
from .locating import end_of, not_utf8
from .opening import Progress, opened
from .sniffing import Format, expect


def read_obo(
    name: str, path: Path, progress: Progress, version: str | None = None
) -> tuple[Release, Iterator[Term]]:
    """Read a release in OBO; its terms are read as they are asked for, in the order of the file.

    :param name: which terminology is expected, as `mondo`
    :param version: of the release, where its header names none
    :raises EvidenceError: with line and column, if the file is not OBO, is cut, or is another
        ontology; the iterator raises it too
    """
    expect(path, Format.OBO)
    with _frames(path) as frames:
        header = _header(frames.header())
    release = release_of(name, path, header, version)
    return release, own_terms(name, path, _entries(path, progress), progress)


def _entries(path: Path, progress: Progress) -> Iterator[Entry]:
    from fastobo.term import TermFrame  # type: ignore[import-untyped]

    with _frames(path, progress) as frames:
        for frame in frames:
            if isinstance(frame, TermFrame):
                yield _entry(frame)


@contextmanager
def _frames(path: Path, progress: Progress = lambda _: None) -> Iterator[Any]:
    """Open a file as frames; what fastobo raises is told as a fault of the file."""
    try:
        import fastobo  # type: ignore[import-untyped]
    except ImportError as error:
        raise ImportError("OBO files need fastobo: pip install 'evikg[terminologies]'") from error

    with opened(path, progress) as raw:
        stream = _Watched(raw)
        try:
            # One thread reads as frames are asked for; more would read ahead without bound.
            yield fastobo.iter(stream, threads=1)
        except (SyntaxError, OSError, TypeError) as error:
            if stream.error is not None:
                raise stream.error from error
            raise EvidenceError([_fault(path, error)]) from error


class _Watched:
    """A stream that keeps what it raises: fastobo says only that reading failed."""

    def __init__(self, inner: IO[bytes]) -> None:
        self._inner = inner
        self.error: Exception | None = None

    def read(self, size: int) -> bytes:
        try:
            return self._inner.read(size)
        except Exception as error:
            self.error = error
            raise


def _fault(path: Path, error: Exception) -> Fault:
    if isinstance(error, SyntaxError):
        line, column, text = error.lineno or 0, error.offset or 0, (error.text or "").strip("␊")
        quoted = "expected QuotedString" in error.msg
        said = "the line ends inside a quoted text" if quoted else error.msg
        words = f"{said}; is the file cut?" if quoted else f"{said} of OBO 1.4"
        if line >= end_of(path)[0]:
            words = f"the file ends here, {said}: it is cut; download it again"
        return Fault(path, line, column, "", text, words)
    line, column = not_utf8(path)
    if line:
        return Fault(path, line, column, "", "", "is not UTF-8, the encoding of OBO files")
    return Fault(path, 0, 0, "", "", f"is not OBO: {error}")


def _header(frame: Any) -> Header:
    header = Header()
    for clause in frame:
        tag = clause.raw_tag()
        if tag == "ontology":
            header.ontology = str(clause.ontology)
        elif tag == "data-version":
            header.version = header.version or str(clause.version)
            header.add("versionInfo", str(clause.version))
        elif tag == "property_value":
            value = clause.property_value
            printed = value.value
            header.add(
                _printed(value.relation), printed if isinstance(printed, str) else _printed(printed)
            )
    return header


def _entry(frame: Any) -> Entry:
    entry = Entry(id=_printed(frame.id))
    for clause in frame:
        match clause.raw_tag():
            case "name":
                entry.label = clause.name
            case "def":
                entry.definition = clause.definition
            case "synonym":
                synonym = clause.synonym
                kind = _printed(synonym.type) if synonym.type else ""
                scope = Scope(synonym.scope.lower())
                entry.synonyms.append(Synonym(synonym.desc, scope, kind))
            case "is_a":
                entry.parents.append(_printed(clause.term))
            case "xref":
                entry.xrefs.append(_printed(clause.xref.id))
            case "is_obsolete":
                entry.deprecated = clause.obsolete
            case "replaced_by":
                entry.replaced_by.append(_printed(clause.term))
            case "consider":
                entry.consider.append(_printed(clause.term))
            case "alt_id":
                entry.alternatives.append(_printed(clause.alt_id))
    return entry


def _printed(identifier: Any) -> str:
    """Return an identifier without the backslashes that OBO escapes with."""
    if hasattr(identifier, "prefix"):
        return f"{identifier.prefix}:{identifier.local}"
    return str(getattr(identifier, "unescaped", identifier))
