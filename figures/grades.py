"""Adverse events by severity grade, as stacked horizontal bars."""

from dataclasses import dataclass

from .numbers import linear_ticks, tick_text
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
from .style import GRADES, HATCHES, INK, MARGIN, PAGE, PAPER, SMALL, TEXT, TITLE, ink_on, styled

#: Grades in the order of the bar; 0 stands for a grade that is reported as unknown.
ORDER = (1, 2, 3, 4, 5, 0)


@dataclass(frozen=True, slots=True)
class Bar:
    """The events of one term: how many of each grade.

    `total` is the number of patients asked about, where the counts are patients; the bar is then
    drawn in percent of it.

    :raises ValueError: if a grade is none of `ORDER`, a count is negative, or counts exceed the total
    """

    event: str
    counts: dict[int, int]
    total: int | None = None
    section: str = ""  # what the bar is about besides its event, such as a group of patients

    def __post_init__(self) -> None:
        """Check the numbers."""
        for grade, count in self.counts.items():
            if grade not in ORDER:
                raise ValueError(f"{self.event}: {grade} is no grade from 1 to 5 (0 for unknown)")
            if count < 0:
                raise ValueError(f"{self.event}: grade {grade} has {count} events")
        if self.total is not None and not self.total >= max(self.sum, 1):
            raise ValueError(f"{self.event}: {self.sum} patients of {self.total}")

    @property
    def sum(self) -> int:
        """Return how many events of known and unknown grade there are."""
        return sum(self.counts.values())

    def extent(self, grade: int) -> float:
        """Return the length of a grade's part: percent with a total, a count without."""
        count = self.counts.get(grade, 0)
        return 100 * count / self.total if self.total else float(count)

    @property
    def text(self) -> str:
        """Return what stands right of the bar: the sum, and its percentage with a denominator."""
        if self.total is None:
            return str(self.sum)
        return f"{self.sum}/{self.total} ({100 * self.sum / self.total:.1f}%)"


@dataclass(frozen=True, slots=True)
class Panel:
    """Bars of one study, counted in one unit; sections stand in the order they are given.

    :raises ValueError: if bars with and without a total stand side by side
    """

    heading: str
    bars: tuple[Bar, ...]
    unit: str  # what was counted: "events", "patients"

    def __post_init__(self) -> None:
        """Check that the bars have one scale."""
        if len({bar.total is None for bar in self.bars}) > 1:
            raise ValueError(f"{self.heading}: percentages and bare counts share no axis")

    @property
    def sections(self) -> dict[str, list[Bar]]:
        """Return the bars by section."""
        found: dict[str, list[Bar]] = {}
        for bar in self.bars:
            found.setdefault(bar.section, []).append(bar)
        return found

    @property
    def words(self) -> str:
        """Return what stands above the bars: one section alone is named there, and the unit."""
        section = self.bars[0].section if len(self.sections) == 1 else ""
        return f"{section or self.heading}: {self.unit}"

    @property
    def percent(self) -> bool:
        """Tell whether the bars are drawn in percent."""
        return bool(self.bars) and self.bars[0].total is not None

    @property
    def axis(self) -> str:
        """Return the name of the axis."""
        return f"% of {self.unit}" if self.percent else f"number of {self.unit}"


