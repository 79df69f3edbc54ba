"""Rules on estimates: the symmetry of intervals, p values, odds ratios and their counts."""

from collections.abc import Iterator
from decimal import Decimal

from evikg.analysis.estimates import (
    Estimate,
    asymmetry,
    excludes_no_effect,
    least_standard_error,
    odds_ratio,
    p_value,
)
from evikg.graph.records import Result
from evikg.ontology import IntervalKind, Statistic, Verdict

from .material import Material, span, told
from .rules import Finding, rules

_RATIOS = {Statistic.HAZARD_RATIO, Statistic.ODDS_RATIO, Statistic.REPORTING_ODDS_RATIO}
_ESTIMATES = _RATIOS | {Statistic.DIFFERENCE}
#: What 1.96 for the normal quantile makes of an interval.
_NEGLIGIBLE = 2e-5


def symmetry(material: Material) -> Iterator[Finding]:
    """Compare a ratio or difference with the middle of its bounds."""
    rule = rules()["symmetry"]
    for result in material.results:
        estimate = estimate_of(result)
        # A value outside its interval is another rule's finding.
        if estimate is None or not _contained(estimate):
            continue
        off = asymmetry(estimate)
        # Of reporting odds ratios no other interval than Wald's is in use.
        exact = result.statistic is Statistic.REPORTING_ODDS_RATIO
        if off <= (_NEGLIGIBLE if exact else rule.slack):
            yield rule.passed([result])
        else:
            yield rule.check(
                Verdict.INCONSISTENT,
                [result],
                told(result),
                computed=f"{estimate.centre:.2f}",
                note=f"{100 * off:.2g} % of the half width off"
                + ("" if exact else ", if the interval is a Wald interval"),
            )


def p_values(material: Material) -> Iterator[Finding]:
    """Compare a p value with its interval, in one result or in two about the same thing."""
    for result in material.results:
        if result.p_value is not None:
            yield from _p_value(result, result)
    for family in material.by("statistic", "unit"):
        tests = [x for _, x in family if x.statistic is Statistic.COMPARISON and x.p_value]
        estimates = [x for _, x in family if x.statistic in _ESTIMATES and x.p_value is None]
        for estimate in estimates:
            for test in tests:
                yield from _p_value(estimate, test)


def _p_value(result: Result, test: Result) -> Iterator[Finding]:
    estimate = estimate_of(result)
    printed = test.p_value
    if estimate is None or printed is None or printed.number is None or not _contained(estimate):
        return
    outside = excludes_no_effect(estimate)
    if outside is None or printed.sign == "~":
        return
    rule = rules()["p-value"]
    limit = 1 - estimate.level
    implied = p_value(estimate)
    p = float(printed.number)
    below, above = printed.sign in {"<", "≤"}, printed.sign in {">", "≥"}
    # A test by another method, such as a log-rank test, differs a little from the interval.
    contradicts = (not above and not outside and p < limit) or (not below and outside and p > limit)
    if not contradicts:
        yield rule.passed([result, test])
        return
    one_sided = not outside and 0.75 * implied < 2 * p < 1.25 * implied
    if one_sided or max(p, implied) > rule.slack * min(p, implied):
        yield rule.check(
            Verdict.CANNOT_CHECK if one_sided else Verdict.INCONSISTENT,
            [result, test],
            f"{told(result)}, p {printed.text}",
            computed=f"{implied:.3g}",
            note="it fits if the p value is one-sided" if one_sided else None,
        )
    else:
        yield rule.passed([result, test])


def odds(material: Material) -> Iterator[Finding]:
    """Compare an odds ratio and its interval with the counts given for it."""
    rule = rules()["reporting-odds-ratio"]
    for result in material.results:
        estimate = estimate_of(result)
        if result.statistic is not Statistic.REPORTING_ODDS_RATIO or estimate is None:
            continue
        if not result.events or not _contained(estimate):
            continue
        least, (_, widest) = least_standard_error(result.events), estimate.standard_errors
        if widest > least * (1 - _NEGLIGIBLE):
            yield rule.passed([result])
        else:
            yield rule.check(
                Verdict.INCONSISTENT,
                [result],
                told(result),
                computed=f"{least:.4f}",
                note=f"standard error of the interval at most {widest:.4f}, of {result.events}"
                f" report(s) at least {least:.4f}",
            )
    yield from _tables(material)


def _tables(material: Material) -> Iterator[Finding]:
    """Recompute odds ratios where all four counts are printed."""
    rule = rules()["reporting-odds-ratio"]
    counts = {
        scope.without("directness"): result
        for scope, result in material.best.items()
        if scope.statistic == "frequency" and result.events is not None and result.total
    }
    for scope, result in material.best.items():
        if result.statistic not in {Statistic.ODDS_RATIO, Statistic.REPORTING_ODDS_RATIO}:
            continue
        if result.adjustment or result.predictor or result.comparator is None:
            continue
        own = scope.without("directness", "comparator", "definition")._replace(
            statistic="frequency", unit=""
        )
        exposed = counts.get(own)
        others = counts.get(own._replace(group=result.comparator))
        printed = span(result.value, "1")
        if exposed is None or others is None or printed is None:
            continue
        a, c = exposed.events or 0, others.events or 0
        b, d = (exposed.total or 0) - a, (others.total or 0) - c
        if min(a, b, c, d) <= 0:
            continue
        computed = odds_ratio(a, b, c, d)
        if printed.low <= computed <= printed.high:
            yield rule.passed([result, exposed, others])
        else:
            yield rule.check(
                Verdict.INCONSISTENT,
                [result, exposed, others],
                f"{told(result)}; {told(exposed)}; {told(others)}",
                computed=f"{computed:.2f}",
            )


def estimate_of(result: Result) -> Estimate | None:
    """Return a ratio or difference with its confidence interval; None if a result is none."""
    value, low, high = span(result.value), span(result.interval_low), span(result.interval_high)
    if result.statistic not in _ESTIMATES or result.interval_kind is not IntervalKind.CONFIDENCE:
        return None
    if value is None or low is None or high is None:
        return None
    level = float(result.interval_level or Decimal(95)) / 100
    estimate = Estimate(value, low, high, level, result.statistic in _RATIOS)
    return estimate if 0 < level < 1 and estimate.usable else None


def _contained(estimate: Estimate) -> bool:
    low, value, high = estimate.low, estimate.value, estimate.high
    return low.low <= value.high and value.low <= high.high
