"""MeSH as RDF: `mesh.nt` or `mesh20XX.nt`, all records of a release in one file of N-Triples.

The file is large and not sorted by subject, so what is needed of it goes into a temporary store on
disk first. Records, concepts and terms are walked as NLM's model describes them
(https://hhs.github.io/meshrdf/). Permuted terms are `meshv:altLabel` there and are passed over.
A record that NLM has given up stays in the file with `meshv:active` false: it is deprecated.
"""

import re
import tempfile
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import IO, TYPE_CHECKING

from evikg.loaders.faults import EvidenceError, Fault
from evikg.ontology.terms import Scope, Term

from .archives import printed_name, unpacked
from .collected import Faults
from .mesh_records import (
    DESCRIPTOR_KINDS,
    SUPPLEMENTARY_KINDS,
    Name,
    Trees,
    iri_of,
    is_ui,
    synonyms_of,
    year_in,
)
from .opening import Progress

if TYPE_CHECKING:
    from pyoxigraph import NamedNode, Quad, Store

_MESHV = "http://id.nlm.nih.gov/mesh/vocab#"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
_NEEDED = frozenset(
    _MESHV + name
    for name in (
        "active broaderConcept concept lexicalTag mappedTo narrowerConcept preferredConcept"
        " preferredMappedTo preferredTerm prefLabel scopeNote term treeNumber"
    ).split()
)
_KINDS = {_MESHV + kind for kind in (*DESCRIPTOR_KINDS.values(), *SUPPLEMENTARY_KINDS.values())}
_VERSIONED = re.compile(rb"<http://id\.nlm\.nih\.gov/mesh/((?:19|20)\d{2})/")
#: A descriptor with a qualifier is named by both identifiers, as `D002164Q000031`.
_PAIR = re.compile(r"(D\d{6,9})(?:Q\d{6,9})?")
_MEMBER = r".*\.nt"
_BATCH = 200_000
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_STARTS = (b"<http:", b"<https:", b"_:", b"#")


def is_rdf(path: Path) -> bool:
    """Tell whether a file is N-Triples rather than XML, by how it starts.

    :raises EvidenceError: if it cannot be read, is empty or is not text
    """
    with unpacked(path, r".*\.(nt|xml)") as stream:
        start = stream.read(1024)
    if _BINARY.search(start) and not start.startswith((BOM_UTF16_BE, BOM_UTF16_LE)):
        words = "is not text; expected MeSH in XML or N-Triples"
        raise EvidenceError([Fault(path, 1, 1, "", "", words)])
    return start.lstrip().startswith(_STARTS)


def years(path: Path) -> list[tuple[Path, str, str]]:
    """Return where a file prints its year: in its name or in the IRIs of its records."""
    with unpacked(path, _MEMBER) as stream:
        found = _VERSIONED.search(stream.read(1 << 16))
    name = year_in(printed_name(path, _MEMBER))
    return [(path, "file name", name), (path, "IRIs", found[1].decode() if found else "")]


def read_rdf(path: Path, progress: Progress, *, part: bool = False) -> Iterator[Term]:
    """Read the records of a file: descriptors with their parents, then supplementary records.

    :param part: the file is a part of a release; see `mesh_records.Trees`
    :raises EvidenceError: at a syntax error, with its line; if records or tree numbers are at fault
    """
    with tempfile.TemporaryDirectory(prefix="evikg-mesh-") as folder:
        with unpacked(path, _MEMBER, progress) as stream:
            store = _stored(path, stream, folder)
        walk = _Walk(path, store)
        trees = Trees(path, part=part)
        for kind in DESCRIPTOR_KINDS.values():
            for term in walk.terms(kind):
                trees.add(term)
        progress(f"{path.name}: {len(trees.iris):,} descriptors")
        found = bool(trees.iris)
        headings = frozenset() if part else trees.iris
        yield from trees.terms()
        for kind in SUPPLEMENTARY_KINDS.values():
            for term in walk.terms(kind, headings):
                found = True
                yield term
        if not found:
            walk.faults.add(0, 0, "", "", "holds no record of MeSH; expected NLM's mesh.nt")
        walk.faults.check()


def _stored(path: Path, stream: IO[bytes], folder: str) -> "Store":
    from pyoxigraph import Quad, RdfFormat, Store, parse

    def needed() -> Iterator[Quad]:
        for quad in parse(stream, format=RdfFormat.N_TRIPLES):
            predicate = quad.predicate.value
            if predicate in _NEEDED or _is_of_record(quad, predicate):
                yield quad

    store, quads = Store(folder), needed()
    try:
        for first in quads:  # batch by batch: all at once is held in memory
            store.bulk_extend(chain([first], islice(quads, _BATCH)))
    except SyntaxError as error:
        line, column = error.lineno or 0, error.offset or 0
        words = f"is no N-Triples: {error.msg.partition(' at line')[0]}"
        raise EvidenceError([Fault(path, line, column, "", "", words)]) from error
    return store


