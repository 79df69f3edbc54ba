"""Graphs of a few planted studies, and the shipped corpus."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Triple

from evikg.graph.derive import derive
from evikg.graph.embedded import EmbeddedStore
from evikg.graph.mapping import to_triples
from evikg.graph.numbers import Printed
from evikg.graph.records import Group, Record, Result, Study, Variable
from evikg.ontology import (
    EV,
    CountUnit,
    Directness,
    GroupKind,
    IntervalKind,
    Statistic,
    StudyDesign,
    VariableKind,
    individual,
)


@pytest.fixture
def graph() -> Callable[[Iterable[Record]], EmbeddedStore]:
    """Return what makes a graph of records, with what a build derives from them."""
    return _graph


@pytest.fixture
def trial() -> Callable[..., list[Record]]:
    """Return what makes a study, its group of patients and a result on them."""
    return _trial


def _trial(name: str, size: int | None = 20, **result: Any) -> list[Record]:
    statistic = result.setdefault("statistic", Statistic.COUNT)
    for field in ("value", "interval_low", "interval_high"):
        if isinstance(result.get(field), str):
            result[field] = Printed.parse(result[field])
    if "interval_low" in result:
        result = {"interval_kind": IntervalKind.CONFIDENCE} | result
    if statistic.is_frequency:
        result.setdefault("count_unit", CountUnit.PATIENTS)
    return [
        Study(
            slug=f"{name}-trial",
            label=f"Trial {name}",
            design=StudyDesign.RANDOMIZED,
            drugs=("drug-x",),
        ),
        Group(
            slug=f"{name}-all",
            study=f"{name}-trial",
            label=f"{name}, all treated",
            kind=GroupKind.TREATED,
            size=size,
        ),
        Result(
            slug=f"{name}-l1-1",
            source=name,
            study=f"{name}-trial",
            group=f"{name}-all",
            variable=result.pop("variable", "remission"),
            directness=Directness.OWN,
            printed=result.pop("printed", "as printed"),
            locator="Table 2",
            line=1,
            **result,
        ),
    ]


def _graph(records: Iterable[Record]) -> EmbeddedStore:
    held = list(records)
    results = [record for record in held if isinstance(record, Result)]
    names = {result.variable for result in results}
    held += [Variable(slug=name, label=name, kind=VariableKind.EFFICACY) for name in names]
    triples = [triple for record in held for triple in to_triples(record)]
    triples += [_within(name) for name in names]
    groups = [record for record in held if isinstance(record, Group)]
    variables = [record for record in held if isinstance(record, Variable)]
    for item in derive(results, groups, variables):
        result = individual("result", item.result)
        triples.append(Triple(result, EV.quantity, individual("quantity", item.quantity)))
        triples += [Triple(result, EV.countedIn, individual("result", c)) for c in item.counted_in]
        if item.primary:
            triples.append(Triple(result, EV.primary, _TRUE))
    store = EmbeddedStore()
    home = individual("graph", "planted")
    store.inner.bulk_extend(Quad(t.subject, t.predicate, t.object, home) for t in triples)
    return store


_TRUE = Literal("true", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#boolean"))


def _within(name: str) -> Triple:
    return Triple(individual("variable", name), EV.within, individual("variable", name))
