"""Slices of terminologies: what the evidence links to, with everything above it.

The shipped slices stand in `ontology/slices/`, one Turtle file a terminology, and a manifest that
says of each which release it was cut from, on which terms, and how. `cut` makes them again from a
full release.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, Triple, parse, serialize

from evikg.ontology import prefixes
from evikg.ontology.curie import prefix_of
from evikg.ontology.term_triples import LABEL, SLICE, release_triples, term_triples
from evikg.ontology.terms import Release, Term

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """What the manifest says of a slice; checksums are SHA-256 in hexadecimal."""

    name: str
    title: str
    version: str
    licence: str
    attribution: str
    sources: dict[str, str]  # files it was cut from, with their checksums
    sha256: str
    terms: int
    cut: str
    note: str = ""

    @property
    def file(self) -> str:
        """Return the name of the file that holds it."""
        return f"{self.name}.ttl"


def shipped_slices() -> Path:
    """Return the folder of the slices that are installed with the package."""
    return Path(str(files("evikg.ontology").joinpath("slices")))


def read_manifest(folder: Path) -> list[Slice]:
    """Read which slices a folder holds, by name."""
    loaded = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    return sorted((Slice(**item) for item in loaded), key=lambda item: item.name)


@cache
def slice_triples(folder: Path, name: str) -> frozenset[Triple]:
    """Return the triples of a slice, its release's among them."""
    data = (folder / f"{name}.ttl").read_bytes()
    return frozenset(quad.triple for quad in parse(data, RdfFormat.TURTLE))


def shipped_terms(name: str) -> frozenset[str]:
    """Return the IRIs of the terms of a shipped slice; none where no such slice is shipped."""
    folder = shipped_slices()
    if name not in {item.name for item in read_manifest(folder)}:
        return frozenset()
    return frozenset(
        triple.subject.value
        for triple in slice_triples(folder, name)
        if triple.predicate == LABEL
        and isinstance(triple.subject, NamedNode)
        and prefix_of(triple.subject.value)
    )


def cut(read: Callable[[], Iterable[Term]], wanted: Callable[[Term], bool]) -> list[Term]:
    """Return the wanted terms, everything above them and what replaces them, sorted by IRI.

    The release is read twice, so that it need not be held.

    :param read: opens the release anew and gives its terms
    """
    above: dict[str, tuple[str, ...]] = {}
    seeds: list[str] = []
    for term in read():
        above[term.iri] = term.parents + term.mapped_to + term.replaced_by + term.consider
        if wanted(term):
            seeds.append(term.iri)
    kept: set[str] = set()
    while seeds:
        iri = seeds.pop()
        if iri not in kept and iri in above:
            kept.add(iri)
            seeds += above[iri]
    return sorted((term for term in read() if term.iri in kept), key=lambda term: term.iri)


def write_slice(
    folder: Path,
    release: Release,
    terms: Iterable[Term],
    sources: Sequence[Path],
    how: str,
    note: str = "",
) -> Slice:
    """Write a slice and enter it in the manifest, the file first and each in one step.

    :param how: what was kept of the release
    :param note: what a reader must know of the files it was cut from
    """
    kept = list(terms)
    data = b"".join(_turtle(release, kept))
    made = Slice(
        **asdict(release),
        sources={path.name: _sha256(path) for path in sources},
        sha256=hashlib.sha256(data).hexdigest(),
        terms=len(kept),
        cut=how,
        note=note,
    )
    folder.mkdir(parents=True, exist_ok=True)
    before = read_manifest(folder) if (folder / MANIFEST).exists() else []
    others = [item for item in before if item.name != made.name]
    listed = sorted([*others, made], key=lambda item: item.name)
    _write(folder / made.file, data)
    manifest = json.dumps([asdict(item) for item in listed], indent=1, ensure_ascii=False)
    _write(folder / MANIFEST, f"{manifest}\n".encode())
    return made


def _turtle(release: Release, terms: Iterable[Term]) -> Iterator[bytes]:
    triples = sorted(set(release_triples(release, SLICE)), key=str)
    for term in terms:
        triples += sorted(set(term_triples(term)), key=str)
    data = serialize(triples, format=RdfFormat.TURTLE, prefixes=_used_prefixes())
    yield data or b""


def _used_prefixes() -> dict[str, str]:
    wanted = "dcterms ev meshv oio obo owl rdf rdfs terminology xsd mesh ctcae".split()
    return {prefix: prefixes()[prefix] for prefix in wanted}


def _write(path: Path, data: bytes) -> None:
    draft = path.with_name(f"{path.name}.draft")
    draft.write_bytes(data)
    draft.replace(path)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
