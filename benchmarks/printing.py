"""The results of an invented study, as its tables would print them."""

import random
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from evikg.graph import records as r
from evikg.graph.numbers import Printed
from evikg.ontology import (
    Causality,
    CountUnit,
    Directness,
    GradeBasis,
    IntervalKind,
    Seriousness,
    Statistic,
    ValueStatus,
    VariableKind,
)

from .hierarchy import label

OUTCOMES = {
    "complete-remission": ("complete remission", VariableKind.EFFICACY),
    "overall-survival": ("overall survival", VariableKind.EFFICACY),
    "progression-free-survival": ("progression-free survival", VariableKind.EFFICACY),
    "transplantation": ("transplantation", VariableKind.TRANSPLANT),
    "discontinuation": ("discontinuation of treatment", VariableKind.DISPOSITION),
    "female": ("female", VariableKind.BASELINE),
    "prior-therapy": ("at least one prior therapy", VariableKind.BASELINE),
    "age": ("age", VariableKind.BASELINE),
    "any-adverse-event": ("any adverse event", VariableKind.ADVERSE_EVENT),
}
SHARES = ("transplantation", "discontinuation", "female", "prior-therapy")


def variable_of(term: int) -> str:
    """Return the slug of the variable that is mapped to a term of the hierarchy."""
    return f"adverse-event-{term}"


