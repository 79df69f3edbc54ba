"""Faults of a release as a whole: what only shows once all of its terms are known."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from evikg.loaders.faults import EvidenceError, Fault
from evikg.ontology.curie import contract, prefix_of
from evikg.ontology.hierarchy import Cycle, hierarchy_faults
from evikg.ontology.terms import Term

from .locating import NOWHERE, Place, locate
from .opening import Progress

_LONGEST_SHOWN = 12
_DROPPED = 20


def checked(path: Path, terms: Iterable[Term]) -> Iterator[Term]:
    """Pass terms on as they come, and raise at the end if their release is at fault.

    Faults are: an identifier that stands twice; a parent, or a replacement, that is not there; a
    term that is above itself. Replacements of other prefixes than the release's own may be absent.

    :raises EvidenceError: at the end, with every such fault and where it stands
    """
    parents: dict[str, tuple[str, ...]] = {}
    replaced: dict[str, tuple[str, ...]] = {}
    twice: dict[str, int] = {}
    for term in terms:
        if term.iri in parents:
            twice[term.iri] = twice.get(term.iri, 1) + 1
        parents[term.iri] = (*parents.get(term.iri, ()), *term.parents)
        if term.replaced_by:
            replaced[term.iri] = term.replaced_by
        yield term
    faults = _Faults(path)
    for iri in twice:
        faults.add(iri, "", "id", contract(iri), "stands twice: the file mixes releases", last=True)
    for fault in hierarchy_faults(parents.items()):
        if isinstance(fault, Cycle):
            words = f"is above itself: {_around(fault)}; a hierarchy has no cycle"
            faults.add(fault.path[0], fault.path[1], "is_a", contract(fault.path[0]), words)
        else:
            words = f"is a parent of {contract(fault.term)} but no term of the file: is it cut?"
            faults.add(fault.term, fault.parent, "is_a", contract(fault.parent), words)
    for iri, other in _absent(parents, replaced):
        words = f"replaces {contract(iri)} but is no term of the file"
        faults.add(iri, other, "replaced_by", contract(other), words)
    faults.raise_if_any()


def holding(
    path: Path, terms: Iterable[Term], needed: Collection[str], progress: Progress
) -> Iterator[Term]:
    """Pass terms on as they come, and raise at the end if they are only a part of their release.

    A later release may have dropped a few terms, which is told; where more than one in
    `_DROPPED` is missing, the file is a sample, a subset, or one file of several.

    :param needed: IRIs of terms that any whole release has, such as those of the shipped slice
    :raises EvidenceError: at the end, with the number that is missing and some of them
    """
    missing = set(needed)
    for term in terms:
        missing.discard(term.iri)
        yield term
    if not missing:
        return
    some = ", ".join(sorted(map(contract, missing))[:3])
    words = f"lacks {len(missing)} of {len(needed)} terms that the graph has of it, such as {some}"
    if len(missing) * _DROPPED > len(needed):
        remedy = "load the whole release with all its files, or say --part"
        raise EvidenceError([Fault(path, 0, 0, "", "", f"{words}; {remedy}")])
    progress(f"{path.name} {words}")


def _absent(
    known: Mapping[str, object], replaced: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[str, str]]:
    own = {prefix_of(iri) for iri in known}
    for iri, others in replaced.items():
        yield from (
            (iri, other) for other in others if other not in known and prefix_of(other) in own
        )


def _around(cycle: Cycle) -> str:
    shown = [contract(iri) for iri in cycle.path[:_LONGEST_SHOWN]]
    if len(cycle.path) > _LONGEST_SHOWN:
        shown += ["…", contract(cycle.path[-1])]
    return " > ".join(shown)


class _Faults:
    """Faults about terms, and where these stand in the file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._found: list[tuple[tuple[str, str], bool, tuple[str, str, str]]] = []

    def add(
        self, iri: str, other: str, field: str, value: str, words: str, *, last: bool = False
    ) -> None:
        """Note a fault at the place where `iri` names `other`, or stands itself if `other` is ""."""
        self._found.append(((iri, other), last, (field, value, words)))

    def raise_if_any(self) -> None:
        """Find the places of all faults at once and raise them."""
        if not self._found:
            return
        wanted = {pair for pair, _, _ in self._found}
        spellings = {
            spelling: iri
            for pair in wanted
            for iri in pair
            if iri
            for spelling in (iri, contract(iri))
        }
        places = locate(self._path, wanted, spellings)
        raise EvidenceError(
            [
                Fault(self._path, *_place(places[pair], last), *what)
                for pair, last, what in self._found
            ]
        )


def _place(places: list[Place], last: bool) -> Place:
    if not places:
        return NOWHERE
    return places[-1 if last else 0]
