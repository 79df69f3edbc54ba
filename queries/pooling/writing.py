"""A synthesis as a table with its caveats: the same rows in every format."""

from collections import defaultdict
from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode

from evikg.analysis.synthesis.heterogeneity import Heterogeneity
from evikg.analysis.synthesis.results import Estimate, Pooled, PooledStudy
from evikg.graph.comparability import Assessment, Candidate
from evikg.ontology import individual
from evikg.queries.answer import Answer, write

from .selection import LeftOut, Selection
from .synthesis import NotComparableError, Synthesis

COLUMNS = ("role", "label", "events", "total", "value", "low", "high", "weight", "note", "result")

Row = dict[str, str]


def rows(found: Synthesis) -> list[Row]:
    """Return the rows of an answer: studies, what is pooled of them, what limits it.

    Shares are in percent with one decimal, everything else with two; a note says the rest.
    """
    return [
        *_studies(found),
        *_summaries(found),
        *({"role": "left out", "result": i.result, "note": i.reason} for i in found.left_out),
        *({"role": "caveat", "note": caveat} for caveat in found.caveats),
    ]


def answer(found: Synthesis) -> Answer:
    """Return the rows as an answer, which is written in any format of a question."""
    cells = []
    for row in rows(found):
        cells.append(tuple(_cell(name, row.get(name, "")) for name in COLUMNS))
    return Answer(COLUMNS, tuple(cells))


def _cell(column: str, text: str) -> Literal | NamedNode | None:
    if not text:
        return None
    return individual("result", text) if column == "result" else Literal(text)


def text(found: Synthesis, *, width: int | None = None) -> str:
    """Write an answer to be read: a table, then what was left out and every caveat."""
    kept = [row for row in rows(found) if row["role"] not in {"left out", "caveat"}]
    columns = [name for name in COLUMNS if any(row.get(name) for row in kept)]
    cells = tuple(tuple(_cell(name, row.get(name, "")) for name in columns) for row in kept)
    parts = [write(Answer(tuple(columns), cells), "table", width=width)]
    parts += [*_told_left_out(found.left_out)]
    if found.caveats:
        parts += ["caveats", *(f"  - {caveat}" for caveat in found.caveats)]
    return "\n".join(parts) + "\n"


def refusal(error: NotComparableError) -> str:
    """Write why results are not pooled, and what can be done."""
    found = error.assessment
    lines = [f"{error}:", *(f"  - {bar}" for bar in found.bars)]
    choices = [item for item in found.differences if item.bars]
    if choices:
        lines.append("choose what is to be pooled, for example:")
        for item in choices:
            most = max(item.values, key=lambda value: len(value[1]))
            lines.append(f"  --only '{item.facet}={most[0]}'   ({len(most[1])} results)")
    if found.overlaps:
        lines.append("leave one of each pair out: --exclude RESULT")
    lines.append("or say why it may be done all the same: --despite REASON")
    return "\n".join(lines)


def comparison(selection: Selection, found: Assessment) -> str:
    """Write whether results may stand together: what bars that, what limits it, what is left out."""
    lines = [f"{len(found.results)} results compared: {', '.join(found.results)}", ""]
    lines += ["bars a pool" if found.bars else "nothing bars a pool"]
    lines += [f"  - {bar}" for bar in found.bars]
    if found.caveats:
        lines += ["", "caveats", *(f"  - {caveat}" for caveat in found.caveats)]
    return "\n".join([*lines, "", *_told_left_out(selection.left_out)]).rstrip() + "\n"


def _told_left_out(left_out: tuple[LeftOut, ...]) -> Iterator[str]:
    reasons: dict[str, list[str]] = defaultdict(list)
    for item in left_out:
        reasons[item.reason].append(item.result)
    if reasons:
        yield "left out"
        for reason, results in reasons.items():
            yield f"  - {reason}: {', '.join(results)}"
        yield ""


def _studies(found: Synthesis) -> Iterator[Row]:
    pooled = found.pooled
    for place, (candidate, label) in enumerate(zip(found.chosen, found.labels, strict=True)):
        row = {"role": "study", "label": label, "result": candidate.slug}
        if pooled is not None:
            yield row | _study(pooled.studies[place], found.unit) | _place(candidate)
        else:
            yield row | _median(candidate) | _place(candidate)


