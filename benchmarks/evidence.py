"""Invented studies as records of the model: documents, groups, regimens, variables, results."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from evikg.graph import records as r
from evikg.ontology import GroupKind, SourceKind, StudyDesign, VariableKind

from .hierarchy import SYSTEMS, Hierarchy, label
from .printing import OUTCOMES, Printer, variable_of

DRUGS = 40
CONDITIONS = 30
_COUNTRIES = ("France", "Japan", "Kenya", "Korea", "Mexico", "Norway", "Poland", "Spain", "Turkey")
_DESIGNS = (
    StudyDesign.RANDOMIZED,
    StudyDesign.NON_RANDOMIZED,
    StudyDesign.PROSPECTIVE,
    StudyDesign.RETROSPECTIVE,
    StudyDesign.SURVEILLANCE,
)


@dataclass(frozen=True, slots=True)
class Invented:
    """One study: what the catalogue holds, the results, and the terms of its adverse events."""

    source: r.Source
    declared: tuple[r.Record, ...]
    groups: tuple[r.Group, ...]
    variables: tuple[r.Variable, ...]
    results: tuple[r.Result, ...]
    terms: tuple[int, ...]


def invent(number: int, hierarchy: Hierarchy, seed: int) -> Invented:
    """Invent study `number` (from 1); the same arguments give the same study."""
    rng = random.Random(f"study {seed} {number}")  # noqa: S311 - reproducible, no secret
    slug = f"study-{number:05}"
    drug = (number - 1) % DRUGS + 1
    groups = tuple(_groups(rng, slug, drug))
    terms = tuple(hierarchy.draw(rng, rng.randint(6, 14)))
    condition = rng.randint(1, CONDITIONS)
    return Invented(
        source=r.Source(
            slug=f"source-{number:05}",
            kind=SourceKind.ARTICLE,
            title=f"Treatment {drug} in condition {condition}: report {number}",
            doi=f"10.1000/bench.{number}",
            published=f"{rng.randint(2005, 2025)}-{rng.randint(1, 12):02}",
            journal=f"Journal {rng.randint(1, 60)}",
            licence="https://creativecommons.org/licenses/by/4.0/",
            text_sha256=f"{rng.getrandbits(256):064x}",
        ),
        declared=(
            _study(rng, slug, number, drug, condition),
            *_regimens(drug),
            *groups,
            *_definitions(slug),
        ),
        groups=groups,
        variables=(_condition(condition), *_outcomes(), *(_event(t, hierarchy) for t in terms)),
        results=tuple(Printer(rng, f"source-{number:05}", slug).results(groups, terms)),
        terms=terms,
    )


def _study(rng: random.Random, slug: str, number: int, drug: int, condition: int) -> r.Study:
    year = rng.randint(2003, 2020)
    return r.Study(
        slug=slug,
        label=f"Study {number} of treatment {drug}",
        design=rng.choice(_DESIGNS),
        phase=rng.choice(("1", "2", "3", "4")),
        registration=f"NCT{number:08}",
        sites=rng.randint(1, 120),
        countries=tuple(sorted(rng.sample(_COUNTRIES, rng.randint(1, 3)))),
        start=f"{year}-{rng.randint(1, 12):02}",
        end=f"{year + rng.randint(1, 5)}-{rng.randint(1, 12):02}",
        conditions=(f"condition-{condition}",),
        drugs=(f"drug-{drug}",),
    )


def _regimens(drug: int) -> Iterator[r.Record]:
    yield r.Drug(slug=f"drug-{drug}", label=f"treatment {drug}", alt=(f"TRT-{drug:03}",))
    for dose in (1, 2):
        slug = f"drug-{drug}-dose-{dose}"
        steps = tuple(f"{slug}-day-{day}" for day in (1, 8, 15))
        for step, day in zip(steps, (1, 8, 15), strict=True):
            amount = Decimal(dose) / 2 if day > 1 else Decimal(dose)
            yield r.DoseStep(slug=step, amount=amount, unit="mg/m2", day=day, cycle="1")
        yield r.Regimen(
            slug=slug,
            label=f"treatment {drug}, dose {dose}",
            drug=f"drug-{drug}",
            route="intravenous",
            cycle_total=Decimal(dose) * 2,
            cycle_total_unit="mg/m2",
            cycle_days="21",
            steps=steps,
        )


def _groups(rng: random.Random, study: str, drug: int) -> Iterator[r.Group]:
    arms = (rng.randint(20, 400), rng.randint(20, 400))
    whole = f"{study}-all"
    yield r.Group(
        slug=whole, study=study, label="All patients", kind=GroupKind.TREATED, size=sum(arms)
    )
    for dose, size in enumerate(arms, 1):
        yield r.Group(
            slug=f"{study}-arm-{dose}",
            study=study,
            label=f"Arm {dose}",
            kind=GroupKind.SAFETY,
            size=size,
            subgroup_of=whole,
            regimen=f"drug-{drug}-dose-{dose}",
            arm=f"Dose {dose}",
        )


def _definitions(study: str) -> Iterator[r.Definition]:
    yield r.Definition(
        slug=f"complete-remission-{study}",
        study=study,
        variable="complete-remission",
        label="complete remission by the investigator",
        threshold="less than 5% blasts",
    )
    yield r.Definition(
        slug=f"overall-survival-{study}",
        study=study,
        variable="overall-survival",
        label="overall survival",
        origin="first dose",
        events="death from any cause",
        method="Kaplan-Meier",
    )


def _condition(number: int) -> r.Variable:
    return r.Variable(
        slug=f"condition-{number}", label=f"condition {number}", kind=VariableKind.CONDITION
    )


def _outcomes() -> Iterator[r.Variable]:
    for slug, (name, kind) in OUTCOMES.items():
        yield r.Variable(slug=slug, label=name, kind=kind)
    for system in range(1, SYSTEMS + 1):
        yield r.Variable(
            slug=f"system-{system}",
            label=f"system {system}",
            kind=VariableKind.SYSTEM_ORGAN_CLASS,
            broader=("any-adverse-event",),
        )


def _event(term: int, hierarchy: Hierarchy) -> r.Variable:
    return r.Variable(
        slug=variable_of(term),
        label=label(term),
        kind=VariableKind.ADVERSE_EVENT,
        broader=(f"system-{hierarchy.system(term)}",),
    )
