"""De-duplication of reports by the rule of the FDA, and by what reports say.

A case has one report for each of its versions, in the quarter in which the FDA received it. Of
these one stays: that with the latest FDA_DT, and of several of one date that with the highest
PRIMARYID (doi:10.1097/JS9.0000000000002435, Table 1, is a worked example). All functions take and
return Ibis tables, and run on every engine of Ibis.
"""

import ibis
from ibis.expr import types as ir

#: What must be the same, and known, in two reports that are one event reported twice.
ALIKE = ("event_dt", "sex", "age_years", "country")
_FULL_DATE = 8


def date_key(date: ir.StringValue) -> ir.IntegerValue:
    """Return a number that puts dates in order: YYYYMMDD, with 00 for what is not known.

    So a date that is given in part comes before every full date of its year or month, and a date
    that is missing comes first of all: a report of unknown date displaces none of a known one.
    """
    return date.fill_null("0").rpad(_FULL_DATE, "0").cast("int32")


def repeated(demo: ir.Table) -> ir.Table:
    """Return the PRIMARYIDs that stand in several rows, such as those of two quarters."""
    return demo.group_by("primaryid").having(ibis._.count() > 1).agg(copies=ibis._.count())


def newest_copies(demo: ir.Table, again: ir.Table) -> ir.Table:
    """Return one row of every report: that of the newest quarter.

    The FDA's answer to question 29 on the extracts: the latest record is the most complete. Copies
    within one quarter are put in order by their columns, so that the order of rows decides nothing.

    :param demo: reports with `quarter`
    :param again: what `repeated` returns for them
    """
    rest = sorted(set(demo.columns) - {"primaryid", "quarter"})
    order = [ibis.desc("quarter"), *(ibis.desc(name) for name in rest)]
    window = ibis.window(group_by="primaryid", order_by=order)
    copies = demo.semi_join(again, "primaryid")
    newest = copies.mutate(place=ibis.row_number().over(window)).filter(ibis._.place == 0)
    return demo.anti_join(again, "primaryid").union(newest.drop("place"))


def live(demo: ir.Table, deleted: ir.Table) -> ir.Table:
    """Return the reports of cases that no list of deleted cases names."""
    return demo.anti_join(deleted, "caseid")


def latest(demo: ir.Table) -> ir.Table:
    """Return the report that stays of each case: `primaryid` and `caseid`.

    A report without a number of its case is a case of its own.

    :param demo: reports, one row each: at least `primaryid`, `caseid` and `fda_dt`
    """
    reports = demo.select(
        "primaryid", "caseid", case=demo.caseid.fill_null(-demo.primaryid), date=date_key(demo.fda_dt)
    )  # fmt: skip
    window = ibis.window(group_by="case", order_by=[ibis.desc("date"), ibis.desc("primaryid")])
    placed = reports.mutate(place=ibis.row_number().over(window))
    return placed.filter(placed.place == 0).select("primaryid", "caseid")


def alike(cases: ir.Table, drugs: ir.Table, reactions: ir.Table) -> ir.Table:
    """Return the reports that tell again what another tells: `primaryid` of those that go.

    Two reports are alike if they have the same full date of the event, sex, age and country, all of
    them known, the same set of drugs, in whatever roles, and the same set of reactions. Of these
    the one that the rule of the FDA would take of a case stays: latest FDA_DT, highest PRIMARYID.

    :param cases: one row a case: `primaryid`, `fda_dt` and the columns of `ALIKE`
    :param drugs: `primaryid` and `drug`
    :param reactions: `primaryid` and `event`
    """
    known = [cases[name].notnull() for name in ALIKE]
    dated = cases.filter(*known, cases.event_dt.length() == _FULL_DATE)
    shared = dated.group_by(ALIKE).having(ibis._.count() > 1).agg(reports=ibis._.count())
    doubtful = dated.semi_join(shared, list(ALIKE))
    with_drugs = doubtful.join(_members(drugs, doubtful, "drug"), "primaryid")
    facts = with_drugs.join(_members(reactions, doubtful, "event"), "primaryid")
    window = ibis.window(
        group_by=[*ALIKE, "drug", "event"],
        order_by=[ibis.desc(date_key(facts.fda_dt)), ibis.desc("primaryid")],
    )
    placed = facts.select("primaryid", place=ibis.row_number().over(window))
    return placed.filter(placed.place > 0).select("primaryid")


def _members(rows: ir.Table, reports: ir.Table, name: str) -> ir.Table:
    """Return the set of what a report names, in order."""
    named = rows.semi_join(reports, "primaryid").select("primaryid", name).distinct()
    return named.group_by("primaryid").agg(**{name: named[name].collect().sort()})
