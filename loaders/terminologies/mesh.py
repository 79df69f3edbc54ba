"""MeSH in the files that NLM publishes, together one release: XML of both kinds, or RDF."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from evikg.loaders.faults import EvidenceError, Fault
from evikg.ontology.terms import Release, Term

from . import mesh_rdf, mesh_xml
from .mesh_records import release
from .opening import Progress

_WORDS = {
    mesh_xml.DESCRIPTORS: "descriptors",
    mesh_xml.SUPPLEMENTARY: "supplementary records",
    "": "MeSH RDF",
}


def read_mesh(
    paths: Sequence[Path],
    version: str | None = None,
    progress: Progress = lambda _: None,
    *,
    part: bool = False,
) -> tuple[Release, Iterator[Term]]:
    """Read a release of MeSH: `desc20XX.xml` with or without `supp20XX.xml`, or `mesh.nt`.

    What a file is, is told by what it holds. Descriptors come first, with their parents; they are
    held until all are read, since a parent may stand behind its children. Supplementary records
    come one by one.

    :param paths: the files of one release, in any order; plain, gzip, zstd or zip
    :param version: the year of the release, needed where no file prints it: it stands in the name
        of the DTD, in file names such as `desc2026.xml` and `mesh2026.nt`, and in versioned IRIs
    :param part: the files are a part of a release: headings that others point to may be lacking
    :raises EvidenceError: now, if a file is none of these, two are of one kind, years differ or
        none is known; while terms are read, if the file or its records are at fault
    """
    if not paths:
        raise ValueError(
            "no file of MeSH was given; expected desc20XX.xml, supp20XX.xml or mesh.nt"
        )
    roots: dict[str, Path] = {}
    years: list[tuple[Path, str, str]] = []
    for path in paths:
        head = None if mesh_rdf.is_rdf(path) else mesh_xml.read_head(path)
        root = head.root if head else ""
        if root in roots:
            words = f"holds {_WORDS[root]}, as {roots[root]} does; give one file of each kind"
            raise EvidenceError([Fault(path, 0, 0, "", "", words)])
        roots[root] = path
        years += mesh_xml.years(path, head) if head else mesh_rdf.years(path)
    if "" in roots and len(roots) > 1:
        words = "holds descriptors and supplementary records; give it without XML files"
        raise EvidenceError([Fault(roots[""], 0, 0, "", "", words)])
    return release(years, version or ""), _terms(roots, progress, part)


def _terms(roots: dict[str, Path], progress: Progress, part: bool) -> Iterator[Term]:
    if "" in roots:
        yield from mesh_rdf.read_rdf(roots[""], progress, part=part)
        return
    headings: frozenset[str] = frozenset()
    if mesh_xml.DESCRIPTORS in roots:
        trees = mesh_xml.read_descriptors(roots[mesh_xml.DESCRIPTORS], progress, part=part)
        headings = frozenset() if part else trees.iris
        yield from trees.terms()
    if mesh_xml.SUPPLEMENTARY in roots:
        yield from mesh_xml.read_supplementary(roots[mesh_xml.SUPPLEMENTARY], progress, headings)
