"""The drawing of a forest plot: a table with an axis in the middle."""

from dataclasses import dataclass
from math import log, sqrt
from typing import TYPE_CHECKING

from .forest import Forest, Pooled, Row
from .numbers import linear_ticks, log_ticks, tick_text
from .sheet import (
    Picture,
    Sheet,
    footnotes,
    heading_height,
    notes_height,
    text_width,
    widest,
    wrapped,
)
from .style import FAINT, INK, MARGIN, MARK, PAGE, SMALL, TEXT, TITLE, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LINE, _GAP, _INDENT = 0.165, 0.18, 0.12  # height of a line, space between columns, inches
_LABEL, _AXIS = 2.6, 2.1  # widest label before it is wrapped, narrowest axis, inches
_SPILL = 0.7  # how far a line without a count may run into the column of counts, inches
_SQUARE = 0.14  # side of the square of the heaviest study, inches
_BELOW = 0.5  # ticks and name of the axis, inches


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of the table: words in columns, and what is drawn beside it."""

    label: list[str]
    item: Row | Pooled | None = None
    prediction: Pooled | None = None
    bold: bool = False
    indent: float = 0.0
    italic: bool = False

    gap: float = 0.0  # above it

    @property
    def height(self) -> float:
        return _LINE * len(self.label) + 0.035 + self.gap


def draw_forest(forest: Forest) -> Picture:
    """Draw a forest plot, as wide as a page of a journal or wider if its words need it."""
    with styled():
        return _draw(forest)


def _draw(forest: Forest) -> Picture:
    lines = _lines(forest)
    columns = _Columns(forest, lines)
    title = wrapped(forest.title, columns.width - 2 * MARGIN, TITLE, bold=True)
    notes = footnotes(forest.notes, columns.width)
    top = heading_height(title) + _LINE * columns.head + 0.1
    body = sum(line.height for line in lines)
    below = _BELOW + (0.17 if forest.favours else 0)
    sheet = Sheet(columns.width, top + body + below + notes_height(notes))
    head = sheet.heading(title)
    _write_head(sheet, columns, head)
    sheet.rule(MARGIN, columns.width - MARGIN, top - 0.05)
    axes = sheet.axes(columns.axis, top, columns.axis_width, body)
    _scale(axes, forest)
    y = top
    for line in lines:
        if line.item is not None and line.item is forest.pooled:
            sheet.rule(MARGIN, columns.axis - _GAP / 2, y + line.gap / 2, weight=0.4)
            sheet.rule(columns.estimate, columns.width - MARGIN, y + line.gap / 2, weight=0.4)
        _write(sheet, columns, line, y, forest)
        _mark(axes, line, y + line.gap / 2 + line.height / 2, forest)
        y += line.height
    if forest.favours:
        _write_favours(sheet, columns, forest, y + _BELOW - 0.02)
    sheet.notes(y + below, notes)
    return Picture(sheet.figure, forest.title, forest.described())


def _lines(forest: Forest) -> list[_Line]:
    lines: list[_Line] = []
    for section in forest.sections:
        indent = _INDENT if section.heading else 0.0
        if section.heading:
            words = wrapped(section.heading, _LABEL + _SPILL, TEXT, bold=True)
            lines.append(_Line(words, bold=True, gap=0.06 if lines else 0.0))
        for row in section.rows:
            lines.append(_Line(wrapped(row.label, _LABEL - indent), row, indent=indent))
        if section.pooled is not None:
            lines += _pooled_lines(section.pooled, indent)
    if forest.pooled is not None:
        lines += _pooled_lines(forest.pooled, 0.0, gap=0.06)
    return lines


def _pooled_lines(pooled: Pooled, indent: float, gap: float = 0.0) -> list[_Line]:
    label = wrapped(pooled.label, _LABEL - indent, TEXT, bold=True)
    lines = [_Line(label, pooled, bold=True, indent=indent, gap=gap)]
    if pooled.prediction is not None:
        lines.append(_Line(["Prediction interval"], prediction=pooled, indent=indent))
    if pooled.heterogeneity is not None:
        words = wrapped(str(pooled.heterogeneity), _LABEL + _SPILL, SMALL)
        lines.append(_Line(words, italic=True, indent=indent))
    return lines


class _Columns:
    """Where the columns of the table stand, in inches from the left."""

    def __init__(self, forest: Forest, lines: list[_Line]) -> None:
        level = f"[{forest.level:g}% CI]" if forest.level is not None else "[interval]"
        self.row_heading, self.count_heading = forest.row_heading, forest.count_heading
        self.estimate_heading = wrapped(f"{forest.measure} {level}", 1.7, TEXT, bold=True)
        self.head = len(self.estimate_heading)
        items = [line.item for line in lines if line.item is not None]
        self.counted = any(row.total is not None or row.events is not None for row in forest.rows)
        self.weighed = any(row.weight is not None for row in forest.rows)
        counts = [self.count_heading, *(_count(item, self.count_heading) for item in items)]
        counts = counts if self.counted else []
        predicted = [forest.interval(*d.prediction) for d in forest.diamonds if d.prediction]
        estimates = [*(forest.estimate_text(item) for item in items), *predicted]
        estimate = max(widest(estimates, bold=True), widest(self.estimate_heading, bold=True))
        weights = ["Weight", "100.0%"] if self.weighed else []
        count = widest(counts, bold=True)
        spill = count + _GAP if self.counted else 0.0
        labels = [
            text_width(words, SMALL if line.italic else TEXT, line.bold) + line.indent
            - (spill if line.item is None and line.prediction is None else 0.0)
            for line in lines
            for words in line.label
        ]  # fmt: skip
        name = max(*labels, text_width(forest.row_heading, TEXT, True))
        fixed = [name, count, estimate, widest(weights, bold=True)]
        gaps = _GAP * (2 + self.counted + self.weighed)
        self.axis_width = max(_AXIS, PAGE - 2 * MARGIN - sum(fixed) - gaps)
        self.width = 2 * MARGIN + sum(fixed) + gaps + self.axis_width
        self.count = MARGIN + name + _GAP + fixed[1]  # right edge of the counts
        self.axis = MARGIN + name + _GAP + (fixed[1] + _GAP if self.counted else 0.0)
        self.estimate = self.axis + self.axis_width + _GAP  # left edge
        self.weight = self.width - MARGIN  # right edge


def _write_head(sheet: Sheet, columns: _Columns, y: float) -> None:
    last = y + (columns.head - 0.5) * _LINE
    sheet.text(MARGIN, last, columns.row_heading, bold=True)
    if columns.counted:
        sheet.text(columns.count, last, columns.count_heading, align="right", bold=True)
    for index, words in enumerate(columns.estimate_heading):
        sheet.text(columns.estimate, y + (index + 0.5) * _LINE, words, bold=True)
    if columns.weighed:
        sheet.text(columns.weight, last, "Weight", align="right", bold=True)


def _write(sheet: Sheet, columns: _Columns, line: _Line, top: float, forest: Forest) -> None:
    y = top + line.gap + (line.height - line.gap - _LINE * (len(line.label) - 1)) / 2
    size = SMALL if line.italic else TEXT
    for index, words in enumerate(line.label):
        sheet.text(
            MARGIN + line.indent, y + index * _LINE, words, size=size, bold=line.bold,
            italic=line.italic,
        )  # fmt: skip
    middle = top + (line.gap + line.height) / 2
    if line.prediction is not None and line.prediction.prediction is not None:
        sheet.text(columns.estimate, middle, forest.interval(*line.prediction.prediction))
    if line.item is None:
        return
    if columns.counted:
        sheet.text(
            columns.count,
            middle,
            _count(line.item, columns.count_heading),
            align="right",
            bold=line.bold,
        )
    sheet.text(columns.estimate, middle, forest.estimate_text(line.item), bold=line.bold)
    if columns.weighed and line.item.weight is not None:
        share = f"{line.item.weight:.1f}%"
        sheet.text(columns.weight, middle, share, align="right", bold=line.bold)


def _count(item: Row | Pooled, heading: str) -> str:
    if item.events is None and item.total is None:
        return ""
    if "/" not in heading:  # of patients alone
        return "–" if item.total is None else str(item.total)
    events, total = ("–" if n is None else str(n) for n in (item.events, item.total))
    return f"{events}/{total}"


def _scale(axes: "Axes", forest: Forest) -> None:
    low, high = forest.limits or _limits(forest)
    if forest.scale == "log":
        axes.set_xscale("log")
    axes.set_xlim(low, high)
    ticks = log_ticks(low, high) if forest.scale == "log" else linear_ticks(low, high)
    axes.set_xticks(ticks, [tick_text(tick).replace("-", "−") for tick in ticks])
    axes.set_xticks([], minor=True)
    axes.set_xlabel(forest.measure, fontsize=TEXT, labelpad=2)
    top, bottom = axes.get_ylim()[1], axes.get_ylim()[0]
    if forest.reference is not None and low <= forest.reference <= high:
        axes.plot([forest.reference] * 2, [bottom, top], color=INK, linewidth=0.7)
    if forest.pooled is not None:
        axes.plot(
            [forest.pooled.estimate] * 2, [bottom, top], color=FAINT, linewidth=0.7,
            linestyle=(0, (3, 2)), zorder=0,
        )  # fmt: skip


def _limits(forest: Forest) -> tuple[float, float]:
    """Return bounds that hold every estimate; an interval that is far longer leaves the axis."""
    numbers = forest.numbered()
    points = [found[0] for _, found in numbers]
    if forest.reference is not None:
        points.append(forest.reference)
    ends = [number for _, found in numbers for number in found]
    if forest.scale == "log":
        low = max(min(ends), min(points) / 10)
        high = min(max(ends), max(points) * 10)
        margin = (high / low) ** 0.04 if high > low else 1.5
        return low / margin, high * margin
    reach = max(points) - min(points) or abs(points[0]) or 1.0
    low, high = max(min(ends), min(points) - 4 * reach), min(max(ends), max(points) + 4 * reach)
    margin = 0.04 * (high - low) or 1.0
    return low - margin, high + margin


def _mark(axes: "Axes", line: _Line, y: float, forest: Forest) -> None:
    low, high = axes.get_xlim()
    if line.prediction is not None and line.prediction.prediction is not None:
        left, right = line.prediction.prediction
        _interval(axes, left, right, y, weight=3.2, colour=FAINT)
    if isinstance(line.item, Pooled):
        d = line.item
        xs = [min(max(x, low), high) for x in (d.low, d.estimate, d.high, d.estimate)]
        axes.fill(xs, [y, y - 0.06, y, y + 0.06], facecolor=MARK, edgecolor=INK, linewidth=0.7)
        _arrows(axes, d.low, d.high, y, INK)
    elif line.item is not None:
        row = line.item
        if row.low is not None or row.high is not None:
            left = low if row.low is None else row.low
            right = high if row.high is None else row.high
            _interval(axes, left, right, y, weight=1.0, colour=INK)
        if low <= row.estimate <= high:
            bare = row.low is None and row.high is None
            side = _side(row, forest)
            axes.plot(
                [row.estimate], [y], marker="s", markersize=side * 72, linestyle="none",
                markerfacecolor="white" if bare else MARK, markeredgecolor=INK if bare else MARK,
                markeredgewidth=0.8 if bare else 0.0, clip_on=False, zorder=3,
            )  # fmt: skip


def _side(row: Row, forest: Forest) -> float:
    """Return the side of a study's square: its area grows with the weight."""
    heaviest = max((item.weight or 0.0 for item in forest.rows), default=0.0)
    if not heaviest or row.weight is None:
        return 0.085
    return max(_SQUARE * sqrt(max(row.weight, 0.0) / heaviest), 0.03)


