"""Which results may stand in one table or one pool: how they differ, and who shares patients."""

from .assessment import NOT_STATED, Assessment, Difference, assess
from .candidates import Candidate, candidates
from .overlap import Overlap, overlaps

__all__ = [
    "NOT_STATED",
    "Assessment",
    "Candidate",
    "Difference",
    "Overlap",
    "assess",
    "candidates",
    "overlaps",
]
