"""A synthesis as a forest plot."""

from collections.abc import Iterator
from pathlib import Path

from evikg.analysis.synthesis.heterogeneity import Heterogeneity
from evikg.analysis.synthesis.results import Estimate, Pooled, PooledStudy
from evikg.figures import forest
from evikg.graph.shares import number
from evikg.ontology import Statistic

from .synthesis import Synthesis

_RATIOS = {Statistic.HAZARD_RATIO, Statistic.ODDS_RATIO, Statistic.REPORTING_ODDS_RATIO}


def draw_forest(found: Synthesis, path: Path) -> None:
    """Draw the studies, what was pooled of them, and every caveat, to an SVG, PNG or PDF file.

    :raises ValueError: if the suffix of the file is another
    :raises ModuleNotFoundError: if the extra `plot` is not installed
    """
    from evikg.figures.forest_drawing import draw_forest as drawn
    from evikg.figures.saving import save

    save(drawn(plot_of(found)), path)


def plot_of(found: Synthesis) -> forest.Forest:
    """Return the plot: percentages for shares, a logarithmic axis for ratios."""
    variables = sorted({candidate.variable.label for candidate in found.chosen})
    ratio = found.statistic in {statistic.value for statistic in _RATIOS}
    factor = 100.0 if found.unit == "%" and found.pooled is not None else 1.0
    reference = 1.0 if ratio else 0.0 if found.statistic == Statistic.DIFFERENCE.value else None
    unit = f", {found.unit}" if found.unit else ""
    title = "; ".join(variables)
    return forest.Forest(
        title=title[:1].upper() + title[1:],
        measure=f"{found.statistic}{unit}"[:1].upper() + f"{found.statistic}{unit}"[1:],
        sections=_sections(found, factor),
        pooled=_diamond("Pooled", found.pooled, factor) if found.pooled is not None else None,
        scale="log" if ratio else "linear",
        reference=reference,
        limits=(0, 100) if factor == 100 else None,
        level=100 * found.request.level,
        decimals=1 if factor == 100 else 2,
        notes=tuple(_notes(found)),
    )


def _notes(found: Synthesis) -> Iterator[str]:
    """Yield the method and every caveat, in the few words that a picture has room for."""
    if found.pooled is not None:
        yield _sentence(found.pooled.method)
    if found.request.despite is not None:
        bars = len(found.assessment.bars)
        yield f"Pooled although {bars} reason(s) bar it: {found.request.despite}."
    for difference in found.assessment.differences:
        yield _sentence(difference.brief())
    twice = len(found.assessment.overlaps)
    if twice:
        yield f"Patients are counted twice, or may be, in {twice} pair(s) of results."
    faulty = sorted({slug for slug, _, _ in found.assessment.faults})
    if faulty:
        yield f"Printed numbers that fail a check or disagree with another print: {len(faulty)}."
    for completed in found.completed:
        yield f"{completed}."
    for note in found.pooled.notes if found.pooled is not None else ():
        yield _sentence(note)


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


def _sections(found: Synthesis, factor: float) -> tuple[forest.Section, ...]:
    if found.pooled is None:
        return (forest.Section("", tuple(_medians(found))),)
    rows = {study.label: _row(study, factor) for study in found.pooled.studies}
    if found.subgroups is None:
        return (forest.Section("", tuple(rows.values())),)
    sections = []
    for group in found.subgroups.groups:
        members = group.pooled.studies if group.pooled else (group.alone,) if group.alone else ()
        diamond = _diamond("Subgroup", group.pooled, factor) if group.pooled else None
        inside = tuple(rows[study.label] for study in members)
        sections.append(forest.Section(f"{found.request.by}: {group.name}", inside, diamond))
    return tuple(sections)


def _row(study: PooledStudy, factor: float) -> forest.Row:
    shown = _times(study.shown, factor)
    return forest.Row(
        study.label, shown.value, shown.low, shown.high, study.events, study.total, study.weight
    )


def _medians(found: Synthesis) -> list[forest.Row]:
    rows = []
    for candidate, label in zip(found.chosen, found.labels, strict=True):
        result = candidate.result
        value, low, high = map(number, (result.value, result.interval_low, result.interval_high))
        if value is not None:
            size = result.total if result.total is not None else candidate.group.size
            bounds = [None if bound is None else float(bound) for bound in (low, high)]
            rows.append(forest.Row(label, float(value), *bounds, total=size))
    return rows


def _diamond(label: str, pooled: Pooled, factor: float) -> forest.Pooled:
    shown = _times(pooled.shown, factor)
    new = pooled.prediction
    return forest.Pooled(
        label,
        shown.value,
        shown.low,
        shown.high,
        (new[0] * factor, new[1] * factor) if new else None,
        _spread(pooled.heterogeneity),
    )


def _spread(found: Heterogeneity) -> forest.Heterogeneity:
    test = "Q" if found.i2 is not None else found.test
    return forest.Heterogeneity(
        found.tau2, found.i2, found.statistic, found.df, found.p_value, test
    )


def _times(found: Estimate, factor: float) -> Estimate:
    return Estimate(found.value * factor, found.low * factor, found.high * factor)
