"""A document that prints numbers, each on a line of its own."""

from decimal import ROUND_HALF_UP, Decimal

from evikg.graph import records as r
from evikg.graph.numbers import Printed
from evikg.ontology import CountUnit, Directness, IntervalKind, Statistic


class Paper:
    """The results of one document, each on a line of its own."""

    def __init__(self, source: str, study: str) -> None:
        """Begin at the top."""
        self.source, self.study = source, study
        self.results: list[r.Result] = []

    def put(self, group: str, variable: str, value: str, table: str, **stated: object) -> None:
        """Print a number."""
        line = len(self.results) + 1
        self.results.append(
            r.Result(
                slug=f"{self.source}-l{line}-1", source=self.source, study=self.study,
                group=f"{self.study}-{group}", variable=variable, directness=Directness.OWN,
                value=Printed.parse(value), printed=value, locator=f"{table}, {variable}, {group}",
                line=line, **stated,  # type: ignore[arg-type]
            )
        )  # fmt: skip

    def share(
        self, group: str, variable: str, events: int, total: int, table: str, **stated: object
    ) -> None:
        """Print a percentage of patients with its count."""
        self.put(
            group, variable, percent(events, total), table, unit="%", events=events, total=total,
            statistic=Statistic.PERCENT, count_unit=CountUnit.PATIENTS, **stated,
        )  # fmt: skip

    def bare_share(self, group: str, variable: str, events: int, total: int, table: str) -> None:
        """Print a percentage of patients without its count."""
        self.put(
            group, variable, percent(events, total), table, unit="%", total=total,
            statistic=Statistic.PERCENT, count_unit=CountUnit.PATIENTS,
        )  # fmt: skip


def percent(events: int, total: int) -> str:
    """Write a share as a percentage with one decimal, rounded half up."""
    return str((Decimal(100 * events) / total).quantize(Decimal("0.1"), ROUND_HALF_UP))


def interval(
    low: str, high: str, kind: IntervalKind = IntervalKind.CONFIDENCE
) -> dict[str, object]:
    """Return the fields of an interval."""
    level = Decimal(95) if kind is IntervalKind.CONFIDENCE else None
    return {"interval_kind": kind, "interval_level": level,
            "interval_low": Printed.parse(low), "interval_high": Printed.parse(high)}  # fmt: skip
