"""Questions: one SPARQL file each, and the catalogue that reads, binds and runs them."""

from .answer import FORMATS, Answer, write
from .catalogue import (
    ParameterError,
    Question,
    Questions,
    UnknownQuestionError,
    catalogue,
    federated,
)
from .header import Column, Header, Parameter, QuestionError

__all__ = [
    "FORMATS",
    "Answer",
    "Column",
    "Header",
    "Parameter",
    "ParameterError",
    "Question",
    "QuestionError",
    "Questions",
    "UnknownQuestionError",
    "catalogue",
    "federated",
    "write",
]
