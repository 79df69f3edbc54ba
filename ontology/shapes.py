"""Validation of an rdflib graph against the packaged SHACL shapes."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rdflib import Graph


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
    from rdflib import SH, Graph, URIRef

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

    def text(result: object, predicate: URIRef) -> str:
        found = report.value(result, predicate)  # type: ignore[arg-type]
        # A blank node is a path or value that has no name.
        return str(found) if found is not None and not _is_blank(found) else ""

    return sorted(
        Violation(
            text(result, SH.focusNode),
            text(result, SH.resultPath),
            text(result, SH.value),
            text(result, SH.resultMessage),
            text(result, SH.resultSeverity).removeprefix(str(SH)),
        )
        # Results within results (`sh:detail`) only repeat why, so only those of the report count.
        for result in report.objects(None, SH.result)
    )


def _is_blank(term: object) -> bool:
    from rdflib import BNode

    return isinstance(term, BNode)


def _text(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


@cache
def _vocabulary() -> "Graph":
    from rdflib import Graph

    return Graph().parse(data=_text("evikg.ttl"), format="turtle")
