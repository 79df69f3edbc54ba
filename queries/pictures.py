"""Pictures of answers, as the `plot` entry of a question's header says."""

from collections.abc import Sequence
from pathlib import Path

from evikg.figures import (
    Bar,
    Cell,
    Coverage,
    Grades,
    Landmark,
    Landmarks,
    Panel,
    Picture,
    Signal,
    Signals,
    Survival,
    draw_coverage,
    draw_forest,
    draw_grades,
    draw_signals,
    draw_survival,
    require_place,
    save,
)

from .answer import Answer
from .catalogue import Question, catalogue
from .cells import common_level, left_out, rows_of
from .forests import forest_of
from .plots import CoveragePlot, ForestPlot, GradesPlot, SignalsPlot, SurvivalPlot

_GRADES = (
    "A grade without a number is not printed. Terms may contain one another and a patient may have "
    "several events: bars are not added up."
)
_ANY = "all"  # seriousness, as an answer writes it
_CELLS = {cell.words: cell for cell in Cell}


class PictureError(ValueError):
    """An answer cannot be drawn."""


def drawable() -> list[str]:
    """Return the names of the questions whose answers can be drawn."""
    return [name for name, question in catalogue().items() if question.header.plot is not None]


def require_picture(question: Question, path: Path) -> None:
    """Refuse, before a question is asked, what could not be drawn afterwards.

    :raises PictureError: if the question has no plot; it names those that have one
    :raises ValueError: if the file's name tells no known format
    :raises OSError: if the file could not be written
    """
    require_place(path)
    if question.header.plot is None:
        raise PictureError(
            f"{question.name} makes no picture; questions that do: {', '.join(drawable())}"
        )


def draw(question: Question, answer: Answer, path: Path) -> str:
    """Draw an answer into an SVG, PNG or PDF file.

    :returns: the characters that the font of the picture lacks and that "?" stands for
    :raises PictureError: if the question has no plot, or the answer no number to draw
    :raises ValueError: if the file's name tells no known format
    :raises ModuleNotFoundError: if the extra `plot` is not installed
    """
    require_picture(question, path)
    return save(picture(question, answer), path)


def picture(question: Question, answer: Answer) -> Picture:
    """Return the picture of an answer.

    :raises PictureError: if the question has no plot, or the answer no number to draw
    """
    plot = question.header.plot
    drawn: Picture | None
    match plot:
        case None:
            raise PictureError(f"{question.name} makes no picture")
        case ForestPlot():
            forest = forest_of(plot, answer)
            drawn = None if forest is None else draw_forest(forest)
        case CoveragePlot():
            drawn = _coverage(plot, answer)
        case SignalsPlot():
            drawn = _signals(plot, answer)
        case GradesPlot():
            drawn = _grades(plot, answer)
        case SurvivalPlot():
            drawn = _survival(plot, answer)
    if drawn is None:
        raise PictureError(f"{question.name}: the answer holds no number to draw")
    return drawn


def _coverage(plot: CoveragePlot, answer: Answer) -> Picture | None:
    cells: dict[tuple[str, str], Cell] = {}
    counts: dict[tuple[str, str], int] = {}
    for row in rows_of(answer):
        key = row.words(plot.study), row.words(plot.variable)
        state = row.words(plot.state) if plot.state else Cell.REPORTED.words
        if state not in _CELLS:
            raise PictureError(f"{state!r} is no state of a cell: {', '.join(_CELLS)}")
        cells[key] = _CELLS[state]
        count = row.count(plot.count)
        if count is not None and _CELLS[state] in (Cell.REPORTED, Cell.NO_DENOMINATOR):
            counts[key] = count
    if not cells:
        return None
    studies = tuple(dict.fromkeys(study for study, _ in cells))
    variables = tuple(sorted({variable for _, variable in cells}))
    return draw_coverage(Coverage(plot.title, studies, variables, cells, counts))


