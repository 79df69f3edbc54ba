"""OWL releases (RDF/XML), read with owlready2 into a quadstore on disk.

Triples are on disk; while a file is loaded, owlready2 keeps its IRIs and anonymous nodes (the axioms
about synonyms and definitions) in memory, four to five times the size of the file where these are
many. OBO and OBO Graphs files of the same release hold the same terms and need a tenth of it.
"""

from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from evikg.loaders.faults import EvidenceError, Fault
from evikg.ontology.terms import Release, Scope, Synonym, Term

from .entries import Entry, own_iri, own_terms, synonym_type
from .headers import PURL, release_of
from .locating import first_place
from .opening import Progress, opened
from .owl_screen import screened
from .sniffing import Format, expect

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_OWL = "http://www.w3.org/2002/07/owl#"
_OIO = "http://www.geneontology.org/formats/oboInOwl#"
_DEFINITION = f"{PURL}IAO_0000115"
_REPLACED_BY = f"{PURL}IAO_0100001"
_SCOPES = {f"{_OIO}has{scope.value.capitalize()}Synonym": scope for scope in Scope}
_ENGLISH = ("", "@en")

#: What is said of a class: predicate IRI, and its values as IRIs or as (text, language).
_About = dict[str, list[tuple[str, str]]]


def read_owl(
    name: str, path: Path, progress: Progress, version: str | None = None
) -> tuple[Release, Iterator[Term]]:
    """Read a release in OWL; it is loaded when its first term is asked for.

    Nothing that the file names is fetched or run: neither `owl:imports` nor entities.

    :param name: which terminology is expected, as `mondo`
    :param version: of the release, where its header names none
    :raises EvidenceError: with line and column, if the file is not well-formed, has harmful
        entities, or is another ontology; the iterator raises it too
    """
    expect(path, Format.OWL)
    release = release_of(name, path, screened(path, progress), version)
    return release, own_terms(name, path, _entries(name, path, progress), progress)


def _entries(name: str, path: Path, progress: Progress) -> Iterator[Entry]:
    own = own_iri(name)
    faults: list[Fault] = []
    with _world(path, progress) as world:
        number = world._abbreviate  # a small number stands for an IRI in the quadstore
        for subject, _, _ in world.get_triples(None, number(f"{_RDF}type"), number(f"{_OWL}Class")):
            if subject < 0:
                continue  # an anonymous class
            iri = world._unabbreviate(subject)
            if not iri.startswith(own):
                yield Entry(id=iri)
                continue
            about = _about(world, subject)
            labels = _english(about, f"{_RDFS}label")
            if len(labels) > 1:
                place = first_place(path, iri)
                words = f"but also {labels[0]!r}: a term has one label; the file mixes releases"
                faults.append(Fault(path, *place, "rdfs:label", labels[1], words))
            yield _entry(iri, about, _synonym_types(world, subject))
    if faults:
        raise EvidenceError(faults)


@contextmanager
def _world(path: Path, progress: Progress) -> Iterator[Any]:
    """Load a screened file into a quadstore in a folder of its own, gone when it has been read."""
    import owlready2

    with TemporaryDirectory(prefix="evikg-owl-") as folder:
        world = owlready2.World(filename=str(Path(folder) / "quads.sqlite3"), exclusive=True)
        try:
            graph = world.get_ontology("http://anonymous.invalid/").graph
            progress(f"{path.name}: loading into a quadstore")
            # graph.parse and not Ontology.load, which would fetch what the file imports and import
            # the Python module that it names. What the parser fails on it prints as a traceback.
            with opened(path, progress) as stream, redirect_stderr(StringIO()):
                graph.parse(stream, format="rdfxml", default_base="")
            yield world
        except owlready2.OwlReadyOntologyParsingError as error:
            raise EvidenceError([Fault(path, 0, 0, "", "", f"is not RDF/XML: {error}")]) from error
        finally:
            world.close()


def _about(world: Any, subject: int) -> _About:
    about: _About = {}
    for _, predicate, value in world.get_triples(subject):
        about.setdefault(world._unabbreviate(predicate), []).append(_value(world, value))
    return about


def _value(world: Any, value: int | str) -> tuple[str, str]:
    """Return an IRI, or a literal and what follows its quotes: `@` language, `^^` datatype."""
    if isinstance(value, int):
        return (world._unabbreviate(value) if value > 0 else "", "")
    text, _, suffix = value[1:].rpartition('"')
    return text, suffix


def _synonym_types(world: Any, subject: int) -> dict[tuple[str, str], set[str]]:
    """Return the types of synonyms, which axioms about them say, by predicate and text."""
    types: dict[tuple[str, str], set[str]] = {}
    source = world._abbreviate(f"{_OWL}annotatedSource")
    for axiom, _, _ in world.get_triples(None, source, subject):
        about = _about(world, axiom)
        kinds = {synonym_type(kind) for kind, _ in about.get(f"{_OIO}hasSynonymType", [])}
        for predicate, _ in about.get(f"{_OWL}annotatedProperty", []):
            for target, _ in about.get(f"{_OWL}annotatedTarget", []):
                types.setdefault((predicate, target), set()).update(kinds)
    return types


def _entry(iri: str, about: _About, types: dict[tuple[str, str], set[str]]) -> Entry:
    def values(predicate: str) -> list[str]:
        return [value for value, _ in about.get(predicate, []) if value]

    return Entry(
        id=iri,
        label=next(iter(_english(about, f"{_RDFS}label")), ""),
        definition=next(iter(_english(about, _DEFINITION)), ""),
        synonyms=[
            Synonym(text, scope, kind)
            for predicate, scope in _SCOPES.items()
            for text in _english(about, predicate)
            for kind in types.get((predicate, text)) or {""}
        ],
        parents=values(f"{_RDFS}subClassOf"),
        xrefs=values(f"{_OIO}hasDbXref"),
        deprecated=bool({"true", "1"}.intersection(values(f"{_OWL}deprecated"))),
        replaced_by=values(_REPLACED_BY),
        consider=values(f"{_OIO}consider"),
        alternatives=values(f"{_OIO}hasAlternativeId"),
    )


def _english(about: _About, predicate: str) -> list[str]:
    """Return the English values, sorted; those of a release without language tags are English."""
    found = about.get(predicate, [])
    return sorted({text for text, suffix in found if suffix in _ENGLISH or "^^" in suffix})
