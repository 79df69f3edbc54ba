"""A sheet of paper: everything is placed in inches from its top left corner.

Widths of text are measured before the sheet is cut, so that no label is cut off or overlaps.
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from .style import INK, MARGIN, SMALL, TEXT, TITLE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

POINTS = 72  # in an inch
_LARGEST = 200  # inches
Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn figure with the words that stand for it where it is not seen."""

    figure: "Figure"
    title: str
    description: str


class Sheet:
    """A figure of fixed size, in inches."""

    def __init__(self, width: float, height: float) -> None:
        """Cut a sheet.

        :raises ValueError: if it is larger than a page of PDF may be (ISO 32000-1, annex C)
        """
        from matplotlib.figure import Figure

        if max(width, height) > _LARGEST:
            raise ValueError(
                f"the picture would be {width:.0f} by {height:.0f} inches, more than a file can "
                "hold: ask for fewer rows"
            )
        self.width, self.height = width, height
        self.figure = Figure(figsize=(width, height))

    def text(
        self, x: float, y: float, words: str, *, align: Align = "left", size: float = TEXT,
        bold: bool = False, italic: bool = False, colour: str = INK, box: str | None = None,
    ) -> None:  # fmt: skip
        """Write one line, its middle at the height y; `box` is the colour of a box behind it."""
        self.figure.text(
            x / self.width, 1 - y / self.height, clean(words), ha=align, va="center_baseline",
            fontsize=size, fontweight="bold" if bold else "normal",
            fontstyle="italic" if italic else "normal", color=colour,
            bbox={"facecolor": box, "edgecolor": "none", "pad": 0.8} if box else None,
        )  # fmt: skip

    def upright(self, x: float, bottom: float, words: str, *, size: float = TEXT) -> None:
        """Write one bold line upwards from the height `bottom`, its middle at x."""
        self.figure.text(
            x / self.width, 1 - bottom / self.height, clean(words), ha="center", va="bottom",
            fontsize=size, fontweight="bold", color=INK, rotation=90,
        )  # fmt: skip

    def rule(self, left: float, right: float, y: float, *, weight: float = 0.7) -> None:
        """Draw a horizontal line, `weight` points thick."""
        from matplotlib.lines import Line2D

        places = [left / self.width, right / self.width]
        height = 1 - y / self.height
        self.figure.add_artist(
            Line2D(places, [height, height], color=INK, linewidth=weight, solid_capstyle="butt")
        )

    def axes(self, left: float, top: float, width: float, height: float) -> "Axes":
        """Return axes; their vertical scale is that of the sheet until they are given another."""
        bottom = 1 - (top + height) / self.height
        axes = self.figure.add_axes(
            (left / self.width, bottom, width / self.width, height / self.height)
        )
        axes.set_ylim(top + height, top)
        axes.set_yticks([])
        for side in ("left", "right", "top"):
            axes.spines[side].set_visible(False)
        return axes

    def lines(self, x: float, y: float, lines: list[str], *, size: float = SMALL) -> float:
        """Write lines one under another from the height y on, and return the height below."""
        for line in lines:
            self.text(x, y + leading(size) / 2, line, size=size)
            y += leading(size)
        return y

    def heading(self, title: list[str]) -> float:
        """Write the title, wrapped already, and return the height below."""
        y = MARGIN
        for line in title:
            self.text(MARGIN, y + leading(TITLE) / 2, line, size=TITLE, bold=True)
            y += leading(TITLE)
        return y + 0.06

    def notes(self, y: float, notes: list[str]) -> None:
        """Write the footnotes, wrapped already, from the height y on."""
        self.lines(MARGIN, y, notes)


def leading(size: float) -> float:
    """Return the height of a line of type of a size in points, in inches."""
    return size * 1.4 / POINTS


def heading_height(title: list[str]) -> float:
    """Return how much of a sheet its heading takes."""
    return MARGIN + len(title) * leading(TITLE) + 0.06


def notes_height(notes: list[str]) -> float:
    """Return how much of a sheet its footnotes take, with the margin below."""
    return len(notes) * leading(SMALL) + MARGIN


def clean(words: str) -> str:
    """Return text without control characters, which no file of a picture can hold."""
    return "".join(
        " " if character in "\n\r\t" else character
        for character in words
        if character in "\n\r\t" or unicodedata.category(character) != "Cc"
    )


def printable(words: str, instead: str = "?") -> str:
    """Return text with another character for each that the font of the pictures lacks."""
    if words.isascii():
        return words
    drawn = _characters()
    return "".join(c if ord(c) in drawn or c.isspace() else instead for c in words)


@lru_cache(maxsize=1)
def _characters() -> frozenset[int]:
    """Return the code points that the font of the pictures has."""
    from matplotlib.font_manager import findfont, get_font

    return frozenset(get_font(findfont("DejaVu Sans")).get_charmap())


@lru_cache(maxsize=8192)
def text_width(words: str, size: float = TEXT, bold: bool = False) -> float:
    """Return the width of a line of text in inches."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    if not words:
        return 0.0
    font = FontProperties(family="DejaVu Sans", size=size, weight="bold" if bold else "normal")
    drawn = printable(clean(words), "W")  # a character of another font may be as wide as any
    width, _, _ = text_to_path.get_text_width_height_descent(drawn, font, ismath=False)
    return float(width) / POINTS


def wrapped(words: str, width: float, size: float = TEXT, bold: bool = False) -> list[str]:
    """Return text in lines that fit a width in inches; a word that is too long is broken."""
    lines: list[str] = []
    line = ""
    for word in clean(words).split():
        longer = f"{line} {word}".strip()
        if text_width(longer, size, bold) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        while text_width(word, size, bold) > width and len(word) > 1:
            part = _beginning(word, width, size, bold)
            lines.append(part if part.endswith("-") else f"{part}-")
            word = word[len(part) :]
        line = word
    return [*lines, line] if line or not lines else lines


def _beginning(word: str, width: float, size: float, bold: bool) -> str:
    """Return as much of a word as fits with a hyphen, up to a hyphen of its own if it has one."""
    longest = next(
        (n for n in range(len(word) - 1, 1, -1) if text_width(f"{word[:n]}-", size, bold) <= width),
        1,
    )
    own = word.rfind("-", 0, longest) + 1
    return word[: own or longest]


def widest(texts: list[str], size: float = TEXT, bold: bool = False) -> float:
    """Return the width of the widest of some lines of text, in inches."""
    return max((text_width(text, size, bold) for text in texts), default=0.0)


def footnotes(notes: tuple[str, ...], width: float) -> list[str]:
    """Return footnotes as lines that fit a sheet of a width in inches."""
    return [line for note in notes for line in wrapped(note, width - 2 * MARGIN, SMALL)]
