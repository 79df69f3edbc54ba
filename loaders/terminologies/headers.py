"""What the header of an ontology of the OBO family says of its release, and faults of it.

Three spellings of one version are met: `hp/releases/2025-01-16` (OBO `data-version`),
`http://purl.obolibrary.org/obo/hp/releases/2025-01-16/hp.owl` (version IRI, OBO Foundry
principle 4) and `2025-01-16` (`owl:versionInfo`); all are read as `2025-01-16`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from evikg.loaders.faults import EvidenceError, Fault
from evikg.ontology.curie import converter
from evikg.ontology.terms import Release

from .locating import first_place

PURL = "http://purl.obolibrary.org/obo/"
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_FILE = re.compile(r"\.(obo|owl|json)$", re.IGNORECASE)
NOT_STATED = "not stated in the release"


@dataclass(slots=True)
class Header:
    """The header as printed; `properties` are annotations by their local name, as `license`."""

    ontology: str = ""
    version: str = ""
    properties: dict[str, list[str]] = field(default_factory=dict)

    def add(self, predicate: str, value: str) -> None:
        """Take an annotation; its predicate is an IRI, a CURIE or, as in old files, `dc-title`."""
        local = re.split(r"[#/:-]", predicate)[-1]
        self.properties.setdefault(local, []).append(value.strip())


def version_of(printed: str) -> str:
    """Return the version that a version string or IRI prints.

    >>> version_of("hp/releases/2025-01-16"), version_of("releases/2026-05-05"), version_of("230")
    ('2025-01-16', '2026-05-05', '230')
    >>> version_of("http://purl.obolibrary.org/obo/chebi/230/chebi.owl")
    '230'
    """
    parts = [part for part in printed.strip().split("/") if part]
    if len(parts) > 1 and _FILE.search(parts[-1]):
        parts.pop()
    for part in parts:
        if date := _DATE.search(part):
            return date.group()
    return parts[-1] if parts else ""


def ontology_of(printed: str) -> str:
    """Return the slug of an ontology: `hp` of `hp.obo`, of its IRI, and of its subsets and bases.

    >>> [ontology_of(x) for x in ("hp.obo", "http://purl.obolibrary.org/obo/mondo/mondo-base.owl")]
    ['hp', 'mondo']
    """
    local = printed.strip().removeprefix(PURL).removeprefix(PURL.replace("http:", "https:"))
    return _FILE.sub("", local.partition("/")[0]).lower()


def prefix_for(name: str) -> str:
    """Return the CURIE prefix of a terminology's terms: `MONDO` of `mondo`.

    :raises LookupError: if no prefix of the prefix map is spelled so
    """
    prefix = converter().standardize_prefix(name)
    if prefix is None:
        raise LookupError(f"no terminology is known as {name!r}")
    return str(prefix)


def release_of(name: str, path: Path, header: Header, version: str | None = None) -> Release:
    """Return the release that a header describes; what it does not print is said to be not stated.

    :param name: which terminology is expected, as `mondo`
    :param version: which release is expected, or which it is where the header says nothing
    :raises EvidenceError: if it is another ontology or release, has no version, or has two
    """
    properties = header.properties
    printed = header.version or _first(properties, "versionInfo") or version or ""
    faults = [*_wrong(name, path, header), *_versions(name, path, header, printed)]
    if version and version_of(printed) != version_of(version):
        words = f"is another release: expected {version}"
        faults.append(Fault(path, *first_place(path, printed), "version", printed, words))
    if faults:
        raise EvidenceError(faults)
    holders = [
        value
        for key in ("bibliographicCitation", "rightsHolder", "rights")
        for value in properties.get(key, [])
        if "://" not in value  # a licence is often put under `rights` too
    ] or properties.get("creator", [])
    licences = properties.get("license") or properties.get("rights") or [NOT_STATED]
    return Release(
        name=name,
        title=_first(properties, "title") or prefix_for(name),
        version=version_of(printed),
        licence=", ".join(sorted(set(licences))),
        attribution=", ".join(sorted(set(holders))) or f"{PURL}{ontology_of(header.ontology)}.owl",
    )


def _wrong(name: str, path: Path, header: Header) -> list[Fault]:
    found = ontology_of(header.ontology)
    if not found or converter().standardize_prefix(found) == prefix_for(name):
        return []
    line, column = first_place(path, header.ontology)
    words = f"is another ontology: expected a release of {name}; load it under its own name"
    return [Fault(path, line, column, "ontology", header.ontology, words)]


def _versions(name: str, path: Path, header: Header, printed: str) -> list[Fault]:
    if not version_of(printed):
        words = (
            "is missing: nothing says which release this is; say it with --release, or take the"
            f" official file, which does (data-version: {name}/releases/<date>, owl:versionIRI)"
        )
        return [Fault(path, 1, 1, "version", "", words)]
    stated = [printed, *header.properties.get("versionInfo", [])]
    dates = {version_of(v): v for v in reversed(stated) if _DATE.fullmatch(version_of(v))}
    if len(dates) < 2:
        return []
    first, other, *_ = sorted(dates)
    line, column = first_place(path, dates[other])
    words = f"but also {dates[first]!r}: the file mixes releases; take the official file"
    return [Fault(path, line, column, "version", dates[other], words)]


def _first(properties: Mapping[str, Sequence[str]], key: str) -> str:
    return next(iter(properties.get(key, [])), "")
