"""Records of studies that the corpus has already: one study with two sources.

What the curated evidence says of a study stands; the record fills in what it does not say. Numbers
of the record join those of a paper only where nothing has to be guessed: see `same_groups` and
`aligned`. All others stay beside them, under groups of their own.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from evikg.graph import records as r
from evikg.graph.quantity import QuantityKey, quantity_key
from evikg.loaders.ctgov import RegistryEvidence
from evikg.loaders.evidence import Corpus
from evikg.ontology import Directness, GroupKind
from evikg.ontology.linking import normaliser

_ASSIGNED = frozenset({GroupKind.ENROLLED, GroupKind.RANDOMIZED, GroupKind.INTENTION_TO_TREAT})
_GIVEN = frozenset({GroupKind.SAFETY, GroupKind.TREATED})
#: Kinds that a curated group may have, by that of the record's: flow, baseline and outcomes, events.
#: Those who were treated are among those who were enrolled: sets of one size are one set.
_ALIKE: Mapping[GroupKind, frozenset[GroupKind]] = {
    GroupKind.ENROLLED: _ASSIGNED | _GIVEN,
    GroupKind.ASSESSED: _ASSIGNED | _GIVEN | {GroupKind.EFFECTIVENESS, GroupKind.ASSESSED},
    GroupKind.SAFETY: _ASSIGNED | _GIVEN,
}
#: Fields of a study whose values are collected from both.
_COLLECTED = ("conditions", "drugs", "indexed_with")


def join(corpus: Corpus, found: RegistryEvidence) -> None:
    """Add what a record states to the corpus that declares its study."""
    groups = [record for record in found.declared if isinstance(record, r.Group)]
    same = same_groups(groups, [g for g in corpus.declared if isinstance(g, r.Group)])
    places = {(type(record), record.slug): place for place, record in enumerate(corpus.declared)}
    for record in found.declared:
        place = places.get((type(record), record.slug))
        if place is not None:
            if isinstance(record, r.Study):
                corpus.declared[place] = filled(corpus.declared[place], record)
        elif record.slug not in same:
            corpus.declared.append(_regrouped(record, same))
    known = [x for x in corpus.results if x.study == _study(found) and x.directness == "own"]
    regrouped = [_regrouped(result, same) for result in found.results]
    corpus.sources.append(found.source)
    corpus.results.extend(aligned(regrouped, known))


def _study(found: RegistryEvidence) -> str:
    return next(record.slug for record in found.declared if isinstance(record, r.Study))


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


def same_groups(groups: Sequence[r.Group], curated: Iterable[r.Group]) -> dict[str, str]:
    """Return which groups of a record are curated groups: slug to slug.

    They are of one study and have the same size; their kinds may be of the same patients; and they
    are of the same arm by its label, or of all arms. Where several curated groups are so, the one
    of the very kind is meant if it is the only one; else none is.
    """
    found: dict[str, str] = {}
    known = [item for item in curated if groups and item.study == groups[0].study]
    single = len({item.arm for item in groups if item.arm}) <= 1
    for group in groups:
        fitting = [item for item in known if _is_same(group, item, single=single)]
        if len(fitting) > 1:
            fitting = [item for item in fitting if item.kind is group.kind]
        if len(fitting) == 1:
            found[group.slug] = fitting[0].slug
    return found


def _is_same(group: r.Group, curated: r.Group, *, single: bool) -> bool:
    """Tell whether two groups are the same; `single` is a record of one arm."""
    if group.size is None or group.size != curated.size or curated.criteria:
        return False
    if curated.kind not in _ALIKE.get(group.kind, ()):
        return False
    if _names(group) & _names(curated):
        return True
    # Who could be assessed for something may be as many as others by chance.
    of_all = single or bool(group.pools) or group.subgroup_of is None
    return curated.arm is None and of_all and curated.kind is not GroupKind.ASSESSED


def _names(group: r.Group) -> set[tuple[str, ...]]:
    """Return the names of a group in normal form: its arm, and its label less what it is of."""
    label = group.label.partition(", ")[2] or group.label
    if label.endswith(")"):
        label = label[: label.rindex(" (")] if " (" in label else label
    return {normaliser().strict(name) for name in (label, group.arm) if name}


def _regrouped(record: Any, same: Mapping[str, str]) -> Any:
    """Return a record that refers to curated groups in place of those that are the same."""
    changed: dict[str, Any] = {}
    for name in ("group", "comparator", "subgroup_of"):
        slug: str | None = getattr(record, name, None)
        if slug is not None and slug in same:
            changed[name] = same[slug]
    pools: tuple[str, ...] = getattr(record, "pools", ())
    if any(slug in same for slug in pools):
        changed["pools"] = tuple(same.get(slug, slug) for slug in pools)
    return replace(record, **changed) if changed else record


def aligned(results: Iterable[r.Result], curated: Iterable[r.Result]) -> list[r.Result]:
    """Return results of a record as printings of what a paper prints of the same study.

    A record has its own words for how a thing was defined and in which time events were looked for.
    Where the curated results have one quantity that differs in nothing else, the definition and the
    window are those of that quantity; a note keeps what the record says.
    """
    known: dict[QuantityKey, set[tuple[str | None, str | None]]] = defaultdict(set)
    for result in curated:
        if result.directness is Directness.OWN:
            known[_key(result)].add((result.definition, result.onset_window))
    made = []
    for result in results:
        fitting = known.get(_key(result), set())
        if len(fitting) == 1:
            ((definition, window),) = fitting
            own = {"definition": result.definition, "window": result.onset_window}
            said = [f"{name} in the record: {slug}" for name, slug in own.items() if slug]
            note = "; ".join(filter(None, (result.note, *said)))
            result = replace(result, definition=definition, onset_window=window, note=note or None)
        made.append(result)
    return made


def _key(result: r.Result) -> QuantityKey:
    return quantity_key(result, None).without("window")
