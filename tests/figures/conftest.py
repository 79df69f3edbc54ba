"""What the tests of pictures share: the words of a picture, and whether they collide."""

import xml.etree.ElementTree as ET
from collections.abc import Callable
from itertools import combinations
from typing import Any

import pytest

from evikg.figures import Picture, rendered

_TEXT = "{http://www.w3.org/2000/svg}text"


@pytest.fixture
def texts() -> Callable[[Picture], list[str]]:
    """Return what reads the lines of text back from the SVG of a picture."""

    def read(picture: Picture) -> list[str]:
        root = ET.fromstring(rendered(picture, ".svg"))  # noqa: S314 - our own file
        return ["".join(element.itertext()).strip() for element in root.iter(_TEXT)]

    return read


@pytest.fixture
def faults() -> Callable[[Picture], list[str]]:
    """Return what finds the lines of text that are cut off or run into one another."""

    def find(picture: Picture) -> list[str]:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.text import Text

        canvas = FigureCanvasAgg(picture.figure)
        canvas.draw()
        renderer: Any = canvas.get_renderer()
        width, height = canvas.get_width_height()
        boxes = [
            (item.get_text(), item.get_window_extent(renderer))
            for item in picture.figure.findobj(Text)
            if item.get_text().strip() and item.get_visible()
        ]
        cut = [
            f"cut off: {words}"
            for words, box in boxes
            if box.x0 < -1 or box.y0 < -1 or box.x1 > width + 1 or box.y1 > height + 1
        ]
        # Boxes are as high as ascenders and descenders: lines may touch by a pixel or two.
        collide = [
            f"{one} / {other}"
            for (one, a), (other, b) in combinations(boxes, 2)
            if min(a.x1, b.x1) - max(a.x0, b.x0) > 1 and min(a.y1, b.y1) - max(a.y0, b.y0) > 3
        ]
        return cut + collide

    return find
