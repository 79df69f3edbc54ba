"""Signals of disproportionate reporting of a drug: its pairs with events, measured."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import ibis
from ibis.expr import types as ir

from evikg.analysis.disproportionality.counts import (
    Counting,
    cases_of,
    drug_counts,
    focused,
    pair_counts,
    stratum_counts,
)
from evikg.analysis.disproportionality.counts import Reports as Counted
from evikg.analysis.disproportionality.ebgm import Cells, Prior, PriorError, fit_prior, with_ebgm
from evikg.analysis.disproportionality.measures import with_closed_forms, with_ic, with_ror
from evikg.analysis.disproportionality.onset import days_to_onset, onset
from evikg.analysis.disproportionality.stratified import adjusted
from evikg.analysis.disproportionality.tallies import report_counts
from evikg.analysis.disproportionality.thresholds import THRESHOLDS

from .drugs import ReportedDrug
from .priors import kept_prior
from .reports import Reports

Row = dict[str, Any]
Progress = Callable[[str], None]
#: Roles of a drug in a report.
ROLES = {"PS": "primary suspect", "SS": "secondary suspect", "C": "concomitant", "I": "interacting"}
#: What reports may be stratified by, and the column of the cases.
STRATA = {"age": "age_group", "sex": "sex", "year": "year", "region": "region"}
#: The row of a stratified pair that takes the strata together.
ADJUSTED = "adjusted"
#: What stands for a value that a case does not tell, in strata and numbers of reports.
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Selection:
    """Which reports count, and how.

    `first` and `last` are quarters as 2022q4; `indication` is one that a report must give.
    """

    roles: tuple[str, ...] = ("PS",)
    counting: Counting = Counting.CASE
    first: str | None = None
    last: str | None = None
    indication: str | None = None


@dataclass(frozen=True, slots=True)
class Exposure:
    """One drug, or several taken as one, and what it is compared with: all others if none."""

    drugs: tuple[ReportedDrug, ...]
    against: tuple[ReportedDrug, ...] = ()

    @property
    def name(self) -> str:
        """Return what it is called."""
        return " or ".join(drug.name for drug in self.drugs)

    @property
    def codes(self) -> list[int]:
        """Return the codes of its drugs."""
        return [drug.code for drug in self.drugs]

    @property
    def comparators(self) -> list[int] | None:
        """Return the codes of the drugs it is compared with."""
        return [drug.code for drug in self.against] or None


@dataclass(frozen=True, slots=True)
class Database:
    """The reports that count, of a FAERS folder."""

    folder: Path
    reports: Reports
    selection: Selection
    counted: Counted = field(repr=False)

    @classmethod
    def of(cls, folder: Path, reports: Reports, selection: Selection) -> "Database":
        """Select the reports that count.

        :raises LookupError: if no report gives the indication, with the nearest that are given
        :raises ValueError: if no report is left
        """
        cases, drugs = reports.cases, reports.exposed(selection.roles)
        if selection.first is not None:
            cases = cases.filter(cases.quarter >= selection.first)
        if selection.last is not None:
            cases = cases.filter(cases.quarter <= selection.last)
        if selection.indication is not None:
            wanted = selection.indication.casefold()
            given = reports.indications
            having = given.filter(given.indication.lower() == wanted)
            if not _any(having):
                raise LookupError(_no_indication(reports, selection.indication))
            cases = cases.semi_join(having, "primaryid")
        if not _any(cases):
            raise ValueError("no report is left of these quarters: evikg load faers adds some")
        counted = Counted(cases, drugs, reports.reactions, cases is reports.cases)
        return cls(folder, reports, selection, counted)

    def period(self) -> tuple[str, str]:
        """Return the first and the last quarter with reports that count."""
        quarters = self.counted.cases.aggregate(
            first=self.counted.cases.quarter.min(), last=self.counted.cases.quarter.max()
        ).to_pyarrow()
        return quarters["first"][0].as_py(), quarters["last"][0].as_py()

    def prior(self, progress: Progress = lambda _: None) -> Prior:
        """Return the prior fitted to all pairs of drug and event; kept for the next time.

        :raises PriorError: if none can be fitted
        """

        def fit() -> Prior:
            progress("fitting the prior of the empirical Bayes geometric mean to all pairs")
            return fit_prior(Cells.of(pair_counts(self.counted, self.selection.counting)))

        chosen = asdict(self.selection)
        return kept_prior(self.folder, self.reports.made["made_of"], chosen, fit)


def signals(
    database: Database,
    exposure: Exposure,
    *,
    minimum: int = 1,
    progress: Progress = lambda _: None,
) -> list[Row]:
    """Return the pairs of a drug with events: counts, measures, and thresholds that are reached.

    A row has the columns of `signals.csv` and `reached`, the names of the thresholds; a measure
    that the counts do not define is None. The empirical Bayes geometric mean supposes all other
    reports: with comparators it is None, and so it is where no prior can be fitted, which is said.

    :param minimum: the least number of reports of a pair
    """
    counts = drug_counts(
        database.counted, exposure.codes, database.selection.counting,
        name=exposure.name, comparators=exposure.comparators, minimum=minimum,
    )  # fmt: skip
    measured = with_closed_forms(counts)
    table = measured.to_pyarrow() if exposure.against else _with_ebgm(database, measured, progress)
    return _rows(database, table)


def strata(database: Database, exposure: Exposure, by: str, *, minimum: int = 1) -> list[Row]:
    """Return the pairs of a drug in each stratum, and taken together, as rows with `stratum`.

    The row `adjusted` has the odds ratio of Mantel and Haenszel and the information component of
    the expected numbers summed over the strata; it has no b, c and d.

    :param by: one of `STRATA`
    """
    narrowed = focused(
        database.counted, exposure.codes, name=exposure.name, comparators=exposure.comparators
    )
    cases = narrowed.cases.mutate(**{STRATA[by]: narrowed.cases[STRATA[by]].cast("string")})
    counts = stratum_counts(
        replace(narrowed, cases=cases), [STRATA[by]], database.selection.counting, minimum=minimum
    )
    # Counted once, though it is asked twice.
    kept = ibis.memtable(counts.filter(counts.drug == exposure.name).to_pyarrow())
    each = _rows(database, with_ic(with_ror(kept)).to_pyarrow())
    together = _rows(database, with_ic(adjusted(kept)).to_pyarrow())
    for row in together:
        row["stratum"] = ADJUSTED
    return [*together, *each]


def all_pairs(database: Database, *, minimum: int, progress: Progress) -> Any:
    """Return an Arrow table of all pairs of drug and event, with every measure."""
    counts = pair_counts(database.counted, database.selection.counting, minimum=minimum)
    table = _with_ebgm(database, with_closed_forms(counts), progress)
    return ibis.memtable(table).pipe(_named, database.reports).to_pyarrow()


def onsets(database: Database, exposure: Exposure, *, minimum: int = 3) -> list[Row]:
    """Return times to onset: of all events together first, then of each with enough dated reports.

    Rows have event, reports, quartiles in days, scale and shape of the Weibull distribution with
    their intervals of 95 %, and what the shape says of the hazard.
    """
    reports = database.reports
    cases = cases_of(database.counted, exposure.codes)
    drugs = reports.drugs.filter(reports.drugs.role.isin(database.selection.roles))
    days = days_to_onset(cases, drugs, reports.therapies, exposure.codes)
    rows = []
    everything = days.to_pyarrow()["days"].to_pylist()
    rows += _onset("all events", everything)
    events = days.join(reports.reactions, "primaryid").join(reports.terms, "event")
    by_event: dict[str, list[float]] = {}
    for row in events.select("term", "days").to_pyarrow().to_pylist():
        by_event.setdefault(row["term"], []).append(row["days"])
    for event, found in sorted(by_event.items(), key=lambda item: (-len(item[1]), item[0])):
        if len(found) >= minimum:
            rows += _onset(event, found)
    return rows


def tallies(database: Database, exposure: Exposure, by: str) -> list[Row]:
    """Return how many reports of a drug there are by a column of the cases, or by outcome.

    Years stand in their order, all else by the number of reports.
    """
    cases = cases_of(database.counted, exposure.codes)
    if by == "outcome":
        table = report_counts(cases, "outcome", database.reports.outcomes)
    else:
        column = STRATA.get(by, by)
        table = report_counts(cases, column)
    rows: list[Row] = table.rename({by: table.columns[0]}).to_pyarrow().to_pylist()
    if by == "year":
        rows.sort(key=lambda row: row["year"])
    return [{**row, by: UNKNOWN if row[by] is None else row[by]} for row in rows]


def _with_ebgm(database: Database, measured: ir.Table, progress: Progress) -> Any:
    """Execute a table, with the empirical Bayes geometric mean where a prior can be fitted."""
    try:
        return with_ebgm(measured, database.prior(progress))
    except PriorError as error:
        progress(f"no empirical Bayes geometric mean: {error}")
        return measured.to_pyarrow()


def _onset(event: str, days: Sequence[float]) -> list[Row]:
    try:
        found = onset(days)
    except ValueError:  # fewer than two different times have no distribution
        return []
    return [{"event": event, **asdict(found), "hazard": found.hazard.value}]


def _rows(database: Database, table: Any) -> list[Row]:
    """Return the rows of a table, with the terms of events and the thresholds that are reached."""
    expression = ibis.memtable(table)
    reached = {
        f"reached {threshold.name}": threshold.holds(expression)
        for threshold in THRESHOLDS.values()
        if set(threshold.columns) <= set(expression.columns)
    }
    rows: list[Row] = expression.mutate(**reached).to_pyarrow().to_pylist()
    terms = database.reports.terms
    wanted = terms.filter(terms.event.isin(sorted({row["event"] for row in rows})))
    labels = {row["event"]: row["term"] for row in wanted.to_pyarrow().to_pylist()}
    for row in rows:
        names = [name.removeprefix("reached ") for name in reached if row.pop(name)]
        row["reached"] = " ".join(names)
        row["event"] = labels[row["event"]]
    return rows


def _named(pairs: ir.Table, reports: Reports) -> ir.Table:
    """Put names in the place of the codes of drugs and events."""
    substances = ibis.memtable(reports.substances.select("drug", "substance").to_pyarrow())
    terms = ibis.memtable(reports.terms.select("event", "term").to_pyarrow())
    joined = pairs.join(substances, "drug").join(terms, "event")
    rest = [column for column in pairs.columns if column not in {"drug", "event"}]
    named = joined.select(*rest, drug=joined.substance, event=joined.term)
    return named.select("drug", "event", *rest).order_by("drug", ibis.desc("a"), "event")


def _any(table: ir.Table) -> bool:
    return bool(table.limit(1).count().to_pyarrow().as_py())


def _no_indication(reports: Reports, wanted: str) -> str:
    given: Collection[str] = (
        reports.indications.select("indication").distinct().to_pyarrow()["indication"].to_pylist()
    )
    known = {name.casefold(): name for name in given if name}
    near = [known[name] for name in get_close_matches(wanted.casefold(), known, 3)]
    hint = f"; did you mean {', '.join(near)}?" if near else ""
    return f"no report gives the indication {wanted!r}{hint}"
