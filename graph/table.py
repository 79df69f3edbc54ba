"""The flat results table: one row a result, numbers as printed, empty where nothing is stated."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from importlib.resources import files

from pyoxigraph import QueryTriples, Triple

from evikg.ontology import EV, IntervalKind, individual, kind_and_slug

from .mapping import from_triples
from .normalise import normalised
from .numbers import Printed
from .pooled import pooled_results, told_despite
from .records import Group, PooledResult, Result, Variable
from .store import Store

#: The columns scripts rely on, in order.
COLUMNS = (
    "result source study group group_size comparator variable variable_iri statistic value unit"
    " events total interval_kind interval_low interval_high interval_level p_value timepoint"
    " timepoint_unit grade seriousness causality count_unit onset_window directness"
    " cited_reference printed locator line derived"
).split()

#: What `--wide` adds, in order.
WIDE_COLUMNS = (
    "definition value_status low_status high_status total_status grade_min grade_max grade_basis"
    " predictor increment adjustment time_dependence printed_term printed_code printed_soc"
    " printed_group occurrence quantity primary counted_in ucum fraction days note dispersion"
    " dispersion_kind interval_sides method hypothesis frequency_threshold pointer cell_b cell_c"
    " cell_d"
).split()

Row = dict[str, str]


def results_table(store: Store, *, wide: bool = False) -> tuple[list[str], list[Row]]:
    """Return the columns and the rows, by source, line and place; pooled results come last.

    Every cell is text: a number is printed as the source prints it.
    """
    query = files(__package__).joinpath("results.rq").read_text(encoding="utf-8")
    answer = store.query(query)
    assert isinstance(answer, QueryTriples)  # noqa: S101 - what a CONSTRUCT answers
    triples = list(answer)
    records = from_triples(triples)
    groups = {record.slug: record for record in records if isinstance(record, Group)}
    variables = {record.slug: record for record in records if isinstance(record, Variable)}
    results = [record for record in records if isinstance(record, Result)]
    results.sort(key=lambda result: (result.source, result.line, _place(result)))
    derived = _derived(triples)
    columns = [*COLUMNS, *WIDE_COLUMNS] if wide else list(COLUMNS)
    rows = []
    for result in results:
        row = _row(result, groups[result.group], variables[result.variable])
        if wide:
            row |= _wide(result) | derived.get(result.slug, {})
        rows.append({column: row.get(column, "") for column in columns})
    for pooled in pooled_results(store):
        row = _pooled_row(pooled, variables)
        rows.append({column: row.get(column, "") for column in columns})
    return columns, rows


def _pooled_row(pooled: PooledResult, variables: Mapping[str, Variable]) -> Row:
    """Return the row of a number that is printed nowhere: it has no source, study or place.

    Where its place would stand, and in its note, it says what it was pooled in spite of: the flat
    table is read without the caveats.
    """
    despite = told_despite(pooled)
    notes = (pooled.method, f"derived from {', '.join(pooled.inputs)}", despite)
    labels = [variables[slug].label for slug in pooled.variables if slug in variables]
    return {
        "result": pooled.slug,
        "variable": "; ".join(labels),
        "variable_iri": " ".join(individual("variable", slug).value for slug in pooled.variables),
        "statistic": pooled.statistic,
        "value": _text(pooled.value),
        "unit": _text(pooled.unit),
        "events": _text(pooled.events),
        "total": _text(pooled.patients),
        "interval_kind": IntervalKind.CONFIDENCE.value,
        "interval_low": _text(pooled.low),
        "interval_high": _text(pooled.high),
        "interval_level": _text(pooled.level),
        "locator": f"derived; {despite}" if despite else "",
        "derived": "true",
        "note": "; ".join(filter(None, notes)),
    }


def _place(result: Result) -> list[tuple[int, str]]:
    """Return what sorts results by their slugs, numbers in them by their value."""
    parts = re.findall(r"\d+|\D+", result.slug)
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]


def _row(result: Result, group: Group, variable: Variable) -> Row:
    return {
        "result": result.slug,
        "source": result.source,
        "study": result.study,
        "group": result.group,
        "group_size": _text(group.size),
        "comparator": _text(result.comparator),
        "variable": variable.label,
        "variable_iri": individual("variable", result.variable).value,
        "statistic": result.statistic.value,
        "value": _text(result.value),
        "unit": _text(result.unit),
        "events": _text(result.events),
        "total": _text(result.total),
        "interval_kind": _text(result.interval_kind),
        "interval_low": _text(result.interval_low),
        "interval_high": _text(result.interval_high),
        "interval_level": _text(result.interval_level),
        "p_value": _text(result.p_value),
        "timepoint": _text(result.timepoint),
        "timepoint_unit": _text(result.timepoint_unit),
        "grade": result.grade.text if result.grade else "",
        "seriousness": _text(result.seriousness),
        "causality": _text(result.causality),
        "count_unit": _text(result.count_unit),
        "onset_window": _text(result.onset_window),
        "directness": result.directness.value,
        "cited_reference": _text(result.cited_reference),
        "printed": result.printed,
        "locator": result.locator,
        "line": str(result.line),
        "derived": "true" if result.derived_from else "false",
    }


def _wide(result: Result) -> Row:
    row = {
        name: _text(getattr(result, name))
        for name in (
            "definition grade_basis predictor increment adjustment time_dependence printed_term"
            " printed_code printed_soc printed_group occurrence note dispersion dispersion_kind"
            " interval_sides method hypothesis frequency_threshold pointer cell_b cell_c cell_d"
        ).split()
    }
    row["value_status"] = _status(result.value)
    row["low_status"] = _status(result.interval_low)
    row["high_status"] = _status(result.interval_high)
    row["total_status"] = "not-stated" if result.total_not_stated else ""
    row["grade_min"] = _text(result.grade.low if result.grade else None)
    row["grade_max"] = _text(result.grade.high if result.grade else None)
    names = {EV.ucum: "ucum", EV.fraction: "fraction", EV.days: "days"}
    return row | {names[predicate]: term.value for predicate, term in normalised(result)}


def _derived(triples: Sequence[Triple]) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for slug, column, value in _derived_cells(triples):
        row = rows.setdefault(slug, {"primary": "false"})
        row[column] = (
            f"{row[column]} {value}" if column == "counted_in" and row.get(column) else value
        )
    return rows


def _derived_cells(triples: Sequence[Triple]) -> Iterator[tuple[str, str, str]]:
    columns = {EV.quantity: "quantity", EV.primary: "primary", EV.countedIn: "counted_in"}
    cells = []
    for triple in triples:
        if triple.predicate in columns:
            slug = _slug(triple.subject.value)  # type: ignore[union-attr]
            value = triple.object.value  # type: ignore[union-attr]
            cells.append((slug, columns[triple.predicate], _slug(value)))
    yield from sorted(cells)


def _slug(iri: str) -> str:
    parts = kind_and_slug(iri)
    return parts[1] if parts else iri


def _status(printed: Printed | None) -> str:
    return printed.status.value if printed and printed.status else ""


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Printed):
        return value.text
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value)
