"""BioC files (Comeau et al. 2013, DOI 10.1093/database/bat064): JSON and XML, PubTator3's included.

The `bioc` package reads the format. It says nothing of where a file is wrong, so that what it
relies on is checked before, and named by its path in the file.
"""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .articles import Annotation, Article, misplaced
from .faults import WEB_PAGE, EvidenceError, Fault, is_web_page, not_utf8
from .screening.identifiers import well_known
from .terminologies.opening import opened

#: The key under which PubTator3 wraps its documents in JSON.
_PUBTATOR3 = "PubTator3"
_NEEDED: dict[str, dict[str, type | tuple[type, ...]]] = {
    "document": {"id": (str, int), "passages": list},
    "passage": {"offset": int, "annotations": list},
    "annotation": {"infons": dict, "text": str, "locations": list},
    "location": {"offset": int, "length": int},
}


class BioCMissingError(RuntimeError):
    """The packages that read BioC are not installed."""


def read_bioc(path: Path, annotator: str = "") -> list[Article]:
    """Read a BioC file, JSON or XML by its first character; plain, gzip or zstd.

    :param annotator: who made the annotations; what the file says, or its name, if not given
    :raises EvidenceError: with every fault of the file; entities in XML are a fault
    :raises BioCMissingError: if the packages of the extra `pubtator` are not installed
    """
    with opened(path) as stream:
        data = stream.read()
    faults: list[Fault] = []
    text = _decoded(path, data)
    if text.lstrip().startswith("<"):
        documents, named = _xml(path, data)
    else:
        documents, named = _json(path, text, faults)
    name = annotator or named or path.name.partition(".")[0]
    articles = list(_articles(path, documents, name, faults))
    if not articles and not faults:
        faults.append(Fault(path, 0, 0, "", "", "holds no document"))
    if faults:
        raise EvidenceError(faults)
    return articles


