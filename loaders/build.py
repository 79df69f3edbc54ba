"""Build the evidence graph: curated files in, a store out, all or nothing."""

import gc
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

from pyoxigraph import (
    CanonicalizationAlgorithm,
    Dataset,
    Quad,
    RdfFormat,
    Triple,
    parse,
)

from evikg.graph import records as r
from evikg.graph.description import Streamed, describe_build
from evikg.graph.embedded import EmbeddedStore, new_generation
from evikg.graph.errors import StoreUnreadableError
from evikg.graph.inputs import Input
from evikg.graph.manifest import MANIFEST, manifest, manifest_bytes
from evikg.graph.mapping import to_triples as record_triples
from evikg.graph.pooled import stands
from evikg.ontology import individual

from .checks.rules import rules
from .evidence import Corpus, read_corpus
from .following import follow
from .guidelines import items
from .inputs import build_inputs
from .keeping import (
    checked_mapping_sets,
    kept_files,
    kept_mapping_sets,
    kept_pooled,
    kept_releases,
    kept_sources,
)
from .registry.apart import Surroundings, write_apart
from .registry.held import Registry
from .registry.joining import join
from .registry.keeping import KEPT, Origins, kept_registry, merged_records
from .weaving import FullRelease, FullReleases, screened, weave

Progress = Callable[[str], None]


class DuplicateTripleError(ValueError):
    """A triple stands in two named graphs; engines do not de-duplicate a union of graphs."""


@dataclass(frozen=True, slots=True)
class Build:
    """A finished graph in memory: the quads, sorted, and what went into them.

    `full` is the number of triples that are in the store only: of releases that were loaded in full,
    and of registry records that stand apart. `numbers` are those of all registry records, `notes`
    what a reader of these should know.
    """

    quads: tuple[Quad, ...]
    corpus: Corpus
    full: int = 0
    inputs: tuple[Input, ...] = ()
    numbers: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def triples(self) -> int:
        """Return the number of triples of the graph."""
        return len(self.quads) + self.full

    def canonical(self) -> Iterator[str]:
        """Yield the lines of the canonical N-Quads (RDFC-1.0), sorted by code point."""
        yield from sorted(f"{quad} .\n" for quad in self.quads)

    def digest(self) -> str:
        """Return the SHA-256 of the canonical N-Quads, in hexadecimal."""
        digest = hashlib.sha256()
        for line in self.canonical():
            digest.update(line.encode())
        return digest.hexdigest()


def assemble(
    evidence: Path,
    progress: Progress = lambda _: None,
    full: FullReleases | None = None,
    mapping_sets: Sequence[Path] = (),
    pooled: Sequence[r.PooledResult] = (),
    examples: Iterable[Triple] = (),
    added: Sequence[Path] = (),
    records: Path | None = None,
    origins: Origins = MappingProxyType({}),
) -> Build:
    """Read a folder of evidence and make the whole graph in memory.

    What registry records state of studies that the evidence has not goes into the store of the full
    releases, record by record; it is in memory only where there is no such store.

    :param full: releases that stand in the store already; they take the place of their slices
    :param mapping_sets: read beside the shipped ones
    :param pooled: derived from results; one whose inputs have changed is left out, which is said
    :param examples: queries that users of the graph are shown, as triples
    :param added: folders of sources that are read beside the evidence
    :param records: file of registry records, as a graph keeps them
    :param origins: files that its records came from, for faults to name
    :raises EvidenceError: with every fault of every curated file, or of every record
    :raises DuplicateTripleError: if a triple would stand in two named graphs
    """
    progress("reading the evidence")
    corpus = read_corpus(evidence, added)
    registry = Registry(records, corpus.declared) if records else None
    if registry is not None:
        registry.read(progress, origins)
        for joined in registry.joined:
            join(corpus, joined)
    progress("deriving quantities and checks")
    derived, found = follow(corpus.results, corpus.declared)
    progress("writing triples")
    graphs = {
        "ontology": _ontology(),
        "catalogue": {
            t for record in (*corpus.declared, *items().values()) for t in record_triples(record)
        },
        "derived": derived,
        "checks": found | {t for rule in rules().values() for t in record_triples(rule.record())},
    }
    if registry is not None:
        graphs["catalogue"] |= {t for item in registry.things for t in record_triples(item)}
    standing = _standing(pooled, corpus, progress)
    if standing:
        graphs["pooled"] = {t for record in standing for t in record_triples(record)}
    if shown := set(examples):
        graphs["examples"] = shown
    for source in corpus.sources:
        held: list[r.Record] = [source]
        held += [result for result in corpus.results if result.source == source.slug]
        held += [item for item in corpus.assessments if item.source == source.slug]
        graphs[source.slug] = {t for record in held for t in record_triples(record)}
    progress("weaving in the terminologies")
    full = full or FullReleases()
    weave(graphs, full, mapping_sets, registry.named if registry is not None else None)
    for mention in screened(corpus.mentions, graphs, full):
        graphs[mention.source].update(record_triples(mention))
    inputs = (*build_inputs(evidence, corpus.files, mapping_sets, full.names), *full.files)
    streamed, beside = Streamed(), list[Quad]()
    if registry is not None:
        inputs = (*inputs, *registry.inputs)
        progress("writing the registry records")
        apart = write_apart(registry, Surroundings(graphs), streamed)
        if full.store is not None:
            full.store.bulk_extend(apart)
        else:
            beside += apart
    graphs["description"] = set(describe_build(graphs, version("evikg"), inputs, streamed))
    quads = tuple(sorted((*_quads(graphs), *beside), key=str) if beside else _quads(graphs))
    in_store = full.triples + (0 if beside else streamed.whole.triples)
    if registry is None:
        return Build(quads, corpus, in_store, inputs)
    return Build(quads, corpus, in_store, inputs, registry.numbers, tuple(registry.notes))


