"""Which reader reads which terminology."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from evikg.loaders.faults import EvidenceError, Fault
from evikg.ontology.terms import Release, Term

from .opening import Progress

#: The terminologies that can be loaded, by their slug.
NAMES = ("mondo", "hp", "mesh", "unii", "ctcae")


def read_release(
    name: str,
    paths: Sequence[Path],
    version: str | None = None,
    progress: Progress = lambda _: None,
) -> tuple[Release, Iterator[Term]]:
    """Open a release: what it says of itself, and its terms as a stream.

    The stream raises at its end if the release as a whole is at fault (a cycle, a parent that is
    not there, an identifier given twice), with every such fault.

    :param name: one of `NAMES`
    :param paths: its files; only MeSH may have several
    :param version: of the release, where its files name none
    :raises EvidenceError: if a file is not what it should be
    """
    if name == "mesh":
        from .mesh import read_mesh

        return read_mesh(paths, version, progress)
    path = _one(name, paths)
    if name == "unii":
        from .unii import read_unii

        return read_unii(path, version, progress)
    if name == "ctcae":
        from .ctcae import read_ctcae

        return read_ctcae(path, version, progress)
    from .obo_family import read_obo_family

    return read_obo_family(name, path, version, progress)


def _one(name: str, paths: Sequence[Path]) -> Path:
    if len(paths) > 1:
        words = f"{name} is read from one file; give only {paths[0].name}"
        raise EvidenceError([Fault(path, 0, 0, "", "", words) for path in paths[1:]])
    return paths[0]
