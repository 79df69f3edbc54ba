"""`results.csv`: one row a reported statistic, as a clinician keeps it in a spreadsheet."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from evikg.graph.numbers import Printed
from evikg.graph.records import Grade, Result
from evikg.ontology import (
    Causality,
    CountUnit,
    Directness,
    GradeBasis,
    IntervalKind,
    Seriousness,
    Statistic,
    ValueSet,
    ValueStatus,
)

from .faults import Fault, read_text

#: The columns of `results.csv`, in order.
COLUMNS = (
    "study group comparator variable definition statistic value value_status unit events total"
    " interval_kind interval_low interval_high interval_level low_status high_status p_value"
    " timepoint timepoint_unit grade grade_basis seriousness causality count_unit onset_window"
    " predictor increment adjustment time_dependence directness cited_reference printed_term"
    " printed_code printed_soc printed_group printed locator line occurrence note"
).split()
#: Columns that a file may do without.
_OPTIONAL = {"printed_group"}
_REQUIRED = "study group variable statistic directness printed locator line".split()
#: Written in `total` where the source states no denominator.
NOT_STATED = "not stated"

V = TypeVar("V", bound=ValueSet)


class Row:
    """One row of the file: typed access to its cells, each fault noted where it stands."""

    def __init__(self, path: Path, line: int, cells: dict[str, str], faults: list[Fault]) -> None:
        """Hold the cells of the row that begins at a 1-based line of the file."""
        self.path, self.line, self.cells, self.faults = path, line, cells, faults

    def fault(self, column: str, expected: str) -> None:
        """Note a fault in a column of this row."""
        place = list(self.cells).index(column) + 1
        self.faults.append(
            Fault(self.path, self.line, place, column, self.cells.get(column, ""), expected)
        )

    def text(self, column: str) -> str | None:
        """Return a cell; None if it is empty."""
        return self.cells.get(column, "").strip() or None

    def parsed(self, column: str, parse: Callable[[str], Any], expected: str) -> Any:
        """Return a parsed cell; None if it is empty, or at fault."""
        cell = self.text(column)
        if cell is None:
            return None
        try:
            return parse(cell)
        except (ValueError, InvalidOperation):
            self.fault(column, expected)
            return None

    def whole(self, column: str) -> int | None:
        """Return a whole number of at least 0, without thousands separators."""

        def parse(cell: str) -> int:
            if not cell.isascii() or not cell.isdigit():
                raise ValueError(cell)
            return int(cell)

        number: int | None = self.parsed(column, parse, "expected a whole number such as 74")
        return number

    def decimal(self, column: str) -> Decimal | None:
        """Return a finite decimal."""

        def parse(cell: str) -> Decimal:
            number = Decimal(cell)
            if not number.is_finite():
                raise ValueError(cell)
            return number

        found: Decimal | None = self.parsed(column, parse, "expected a number such as 12 or 97.5")
        return found

    def one_of(self, column: str, values: type[V]) -> V | None:
        """Return a member of a closed value set."""
        known = [member.value for member in values]
        cell = self.cells[column].strip()
        near = [] if not cell or cell in known else get_close_matches(cell, known, 1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        member: V | None = self.parsed(column, values, f"expected one of: {', '.join(known)}{hint}")
        return member

    def printed(self, column: str, status_column: str | None) -> Printed | None:
        """Return a number as printed, or a printed non-number with its status."""
        status = self.one_of(status_column, ValueStatus) if status_column else None
        cell = self.text(column)
        if cell is None:
            if status is not None and status_column:
                self.fault(status_column, f"is given, but {column} is empty")
            return None
        try:
            return Printed.parse(cell, status)
        except ValueError:
            words = (
                f"is a number, so {status_column} must be empty"
                if status is not None
                else "expected a number as printed, such as 78.7"
                + (f", or a reason in {status_column}" if status_column else "")
            )
            self.fault(column, words)
            return None


def read_results(path: Path, source: str, faults: list[Fault]) -> list[tuple[int, Result]]:
    """Read `results.csv` as (line of the file, result) pairs, in file order.

    Rows at fault are left out and every fault is noted. A result's slug is
    `<source>-l<line of the paper>-<place in that line>`.
    """
    results: list[tuple[int, Result]] = []
    seen: Counter[int] = Counter()
    for row in csv_rows(path, COLUMNS, faults, _OPTIONAL):
        before = len(faults)
        fields = _fields(row)
        _consistent(row, fields)
        if len(faults) > before:
            continue
        seen[fields["line"]] += 1
        slug = f"{source}-l{fields['line']}-{seen[fields['line']]}"
        results.append((row.line, Result(slug=slug, source=source, **fields)))
    return results


def csv_rows(
    path: Path,
    columns: Sequence[str],
    faults: list[Fault],
    optional: Collection[str] = (),
) -> Iterator[Row]:
    """Yield the rows of a CSV file with these columns in this order; blank rows are passed over.

    :param optional: columns that the file may do without
    """
    text = read_text(path, faults)
    if text is None:
        return
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader)
        if not _header_is_right(path, header, columns, optional, faults):
            return
        end = reader.line_num
        for cells in reader:
            line, end = end + 1, reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                words = f"has {len(cells)} cells, expected {len(header)}: quote cells with commas"
                faults.append(Fault(path, line, 1, "", "", words))
                continue
            yield Row(path, line, dict(zip(header, cells, strict=True)), faults)
    except csv.Error as error:
        faults.append(Fault(path, reader.line_num, 1, "", "", f"is not CSV: {error}"))


def _header_is_right(
    path: Path,
    header: list[str],
    columns: Sequence[str],
    optional: Collection[str],
    faults: list[Fault],
) -> bool:
    if header == [name for name in columns if name in header or name not in optional]:
        return True
    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        faults.append(Fault(path, 1, 1, "", "", "expected columns separated by commas"))
        return False
    for place, name in enumerate(header, 1):
        if name not in columns:
            near = get_close_matches(name, columns, 1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            faults.append(Fault(path, 1, place, "", name, f"is an unknown column{hint}"))
    missing = [name for name in columns if name not in {*header, *optional}]
    for name in missing:
        faults.append(Fault(path, 1, len(header), "", name, "is missing from the header"))
    if not missing and set(header) <= set(columns):
        words = f"columns are out of order or repeated; expected {','.join(columns)}"
        faults.append(Fault(path, 1, 1, "", "", words))
    return False


def _fields(row: Row) -> dict[str, Any]:
    for column in _REQUIRED:
        if row.text(column) is None:
            row.fault(column, "is empty, but every row needs it")
    not_stated = row.text("total") == NOT_STATED
    return {
        **{
            name: row.text(name)
            for name in (
                "study group comparator variable definition unit timepoint_unit onset_window"
                " predictor increment adjustment time_dependence cited_reference printed_term"
                " printed_code printed_soc printed_group printed locator note"
            ).split()
        },
        "statistic": row.one_of("statistic", Statistic),
        "directness": row.one_of("directness", Directness),
        "value": row.printed("value", "value_status"),
        "events": row.whole("events"),
        "total": None if not_stated else row.whole("total"),
        "total_not_stated": not_stated,
        "interval_kind": row.one_of("interval_kind", IntervalKind),
        "interval_low": row.printed("interval_low", "low_status"),
        "interval_high": row.printed("interval_high", "high_status"),
        "interval_level": row.decimal("interval_level"),
        "p_value": row.printed("p_value", None),
        "timepoint": row.decimal("timepoint"),
        "grade": row.parsed("grade", Grade.parse, "expected any, unknown, 3, 3-4 or >=3"),
        "grade_basis": row.one_of("grade_basis", GradeBasis),
        "seriousness": row.one_of("seriousness", Seriousness),
        "causality": row.one_of("causality", Causality),
        "count_unit": row.one_of("count_unit", CountUnit),
        "line": row.whole("line"),
        "occurrence": row.whole("occurrence") or 1,
    }


def _consistent(row: Row, fields: dict[str, Any]) -> None:
    """Note where fields of one row contradict or lack one another."""
    statistic: Statistic | None = fields["statistic"]
    has_bounds = fields["interval_low"] is not None or fields["interval_high"] is not None
    if has_bounds and row.text("interval_kind") is None:
        row.fault("interval_kind", "an interval needs its kind: CI, IQR or range")
    bounds = row.text("interval_low") or row.text("interval_high")
    if fields["interval_kind"] is not None and not bounds:
        row.fault("interval_low", "an interval kind is given, but no bound")
    if fields["interval_kind"] is IntervalKind.CONFIDENCE and not row.text("interval_level"):
        row.fault("interval_level", "a confidence interval needs its level, such as 95")
    events, total = fields["events"], fields["total"]
    if events is not None and total is not None and events > total:
        row.fault("events", f"is more than the total {total}")
    if statistic is Statistic.PERCENT and not row.text("total"):
        row.fault("total", f"a percentage needs its denominator, or the words {NOT_STATED!r}")
    if statistic is not None:
        if statistic.is_frequency and row.text("count_unit") is None:
            row.fault("count_unit", "a count or share needs what was counted, such as patients")
        if statistic.compares and not (row.text("comparator") or row.text("predictor")):
            row.fault("comparator", f"a {statistic.value} needs a comparator or a predictor")
        if statistic is Statistic.COMPARISON:
            if fields["p_value"] is None and not row.text("p_value"):
                row.fault("p_value", "a comparison is a p-value, but none is given")
        elif statistic is not Statistic.RANGE and not row.text("value"):
            row.fault("value", f"is empty, but a {statistic.value} needs one")
        if statistic is Statistic.COUNT and row.text("events") is None:
            row.fault("events", "a bare count stands in events and in value")
    if fields["line"] == 0:
        row.fault("line", "lines are counted from 1")
