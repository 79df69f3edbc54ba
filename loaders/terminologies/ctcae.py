"""CTCAE: adverse event terms of the US National Cancer Institute, with what their grades mean.

Read from JSON: `categories`, the system organ classes (`id`, `name`), and `models`, the terms
(`code`, `category`, `term`, `g1` to `g5`, `definition`). NCI prints each term with the code of a
MedDRA term. In each class one term, *… - Other, specify*, is printed with the code of the class
itself; so the code alone would name two things. Such a term is `CTCAE:<code>-other`, after the
code that NCI prints for it and not after its place, so that it stays the same in other editions.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evikg.loaders.faults import WEB_PAGE, EvidenceError, Fault, is_web_page
from evikg.ontology.curie import expand
from evikg.ontology.terms import Grade, Release, Term

from .archives import printed_name, unpacked
from .collected import Faults
from .opening import Progress

_VERSION = re.compile(r"v(\d+)(?:[._](\d+))?", re.IGNORECASE)
_MEMBER = r".*\.json"
_OTHER = "Other, specify"
_NOTHING = "-"  # printed where a term has no such grade, or no definition
_CATEGORY_KEYS = {"id": int, "name": str}
_GRADES = {number: f"g{number}" for number in range(1, 6)}
_MODEL_KEYS = {"code": int, "category": str, "term": str, "definition": str} | dict.fromkeys(
    _GRADES.values(), str
)
_WORDS = {int: "a whole number", str: "a text"}


def read_ctcae(
    path: Path, version: str | None = None, progress: Progress = lambda _: None
) -> tuple[Release, Iterator[Term]]:
    """Read the system organ classes, then the terms below them with their grades.

    :param path: the JSON file; plain, gzip, zstd or zip
    :param version: the edition, needed where the file's name does not have it as `_v5` is
    :raises EvidenceError: if the edition is unknown, the JSON is malformed, or entries lack a key,
        share an identifier or name an unknown class; each with its place, such as `models[3].g1`
    """
    document = _document(path, progress)
    found = _VERSION.search(printed_name(path, _MEMBER))
    version = version or (f"{found[1]}.{found[2] or 0}" if found else "")
    if not version:
        words = "has no edition in its name, as CTCAE_v5.json has; say which it is (--release 5.0)"
        raise EvidenceError([Fault(path, 0, 0, "", "", words)])
    release = Release(
        name="ctcae",
        title="Common Terminology Criteria for Adverse Events",
        version=version,
        licence="public domain (work of the US Government); MedDRA codes as NCI publishes them",
        attribution="U.S. National Cancer Institute",
    )
    faults = Faults(path)
    terms = list(_terms(document, faults))
    faults.check()
    return release, iter(terms)


def _document(path: Path, progress: Progress) -> dict[str, Any]:
    with unpacked(path, _MEMBER, progress) as stream:
        data = stream.read()
    if not data.strip():
        raise EvidenceError([Fault(path, 0, 0, "", "", "is empty")])
    if is_web_page(data):
        raise EvidenceError([Fault(path, 1, 1, "", "", WEB_PAGE)])
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        raise EvidenceError([Fault(path, line, column, "", "", "is not UTF-8")]) from error
    except json.JSONDecodeError as error:
        words = f"is no JSON: {error.msg}"
        raise EvidenceError([Fault(path, error.lineno, error.colno, "", "", words)]) from error
    except RecursionError as error:
        raise EvidenceError([Fault(path, 0, 0, "", "", "is nested too deeply")]) from error
    missing = [
        key
        for key in ("categories", "models")
        if not isinstance(document, dict) or not isinstance(document.get(key), list)
    ]
    if missing:
        words = "expected a list of this name at the top of the document"
        raise EvidenceError([Fault(path, 0, 0, key, "", words) for key in missing])
    return dict(document)


def _terms(document: dict[str, Any], faults: Faults) -> Iterator[Term]:
    classes: dict[str, str] = {}
    seen: dict[str, str] = {}
    for place, entry in _entries(document, "categories", _CATEGORY_KEYS, faults):
        term = _soc(entry)
        classes[term.label] = term.iri
        if _is_new(term, place, seen, faults):
            yield term
    for place, entry in _entries(document, "models", _MODEL_KEYS, faults):
        category = entry["category"].strip()
        if category not in classes:
            words = "is the name of no category of the document"
            faults.add(0, 0, f"{place}.category", category, words)
            continue
        term = _term(entry, classes[category])
        if _is_new(term, place, seen, faults):
            yield term


def _entries(
    document: dict[str, Any], key: str, wanted: dict[str, type], faults: Faults
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Return the entries of a list that are complete, each with its place in the document."""
    if not document[key]:
        faults.add(0, 0, key, "", "is empty")
    for number, entry in enumerate(document[key]):
        place = f"{key}[{number}]"
        if not isinstance(entry, dict):
            faults.add(0, 0, place, str(entry), f"expected an object with {', '.join(wanted)}")
            continue
        good = True
        for name, kind in wanted.items():
            value = entry.get(name)
            if name not in entry:
                faults.add(0, 0, f"{place}.{name}", "", "is lacking")
            elif not isinstance(value, kind) or isinstance(value, bool):
                faults.add(0, 0, f"{place}.{name}", str(value), f"expected {_WORDS[kind]}")
            elif name in {"name", "term"} and not str(value).strip():
                faults.add(0, 0, f"{place}.{name}", "", "is empty")
            else:
                continue
            good = False
        if good:
            yield place, entry


def _is_new(term: Term, place: str, seen: dict[str, str], faults: Faults) -> bool:
    first = seen.setdefault(term.iri, place)
    if first != place:
        faults.add(0, 0, place, term.label, f"has the code of {first} too; codes name one term")
    return first == place


def _soc(entry: dict[str, Any]) -> Term:
    code = entry["id"]
    return Term(iri=expand(f"CTCAE:{code}"), label=entry["name"].strip(), xrefs=(f"MEDDRA:{code}",))


def _term(entry: dict[str, Any], parent: str) -> Term:
    code, label = entry["code"], entry["term"].strip()
    local = f"{code}-other" if label.endswith(_OTHER) else f"{code}"
    return Term(
        iri=expand(f"CTCAE:{local}"),
        label=label,
        definition=_printed(entry["definition"]),
        parents=(parent,),
        xrefs=(f"MEDDRA:{code}",),
        grades=tuple(
            Grade(number, _printed(entry[key]))
            for number, key in _GRADES.items()
            if _printed(entry[key])
        ),
    )


def _printed(text: str) -> str:
    return "" if text.strip() == _NOTHING else text.strip()
