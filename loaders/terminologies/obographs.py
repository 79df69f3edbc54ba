"""OBO Graphs files (JSON), read in two passes: the edges and the header, then node by node.

Specification: https://github.com/geneontology/obographs (Graph, Node, Edge, Meta,
SynonymPropertyValue). Memory holds the parents of all terms and one node at a time.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, Field, ValidationError

from evikg.loaders.faults import EvidenceError, Fault
from evikg.ontology.terms import Release, Scope, Synonym, Term

from .entries import Entry, own_terms, synonym_type
from .headers import PURL, Header, release_of
from .locating import end_of, first_place
from .opening import Progress, opened
from .sniffing import Format, expect

_CHUNK = 1 << 16
_OIO = "http://www.geneontology.org/formats/oboInOwl#"
_SCOPES = {f"has{scope.value.capitalize()}Synonym": scope for scope in Scope}
_REPLACED_BY = f"{PURL}IAO_0100001"


_Model = TypeVar("_Model", bound=BaseModel)


class _Value(BaseModel):
    val: str


class _Property(BaseModel):
    pred: str
    val: str | bool | int | float


def _scope(printed: object) -> object:
    return _SCOPES.get(str(printed).removeprefix(_OIO), printed)


class _Synonym(_Value):
    scope: Annotated[Scope, BeforeValidator(_scope)] = Field(validation_alias="pred")
    type: str | None = Field(default=None, validation_alias="synonymType")


class _Meta(BaseModel):
    definition: _Value | None = None
    synonyms: list[_Synonym] | None = None
    xrefs: list[_Value] | None = None
    properties: list[_Property] | None = Field(default=None, validation_alias="basicPropertyValues")
    version: str | None = None
    deprecated: bool | None = None

    def values(self, predicate: str) -> list[str]:
        return [str(p.val) for p in self.properties or [] if p.pred == predicate]


class _Node(BaseModel):
    id: str
    lbl: str | None = None
    meta: _Meta | None = None


class _Edge(BaseModel):
    sub: str
    pred: str
    obj: str


def read_obographs(
    name: str, path: Path, progress: Progress, version: str | None = None
) -> tuple[Release, Iterator[Term]]:
    """Read a release in OBO Graphs; its nodes are read as they are asked for.

    :param name: which terminology is expected, as `mondo`
    :param version: of the release, where its header names none
    :raises EvidenceError: with line and column, if the file is not JSON, not OBO Graphs, is cut, or
        is another ontology; the iterator raises it too
    """
    expect(path, Format.OBO_GRAPHS)
    header, parents = _header_and_parents(path, progress)
    release = release_of(name, path, header, version)
    return release, own_terms(name, path, _entries(path, parents, progress), progress)


def _header_and_parents(path: Path, progress: Progress) -> tuple[Header, dict[str, list[str]]]:
    """Read what stands outside the nodes, in one pass over the file."""
    ijson = _ijson()
    faults: list[Fault] = []
    parents: dict[str, list[str]] = {}
    found: dict[str, Any] = {part: ijson.sendable_list() for part in ("id", "meta", "edges.item")}
    coroutines = [ijson.items_coro(out, f"graphs.item.{part}") for part, out in found.items()]
    edges = found["edges.item"]
    count = 0
    with opened(path, progress) as stream, _told(path):
        for chunk in iter(lambda: stream.read(_CHUNK), b""):
            for coroutine in coroutines:
                coroutine.send(chunk)
            for printed in edges:
                edge = _valid(_Edge, printed, path, f"edges[{count}]", faults)
                count += 1
                if edge and edge.pred == "is_a":
                    parents.setdefault(edge.sub, []).append(edge.obj)
            edges.clear()
        for coroutine in coroutines:
            coroutine.close()
    if len(found["id"]) != 1:
        words = 'expected OBO Graphs of one ontology: {"graphs": [{"id": …, "nodes": […]}]}'
        faults.append(Fault(path, 1, 1, "graphs", str(len(found["id"])), words))
    meta = _valid(_Meta, next(iter(found["meta"]), {}), path, "meta", faults)
    if faults:
        raise EvidenceError(faults)
    header = Header(ontology=str(found["id"][0]))
    if meta is not None:
        header.version = meta.version or ""
        for item in meta.properties or []:
            header.add(item.pred, str(item.val))
    return header, parents


def _entries(path: Path, parents: dict[str, list[str]], progress: Progress) -> Iterator[Entry]:
    faults: list[Fault] = []
    with opened(path, progress) as stream, _told(path):
        for number, printed in enumerate(_ijson().items(stream, "graphs.item.nodes.item")):
            if isinstance(printed, dict) and printed.get("type") != "CLASS":
                continue  # a property, an individual, or a mere mention of another's term
            node = _valid(_Node, printed, path, f"nodes[{number}]", faults)
            if node is not None:
                yield _entry(node, parents.get(node.id, []))
    if faults:
        raise EvidenceError(faults)


def _entry(node: _Node, parents: list[str]) -> Entry:
    meta = node.meta or _Meta()
    return Entry(
        id=node.id,
        label=node.lbl or "",
        definition=meta.definition.val if meta.definition else "",
        synonyms=[
            Synonym(synonym.val, synonym.scope, synonym_type(synonym.type or ""))
            for synonym in meta.synonyms or []
        ],
        parents=parents,
        xrefs=[xref.val for xref in meta.xrefs or []],
        deprecated=meta.deprecated is True,
        replaced_by=meta.values(_REPLACED_BY),
        consider=meta.values(f"{_OIO}consider"),
        alternatives=meta.values(f"{_OIO}hasAlternativeId"),
    )


def _valid(
    model: type[_Model], printed: object, path: Path, where: str, faults: list[Fault]
) -> _Model | None:
    try:
        return model.model_validate(printed)
    except ValidationError as error:
        name = printed.get("id") or printed.get("sub") if isinstance(printed, dict) else None
        line, column = first_place(path, f'"{name}"') if name else (0, 0)
        for item in error.errors(include_url=False, include_context=False):
            field = where + "".join(
                f"[{step}]" if isinstance(step, int) else f".{step}" for step in item["loc"]
            )
            value = "" if item["type"] == "missing" else str(item["input"])
            words = f"{item['msg'].lower()} (OBO Graphs)"
            faults.append(Fault(path, line, column, field, value, words))
        return None


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Tell what ijson raises as a fault of the file, with its place."""
    ijson = _ijson()
    try:
        yield
    except ijson.JSONError as error:
        raise EvidenceError([_fault(path)]) from error


