"""The tables of one quarter, drawn at random in the columns of the FDA's layout of 2022."""

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from .names import words

Array = np.ndarray[Any, Any]
Random = np.random.Generator

SUBSTANCES, SPELLINGS, EVENTS = 5_000, 12, 12_000
#: Events that a primary suspect has of its own, and the share of reactions that are such.
OWN_EVENTS, OWN_SHARE = 40, 0.25

#: Shares of the values of a column; None is a cell left empty.
ROLES = {"C": 0.695, "SS": 0.3, "I": 0.005}
COUNTRIES = {"US": 0.64, "CA": 0.08, "GB": 0.06, "FR": 0.06, "DE": 0.05, "JP": 0.05, None: 0.06}
SEXES = {"F": 0.56, "M": 0.37, None: 0.07}
REPORTERS = {"MD": 0.3, "CN": 0.4, "HP": 0.2, "PH": 0.08, None: 0.02}
ROUTES = {"Oral": 0.4, "Subcutaneous": 0.15, "Intravenous": 0.12, None: 0.33}
UNITS = {"MG": 0.35, "UG": 0.05, "ML": 0.05, None: 0.55}
OUTCOMES = {"OT": 0.55, "HO": 0.3, "DE": 0.1, "LT": 0.03, "DS": 0.02}
SOURCES = {"HP": 0.6, "CSM": 0.3, "LIT": 0.1}
#: Of the age in years and of the weight, that are given.
AGES, WEIGHTS = 0.6, 0.35


def law(count: int, shift: float, exponent: float) -> Array:
    """Return the cumulative shares of ranks by Zipf's law as Mandelbrot corrected it."""
    shares = 1 / (np.arange(1, count + 1) + shift) ** exponent
    cumulative: Array = np.cumsum(shares / shares.sum())
    return cumulative


#: Fitted by eye to the ranks of primary suspects and of reactions in 2022 Q3.
SUBSTANCE_LAW, EVENT_LAW = law(SUBSTANCES, 7, 1.1), law(EVENTS, 10, 1.3)
SPELLING_LAW, OWN_LAW = law(SPELLINGS, 0, 1.5), law(OWN_EVENTS, 0, 1.2)


