"""One large database release, in which the parts of one study are many: drugs, terms, reports.

Of every drug and term it prints the reports with their percentage, and the reporting odds ratio
with its interval, all in two tables, as a database of spontaneous reports does.
"""

import random
from collections.abc import Iterator
from dataclasses import replace
from math import exp, sqrt
from statistics import NormalDist

from evikg.graph import records as r
from evikg.graph.numbers import Printed
from evikg.ontology import CountUnit, GroupKind, SourceKind, Statistic, StudyDesign

from .hierarchy import SYSTEMS, label
from .paper import Paper, interval, percent
from .planted import Planted
from .printing import variable_of

STUDY, SOURCE = "registry", "registry-release"
DRUGS = 20
#: One percentage, and one interval, in so many is wrong.
EVERY = 211
_Z = NormalDist().inv_cdf(0.975)

Printing = tuple[r.Result, Planted | None]


def declared() -> tuple[r.Source, r.Study, list[r.Group]]:
    """Return the release, its study, and the reports of each drug."""
    groups = [
        r.Group(slug=f"{STUDY}-{name}", study=STUDY, label=name, kind=GroupKind.REPORTS, size=size)
        for name, size in (
            *((f"drug-{n}", _size(n)) for n in range(1, DRUGS + 1)),
            ("other-drugs", 9_000_000),
        )
    ]
    source = r.Source(slug=SOURCE, kind=SourceKind.DATABASE_RELEASE, title="Reports")
    return (
        source,
        r.Study(slug=STUDY, label="Reports", design=StudyDesign.PHARMACOVIGILANCE),
        groups,
    )


def term(number: int) -> int:
    """Return the number in the hierarchy of the term that is printed at a place."""
    return SYSTEMS + number


def printed(seed: int) -> Iterator[list[Printing]]:
    """Yield what is printed of one term after the other, each with the fault in it."""
    rng = random.Random(f"registry {seed}")  # noqa: S311 - reproducible, no secret
    number = line = 0
    while True:
        number += 1
        found: list[Printing] = []
        for drug in range(1, DRUGS + 1):
            paper = Paper(SOURCE, STUDY)
            _print(paper, drug, term(number), rng)
            for result in paper.results:
                line += 1
                right = replace(result, slug=f"{SOURCE}-l{line}-1", line=line)
                found.append(_wrong(right) if line % EVERY == 0 else (right, None))
        yield found


def _size(drug: int) -> int:
    return 40_000 // drug


def _print(paper: Paper, drug: int, number: int, rng: random.Random) -> None:
    size = _size(drug)
    # Few reports of most terms, as of most drugs.
    reports = min(3 + int(rng.paretovariate(0.7)), size // 2)
    named = {"printed_term": label(number), "count_unit": CountUnit.REPORTS}
    name, variable = f"drug-{drug}", variable_of(number)
    paper.put(
        name, variable, percent(reports, size), "Table 1", unit="%", events=reports, total=size,
        statistic=Statistic.PERCENT, **named,
    )  # fmt: skip
    ratio = rng.uniform(2, 40)
    error = sqrt(1 / reports + 1 / (size - reports) + 1 / rng.randint(500, 9000))
    paper.put(
        name, variable, f"{ratio:.2f}", "Table 2", events=reports,
        statistic=Statistic.REPORTING_ODDS_RATIO, comparator=f"{STUDY}-other-drugs",
        **interval(f"{ratio * exp(-_Z * error):.2f}", f"{ratio * exp(_Z * error):.2f}"), **named,
    )  # fmt: skip


def _wrong(result: r.Result) -> Printing:
    if result.statistic is Statistic.PERCENT:
        return replace(result, value=Printed.parse("77.7")), Planted("percentage", result.slug)
    bounds = {"interval_low": Printed.parse("90.00"), "interval_high": Printed.parse("95.00")}
    return replace(result, **bounds), Planted("interval", result.slug)  # type: ignore[arg-type]
