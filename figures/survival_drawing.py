"""The drawing of survival: curves or landmarks over a table of numbers at risk."""

from typing import TYPE_CHECKING

from .numbers import linear_ticks, tick_text
from .sheet import Picture, Sheet, footnotes, heading_height, notes_height, widest, wrapped
from .style import LINES, MARGIN, PAGE, PAPER, SERIES, SMALL, TITLE, styled
from .survival import Curve, Landmarks, Survival

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MARKERS = ("o", "s", "^", "D")
_HEIGHT, _LINE, _BELOW = 3.0, 0.17, 0.46  # inches
_MOST_REMARK = 4.2  # widest line of the remarks inside the axes, inches
_MOST_LABEL = 1.5  # widest label of the table of numbers at risk, inches


def draw_survival(survival: Survival) -> Picture:
    """Draw survival against time, with the numbers at risk aligned below."""
    with styled():
        return _draw(survival)


def _draw(survival: Survival) -> Picture:
    width = PAGE
    names = [wrapped(curve.label, _MOST_LABEL, SMALL) for curve in survival.curves]
    label = widest([line for name in names for line in name] + ["Number at risk"], SMALL, True)
    left = max(MARGIN + label + 0.2, 0.75) if survival.curves else 0.75
    right = width - 0.3
    title = wrapped(survival.title, width - 2 * MARGIN, TITLE, bold=True)
    legend = [wrapped(name, width - 2 * MARGIN - 0.4, SMALL) for name in survival.labels]
    key = _LINE * 0.85 * sum(map(len, legend)) + 0.08
    notes = footnotes(survival.notes, width)
    table = _LINE * (1 + sum(map(len, names))) + 0.12 if survival.curves else 0.05
    top = heading_height(title) + key
    sheet = Sheet(width, top + _HEIGHT + _BELOW + table + notes_height(notes))
    _write_key(sheet, survival, legend, sheet.heading(title))
    axes = sheet.axes(left, top, right - left, _HEIGHT)
    end = max([curve.end for curve in survival.curves]
              + [point.time for marks in survival.landmarks for point in marks.points])  # fmt: skip
    axes.set_xlim(0, end * 1.02)
    axes.set_ylim(0, 1.02)
    axes.spines["left"].set_visible(True)
    axes.set_yticks([0, 0.2, 0.4, 0.6, 0.8, 1], ["0", "20", "40", "60", "80", "100"])
    ticks = list(survival.risk_times) or _times(survival) or linear_ticks(0, end)
    axes.set_xticks(ticks, [tick_text(tick) for tick in ticks])
    axes.set_xlabel(f"Time ({survival.unit})", labelpad=2)
    level = f" ({survival.level:g}% CI)" if survival.level is not None else ""
    axes.set_ylabel(f"{survival.outcome}, %{level}", labelpad=3)
    for index, curve in enumerate(survival.curves):
        _draw_curve(axes, curve, index)
    for index, marks in enumerate(survival.landmarks, start=len(survival.curves)):
        _draw_landmarks(axes, marks, index, len(survival.landmarks), end)
    _write_remarks(sheet, survival, right, top)
    y = top + _HEIGHT + _BELOW
    if survival.curves:
        _write_table(sheet, survival, names, y, (left, right - left, end * 1.02))
    sheet.notes(y + table, notes)
    return Picture(sheet.figure, survival.title, survival.described())


def _times(survival: Survival) -> list[float]:
    """Return the times that are printed, where they are few enough for an axis."""
    times = {point.time for marks in survival.landmarks for point in marks.points}
    return sorted({0.0, *times}) if len(times) <= 8 else []


def _draw_curve(axes: "Axes", curve: Curve, index: int) -> None:
    colour = SERIES[index]
    times = [0.0, *curve.times, curve.end]
    survival = [1.0, *curve.survival, curve.at(curve.end)]
    low, high = [1.0, *curve.low], [1.0, *curve.high]
    axes.fill_between(
        times, [*low, low[-1]], [*high, high[-1]], step="post", color=colour, alpha=0.16,
        linewidth=0,
    )  # fmt: skip
    axes.step(times, survival, where="post", color=colour, linestyle=LINES[index], linewidth=1.5)
    # The last patient followed is a tick too, at the end of the curve.
    axes.plot(
        curve.censored, [curve.at(time) for time in curve.censored], marker="|", markersize=5,
        markeredgewidth=0.8, color=colour, linestyle="none", zorder=3,
    )  # fmt: skip


def _draw_landmarks(axes: "Axes", marks: Landmarks, index: int, of: int, end: float) -> None:
    colour = SERIES[index]
    shift = (index - (of - 1) / 2) * end * 0.012  # side by side at one time
    times = [point.time + shift for point in marks.points]
    for time, point in zip(times, marks.points, strict=True):
        if point.low is not None and point.high is not None:
            axes.plot([time, time], [point.low, point.high], color=colour, linewidth=1.2)
    axes.plot(
        times, [point.survival for point in marks.points], marker=_MARKERS[index], markersize=5.5,
        color=colour, linestyle="none", zorder=3,
    )  # fmt: skip


def _write_key(sheet: Sheet, survival: Survival, legend: list[list[str]], y: float) -> None:
    from matplotlib.lines import Line2D

    for index, lines in enumerate(legend):
        points = index >= len(survival.curves)
        height = 1 - (y + _LINE * 0.42) / sheet.height
        ends = [MARGIN / sheet.width, (MARGIN + 0.3) / sheet.width]
        sheet.figure.add_artist(
            Line2D([sum(ends) / 2], [height], marker=_MARKERS[index], markersize=5.5,
                   color=SERIES[index], linestyle="none")
            if points
            else Line2D(ends, [height] * 2, color=SERIES[index], linestyle=LINES[index],
                        linewidth=1.5)
        )  # fmt: skip
        for line in lines:
            sheet.text(MARGIN + 0.38, y + _LINE * 0.42, line, size=SMALL)
            y += _LINE * 0.85


def _write_remarks(sheet: Sheet, survival: Survival, right: float, top: float) -> None:
    lines = [line for words in survival.remarks for line in wrapped(words, _MOST_REMARK, SMALL)]
    for index, words in enumerate(lines):
        y = top + 0.1 + index * 0.15
        sheet.text(right, y, words, align="right", size=SMALL, box=PAPER)


def _write_table(
    sheet: Sheet, survival: Survival, names: list[list[str]], y: float,
    axis: tuple[float, float, float],
) -> None:  # fmt: skip
    left, width, end = axis
    sheet.text(MARGIN, y + _LINE / 2, "Number at risk", size=SMALL, bold=True)
    y += _LINE
    for curve, name in zip(survival.curves, names, strict=True):
        for time, count in zip(survival.risk_times, curve.at_risk, strict=True):
            place = left + width * time / end
            sheet.text(place, y + _LINE / 2, str(count), align="center", size=SMALL)
        for line in name:
            sheet.text(MARGIN, y + _LINE / 2, line, size=SMALL)
            y += _LINE
