"""Participant flow: how many of each group reached each milestone of each period, or left why."""

from collections.abc import Iterable

from evikg.graph import records as r
from evikg.ontology import CountUnit, GroupKind, Statistic, VariableKind

from .draft import Draft, joined, noted
from .names import slug_of
from .numbers import printed, whole
from .results_section import DropOut, Flow, FlowCount, Milestone, Period
from .structure import text_at
from .tables import disposition

_STARTED = "STARTED"
#: Who reaches these in a later period is among those who did in the period before.
_LASTING = frozenset({_STARTED, "COMPLETED"})


def read_flow(draft: Draft, flow: Flow, pointer: str) -> None:
    """Add the groups of the participant flow, and a result for each of its numbers.

    A group is as large as the number that started the first period; those who started a later
    period are a group of their own, of which its numbers are.
    """
    titles = {group["id"]: group.get("title") or group["id"] for group in flow.get("groups", ())}
    groups: dict[str, str] = {}
    for name, title in titles.items():
        groups[name] = draft.group(
            name.lower(),
            f"{title} (participant flow)",
            GroupKind.ENROLLED,
            _started(flow.get("periods", [])[:1], name),
            within=draft.titled(title),
        )
    for name, title in titles.items():
        draft.known_as(title, groups[name], "flow")
    for number, period in enumerate(flow.get("periods", ())):
        held = dict(groups)
        if number:
            for name, title in titles.items():
                held[name] = draft.group(
                    f"fp{number + 1}-{name.lower()}",
                    f"{title} (participant flow, {period.get('title', '')})",
                    GroupKind.ENROLLED,
                    _started([period], name),
                    within=groups[name],
                )
        table = _Table(draft, flow, titles, held, number, f"{pointer}/periods/{number}")
        table.read(period, only=len(flow.get("periods", ())) == 1)


def _started(periods: Iterable[Period], group: str) -> int | None:
    for period in periods:
        for milestone in period.get("milestones", ()):
            for count in milestone.get("achievements", ()):
                if milestone.get("type") == _STARTED and count["groupId"] == group:
                    return whole(count.get("numSubjects"))
    return None


class _Table:
    """The table of one period."""

    def __init__(
        self,
        draft: Draft,
        flow: Flow,
        titles: dict[str, str],
        groups: dict[str, str],
        number: int,
        pointer: str,
    ) -> None:
        self.draft, self.titles, self.groups, self.pointer = draft, titles, groups, pointer
        self.units = flow.get("typeUnitsAnalyzed")
        self.prefix = f"fp{number + 1}"
        self.title = ""
        self.window: str | None = None

    def read(self, period: Period, *, only: bool) -> None:
        """Add what a period states; `only` is that there is no other.

        Who leaves in a later period is not among those who left before: of several periods, each
        is the time in which it happened.
        """
        self.title = period.get("title", "")
        if not only:
            label = joined(self.draft.number, "participant flow", self.title or self.prefix)
            slug = f"{self.draft.source}-{self.prefix}"
            self.window = self.draft.declare(r.OnsetWindow(slug=slug, label=label))
        for number, milestone in enumerate(period.get("milestones", ())):
            pointer = f"{self.pointer}/milestones/{number}/achievements"
            variable = self.variable("milestone", number, milestone)
            self.counts(
                f"m{number + 1}", pointer, milestone, milestone.get("achievements", ()), variable
            )
        for number, reason in enumerate(period.get("dropWithdraws", ())):
            pointer = f"{self.pointer}/dropWithdraws/{number}/reasons"
            variable = self.variable("reason", number, reason)
            self.counts(f"d{number + 1}", pointer, reason, reason.get("reasons", ()), variable)

    def variable(self, kind: str, number: int, row: Milestone | DropOut) -> str:
        draft, word = self.draft, row.get("type", "")
        known = disposition(kind, word)
        whole_of = disposition("milestone", "NOT COMPLETED")
        broader: tuple[str, ...] = ()
        if kind == "reason" and whole_of is not None:
            broader = (whole_of["slug"],)
            draft.declare(
                draft.names.standard(whole_of["slug"], whole_of["label"], VariableKind.DISPOSITION)
            )
        if known is not None:
            variable = draft.names.standard(
                known["slug"], known["label"], VariableKind.DISPOSITION, broader
            )
            return draft.declare(variable)
        # Whoever reaches a milestone of the same name in another period does the same.
        label = f"{kind} of the participant flow: {word}"
        return draft.variable(f"{kind}-{slug_of(word)}", label, VariableKind.DISPOSITION, broader)

    def counts(
        self,
        place: str,
        pointer: str,
        row: Milestone | DropOut,
        counts: Iterable[FlowCount],
        variable: str,
    ) -> None:
        for number, count in enumerate(counts):
            group = self.groups.get(count["groupId"], self.draft.everyone)
            for name, unit in (("numSubjects", CountUnit.PATIENTS), ("numUnits", CountUnit.UNITS)):
                text = text_at(count, name)
                if text is None:
                    continue
                of_units = unit is CountUnit.UNITS
                fields = {
                    "group": group,
                    "variable": variable,
                    "statistic": Statistic.COUNT,
                    "value": printed(text),
                    "unit": self.units if of_units else None,
                    "events": whole(text),
                    "total": None if of_units else self.draft.group_of(group).size,
                    "count_unit": unit,
                    "onset_window": None if row.get("type") in _LASTING else self.window,
                    "printed_term": row.get("type"),
                    "note": noted(row.get("comment"), count.get("comment")),
                }
                title = self.titles.get(count["groupId"], count["groupId"])
                self.draft.result(
                    f"{self.prefix}-{place}-{count['groupId'].lower()}{'-units' * of_units}",
                    f"{pointer}/{number}",
                    (count, name),
                    [text],
                    joined("Participant flow", self.title, row.get("type"), title),
                    fields,
                )
