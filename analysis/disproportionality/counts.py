"""Two-by-two tables of drug and event, as Ibis expressions.

|              | event | other events |
|--------------|-------|--------------|
| drug         | a     | b            |
| other drugs  | c     | d            |
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import ibis.expr.types as ir

#: The columns of a two-by-two table.
CELLS = ("a", "b", "c", "d")


class Counting(StrEnum):
    """What one unit of a two-by-two table is."""

    CASE = "case-level"
    """A case: a + b are the cases with the drug, N the cases."""
    EVENT = "event-level"
    """A distinct (case, event): a + b are the events of the drug's cases, N all such events."""


@dataclass(frozen=True, slots=True)
class Reports:
    """Three Ibis tables of one engine; further columns are allowed, rows may repeat.

    Only cases in `cases` count: a restricted `cases` restricts the analysis (to an indication, a
    sex, a period). `primaryid` identifies a case, after de-duplication.

    `distinct` promises that no row of any of them stands twice, by the columns named here, and that
    all drugs and events are of cases in `cases`: they are then counted as they stand, which takes
    much less time.
    """

    cases: ir.Table
    """primaryid and what one stratifies by"""
    drugs: ir.Table
    """primaryid, drug"""
    events: ir.Table
    """primaryid, event"""
    distinct: bool = False


def pair_counts(
    reports: Reports, counting: Counting = Counting.CASE, *, minimum: int = 1
) -> ir.Table:
    """Return drug, event, a, b, c, d of every pair that occurs together in `minimum` cases.

    A drug named twice in a case is one, and so is an event. `a` is the number of cases with both
    under either counting, for a case has an event once.

    :raises ValueError: if `minimum` is below 1: pairs that never occur are not listed
    """
    _require_minimum(minimum)
    drugs, events = _distinct(reports)
    drug_totals, event_totals, total = _margins(reports, drugs, events, counting, ())
    pairs = _together(drugs, events, ("drug", "event"), minimum)
    joined = pairs.join(drug_totals, "drug").join(event_totals, "event")
    return _two_by_two(joined, total.n.as_scalar(), ("drug", "event"))


def drug_counts(
    reports: Reports,
    drugs: Collection[object],
    counting: Counting = Counting.CASE,
    *,
    name: str | None = None,
    comparators: Collection[object] | None = None,
    minimum: int = 1,
) -> ir.Table:
    """Return drug, event, a, b, c, d of one drug, or of several taken as one.

    :param drugs: values of the column `drug`
    :param name: what the column `drug` of the answer holds; needed where several are taken as one
    :param comparators: the background are the cases of these drugs without `drugs` (an active
        comparator); all other cases where None
    :raises ValueError: if `drugs` or `comparators` is empty or they overlap, or if several drugs
        have no name
    """
    focus = focused(reports, drugs, name=name, comparators=comparators)
    return pair_counts(focus, counting, minimum=minimum)


def stratum_counts(
    reports: Reports,
    strata: Sequence[str],
    counting: Counting = Counting.CASE,
    *,
    minimum: int = 1,
) -> ir.Table:
    """Return drug, event, stratum, a, b, c, d: one row for each stratum in which the drug occurs.

    :param strata: columns of `reports.cases`, which has one row for each case. Where a value is
        missing, the case is in a stratum "unknown".
    :param minimum: the least a, summed over the strata, of a pair
    :raises ValueError: if no column is named or one is absent, or `minimum` is below 1
    """
    _require_minimum(minimum)
    missing = [name for name in strata if name not in reports.cases.columns]
    if missing or not strata:
        raise ValueError(
            f"strata are columns of the cases ({', '.join(reports.cases.columns)}), "
            f"not {', '.join(missing) or 'none'}"
        )
    labelled = replace(reports, cases=_labelled(reports.cases, strata))
    drugs, events = _distinct(labelled)
    drug_totals, event_totals, totals = _margins(labelled, drugs, events, counting, ("stratum",))
    pairs = _together(drugs, events, ("drug", "event"), minimum).select("drug", "event")
    together = _together(drugs, events, ("drug", "event", "stratum"), 1)
    joined = (
        pairs.join(drug_totals, "drug")
        .left_join(event_totals, ["event", "stratum"])
        .drop("event_right", "stratum_right")
        .left_join(together, ["drug", "event", "stratum"])
        .drop("drug_right", "event_right", "stratum_right")
        .join(totals, "stratum")
    )
    filled = joined.mutate(a=joined.a.fill_null(0), event_n=joined.event_n.fill_null(0))
    return _two_by_two(filled, filled.n, ("drug", "event", "stratum"))


