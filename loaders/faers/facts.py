"""Facts of cases: age, sex, weight, country, as numbers and codes, on any engine of Ibis."""

import csv
from functools import cache
from pathlib import Path

import ibis
from ibis.expr import types as ir

#: Units of ages a year: codes of FAERS, the most frequent first, a year being 365.25 days.
AGE_UNITS = {"YR": 1.0, "DEC": 0.1, "MON": 12.0, "WK": 365.25 / 7, "DY": 365.25, "HR": 365.25 * 24}
#: Weight units a kilogram; the pound is 0.45359237 kg by definition.
WEIGHT_UNITS = {"KG": 1.0, "LBS": 1 / 0.45359237, "GMS": 1000.0}
#: Years and kilograms beyond which a value is a mistake: of all people on record none was older
#: than 122 or heavier than 635 kg.
OLDEST, HEAVIEST = 122.0, 635.0
#: Groups of ages, with the codes of AGE_GRP that stand for them where no age is given.
AGE_GROUPS = {"<18": ("N", "I", "C", "T"), "18-64": ("A",), ">=65": ("E",)}


@cache
def countries(file: Path | None = None) -> dict[str, tuple[str, str]]:
    """Return the code and region of every way to write a country, in capitals.

    The shipped list has the codes of ISO 3166-1, the names that reports of before 2012 spell out,
    and the regions of the United Nations' standard M49.

    :param file: a CSV of one's own, with the columns `code`, `region` and, parted by `|`, `names`
    """
    place = file or Path(__file__).with_name("countries.csv")
    ways = {}
    with place.open(encoding="utf-8-sig", newline="") as rows:
        for row in csv.DictReader(rows):
            for way in (row["code"], *(row.get("names") or "").split("|")):
                if way:
                    ways[way.upper()] = (row["code"].upper(), row["region"])
    return ways


def facts(demo: ir.Table, regions: Path | None = None) -> ir.Table:
    """Return the facts of reports, one row each, in the columns of `cases.parquet`.

    `country` is that of the event, else that of the reporter: its code where it is known, else what
    stands there. `age_group` is that of the age, else of the group that the report gives. `year`
    is that of FDA_DT, else of the quarter. Ages and weights that cannot be, or have no unit, are
    NULL.

    :param demo: reports with their `quarter`
    :param regions: a list of countries in place of the shipped one, as for `countries`
    """
    ways = countries(regions)
    known = ibis.memtable(
        [{"way": way, "code": code, "region": region} for way, (code, region) in ways.items()],
        schema={"way": "string", "code": "string", "region": "string"},
    )
    age = _quantity(demo.age, demo.age_cod, AGE_UNITS, OLDEST)
    weight = _quantity(demo.wt, demo.wt_cod, WEIGHT_UNITS, HEAVIEST)
    year = demo.fda_dt.substr(0, 4).try_cast("int32")
    named = demo.mutate(
        age_years=age,
        weight_kg=weight,
        year=ibis.coalesce(year, demo.quarter.substr(0, 4).try_cast("int32")),
        sex=demo.sex.isin(["M", "F"]).ifelse(demo.sex, ibis.null("string")),
        way=ibis.coalesce(demo.occr_country, demo.reporter_country).strip().upper(),
        reporter=demo.occp_cod,
    )
    joined = named.left_join(known, "way")
    return joined.select(
        "primaryid", "caseid", "quarter", "year", "age_years", _group(joined).name("age_group"),
        "sex", "weight_kg", country=ibis.coalesce(joined.code, joined.way), region=joined.region,
        reporter=joined.reporter, event_dt=joined.event_dt, fda_dt=joined.fda_dt,
    )  # fmt: skip


def _quantity(
    value: ir.StringValue, unit: ir.StringValue, units: dict[str, float], most: float
) -> ir.FloatingValue:
    number = value.try_cast("float64")
    a_unit = ibis.cases(*((unit == code, ibis.literal(per)) for code, per in units.items()))
    amount = number / a_unit
    return ((amount >= 0) & (amount <= most)).ifelse(amount, ibis.null("float64"))


def _group(rows: ir.Table) -> ir.StringValue:
    young, adult, old = AGE_GROUPS
    return ibis.cases(
        (rows.age_years < 18, young),
        (rows.age_years < 65, adult),
        (rows.age_years.notnull(), old),
        *((rows.age_grp.isin(codes), group) for group, codes in AGE_GROUPS.items()),
    )
