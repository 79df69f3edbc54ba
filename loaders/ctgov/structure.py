"""The structure of a record of the API v2, as far as it is read, and its check."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Required, cast

from pydantic import TypeAdapter, ValidationError
from typing_extensions import TypedDict

from evikg.loaders.faults import Fault

from .protocol_section import Protocol
from .reading import RawRecord
from .results_section import Results


class Mesh(TypedDict, total=False):
    """A term of MeSH."""

    id: Required[str]
    term: Required[str]


class Browse(TypedDict, total=False):
    """Terms of MeSH that a study is indexed with."""

    meshes: list[Mesh]


class Derived(TypedDict, total=False):
    """What the registry worked out."""

    conditionBrowseModule: Browse
    interventionBrowseModule: Browse


class StudyRecord(TypedDict, total=False):
    """A record of ClinicalTrials.gov."""

    protocolSection: Required[Protocol]
    resultsSection: Results
    derivedSection: Derived


def checked(raw: RawRecord, faults: list[Fault]) -> StudyRecord | None:
    """Return a record in the structure that is read; None, and every fault, where it is not."""
    try:
        _adapter().validate_python(raw.data, strict=True)
        return cast(StudyRecord, raw.data)
    except ValidationError as error:
        for item in error.errors(include_url=False):
            pointer = pointer_of(*item["loc"])
            shown = item["input"] if isinstance(item["input"], str | int | float) else ""
            faults.append(raw.fault(pointer, str(shown), item["msg"]))
        return None


def pointer_of(*parts: str | int) -> str:
    """Return the JSON Pointer (RFC 6901) of a path of keys and indices.

    >>> pointer_of("a/b", 0, "c~d")
    '/a~1b/0/c~0d'
    """
    return "".join(_escaped(parts))


def _escaped(parts: tuple[str | int, ...]) -> Iterator[str]:
    for part in parts:
        yield "/" + str(part).replace("~", "~0").replace("/", "~1")


@cache
def _adapter() -> TypeAdapter[StudyRecord]:
    return TypeAdapter(StudyRecord)


def text_at(holder: Mapping[str, object], key: str) -> str | None:
    """Return the text of a field that is named by a variable; None where there is none."""
    found = holder.get(key)
    return found if isinstance(found, str) else None


def number_at(holder: Mapping[str, object], key: str) -> int | None:
    """Return the whole number of a field that is named by a variable; None where there is none."""
    found = holder.get(key)
    return found if isinstance(found, int) else None
