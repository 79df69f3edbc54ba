"""The records that one record of the registry becomes, while they are made."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from evikg.graph import records as r
from evikg.ontology import Directness, GroupKind, VariableKind

from .lines import Lines
from .names import Names


class Draft:
    """What is declared so far, each thing once, and the results.

    Slugs begin with the NCT number in lower case, which is `source`; `everyone` is the group of
    all participants.
    """

    def __init__(self, number: str, study: str, names: Names, lines: Lines) -> None:
        """Begin with the slug of the study, what names stand for, and the lines of the record."""
        self.number, self.source, self.study = number, number.lower(), study
        self.names, self._lines = names, lines
        self.everyone = f"{self.source}-all"
        self.declared: dict[tuple[type[Any], str], r.Record] = {}
        self.results: list[r.Result] = []
        self.sizes: list[tuple[str, str]] = []
        self.notes: list[str] = []
        self._places: dict[str, list[str]] = {}  # slugs of groups by the forms of their titles

    def declare(self, record: r.Record) -> str:
        """Declare a thing, once, and return its slug."""
        self.declared.setdefault((type(record), record.slug), record)
        return record.slug

    def variable(
        self, slug: str, label: str, kind: VariableKind, broader: tuple[str, ...] = ()
    ) -> str:
        """Declare a variable of this record alone, and return its slug.

        Labels that make one slug, such as `<65 years` and `>65 years`, are told apart by a number.
        """
        wanted = slug = f"{self.source}-{slug}"
        number = 1
        while (held := self.declared.get((r.Variable, slug))) is not None:
            if isinstance(held, r.Variable) and held.label == label:
                return slug
            number += 1
            slug = f"{wanted}-{number}"
        return self.declare(r.Variable(slug=slug, label=label, kind=kind, broader=broader))

    def group_of(self, slug: str) -> r.Group:
        """Return a group that is declared."""
        group = self.declared[r.Group, slug]
        assert isinstance(group, r.Group)  # noqa: S101 - by its key
        return group

    def group(
        self,
        slug: str,
        label: str,
        kind: GroupKind,
        size: int | None = None,
        within: str | None = None,
        **fields: Any,
    ) -> str:
        """Declare a group under the nearest group that can hold it, of whose arm it is."""
        parent = self.group_of(within) if within else None
        if parent:
            fields = {"arm": parent.arm, "regimen": parent.regimen} | fields
        while parent and size is not None and parent.size is not None and size > parent.size:
            parent = self.group_of(parent.subgroup_of) if parent.subgroup_of else None
        return self.declare(
            r.Group(
                slug=f"{self.source}-{slug}",
                study=self.study,
                label=f"{self.number}, {label}",
                kind=kind,
                size=size,
                subgroup_of=parent.slug if parent else None,
                **fields,
            )
        )

    def sized(self, slug: str, size: int | None, pointer: str) -> None:
        """Say that the number at a pointer is the size of a group."""
        group = self.group_of(slug)
        if size is not None and group.size is None:
            self.declared[r.Group, slug] = replace(group, size=size)
        self.sizes.append((pointer, slug))

    def known_as(self, title: str, slug: str) -> None:
        """Remember a group by its title, so that groups of other tables are found to be of it."""
        for form in _forms(title):
            self._places.setdefault(form, []).append(slug)

    def titled(self, title: str) -> str:
        """Return the group that a title says, with or without its last bracket; else everyone.

        Groups that were remembered last come first: the participant flow before the arms.
        """
        whole, bare = _forms(title)[0], _forms(title)[-1]
        found = self._places.get(whole) or ([] if bare == whole else self._places.get(bare, []))
        own = [slug for slug in found if found.count(slug) == 1]
        return own[-1] if own else self.everyone

    def result(
        self,
        place: str,
        pointer: str,
        cell: tuple[Mapping[str, Any], str],
        tokens: Sequence[str | None],
        locator: Sequence[str | None],
        **fields: Any,
    ) -> None:
        """Add a result; its slug is made of a place in the record, and it belongs to its source.

        :param pointer: JSON Pointer to what holds its number
        :param cell: what holds its number, and the name of the number there
        :param tokens: what is printed, in order
        :param locator: where that is, from the table to the group
        """
        self.results.append(
            r.Result(
                slug=f"{self.source}-{place}",
                source=self.source,
                study=self.study,
                directness=Directness.OWN,
                printed=" | ".join(filter(None, tokens)),
                locator=", ".join(filter(None, locator)),
                line=self._lines.of(*cell),
                pointer=f"{pointer}/{cell[1]}",
                **fields,
            )
        )


def _forms(title: str) -> tuple[str, ...]:
    """Return a title in lower case, and without the bracket it ends with."""
    whole = " ".join(title.casefold().split())
    bare = whole[: whole.rfind("(")].rstrip() if whole.endswith(")") else whole
    return (whole, bare) if bare and bare != whole else (whole,)
