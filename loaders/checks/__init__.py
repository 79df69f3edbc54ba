"""The papers' own faults, found by recomputation and comparison; nothing is corrected."""

from .discrepancies import discrepancies
from .recomputation import recompute

__all__ = ["discrepancies", "recompute"]
