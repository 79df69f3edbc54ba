"""Which files a build is made from: all that decides its triples, but for the code.

Shapes and questions are none of them: they are asked of a graph, and change nothing in it.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from importlib.resources import files
from pathlib import Path

from evikg.graph.inputs import Input
from evikg.graph.manifest import LOADED

from .sssom import metadata_file, shipped_mappings
from .terminologies.slices import read_manifest, shipped_slices


def build_inputs(
    evidence: Path,
    curated: Iterable[Path],
    mapping_sets: Iterable[Path],
    full: Collection[str],
) -> Iterator[Input]:
    """Yield what a build reads from files, less the releases that were loaded in full.

    :param evidence: the folder of evidence
    :param curated: the files of evidence in it, and of sources that were added to it
    :param mapping_sets: read beside the shipped ones
    :param full: names of the releases that take the place of their slices
    """
    for path in curated:
        if path.is_relative_to(evidence):
            yield Input.of(f"evidence/{path.relative_to(evidence).as_posix()}", path)
        else:
            yield Input.of(f"{LOADED}/sources/{path.parent.name}/{path.name}", path)
    for folder, sets in (("mappings", shipped_mappings()), (f"{LOADED}/mappings", mapping_sets)):
        for path in sets:
            for part in filter(None, (path, metadata_file(path))):
                yield Input.of(f"{folder}/{part.name}", part)
    slices = shipped_slices()
    for item in read_manifest(slices):
        if item.name not in full:
            yield Input.of(f"slices/{item.file}", slices / item.file)
    ontology = Path(str(files("evikg.ontology").joinpath("evikg.ttl"))).parent
    loaders = Path(__file__).parent
    for name, place, pattern in (
        ("vocabulary", ontology, "*.ttl"),
        ("rules", ontology / "rules", "*.rq"),
        ("checks", loaders / "checks", "*.csv"),
        ("screening", loaders / "screening", "*.csv"),
        ("guidelines", loaders, "readus-pv.csv"),
    ):
        for path in sorted(place.glob(pattern)):
            yield Input.of(f"{name}/{path.name}", path)


def loaded_inputs(release: str, paths: Sequence[Path]) -> tuple[Input, ...]:
    """Describe the files that a release, or a file of annotated articles, is loaded from."""
    return tuple(Input.of(f"{LOADED}/{release}/{path.name}", path) for path in paths)
