"""Studies made patient by patient: whatever is counted of them agrees with everything else."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from math import exp, log, sqrt
from statistics import NormalDist, median, quantiles
from typing import Any

from hypothesis import strategies as st

from evikg.graph import records as r
from evikg.graph.numbers import Printed
from evikg.graph.records import Grade
from evikg.ontology import (
    Causality,
    CountUnit,
    Directness,
    GradeBasis,
    GroupKind,
    IntervalKind,
    Seriousness,
    Statistic,
    VariableKind,
)


@dataclass(frozen=True)
class Event:
    """An adverse event."""

    grade: int
    serious: bool
    related: bool


@dataclass(frozen=True)
class Patient:
    """A patient, followed until death."""

    arm: str
    male: bool
    prior: bool
    response: str  # cr, cri or ""
    age: int
    died: int  # month
    failed: int  # month, of the first of relapse and death
    events: tuple[Event, ...]
    ecog: int = 0


EVENTS = st.builds(Event, st.integers(1, 5), st.booleans(), st.booleans())


@st.composite
def patients(draw: st.DrawFn) -> Patient:
    """Return a patient."""
    died = draw(st.integers(1, 36))
    return Patient(
        arm=draw(st.sampled_from(["a", "b"])),
        male=draw(st.booleans()),
        prior=draw(st.booleans()),
        response=draw(st.sampled_from(["cr", "cri", ""])),
        age=draw(st.integers(18, 80)),
        died=died,
        failed=draw(st.integers(1, died)),
        events=tuple(draw(st.lists(EVENTS, max_size=3))),
        ecog=draw(st.integers(0, 4)),
    )


#: At least one patient in each group.
STUDIES = st.lists(patients(), min_size=4, max_size=60).filter(
    lambda found: len({p.arm for p in found}) == len({p.prior for p in found}) == 2
)
VARIABLES = [
    r.Variable(slug=slug, label=slug, kind=VariableKind.EFFICACY, broader=broader)
    for slug, broader in {
        "survival": (), "overall-survival": ("survival",), "event-free-survival": ("survival",),
        "response": (), "cr": ("response",), "cri": ("response",), "cr-cri": ("response",),
    }.items()
]  # fmt: skip


def reported(people: list[Patient]) -> tuple[list[r.Result], list[r.Group]]:
    """Write all that a paper could print about them, rounded half up, with the groups."""
    parts = {
        "all": people,
        "arm-a": [p for p in people if p.arm == "a"],
        "arm-b": [p for p in people if p.arm == "b"],
        "prior": [p for p in people if p.prior],
        "no-prior": [p for p in people if not p.prior],
    }
    criteria = {"prior": ("prior-hsct",), "no-prior": ("no-prior-hsct",)}
    groups = [
        r.Group(
            slug=slug, study="trial", label=slug, kind=GroupKind.SUBGROUP, size=len(members),
            subgroup_of=None if slug == "all" else "all", criteria=criteria.get(slug, ()),
            pools=("arm-a", "arm-b") if slug == "all" else (),
        )
        for slug, members in parts.items()
    ]  # fmt: skip
    paper = _Paper()
    for slug, members in parts.items():
        _shares(paper, slug, members)
        _times(paper, slug, members)
        _adverse(paper, slug, members)
    paper.share("all", "prior-hsct", len(parts["prior"]), len(people), bare=False)
    _ratio(paper, parts)
    _signals(paper, parts)
    return paper.results, groups


class _Paper:
    """The results of one source, each with a slug of its own."""

    def __init__(self) -> None:
        self.results: list[r.Result] = []

    def print(self, group: str, variable: str, value: str, **more: Any) -> None:
        number = len(self.results)
        self.results.append(
            r.Result(
                slug=f"paper-{number}", source="paper", study="trial", group=group,
                variable=variable, directness=Directness.OWN, value=Printed.parse(value),
                printed=value, locator="Table", line=number + 1, **more,
            )
        )  # fmt: skip

    def share(self, group: str, variable: str, events: int, total: int, bare: bool) -> None:
        counts = {} if bare else {"events": events}
        self.print(
            group, variable, _rounded(Decimal(100 * events) / total), unit="%", total=total,
            statistic=Statistic.PERCENT, count_unit=CountUnit.PATIENTS, **counts,
        )  # fmt: skip


def _rounded(number: Decimal, step: str = "0.1") -> str:
    return str(number.quantize(Decimal(step), ROUND_HALF_UP))


def _shares(paper: _Paper, group: str, members: list[Patient]) -> None:
    size = len(members)
    answers = {"cr": {"cr"}, "cri": {"cri"}, "cr-cri": {"cr", "cri"}, "response": {"cr", "cri"}}
    for variable, kinds in answers.items():
        paper.share(group, variable, sum(p.response in kinds for p in members), size, bare=False)
    if group in {"all", "arm-a", "arm-b"}:
        men = sum(p.male for p in members)
        paper.share(group, "male-sex", men, size, bare=True)
        paper.share(group, "female-sex", size - men, size, bare=True)

    # Without its denominator, and of a group that may have had another one in mind
    old = _rounded(Decimal(100 * sum(p.age > 60 for p in members)) / size)
    paper.print(group, "age-over-60", old, unit="%", statistic=Statistic.PERCENT,
                count_unit=CountUnit.PATIENTS, total_not_stated=True)  # fmt: skip
    _ordered(paper, group, sorted(p.ecog for p in members))


def _ordered(paper: _Paper, group: str, values: list[int]) -> None:
    """Count each category, and print the median, the quartiles (by two methods) and the range."""
    for value in range(5):
        paper.share(group, f"ecog-{value}", values.count(value), len(values), bare=False)
    ends = [(IntervalKind.RANGE, values[0], values[-1])]
    if len(values) > 1:
        for method in ("inclusive", "exclusive"):
            first, _, third = quantiles(values, n=4, method=method)  # type: ignore[arg-type]
            # Beyond the first and the last value there is none to interpolate
            low, high = max(first, values[0]), min(third, values[-1])
            ends.append((IntervalKind.INTERQUARTILE, low, high))
    for kind, low, high in ends:
        paper.print(
            group, "ecog-performance-status", str(median(values)), statistic=Statistic.MEDIAN,
            interval_kind=kind, interval_low=Printed.parse(str(low)),
            interval_high=Printed.parse(str(high)),
        )  # fmt: skip


def _times(paper: _Paper, group: str, members: list[Patient]) -> None:
    times = {
        "overall-survival": [p.died for p in members],
        "event-free-survival": [p.failed for p in members],
    }
    for variable, months in times.items():
        for month in (6, 12, 24):
            alive = Decimal(100 * sum(m > month for m in months)) / len(months)
            paper.print(
                group, variable, _rounded(alive), unit="%", timepoint=Decimal(month),
                timepoint_unit="months", statistic=Statistic.SURVIVAL_PROBABILITY,
            )  # fmt: skip
        paper.print(group, variable, str(median(months)), unit="months", statistic=Statistic.MEDIAN)
    for month in (6, 12):
        dead = sum(p.died <= month for p in members)
        paper.print(
            group, "death", str(dead), events=dead, statistic=Statistic.COUNT,
            count_unit=CountUnit.PATIENTS, timepoint=Decimal(month), timepoint_unit="months",
        )  # fmt: skip
    paper.print(group, "death", str(len(members)), events=len(members), count_unit=CountUnit.PATIENTS,
                statistic=Statistic.COUNT)  # fmt: skip
    longest = max(p.died for p in members)
    _spread(paper, group, "follow-up", "months", [p.died for p in members], 1, longest)
    ages = sorted(p.age for p in members)
    _spread(paper, group, "age", "years", ages, ages[0], ages[-1])
    quarter = len(ages) // 4
    _spread(paper, group, "age", "years", ages, ages[quarter], ages[-1 - quarter],
            IntervalKind.INTERQUARTILE)  # fmt: skip


def _spread(
    paper: _Paper, group: str, variable: str, unit: str, values: list[int], low: int, high: int,
    kind: IntervalKind = IntervalKind.RANGE,
) -> None:  # fmt: skip
    paper.print(
        group, variable, str(median(values)), unit=unit, statistic=Statistic.MEDIAN,
        interval_kind=kind, interval_low=Printed.parse(str(low)),
        interval_high=Printed.parse(str(high)),
    )  # fmt: skip


def _adverse(paper: _Paper, group: str, members: list[Patient]) -> None:
    """Count patients and events by grade, seriousness and cause."""
    spans = {
        "any": range(1, 6),
        ">=3": range(3, 6),
        **{str(g): range(g, g + 1) for g in range(1, 6)},
    }
    for text, span in spans.items():
        for serious in (False, True):
            for related in (False, True):
                found = [
                    [
                        e for e in p.events
                        if e.grade in span and e.serious >= serious and e.related >= related
                    ]
                    for p in members
                ]  # fmt: skip
                units = {CountUnit.EVENTS: sum(map(len, found)),
                         CountUnit.PATIENTS: sum(map(bool, found))}  # fmt: skip
                for unit, count in units.items():
                    paper.print(
                        group, "adverse-event", str(count), events=count,
                        statistic=Statistic.COUNT, count_unit=unit, grade=Grade.parse(text),
                        grade_basis=None if text == "any" else GradeBasis.EVENT,
                        seriousness=Seriousness.SERIOUS if serious else Seriousness.ALL,
                        causality=Causality.DRUG_RELATED if related else Causality.ALL,
                        printed_term="Adverse event", printed_code="10000001",
                    )  # fmt: skip


def _ratio(paper: _Paper, parts: dict[str, list[Patient]]) -> None:
    """Print the odds ratio of response of the arms with its Wald interval and p value."""
    a, c = (sum(bool(p.response) for p in parts[arm]) for arm in ("arm-a", "arm-b"))
    b, d = len(parts["arm-a"]) - a, len(parts["arm-b"]) - c
    if 0 in {a, b, c, d}:
        return
    centre, error = log(a * d / (b * c)), sqrt(1 / a + 1 / b + 1 / c + 1 / d)
    z = NormalDist().inv_cdf(0.975)
    low, high = (f"{exp(centre + sign * z * error):.3f}" for sign in (-1, 1))
    paper.print(
        "arm-a", "cr-cri", f"{exp(centre):.3f}", comparator="arm-b",
        statistic=Statistic.ODDS_RATIO, count_unit=CountUnit.PATIENTS,
        interval_kind=IntervalKind.CONFIDENCE, interval_level=Decimal(95),
        interval_low=Printed.parse(low), interval_high=Printed.parse(high),
        p_value=Printed.parse(f"{2 * NormalDist().cdf(-abs(centre) / error):.4f}"),
    )  # fmt: skip


#: Terms with their codes as CTCAE 5.0 has them, and one that it has under another spelling.
SIGNALS = {"Sepsis": "10040047", "Nausea": "10028813", "Pain": "10033371", "Haemolysis": "10019491"}


def _signals(paper: _Paper, parts: dict[str, list[Patient]]) -> None:
    """Print the reporting odds ratio of each of four terms, of arm a against arm b, in a table."""
    for place, (term, code) in enumerate(SIGNALS.items()):
        a, c = (sum(len(p.events) > place for p in parts[arm]) for arm in ("arm-a", "arm-b"))
        b, d = len(parts["arm-a"]) - a, len(parts["arm-b"]) - c
        if 0 in {a, b, c, d}:
            continue
        centre, error = log(a * d / (b * c)), sqrt(1 / a + 1 / b + 1 / c + 1 / d)
        value, low, high = (f"{exp(centre + z * error):.2f}" for z in (0, -1.96, 1.96))
        paper.print(
            "arm-a", f"reports-{place}", value, comparator="arm-b", events=a,
            statistic=Statistic.REPORTING_ODDS_RATIO, count_unit=CountUnit.REPORTS,
            interval_kind=IntervalKind.CONFIDENCE, interval_level=Decimal(95),
            interval_low=Printed.parse(low), interval_high=Printed.parse(high),
            printed_term=term, printed_code=code,
        )  # fmt: skip
