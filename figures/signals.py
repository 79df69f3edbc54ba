"""Dot plots of signals of disproportionate reporting: ratios with intervals, sized by reports."""

from dataclasses import dataclass
from math import sqrt

from .numbers import log_ticks, require_finite, require_ordered, tick_text
from .sheet import Picture, Sheet, footnotes, heading_height, leading, notes_height, widest, wrapped
from .style import FILL, INK, MARGIN, MARK, PAGE, RULE, SMALL, TEXT, TITLE, styled

#: What every plot of signals says of itself.
CAUTION = (
    "Hypothesis-generating: a reporting odds ratio says that an event is reported more often with "
    "the drug than with others. It is no incidence and no proof of cause; reports have no "
    "denominator of patients."
)


@dataclass(frozen=True, slots=True)
class Signal:
    """One event: its reporting odds ratio, interval and number of reports.

    :raises ValueError: if a number is not finite or not above zero
    """

    event: str
    ratio: float
    low: float
    high: float
    reports: int
    section: str = ""  # heading it stands under, such as a system organ class
    printed: str = ""  # ratio and interval as the source prints them

    def __post_init__(self) -> None:
        """Check the numbers."""
        require_finite(self.event, self.ratio, self.low, self.high)
        require_ordered(self.event, self.low, self.high)
        if min(self.ratio, self.low) <= 0:
            raise ValueError(f"{self.event}: a ratio and its bounds lie above zero")
        if self.reports < 1:
            raise ValueError(f"{self.event}: a signal needs at least one report")

    @property
    def text(self) -> str:
        """Return the ratio with its interval."""
        return self.printed or f"{self.ratio:.2f} [{self.low:.2f}, {self.high:.2f}]"


