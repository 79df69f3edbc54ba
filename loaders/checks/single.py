"""Rules on one result: its percentage, its denominator, its interval, its tokens."""

from collections.abc import Iterator
from decimal import Decimal

from evikg.analysis.reach import WITH, reachable
from evikg.analysis.recompute import Outcome, interval_contains, percentage
from evikg.graph.shares import number, percent_of
from evikg.ontology import CountUnit, Statistic, ValueStatus, Verdict

from .material import Material, told
from .rules import Finding, rules

_SHARES = {Statistic.PERCENT, Statistic.PROPORTION}


def percentages(material: Material) -> Iterator[Finding]:
    """Compare a percentage with its counts; without counts, with all counts there could be."""
    for result in material.results:
        share = percent_of(result) if result.statistic in _SHARES else None
        if share is None or not result.total or result.value is None:
            continue
        percent, decimals = share
        sizes = material.sizes.get(result.study, ())
        unit = f" {result.unit}" if result.unit else ""
        if result.events is not None:
            found = percentage(result.events, result.total, percent, decimals, known_totals=sizes)
            inputs = f"{result.events} / {result.total}, printed {result.value.text}{unit}"
            name = "percentage"
        else:
            found = reachable(percent, decimals, result.total, known_totals=sizes)
            inputs = f"{result.value.text}{unit} of {result.total}"
            name = "reachable"
        verdict = Verdict(found.outcome.value)
        if verdict is Verdict.CONSISTENT:
            yield rules()[name].passed([result])
            continue
        yield rules()[name].check(
            verdict, [result], inputs, computed=str(found.computed), note=found.why or None
        )


def not_stated(material: Material) -> Iterator[Finding]:
    """Compare a percentage whose denominator is not stated with the size of its group.

    Where no count of the group gives it, another denominator was meant; those of the study that fit
    are named, and none of them is certain.
    """
    rule = rules()["not-stated"]
    for result in material.results:
        share = percent_of(result) if result.statistic in _SHARES else None
        group = material.groups.get(result.group)
        size = group.size if group else None
        if share is None or not size or not result.total_not_stated or result.events is not None:
            continue
        percent, decimals = share
        found = reachable(
            percent, decimals, size, known_totals=material.sizes.get(result.study, ())
        )
        if found.outcome is Outcome.CONSISTENT:
            yield rule.passed([result])
            continue
        fits_another = found.why.startswith(WITH)
        yield rule.check(
            Verdict.CANNOT_CHECK if fits_another else Verdict(found.outcome.value),
            [result],
            f"{told(result)}, group of {size}",
            computed=str(found.computed),
            note=found.why,
        )


def denominators(material: Material) -> Iterator[Finding]:
    """Compare a total with the size of the group, and a count of patients with either."""
    for result in material.results:
        group = material.groups.get(result.group)
        size = group.size if group else None
        rule = rules()["denominator"]
        if result.total is not None and result.total == size:
            yield rule.passed([result])
        elif result.total is not None and size is not None:
            inputs = f"total {result.total}, group of {size}"
            yield rule.check(Verdict.INCONSISTENT, [result], inputs, note=result.note)
        limit = result.total if result.total is not None else size
        rule = rules()["group-size"]
        counted = result.count_unit is CountUnit.PATIENTS and result.statistic.is_frequency
        if not counted or result.events is None or limit is None:
            continue
        if result.events <= limit:
            yield rule.passed([result])
        else:
            inputs = f"{result.events} of {limit} patients"
            yield rule.check(Verdict.INCONSISTENT, [result], inputs)


def intervals(material: Material) -> Iterator[Finding]:
    """Look for the value inside its interval; an open bound is no limit."""
    for result in material.results:
        plain = number(result.value)
        if result.interval_kind is None or plain is None or result.value is None:
            continue
        low = result.interval_low.number if result.interval_low else None
        high = result.interval_high.number if result.interval_high else None
        if low is None and high is None:
            continue
        rule = rules()["interval"]
        if interval_contains(plain, low, high):
            yield rule.passed([result])
        else:
            inputs = f"{result.value.text} in {_bound(low)} to {_bound(high)}"
            yield rule.check(Verdict.INCONSISTENT, [result], inputs)


def legibility(material: Material) -> Iterator[Finding]:
    """Find tokens in the place of a number that are none."""
    for result in material.results:
        tokens = [
            printed.text
            for printed in (
                result.value,
                result.interval_low,
                result.interval_high,
                result.p_value,
            )
            if printed is not None and printed.status is ValueStatus.ILLEGIBLE
        ]
        if tokens:
            yield rules()["legible"].check(Verdict.INCONSISTENT, [result], "; ".join(tokens))


def _bound(bound: Decimal | None) -> str:
    return "open" if bound is None else str(bound)
