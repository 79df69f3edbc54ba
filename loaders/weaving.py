"""What joins the evidence to the terminologies: terms, mappings, and the closure above both."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, Triple
from pyoxigraph import Store as Oxigraph

from evikg.graph.closure import closure_triples
from evikg.graph.embedded import EmbeddedStore, current_generation
from evikg.graph.inference import inferred_graphs
from evikg.graph.records import Mention
from evikg.ontology import EV, individual
from evikg.ontology.term_triples import (
    BROADER,
    LABEL,
    MAPPED_TO,
    SUBCLASS,
    TREE_NUMBER,
    release_triples,
    term_triples,
)
from evikg.ontology.terms import Release, Term

from .screening.screen import screen
from .screening.stored import terminologies_of
from .sssom import (
    MappingRow,
    label_triples,
    link_triples,
    metadata_file,
    read_mapping_set,
    read_mappings,
    record_triples,
    set_triples,
    shipped_mappings,
)
from .terminologies.slices import read_manifest, shipped_slices, slice_triples

FULL = "full release"
#: Folder of a store directory that holds the mapping sets loaded beside the shipped ones.
MAPPING_SETS = "mapping-sets"

Graphs = dict[str, set[Triple]]


@dataclass(frozen=True, slots=True)
class FullRelease:
    """A release to be loaded in full: its name, version and triples, none of them twice."""

    name: str
    version: str
    triples: Callable[[], Iterator[Triple]]


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

    def take(self, release: FullRelease) -> Iterator[Quad]:
        """Yield the quads of a release, and note what is needed of them."""
        self.names.add(release.name)
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


def full_release(release: Release, terms: Iterable[Term]) -> FullRelease:
    """Return a release to be loaded in full.

    :param terms: each once; they are read while the store is written, and may raise at the end
    """

    def triples() -> Iterator[Triple]:
        yield from dict.fromkeys(release_triples(release, FULL))
        for term in terms:
            yield from dict.fromkeys(term_triples(term))

    return FullRelease(release.name, release.version, triples)


def kept_releases(store: Path, replaced: set[str]) -> list[FullRelease]:
    """Return the releases that the graph in force holds in full, less those that are replaced."""
    if current_generation(store) is None:
        return []
    inner = EmbeddedStore.open(store).inner
    found = []
    for quad in inner.quads_for_pattern(None, EV.extent, Literal(FULL)):
        name = str(quad.subject.value).rpartition("/")[2]  # type: ignore[union-attr]
        if name not in replaced:
            graph = individual("graph", name)
            versions = inner.quads_for_pattern(
                quad.subject, NamedNode("http://www.w3.org/2002/07/owl#versionInfo"), None, graph
            )
            version = str(next(iter(versions)).object.value)  # type: ignore[union-attr]

            def triples(graph: NamedNode = graph) -> Iterator[Triple]:
                return (q.triple for q in inner.quads_for_pattern(None, None, None, graph))

            found.append(FullRelease(name, version, triples))
    return sorted(found, key=lambda release: release.name)


def kept_mapping_sets(store: Path) -> list[Path]:
    """Return the mapping sets that were loaded beside the shipped ones, by name."""
    return [path for path in _kept_files(store) if path.suffix not in (".yml", ".yaml")]


def _kept_files(store: Path) -> list[Path]:
    """Return the mapping sets, and the files with metadata beside them."""
    folder = store / MAPPING_SETS
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if not path.name.startswith("."))


@contextmanager
def keeping_mapping_sets(store: Path, paths: Sequence[Path]) -> Iterator[None]:
    """Keep mapping sets in a store directory, for this build and later ones; not if it fails.

    A set replaces the one of the same file name.

    :raises EvidenceError: with every fault of every set; nothing is kept then
    """
    for path in paths:
        read_mappings(path)
    beside = (metadata_file(path) for path in paths)
    paths = [*paths, *(path for path in beside if path is not None)]
    folder = store / MAPPING_SETS
    folder.mkdir(parents=True, exist_ok=True)
    before = {path.name: _content(folder / path.name) for path in paths}
    try:
        for path in paths:
            _put(folder / path.name, path.read_bytes())
        yield
    except BaseException:
        for name, data in before.items():
            _put(folder / name, data)
        raise


def forget_mapping_sets(store: Path) -> None:
    """Remove the mapping sets that were loaded beside the shipped ones."""
    for path in _kept_files(store):
        path.unlink()


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def _put(path: Path, data: bytes | None) -> None:
    if data is None:
        path.unlink(missing_ok=True)
        return
    draft = path.with_name(f".{path.name}.draft")
    draft.write_bytes(data)
    draft.replace(path)


def weave(graphs: Graphs, full: FullReleases, mapping_sets: Sequence[Path] = ()) -> None:
    """Add the slices, the mappings, the closure and what follows to the graphs of the evidence."""
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
    links = link_triples(rows) | label_triples(rows, labelled)
    known = {triple for name in slices for triple in graphs[name]}
    graphs["links"] = links - known - set(full.edges)
    edges = [*full.edges]
    for name in (*slices, "catalogue", "links"):
        edges += graphs[name]
    linked = {_value(triple.object) for triple in graphs["links"]}
    edges += [edge for record in linked for edge in full.headings.get(record, ())]
    graphs["closure"] = set(closure_triples(edges))
    graphs.update(inferred_graphs(triple for held in graphs.values() for triple in held))


def screened(mentions: Sequence[Mention], graphs: Graphs, full: FullReleases) -> list[Mention]:
    """Return the mentions, each with what its identifier is worth by the terminologies there are."""
    slices = {item.name for item in read_manifest(shipped_slices())} & graphs.keys()
    known = [triple for name in (*sorted(slices), "links") for triple in graphs[name]]
    return screen(mentions, terminologies_of(mentions, known, full.store))


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