def _is_of_record(quad: "Quad", predicate: str) -> bool:
    if predicate == _TYPE:
        return getattr(quad.object, "value", "") in _KINDS
    return predicate == _LABEL and is_ui(_local(getattr(quad.subject, "value", "")))


class _Walk:
    """Walks from records to their concepts and terms."""

    def __init__(self, path: Path, store: "Store") -> None:
        self.faults = Faults(path)
        self._store = store

    def terms(self, kind: str, headings: frozenset[str] = frozenset()) -> Iterator[Term]:
        from pyoxigraph import NamedNode

        quads = self._store.quads_for_pattern(None, NamedNode(_TYPE), NamedNode(_MESHV + kind))
        for iri in sorted(str(getattr(quad.subject, "value", "")) for quad in quads):
            term = self._term(NamedNode(iri), kind)
            if term is None:
                continue
            for heading in () if term.deprecated or not headings else term.mapped_to:
                if heading not in headings:
                    words = f"{_local(iri)} is mapped to it, but it is no descriptor of the file"
                    self.faults.add(0, 0, "mappedTo", _local(heading), words)
            yield term

    def _term(self, record: "NamedNode", kind: str) -> Term | None:
        ui, about = _local(record.value), self._about(record)
        label = about.text(_LABEL)
        deprecated = about.given_up
        preferred = [self._about(node) for node in about.nodes("preferredConcept")]
        if not is_ui(ui):
            self.faults.add(0, 0, "IRI", record.value, f"is no identifier of a {kind}")
        elif not label:
            self.faults.add(0, 0, "rdfs:label", "", f"the record {ui} has none")
        elif not preferred and not deprecated:
            self.faults.add(0, 0, "meshv:preferredConcept", "", f"the record {ui} has none")
        else:
            others = [self._about(node) for node in about.nodes("concept")]
            others = [concept for concept in others if not concept.given_up]
            return Term(
                iri=iri_of(ui),
                label=label,
                kind=kind,
                definition=preferred[0].text(_MESHV + "scopeNote") if preferred else "",
                synonyms=synonyms_of(label, self._names(preferred, others)),
                tree_numbers=self._tree_numbers(about),
                mapped_to=_mapped_to(about),
                deprecated=deprecated,
            )
        return None

    def _names(self, preferred: "list[_About]", others: "list[_About]") -> Iterator[Name]:
        scopes = [(concept, Scope.EXACT) for concept in preferred]
        scopes += [(concept, _scope(concept, preferred)) for concept in others]
        for concept, scope in scopes:
            for node in (*concept.nodes("preferredTerm"), *concept.nodes("term")):
                term = self._about(node)
                text = term.text(_MESHV + "prefLabel")
                if text and not term.given_up:
                    yield Name(text, term.text(_MESHV + "lexicalTag"), scope)

    def _tree_numbers(self, record: "_About") -> tuple[str, ...]:
        nodes = [n for n in record.nodes("treeNumber") if not self._about(n).given_up]
        return tuple(sorted(_local(node.value) for node in nodes))

    def _about(self, subject: "NamedNode") -> "_About":
        return _About(subject, self._store.quads_for_pattern(subject, None, None))


class _About:
    """What the store holds of one node."""

    def __init__(self, subject: "NamedNode", quads: "Iterable[Quad]") -> None:
        self.subject = subject
        self._objects: dict[str, list[object]] = {}
        for quad in quads:
            self._objects.setdefault(quad.predicate.value, []).append(quad.object)

    @property
    def given_up(self) -> bool:
        """Whether NLM has given the node up: records, concepts, terms and tree numbers may be."""
        return self.text(_MESHV + "active") in {"false", "0"}

    def nodes(self, name: str) -> "list[NamedNode]":
        """Return the nodes that a property of MeSH leads to."""
        from pyoxigraph import NamedNode

        return [o for o in self._objects.get(_MESHV + name, ()) if isinstance(o, NamedNode)]

    def text(self, predicate: str) -> str:
        """Return the literal of a predicate; of several, the first in order."""
        from pyoxigraph import Literal

        found = self._objects.get(predicate, ())
        return min((o.value for o in found if isinstance(o, Literal)), default="").strip()


def _scope(concept: _About, preferred: list[_About]) -> Scope:
    """Return how a concept relates to the preferred one; either of the two may say so."""
    for main in preferred:
        for name, inverse, scope in (
            ("narrowerConcept", "broaderConcept", Scope.NARROW),
            ("broaderConcept", "narrowerConcept", Scope.BROAD),
        ):
            if concept.subject in main.nodes(name) or main.subject in concept.nodes(inverse):
                return scope
    return Scope.RELATED


def _mapped_to(about: _About) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for predicate in ("preferredMappedTo", "mappedTo"):
        uis = (_PAIR.fullmatch(_local(node.value)) for node in about.nodes(predicate))
        found |= dict.fromkeys(sorted(match[1] for match in uis if match))
    return tuple(iri_of(ui) for ui in found)


def _local(iri: str) -> str:
    return iri.rpartition("/")[2]
