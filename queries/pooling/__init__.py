"""Pooling the results of studies: what may be pooled is chosen, judged, pooled and written down."""

from .request import Request, results_of
from .synthesis import NotComparableError, Synthesis, compared, synthesise

__all__ = [
    "NotComparableError",
    "Request",
    "Synthesis",
    "compared",
    "results_of",
    "synthesise",
]
