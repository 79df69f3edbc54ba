"""Validation of an rdflib graph against the packaged SHACL shapes."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """What a shape found wrong; `path` and `value` are empty where the shape names none."""

    focus: str
    path: str
    value: str
    message: str
    severity: str  # Violation, Warning or Info


def shape_names() -> list[str]:
    """Return the names of the packaged shape files, without their ending, sorted."""
    folder = files(__package__).joinpath("shapes")
    names = (item.name for item in folder.iterdir())
    return sorted(name.removesuffix(".ttl") for name in names if name.endswith(".ttl"))


def validate(graph: "Graph") -> list[Violation]:
    """Validate a graph against every packaged shape; nothing is inferred.

    The graph need not hold the vocabulary: it is read beside it, and the graph stays as it is.

    :returns: what is wrong, sorted; empty if the graph conforms
    """
    return validate_with(graph, shape_names())


def validate_with(graph: "Graph", names: list[str]) -> list[Violation]:
    """Validate a graph against the shape files of these names, as `validate` does."""
    from pyshacl import validate as run
    from rdflib import SH, BNode, Graph

    shapes = Graph()
    for name in names:
        shapes.parse(data=_text(f"shapes/{name}.ttl"), format="turtle")
    _, report, _ = run(
        graph,
        shacl_graph=shapes,
        ont_graph=_vocabulary(),
        inference="none",
        advanced=False,
    )
    assert isinstance(report, Graph)  # noqa: S101 - what pyshacl returns unless it raises

    def text(result: "Node", predicate: "Node") -> str:
        found = report.value(result, predicate)
        # A blank node is a path or a value without a name.
        return "" if found is None or isinstance(found, BNode) else str(found)

    return sorted(
        Violation(
            focus=text(result, SH.focusNode),
            path=text(result, SH.resultPath),
            value=text(result, SH.value),
            message=text(result, SH.resultMessage),
            severity=text(result, SH.resultSeverity).removeprefix(str(SH)),
        )
        # Results within results (`sh:detail`) only repeat why: those of the report count.
        for result in report.objects(None, SH.result)
    )


def _text(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


@cache
def _vocabulary() -> "Graph":
    from rdflib import Graph

    return Graph().parse(data=_text("evikg.ttl"), format="turtle")
