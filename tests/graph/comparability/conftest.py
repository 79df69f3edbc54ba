"""Results planted one by one, alike in everything that a test does not change."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from evikg.graph.comparability import Candidate
from evikg.graph.numbers import Printed
from evikg.graph.records import Grade, Group, Regimen, Result, Study, Variable
from evikg.ontology import (
    Causality,
    CountUnit,
    Directness,
    GroupKind,
    Seriousness,
    Statistic,
    StudyDesign,
    VariableKind,
)

Plant = Callable[..., Candidate]


@pytest.fixture
def plant() -> Plant:
    """Return what makes a candidate: 10 of 20 treated patients of a trial of its own."""
    return _plant


def _plant(
    name: str,
    *,
    study: dict[str, Any] | None = None,
    group: dict[str, Any] | None = None,
    result: dict[str, Any] | None = None,
    **more: Any,
) -> Candidate:
    base = Candidate(
        result=Result(
            slug=f"{name}-l1-1",
            source=name,
            study=f"{name}-trial",
            group=f"{name}-treated",
            variable="remission",
            statistic=Statistic.PERCENT,
            directness=Directness.OWN,
            printed="10 (50.0)",
            locator="Table 2",
            line=1,
            value=Printed.parse("50.0"),
            unit="%",
            events=10,
            total=20,
            count_unit=CountUnit.PATIENTS,
            grade=Grade.parse("any"),
            seriousness=Seriousness.ALL,
            causality=Causality.ALL,
        ),
        group=Group(
            slug=f"{name}-treated",
            study=f"{name}-trial",
            label=f"{name}, all treated",
            kind=GroupKind.TREATED,
            size=20,
        ),
        above=(),
        unions=(),
        study=Study(
            slug=f"{name}-trial",
            label=f"Trial {name}",
            design=StudyDesign.RETROSPECTIVE,
            countries=("Italy",),
            conditions=("leukaemia",),
            drugs=("drug-x",),
        ),
        variable=Variable(slug="remission", label="remission", kind=VariableKind.EFFICACY),
        regimen=Regimen(slug="x-weekly", label="X weekly", drug="drug-x"),
    )
    return replace(
        base,
        study=replace(base.study, **(study or {})),
        group=replace(base.group, **(group or {})),
        result=replace(base.result, **(result or {})),
        **more,
    )
