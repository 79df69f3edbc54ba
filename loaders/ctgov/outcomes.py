"""Outcome measures and their statistical analyses."""

from evikg.graph import records as r
from evikg.ontology import GroupKind, VariableKind

from .analyses import read_analysis
from .draft import Draft
from .making import made
from .measures import (
    Columns,
    Table,
    analysed,
    method_text,
    narrowed,
    own_part,
    read_table,
    total_of,
)
from .numbers import point_in_time
from .results_section import Outcome

_KIND = VariableKind.OUTCOME_MEASURE


def read_outcome(draft: Draft, number: int, outcome: Outcome, pointer: str) -> None:
    """Add what an outcome measure states: its groups, cells and analyses.

    Each group is one of its own, as large as the number analysed, within the arm whose title it
    has. The variable is the declared one that has the title, else one of the record.

    :param number: 1-based place among the outcome measures of the record
    """
    place, title = f"om{number}", outcome["title"]
    kind = (outcome.get("type") or "").replace("_", " ").lower()
    titles = {group["id"]: group.get("title") or group["id"] for group in outcome.get("groups", ())}
    denominators = outcome.get("denoms", ())
    sizes = analysed(denominators)
    total = total_of(titles, sizes)
    groups: dict[str, str] = {}
    for name, text in titles.items():
        groups[name] = draft.group(
            f"{place}-{name.lower()}",
            f"{text} (outcome {number})",
            GroupKind.ASSESSED,
            sizes.get(name),
            within=draft.everyone if name == total else draft.titled(text),
            pools=tuple(groups.values()) if name == total else (),
        )
    columns = narrowed(draft, Columns(groups), denominators, pointer, place, "analysed")
    found = draft.names.titled(title)
    variable = draft.declare(found) if found else draft.variable(place, title, _KIND)
    frame = outcome.get("timeFrame")
    definition = made(
        r.Definition,
        slug=f"{draft.source}-{place}",
        study=draft.study,
        variable=variable,
        label=", ".join(filter(None, (f"{draft.number}, outcome {number}: {title}", frame))),
        method=method_text(outcome),
    )
    table = Table(
        place=place,
        pointer=pointer,
        locator=tuple(filter(None, (f"Outcome {number} ({kind}): {title}", frame))),
        measure=outcome,
        variable=variable,
        titles=titles,
        columns=columns,
        part=own_part(draft, _KIND),
        fields={"definition": draft.declare(definition), **point_in_time(frame)},
    )
    read_table(draft, table)
    for index, analysis in enumerate(outcome.get("analyses", ())):
        read_analysis(draft, table, index, analysis)
