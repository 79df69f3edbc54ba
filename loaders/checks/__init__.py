"""The papers' own faults, found by recomputation; nothing is corrected."""

from .recomputation import recompute

__all__ = ["recompute"]