@dataclass(frozen=True, slots=True)
class Signals:
    """What a plot of signals shows; sections and events stand in the order they are given.

    :raises ValueError: if it holds no signal
    """

    title: str
    signals: tuple[Signal, ...]
    subtitle: str = ""  # drug, database and period
    threshold: float = 1.0  # lower bounds above it are signals
    level: float | None = 95  # of the intervals, percent; None where they differ
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check that there is something to draw."""
        if not self.signals:
            raise ValueError(f"{self.title}: a plot of signals needs at least one")

    @property
    def sections(self) -> list[tuple[str, list[Signal]]]:
        """Return the signals by section, in order of first appearance."""
        found: dict[str, list[Signal]] = {}
        for signal in self.signals:
            found.setdefault(signal.section, []).append(signal)
        return list(found.items())

    def described(self) -> str:
        """Return the plot in words: every signal it shows."""
        parts = [f"{s.event}: {s.text}, {s.reports} reports" for s in self.signals]
        of = f", {self.subtitle}" if self.subtitle else ""
        return f"Reporting odds ratios{of}. {'; '.join(parts)}. {CAUTION}"


_ROW, _LABEL, _GAP, _AXIS = 0.15, 2.9, 0.15, 2.3  # inches
_LARGEST = 0.15  # diameter of the largest dot, inches
_BELOW = 0.5


def draw_signals(signals: Signals) -> Picture:
    """Draw a dot plot, one row an event, on a logarithmic axis."""
    with styled():
        return _draw(signals)


def _draw(signals: Signals) -> Picture:
    level = f"[{signals.level:g}% CI]" if signals.level is not None else "[interval]"
    heading = f"ROR {level}"
    labels = {id(s): wrapped(s.event, _LABEL - 0.1, SMALL) for s in signals.signals}
    sections = [(wrapped(name, _LABEL + 0.4, SMALL, bold=True) if name else [], rows)
                for name, rows in signals.sections]  # fmt: skip
    name = max(
        widest([line for label in labels.values() for line in label], SMALL) + 0.1,
        widest(["Event"], bold=True),
    )
    reports = widest(["Reports"], SMALL, bold=True)
    ratio = max(widest([s.text for s in signals.signals], SMALL), widest([heading], SMALL, True))
    axis = max(_AXIS, PAGE - 2 * MARGIN - name - reports - ratio - 3 * _GAP)
    width = 2 * MARGIN + name + reports + ratio + 3 * _GAP + axis
    title = wrapped(signals.title, width - 2 * MARGIN, TITLE, bold=True)
    subtitle = wrapped(signals.subtitle, width - 2 * MARGIN) if signals.subtitle else []
    notes = footnotes((CAUTION, *signals.notes), width)
    top = heading_height(title) + leading(TEXT) * len(subtitle) + (0.32 if subtitle else 0.26)
    lines = sum(len(labels[id(s)]) for s in signals.signals) + sum(len(h) for h, _ in sections)
    body = lines * _ROW + 0.05 * len(sections) + 0.05
    sheet = Sheet(width, top + body + _BELOW + notes_height(notes))
    sheet.lines(MARGIN, sheet.heading(title), subtitle, size=TEXT)
    head = top - 0.18
    left = MARGIN + name + _GAP + reports + _GAP
    sheet.text(MARGIN, head, "Event", size=SMALL, bold=True)
    sheet.text(left - _GAP, head, "Reports", size=SMALL, bold=True, align="right")
    sheet.text(width - MARGIN, head, heading, size=SMALL, bold=True, align="right")
    sheet.rule(MARGIN, width - MARGIN, top - 0.05)
    axes = sheet.axes(left, top, axis, body)
    low, high = _limits(signals)
    axes.set_xscale("log")
    axes.set_xlim(low, high)
    ticks = log_ticks(low, high)
    axes.set_xticks(ticks, [tick_text(tick) for tick in ticks])
    axes.set_xticks([], minor=True)
    axes.set_xlabel("Reporting odds ratio (log scale); area of a dot: reports", fontsize=SMALL)
    axes.axvline(signals.threshold, color=INK, linewidth=0.8, linestyle=(0, (4, 2)), zorder=1)
    axes.grid(axis="x", color=RULE, linewidth=0.4, zorder=0)
    axes.set_axisbelow(True)
    most = max(s.reports for s in signals.signals)
    y = top
    for words, rows in sections:
        for heading_line in words:
            sheet.text(MARGIN, y + 0.05 + _ROW / 2, heading_line, size=SMALL, bold=True)
            y += _ROW
        y += 0.05
        for signal in rows:
            label = labels[id(signal)]
            height = _ROW * len(label)
            for line, part in enumerate(label):
                indent = 0.1 if words else 0.0
                sheet.text(MARGIN + indent, y + (line + 0.5) * _ROW, part, size=SMALL)
            middle = y + height / 2
            sheet.text(left - _GAP, middle, f"{signal.reports:,}", size=SMALL, align="right")
            sheet.text(width - MARGIN, middle, signal.text, size=SMALL, align="right")
            axes.plot([signal.low, signal.high], [middle] * 2, color=INK, linewidth=0.9, zorder=4)
            # A signal is a filled dot; where the interval reaches the threshold it is open.
            diameter = max(_LARGEST * sqrt(signal.reports / most), 0.035) * 72
            axes.plot(
                [signal.ratio], [middle], marker="o", markersize=diameter, linestyle="none",
                markerfacecolor=FILL if signal.low > signals.threshold else "white",
                markeredgecolor=MARK, markeredgewidth=0.7, zorder=3, clip_on=False,
            )  # fmt: skip
            y += height
    sheet.notes(top + body + _BELOW, notes)
    return Picture(sheet.figure, signals.title, signals.described())


def _limits(signals: Signals) -> tuple[float, float]:
    """Return bounds that hold every interval and the threshold."""
    low = min(signals.threshold, *(s.low for s in signals.signals))
    high = max(signals.threshold, *(s.high for s in signals.signals))
    margin = max((high / low) ** 0.03, 1.1)
    return low / margin, high * margin
