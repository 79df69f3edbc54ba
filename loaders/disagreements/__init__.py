"""Printings of one quantity that disagree: found, typed, and told which one recomputation supports."""

from .discrepancies import discrepancies

__all__ = ["discrepancies"]