class Quarter:
    """Draws the tables of the reports of a quarter, in the order of their primaryid.

    :param key: primaryid and caseid of the reports
    """

    def __init__(self, key: pl.DataFrame, random: Random) -> None:
        """Draw from a source of random numbers that is used up table by table."""
        self._key = key
        self._random = random

    def demo(self, versions: Array, dates: Array, first_dates: Array) -> pl.DataFrame:
        """Return DEMO: one row a report, with FDA_DT and INIT_FDA_DT as given."""
        size = len(self._key)
        received, first = _digits(dates), _digits(first_dates)
        age = self._random.integers(18, 90, size)
        weight = np.round(self._random.uniform(45, 110, size), 1)
        return self._key.with_columns(
            caseversion=pl.Series(versions),
            i_f_code=pl.Series(np.where(versions == 1, "I", "F")),
            event_dt=pl.when(self._given(0.8)).then(first),
            mfr_dt=received,
            init_fda_dt=first,
            fda_dt=received,
            rept_cod=pl.lit("EXP"),
            auth_num=None,
            mfr_num=pl.format("US-INVENTED-{}", pl.col("caseid")),
            mfr_sndr=pl.lit("INVENTED"),
            lit_ref=None,
            age=pl.when(given := self._given(AGES)).then(pl.Series(age)),
            age_cod=pl.when(given).then(pl.lit("YR")),
            age_grp=None,
            sex=self._values(SEXES, size),
            e_sub=pl.lit("Y"),
            wt=pl.when(given := self._given(WEIGHTS)).then(pl.Series(weight)),
            wt_cod=pl.when(given).then(pl.lit("KG")),
            rept_dt=received,
            to_mfr=None,
            occp_cod=self._values(REPORTERS, size),
            reporter_country=self._values(COUNTRIES, size),
            occr_country=self._values(COUNTRIES, size),
        )

    def drug(self, rows: Array) -> tuple[pl.DataFrame, Array]:
        """Return DRUG, so many rows a report, and the number of each report's primary suspect."""
        size = int(rows.sum())
        starts = np.cumsum(rows) - rows
        number = np.arange(size) - np.repeat(starts, rows) + 1
        substance = self._ranks(SUBSTANCE_LAW, size)
        spelling = substance * SPELLINGS + self._ranks(SPELLING_LAW, size)
        dose = self._random.choice([5, 10, 20, 50, 100, 200, 500], size)
        unit = self._values(UNITS, size)
        table = self._repeated(rows).with_columns(
            drug_seq=pl.Series(number),
            role_cod=pl.when(pl.Series(number == 1))
            .then(pl.lit("PS"))
            .otherwise(self._values(ROLES, size)),
            drugname=drug_names().gather(spelling),
            prod_ai=substance_names().gather(substance),
            val_vbm=pl.lit("1"),
            route=self._values(ROUTES, size),
            dose_vbm=pl.when(unit.is_not_null()).then(pl.format("{} {} daily", pl.Series(dose), unit)),
            **dict.fromkeys(("cum_dose_chr", "cum_dose_unit", "dechal", "rechal")),
            **dict.fromkeys(("lot_num", "exp_dt", "nda_num")),
            dose_amt=pl.when(unit.is_not_null()).then(pl.Series(dose)),
            dose_unit=unit,
            dose_form=None,
            dose_freq=None,
        )  # fmt: skip
        return table, substance[starts]

    def reac(self, rows: Array, suspects: Array) -> pl.DataFrame:
        """Return REAC, so many rows a report, of which some are the primary suspect's own."""
        size = int(rows.sum())
        event = self._ranks(EVENT_LAW, size)
        own = np.flatnonzero(self._random.random(size) < OWN_SHARE)
        whose = np.repeat(suspects, rows)[own]
        event[own] = (whose * 7_919 + self._ranks(OWN_LAW, len(own)) * 101) % EVENTS
        return self._repeated(rows).with_columns(
            pt=event_names().gather(event), drug_rec_act=pl.lit(None)
        )

    def others(self, sizes: dict[str, int]) -> dict[str, pl.DataFrame]:
        """Return OUTC, RPSR, THER and INDI of so many rows, each about some report's first drug."""
        first = pl.lit(1)
        columns: dict[str, dict[str, Any]] = {
            "OUTC": {"outc_cod": self._values(OUTCOMES, sizes["OUTC"])},
            "RPSR": {"rpsr_cod": self._values(SOURCES, sizes["RPSR"])},
            "THER": {"dsg_drug_seq": first, "start_dt": pl.lit("202201"), "end_dt": None}
            | {"dur": None, "dur_cod": None},
            "INDI": {"indi_drug_seq": first}
            | {"indi_pt": event_names().gather(self._ranks(EVENT_LAW, sizes["INDI"]))},
        }
        return {name: self._some(sizes[name]).with_columns(**columns[name]) for name in columns}

    def _repeated(self, rows: Array) -> pl.DataFrame:
        return self._key[np.repeat(np.arange(len(rows)), rows)]

    def _some(self, rows: int) -> pl.DataFrame:
        return self._key[np.sort(self._random.integers(0, len(self._key), rows))]

    def _ranks(self, cumulative: Array, size: int) -> Array:
        found = np.searchsorted(cumulative, self._random.random(size))
        return np.minimum(found, len(cumulative) - 1)

    def _values(self, shares: dict[Any, float], size: int) -> pl.Series:
        cumulative = np.cumsum(list(shares.values()))
        return pl.Series(list(shares)).gather(self._ranks(cumulative, size))

    def _given(self, share: float) -> pl.Series:
        return pl.Series(self._random.random(len(self._key)) < share)


def substance_names() -> pl.Series:
    """Return the active ingredients by rank."""
    return pl.Series([word.upper() for word in words(SUBSTANCES, 3, "max")])


def drug_names() -> pl.Series:
    """Return what drugs are called: for each substance itself, then its spellings and brands."""
    brands = [word.upper() for word in words(SUBSTANCES * (SPELLINGS - 1), 3, "vel")]
    names: list[str] = []
    for number, substance in enumerate(substance_names()):
        names += [substance, *brands[number * (SPELLINGS - 1) : (number + 1) * (SPELLINGS - 1)]]
    return pl.Series(names)


def event_names() -> pl.Series:
    """Return the preferred terms by rank."""
    return pl.Series([word.capitalize() + " invented" for word in words(EVENTS, 3, "sis")])


def write(table: pl.DataFrame, path: Path) -> None:
    """Write a table as the FDA does: `$` between cells, none quoted, nothing for no value."""
    table.write_csv(path, separator="$", quote_style="never")


def _digits(dates: Array) -> pl.Series:
    return pl.Series(dates.astype("datetime64[D]")).dt.strftime("%Y%m%d")
