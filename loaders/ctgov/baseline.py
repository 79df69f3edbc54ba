"""Baseline characteristics."""

from evikg.graph import records as r
from evikg.ontology import GroupKind, VariableKind

from .draft import Draft
from .making import made
from .measures import (
    Columns,
    Part,
    Table,
    analysed,
    method_text,
    narrowed,
    own_part,
    read_table,
    total_of,
)
from .names import slug_of
from .results_section import Baseline, Measure
from .tables import baseline

_KIND = VariableKind.BASELINE


def read_baseline(draft: Draft, module: Baseline, pointer: str) -> None:
    """Add the groups of the baseline, as large as the numbers analysed, and a result each cell."""
    titles = {group["id"]: group.get("title") or group["id"] for group in module.get("groups", ())}
    sizes = analysed(module.get("denoms", ()))
    total = total_of(titles, sizes)
    groups: dict[str, str] = {}
    for group in module.get("groups", ()):
        name, title = group["id"], titles[group["id"]]
        said = title == "Total" and "all reporting groups" in group.get("description", "")
        is_total = said or name == total
        groups[name] = draft.group(
            name.lower(),
            f"{title} (baseline)",
            GroupKind.ASSESSED,
            sizes.get(name),
            within=draft.everyone if is_total else draft.titled(title),
            pools=tuple(groups.values()) if is_total and len(groups) == len(titles) - 1 else (),
        )
    columns = narrowed(draft, Columns(groups), module.get("denoms", ()), pointer, "bm", "analysed")
    for number, measure in enumerate(module.get("measures", ())):
        place, at = f"bm{number + 1}", f"{pointer}/measures/{number}"
        variable, part = _variable(draft, place, measure)
        definition = made(
            r.Definition,
            slug=f"{draft.source}-{place}",
            study=draft.study,
            variable=variable,
            label=f"{draft.number}, baseline: {measure['title']}",
            method=method_text(measure),
        )
        own = narrowed(draft, columns, measure.get("denoms", ()), at, place, measure["title"])
        table = Table(
            place=place,
            pointer=at,
            locator=("Baseline", measure["title"]),
            measure=measure,
            variable=variable,
            titles=titles,
            columns=own,
            part=part,
            fields={"definition": draft.declare(definition)},
        )
        read_table(draft, table)


def _variable(draft: Draft, place: str, measure: Measure) -> tuple[str, Part]:
    """Return the variable of a measure: the registry's own measures are the same in all records."""
    title = measure["title"]
    row = baseline(title)
    if row is not None and row["slug"]:
        standard = draft.names.standard(row["slug"], row["label"], _KIND)
        return draft.declare(standard), _standard_part(draft, title)
    if found := draft.names.titled(title):
        return draft.declare(found), own_part(draft, _KIND)
    broader: tuple[str, ...] = ()
    if row is not None and row["broader"]:
        above = draft.names.standard(row["broader"], row["broader"], _KIND)
        broader = (draft.declare(above),)
    return draft.variable(place, title, _KIND, broader), own_part(draft, _KIND)


def _standard_part(draft: Draft, measure: str) -> Part:
    def declare(place: str, above: str, title: str) -> str:
        row = baseline(measure, title)
        slug = row["slug"] if row else f"{above}-{slug_of(title)}"
        label = row["label"] if row else f"{above.replace('-', ' ')}: {title}"
        return draft.declare(draft.names.standard(slug, label, _KIND, (above,)))

    return declare
