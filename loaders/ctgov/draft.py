"""The records that one record of the registry becomes, while they are made."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from evikg.graph import records as r
from evikg.ontology import Directness, GroupKind, VariableKind

from .lines import Lines
from .making import made
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
        self._groups: dict[str, r.Group] = {}
        # Slugs of groups by their titles, and by titles less a last bracket, of each table.
        self._titles: dict[str, tuple[dict[str, list[str]], dict[str, list[str]]]] = {}

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
        return self.declare(made(r.Variable, slug=slug, label=label, kind=kind, broader=broader))

    def group_of(self, slug: str) -> r.Group:
        """Return a group that is declared."""
        return self._groups[slug]

    def things(self) -> tuple[r.Record, ...]:
        """Return all that is declared, groups last."""
        return (*self.declared.values(), *self._groups.values())

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
        parent = self._groups[within] if within else None
        if parent:
            fields = {"arm": parent.arm, "regimen": parent.regimen} | fields
        group = made(
            r.Group,
            slug=f"{self.source}-{slug}",
            study=self.study,
            label=f"{self.number}, {label}",
            kind=kind,
            size=size,
            subgroup_of=self._holding(within, size),
            **fields,
        )
        return self._groups.setdefault(group.slug, group).slug

    def sized(self, slug: str, size: int | None, pointer: str) -> None:
        """Say that the number at a pointer is the size of a group."""
        group = self._groups[slug]
        if size is not None and group.size is None:
            holding = self._holding(group.subgroup_of, size)
            self._groups[slug] = replace(group, size=size, subgroup_of=holding)
        self.sizes.append((pointer, slug))

    def _holding(self, within: str | None, size: int | None) -> str | None:
        """Return the nearest group, from one upwards, that is not smaller than a size."""
        while within is not None and size is not None:
            group = self._groups[within]
            if group.size is None or group.size >= size:
                break
            within = group.subgroup_of
        return within

    def known_as(self, title: str, slug: str, table: str) -> None:
        """Remember a group of a table by its title, so that groups of others are found to be of it."""
        whole, bare = _forms(title)
        titles = self._titles.setdefault(table, ({}, {}))
        titles[0].setdefault(whole, []).append(slug)
        if bare != whole:
            titles[1].setdefault(bare, []).append(slug)

    def titled(self, title: str) -> str:
        """Return the group of the same title, in the table remembered last; else everyone.

        One of the two titles may end with a bracket that the other has not, as `Placebo (FAS)`.
        """
        whole, bare = _forms(title)
        for titles, bare_titles in reversed(self._titles.values()):
            found = titles.get(whole) or bare_titles.get(whole, []) + titles.get(bare, [])
            if len(set(found)) == 1:
                return found[0]
        return self.everyone

    def result(
        self,
        place: str,
        pointer: str,
        cell: tuple[Mapping[str, Any], str],
        tokens: Iterable[str],
        locator: str,
        fields: Mapping[str, Any],
    ) -> None:
        """Add a result; its slug is made of a place in the record, and it belongs to its source.

        :param pointer: JSON Pointer to what holds its number
        :param cell: what holds its number, and the name of the number there
        :param tokens: what is printed, in order
        :param fields: all others
        """
        self.results.append(
            made(
                r.Result,
                slug=f"{self.source}-{place}",
                source=self.source,
                study=self.study,
                directness=Directness.OWN,
                printed=" | ".join(tokens),
                locator=locator,
                line=self._lines.of(*cell),
                pointer=f"{pointer}/{cell[1]}",
                **fields,
            )
        )


def joined(*texts: str | None, by: str = ", ") -> str:
    """Return the texts that there are, joined."""
    return by.join([text for text in texts if text])


def noted(*texts: str | None) -> str | None:
    """Return the texts that there are as one note; None where there is none."""
    return joined(*texts, by="; ") or None


@lru_cache(maxsize=4096)
def _forms(title: str) -> tuple[str, str]:
    """Return a title in lower case, and the same without the bracket it ends with."""
    whole = " ".join(title.casefold().split())
    bare = whole[: whole.rfind("(")].rstrip() if whole.endswith(")") else whole
    return whole, bare or whole
