"""SSSOM/TSV files, read as a stream, with the place of every fault.

The field's package sssom-pydantic reads these files too, and the tests compare with it; but it holds
a whole set in memory and does not tell the line and column of what it refuses, which a curator
needs. So the table is read here with the standard `csv` module, and CURIEs by `curies`.
"""

import csv
import re
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import IO

from evikg.loaders.faults import EvidenceError, Fault
from evikg.loaders.terminologies.opening import opened
from evikg.ontology.curie import converter, expand

from .header import Header, lines_of, parse_header
from .places import metadata_file, slug_of
from .rows import MappingRow, MappingSet
from .vocabulary import (
    BUILT_IN_PREFIXES,
    JUSTIFICATIONS,
    NO_TERM_FOUND,
    PREDICATES,
    REQUIRED_COLUMNS,
    TEXT_COLUMNS,
    TEXT_PREDICATES,
    is_predicate,
)

Progress = Callable[[str], None]
_STEP = 50_000
#: A file with more faults than this is not read on: it is likely no mapping set at all.
_MOST_FAULTS = 500
_FEW = 20
_NO_IRI = re.compile(r"[\x00-\x20<>\"{}|\\^`]")
_NONE = BUILT_IN_PREFIXES["sssom"] + NO_TERM_FOUND.partition(":")[2]


def read_mappings(
    path: Path, progress: Progress = lambda _: None, slug: str | None = None
) -> list[MappingRow]:
    """Read all rows of a mapping set; see `read_mapping_set`.

    :raises EvidenceError: with every fault of the file
    """
    return list(read_mapping_set(path, progress, slug)[1])


def read_mapping_set(
    path: Path,
    progress: Progress = lambda _: None,
    slug: str | None = None,
    *,
    by_text: bool = False,
) -> tuple[MappingSet, Iterator[MappingRow]]:
    """Read a mapping set in SSSOM/TSV, plain, gzip or zstd; its rows are read as they are used.

    Memory does not grow with the file, except for the identifiers of sets that have a column
    `predicate_modifier`: what is both asserted and denied is a fault.

    :param slug: name of the set in the graph; by the file if not given
    :param by_text: the subjects are the texts in `subject_label`, not what `subject_id` says; what
        contradicts is then left to the caller, who knows which texts are the same
    :raises EvidenceError: with every fault of the header at once, or, after the last row, with
        every fault of the rows (the first 500)
    """
    slug = slug or slug_of(path)
    with opened(path) as stream:
        header, _ = parse_header(path, lines_of(path, stream), metadata_file(path))
    return header.described(slug), _read(path, progress, slug, by_text)


def _read(path: Path, progress: Progress, slug: str, by_text: bool) -> Iterator[MappingRow]:
    with opened(path, progress) as stream:
        yield from _rows(path, stream, progress, slug, by_text)


def _rows(
    path: Path, stream: IO[bytes], progress: Progress, slug: str, by_text: bool
) -> Iterator[MappingRow]:
    header, body = parse_header(path, lines_of(path, stream), metadata_file(path))
    table = csv.reader(body, delimiter="\t", strict=True)
    columns = _columns(path, header, table, TEXT_COLUMNS if by_text else REQUIRED_COLUMNS)
    reading = _Rows(path, header, columns, slug, by_text)
    number = 0
    while True:
        line = header.lines + table.line_num + 1
        try:
            cells = next(table, None)
        except csv.Error as error:
            words = f"is not TSV: {error}; a value with a quote or tab stands in double quotes"
            reading.add(line, 1, "", "", words)
            break
        if cells is None or len(reading.faults) >= _MOST_FAULTS:
            break
        if not any(cells):
            continue
        number += 1
        row = reading.row(number, line, cells)
        if row is not None:
            yield row
        if number % _STEP == 0:
            progress(f"{path.name}: {number} mappings read")
    reading.check()


