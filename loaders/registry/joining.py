"""Records of studies that the corpus has already: one study with two sources.

What the curated evidence says of a study stands; the record fills in what it does not say. A group
of the record is the curated group of the same label and size where exactly one is: then their
printings join. No other group is joined, since a number would come to stand for other patients.
"""

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from typing import Any

from evikg.graph import records as r
from evikg.loaders.ctgov import RegistryEvidence
from evikg.loaders.evidence import Corpus
from evikg.ontology import GroupKind
from evikg.ontology.linking import normaliser

#: Kinds of curated groups that a group of a record can be, besides its own kind.
_ALIKE: Mapping[GroupKind, frozenset[GroupKind]] = {
    GroupKind.ARM: frozenset(
        {GroupKind.RANDOMIZED, GroupKind.TREATED, GroupKind.ENROLLED, GroupKind.SAFETY}
    ),
    GroupKind.SAFETY: frozenset({GroupKind.TREATED}),
    GroupKind.TREATED: frozenset({GroupKind.SAFETY}),
}
#: Fields of a study whose values are collected from both.
_COLLECTED = ("conditions", "drugs", "indexed_with")


def join(corpus: Corpus, found: RegistryEvidence) -> None:
    """Add what a record states to the corpus that declares its study."""
    curated = [record for record in corpus.declared if isinstance(record, r.Group)]
    groups = [record for record in found.declared if isinstance(record, r.Group)]
    same = same_groups(groups, curated)
    known = {(type(record), record.slug): place for place, record in enumerate(corpus.declared)}
    for record in found.declared:
        place = known.get((type(record), record.slug))
        if isinstance(record, r.Study) and place is not None:
            corpus.declared[place] = filled(corpus.declared[place], record)
        elif place is None and not (isinstance(record, r.Group) and record.slug in same):
            corpus.declared.append(_regrouped(record, same))
    corpus.sources.append(found.source)
    corpus.results.extend(_regrouped(result, same) for result in found.results)


def filled(curated: Any, registered: r.Study) -> r.Study:
    """Return a curated study with what only its record says."""
    study: r.Study = curated
    more: dict[str, Any] = {}
    for item in fields(r.Study):
        mine, other = getattr(study, item.name), getattr(registered, item.name)
        if item.name in _COLLECTED:
            more[item.name] = tuple(dict.fromkeys((*mine, *other)))
        elif mine in (None, ()) and other not in (None, ()):
            more[item.name] = other
    return replace(study, **more)


def same_groups(groups: Iterable[r.Group], curated: Iterable[r.Group]) -> dict[str, str]:
    """Return which groups of a record are curated groups: slug to slug.

    They are of one study, have the same label (or arm) and the same size, and are sets of the same
    kind; where several groups of either side are so, none is joined.
    """
    known = list(curated)
    found: dict[str, str] = {}
    for group in groups:
        fitting = [item for item in known if _is_same(group, item)]
        if len(fitting) == 1:
            found[group.slug] = fitting[0].slug
    return found


def _is_same(group: r.Group, curated: r.Group) -> bool:
    kinds = _ALIKE.get(group.kind, frozenset()) | {group.kind}
    return (
        group.study == curated.study
        and group.size is not None
        and group.size == curated.size
        and curated.kind in kinds
        and bool(_names(group) & _names(curated))
    )


def _names(group: r.Group) -> set[tuple[str, ...]]:
    """Return the names of a group, in normal form: its label less the study's name, and its arm."""
    label = group.label.partition(", ")[2] or group.label
    return {normaliser().strict(name) for name in (label, group.arm or "") if name}


def _regrouped(record: Any, same: Mapping[str, str]) -> Any:
    """Return a record that refers to curated groups in place of those that are the same."""
    changed: dict[str, Any] = {}
    for name in ("group", "comparator", "subgroup_of"):
        slug: str | None = getattr(record, name, None)
        if slug is not None and slug in same:
            changed[name] = same[slug]
    pools = getattr(record, "pools", ())
    if any(slug in same for slug in pools):
        changed["pools"] = tuple(same.get(slug, slug) for slug in pools)
    return replace(record, **changed) if changed else record