def _signals(plot: SignalsPlot, answer: Answer) -> Picture | None:
    signals: list[Signal] = []
    levels: list[float | None] = []
    skipped: list[str] = []
    studies = dict.fromkeys(row.words(plot.study) for row in rows_of(answer))
    for row in rows_of(answer):
        event, reports = row.words(plot.event), row.count(plot.reports)
        numbers = [row.number(column) for column in (plot.ratio, plot.low, plot.high)]
        ratio, low, high = numbers
        if ratio is None or low is None or high is None or reports is None:
            skipped.append(event)
            continue
        printed = f"{row.words(plot.ratio)} [{row.words(plot.low)}, {row.words(plot.high)}]"
        signals.append(Signal(event, ratio, low, high, reports, row.words(plot.section), printed))
        levels.append(row.number(plot.level) if plot.level else 95.0)
    if not signals:
        return None
    return draw_signals(
        Signals(
            plot.title, tuple(signals), "; ".join(filter(None, studies)),
            level=common_level(levels), notes=left_out(skipped),
        )
    )  # fmt: skip


def _grades(plot: GradesPlot, answer: Answer) -> Picture | None:
    found: dict[tuple[str, str, bool], list[Bar]] = {}
    for row in rows_of(answer):
        counted = enumerate((row.count(column) for column in plot.grades), start=1)
        counts = {grade: count for grade, count in counted if count is not None}
        if counts:
            seriousness = row.words(plot.seriousness)
            about = [row.joined(plot.panel), "" if seriousness == _ANY else seriousness]
            section = ", ".join(filter(None, about))
            bar = Bar(row.words(plot.event), counts, row.count(plot.total), section)
            key = row.words(plot.study), row.words(plot.unit), bar.total is not None
            found.setdefault(key, []).append(bar)
    if not found:
        return None
    # A panel for one number is a waste of paper: such numbers are listed, unless there are no others.
    panels = {key: bars for key, bars in found.items() if not _is_one_number(bars)} or found
    listed = [_listed(bar, unit) for (_, unit, _), bars in found.items() for bar in bars
              if panels is not found and _is_one_number(bars)]  # fmt: skip
    drawn = tuple(Panel(study, tuple(bars), unit) for (study, unit, _), bars in panels.items())
    notes = (f"Not drawn, one number each: {'; '.join(listed)}.",) if listed else ()
    return draw_grades(Grades(plot.title, drawn, (_GRADES, *notes)))


def _is_one_number(bars: Sequence[Bar]) -> bool:
    return len(bars) == 1 and len(bars[0].counts) == 1


def _listed(bar: Bar, unit: str) -> str:
    ((grade, count),) = bar.counts.items()
    of = "" if bar.total is None else f" of {bar.total}"
    return f"{bar.section}, {bar.event}, grade {grade}: {count}{of} ({unit})"


def _survival(plot: SurvivalPlot, answer: Answer) -> Picture | None:
    points: dict[tuple[str, int | None], list[Landmark]] = {}
    levels: list[float | None] = []
    units: set[str] = set()
    skipped: list[str] = []
    for row in rows_of(answer):
        time, value = row.number(plot.time), row.number(plot.value)
        if time is None or value is None:
            skipped.append(f"{row.words(plot.group)} at {row.words(plot.time)}")
            continue
        share = 100 if row.words(plot.unit) == "%" else 1
        bounds = [row.number(plot.low), row.number(plot.high)]
        low, high = (None if bound is None else bound / share for bound in bounds)
        key = row.words(plot.group), row.count(plot.size)
        points.setdefault(key, []).append(Landmark(time, value / share, low, high))
        levels.append(row.number(plot.level))
        units.add(row.words(plot.time_unit))
    if not points:
        return None
    if len(units) > 1:
        raise PictureError(f"times in {' and '.join(sorted(units))} share no axis")
    marks = tuple(
        Landmarks(label if size is None else f"{label} (N = {size})", tuple(found), size)
        for (label, size), found in points.items()
    )
    notes = ("Probabilities at the times that are printed; nothing is known in between.",)
    return draw_survival(
        Survival(
            plot.title, plot.measure, units.pop(), landmarks=marks, level=common_level(levels),
            notes=(*notes, *left_out(skipped)),
        )
    )  # fmt: skip
