"""Releases of ontologies of the OBO family, in whichever of their three formats."""

from collections.abc import Callable, Iterator
from pathlib import Path

from evikg.ontology.terms import Release, Term

from .checking import checked
from .opening import Progress
from .sniffing import Format, format_of

_Reader = Callable[[str, Path, Progress, str | None], tuple[Release, Iterator[Term]]]


def read_obo_family(
    name: str, path: Path, version: str | None = None, progress: Progress = lambda _: None
) -> tuple[Release, Iterator[Term]]:
    """Read a release of an ontology in OBO, OWL (RDF/XML) or OBO Graphs, told by its content.

    The terms are those of the ontology itself; identifiers merged into others come last, as
    deprecated terms. The stream raises at its end if the release as a whole is at fault.

    :param name: which ontology is expected, as `mondo`; its prefix must be in the prefix map
    :param version: which release is expected, or which it is where the file does not say
    :raises EvidenceError: if the file is none of these, is at fault, or is another ontology
    :raises LookupError: if the prefix map does not know the ontology
    """
    reader = _reader(format_of(path))
    release, terms = reader(name, path, progress, version)
    return release, checked(path, terms)


def _reader(found: Format) -> _Reader:
    if found is Format.OBO:
        from .obo import read_obo

        return read_obo
    if found is Format.OWL:
        from .owl import read_owl

        return read_owl
    from .obographs import read_obographs

    return read_obographs
