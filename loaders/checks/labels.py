"""Rules on words and series: classes of terms, variables with the same numbers."""

import re
from collections import defaultdict
from collections.abc import Iterator

from evikg.analysis.coincidence import chance_of_equal_counts
from evikg.graph.records import Result
from evikg.ontology import Verdict

from .material import Material, Scope
from .rules import Finding, rules


def classes(material: Material) -> Iterator[Finding]:
    """Find terms that stand under several system organ classes within a source."""
    found: dict[tuple[str, str], list[tuple[frozenset[str], Result]]] = defaultdict(list)
    for result in material.results:
        if not result.printed_term or not result.printed_soc:
            continue
        group = _words(result.printed_soc)
        if _words(result.printed_term) != group:
            found[result.source, plain(result.printed_term)].append((group, result))
    for (_, term), members in found.items():
        under: dict[frozenset[str], Result] = {}
        for group, result in members:
            # One source abbreviates a class in one table: "Investigations (Laboratory …)".
            if not any(known <= group or group <= known for known in under):
                under[group] = result
        if len(under) > 1:
            yield rules()["class-of-term"].check(
                Verdict.INCONSISTENT,
                list(under.values()),
                "; ".join(f"{x.printed_soc} (line {x.line})" for x in under.values()),
                note=f"{term} stands under {len(under)} classes",
            )
        elif len(members) > 1:
            yield rules()["class-of-term"].passed([result for _, result in members])


def duplicates(material: Material) -> Iterator[Finding]:
    """Find two variables of a source with the same numbers in every group they share.

    What is the same must be too much for a coincidence among all pairs of variables of the table.
    """
    rule = rules()["duplicate-series"]
    series: dict[Scope, dict[str, dict[str, Result]]] = defaultdict(lambda: defaultdict(dict))
    for scope, result in material.best.items():
        key = scope.without("group", "variable", "definition")
        series[key][scope.variable][scope.group] = result
    for of_variable in series.values():
        pairs = len(of_variable) * (len(of_variable) - 1) / 2
        seen: dict[tuple[tuple[str, str], ...], str] = {}
        for variable, rows in of_variable.items():
            signature = tuple(sorted((group, _signature(x)) for group, x in rows.items()))
            twin = seen.setdefault(signature, variable)
            if twin == variable or _related(material, variable, twin):
                continue
            if len(rows) < 2 or pairs * _chance(material, rows) > rule.slack:
                continue
            first = of_variable[twin]
            both = [result for group in sorted(rows) for result in (first[group], rows[group])]
            yield rule.check(
                Verdict.INCONSISTENT,
                both,
                f"{twin} (line {both[0].line}) and {variable} (line {both[1].line}): "
                + ", ".join(value for _, value in signature),
            )


def _chance(material: Material, rows: dict[str, Result]) -> float:
    """Return the chance of the same numbers in the groups that are no unions of others."""
    above = {outer for group in rows for outer in material.above(group)}
    pools = {slug for slug in rows if slug in material.groups and material.groups[slug].pools}
    counts = []
    for group, result in rows.items():
        # Nobody and everybody are the same for any two variables, and so may be bare values.
        counted = result.events not in {None, 0, result.total}
        if group not in above | pools and counted:
            counts.append(result.events or 1)
    return chance_of_equal_counts(counts)


def _signature(result: Result) -> str:
    bounds = [x.text for x in (result.interval_low, result.interval_high) if x]
    parts = [result.value.text if result.value else "", *bounds]
    counts = [] if result.events is None else [f"{result.events}/{result.total or ''}"]
    return " ".join([*counts, *filter(None, parts)])


def _related(material: Material, first: str, second: str) -> bool:
    """Tell whether one is narrower than the other, or both than a third: they may coincide."""
    if material.within(first, second) or material.within(second, first):
        return True
    return bool(material.ancestors(first) & material.ancestors(second))


def plain(words: str) -> str:
    """Return words in lower case without punctuation, as terms are compared."""
    return " ".join(re.sub(r"[^\w\s]", " ", words.casefold()).split())


def _words(words: str) -> frozenset[str]:
    words = re.sub(r"\([^)]*\)", " ", words)
    return frozenset(plain(words).split()) - {"and"}
