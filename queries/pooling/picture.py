"""A synthesis as a forest plot."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from evikg.analysis.synthesis.heterogeneity import Heterogeneity
from evikg.analysis.synthesis.results import Estimate, Pooled, PooledStudy
from evikg.figures import forest
from evikg.graph.hypotheses import DISPROPORTIONALITY
from evikg.graph.numbers import Printed
from evikg.graph.shares import number
from evikg.ontology import IntervalKind, Statistic

from .synthesis import Synthesis
from .writing import compared_subgroups

#: An information component is a logarithm of a ratio.
_LOGARITHMS = {Statistic.INFORMATION_COMPONENT}
_RATIOS = (DISPROPORTIONALITY - _LOGARITHMS) | {Statistic.HAZARD_RATIO, Statistic.ODDS_RATIO}


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
    share = found.factor == 100
    differs = found.statistic in {item.value for item in {Statistic.DIFFERENCE, *_LOGARITHMS}}
    reference = 1.0 if ratio else 0.0 if differs else None
    unit = f", {found.unit}" if found.unit else ""
    title = "; ".join(variables)
    sections = _sections(found)
    rows = [row for section in sections for row in section.rows]
    return forest.Forest(
        title=_capital(title),
        measure=_capital(f"{found.statistic}{unit}"),
        sections=sections,
        pooled=_overall(found),
        scale="log" if ratio else "linear",
        reference=reference,
        limits=(0, forest.percent_end(rows)) if share else None,
        level=_level(found),
        decimals=1 if share or found.medians is not None else 2,
        count_heading="N" if found.medians is not None else "n/N",
        notes=tuple(_notes(found)),
    )


def _notes(found: Synthesis) -> Iterator[str]:
    """Yield the method and every caveat, in the few words that a picture has room for."""
    if found.pooled is not None:
        yield _sentence(found.pooled.method)
    if found.subgroups is not None:
        yield _sentence("; ".join(compared_subgroups(found.subgroups)))
    if found.median is not None:
        yield "Median of medians, weighted by patients (McGrath et al. 2019)."
    if found.despite is not None:
        bars = len(found.assessment.bars)
        reasons = "1 reason bars" if bars == 1 else f"{bars} reasons bar"
        yield f"Pooled although {reasons} it: {found.despite}."
    for difference in found.assessment.differences:
        yield _sentence(difference.brief())
    twice = len(found.assessment.overlaps)
    if twice:
        yield f"Pairs of results that count patients twice, or may: {twice}."
    faulty = sorted({slug for slug, _, _ in found.assessment.faults})
    if faulty:
        yield f"Printed numbers that fail a check or disagree with another print: {len(faulty)}."
    for words in (*found.arms, *found.levels):
        yield f"{words}."
    for completed in found.completed:
        yield f"{completed}."
    open_ended = [
        label
        for candidate, label in zip(found.chosen, found.labels, strict=True)
        if found.medians is not None and number(candidate.result.value) is None
    ]
    if open_ended:
        yield f"Not drawn, for want of a number: {', '.join(open_ended)}."
    for note in found.pooled.notes if found.pooled is not None else ():
        yield _sentence(note)


def _sentence(words: str) -> str:
    return f"{_capital(words)}."


def _capital(words: str) -> str:
    # A Greek letter is a symbol: τ is no Τ.
    return f"{words[:1].upper()}{words[1:]}" if words[:1].isascii() else words


def _level(found: Synthesis) -> float | None:
    """Return the level of the intervals drawn, in percent; None where they differ."""
    if found.medians is None:
        return 100 * found.request.level
    levels = {
        None if c.result.interval_level is None else float(c.result.interval_level)
        for c in found.chosen
        if c.result.interval_kind is not None
    }
    if found.median is not None:
        levels.add(100 * found.level)
    return levels.pop() if len(levels) == 1 else None


def _overall(found: Synthesis) -> forest.Pooled | None:
    if found.pooled is not None:
        return _diamond("Pooled", found.pooled, found.factor, _weight(found.pooled.studies))
    if found.median is not None:
        shown = found.median
        return forest.Pooled("Weighted median", shown.value, shown.low, shown.high)
    return None


def _weight(studies: Sequence[PooledStudy]) -> float | None:
    """Return the percentage that studies have in a pool together; None without weights."""
    weights = [study.weight for study in studies if study.weight is not None]
    return sum(weights) if len(weights) == len(studies) else None


def _sections(found: Synthesis) -> tuple[forest.Section, ...]:
    factor = found.factor
    if found.pooled is None:
        return (forest.Section("", tuple(_medians(found))),)
    rows = {study.label: _row(study, factor) for study in found.pooled.studies}
    if found.subgroups is None:
        return (forest.Section("", tuple(rows.values())),)
    names = {c.regimen.slug: c.regimen.label for c in found.chosen if c.regimen is not None}
    sections = []
    for group in found.subgroups.groups:
        members = group.pooled.studies if group.pooled else (group.alone,) if group.alone else ()
        inside = [
            study for study in found.pooled.studies if study.label in {s.label for s in members}
        ]
        diamond = None
        if group.pooled is not None:
            # A subgroup has too few studies to say where a new one would lie: no prediction.
            own_pool = replace(group.pooled, prediction=None)
            diamond = _diamond("Subgroup", own_pool, factor, _weight(inside))
        own = tuple(rows[study.label] for study in inside)
        heading = f"{found.request.by}: {names.get(group.name, group.name)}"
        sections.append(forest.Section(_capital(heading), own, diamond))
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
        value, size = number(result.value), result.total
        if value is None or result.value is None:
            continue
        low = high = None
        printed = result.value.text
        # A range or quartiles would be taken for a confidence interval.
        if result.interval_kind is IntervalKind.CONFIDENCE:
            low, high = (_float(bound) for bound in (result.interval_low, result.interval_high))
            bounds = (result.interval_low, result.interval_high)
            printed += f" [{', '.join('–' if b is None else b.text for b in bounds)}]"
        size = candidate.group.size if size is None else size
        rows.append(forest.Row(label, float(value), low, high, total=size, printed=printed))
    return rows


def _float(printed: Printed | None) -> float | None:
    plain = number(printed)
    return None if plain is None else float(plain)


def _diamond(label: str, pooled: Pooled, factor: float, weight: float | None) -> forest.Pooled:
    shown = _times(pooled.shown, factor)
    new = pooled.prediction
    return forest.Pooled(
        label,
        shown.value,
        shown.low,
        shown.high,
        (new[0] * factor, new[1] * factor) if new else None,
        _spread(pooled.heterogeneity),
        weight,
        *(pooled.counts or (None, None)),
    )


def _spread(found: Heterogeneity) -> forest.Heterogeneity:
    test = "Q" if found.i2 is not None else found.test
    return forest.Heterogeneity(
        found.tau2, found.i2, found.statistic, found.df, found.p_value, test
    )


def _times(found: Estimate, factor: float) -> Estimate:
    return Estimate(found.value * factor, found.low * factor, found.high * factor)
