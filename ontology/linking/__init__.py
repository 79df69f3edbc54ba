"""Linking of texts to terms of terminologies.

>>> from evikg.ontology.terms import Term
>>> term = Term(iri="http://purl.obolibrary.org/obo/HP_0000969", label="Edema")
>>> Linker(TermIndex.of([term])).link("oedema").accepted.curie
'HP:0000969'
"""

from .abbreviations import definitions, looks_abbreviated
from .candidates import Candidate, Link, Tier
from .index import TermIndex
from .linker import NEEDS_EXTRA, PREFERENCE, THRESHOLD, Linker, Ruling, ruling_key
from .normal_forms import Normaliser, normaliser

__all__ = [
    "NEEDS_EXTRA",
    "PREFERENCE",
    "THRESHOLD",
    "Candidate",
    "Link",
    "Linker",
    "Normaliser",
    "Ruling",
    "TermIndex",
    "Tier",
    "definitions",
    "looks_abbreviated",
    "normaliser",
    "ruling_key",
]
