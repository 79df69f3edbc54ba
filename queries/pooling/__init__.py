"""Pooling the results of studies: what may be pooled is chosen, judged, pooled and written down."""

from .request import Request, results_of
from .synthesis import NotComparableError, Synthesis, synthesise

__all__ = ["NotComparableError", "Request", "Synthesis", "results_of", "synthesise"]
