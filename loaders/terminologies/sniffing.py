"""Which format of the OBO family a file is in, told by its first bytes."""

import re
from enum import StrEnum
from pathlib import Path

from evikg.loaders.faults import EvidenceError, Fault

from .opening import opened

_HEAD = 4096
_TAG_VALUE = re.compile(rb"^(\[\w+\]\s*$|[A-Za-z_-]+:\s)")
_PAGE = re.compile(rb"<(!doctype\s+)?html[\s>]", re.IGNORECASE)


class Format(StrEnum):
    """A format of the OBO family."""

    OBO = "OBO"
    OBO_GRAPHS = "OBO Graphs (JSON)"
    OWL = "OWL (RDF/XML)"


def format_of(path: Path) -> Format:
    """Return the format of a file, plain or compressed.

    :raises EvidenceError: if it is none, such as a web page saved in place of the file
    """
    with opened(path) as stream:
        head = stream.read(_HEAD).removeprefix(b"\xef\xbb\xbf").lstrip()
    if _PAGE.search(head):
        words = "is a web page, not a release: download the file itself"
        raise EvidenceError([Fault(path, 1, 1, "", _shown(head), words)])
    if head.startswith(b"<"):
        return Format.OWL
    if head.startswith((b"{", b"[{")):
        return Format.OBO_GRAPHS
    lines = [line for line in head.splitlines() if not line.startswith(b"!")]
    if lines and _TAG_VALUE.match(lines[0]):
        return Format.OBO
    words = "is neither OBO, OWL (RDF/XML) nor OBO Graphs (JSON)"
    raise EvidenceError([Fault(path, 1, 1, "", _shown(head), words)])


def expect(path: Path, expected: Format) -> None:
    """Check that a file is in a format.

    :raises EvidenceError: if it is in another or in none
    """
    found = format_of(path)
    if found != expected:
        raise EvidenceError([Fault(path, 1, 1, "", found.value, f"expected {expected.value}")])


def _shown(head: bytes) -> str:
    return head.split(b"\n", 1)[0][:60].decode("utf-8", "replace").strip()