def _columns(
    path: Path, header: Header, table: "Iterator[list[str]]", required: tuple[str, ...]
) -> list[str]:
    line = header.lines + 1
    try:
        columns = [name.strip() for name in next(table, [])]
    except csv.Error as error:
        raise EvidenceError([Fault(path, line, 1, "", "", f"is not TSV: {error}")]) from error
    faults = []
    if missing := [name for name in required if name not in columns]:
        words = f"is missing the columns {', '.join(missing)}"
        if len(columns) == 1:
            words = f"is no table of columns between tabs; it {words}"
        faults.append(Fault(path, line, 1, "", columns[0] if columns else "", words))
    for place, name in enumerate(columns, 1):
        if name and name in columns[: place - 1]:
            faults.append(Fault(path, line, place, name, "", "is a column twice"))
    if faults:
        raise EvidenceError(faults)
    return columns


def _canonical(namespace: str) -> str | None:
    """Return the canonical spelling of a namespace; None if that depends on what follows it."""
    known = converter().reverse_prefix_map
    if any(other.startswith(namespace) for other in known if other != namespace):
        return None
    return expand(f"{namespace}0").removesuffix("0")


class _Rows:
    """Rows of one file, and the faults found in them so far."""

    def __init__(
        self, path: Path, header: Header, columns: list[str], slug: str, by_text: bool
    ) -> None:
        self.faults: list[Fault] = []
        self._path = path
        self._header = header
        self._slug = slug
        self._columns = columns
        self._by_text = by_text
        self._places = {name: place for place, name in enumerate(columns, 1)}
        self._seen: dict[tuple[str, str, str], tuple[bool, int]] | None = (
            {} if "predicate_modifier" in self._places and not by_text else None
        )
        self._namespaces = {
            prefix: _canonical(namespace) for prefix, namespace in header.prefixes.items()
        }
        self._expanded = lru_cache(maxsize=10_000)(self._expand)

    def add(self, line: int, column: int, field: str, value: str, words: str) -> None:
        self.faults.append(Fault(self._path, line, column, field, value, words))

    def check(self) -> None:
        if len(self.faults) >= _MOST_FAULTS:
            words = f"has more than {_MOST_FAULTS} faults; it is not read further"
            self.add(0, 0, "", "", words)
        if self.faults:
            raise EvidenceError(self.faults)

    def row(self, number: int, line: int, cells: list[str]) -> MappingRow | None:
        """Return a row, or None and faults."""
        if len(cells) != len(self._columns):
            words = f"expected {len(self._columns)} columns as in the head, found {len(cells)}"
            self.add(line, min(len(cells), len(self._columns)) + 1, "", "", words)
            return None
        before = len(self.faults)
        get = dict(zip(self._columns, map(str.strip, cells), strict=True)).get
        subject = "" if self._by_text else self._iri(line, "subject_id", get("subject_id", ""))
        predicate, target, why = (self._iri(line, name, get(name, "")) for name in
                                  REQUIRED_COLUMNS[1:])  # fmt: skip
        if self._by_text and not get("subject_label"):
            self._fault(line, "subject_label", "", "expected the text that the row is about")
        if self._by_text and predicate and predicate not in TEXT_PREDICATES:
            words = f"expected one of {', '.join(map(self._curie, TEXT_PREDICATES))}"
            self._fault(line, "predicate_id", get("predicate_id", ""), words)
        elif predicate and not is_predicate(predicate):
            self._unknown(line, "predicate_id", get("predicate_id", ""), PREDICATES)
        if why and why not in JUSTIFICATIONS:
            printed = get("mapping_justification", "")
            self._unknown(line, "mapping_justification", printed, JUSTIFICATIONS)
        if subject == target == _NONE:
            self._fault(line, "object_id", NO_TERM_FOUND, "stands on both sides: one needs a term")
        modifier = get("predicate_modifier") or ""
        if modifier not in ("", "Not"):
            self._fault(line, "predicate_modifier", modifier, "expected Not or nothing")
        confidence = self._confidence(line, get("confidence") or "")
        row = MappingRow(
            subject=subject,
            predicate=predicate,
            object=target,
            justification=why,
            slug=f"{self._slug}-{number}",
            subject_label=get("subject_label") or "",
            object_label=get("object_label") or "",
            object_source=get("object_source", self._header.text("object_source")),
            negative=modifier == "Not",
            found=_NONE not in (subject, target),
            confidence=confidence,
            authors=self._iris(line, "author_id", get("author_id") or ""),
            reviewers=self._iris(line, "reviewer_id", get("reviewer_id") or ""),
            mapping_date=get("mapping_date", self._header.text("mapping_date")),
            tool=get("mapping_tool", self._header.text("mapping_tool")),
            comment=get("comment") or "",
            line=line,
            places=self._places,
        )
        if len(self.faults) > before:
            return None
        self._check_modifier(row)
        return row if len(self.faults) == before else None

    def _check_modifier(self, row: MappingRow) -> None:
        if self._seen is not None:
            key = (row.subject, row.predicate, row.object)
            negative, first = self._seen.setdefault(key, (row.negative, row.line))
            if negative != row.negative:
                words = f"line {first} says the opposite of the same mapping; keep one of the two"
                self._fault(row.line, "predicate_modifier", "Not" if row.negative else "", words)

    def _confidence(self, line: int, printed: str) -> Decimal | None:
        if not printed:
            return None
        try:
            value = Decimal(printed)
            if 0 <= value <= 1:
                return value
        except InvalidOperation:
            pass
        self._fault(line, "confidence", printed, "expected a number from 0 to 1")
        return None

    def _iris(self, line: int, field: str, printed: str) -> tuple[str, ...]:
        values = (value.strip() for value in printed.split("|"))
        return tuple(self._iri(line, field, value) for value in values if value)

    def _iri(self, line: int, field: str, curie: str) -> str:
        iri, words = self._expanded(curie)
        if words:
            self._fault(line, field, curie, words)
        return iri

    def _expand(self, curie: str) -> tuple[str, str]:
        prefix, colon, local = curie.partition(":")
        if not curie:
            return "", "is empty; expected a CURIE"
        if not colon or local.startswith("//"):
            return "", "expected a CURIE, as MONDO:0004967"
        namespace = self._header.prefixes.get(prefix)
        if namespace is None:
            folded = {known.lower(): known for known in self._header.prefixes}
            near = get_close_matches(prefix.lower(), folded, n=1)
            words = f"expected a CURIE with a prefix of the curie_map, which does not have {prefix}"
            return "", words + (f" (nearest: {folded[near[0]]})" if near else self._declared())
        if not local or _NO_IRI.search(local):
            return "", "is no CURIE: its identifier is empty or has a character no IRI can have"
        plain = self._namespaces[prefix]
        return (expand(namespace + local) if plain is None else plain + local), ""

    def _declared(self) -> str:
        """Return the prefixes that the file declares, if they are few enough to look through."""
        names = list(self._header.metadata.get("curie_map", ()))
        return f": {', '.join(names)}" if len(names) <= _FEW else ""

    def _curie(self, iri: str) -> str:
        """Return an IRI as the file may write it."""
        prefixes = self._header.prefixes.items()
        return next((f"{p}:{iri[len(ns) :]}" for p, ns in prefixes if iri.startswith(ns)), iri)

    def _unknown(self, line: int, field: str, printed: str, known: frozenset[str]) -> None:
        names = sorted(map(self._curie, known))
        near = get_close_matches(printed, names, n=1, cutoff=0.75)
        hint = f"nearest: {near[0]}" if near else f"it knows: {', '.join(names)}"
        self._fault(line, field, printed, f"is none that SSSOM knows; {hint}")

    def _fault(self, line: int, field: str, value: str, words: str) -> None:
        self.add(line, self._places.get(field, 1), field, value, words)
