"""The quads of a store in one order, with bounded memory, and the part that concerns studies.

Exports are written from these, so that they hold a graph in one order wherever it was built.
"""

from collections.abc import Iterable, Iterator
from importlib.resources import files
from itertools import groupby, islice
from tempfile import TemporaryFile
from typing import IO, cast

import pyoxigraph
from pyoxigraph import (
    BlankNode,
    NamedNode,
    Quad,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Triple,
)

from evikg.graph.binding import bind
from evikg.graph.canonical import nquad_line, sorted_lines
from evikg.graph.embedded import EmbeddedStore
from evikg.graph.errors import ExportError
from evikg.graph.store import Store
from evikg.ontology import individual


def graph_names(store: Store) -> list[str]:
    """Return the IRIs of the named graphs, sorted."""
    return store.graphs()


def sorted_quads(store: Store, graph: str | None = None) -> Iterator[Quad]:
    """Yield the quads of the named graphs, or of one of them, graph by graph and sorted in each."""
    for name in [graph] if graph is not None else graph_names(store):
        node = NamedNode(name)
        for quad in _parsed(sorted_lines(_lines(store, name))):
            yield Quad(quad.subject, quad.predicate, quad.object, node)


def sorted_triples(store: Store) -> Iterator[Triple]:
    """Yield the distinct triples of all named graphs, sorted: those of one subject stand together."""
    lines = (line for name in graph_names(store) for line in _lines(store, name))
    for quad in _parsed(sorted_lines(lines)):
        yield quad.triple


def by_subject(triples: Iterable[Triple]) -> Iterator[tuple[NamedNode | BlankNode, list[Triple]]]:
    """Group triples, those of one subject in a row, by their subject."""
    for subject, group in groupby(triples, key=lambda triple: triple.subject):
        yield cast(NamedNode | BlankNode, subject), list(group)


def _quads(store: Store, graph: str) -> Iterator[Quad]:
    """Yield the quads of a graph as the store gives them, without its name."""
    with TemporaryFile() as file:
        store.export(cast(IO[bytes], file), RdfFormat.N_TRIPLES, graph)
        file.seek(0)
        yield from pyoxigraph.parse(cast(IO[bytes], file), RdfFormat.N_TRIPLES)


def _lines(store: Store, graph: str) -> Iterator[str]:
    return map(nquad_line, _quads(store, graph))


def _parsed(lines: Iterable[str]) -> Iterator[Quad]:
    rest = iter(lines)
    while some := "".join(islice(rest, 1000)):
        yield from pyoxigraph.parse(some.encode(), RdfFormat.N_QUADS)


def one_graph(store: Store, slug: str) -> Store:
    """Return, in memory, one named graph.

    :raises ExportError: if there is none of this name
    """
    name = individual("graph", slug).value
    known = graph_names(store)
    if name not in known:
        slugs = ", ".join(iri.removeprefix(individual("graph", "").value) for iri in known)
        raise ExportError(f"there is no graph {slug!r}; there are {slugs}")
    held = EmbeddedStore()
    held.inner.bulk_extend(sorted_quads(store, name))
    return held


def part_about(store: Store, studies: Iterable[str]) -> Store:
    """Return, in memory, what a graph says of studies and of what they speak of.

    That is the studies, their groups, definitions and results, the checks and discrepancies of
    these, and what they refer to: sources, variables with their terms, regimens, drugs. Every
    quad keeps its named graph.

    :param studies: slugs
    :raises ExportError: if the graph has no such study
    """
    text = files(__package__).joinpath("studies.rq").read_text(encoding="utf-8")
    named = [individual("study", slug) for slug in studies]
    answer = store.query(bind(text, {"study": named}))
    assert isinstance(answer, QuerySolutions)  # noqa: S101 - what a SELECT answers
    parts = {solution["part"] for solution in answer}
    for study in named:
        if study not in parts:
            raise ExportError(
                f"the graph has no study {study.value.rpartition('/')[2]!r};"
                " the column study of `evikg results` names them"
            )
    held = EmbeddedStore()
    for name in graph_names(store):
        graph = NamedNode(name)
        held.inner.bulk_extend(
            Quad(quad.subject, quad.predicate, quad.object, graph)
            for quad in _quads(store, name)
            if quad.subject in parts
        )
    held.inner.bulk_extend(_licence(store))
    return held


def _licence(store: Store) -> Iterator[Quad]:
    """Yield under what terms the whole graph is given: a part is given under the same."""
    text = files(__package__).joinpath("licence.rq").read_text(encoding="utf-8")
    answer = store.query(text)
    assert isinstance(answer, QueryTriples)  # noqa: S101 - what a CONSTRUCT answers
    for triple in answer:
        yield Quad(
            triple.subject, triple.predicate, triple.object, individual("graph", "description")
        )
