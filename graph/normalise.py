"""Normalised values beside the printed ones: UCUM units, fractions, days."""

import csv
from functools import cache
from importlib.resources import files

from pyoxigraph import Literal, NamedNode

from evikg.ontology import EV, Statistic

from .codecs import Term, plain_decimal
from .numbers import in_days
from .records import Result

_SHARES = {Statistic.PERCENT, Statistic.PROPORTION, Statistic.SURVIVAL_PROBABILITY}


@cache
def ucum_codes() -> dict[str, str]:
    """Return the UCUM code of each printed unit (`ontology/units.csv`; https://ucum.org)."""
    table = files("evikg.ontology").joinpath("units.csv").read_text(encoding="utf-8")
    return {row["unit"]: row["ucum"] for row in csv.DictReader(table.splitlines())}


def normalised(result: Result) -> list[tuple[NamedNode, Term]]:
    """Return what a result's printed value is in common terms.

    A share (percent, proportion, survival probability) becomes `ev:fraction` in 0 to 1; a
    timepoint becomes `ev:days` (30.4375 days a month, 365.25 a year); a unit gets its UCUM code.
    """
    pairs: list[tuple[NamedNode, Term]] = []
    if result.unit and (code := ucum_codes().get(result.unit)):
        pairs.append((EV.ucum, Literal(code)))
    number = result.value.number if result.value else None
    if number is not None and result.statistic in _SHARES:
        fraction = number / 100 if result.unit == "%" else number
        pairs.append((EV.fraction, plain_decimal(fraction)))
    if result.timepoint is not None and result.timepoint_unit:
        days = in_days(result.timepoint, result.timepoint_unit)
        if days is not None:
            pairs.append((EV.days, plain_decimal(days)))
    return pairs
