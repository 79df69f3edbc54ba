"""The rules of the checks, a table: name, severity, statement, tolerance and source of each.

A rule compares results and comes to a `Check`, or to `Passed` where the numbers agree. Only checks
are described in the graph; a result that passed says so in one statement.
"""

import csv
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from evikg.graph.records import Check, Result
from evikg.graph.records import Rule as RuleRecord
from evikg.ontology import Severity, Verdict


@dataclass(frozen=True, slots=True)
class Passed:
    """Results that were compared by a rule and agree."""

    rule: str
    results: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """What must hold between printed numbers, and how much it matters where it does not."""

    name: str
    severity: Severity
    statement: str
    tolerance: str
    slack: float  # the number in the tolerance that the arithmetic takes, 0 where it has none
    source: str

    def passed(self, results: Sequence[Result]) -> Passed:
        """Tell that results were compared and agree."""
        return Passed(self.name, tuple(result.slug for result in results))

    def record(self) -> RuleRecord:
        """Return the rule as it is described in the graph."""
        return RuleRecord(
            slug=self.name,
            statement=self.statement,
            severity=self.severity,
            tolerance=None if self.tolerance == "none" else self.tolerance,
            origin=self.source,
        )

    def check(
        self,
        verdict: Verdict,
        results: Sequence[Result],
        inputs: str,
        *,
        computed: str | None = None,
        note: str | None = None,
    ) -> Check:
        """Make a check over results; a finding of rounding is minor whatever the rule."""
        slugs = tuple(sorted({result.slug for result in results}))
        place = slugs[0]
        if len(slugs) > 1:
            place = hashlib.sha256("\x1f".join(slugs).encode()).hexdigest()[:16]
        contradiction = verdict is Verdict.INCONSISTENT
        return Check(
            slug=f"{place}-{self.name}",
            checks=slugs,
            rule=self.name,
            verdict=verdict,
            severity=self.severity if contradiction else Severity.MINOR,
            inputs=inputs,
            computed=computed,
            note=note,
        )


#: What a rule comes to.
Finding = Check | Passed


@cache
def rules() -> dict[str, Rule]:
    """Return the rules by name, in the order of the table."""
    text = files(__package__).joinpath("rules.csv").read_text(encoding="utf-8")
    return {
        row["name"]: Rule(
            row["name"],
            Severity(row["severity"]),
            row["statement"],
            row["tolerance"],
            float(row["slack"] or 0),
            row["source"],
        )
        for row in csv.DictReader(text.splitlines())
    }
