"""Adverse events: how many patients of each group had each event, how often, and how many died."""

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from evikg.graph import records as r
from evikg.graph.numbers import Printed
from evikg.ontology import Causality, CountUnit, GroupKind, Seriousness, Statistic, VariableKind

from .draft import Draft, joined, noted
from .measures import total_of
from .numbers import printed
from .results_section import Event, EventGroup, Events
from .structure import number_at

_ANY = r.Grade.parse("any")
_NO_TERM = "term not stated"
_Table = tuple[str, str, Seriousness | None, str]
#: Tables: name of the totals, place in slugs, seriousness, how a locator begins.
_TABLES: tuple[_Table, ...] = (
    ("deaths", "deaths", None, "All-cause mortality"),
    ("serious", "sae", Seriousness.SERIOUS, "Serious adverse events"),
    ("other", "ae", Seriousness.NON_SERIOUS, "Other (not serious) adverse events"),
)


def read_events(draft: Draft, events: Events, pointer: str) -> None:
    """Add the groups at risk, and a result for each number of the tables of adverse events."""
    if not events.get("eventGroups"):
        return
    _Reader(draft, events, pointer).read()


class _Reader:
    """The tables of one record.

    A group is those at risk. Where the tables have different numbers at risk, or a term its own,
    each is a group of its own.
    """

    def __init__(self, draft: Draft, events: Events, pointer: str) -> None:
        self.draft, self.events, self.pointer = draft, events, pointer
        self.threshold = _decimal(events.get("frequencyThreshold"))
        self.titles = {g["id"]: g.get("title") or g["id"] for g in events["eventGroups"]}
        self.groups: dict[tuple[str, str], str] = {}  # by group and table
        self.wholes: dict[str, str] = {}  # by group
        numbers = [f"{table[0]}NumAtRisk" for table in _TABLES]
        sizes = {
            g["id"]: _only(number_at(g, key) for key in numbers) for g in events["eventGroups"]
        }
        self.total = total_of(self.titles, sizes)
        self.window = draft.declare(
            r.OnsetWindow(
                slug=f"{draft.source}-ae",
                label=events.get("timeFrame") or f"{draft.number}, time frame not stated",
            )
        )
        self.any = draft.declare(
            draft.names.standard("adverse-event", "any adverse event", VariableKind.ADVERSE_EVENT)
        )
        self.death = draft.declare(
            draft.names.standard("death", "death from any cause", VariableKind.EFFICACY)
        )
        self.definition = draft.declare(
            r.Definition(
                slug=f"{draft.source}-ae",
                study=draft.study,
                variable=self.any,
                label=f"{draft.number}, adverse events",
                origin=events.get("timeFrame"),
                events=events.get("description"),
            )
        )

    def read(self) -> None:
        for number, group in enumerate(self.events["eventGroups"]):
            self.group(group)
            self.totals(group, f"{self.pointer}/eventGroups/{number}")
        for name, rows in (
            ("serious", self.events.get("seriousEvents", [])),
            ("other", self.events.get("otherEvents", [])),
        ):
            table = next(table for table in _TABLES if table[0] == name)
            variables = [self.draft.names.event(event.get("term") or _NO_TERM) for event in rows]
            seen = Counter(variable.slug for variable in variables)
            for number, event in enumerate(rows):
                variable = self.draft.declare(variables[number])
                about: dict[str, Any] = {"variable": variable}
                if seen[variable] > 1:
                    about["definition"] = self.row(table, number, event, variable)
                pointer = f"{self.pointer}/{name}Events/{number}/stats"
                self.event(table, number, event, pointer, about)

    def group(self, group: EventGroup) -> None:
        title, name = self.titles[group["id"]], group["id"].lower()
        at_risk = {table[0]: number_at(group, f"{table[0]}NumAtRisk") for table in _TABLES}
        size = _only(at_risk.values())
        of = self.draft.titled(title)
        label = f"{title} (adverse events)"
        pools = tuple(self.wholes.values()) if group["id"] == self.total else ()
        whole = self.draft.group(name, label, GroupKind.SAFETY, size, within=of, pools=pools)
        self.wholes[group["id"]] = whole
        for table, number in at_risk.items():
            held = whole
            if number is not None and number != size:
                label = f"{title} (at risk: {table})"
                slug = f"{name}-{table}"
                held = self.draft.group(slug, label, GroupKind.SAFETY, number, within=whole)
            self.groups[group["id"], table] = held

    def totals(self, group: EventGroup, pointer: str) -> None:
        for table, _, seriousness, title in _TABLES:
            affected = number_at(group, f"{table}NumAffected")
            if affected is None:
                continue
            about: dict[str, Any] = {"variable": self.death}
            if seriousness is not None:
                about = {"variable": self.any, "definition": self.definition}
                about |= self.scope(seriousness)
            else:
                about["note"] = self.events.get("allCauseMortalityComment")
                about["onset_window"] = self.window
            total = number_at(group, f"{table}NumAtRisk")
            about |= {"group": self.groups[group["id"], table], "statistic": Statistic.COUNT}
            self.draft.result(
                f"{group['id'].lower()}-{table}",
                pointer,
                (group, f"{table}NumAffected"),
                _tokens(affected, total),
                joined(title, "Total", self.titles[group["id"]]),
                about | _patients(affected, total),
            )

    def row(self, table: _Table, number: int, event: Event, variable: str) -> str:
        """Declare what a row counts where a table has several of one term: each is a quantity."""
        label = joined(self.draft.number, f"{table[3]} {number + 1}", event.get("term"))
        return self.draft.declare(
            r.Definition(
                slug=f"{self.draft.source}-{table[1]}{number + 1}",
                study=self.draft.study,
                variable=variable,
                label=joined(label, event.get("organSystem")),
                events=event.get("notes"),
            )
        )

    def event(
        self, table: _Table, number: int, event: Event, pointer: str, about: Mapping[str, Any]
    ) -> None:
        name, place, seriousness, title = table
        assert seriousness is not None  # noqa: S101 - deaths have no terms
        term = event.get("term") or _NO_TERM
        shared = self.scope(seriousness) | {
            **about,
            "statistic": Statistic.COUNT,
            "printed_term": term,
            "printed_soc": event.get("organSystem"),
            "note": noted(
                event.get("sourceVocabulary"),
                event.get("assessmentType", "").replace("_", " ").lower(),
                event.get("notes"),
            ),
        }
        where = joined(title, term, event.get("organSystem"))
        for index, count in enumerate(event.get("stats", ())):
            held, slug = count["groupId"], f"{place}{number + 1}-{count['groupId'].lower()}"
            affected, total = count.get("numAffected"), count.get("numAtRisk")
            shared["group"] = group = self.at_risk(held, name, slug, term, total)
            locator, at = f"{where}, {self.titles.get(held, held)}", f"{pointer}/{index}"
            if affected is not None:
                tokens, fields = _tokens(affected, total), _patients(affected, total)
                self.draft.result(
                    slug, at, (count, "numAffected"), tokens, locator, shared | fields
                )
            elif total is not None:
                self.draft.sized(group, total, f"{at}/numAtRisk")
            if (times := count.get("numEvents")) is not None:
                fields = {"value": _count(times), "events": times, "count_unit": CountUnit.EVENTS}
                locator = f"{locator}, number of events"
                self.draft.result(
                    f"{slug}-events",
                    at,
                    (count, "numEvents"),
                    [str(times)],
                    locator,
                    shared | fields,
                )

    def at_risk(self, name: str, table: str, slug: str, term: str, total: int | None) -> str:
        """Return the group at risk of a term: that of its table, unless its number differs."""
        group = self.groups.get((name, table), self.draft.everyone)
        if total is None or total == self.draft.group_of(group).size:
            return group
        label = f"{self.titles.get(name, name)} (at risk of {term})"
        return self.draft.group(slug, label, GroupKind.SAFETY, total, within=group)

    def scope(self, seriousness: Seriousness) -> dict[str, Any]:
        """Return what is counted of events: of any grade and cause, in the record's time frame."""
        threshold = self.threshold if seriousness is Seriousness.NON_SERIOUS else None
        return {
            "grade": _ANY,
            "seriousness": seriousness,
            "causality": Causality.ALL,
            "onset_window": self.window,
            "frequency_threshold": threshold,
        }


def _only(numbers: Iterable[int | None]) -> int | None:
    """Return the number that all are which are stated; None where they differ."""
    found = {number for number in numbers if number is not None}
    return next(iter(found)) if len(found) == 1 else None


def _patients(affected: int, total: int | None) -> dict[str, Any]:
    return {
        "value": _count(affected),
        "events": affected,
        "total": total,
        "count_unit": CountUnit.PATIENTS,
    }


def _tokens(affected: int, total: int | None) -> list[str]:
    return [str(affected)] if total is None else [str(affected), str(total)]


def _count(number: int) -> Printed:
    return printed(str(number))


def _decimal(text: str | None) -> Decimal | None:
    found = None if text is None else printed(text.strip().removesuffix("%"))
    return found.number if found else None