def _decoded(path: Path, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if data.lstrip().startswith(b"<"):
            return "<"  # the declaration says the encoding, and the XML parser heeds it
        line = data[: error.start].count(b"\n") + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        raise EvidenceError([not_utf8(path, line, column, data[error.start])]) from error


def _json(path: Path, text: str, faults: list[Fault]) -> tuple[list[Any], str]:
    """Return the documents that are sound, as `bioc` reads them, and who annotated them."""
    held, annotator = _json_documents(path, text)
    decoder = _bioc().biocjson.decoder
    sound = []
    for place, document in held:
        wrong = list(_unsound(path, place, document))
        faults += wrong
        if not wrong:
            sound.append(decoder.parse_doc(_completed(document)))
    return sound, annotator


def _json_documents(path: Path, text: str) -> tuple[list[tuple[str, Any]], str]:
    try:
        loaded = json.loads(text)
    except RecursionError as error:
        words = "is nested too deeply to be BioC"
        raise EvidenceError([Fault(path, 1, 1, "", "", words)]) from error
    except json.JSONDecodeError as error:
        lines = _json_lines(text)
        if lines is None:
            words = f"is not JSON: {error.msg}; is the file cut off?"
            raise EvidenceError([Fault(path, error.lineno, error.colno, "", "", words)]) from error
        return lines, ""
    if isinstance(loaded, dict) and isinstance(loaded.get(_PUBTATOR3), list):
        return _numbered(_PUBTATOR3, loaded[_PUBTATOR3]), _PUBTATOR3
    if isinstance(loaded, dict) and isinstance(loaded.get("documents"), list):
        return _numbered("documents", loaded["documents"]), str(loaded.get("source") or "")
    if isinstance(loaded, dict) and "passages" in loaded:
        return [("document", loaded)], ""
    words = f"is not BioC: expected an object with `documents` or `{_PUBTATOR3}`"
    raise EvidenceError([Fault(path, 1, 1, "", "", words)])


def _json_lines(text: str) -> list[tuple[str, Any]] | None:
    """Read one document a line, as PubTator exports them; None if that is not what it is."""
    lines = [line for line in text.splitlines() if line.strip()]
    try:
        loaded = [json.loads(line) for line in lines]
    except json.JSONDecodeError:
        return None
    if not all(isinstance(item, dict) and "passages" in item for item in loaded):
        return None
    return [(f"line {number}", item) for number, item in enumerate(loaded, 1)]


def _numbered(name: str, items: list[Any]) -> list[tuple[str, Any]]:
    return [(f"{name}[{number}]", item) for number, item in enumerate(items)]


def _unsound(path: Path, place: str, document: Any) -> Iterator[Fault]:
    yield from _lacks(path, place, document, "document")
    passages = document.get("passages") if isinstance(document, dict) else None
    for place_p, passage in _numbered(f"{place}.passages", _listed(passages)):
        yield from _lacks(path, place_p, passage, "passage")
        annotations = passage.get("annotations") if isinstance(passage, dict) else None
        for place_a, item in _numbered(f"{place_p}.annotations", _listed(annotations)):
            yield from _lacks(path, place_a, item, "annotation")
            locations = item.get("locations") if isinstance(item, dict) else None
            for place_l, location in _numbered(f"{place_a}.locations", _listed(locations)):
                yield from _lacks(path, place_l, location, "location")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _lacks(path: Path, place: str, item: Any, kind: str) -> Iterator[Fault]:
    if not isinstance(item, dict):
        yield Fault(path, 0, 0, place, str(item), f"expected an object, a BioC {kind}")
        return
    for key, types in _NEEDED[kind].items():
        value = item.get(key)
        if value is None or isinstance(value, bool) or not isinstance(value, types):
            shown = "" if value is None else str(value)
            words = f"a BioC {kind} needs `{key}`" if value is None else f"is no {key}"
            yield Fault(path, 0, 0, f"{place}.{key}", shown, words)


def _completed(document: dict[str, Any]) -> dict[str, Any]:
    """Return a document with the empty parts that `bioc` needs and files leave out."""
    empty: dict[str, Any] = {"infons": {}, "relations": [], "sentences": [], "annotations": []}
    passages = [
        {
            **empty,
            **passage,
            "annotations": [{"id": "", **item} for item in passage["annotations"]],
            "relations": [],
        }
        for passage in document["passages"]
    ]
    return {"infons": {}, **document, "id": str(document["id"]), "passages": passages,
            "relations": [], "annotations": []}  # fmt: skip


def _xml(path: Path, data: bytes) -> tuple[list[Any], str]:
    """Return the documents of BioC XML and its source, after a look that refuses entities."""
    _screen_xml(path, data)
    try:
        collection = _bioc().biocxml.load(io.BytesIO(data))
        return list(collection.documents), collection.source or ""
    except (TypeError, ValueError, KeyError, SyntaxError) as error:
        words = f"is not sound BioC: a number or an attribute is missing ({error})"
        raise EvidenceError([Fault(path, 0, 0, "", "", words)]) from error


def _screen_xml(path: Path, data: bytes) -> None:
    try:
        from defusedxml import DefusedXmlException
        from defusedxml import ElementTree as Defused
    except ImportError as error:
        raise BioCMissingError(_MISSING) from error
    from xml.etree.ElementTree import ParseError

    if is_web_page(data):
        raise EvidenceError([Fault(path, 1, 1, "", "", WEB_PAGE)])
    parser = Defused.DefusedXMLParser(forbid_entities=True, forbid_external=True)
    try:
        parser.feed(data)
        root = parser.close()
    except DefusedXmlException as error:
        words = (
            "declares an entity or asks for an external one, which is refused: it can exhaust"
            " memory or read other files"
        )
        place = parser.parser.CurrentLineNumber, parser.parser.CurrentColumnNumber + 1
        name = str(getattr(error, "name", "") or "")
        raise EvidenceError([Fault(path, *place, "DOCTYPE", name, words)]) from error
    except ParseError as error:
        line, column = error.position
        words = f"is not well-formed XML: {error.msg}; is the file cut off?"
        raise EvidenceError([Fault(path, line, column + 1, "", "", words)]) from error
    except (LookupError, ValueError) as error:
        words = f"is in an encoding that is not known: {error}"
        raise EvidenceError([Fault(path, 1, 1, "", "", words)]) from error
    if root.tag != "collection":
        words = "is not BioC: expected <collection> as the outermost element"
        raise EvidenceError([Fault(path, 1, 1, "", f"<{root.tag}>", words)])
    faults = [
        Fault(path, 0, 0, f"document[{number}].{place}", found or "", "expected a whole number")
        for number, document in enumerate(root.iter("document"))
        for place, found in _numbers(document)
        if not (found or "").strip().isdecimal()
    ]
    if faults:
        raise EvidenceError(faults)


def _numbers(document: Any) -> Iterator[tuple[str, str | None]]:
    for number, passage in enumerate(document.iter("passage")):
        yield f"passage[{number}].offset", passage.findtext("offset")
        for location in passage.iter("location"):
            yield f"passage[{number}].location.offset", location.get("offset")
            yield f"passage[{number}].location.length", location.get("length")


def _articles(
    path: Path, documents: list[Any], annotator: str, faults: list[Fault]
) -> Iterator[Article]:
    seen: set[str] = set()
    for document in documents:
        identifier = str(document.id or "").strip()
        if not identifier or identifier in seen:
            words = "is there twice" if identifier else "a document has no id"
            faults.append(Fault(path, 0, 0, "document", identifier, words))
            continue
        seen.add(identifier)
        article = Article(identifier, annotator)
        held = []
        for passage in document.passages:
            kind = passage.infons.get("section_type") or passage.infons.get("type") or "passage"
            text = passage.text or " ".join(s.text or "" for s in passage.sentences)
            article.passages.append((passage.offset, text, str(kind).lower()))
            held += passage.annotations
            held += [a for sentence in passage.sentences for a in sentence.annotations]
        for item in (*held, *document.annotations):
            annotation = _annotation(item)
            wrong = misplaced(article, annotation)
            if wrong:
                field = f"{identifier}: annotation {item.id}".strip()
                faults.append(Fault(path, 0, 0, field, annotation.text, wrong))
            else:
                article.annotations.append(annotation)
        yield article


def _annotation(item: Any) -> Annotation:
    infons = item.infons
    start = min((place.offset for place in item.locations), default=0)
    end = max((place.offset + place.length for place in item.locations), default=0)
    identifier = infons.get("identifier") or infons.get("Identifier")
    if identifier is None:
        named = ((key, infons[key]) for key in infons if well_known(key))
        identifier = next((f"{key}:{value}" for key, value in named), "")
    name = infons.get("name")
    known = name and str(name) not in str(identifier)
    return Annotation(
        start=start,
        end=end,
        text=item.text or "",
        type=str(infons.get("type") or ""),
        identifier=str(identifier),
        label=str(name) if known else None,
    )


_MISSING = "reading BioC needs packages that are not installed: pip install 'evikg[pubtator]'"


def _bioc() -> Any:
    try:
        import bioc
        import bioc.biocjson.decoder
        import bioc.biocxml
    except ImportError as error:
        raise BioCMissingError(_MISSING) from error
    return bioc