@dataclass(frozen=True, slots=True)
class Grades:
    """What a plot of grades shows: panels under one another, each with an axis of its own.

    :raises ValueError: if it holds no bar
    """

    title: str
    panels: tuple[Panel, ...]
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check that there is something to draw."""
        if not any(panel.bars for panel in self.panels):
            raise ValueError(f"{self.title}: a plot of grades needs at least one event")

    def described(self) -> str:
        """Return the plot in words: every count it shows."""
        parts = []
        for panel in self.panels:
            for bar in panel.bars:
                grades = ", ".join(
                    f"{_name(grade).lower()}: {bar.counts[grade]}"
                    for grade in ORDER
                    if bar.counts.get(grade)
                )
                about = f"{bar.section or panel.heading}, {bar.event}"
                parts.append(f"{about}, {panel.unit}: {grades}")
        return "Adverse events by grade. " + "; ".join(parts) + "."


_ROW, _LABEL, _GAP, _BELOW = 0.2, 2.6, 0.15, 0.46  # inches
_IN_BAR = 6.0  # size of the counts inside a bar, in points


def draw_grades(grades: Grades) -> Picture:
    """Draw stacked bars: grade 1 left and light, grade 5 dark; panels share their scale."""
    with styled():
        return _draw(grades)


def _draw(grades: Grades) -> Picture:
    panels = [panel for panel in grades.panels if panel.bars]
    bars = [bar for panel in panels for bar in panel.bars]
    labels = {id(bar): wrapped(bar.event, _LABEL) for bar in bars}
    name = widest([line for label in labels.values() for line in label])
    after = widest([bar.text for bar in bars], SMALL)
    width = PAGE
    left = MARGIN + name + _GAP
    axis = width - left - after - _GAP - MARGIN
    title = wrapped(grades.title, width - 2 * MARGIN, TITLE, bold=True)
    notes = footnotes(grades.notes, width)
    headings = [wrapped(panel.words, width - 2 * MARGIN, TEXT, bold=True) for panel in panels]
    top = heading_height(title) + 0.28
    bodies = [
        sum(_height(labels[id(bar)]) for bar in panel.bars)
        + _ROW * sum(map(len, _section_lines(panel).values()))
        + 0.165 * len(heading)
        + 0.06
        for panel, heading in zip(panels, headings, strict=True)
    ]
    sheet = Sheet(width, top + sum(bodies) + _BELOW * len(panels) + notes_height(notes))
    _legend(sheet, bars, sheet.heading(title))
    y = top
    for panel, heading, body in zip(panels, headings, bodies, strict=True):
        start = y
        for line in heading:
            sheet.text(MARGIN, start + 0.08, line, bold=True)
            start += 0.165
        start += 0.06
        longest = max(_length(bar) for other in panels for bar in other.bars
                      if other.percent == panel.percent)  # fmt: skip
        _panel(sheet, panel, labels, longest, (left, start, axis, y + body - start))
        y += body + _BELOW
    sheet.notes(y, notes)
    return Picture(sheet.figure, grades.title, grades.described())


def _section_lines(panel: Panel) -> dict[str, list[str]]:
    """Return the lines above each section; none where one section is all the panel has."""
    if len(panel.sections) == 1:
        return {}
    return {
        section: wrapped(section or panel.heading, PAGE - 2 * MARGIN) for section in panel.sections
    }


def _height(label: list[str]) -> float:
    return _ROW + 0.145 * (len(label) - 1)


def _length(bar: Bar) -> float:
    return sum(bar.extent(grade) for grade in ORDER)


def _panel(
    sheet: Sheet, panel: Panel, labels: dict[int, list[str]], longest: float,
    box: tuple[float, float, float, float],
) -> None:  # fmt: skip
    left, top, width, height = box
    axes = sheet.axes(left, top, width, height)
    longest = (longest or 1.0) * 1.001
    axes.set_xlim(0, longest)
    ticks = [t for t in linear_ticks(0, longest) if panel.percent or float(t).is_integer()]
    axes.set_xticks(ticks, [tick_text(tick) for tick in ticks])
    axes.set_xlabel(panel.axis, fontsize=SMALL, labelpad=1)
    axes.spines["left"].set_visible(True)
    y = top
    lines = _section_lines(panel)
    for bar in (bar for bars in panel.sections.values() for bar in bars):
        for line in lines.pop(bar.section, []):
            sheet.text(MARGIN, y + _ROW / 2, line, italic=True, box=PAPER)
            y += _ROW
        label = labels[id(bar)]
        rows = _height(label)
        for index, line in enumerate(label):
            place = y + _ROW / 2 + 0.145 * index
            sheet.text(left - 0.08, place, line, align="right")
        middle, x = y + rows / 2, 0.0
        for grade in ORDER:
            extent = bar.extent(grade)
            if extent:
                axes.barh(
                    middle, extent, height=0.135, left=x, color=_colour(grade), edgecolor=INK,
                    linewidth=0.5, hatch=_hatch(grade),
                )  # fmt: skip
                words, inches = str(bar.counts[grade]), width * extent / longest
                if text_width(words, _IN_BAR) + 0.08 < inches:
                    place = left + width * (x + extent / 2) / longest
                    sheet.text(
                        place, middle, words, align="center", size=_IN_BAR,
                        box=PAPER if _hatch(grade) else None,
                        colour=INK if _hatch(grade) else ink_on(_colour(grade)),
                    )  # fmt: skip
                x += extent
        end = left + width * x / longest
        sheet.text(end + 0.06, middle, bar.text, size=SMALL)
        y += rows


def _legend(sheet: Sheet, bars: list[Bar], y: float) -> None:
    from matplotlib.patches import Rectangle

    x = MARGIN
    for grade in ORDER:
        if grade == 0 and not any(bar.counts.get(0) for bar in bars):
            continue
        sheet.figure.add_artist(
            Rectangle(
                (x / sheet.width, 1 - (y + 0.13) / sheet.height), 0.26 / sheet.width,
                0.12 / sheet.height, facecolor=_colour(grade), edgecolor=INK, linewidth=0.5,
                hatch=_hatch(grade),
            )
        )  # fmt: skip
        words = _name(grade) + (" (fatal)" if grade == 5 else "")
        sheet.text(x + 0.32, y + 0.07, words, size=SMALL)
        x += 0.32 + widest([words], SMALL) + 0.2


def _name(grade: int) -> str:
    return f"Grade {grade}" if grade else "Grade unknown"


def _colour(grade: int) -> str:
    return GRADES[grade - 1] if grade else PAPER


def _hatch(grade: int) -> str:
    return HATCHES[grade - 1] if grade else "\\\\\\"