def focused(
    reports: Reports,
    drugs: Collection[object],
    *,
    name: str | None = None,
    comparators: Collection[object] | None = None,
) -> Reports:
    """Return reports in which `drugs` are the only drug, called `name`; see `drug_counts`."""
    named = sorted(set(drugs), key=str)
    if not named or (comparators is not None and not comparators):
        raise ValueError("name at least one drug, and one comparator where comparators are used")
    if name is None and len(named) > 1:
        raise ValueError(f"{len(named)} drugs taken as one need a name")
    both = set(named) & set(comparators or ())
    if both:
        raise ValueError(f"a drug cannot be its own comparator: {', '.join(map(str, both))}")
    exposed = reports.drugs.filter(reports.drugs.drug.isin(named)).select("primaryid", "drug")
    if name is not None:
        exposed = exposed.mutate(drug=_literal(name))
    cases = reports.cases
    if comparators is not None:
        others = reports.drugs.filter(reports.drugs.drug.isin(sorted(comparators, key=str)))
        cases = cases.semi_join(
            exposed.select("primaryid").union(others.select("primaryid")), "primaryid"
        )
    unchanged = comparators is None and len(named) == 1
    return Reports(cases, exposed, reports.events, reports.distinct and unchanged)


def cases_of(reports: Reports, drugs: Collection[object]) -> ir.Table:
    """Return the rows of `reports.cases` that have one of the drugs."""
    exposed = reports.drugs.filter(reports.drugs.drug.isin(sorted(set(drugs), key=str)))
    return reports.cases.semi_join(exposed, "primaryid")


def whole(number: ir.NumericValue) -> ir.IntegerValue:
    """Return a sum of counts as a 64-bit integer.

    DuckDB sums integers in 128 bits, which Parquet does not have and a file would hold as floats.
    Ibis takes the sum for 64 bits and drops a plain cast.
    """
    return number.cast("float64").cast("int64")


def _distinct(reports: Reports) -> tuple[ir.Table, ir.Table]:
    """Return distinct (case, drug) and (case, event) of the cases, with the stratum if any."""
    cases = reports.cases
    if "stratum" in cases.columns:
        drugs = reports.drugs.select("primaryid", "drug").join(cases, "primaryid")
        events = reports.events.select("primaryid", "event").join(cases, "primaryid")
        return drugs.distinct(), events.distinct()
    if reports.distinct:
        return reports.drugs.select("primaryid", "drug"), reports.events.select(
            "primaryid", "event"
        )
    return (
        reports.drugs.semi_join(cases, "primaryid").select("primaryid", "drug").distinct(),
        reports.events.semi_join(cases, "primaryid").select("primaryid", "event").distinct(),
    )


def _margins(
    reports: Reports,
    drugs: ir.Table,
    events: ir.Table,
    counting: Counting,
    by: tuple[str, ...],
) -> tuple[ir.Table, ir.Table, ir.Table]:
    """Return units by drug (drug_n), by event (event_n) and in all (n), each within `by`."""
    event_totals = events.group_by("event", *by).agg(event_n=lambda t: t.count())
    if counting is Counting.CASE:
        drug_totals = drugs.group_by("drug", *by).agg(drug_n=lambda t: t.count())
        units = reports.cases.select("primaryid", *by)
        units = units if reports.distinct else units.distinct()
    else:
        sizes = events.group_by("primaryid").agg(size=lambda t: t.count())
        sized = drugs.join(sizes, "primaryid")
        drug_totals = sized.group_by("drug", *by).agg(drug_n=lambda t: whole(t["size"].sum()))
        units = events
    totals = units.group_by(*by) if by else units
    return drug_totals, event_totals, totals.agg(n=units.count())


def _together(drugs: ir.Table, events: ir.Table, keys: tuple[str, ...], minimum: int) -> ir.Table:
    # Two columns of 32-bit integers group faster in DuckDB than one packed into 64 bits (measured).
    shared = events.select("primaryid", "event")
    counted = drugs.join(shared, "primaryid").group_by(*keys).agg(a=lambda t: t.count())
    return counted.filter(counted.a >= minimum) if minimum > 1 else counted


def _two_by_two(joined: ir.Table, total: ir.Value, keys: tuple[str, ...]) -> ir.Table:
    return joined.select(
        *keys,
        "a",
        b=joined.drug_n - joined.a,
        c=joined.event_n - joined.a,
        d=total - joined.drug_n - joined.event_n + joined.a,
    )


def _labelled(cases: ir.Table, strata: Sequence[str]) -> ir.Table:
    parts = [cases[name].cast("string").fill_null("unknown") for name in strata]
    label = parts[0]
    for part in parts[1:]:
        label = label + " | " + part
    return cases.select("primaryid", stratum=label).distinct()


def _literal(text: str) -> ir.Scalar:
    import ibis

    return ibis.literal(text)


def _require_minimum(minimum: int) -> None:
    if minimum < 1:
        raise ValueError(f"pairs that never occur are not listed: the minimum is 1, not {minimum}")
