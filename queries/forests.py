"""Forest plots of an answer: its rows side by side, nothing pooled."""

from collections.abc import Sequence
from decimal import Decimal

from evikg.analysis.synthesis.scales import exact_interval
from evikg.figures import Forest, Row, Section
from evikg.figures.forest import percent_end

from .answer import Answer
from .cells import Cells, common_level, left_out, rows_of
from .plots import ForestPlot

_COMPUTED = (
    "† Computed here, not printed by the source: a percentage from n/N, a 95% interval from n/N by "
    "the exact method of Clopper and Pearson."
)
_BARE = "An open square has no interval: none is printed, and none follows from n/N."
_DOUBTED = "‡ Fails a check or is printed differently elsewhere; nothing is corrected: "
_OVERLAP = "Groups overlap: some are part of others, and rows are never added to one another."


def forest_of(plot: ForestPlot, answer: Answer) -> Forest | None:
    """Return the forest plot of an answer; None where no row has a number."""
    found: list[tuple[str, Row]] = []
    skipped: list[str] = []
    cells = list(rows_of(answer))
    level = common_level([_level(plot, row) for row in cells])
    for row in cells:
        drawn = _row(plot, row, level)
        if drawn is None:
            skipped.append(row.joined(plot.label))
        else:
            section = row.words(plot.section)
            if plot.section and not section:
                section = f"{plot.section.replace('_', ' ')} not stated"
            found.append((section, drawn))
    if not found:
        return None
    headings = list(dict.fromkeys(section for section, _ in found))
    rows = [row for _, row in found]
    notes = [
        _COMPUTED if any("†" in row.printed for row in rows) else "",
        _BARE if any(row.low is None or row.high is None for row in rows) else "",
        _doubts(plot, cells),
        _OVERLAP if plot.part_of and any(row.words(plot.part_of) for row in cells) else "",
    ]
    return Forest(
        title=_title(plot, cells),
        measure=plot.measure,
        sections=tuple(
            Section(heading, tuple(row for section, row in found if section == heading))
            for heading in headings
        ),
        scale=plot.scale,
        reference=plot.reference,
        limits=(0, percent_end(rows)) if plot.percent else None,
        favours=(plot.favours[0], plot.favours[1]) if plot.favours else None,
        level=level if plot.level else None,
        decimals=1 if plot.percent else 2,
        row_heading="Group",
        count_heading="n/N" if plot.events else "N",
        notes=(*filter(None, notes), *left_out(skipped)),
    )


def _title(plot: ForestPlot, cells: Sequence[Cells]) -> str:
    """Return the title with the drug, where all rows have one, and the times of the landmark."""
    drugs = {row.words(plot.drug) for row in cells}
    times = {f"{row.words(plot.time)} {row.words(plot.time_unit)}".strip() for row in cells}
    named = [*(drugs if len(drugs) == 1 else ()), " = ".join(map(_singular, sorted(times)))]
    found = ", ".join(filter(None, named))
    return f"{plot.title}: {found}" if found else plot.title


def _singular(time: str) -> str:
    return time.removesuffix("s") if time.startswith("1 ") else time


def _reasons(plot: ForestPlot, row: Cells) -> list[str]:
    """Return why a row's number is doubted."""
    return sorted({reason for reason in row.words(plot.doubt).split("; ") if reason})


def _doubts(plot: ForestPlot, cells: Sequence[Cells]) -> str:
    """Return the footnote that names the doubted results, by what speaks against them."""
    results: dict[str, list[str]] = {}
    for row in cells:
        for reason in _reasons(plot, row):
            results.setdefault(reason, []).append(row.words(plot.result))
    found = (f"{reason} ({', '.join(names)})" for reason, names in sorted(results.items()))
    return _DOUBTED + "; ".join(found) + "." if results else ""


def _level(plot: ForestPlot, row: Cells) -> float | None:
    """Return the level of a row's interval; that of a computed one is 95 %."""
    if row.number(plot.low) is None:
        computed = plot.percent and row.count(plot.events) is not None and row.count(plot.total)
        return 95.0 if computed else None
    return row.number(plot.level)


def _row(plot: ForestPlot, row: Cells, level: float | None) -> Row | None:
    estimate, low, high = (
        _scaled(plot, row, column) for column in (plot.estimate, plot.low, plot.high)
    )
    events, total = row.count(plot.events), row.count(plot.total)
    marks = ["", ""]
    if plot.percent and events is not None and total:
        if estimate is None:
            estimate, marks[0] = Decimal(f"{100 * events / total:.1f}"), "†"
        if low is None or high is None:
            exact = exact_interval(events, total)
            low, high = (Decimal(f"{100 * bound:.1f}") for bound in exact)
            marks[1] = "†"
    if estimate is None:
        return None
    text = f"{_shown(estimate)}{marks[0]}"
    if low is not None or high is not None:
        bounds = ("–" if bound is None else _shown(bound) for bound in (low, high))
        text += f" [{', '.join(bounds)}]{marks[1]}"
        stated = _level(plot, row)
        if level is None and stated is not None:
            text += f" ({stated:g}%)"
    low_, high_ = (None if bound is None else float(bound) for bound in (low, high))
    label = row.joined(plot.label) + (" ‡" if _reasons(plot, row) else "")
    return Row(label, float(estimate), low_, high_, events, total, printed=text)


def _scaled(plot: ForestPlot, row: Cells, column: str) -> Decimal | None:
    """Return a number as printed, a fraction as percent where the axis is of percent."""
    number = row.decimal(column)
    if number is None or not plot.percent or plot.unit is None or row.words(plot.unit) == "%":
        return number
    return number.scaleb(2)


def _shown(number: Decimal) -> str:
    return f"{number:f}".replace("-", "−")
