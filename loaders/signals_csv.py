"""`signals.csv`: tables of drug and event in spontaneous reports, with measures of disproportion.

One row is a pair of drug and event with its two-by-two table and up to four measures:

|             | event | other events |
|-------------|-------|--------------|
| the drug    | a     | b            |
| others      | c     | d            |

Each measure is a result of its own, whose value and bounds are the cells as they stand. The
chi-squared statistics belong to the proportional reporting ratio and stand in its note.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from evikg.graph.numbers import Printed
from evikg.graph.records import Grade, Result
from evikg.ontology import (
    Causality,
    CountUnit,
    Directness,
    IntervalKind,
    Seriousness,
    Statistic,
)

from .faults import Fault
from .models import SignalDrugModel, SignalsModel
from .results_csv import Row, csv_rows
from .verify import find


@dataclass(frozen=True, slots=True)
class Measure:
    """Columns of one measure, and what its interval is."""

    column: str
    low: str
    high: str
    statistic: Statistic
    interval: IntervalKind
    level: Decimal  # percent


#: In the order of the columns. IC025 to IC975 bound 95 %, EB05 to EB95 90 % of the posterior.
MEASURES = (
    Measure("ror", "ror_low", "ror_high", Statistic.REPORTING_ODDS_RATIO,
            IntervalKind.CONFIDENCE, Decimal(95)),
    Measure("prr", "prr_low", "prr_high", Statistic.PROPORTIONAL_REPORTING_RATIO,
            IntervalKind.CONFIDENCE, Decimal(95)),
    Measure("ic", "ic025", "ic975", Statistic.INFORMATION_COMPONENT,
            IntervalKind.CREDIBILITY, Decimal(95)),
    Measure("ebgm", "eb05", "eb95", Statistic.EMPIRICAL_BAYES_GEOMETRIC_MEAN,
            IntervalKind.CREDIBILITY, Decimal(90)),
)  # fmt: skip
CELLS = ("a", "b", "c", "d")
#: The columns of `signals.csv`, in order. A measure that was not computed is empty.
COLUMNS = (
    "drug event a b c d ror ror_low ror_high prr prr_low prr_high chi2 chi2_yates"
    " ic ic025 ic975 ebgm eb05 eb95"
).split()


def read_signals(
    path: Path,
    source: str,
    described: SignalsModel,
    variable_of: Callable[[str], str],
    faults: list[Fault],
) -> list[tuple[int, Result]]:
    """Read `signals.csv` as (line of the file, result) pairs, one a measure, in file order.

    Rows at fault are left out and every fault is noted. A result's slug is
    `<source>-l<line of the file>-<place in that line>`; its tokens are a and the measure's cells.

    :param described: study, definition, and the groups of each drug
    :param variable_of: the slug of the variable that a term of an event stands for
    """
    drugs = {item.drug: item for item in described.drugs}
    results: list[tuple[int, Result]] = []
    pairs: dict[tuple[str, str], int] = {}
    margins: dict[str, tuple[int, int, int]] = {}
    for row in csv_rows(path, COLUMNS, faults):
        before = len(faults)
        _known_drug(row, drugs)
        cells = _cells(row)
        measured = list(_measured(row))
        if len(faults) == before and not measured:
            row.fault("ror", "the row holds no measure")
        pair = (row.text("drug") or "", row.text("event") or "")
        if pair in pairs:
            row.fault("event", f"is a second row of this pair; the first is line {pairs[pair]}")
        pairs.setdefault(pair, row.line)
        if len(faults) == before:
            _same_margins(row, cells, margins)
        if len(faults) > before:
            continue
        common = _common(row, source, described, drugs[pair[0]], cells)
        common["variable"] = variable_of(pair[1])
        for place, (measure, (value, low, high)) in enumerate(measured, 1):
            result = Result(
                slug=f"{source}-l{row.line}-{place}",
                statistic=measure.statistic,
                value=value,
                interval_kind=measure.interval,
                interval_low=low,
                interval_high=high,
                interval_level=measure.level,
                printed=" | ".join((str(cells[0]), value.text, low.text, high.text)),
                locator=f"signals.csv, {', '.join(pair)}, {measure.statistic.value}",
                note=_chi_squared(row) if measure.column == "prr" else None,
                **common,
            )
            results.append((row.line, result))
    return results


def _known_drug(row: Row, drugs: dict[str, SignalDrugModel]) -> None:
    for column in ("drug", "event"):
        if row.text(column) is None:
            row.fault(column, "is empty, but every row needs it")
    drug = row.text("drug")
    if drug is not None and drug not in drugs:
        near = get_close_matches(drug, drugs, 1)
        hint = f"did you mean {near[0]!r}?" if near else "name its groups there"
        row.fault("drug", f"is no drug that source.yaml has under signals; {hint}")


def _cells(row: Row) -> tuple[int, int, int, int]:
    found = []
    for column in CELLS:
        count = row.whole(column)
        if count is None and row.text(column) is None:
            row.fault(column, "is empty, but every row needs it")
        if column == "a" and count == 0:
            row.fault(column, "expected a pair that was reported at least once")
        found.append(count or 0)
    a, b, c, d = found
    return a, b, c, d


def _measured(row: Row) -> Iterator[tuple[Measure, tuple[Printed, Printed, Printed]]]:
    for measure in MEASURES:
        columns = (measure.column, measure.low, measure.high)
        value, low, high = (_number(row, column) for column in columns)
        given = [column for column in columns if row.text(column)]
        if given and len(given) < len(columns):
            for column in columns:
                if not row.text(column):
                    row.fault(column, f"is empty, but {', '.join(given)} is given")
        if value is None or low is None or high is None:
            continue
        if measure.column != "ic":
            for column, printed in zip(columns, (value, low, high), strict=True):
                if printed.number is not None and printed.number < 0:
                    row.fault(column, "a ratio is not below 0")
        yield measure, (value, low, high)
    for column in ("chi2", "chi2_yates"):
        number = row.decimal(column)
        if number is not None and number < 0:
            row.fault(column, "a chi-squared statistic is not below 0")


def _number(row: Row, column: str) -> Printed | None:
    printed = row.printed(column, None)
    if printed is not None and printed.sign:
        row.fault(column, "expected a number without a sign of comparison, such as 12.34")
        return None
    return printed


def _same_margins(
    row: Row, cells: tuple[int, int, int, int], margins: dict[str, tuple[int, int, int]]
) -> None:
    """Note a drug whose a + b or c + d differs between rows: both are the same for all events."""
    a, b, c, d = cells
    line, drug, others = margins.setdefault(row.cells["drug"].strip(), (row.line, a + b, c + d))
    if a + b != drug:
        row.fault("b", f"a + b is {a + b}, but {drug} in line {line}")
    if c + d != others:
        row.fault("d", f"c + d is {c + d}, but {others} in line {line}")


def _common(
    row: Row,
    source: str,
    described: SignalsModel,
    drug: SignalDrugModel,
    cells: tuple[int, int, int, int],
) -> dict[str, Any]:
    """Return what the results of a row have in common, less the variable."""
    a, b, c, d = cells
    return {
        "source": source,
        "derived_from": source,
        "study": described.study,
        "group": drug.group,
        "comparator": drug.comparator,
        "definition": described.definition,
        "directness": Directness.OWN,
        "events": a,
        "cell_b": b,
        "cell_c": c,
        "cell_d": d,
        "count_unit": CountUnit.REPORTS,
        "grade": Grade.parse("any"),
        "seriousness": Seriousness.ALL,
        "causality": Causality.ALL,
        "printed_term": row.cells["event"].strip(),
        "line": row.line,
        "occurrence": _occurrence(row, str(a)),
    }


def _chi_squared(row: Row) -> str | None:
    named = {"chi2": "chi-squared", "chi2_yates": "chi-squared with Yates' correction"}
    told = [f"{name} {row.text(column)}" for column, name in named.items() if row.text(column)]
    return "; ".join(told) or None


def _occurrence(row: Row, token: str) -> int:
    """Return which occurrence of a token is the cell a: the drug and the event stand before it."""
    before = "\t".join(row.cells[column] for column in ("drug", "event"))
    occurrence = 1
    while find(before, token, occurrence) is not None:
        occurrence += 1
    return occurrence