def _fault(path: Path) -> Fault:
    """Find the byte at which a file stops to be JSON: ijson does not tell it.

    The file is parsed once more, first to the chunk that fails, then byte by byte in that chunk.
    """
    good, line, column = _chunks_before_error(path), 1, 0
    ijson = _ijson()
    coroutine = ijson.basic_parse_coro(ijson.sendable_list())
    with opened(path) as stream:
        for number, chunk in enumerate(iter(lambda: stream.read(_CHUNK), b"")):
            pieces = [chunk] if number < good else [chunk[i : i + 1] for i in range(len(chunk))]
            for piece in pieces:
                newlines = piece.count(b"\n")
                line += newlines
                column = len(piece) - piece.rfind(b"\n") - 1 + (0 if newlines else column)
                try:
                    coroutine.send(piece)
                except ijson.JSONError:
                    return Fault(path, line, column, "", _text(piece), "is not JSON at this place")
    words = "the JSON ends in the middle: the file is cut; download it again"
    return Fault(path, *end_of(path), "", "", words)


def _chunks_before_error(path: Path) -> int:
    ijson = _ijson()
    coroutine = ijson.basic_parse_coro(ijson.sendable_list())
    good = 0
    with opened(path) as stream:
        for chunk in iter(lambda: stream.read(_CHUNK), b""):
            try:
                coroutine.send(chunk)
            except ijson.JSONError:
                break
            good += 1
    return good


def _text(piece: bytes) -> str:
    return piece.decode("utf-8", "replace")


def _ijson() -> Any:
    try:
        import ijson  # type: ignore[import-untyped]
    except ImportError as error:
        raise ImportError("OBO Graphs need ijson: pip install 'evikg[terminologies]'") from error
    return ijson
