"""Invented studies made patient by patient: whatever is printed of one agrees with everything else.

They have the shape of the shipped corpus: arms that make up a whole, subgroups, shares with and
without their counts, medians with quartiles, ranges and intervals, probabilities of survival,
adverse events by grade, seriousness and causality, hazard and reporting odds ratios, numbers that
are printed again in the abstract, and numbers that a later document cites.
"""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from math import exp, sqrt
from statistics import NormalDist, median

from evikg.graph import records as r
from evikg.graph.numbers import Printed
from evikg.ontology import (
    Causality,
    CountUnit,
    Directness,
    GradeBasis,
    GroupKind,
    IntervalKind,
    Seriousness,
    SourceKind,
    Statistic,
    StudyDesign,
    VariableKind,
)

from .hierarchy import SYSTEMS, Hierarchy, label
from .paper import Paper, interval, percent
from .printing import variable_of

#: Terms of adverse events that a study prints of all groups, and of all patients only.
COMMON, RARE = 12, 8
SIGNALS = 10
#: Earlier studies that a document cites.
CITED = 2
MONTHS = (6, 12, 24)
GRADES = {"any": 1, ">=3": 3}
_Z = NormalDist().inv_cdf(0.975)
_BROADER = {
    "survival": (), "overall-survival": ("survival",), "event-free-survival": ("survival",),
    "response": (), "cr": ("response",), "cri": ("response",), "cr-cri": ("response",),
    "death": (), "follow-up": (), "age": (), "male-sex": (), "female-sex": (),
    "prior-therapy": (), "comorbidity": (), "adverse-event": (),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Patient:
    """A patient, followed until death; of each adverse event grade, seriousness and cause."""

    arm: int
    male: bool
    prior: bool
    treated_before: bool
    comorbid: bool
    response: str  # cr, cri or ""
    age: int
    died: int  # month
    failed: int  # month, of the first of relapse and death
    events: dict[int, tuple[int, bool, bool]]


@dataclass(frozen=True, slots=True)
class Consistent:
    """One study: what is declared, and what its document prints."""

    source: r.Source
    study: r.Study
    groups: tuple[r.Group, ...]
    definitions: tuple[r.Definition, ...]
    results: tuple[r.Result, ...]
    terms: frozenset[int]  # of adverse events
    rare: tuple[int, ...]  # those printed of all patients only
    signals: tuple[int, ...]  # those with a reporting odds ratio


def variables(hierarchy: Hierarchy, terms: Iterable[int]) -> list[r.Variable]:
    """Return the variables that studies print which name some terms."""
    return [
        *(r.Variable(slug=slug, label=slug.replace("-", " "), kind=VariableKind.EFFICACY, broader=b)
          for slug, b in _BROADER.items()),
        *(r.Variable(slug=f"system-{n}", label=f"system {n}", broader=("adverse-event",),
                     kind=VariableKind.SYSTEM_ORGAN_CLASS) for n in range(1, SYSTEMS + 1)),
        *(r.Variable(slug=variable_of(term), label=label(term), kind=VariableKind.ADVERSE_EVENT,
                     broader=(f"system-{hierarchy.system(term)}",))
          for term in sorted(terms)),
    ]  # fmt: skip


def invent(
    number: int, hierarchy: Hierarchy, seed: int, before: Sequence[Consistent]
) -> Consistent:
    """Invent study `number` (from 1), which cites the last of those before it."""
    rng = random.Random(f"consistent {seed} {number}")  # noqa: S311 - reproducible, no secret
    terms = hierarchy.draw(rng, 2 * (COMMON + RARE))
    common, rare = terms[:COMMON], terms[COMMON : COMMON + RARE]
    people = [_patient(rng, terms) for _ in range(rng.randint(140, 260))]
    # The same patients as shares of two analysis sets disagree: no event is one arm's alone.
    events = dict.fromkeys(terms, (3, True, True))
    people += [replace(_patient(rng, terms), arm=arm, events=events) for arm in (1, 2)]
    slug = f"study-{number:05}"
    members = {
        "all": people,
        "arm-1": [p for p in people if p.arm == 1],
        "arm-2": [p for p in people if p.arm == 2],
        "prior": [p for p in people if p.prior],
        "no-prior": [p for p in people if not p.prior],
        "elderly": [p for p in people if p.age >= 60],
    }
    paper = Paper(f"source-{number:05}", slug)
    for name, found in members.items():
        _outcomes(paper, name, found)
    for name in ("all", "arm-1", "arm-2"):
        _baseline(paper, name, members[name])
        for term in common:
            _adverse(paper, name, members[name], term, hierarchy)
    for name in ("all", "elderly"):
        treated = sum(p.treated_before for p in members[name])
        paper.bare_share(name, "prior-therapy", treated, len(members[name]), "Table 1")
    found = members["elderly"]
    paper.share("elderly", "comorbidity", sum(p.comorbid for p in found), len(found), "Table 1")
    for term in rare:
        _adverse(paper, "all", people, term, hierarchy)
    for outcome in ("overall-survival", "event-free-survival"):
        _hazard(paper, outcome, rng)
    signals = terms[-SIGNALS:]
    for term in signals:
        _signal(paper, term, rng)
    _again(paper)
    for earlier in before[-CITED:]:
        _cite(paper, earlier)
    return Consistent(
        source=r.Source(slug=paper.source, kind=SourceKind.ARTICLE, title=f"Report {number}"),
        study=r.Study(slug=slug, label=f"Study {number}", design=StudyDesign.RANDOMIZED),
        groups=tuple(_groups(slug, {name: len(found) for name, found in members.items()})),
        definitions=tuple(_definitions(slug)),
        results=tuple(paper.results),
        terms=frozenset(terms),
        rare=tuple(rare),
        signals=tuple(signals),
    )


def _patient(rng: random.Random, terms: Sequence[int]) -> Patient:
    died = rng.randint(2, 40)
    events = {}
    for place, term in enumerate(terms):
        if rng.random() < 0.6 / (1 + place % COMMON) + 0.1:
            events[term] = rng.randint(1, 5), rng.random() < 0.4, rng.random() < 0.6
    return Patient(
        arm=rng.randint(1, 2),
        male=rng.random() < 0.5,
        prior=rng.random() < 0.4,
        treated_before=rng.random() < 0.7,
        comorbid=rng.random() < 0.2,
        response=rng.choices(("cr", "cri", ""), (45, 15, 40))[0],
        age=rng.randint(18, 90),
        died=died,
        failed=rng.randint(1, died),
        events=events,
    )


def _groups(study: str, sizes: dict[str, int]) -> Iterable[r.Group]:
    criteria = {
        "prior": ("prior-hsct",), "no-prior": ("no-prior-hsct",), "elderly": ("age-55-or-over",),
    }  # fmt: skip
    for name, size in sizes.items():
        is_arm = name.startswith("arm")
        yield r.Group(
            slug=f"{study}-{name}", study=study, label=name, size=size,
            kind=GroupKind.SUBGROUP if name in criteria else GroupKind.TREATED,
            subgroup_of=None if name == "all" else f"{study}-all",
            pools=(f"{study}-arm-1", f"{study}-arm-2") if name == "all" else (),
            arm=name if is_arm else None, criteria=criteria.get(name, ()),
        )  # fmt: skip
    for name in ("reports", "other-reports"):
        yield r.Group(slug=f"{study}-{name}", study=study, label=name, kind=GroupKind.REPORTS)


def _definitions(study: str) -> Iterable[r.Definition]:
    for name in ("overall-survival", "event-free-survival"):
        yield r.Definition(slug=f"{name}-{study}", study=study, variable=name, label=name,
                           origin="first dose", method="Kaplan-Meier")  # fmt: skip


def _outcomes(paper: Paper, group: str, members: list[Patient]) -> None:
    size = len(members)
    for variable, kinds in {"cr": {"cr"}, "cri": {"cri"}, "cr-cri": {"cr", "cri"}}.items():
        paper.share(group, variable, sum(p.response in kinds for p in members), size, "Table 2")
    months: Callable[[Patient], int]
    for variable, months in (
        ("overall-survival", lambda p: p.died),
        ("event-free-survival", lambda p: p.failed),
    ):
        times = [months(p) for p in members]
        defined = f"{variable}-{paper.study}"
        for month in MONTHS:
            alive = sum(m > month for m in times)
            bounds = (percent(max(alive - 9, 0), size), percent(min(alive + 9, size), size))
            paper.put(
                group, variable, percent(alive, size), "Table 2", unit="%", definition=defined,
                statistic=Statistic.SURVIVAL_PROBABILITY, timepoint=Decimal(month),
                timepoint_unit="months", **interval(*bounds),
            )  # fmt: skip
        middle = median(times)
        paper.put(
            group, variable, f"{middle:.1f}", "Table 2", unit="months", definition=defined,
            statistic=Statistic.MEDIAN, **interval(f"{0.8 * middle:.1f}", f"{1.2 * middle:.1f}"),
        )  # fmt: skip


def _baseline(paper: Paper, group: str, members: list[Patient]) -> None:
    size, men = len(members), sum(p.male for p in members)
    paper.bare_share(group, "male-sex", men, size, "Table 1")
    paper.bare_share(group, "female-sex", size - men, size, "Table 1")
    paper.share(group, "comorbidity", sum(p.comorbid for p in members), size, "Table 1")
    dead = sum(p.died <= 12 for p in members)
    paper.put(group, "death", str(dead), "Table 2", events=dead, statistic=Statistic.COUNT,
              count_unit=CountUnit.PATIENTS, timepoint=Decimal(12),
              timepoint_unit="months")  # fmt: skip
    ages, died = sorted(p.age for p in members), sorted(p.died for p in members)
    quarter = size // 4
    for variable, unit, found, spread in (
        ("age", "years", ages, interval(str(ages[0]), str(ages[-1]), IntervalKind.RANGE)),
        ("age", "years", ages, interval(str(ages[quarter]), str(ages[-1 - quarter]),
                                        IntervalKind.INTERQUARTILE)),
        ("follow-up", "months", died, interval(str(died[0]), str(died[-1]), IntervalKind.RANGE)),
    ):  # fmt: skip
        paper.put(group, variable, f"{median(found):.1f}", "Table 1", unit=unit,
                  statistic=Statistic.MEDIAN, **spread)  # fmt: skip


def _adverse(
    paper: Paper, group: str, members: list[Patient], term: int, hierarchy: Hierarchy
) -> None:
    """Print patients with an event by grade, the serious and the related ones, and the events."""
    found = [p.events[term] for p in members if term in p.events]
    named: dict[str, object] = {
        "printed_term": label(term), "printed_code": f"{10_000_000 + term}",
        "printed_soc": f"System {hierarchy.system(term)}",
    }  # fmt: skip
    whole: dict[str, object] = {"seriousness": Seriousness.ALL, "causality": Causality.ALL}
    for text, least in GRADES.items():
        count = sum(grade >= least for grade, _, _ in found)
        paper.share(
            group, variable_of(term), count, len(members), "Table 3", grade=r.Grade.parse(text),
            grade_basis=GradeBasis.MAXIMUM, **whole, **named,
        )  # fmt: skip
    serious, related = (sum(event[place] for event in found) for place in (1, 2))
    parts: tuple[tuple[str, int, dict[str, object]], ...] = (
        ("Table 4", serious, {"seriousness": Seriousness.SERIOUS}),
        ("Table 5", related, {"causality": Causality.DRUG_RELATED}),
    )
    for table, count, part in parts:
        paper.share(
            group, variable_of(term), count, len(members), table, grade=r.Grade.parse("any"),
            grade_basis=GradeBasis.MAXIMUM, **(whole | part), **named,
        )  # fmt: skip
    events = sum(1 + grade // 3 for grade, _, _ in found)
    paper.put(
        group, variable_of(term), str(events), "Table 3", events=events, statistic=Statistic.COUNT,
        count_unit=CountUnit.EVENTS, grade=r.Grade.parse("any"), **whole, **named,
    )  # fmt: skip


def _hazard(paper: Paper, outcome: str, rng: random.Random) -> None:
    centre, error = rng.uniform(-0.9, 0.9), rng.uniform(0.1, 0.3)
    p = 2 * NormalDist().cdf(-abs(centre) / error)
    paper.put(
        "arm-2", outcome, f"{exp(centre):.3f}", "Table 2", statistic=Statistic.HAZARD_RATIO,
        comparator=f"{paper.study}-arm-1", definition=f"{outcome}-{paper.study}",
        p_value=Printed.parse("<0.001" if p < 0.001 else f"{p:.4f}"),
        **interval(f"{exp(centre - _Z * error):.3f}", f"{exp(centre + _Z * error):.3f}"),
    )  # fmt: skip


def _signal(paper: Paper, term: int, rng: random.Random) -> None:
    """Print a reporting odds ratio of so many reports of a drug, with its interval."""
    reports, others = rng.randint(3, 90), rng.randint(500, 9000)
    ratio = rng.uniform(2, 40)
    error = sqrt(1 / reports + 1 / (50 * reports) + 1 / others + 1 / (60 * others))
    paper.put(
        "reports", variable_of(term), f"{ratio:.2f}", "Table 6", events=reports,
        statistic=Statistic.REPORTING_ODDS_RATIO, comparator=f"{paper.study}-other-reports",
        count_unit=CountUnit.REPORTS,
        **interval(f"{ratio * exp(-_Z * error):.2f}", f"{ratio * exp(_Z * error):.2f}"),
    )  # fmt: skip


def is_printed_again(result: r.Result) -> bool:
    """Tell whether a number stands in the abstract too, and is cited."""
    if result.directness is Directness.CITED or not result.group.endswith("-all"):
        return False
    if result.variable == "overall-survival":
        return result.statistic is Statistic.MEDIAN or result.timepoint == 12
    return result.variable == "cr-cri"


def _again(paper: Paper) -> None:
    for result in [x for x in paper.results if is_printed_again(x)]:
        _repeat(paper, result, locator="Abstract")


def _cite(paper: Paper, earlier: Consistent) -> None:
    tables = [x for x in earlier.results if is_printed_again(x) and x.locator != "Abstract"]
    for result in tables:
        _repeat(paper, result, source=paper.source, directness=Directness.CITED,
                cited_reference=earlier.source.slug[-5:], locator="Discussion",
                definition=None)  # fmt: skip


def _repeat(paper: Paper, result: r.Result, **stated: object) -> None:
    line = len(paper.results) + 1
    again = {"slug": f"{paper.source}-l{line}-1", "line": line} | stated
    paper.results.append(replace(result, **again))  # type: ignore[arg-type]
