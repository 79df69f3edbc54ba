"""What joins the evidence to the terminologies: terms, mappings, and the closure above both."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, Triple
from pyoxigraph import Store as Oxigraph

from evikg.graph.closure import closure_triples
from evikg.graph.embedded import EmbeddedStore
from evikg.graph.inference import inferred_graphs
from evikg.graph.inputs import Input
from evikg.graph.records import Mention
from evikg.graph.terms import terminologies, terms_of
from evikg.ontology import EV, individual
from evikg.ontology.term_triples import (
    BROADER,
    FULL,
    LABEL,
    MAPPED_TO,
    SUBCLASS,
    TREE_NUMBER,
    read_terms,
    release_triples,
    term_triples,
)
from evikg.ontology.terms import Release, Term

from .inputs import loaded_inputs
from .registry.linking import REGISTRY_NAMES, NamedInRegistry, same_names
from .screening.screen import screen
from .screening.stored import terminologies_of
from .sssom import (
    MappingRow,
    label_triples,
    link_triples,
    read_mapping_set,
    record_triples,
    set_triples,
    shipped_mappings,
)
from .terminologies.slices import read_manifest, shipped_slices, slice_triples

Graphs = dict[str, set[Triple]]


#: With this begin the names of annotated articles, which are kept as releases are.
ANNOTATIONS = "annotations-"


@dataclass(frozen=True, slots=True)
class FullRelease:
    """A release to be loaded in full: its name, version and triples, none of them twice."""

    name: str
    version: str
    triples: Callable[[], Iterator[Triple]]
    files: tuple[Input, ...] = ()  # that it was loaded from

    @property
    def is_annotations(self) -> bool:
        """Tell whether it holds annotated articles, screened when they were loaded."""
        return self.name.startswith(ANNOTATIONS)


@dataclass(slots=True)
class FullReleases:
    """What the closure and the labels need of the releases that were loaded in full.

    MeSH has ten times as many supplementary records as headings: of the headings that they are
    mapped to, only those of records that something links to enter the closure.
    """

    names: set[str] = field(default_factory=set)
    edges: list[Triple] = field(default_factory=list)
    headings: dict[str, list[Triple]] = field(default_factory=dict)
    labelled: set[str] = field(default_factory=set)
    triples: int = 0
    store: Oxigraph | None = None  # where they stand
    files: list[Input] = field(default_factory=list)

    def take(self, release: FullRelease) -> Iterator[Quad]:
        """Yield the quads of a release, and note what is needed of them."""
        self.names.add(release.name)
        self.files += release.files
        graph = individual("graph", release.name)
        for triple in release.triples():
            self.triples += 1
            if triple.predicate in (SUBCLASS, BROADER, TREE_NUMBER):
                self.edges.append(triple)
            elif triple.predicate == MAPPED_TO:
                self.headings.setdefault(_value(triple.subject), []).append(triple)
            elif triple.predicate == LABEL and isinstance(triple.subject, NamedNode):
                self.labelled.add(triple.subject.value)
            yield Quad(triple.subject, triple.predicate, triple.object, graph)


def full_release(
    release: Release, terms: Iterable[Term], paths: Sequence[Path] = ()
) -> FullRelease:
    """Return a release to be loaded in full.

    :param terms: each once; they are read while the store is written, and may raise at the end
    :param paths: the files they are read from, for the manifest
    """

    def triples() -> Iterator[Triple]:
        yield from dict.fromkeys(release_triples(release, FULL))
        for term in terms:
            yield from dict.fromkeys(term_triples(term))

    return FullRelease(release.name, release.version, triples, loaded_inputs(release.name, paths))


def weave(
    graphs: Graphs,
    full: FullReleases,
    mapping_sets: Sequence[Path] = (),
    named: NamedInRegistry | None = None,
) -> None:
    """Add the slices, the mappings, the closure and what follows to the graphs of the evidence.

    :param named: what registry records name, to be linked to terms of the same name
    """
    folder = shipped_slices()
    slices = [item.name for item in read_manifest(folder) if item.name not in full.names]
    for name in slices:
        graphs[name] = set(slice_triples(folder, name))
    labelled = full.labelled | {
        triple.subject.value
        for name in slices
        for triple in graphs[name]
        if triple.predicate == LABEL and isinstance(triple.subject, NamedNode)
    }
    rows = _add_mapping_sets(graphs, mapping_sets)
    meshes = named.meshes if named else {}
    if named:
        terms = _terms(graphs, slices, full)
        same = same_names(named.things, terms, {row.subject for row in rows})
        rows += _add_registry(graphs, same)
    links = link_triples(rows) | label_triples(rows, {*labelled, *meshes})
    links |= {
        Triple(NamedNode(iri), LABEL, Literal(text, language="en"))
        for iri, text in meshes.items()
        if iri not in labelled
    }
    known = {triple for name in slices for triple in graphs[name]}
    graphs["links"] = links - known - set(full.edges)
    edges = [*full.edges]
    for name in (*slices, "catalogue", "links"):
        edges += graphs[name]
    linked = {_value(triple.object) for triple in graphs["links"]}
    edges += [edge for record in linked for edge in full.headings.get(record, ())]
    graphs["closure"] = set(closure_triples(edges))
    # A study lies under the term that it is indexed with, whether or not its terminology is loaded.
    graphs["closure"] |= {Triple(NamedNode(i), EV.within, NamedNode(i)) for i in meshes}
    graphs.update(inferred_graphs(triple for held in graphs.values() for triple in held))


def screened(mentions: Sequence[Mention], graphs: Graphs, full: FullReleases) -> list[Mention]:
    """Return the mentions, each with what its identifier is worth by the terminologies there are."""
    slices = {item.name for item in read_manifest(shipped_slices())} & graphs.keys()
    known = [triple for name in (*sorted(slices), "links") for triple in graphs[name]]
    return screen(mentions, terminologies_of(mentions, known, full.store))


def _terms(graphs: Graphs, slices: Iterable[str], full: FullReleases) -> Iterator[Term]:
    """Yield the terms of all terminologies, of slices and of releases that were loaded in full."""
    for name in slices:
        yield from read_terms(graphs[name])
    if full.store is not None and full.names:
        store = EmbeddedStore(full.store)
        yield from terms_of(store, sorted(full.names.intersection(terminologies(store))))


def _add_registry(graphs: Graphs, rows: list[MappingRow]) -> list[MappingRow]:
    """Add the graph of the names of registry records, and return its rows."""
    triples = set(set_triples(REGISTRY_NAMES))
    for row in rows:
        triples.update(record_triples(row))
    graphs[f"mappings-{REGISTRY_NAMES.slug}"] = triples
    return rows


def _value(term: object) -> str:
    return str(getattr(term, "value", ""))


def _add_mapping_sets(graphs: Graphs, more: Sequence[Path]) -> list[MappingRow]:
    """Add a graph `mappings-<set>` for each set, and return the rows of all."""
    rows: list[MappingRow] = []
    written: set[Triple] = set()
    for path in (*shipped_mappings(), *more):
        described, of_set = read_mapping_set(path)
        name, number = f"mappings-{described.slug}", 1
        while name in graphs:  # two files of one name: the rows of each are their own
            number += 1
            name = f"mappings-{described.slug}-{number}"
        if number > 1:
            described, of_set = read_mapping_set(path, slug=f"{described.slug}-{number}")
        triples = set(set_triples(described))
        for row in of_set:
            rows.append(row)
            triples.update(record_triples(row))
        graphs[name] = triples - written
        written |= triples
    return rows
