"""Coverage matrices: which study reports which variable, and how well."""

from dataclasses import dataclass
from enum import Enum

from .sheet import Picture, Sheet, footnotes, heading_height, notes_height, widest, wrapped
from .style import CELLS, INK, MARGIN, PAGE, RULE, SMALL, TEXT, TITLE, ink_on, styled


class Cell(Enum):
    """What is known of one variable in one study: its words and its symbol."""

    REPORTED = ("reported", "●")
    NO_DENOMINATOR = ("reported without denominator", "◐")
    NOT_REPORTED = ("not reported", "○")
    NOT_CURATED = ("not curated", "·")

    @property
    def words(self) -> str:
        """Return what the cell says."""
        return self.value[0]

    @property
    def symbol(self) -> str:
        """Return the symbol that says it beside the shade."""
        return self.value[1]

    @property
    def shade(self) -> str:
        """Return the colour behind the symbol: the darker, the more is known."""
        return CELLS[3 - list(Cell).index(self)]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Studies by variables; a pair without a cell is not curated.

    :raises ValueError: if there is no study or no variable, or a cell belongs to neither
    """

    title: str
    studies: tuple[str, ...]
    variables: tuple[str, ...]
    cells: dict[tuple[str, str], Cell]  # by study and variable
    counts: dict[tuple[str, str], int]  # numbers behind a cell, written instead of its symbol
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check that the matrix holds its cells."""
        if not self.studies or not self.variables:
            raise ValueError(f"{self.title}: a coverage matrix needs a study and a variable")
        for study, variable in (*self.cells, *self.counts):
            if study not in self.studies or variable not in self.variables:
                raise ValueError(f"{self.title}: no row or column for {study}, {variable}")

    def cell(self, study: str, variable: str) -> Cell:
        """Return what is known of a variable in a study."""
        return self.cells.get((study, variable), Cell.NOT_CURATED)

    def described(self) -> str:
        """Return the matrix in words: for each study, what it has of each kind."""
        parts = []
        for study in self.studies:
            by_kind = [
                (kind, [v for v in self.variables if self.cell(study, v) is kind]) for kind in Cell
            ]
            words = "; ".join(f"{kind.words}: {', '.join(vs)}" for kind, vs in by_kind if vs)
            parts.append(f"{study} ({words})")
        return f"Coverage of {len(self.variables)} variables. " + ". ".join(parts) + "."


_ROW, _LABEL, _SYMBOL = 0.2, 2.8, 9.0  # inches; size of a symbol in points
_NARROW, _UPRIGHT, _WIDE = 0.34, 0.75, 1.1  # of a column, inches


def draw_coverage(coverage: Coverage) -> Picture:
    """Draw a coverage matrix: variables downwards, studies across, a legend below."""
    with styled():
        return _draw(coverage)


def _draw(coverage: Coverage) -> Picture:
    labels = [wrapped(variable, _LABEL) for variable in coverage.variables]
    name = widest([line for label in labels for line in label])
    room = (PAGE - 2 * MARGIN - name - 0.15) / len(coverage.studies)
    column = min(max(room, _NARROW), _WIDE)
    # Names of studies stand upright where the columns are too narrow for their words.
    upright = column < _UPRIGHT
    heads = [
        [study] if upright else wrapped(study, column - 0.08, TEXT, bold=True)
        for study in coverage.studies
    ]
    width = max(2 * MARGIN + name + 0.15 + column * len(coverage.studies), 5.8)
    heights = [_ROW + 0.145 * (len(label) - 1) for label in labels]
    title = wrapped(coverage.title, width - 2 * MARGIN, TITLE, bold=True)
    head_height = (
        widest(list(coverage.studies), bold=True) if upright else max(map(len, heads)) * 0.145
    )
    top = heading_height(title) + head_height + 0.08
    notes = footnotes(coverage.notes, width)
    legend = _legend_rows(coverage, width)
    body = sum(heights)
    sheet = Sheet(width, top + body + 0.12 + 0.19 * len(legend) + 0.06 + notes_height(notes))
    sheet.heading(title)
    left = MARGIN + name + 0.15
    for index, head in enumerate(heads):
        if upright:
            sheet.upright(left + (index + 0.5) * column, top - 0.05, head[0])
            continue
        for line, words in enumerate(reversed(head)):
            sheet.text(
                left + (index + 0.5) * column, top - 0.1 - line * 0.145, words, align="center",
                bold=True,
            )  # fmt: skip
    y = top
    for variable, label, height in zip(coverage.variables, labels, heights, strict=True):
        for line, words in enumerate(label):
            sheet.text(MARGIN, y + _ROW / 2 + line * 0.145, words)
        for index, study in enumerate(coverage.studies):
            count = coverage.counts.get((study, variable))
            _square(sheet, left + index * column, y, column, height,
                    coverage.cell(study, variable), count)  # fmt: skip
        y += height
    y += 0.12
    for row in legend:
        x = MARGIN
        for kind in row:
            _square(sheet, x, y, 0.26, 0.16, kind, None)
            sheet.text(x + 0.32, y + 0.08, _legend_words(kind, coverage), size=SMALL)
            x += 0.32 + widest([_legend_words(kind, coverage)], SMALL) + 0.22
        y += 0.19
    sheet.notes(y + 0.06, notes)
    return Picture(sheet.figure, coverage.title, coverage.described())


def _square(
    sheet: Sheet, x: float, y: float, width: float, height: float, cell: Cell, count: int | None
) -> None:
    from matplotlib.patches import Rectangle

    corner = (x / sheet.width, 1 - (y + height) / sheet.height)
    sheet.figure.add_artist(
        Rectangle(
            corner, width / sheet.width, height / sheet.height, facecolor=cell.shade,
            edgecolor=RULE if cell is Cell.NOT_CURATED else INK, linewidth=0.4,
            zorder=1 if cell is Cell.NOT_CURATED else 2,
        )
    )  # fmt: skip
    words = cell.symbol if count is None else f"{cell.symbol} {count}"
    sheet.text(
        x + width / 2, y + height / 2, words, align="center", size=_SYMBOL if count is None else SMALL,
        colour=ink_on(cell.shade),
    )  # fmt: skip


def _legend_words(kind: Cell, coverage: Coverage) -> str:
    counted = kind is Cell.REPORTED and coverage.counts
    return f"{kind.words} (how many numbers)" if counted else kind.words


def _legend_rows(coverage: Coverage, width: float) -> list[list[Cell]]:
    """Return the kinds of cell in rows that fit the width; all four, whether they occur or not."""
    rows: list[list[Cell]] = [[]]
    x = MARGIN
    for kind in Cell:
        wide = 0.32 + widest([_legend_words(kind, coverage)], SMALL) + 0.22
        if rows[-1] and x + wide > width:
            rows.append([])
            x = MARGIN
        rows[-1].append(kind)
        x += wide
    return rows
