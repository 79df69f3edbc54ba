"""Entries of ontologies of the OBO family, whatever their format, as terms.

Readers of OBO, OBO Graphs and OWL give what a file prints of a class; what a term is made of it is
settled here, once, so that one ontology gives equal terms in all three.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from evikg.loaders.faults import EvidenceError, Fault
from evikg.ontology.curie import UnknownPrefixError, expand, prefix_of
from evikg.ontology.terms import Synonym, Term

from .headers import PURL, prefix_for
from .opening import Progress

_STEP = 5_000
_OBO_LOCAL = re.compile(r"(?P<prefix>[A-Za-z][A-Za-z0-9.]*)_(?P<local>\d\w*)")


@dataclass(slots=True, kw_only=True)
class Entry:
    """A class as a file prints it; identifiers are CURIEs or IRIs in any spelling."""

    id: str
    label: str = ""
    definition: str = ""
    synonyms: list[Synonym] = field(default_factory=list)
    parents: list[str] = field(default_factory=list)
    xrefs: list[str] = field(default_factory=list)
    deprecated: bool = False
    replaced_by: list[str] = field(default_factory=list)
    consider: list[str] = field(default_factory=list)
    alternatives: list[str] = field(default_factory=list)


@lru_cache(maxsize=20_000)
def term_iri(identifier: str) -> str:
    """Return the canonical IRI of a CURIE or IRI; an unknown prefix is expanded as OBO does.

    OBO 1.4, section 5.9.2: `PREFIX:local` stands for `http://purl.obolibrary.org/obo/PREFIX_local`.
    """
    try:
        return expand(identifier)
    except UnknownPrefixError:
        return PURL + identifier.replace(":", "_", 1)


def synonym_type(printed: str) -> str:
    """Return the type of a synonym as OBO files print it: `layperson`, `HP:0034334`.

    OWL and OBO Graphs print the IRI `http://purl.obolibrary.org/obo/hp#layperson` for it.
    """
    local = re.split(r"[#/]", printed.strip())[-1]
    match = _OBO_LOCAL.fullmatch(local) if "/" in printed else None
    return f"{match['prefix']}:{match['local']}" if match else local


def own_iri(name: str) -> str:
    """Return what the IRIs of a terminology's own terms begin with."""
    return expand(f"{prefix_for(name)}:")


def own_terms(
    name: str, path: Path, entries: Iterable[Entry], progress: Progress
) -> Iterator[Term]:
    """Yield the terminology's own terms, then its alternative identifiers that have no entry.

    An alternative identifier is a deprecated term without a label, replaced by the one it was
    merged into. Entries of other ontologies, imported into the release, are passed over.

    :raises EvidenceError: at the end, if more entries are of another ontology than of this one
    """
    prefix, own = prefix_for(name), own_iri(name)
    seen: Counter[str] = Counter()
    known: set[str] = set()
    merged: dict[str, set[str]] = {}
    for entry in entries:
        iri = term_iri(entry.id)
        seen[prefix if iri.startswith(own) else _prefix(iri)] += 1
        if not iri.startswith(own):
            continue
        known.add(iri)
        for alternative in entry.alternatives:
            merged.setdefault(term_iri(alternative), set()).add(iri)
        if seen[prefix] % _STEP == 0:
            progress(f"{path.name}: {seen[prefix]:,} terms read")
        yield _term(iri, entry, own)
    for iri in sorted(merged.keys() - known):
        if iri.startswith(own):
            yield Term(iri=iri, label="", deprecated=True, replaced_by=tuple(sorted(merged[iri])))
    if fault := _mostly_other(prefix, path, seen):
        raise EvidenceError([fault])


def _term(iri: str, entry: Entry, own: str) -> Term:
    def iris(identifiers: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted({term_iri(identifier) for identifier in identifiers}))

    return Term(
        iri=iri,
        label=entry.label.strip(),
        definition=entry.definition.strip(),
        synonyms=tuple(sorted(set(entry.synonyms))),
        parents=tuple(parent for parent in iris(entry.parents) if parent.startswith(own)),
        deprecated=entry.deprecated,
        replaced_by=iris(entry.replaced_by),
        consider=iris(entry.consider),
        xrefs=tuple(sorted(set(entry.xrefs))),
    )


def _prefix(iri: str) -> str:
    match = _OBO_LOCAL.fullmatch(iri.removeprefix(PURL))
    return prefix_of(iri) or (match["prefix"] if match else iri.rpartition("/")[0])


def _mostly_other(prefix: str, path: Path, seen: Counter[str]) -> Fault | None:
    if not seen:
        words = "has a header but no terms: the file may be cut; download it again"
        return Fault(path, 0, 0, "", "", words)
    (most, count), *_ = seen.most_common(1)
    if most == prefix or count == seen[prefix]:
        return None
    words = f"expected mostly terms of {prefix}, found {seen[prefix]:,} of it: another release"
    return Fault(path, 0, 0, "terms", f"{count:,} of {most}", words)