class Printer:
    """Prints the results of one study: every one stands on a line of its own."""

    def __init__(self, rng: random.Random, source: str, study: str) -> None:
        """Begin at the top of the document."""
        self._rng = rng
        self._source = source
        self._study = study
        self._line = 10

    def results(self, groups: tuple[r.Group, ...], terms: tuple[int, ...]) -> Iterator[r.Result]:
        """Print the tables of outcomes and of adverse events, then the abstract."""
        whole, first, second = groups
        for group in groups:
            yield self._share(group, "complete-remission", "Table 2", interval=True)
            yield self._survival(group)
            yield self._median(group)
            yield from (self._share(group, name, "Table 1") for name in SHARES)
            yield self._age(group)
        for outcome in ("overall-survival", "progression-free-survival"):
            yield self._ratio(outcome, second, first)
        for arm in (first, second):
            yield from self._events(arm, "any-adverse-event", "any adverse event", 0.9)
            for term in terms:
                yield from self._events(arm, variable_of(term), label(term), 0.5)
        yield self._share(whole, "complete-remission", "Abstract")

    def _result(self, **stated: object) -> r.Result:
        """Make a result in the next line."""
        self._line += 1
        return r.Result(
            slug=f"{self._source}-l{self._line}-1",
            source=self._source,
            study=self._study,
            line=self._line,
            directness=Directness.OWN,
            **stated,  # type: ignore[arg-type]
        )

    def _share(
        self, group: r.Group, variable: str, table: str, *, interval: bool = False
    ) -> r.Result:
        total = group.size or 1
        events = self._rng.randint(0, total)
        percent = _percent(events, total)
        low, high = max(percent - 9, Decimal("0.0")), min(percent + 9, Decimal("100.0"))
        bounds: dict[str, object] = {}
        if interval:
            bounds = {
                "interval_kind": IntervalKind.CONFIDENCE,
                "interval_low": Printed.parse(str(low)),
                "interval_high": Printed.parse(str(high)),
                "interval_level": Decimal(95),
                "definition": f"{variable}-{self._study}",
            }
        name = OUTCOMES[variable][0]
        return self._result(
            group=group.slug,
            variable=variable,
            statistic=Statistic.PERCENT,
            value=Printed.parse(str(percent)),
            unit="%",
            events=events,
            total=total,
            count_unit=CountUnit.PATIENTS,
            printed=f"{events} ({percent})" + (f" | {low}-{high}" if interval else ""),
            printed_term=name.capitalize(),
            locator=f"{table}, {name.capitalize()}, {group.label}",
            **bounds,
        )

    def _survival(self, group: r.Group) -> r.Result:
        share = self._rng.randint(100, 900)
        value, low, high = (Printed.parse(f"0.{n:03}") for n in (share, share - 90, share + 90))
        return self._result(
            group=group.slug,
            variable="overall-survival",
            definition=f"overall-survival-{self._study}",
            statistic=Statistic.SURVIVAL_PROBABILITY,
            value=value,
            interval_kind=IntervalKind.CONFIDENCE,
            interval_low=low,
            interval_high=high,
            interval_level=Decimal(95),
            timepoint=Decimal(12),
            timepoint_unit="months",
            printed=f"{value.text} ({low.text}-{high.text})",
            printed_term="Probability of being alive",
            locator=f"Table 2, Probability of being alive, {group.label}",
        )

    def _median(self, group: r.Group) -> r.Result:
        months = self._rng.randint(20, 400)
        value, low = (Printed.parse(f"{n / 10:.1f}") for n in (months, months * 0.7))
        reached = self._rng.random() < 0.8
        high = (
            Printed.parse(f"{months * 0.14:.1f}")
            if reached
            else Printed.parse("NE", ValueStatus.NOT_ESTIMABLE)
        )
        return self._result(
            group=group.slug,
            variable="overall-survival",
            definition=f"overall-survival-{self._study}",
            statistic=Statistic.MEDIAN,
            value=value,
            unit="months",
            interval_kind=IntervalKind.CONFIDENCE,
            interval_low=low,
            interval_high=high,
            interval_level=Decimal(95),
            printed=f"{value.text} ({low.text}-{high.text})",
            printed_term="Median overall survival",
            locator=f"Table 2, Median overall survival, {group.label}",
        )

    def _age(self, group: r.Group) -> r.Result:
        age = self._rng.randint(20, 70)
        return self._result(
            group=group.slug,
            variable="age",
            statistic=Statistic.MEDIAN,
            value=Printed.parse(str(age)),
            unit="years",
            interval_kind=IntervalKind.RANGE,
            interval_low=Printed.parse(str(age - 15)),
            interval_high=Printed.parse(str(age + 15)),
            printed=f"{age} ({age - 15}-{age + 15})",
            printed_term="Age",
            locator=f"Table 1, Age, {group.label}",
        )

    def _ratio(self, outcome: str, group: r.Group, comparator: r.Group) -> r.Result:
        ratio = self._rng.randint(40, 160)
        value, low, high = (
            Printed.parse(f"{n / 100:.2f}") for n in (ratio, ratio - 20, ratio + 30)
        )
        p = Printed.parse("<0.001" if ratio < 60 else f"0.{self._rng.randint(1, 999):03}")
        return self._result(
            group=group.slug,
            comparator=comparator.slug,
            variable=outcome,
            statistic=Statistic.HAZARD_RATIO,
            value=value,
            interval_kind=IntervalKind.CONFIDENCE,
            interval_low=low,
            interval_high=high,
            interval_level=Decimal(95),
            p_value=p,
            printed=f"{value.text} ({low.text}-{high.text}) | {p.text}",
            printed_term="Hazard ratio",
            locator=f"Table 2, {OUTCOMES[outcome][0].capitalize()}, hazard ratio",
        )

    def _events(self, arm: r.Group, variable: str, term: str, most: float) -> Iterator[r.Result]:
        total = arm.size or 1
        events = self._rng.randint(1, max(1, int(total * most)))
        for grade in ("any", ">=3"):
            percent = _percent(events, total)
            yield self._result(
                group=arm.slug,
                variable=variable,
                statistic=Statistic.PERCENT,
                value=Printed.parse(str(percent)),
                unit="%",
                events=events,
                total=total,
                grade=r.Grade.parse(grade),
                grade_basis=GradeBasis.MAXIMUM,
                seriousness=Seriousness.ALL,
                causality=Causality.ALL,
                count_unit=CountUnit.PATIENTS,
                printed=f"{events} ({percent})",
                printed_term=term,
                locator=f"Table 3, {term}, {arm.label}",
            )
            events = self._rng.randint(0, events)


def _percent(events: int, total: int) -> Decimal:
    return (Decimal(100) * events / total).quantize(Decimal("0.1"), ROUND_HALF_UP)
