"""What the XML and the RDF of MeSH have in common: names, kinds, trees and the release's year."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from evikg.loaders.faults import EvidenceError, Fault
from evikg.ontology.curie import expand
from evikg.ontology.terms import Release, Scope, Synonym, Term

from .collected import Faults

#: What the numbers of `DescriptorClass` and `SCRClass` stand for (NLM, MeSH record types,
#: https://www.nlm.nih.gov/mesh/intro_record_types.html); names as in the MeSH RDF vocabulary.
DESCRIPTOR_KINDS = {
    "1": "TopicalDescriptor",
    "2": "PublicationType",
    "3": "CheckTag",
    "4": "GeographicalDescriptor",
}
SUPPLEMENTARY_KINDS = {
    "1": "SCR_Chemical",
    "2": "SCR_Protocol",
    "3": "SCR_Disease",
    "4": "SCR_Organism",
    "5": "SCR_Population",
    "6": "SCR_Anatomy",
}
_UI = re.compile(r"[CD]\d{6,9}")
_TREE_NUMBER = re.compile(r"[A-Z]\d{2}(\.\d{3})*")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?=\d{4}(?!\d)|(?!\d))")  # alone, or in a date
_NO_TAG = "NON"
_SCOPES = tuple(Scope)


def iri_of(ui: str) -> str:
    """Return the canonical IRI of a record.

    >>> iri_of("D054198")
    'http://id.nlm.nih.gov/mesh/D054198'
    """
    return _base() + ui


@cache
def _base() -> str:
    return expand("MESH:D").removesuffix("D")


def is_ui(text: str) -> bool:
    """Tell whether a text is a unique identifier of a descriptor or supplementary record."""
    return _UI.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Name:
    """A term of a concept: its text, its lexical tag, and how its concept relates to the record."""

    text: str
    tag: str
    scope: Scope


def synonyms_of(label: str, names: Iterable[Name]) -> tuple[Synonym, ...]:
    """Return the names beside the label, each text once in its closest scope, sorted."""
    closest: dict[str, Name] = {}
    for name in names:
        known = closest.get(name.text)
        if known is None or _SCOPES.index(name.scope) < _SCOPES.index(known.scope):
            closest[name.text] = name
    closest.pop(label, None)
    return tuple(
        sorted(
            Synonym(name.text, name.scope, "" if name.tag == _NO_TAG else name.tag)
            for name in closest.values()
        )
    )


class Trees:
    """The descriptors of a file and the tree numbers that tell what is above what.

    A tree number stands below the one it begins with: `C04.557` is the parent of `C04.557.337`.
    One heading may stand in several places. So may two headings be above one another in different
    trees, as *Strabismus* (D013285) and *Ocular Motility Disorders* (D015835) are: that is no
    fault of a file.
    """

    def __init__(self, path: Path, *, part: bool) -> None:
        """Hold no descriptor yet.

        :param part: the file is known to be a part of a release: a tree number whose parent it
            does not hold then has no parent, and is no fault
        """
        self._faults = Faults(path)
        self._part = part
        self._held: list[tuple[Term, int, int]] = []
        self._owners: dict[str, str] = {}

    @property
    def iris(self) -> frozenset[str]:
        """The IRIs of all descriptors."""
        return frozenset(term.iri for term, _, _ in self._held)

    def add(self, term: Term, line: int = 0, column: int = 0) -> None:
        """Take a descriptor, without parents yet, and where it stands."""
        self._held.append((term, line, column))
        if term.deprecated:
            return  # its place in the trees is given up
        for number in term.tree_numbers:
            owner = self._owners.setdefault(number, term.iri)
            if _TREE_NUMBER.fullmatch(number) is None:
                words = "expected a letter and two digits, then groups of three: C04.557.337"
            elif owner != term.iri:
                words = f"is the tree number of {owner} too; each has one heading"
            else:
                continue
            self._faults.add(line, column, "TreeNumber", number, words)

    def terms(self) -> Iterator[Term]:
        """Return the descriptors with their parents, in the order they came.

        :raises EvidenceError: if tree numbers are malformed, given twice, or lack their parent
        """
        for term, line, column in self._held:
            for number in () if self._part or term.deprecated else term.tree_numbers:
                above = number.rpartition(".")[0]
                if above and above not in self._owners:
                    words = f"lacks its parent: no descriptor of the file has {above}"
                    self._faults.add(line, column, "TreeNumber", number, words)
        self._faults.check()
        for term, _, _ in self._held:
            yield replace(term, parents=self._parents(term))

    def _parents(self, term: Term) -> tuple[str, ...]:
        if term.deprecated:
            return ()
        above = (number.rpartition(".")[0] for number in term.tree_numbers)
        found = {self._owners[number] for number in above if number in self._owners}
        return tuple(sorted(found - {term.iri}))


def year_in(text: str) -> str:
    """Return the year in a file's name or a DTD's; empty if there is none.

    >>> year_in("desc2026.xml"), year_in("nlmdescriptorrecordset_20260101.dtd"), year_in("mesh.nt")
    ('2026', '2026', '')
    """
    found = _YEAR.search(text.rpartition("/")[2])
    return found.group() if found else ""


def release(years: Iterable[tuple[Path, str, str]], version: str) -> Release:
    """Describe the release that files are of.

    :param years: of each place that prints a year: the file, the place in words, and the year
    :param version: the release as the user names it, where the files print none; may be empty
    :raises EvidenceError: if no year is known, or the years or `version` contradict one another
    """
    places = list(years)
    printed = [entry for entry in places if entry[2]]
    different = sorted({year for _, _, year in printed})
    if len(different) > 1:
        found = ", ".join(f"{p.name} says {y} ({place})" for p, place, y in printed)
        words = f"the files are of several releases: {found}; give those of one"
        raise EvidenceError([Fault(printed[0][0], 0, 0, "", "", words)])
    if not version and not different:
        words = "prints no year of its release; say which it is (--release 2026)"
        raise EvidenceError([Fault(p, 0, 0, "", "", words) for p, _, _ in places])
    if version and different and not version.startswith(different[0]):
        path, place, year = printed[0]
        words = f"the file is of another release than {version!r}, which was asked for"
        raise EvidenceError([Fault(path, 0, 0, f"{place}:", year, words)])
    return Release(
        name="mesh",
        title="Medical Subject Headings",
        version=version or next(iter(different), ""),
        licence="https://www.nlm.nih.gov/databases/download/terms_and_conditions_mesh.html",
        attribution="Courtesy of the U.S. National Library of Medicine",
    )
