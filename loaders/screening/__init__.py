"""Screening of mentions: which printed identifiers can be trusted, and why not the others."""

from .findings import Rule, Screening
from .screen import screen
from .terminologies import Terminologies, vocabulary

__all__ = ["Rule", "Screening", "Terminologies", "screen", "vocabulary"]
