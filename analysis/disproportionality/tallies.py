"""Numbers of reports by year, reporter, outcome or any other column."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ibis.expr.types as ir


def report_counts(cases: ir.Table, column: str, details: ir.Table | None = None) -> ir.Table:
    """Return `column`, reports, percent: distinct cases by the value of a column.

    :param cases: primaryid, and the column where `details` is None; all of a database or the cases
        of a drug (`counts.cases_of`)
    :param details: primaryid and the column, any number of rows for a case (outcomes, indications):
        a case counts once for each value that it has, and percentages may add up to more than 100
    :return: a missing value is NULL, and counts; percent is of the distinct cases in `cases`
    :raises ValueError: if there is no such column
    """
    import ibis

    source = cases if details is None else details
    if column not in source.columns:
        raise ValueError(f"no column {column}: there are {', '.join(source.columns)}")
    everyone = cases.select("primaryid").distinct()
    total = everyone.count()
    values = (
        cases.select("primaryid", column)
        if details is None
        else everyone.left_join(details.select("primaryid", column), "primaryid").select(
            "primaryid", column
        )
    )
    counted = values.distinct().group_by(column).agg(reports=lambda t: t.count())
    percent = 100.0 * counted.reports / everyone.agg(n=total).n.as_scalar().nullif(0)
    return counted.mutate(percent=percent).order_by(ibis.desc("reports"), column)
