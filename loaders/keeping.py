"""What a graph keeps for the builds after it: releases and mapping sets that were loaded, evidence.

Loaded releases are read from the store itself. Mapping sets and the place of the evidence stand as
files beside it, in the directory of its generation: they are in force exactly as long as it is.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Triple

from evikg.graph.embedded import EmbeddedStore, current_generation
from evikg.graph.errors import StoreUnreadableError
from evikg.graph.manifest import MANIFEST, loaded_files
from evikg.graph.pooled import pooled_results
from evikg.graph.records import PooledResult
from evikg.ontology import EV, individual, prefixes
from evikg.ontology.term_triples import FULL

from .evidence import shipped_evidence
from .faults import EvidenceError, Fault
from .sssom import metadata_file, read_mappings
from .weaving import FullRelease

#: File of a generation that names the folder of evidence it was built from.
EVIDENCE = "EVIDENCE"
#: Folder of a generation that holds the mapping sets that were loaded beside the shipped ones.
MAPPING_SETS = "mapping-sets"
#: Folder of a generation that holds the sources that were added to the evidence, a folder each.
ADDED = "added"


def kept_releases(store: Path, replaced: set[str]) -> list[FullRelease]:
    """Return the releases that the graph in force holds in full, less those that are replaced."""
    generation = current_generation(store)
    if generation is None:
        return []
    inner = EmbeddedStore.open(store).inner
    found = []
    version_info = NamedNode(f"{prefixes()['owl']}versionInfo")
    for quad in inner.quads_for_pattern(None, EV.extent, Literal(FULL)):
        name = str(quad.subject.value).rpartition("/")[2]  # type: ignore[union-attr]
        if name not in replaced:
            graph = individual("graph", name)
            versions = inner.quads_for_pattern(quad.subject, version_info, None, graph)
            version = str(next(iter(versions)).object.value)  # type: ignore[union-attr]

            def triples(graph: NamedNode = graph) -> Iterator[Triple]:
                return (q.triple for q in inner.quads_for_pattern(None, None, None, graph))

            paths = loaded_files(generation / MANIFEST, name)
            found.append(FullRelease(name, version, triples, paths))
    return sorted(found, key=lambda release: release.name)


def kept_pooled(store: Path) -> list[PooledResult]:
    """Return the pooled results that the graph in force holds."""
    if current_generation(store) is None:
        return []
    try:
        return pooled_results(EmbeddedStore.open(store))
    except StoreUnreadableError:
        return []


def kept_mapping_sets(store: Path) -> list[Path]:
    """Return the mapping sets that were loaded beside the shipped ones, by name."""
    generation = current_generation(store)
    folder = generation / MAPPING_SETS if generation is not None else None
    if folder is None or not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.suffix not in (".yml", ".yaml"))


def checked_mapping_sets(paths: Sequence[Path]) -> list[Path]:
    """Return mapping sets that can be read, no two of one file name.

    :raises EvidenceError: with every fault of every set
    """
    faults: list[Fault] = []
    names: dict[str, Path] = {}
    for path in paths:
        if names.setdefault(path.name, path) is not path:
            words = f"has the name of {names[path.name]}; rename one, or give it once"
            faults.append(Fault(path, 0, 0, "", path.name, words))
        try:
            read_mappings(path)
        except EvidenceError as error:
            faults += error.faults
    if faults:
        raise EvidenceError(faults)
    return list(paths)


def kept_sources(store: Path) -> list[Path]:
    """Return the folders of the sources that were added to the evidence, by name."""
    generation = current_generation(store)
    folder = generation / ADDED if generation is not None else None
    if folder is None or not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.is_dir())


def kept_files(
    evidence: Path, mapping_sets: Iterable[Path], added: Iterable[Path] = ()
) -> dict[str, bytes]:
    """Return the files that stand beside a graph: content by path in its generation.

    :param added: folders of sources that were added to the evidence
    """
    files = {EVIDENCE: f"{evidence.resolve()}\n".encode()}
    for path in mapping_sets:
        for part in filter(None, (path, metadata_file(path))):
            files[f"{MAPPING_SETS}/{part.name}"] = part.read_bytes()
    for folder in added:
        for part in filter(Path.is_file, folder.iterdir()):
            files[f"{ADDED}/{folder.name}/{part.name}"] = part.read_bytes()
    return files


def evidence_of(store: Path) -> Path:
    """Return the folder of evidence that a graph was last built from; else the shipped one.

    :raises StoreUnreadableError: if that folder is no longer there
    """
    generation = current_generation(store)
    if generation is None or not (generation / EVIDENCE).is_file():
        return shipped_evidence()
    folder = Path((generation / EVIDENCE).read_text(encoding="utf-8").strip())
    if not folder.is_dir():
        raise StoreUnreadableError(f"{folder}, which {store} was built from, is gone: --evidence")
    return folder