def _interval(
    axes: "Axes", left: float, right: float, y: float, *, weight: float, colour: str
) -> None:
    """Draw a line between two bounds, with an arrow where it leaves the axis."""
    low, high = axes.get_xlim()
    start, end = max(left, low), min(right, high)
    if start <= end:
        axes.plot([start, end], [y, y], color=colour, linewidth=weight, zorder=2)
    _arrows(axes, left, right, y, colour)


def _arrows(axes: "Axes", left: float, right: float, y: float, colour: str) -> None:
    """Draw an arrow wherever an interval leaves the axis."""
    low, high = axes.get_xlim()
    for leaves, place, marker in ((left < low, low, "<"), (right > high, high, ">")):
        if leaves:
            axes.plot(
                [place], [y], marker=marker, markersize=4.5, color=colour, linestyle="none",
                markeredgewidth=0, clip_on=False, zorder=3,
            )  # fmt: skip


def _write_favours(sheet: Sheet, columns: _Columns, forest: Forest, y: float) -> None:
    assert forest.favours is not None  # noqa: S101 - the caller asks
    low, high = forest.limits or _limits(forest)
    at = forest.reference if forest.reference is not None else (low + high) / 2
    if forest.scale == "log":
        low, high, at = log(low), log(high), log(at)
    place = columns.axis + columns.axis_width * (at - low) / (high - low)
    left, right = forest.favours
    sheet.text(place - 0.06, y, f"← {left}", align="right", size=SMALL)
    sheet.text(place + 0.06, y, f"{right} →", size=SMALL)
