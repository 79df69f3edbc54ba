"""From validated YAML blocks to records, each with the place of its block."""

from collections.abc import Iterator

from evikg.graph import records as r

from .models import Catalogue, RegimenModel, VariableModel
from .positions import Key


def declared(document: Catalogue) -> Iterator[tuple[Key, r.Record]]:
    """Yield (place of the block, record) for everything a file declares."""
    for i, drug in enumerate(document.drugs):
        yield ("drugs", i), r.Drug(slug=drug.slug, label=drug.label, alt=_set(drug.alt))
    for i, study in enumerate(document.studies):
        lists = ("countries", "conditions", "drugs", "pools_studies", "may_overlap")
        values = study.model_dump()
        yield (
            ("studies", i),
            r.Study(**{**values, **{name: _set(values[name]) for name in lists}}),
        )
    for i, group in enumerate(document.groups):
        yield (
            ("groups", i),
            r.Group(
                **{
                    **group.model_dump(),
                    "pools": _set(group.pools),
                    "criteria": _set(group.criteria),
                }
            ),
        )
    for i, regimen in enumerate(document.regimens):
        yield from _regimen(("regimens", i), regimen)
    for i, variable in enumerate(document.variables):
        yield ("variables", i), _variable(variable)
    for i, definition in enumerate(document.definitions):
        yield ("definitions", i), r.Definition(**definition.model_dump())
    for i, window in enumerate(document.windows):
        yield ("windows", i), r.OnsetWindow(**window.model_dump())


def _regimen(key: Key, regimen: RegimenModel) -> Iterator[tuple[Key, r.Record]]:
    steps = []
    for number, step in enumerate(regimen.steps, 1):
        record = r.DoseStep(slug=f"{regimen.slug}-step-{number}", **step.model_dump())
        steps.append(record.slug)
        yield (*key, "steps", number - 1), record
    values = {**regimen.model_dump(exclude={"steps"}), "steps": _set(steps)}
    yield key, r.Regimen(**values)


def _variable(variable: VariableModel) -> r.Variable:
    # Whether a slug in `concerns` is a drug is known only when every file has been read.
    return r.Variable(
        slug=variable.slug,
        label=variable.label,
        kind=variable.kind,
        broader=_set(variable.broader),
        concerns_variables=_set(variable.concerns),
        alt=_set(variable.alt),
    )


def _set(values: list[str]) -> tuple[str, ...]:
    """Order a list that means a set, so that equal sets are equal records."""
    return tuple(sorted(values))
