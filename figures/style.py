"""How every picture looks: colours, hatches, line styles and sizes of type, in one place.

Colours are told apart by their lightness first, so that they survive a grey printer and every kind
of colour vision; a symbol, a hatch or a line style always says the same again.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

#: Text and lines.
INK = "#1A1A1A"
FAINT = "#8C8C8C"
RULE = "#C8C8C8"
PAPER = "#FFFFFF"

#: Marks that belong to no series: squares, dots and diamonds.
MARK = "#1F4E79"
FILL = "#9DBAD7"  # of a mark that a line crosses

#: Series side by side (curves), darkest first, with a line style each.
SERIES = ("#0B2A4A", "#A9431A", "#3E9BD6", "#E8B93C")
LINES: tuple[Any, ...] = (
    "solid",
    (0, (5, 1.6)),
    (0, (1, 1.2)),
    (0, (5, 1.5, 1, 1.5)),
)

#: Severity grades 1 to 5, light to dark, with a hatch each.
GRADES = ("#FDF3D0", "#F6C667", "#DD7C3C", "#9C3A4E", "#33123F")
HATCHES = ("", "...", "///", "xxx", "")

#: Kinds of cell in a matrix, light to dark: not curated, not reported, no denominator, reported.
CELLS = ("#FFFFFF", "#D3DCE6", "#7FA3C7", "#1F4E79")

#: Sizes of type, in points.
TEXT, SMALL, TITLE = 8.0, 7.0, 9.5

#: Width of a figure over two columns of a journal page, and the margin inside, in inches.
PAGE = 7.2
MARGIN = 0.12


@contextmanager
def styled() -> Iterator[None]:
    """Draw and save with the type and lines of the house, leaving matplotlib's settings alone."""
    from matplotlib import rc_context

    settings: Any = {
        "font.family": "sans-serif",
        "font.sans-serif": ["DejaVu Sans", "Helvetica", "Arial", "sans-serif"],
        "font.size": TEXT,
        "text.color": INK,
        "text.parse_math": False,  # a dollar in a label is a dollar
        "text.usetex": False,
        "axes.edgecolor": INK,
        "axes.labelcolor": INK,
        "axes.linewidth": 0.7,
        "axes.unicode_minus": True,
        "xtick.color": INK,
        "ytick.color": INK,
        "xtick.labelsize": SMALL,
        "ytick.labelsize": SMALL,
        "hatch.linewidth": 0.6,
        "lines.solid_capstyle": "butt",
        "figure.facecolor": PAPER,
        "savefig.dpi": 300,
        "svg.fonttype": "none",  # text stays text: it is found, read out and edited
        "svg.hashsalt": "evikg",  # identifiers inside the file are the same each time
        "pdf.fonttype": 42,
        "pdf.compression": 6,
    }
    with rc_context(settings):
        yield


def lightness(colour: str) -> float:
    """Return the lightness L* of a colour `#RRGGBB`, 0 (black) to 100 (white).

    CIE 1976 lightness of the relative luminance of sRGB (IEC 61966-2-1).

    >>> round(lightness("#777777"))
    50
    """
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return 116 * luminance ** (1 / 3) - 16 if luminance > 0.008856 else 903.3 * luminance


def ink_on(colour: str) -> str:
    """Return the colour of text that is read on a background: dark on light, light on dark."""
    return INK if lightness(colour) > 55 else PAPER
