"""Which results may stand in one table or one pool: how they differ, and who shares patients."""

from .assessment import Assessment, Difference, assess
from .candidates import Candidate, candidates
from .overlap import Overlap, overlaps

__all__ = ["Assessment", "Candidate", "Difference", "Overlap", "assess", "candidates", "overlaps"]