def _study(study: PooledStudy, unit: str | None) -> Row:
    return {
        **_estimate(study.shown, unit),
        "events": "" if study.events is None else str(study.events),
        "total": "" if study.total is None else str(study.total),
        "weight": "" if study.weight is None else f"{study.weight:.1f}",
    }


def _place(candidate: Candidate) -> Row:
    result = candidate.result
    return {
        "note": f"{candidate.group.label}; {result.printed} ({result.source}, {result.locator})"
    }


def _median(candidate: Candidate) -> Row:
    result = candidate.result
    bounds = (result.value, result.interval_low, result.interval_high)
    texts = ["" if bound is None else bound.text for bound in bounds]
    size = result.total if result.total is not None else candidate.group.size
    total = "" if size is None else str(size)
    return {"total": total, "value": texts[0], "low": texts[1], "high": texts[2]}


def _summaries(found: Synthesis) -> Iterator[Row]:
    if found.pooled is not None:
        yield from _pool(found.pooled, found.unit)
    if found.medians is not None:
        yield from _medians(found)
    if found.subgroups is not None:
        for group in found.subgroups.groups:
            row = {"role": "subgroup", "label": f"{found.request.by} {group.name}"}
            if group.pooled is not None:
                count = (
                    f"{len(group.pooled.studies)} results; {_spread(group.pooled.heterogeneity)}"
                )
                yield row | _estimate(group.pooled.shown, found.unit) | {"note": count}
            elif group.alone is not None:
                yield row | _study(group.alone, found.unit) | {"note": group.reason}
            else:
                yield row | {"note": group.reason}
        if found.subgroups.between is not None:
            words = _tested(found.subgroups.between)
            yield {"role": "between subgroups", "label": found.request.by or "", "note": words}
    for omission in found.omissions:
        row = {"role": "left one out", "label": f"without {omission.omitted}"}
        if omission.pooled is None:
            yield row | {"note": omission.reason}
        else:
            spread = _spread(omission.pooled.heterogeneity)
            yield row | _estimate(omission.pooled.shown, found.unit) | {"note": spread}


def _pool(pooled: Pooled, unit: str | None) -> Iterator[Row]:
    counted = [study for study in pooled.studies if study.events is not None]
    totals = {}
    if len(counted) == len(pooled.studies):
        totals = {
            "events": str(sum(study.events or 0 for study in counted)),
            "total": str(sum(study.total or 0 for study in counted)),
        }
    yield {
        "role": "pooled",
        "label": f"{len(pooled.studies)} results",
        **totals,
        **_estimate(pooled.shown, unit),
        "note": pooled.method,
    }
    if pooled.prediction is not None:
        low, high = pooled.prediction
        yield {
            "role": "prediction interval",
            "label": "a new study",
            **_estimate(Estimate(low, low, high), unit),
            "value": "",
        }
    yield {"role": "heterogeneity", "note": _spread(pooled.heterogeneity)}


def _medians(found: Synthesis) -> Iterator[Row]:
    described = found.medians
    if described is None:
        return
    span = (
        "none was reached"
        if described.smallest is None
        else f"{described.smallest:g} to {described.largest:g} {found.unit or ''}".rstrip()
    )
    yield {
        "role": "described",
        "label": f"{len(described.medians)} medians",
        "note": f"{span}; {described.reached} reached; not pooled"
        if found.median is None
        else f"{span}; {described.reached} reached",
    }
    if found.median is not None:
        row = {"role": "pooled", "label": "weighted median of medians"}
        yield row | _estimate(found.median, found.unit) | {"note": "McGrath et al. 2019"}


def _estimate(found: Estimate, unit: str | None) -> Row:
    values = {"value": found.value, "low": found.low, "high": found.high}
    if unit == "%":
        return {name: f"{100 * value:.1f}" for name, value in values.items()}
    return {name: f"{value:.2f}" for name, value in values.items()}


def _spread(found: Heterogeneity) -> str:
    squared = "" if found.i2 is None else f", I² {found.i2:.0f} %"
    return f"τ² {found.tau2:.3g}{squared}; {_tested(found)}"


def _tested(found: Heterogeneity) -> str:
    p = "< 0.001" if found.p_value < 0.001 else f"{found.p_value:.3f}"
    return f"{found.test} {found.statistic:.2f}, df {found.df}, p {p}"
