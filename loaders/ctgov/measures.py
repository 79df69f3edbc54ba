"""Tables of measures, at baseline and of outcomes: groups, classes, categories and their cells."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from evikg.graph import records as r
from evikg.ontology import CountUnit, GroupKind, VariableKind

from .draft import Draft, joined
from .names import slug_of
from .numbers import point_in_time, whole
from .readings import Reading, is_people
from .results_section import Category, Denominator, Measure, MeasureClass

#: Names the variable of a part: place of slugs, variable above, title; returns its slug.
Part = Callable[[str, str, str], str]

_TOKENS = ("value", "spread", "lowerLimit", "upperLimit")
#: How the title of a group begins that is all the others of its table together.
_TOTAL = re.compile(r"(?:total|overall|all (?:participants|patients|subjects|groups|arms))\b")


@dataclass(frozen=True, slots=True)
class Columns:
    """The groups of the columns of a table, by their ids in the record.

    `units` are the groups of what was analysed where that is not people, such as eyes, `unit` its
    name.
    """

    people: dict[str, str]
    units: dict[str, str] = field(default_factory=dict)
    unit: str | None = None

    def of(self, name: str, counted: CountUnit | None) -> str | None:
        """Return the group of a column that a number is about."""
        if counted is not CountUnit.PATIENTS and name in self.units:
            return self.units[name]
        return self.people.get(name)


@dataclass(frozen=True, slots=True)
class Table:
    """A measure and where it stands; `fields` are those of all its results."""

    place: str  # of slugs, such as `om3`
    pointer: str
    locator: tuple[str, ...]
    measure: Measure
    variable: str
    titles: Mapping[str, str]  # of its groups
    columns: Columns
    part: Part
    fields: dict[str, Any]


def analysed(denominators: Iterable[Denominator]) -> dict[str, int | None]:
    """Return how many participants of each group were analysed."""
    return {
        count["groupId"]: whole(count.get("value"))
        for item in denominators
        if is_people(item.get("units") or "Participants")
        for count in item.get("counts", ())
    }


def total_of(titles: Mapping[str, str], sizes: Mapping[str, int | None]) -> str | None:
    """Return the last group of a table where it is all the others together.

    Its title says so, and it is as large as they together: patients of several groups, as in a
    crossover, are not counted twice.

    >>> total_of({"a": "Drug", "b": "Placebo", "c": "Overall (n=3)"}, {"a": 1, "b": 2, "c": 3})
    'c'
    """
    *others, last = titles or [""]
    if len(others) < 2 or _TOTAL.match(titles[last].strip().casefold()) is None:
        return None
    counts = [size for name in others if (size := sizes.get(name)) is not None]
    return last if len(counts) == len(others) and sum(counts) == sizes.get(last) else None


def narrowed(
    draft: Draft,
    columns: Columns,
    denominators: Iterable[Denominator],
    pointer: str,
    place: str,
    label: str,
) -> Columns:
    """Return the groups of a table, or of a part of it, that has numbers analysed of its own.

    A group of the same number is the same; another number makes a group of its own, within it.

    :param label: of the part, for the names of such groups
    """
    people, units, unit = dict(columns.people), dict(columns.units), columns.unit
    for number, item in enumerate(denominators):
        name = item.get("units") or "Participants"
        for index, count in enumerate(item.get("counts", ())):
            held, size = count["groupId"], whole(count.get("value"))
            at = f"{pointer}/denoms/{number}/counts/{index}/value"
            before = people.get(held)
            if before is None:
                continue
            slug = f"{place}-{held.lower()}"
            if is_people(name):
                pools = _parts(draft, before, columns.people, people)
                people[held] = _sized(draft, slug, before, size, at, label, pools)
            else:
                unit = name
                units[held] = _units(draft, slug, before, units.get(held), size, at, label, name)
    return Columns(people, units, unit)


def _parts(
    draft: Draft, pool: str, before: Mapping[str, str], now: Mapping[str, str]
) -> tuple[str, ...]:
    """Return what the groups that a group pools are now, in a part of their table."""
    pooled = draft.group_of(pool).pools
    return tuple(now[name] for name, slug in before.items() if slug in pooled)


def _sized(
    draft: Draft,
    slug: str,
    before: str,
    size: int | None,
    pointer: str,
    label: str,
    pools: tuple[str, ...],
) -> str:
    held = draft.group_of(before)
    if size is not None and held.size is not None and held.size != size:
        sizes = [draft.group_of(part).size for part in pools]
        adds_up = None not in sizes and sum(filter(None, sizes)) == size
        words = f"{held.label.removeprefix(f'{draft.number}, ')}, {label}"
        more = {"pools": pools} if pools and adds_up else {}
        before = draft.group(slug, words, GroupKind.ASSESSED, size, before, **more)
    draft.sized(before, size, pointer)
    return before


def _units(
    draft: Draft,
    slug: str,
    people: str,
    before: str | None,
    size: int | None,
    pointer: str,
    label: str,
    name: str,
) -> str:
    """Return the group of units of some people: of their arm, but no subgroup, as no people."""
    if before is None or draft.group_of(before).size != size:
        of = draft.group_of(people)
        words = f"{of.label.removeprefix(f'{draft.number}, ')}, {label}, {name}"
        about = {"arm": of.arm, "regimen": of.regimen}
        before = draft.group(f"{slug}-units", words, GroupKind.ASSESSED, size, **about)
    draft.sized(before, size, pointer)
    return before


def own_part(draft: Draft, kind: VariableKind) -> Part:
    """Return what declares parts as variables of the record alone."""

    def declare(place: str, above: str, title: str) -> str:
        held = draft.declared[r.Variable, above]
        label = held.label if isinstance(held, r.Variable) else above
        return draft.variable(f"{place}-{_short(title)}", f"{label}: {title}", kind, (above,))

    return declare


def read_table(draft: Draft, table: Table) -> None:
    """Add a result for each cell of a table, and the groups that its classes have of their own.

    Classes and categories are variables under that of the table; a class that is nothing but a
    time, such as `Week 12`, is the timepoint of its results instead.
    """
    classes = table.measure.get("classes", [])
    times = _times(classes)
    titles = _distinct([part.get("title") for part in classes])
    readings: dict[str | None, Reading] = {}
    for number, part in enumerate(classes):
        title, time = titles[number], times.get(number)
        pointer = f"{table.pointer}/classes/{number}"
        place = f"{table.place}-c{number + 1}" if len(classes) > 1 else table.place
        denominators = part.get("denoms", ())
        label = title or table.measure["title"]
        columns = narrowed(draft, table.columns, denominators, pointer, place, label)
        variable, stem = table.variable, table.place
        if title and time is None:
            variable = table.part(stem, variable, title)
            stem = f"{stem}-{_short(title)}"
        reading = readings.get(columns.unit) or Reading.of(table.measure, columns.unit)
        readings[columns.unit] = reading
        cells = _Cells(draft, table, columns, reading, table.fields | (time or {}))
        categories = part.get("categories", [])
        names = _distinct([category.get("title") for category in categories])
        for index, category in enumerate(categories):
            name, of = names[index], f"{place}-k{index + 1}" if len(categories) > 1 else place
            held = table.part(stem, variable, name) if name else variable
            parts = tuple(text for text in (title, name) if text)
            cells.read(category, parts, held, of, f"{pointer}/categories/{index}")


@dataclass(frozen=True, slots=True)
class _Cells:
    """The cells of one class; `fields` are those of all its results."""

    draft: Draft
    table: Table
    columns: Columns
    reading: Reading
    fields: dict[str, Any]

    def read(
        self, category: Category, parts: tuple[str, ...], variable: str, place: str, pointer: str
    ) -> None:
        draft, table, reading = self.draft, self.table, self.reading
        shared = self.fields | {
            "variable": variable,
            "printed_term": joined(table.measure["title"], *parts, by=": "),
        }
        locator = joined(*table.locator, *parts)
        for number, cell in enumerate(category.get("measurements", ())):
            printed: Mapping[str, Any] = cell
            tokens = [key for key in _TOKENS if printed.get(key)]
            if not tokens:
                continue
            held = cell["groupId"]
            group = self.columns.of(held, reading.count_unit)
            if group is None:  # a group that the table does not describe
                words = f"{held} ({table.locator[0]})"
                slug, kind = f"{place}-{held.lower()}", GroupKind.ASSESSED
                group = draft.group(slug, words, kind, within=draft.everyone)
            size = draft.group_of(group).size
            fields = shared | reading.fields(cell, size, table.measure.get("dispersionType"))
            fields["group"] = group
            draft.result(
                f"{place}-{held.lower()}",
                f"{pointer}/measurements/{number}",
                (cell, tokens[0]),
                [printed[key] for key in tokens],
                f"{locator}, {table.titles.get(held, held)}",
                fields,
            )


def method_text(measure: Measure) -> str | None:
    """Return how a measure was taken, and in whom, as the record describes it."""
    population = measure.get("populationDescription")
    texts = (measure.get("description"), f"Analysed: {population}" if population else None)
    return "\n\n".join(filter(None, texts)) or None


def _times(classes: Sequence[MeasureClass]) -> dict[int, dict[str, Any]]:
    """Return the timepoint of each class that is one; none where two are the same time."""
    found = {n: point_in_time(part.get("title")) for n, part in enumerate(classes)}
    times = {n: time for n, time in found.items() if time}
    seen = Counter(tuple(time.items()) for time in times.values())
    return times if all(count == 1 for count in seen.values()) else {}


def _distinct(titles: Sequence[str | None]) -> list[str | None]:
    """Return titles, those that stand there more than once with their number."""
    seen = Counter(titles)
    return [
        f"{title} ({number})" if title and seen[title] > 1 else title
        for number, title in enumerate(titles, 1)
    ]


def _short(title: str) -> str:
    """Return a title as a part of a slug, of few words."""
    return "-".join(slug_of(title).split("-")[:8])
