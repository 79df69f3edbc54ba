"""The metadata of a mapping set: the commented YAML above its table, or a YAML file beside it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import IO, Any

import yaml

from evikg.loaders.faults import EvidenceError, Fault, read_text

from .rows import MappingSet
from .vocabulary import BUILT_IN_PREFIXES

_MARKUP = re.compile(r"\s*<(!doctype|html|\?xml|head|body)", re.IGNORECASE)
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]+")
_NO_TABLE = "is a web page or XML, not a mapping set in SSSOM/TSV; download the file itself"


@dataclass(frozen=True, slots=True)
class Header:
    """Metadata as YAML gives it, all scalars as text; `lines` is how many it takes in the table."""

    lines: int
    prefixes: dict[str, str]
    metadata: dict[str, Any]

    def text(self, name: str) -> str:
        """Return the value of a key, lists joined by `|`; empty if absent."""
        return "|".join(self.texts(name))

    def texts(self, name: str) -> tuple[str, ...]:
        """Return the values of a key, which may be one value or a list of them."""
        value = self.metadata.get(name)
        values = value if isinstance(value, list) else [value]
        return tuple(str(item) for item in values if isinstance(item, str) and item)

    def described(self, slug: str) -> MappingSet:
        """Return what the metadata say of the set."""
        iri = self.text("mapping_set_id")
        return MappingSet(
            slug=slug,
            iri=iri if _IRI.fullmatch(iri) else "",
            title=self.text("mapping_set_title"),
            version=self.text("mapping_set_version"),
            licence=self.text("license"),
            description=self.text("mapping_set_description"),
            providers=self.texts("mapping_provider"),
        )


def lines_of(path: Path, stream: IO[bytes]) -> Iterator[str]:
    """Yield the lines of a file with their ends, as text.

    :raises EvidenceError: with the place of the first byte that is not UTF-8
    """
    for number, data in enumerate(stream, 1):
        line = data.removeprefix(b"\xef\xbb\xbf") if number == 1 else data
        try:
            yield line.decode("utf-8")
        except UnicodeDecodeError as error:
            wrong = repr(line[error.start : error.start + 1])
            words = "is not UTF-8; save the file with the encoding UTF-8"
            column = len(line[: error.start].decode("utf-8", "replace")) + 1
            raise EvidenceError([Fault(path, number, column, "", wrong, words)]) from error


def parse_header(
    path: Path, lines: Iterator[str], beside: Path | None
) -> tuple[Header, Iterable[str]]:
    """Split the lines of a file into its metadata and its table.

    :param beside: file with the metadata, which is read if the table has none above it
    :raises EvidenceError: with every fault of the metadata
    """
    commented: list[str] = []
    body: Iterable[str] = ()
    for line in lines:
        if not line.startswith("#"):
            ahead = [line]
            while not ahead[-1].strip() and (further := next(lines, None)) is not None:
                ahead.append(further)
            body = chain(ahead, lines)
            if _MARKUP.match(ahead[-1]):
                number = len(commented) + len(ahead)
                raise EvidenceError([Fault(path, number, 1, "", "", _NO_TABLE)])
            break
        # Spreadsheets fill lines up with tabs, as many as the table has columns.
        commented.append(line[1:].rstrip())
    if commented or beside is None:
        place, text = path, "\n".join(commented)
    else:
        faults: list[Fault] = []
        place, text = beside, read_text(beside, faults) or ""
        if faults:
            raise EvidenceError(faults)
    metadata = _yaml(place, text, 1 if commented else 0)
    return Header(len(commented), _prefixes(place, metadata, text), metadata), body


def _yaml(path: Path, text: str, indent: int) -> dict[str, Any]:
    try:
        # Scalars stay text: YAML 1.1 would make a date of a version, and a truth of the prefix `no`.
        loaded = yaml.BaseLoader(text).get_single_data()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line, column = (mark.line + 1, mark.column + 1 + indent) if mark else (1, 1)
        reason = getattr(error, "problem", None) or "it cannot be parsed"
        words = f"the header is not YAML: {reason}"
        raise EvidenceError([Fault(path, line, column, "", "", words)]) from error
    if loaded is None:
        return {}
    if not isinstance(loaded, dict):
        words = "the header is not YAML of the form `key: value`"
        raise EvidenceError([Fault(path, 1, 1, "", "", words)])
    return loaded


def _prefixes(path: Path, metadata: dict[str, Any], text: str) -> dict[str, str]:
    declared = metadata.get("curie_map")
    if not isinstance(declared, dict) or not declared:
        words = "is missing from the metadata above the table; expected a line for each prefix"
        raise EvidenceError([Fault(path, 1, 1, "curie_map", "", words)])
    faults = []
    for prefix, iri in declared.items():
        if not isinstance(iri, str) or not _IRI.fullmatch(iri):
            words = "expected the IRI that the prefix stands for"
        elif BUILT_IN_PREFIXES.get(prefix, iri) != iri:
            words = f"expected {BUILT_IN_PREFIXES[prefix]}, which SSSOM fixes for the prefix"
        else:
            continue
        line = _line_of(str(prefix), text)
        faults.append(Fault(path, line, 1, f"curie_map.{prefix}", str(iri), words))
    if faults:
        raise EvidenceError(faults)
    return {**BUILT_IN_PREFIXES, **declared}


def _line_of(prefix: str, text: str) -> int:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip().startswith((f"{prefix}:", f'"{prefix}":', f"'{prefix}':")):
            return number
    return 1