def build(
    evidence: Path,
    store: Path,
    progress: Progress = lambda _: None,
    load: Sequence[FullRelease] = (),
    *,
    mapping_sets: Sequence[Path] = (),
    pooled: Sequence[r.PooledResult] = (),
    examples: Iterable[Triple] = (),
    added: Sequence[Path] = (),
    records: Sequence[Path] = (),
    afresh: bool = False,
) -> Build:
    """Build the graph and put it in force in a store directory, in one step.

    Full releases, mapping sets, added sources, registry records and pooled results that the graph
    before held are kept, except those that `load`, `mapping_sets`, `added`, `records` or `pooled`
    replaces.

    :param load: releases to load in full
    :param mapping_sets: files to load beside the shipped sets, known by their names
    :param pooled: results to keep beside those that the graph before held
    :param examples: queries that users of the graph are shown, as triples
    :param added: folders of sources to keep beside the evidence; one takes the place of an older
        one of its name
    :param records: files or folders of registry records to load; of a study the newer is kept
    :param afresh: forget what was loaded before, annotated articles too; slices take the place of
        releases
    :raises EvidenceError: with every fault of the evidence, of a release, of the mapping sets, or of
        the registry records
    :raises StoreLockedError: if another build is writing there
    """
    given = checked_mapping_sets(mapping_sets)
    beside: dict[str, bytes | Path] = {}
    with TemporaryDirectory() as work, new_generation(store, beside) as fresh, _seldom_collected():
        held_records = None if afresh else kept_registry(store)
        origins: Origins = {}
        if records:
            progress("reading the registry records")
            origins = merged_records(held_records, records, Path(work) / "records", progress)
            held_records = Path(work) / "records"
        kept = [] if afresh else _kept(store, {item.name for item in load}, progress)
        if given or any(not item.is_annotations for item in load):
            for held in (item.name for item in kept if item.is_annotations):
                progress(f"{held} keeps what its screening found before: load its file again")
        full = FullReleases(store=fresh)
        for release in (*kept, *load):
            progress(f"loading {release.name} {release.version}")
            fresh.bulk_extend(full.take(release))
        sets = [] if afresh else kept_mapping_sets(store)
        named = {path.name: path for path in (*sets, *given)}
        sets = [named[name] for name in sorted(named)]
        held_before = [] if afresh else kept_pooled(store)
        derived = {item.slug: item for item in (*held_before, *pooled)}
        by_name = {path.name: path for path in (*([] if afresh else kept_sources(store)), *added)}
        sources = [by_name[name] for name in sorted(by_name)]
        finished = assemble(
            evidence, progress, full, sets, list(derived.values()), examples, sources,
            held_records, origins,
        )  # fmt: skip
        beside.update(kept_files(evidence, sets, sources))
        if held_records is not None:
            beside[KEPT] = held_records
        progress("loading the store")
        fresh.bulk_extend(finished.quads)
        progress("finishing")
        described = manifest(EmbeddedStore(fresh), finished.inputs, version("evikg"))
        beside[MANIFEST] = manifest_bytes(described)
    return finished


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """Look for garbage in cycles less often: a build makes objects by the million, and they last.

    It takes an eighth of the time of a build otherwise, and finds nearly nothing.
    """
    usual = gc.get_threshold()
    gc.set_threshold(50_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _standing(
    pooled: Sequence[r.PooledResult], corpus: Corpus, progress: Progress
) -> list[r.PooledResult]:
    by_slug = {result.slug: result for result in corpus.results}
    groups = corpus.of(r.Group)
    found = [item for item in pooled if stands(item, by_slug, groups)]
    for item in pooled:
        if item not in found:
            progress(f"{item.asked} was pooled from results that have changed: pool it again")
    return found


def _kept(store: Path, replaced: set[str], progress: Progress) -> list[FullRelease]:
    try:
        return kept_releases(store, replaced)
    except StoreUnreadableError as error:
        progress(f"{error}: releases that were loaded in full must be loaded again")
        return []


def _ontology() -> set[Triple]:
    folder = files("evikg.ontology")
    texts = [folder.joinpath(name).read_bytes() for name in ("evikg.ttl", "definitions.ttl")]
    dataset = Dataset(quad for text in texts for quad in parse(text, RdfFormat.TURTLE))
    # Blank nodes get the same labels on every machine.
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {quad.triple for quad in dataset}


def _quads(graphs: dict[str, set[Triple]]) -> list[Quad]:
    home: dict[Triple, str] = {}
    for slug, triples in graphs.items():
        for triple in triples:
            if triple in home:
                raise DuplicateTripleError(
                    f"{triple} stands in graph/{home[triple]} and in graph/{slug}"
                )
            home[triple] = slug
    quads = (
        Quad(triple.subject, triple.predicate, triple.object, individual("graph", slug))
        for triple, slug in home.items()
    )
    return sorted(quads, key=str)
