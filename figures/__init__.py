"""Pictures of evidence: plain numbers and labels in, figures a journal would print out.

Each kind has its frozen dataclasses and one function `draw_…` that returns a `Picture`; `save`
writes it as SVG, PNG or PDF (extra `plot`). No state of pyplot is touched.
"""

from .coverage import Cell, Coverage, draw_coverage
from .forest import Forest, Heterogeneity, Pooled, Row, Section
from .forest_drawing import draw_forest
from .grades import Bar, Grades, Panel, draw_grades
from .saving import SUFFIXES, rendered, require_place, save, suffix_of
from .sheet import Picture
from .signals import CAUTION, Signal, Signals, draw_signals
from .survival import Curve, Landmark, Landmarks, Survival
from .survival_drawing import draw_survival

__all__ = [
    "CAUTION",
    "SUFFIXES",
    "Bar",
    "Cell",
    "Coverage",
    "Curve",
    "Forest",
    "Grades",
    "Heterogeneity",
    "Landmark",
    "Landmarks",
    "Panel",
    "Picture",
    "Pooled",
    "Row",
    "Section",
    "Signal",
    "Signals",
    "Survival",
    "draw_coverage",
    "draw_forest",
    "draw_grades",
    "draw_signals",
    "draw_survival",
    "rendered",
    "require_place",
    "save",
    "suffix_of",
]
