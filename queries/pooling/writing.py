"""A synthesis as a table with its caveats: the same rows in every format."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from evikg.analysis.synthesis.heterogeneity import Heterogeneity
from evikg.analysis.synthesis.results import Estimate, Pooled, PooledStudy
from evikg.analysis.synthesis.sensitivity import Subgroups
from evikg.graph.comparability import Assessment, Candidate
from evikg.ontology import individual
from evikg.queries.answer import Answer, write

from .selection import LeftOut, Selection
from .synthesis import Synthesis

COLUMNS = ("role", "label", "events", "total", "value", "low", "high", "weight", "note", "result")

Row = dict[str, str]


def rows(found: Synthesis, *, exact: bool = False) -> list[Row]:
    """Return the rows of an answer: studies, what is pooled of them, what limits it.

    Shares are in percent with one decimal, everything else with two; a note says the rest.

    :param exact: with the six decimals that a record keeps
    """
    written = _Numbers(found.factor, 6 if exact else 1 if found.factor == 100 else 2)
    return [
        *_studies(found, written),
        *_summaries(found, written),
        *({"role": "left out", "result": i.result, "note": i.reason} for i in found.left_out),
        *({"role": "caveat", "note": caveat} for caveat in found.caveats),
    ]


@dataclass(frozen=True, slots=True)
class _Numbers:
    """How numbers of the analysis are written."""

    factor: int
    places: int

    def row(self, found: Estimate) -> Row:
        values = {"value": found.value, "low": found.low, "high": found.high}
        return {name: f"{self.factor * value:.{self.places}f}" for name, value in values.items()}


def answer(found: Synthesis, *, exact: bool = False) -> Answer:
    """Return the rows as an answer, which is written in any format of a question."""
    cells = []
    for row in rows(found, exact=exact):
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


def _studies(found: Synthesis, written: _Numbers) -> Iterator[Row]:
    pooled = found.pooled
    for place, (candidate, label) in enumerate(zip(found.chosen, found.labels, strict=True)):
        row = {"role": "study", "label": label, "result": candidate.slug}
        if pooled is not None:
            yield row | _study(pooled.studies[place], written) | _place(candidate, label)
        else:
            yield row | _median(candidate) | _place(candidate, label)


def _study(study: PooledStudy, written: _Numbers) -> Row:
    return {
        **written.row(study.shown),
        "events": "" if study.events is None else str(study.events),
        "total": "" if study.total is None else str(study.total),
        "weight": "" if study.weight is None else f"{study.weight:.1f}",
    }


def _place(candidate: Candidate, label: str) -> Row:
    result = candidate.result
    group = "" if candidate.group.label == label else f"{candidate.group.label}; "
    return {"note": f"{group}{result.printed} ({result.source}, {result.locator})"}


def _median(candidate: Candidate) -> Row:
    result = candidate.result
    bounds = (result.value, result.interval_low, result.interval_high)
    texts = ["" if bound is None else bound.text for bound in bounds]
    size = result.total if result.total is not None else candidate.group.size
    total = "" if size is None else str(size)
    return {"total": total, "value": texts[0], "low": texts[1], "high": texts[2]}


def _summaries(found: Synthesis, written: _Numbers) -> Iterator[Row]:
    if found.pooled is not None:
        yield from _pool(found.pooled, written)
    if found.medians is not None:
        yield from _medians(found, written)
    if found.subgroups is not None:
        for group in found.subgroups.groups:
            row = {"role": "subgroup", "label": f"{found.request.by} {group.name}"}
            if group.pooled is not None:
                count = (
                    f"{len(group.pooled.studies)} results; {_spread(group.pooled.heterogeneity)}"
                )
                yield row | _whole(group.pooled, written) | {"note": count}
            elif group.alone is not None:
                yield row | _study(group.alone, written) | {"note": group.reason}
            else:
                yield row | {"note": group.reason}
        note = "; ".join(compared_subgroups(found.subgroups))
        yield {"role": "between subgroups", "label": found.request.by or "", "note": note}
    for omission in found.omissions:
        row = {"role": "left one out", "label": f"without {omission.omitted}"}
        if omission.pooled is None:
            yield row | {"note": omission.reason}
        else:
            spread = _spread(omission.pooled.heterogeneity)
            yield row | _whole(omission.pooled, written) | {"note": spread}


def _whole(pooled: Pooled, written: _Numbers) -> Row:
    """Return the numbers of a pool, with the events and patients of all its studies."""
    counts = map(str, pooled.counts or ())
    return written.row(pooled.shown) | dict(zip(("events", "total"), counts, strict=False))


def _pool(pooled: Pooled, written: _Numbers) -> Iterator[Row]:
    yield {
        "role": "pooled",
        "label": f"{len(pooled.studies)} results",
        **_whole(pooled, written),
        "note": pooled.method,
    }
    if pooled.prediction is not None:
        low, high = pooled.prediction
        yield {
            "role": "prediction interval",
            "label": "a new study",
            **written.row(Estimate(low, low, high)),
            "value": "",
        }
    yield {"role": "heterogeneity", "note": _spread(pooled.heterogeneity)}


def _medians(found: Synthesis, written: _Numbers) -> Iterator[Row]:
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
        note = f"McGrath et al. 2019; interval of at most {100 * found.level:.3g} %"
        yield row | written.row(found.median) | {"note": note}


def compared_subgroups(found: Subgroups) -> Iterator[str]:
    """Yield the test between subgroups, or that there is none, and what limits it."""
    yield "no test between subgroups" if found.between is None else _tested(found.between)
    yield from found.notes


def _spread(found: Heterogeneity) -> str:
    squared = "" if found.i2 is None else f", I² {found.i2:.0f} %"
    # What an iteration leaves of zero is zero.
    between = "0" if found.tau2 < 1e-9 else f"{found.tau2:.3g}"
    return f"τ² {between}{squared}; {_tested(found)}"


def _tested(found: Heterogeneity) -> str:
    p = "< 0.001" if found.p_value < 0.001 else f"{found.p_value:.3f}"
    return f"{found.test} {found.statistic:.2f}, df {found.df}, p {p}"
