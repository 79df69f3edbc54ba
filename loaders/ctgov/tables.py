"""The tables beside this module: words of the registry and what stands for them here."""

import csv
import re
from functools import cache
from importlib.resources import files

from evikg.ontology import Statistic

Row = dict[str, str]


@cache
def term(field: str, word: str | None) -> str | None:
    """Return what stands for a word of the registry (`terms.csv`); None where nothing does.

    Words are compared without case, as codes: `Full Range` is `FULL_RANGE`.
    """
    code = re.sub(r"[\s-]+", "_", (word or "").strip()).upper()
    return _terms().get((field, code))


@cache
def estimated(parameter: str) -> Statistic:
    """Return the statistic that the name of an estimated parameter says (`estimates.csv`)."""
    text = " ".join(parameter.casefold().split())
    for row in _rows("estimates.csv"):
        if re.fullmatch(row["pattern"], text):
            return Statistic(row["statistic"])
    return Statistic.ESTIMATE


@cache
def disposition(kind: str, word: str) -> Row | None:
    """Return the row of a milestone or a reason for not completing (`dispositions.csv`)."""
    return _keyed("dispositions.csv", "kind", "registry").get((kind, word.strip().casefold()))


@cache
def baseline(measure: str, part: str = "") -> Row | None:
    """Return the row of a baseline measure that the registry defines, or of a part of it."""
    key = (measure.strip().casefold(), part.strip().casefold())
    return _keyed("baseline.csv", "measure", "part").get(key)


@cache
def _terms() -> dict[tuple[str, str], str]:
    return {(row["field"], row["registry"]): row["ours"] for row in _rows("terms.csv")}


@cache
def _keyed(name: str, first: str, second: str) -> dict[tuple[str, str], Row]:
    return {(row[first].casefold(), row[second].casefold()): row for row in _rows(name)}


@cache
def _rows(name: str) -> list[Row]:
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
