"""Every question, table, explanation and export is the same on stores of every kind."""

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet
from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse

from evikg.graph import EndpointError, Store
from evikg.graph.embedded import EmbeddedStore
from evikg.graph.explain import explain
from evikg.graph.exports.formats import FileFormat, formats
from evikg.graph.table import results_table
from evikg.queries import catalogue

REMOTE = ["oxigraph", "virtuoso"]
Filled = Callable[[str], Store]
#: What Virtuoso 7.2.5 does not answer, and what it says instead.
UNANSWERED = {"safe-to-pool": "Virtuoso 42000 Error SQ200: Stack Overflow in cost model"}

#: What Virtuoso 7.2.5 exports otherwise than a directory.
DIFFERENT = {
    "jsonld": "it names no datatype for some literals",
    "kgx-jsonl": "the edges of results lack their properties",
    "kgx-tsv": "the edges of results lack their properties",
}


def _questions() -> Iterator[ParameterSet]:
    for kind in REMOTE:
        for name in sorted(catalogue()):
            words = UNANSWERED.get(name) if kind == "virtuoso" else None
            mark = pytest.mark.xfail(reason=words or "", raises=EndpointError, strict=True)
            yield pytest.param(kind, name, marks=[mark] if words else [])


def _exports() -> Iterator[ParameterSet]:
    for kind in REMOTE:
        for name in sorted(formats()):
            words = DIFFERENT.get(name) if kind == "virtuoso" else None
            mark = pytest.mark.xfail(reason=words or "", strict=True)
            yield pytest.param(kind, name, marks=[mark] if words else [])


@pytest.mark.parametrize("kind", REMOTE)
def test_the_quads_are_the_same_as_in_a_directory(
    built: EmbeddedStore, filled: Filled, kind: str
) -> None:
    assert filled(kind).size() == built.size()
    assert filled(kind).graphs() == built.graphs()
    output = BytesIO()
    filled(kind).export(output, RdfFormat.N_QUADS)
    there = Dataset(parse(output.getvalue(), RdfFormat.N_QUADS))
    here = Dataset(built.inner)
    for dataset in (here, there):  # blank nodes have other labels there
        dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    assert set(map(str, there)) == set(map(str, here))


@pytest.mark.parametrize(("kind", "name"), list(_questions()))
def test_a_question_has_the_same_rows(
    built: EmbeddedStore, filled: Filled, kind: str, name: str
) -> None:
    question = catalogue()[name]
    there, here = question.run(filled(kind)).values(), question.run(built).values()
    if kind == "virtuoso":  # it sorts what is empty behind all else, not before it
        there, here = sorted(there, key=str), sorted(here, key=str)
    assert there == here


@pytest.mark.parametrize("kind", REMOTE)
def test_the_table_of_results_is_the_same(built: EmbeddedStore, filled: Filled, kind: str) -> None:
    assert results_table(filled(kind), wide=True) == results_table(built, wide=True)


@pytest.mark.parametrize("kind", REMOTE)
def test_a_number_is_explained_in_the_same_words(
    built: EmbeddedStore, filled: Filled, kind: str
) -> None:
    for result in ("ozcan-2025-l147-2", "yoon-2026-l302-2"):
        assert explain(filled(kind), result) == explain(built, result)


@pytest.mark.parametrize(("kind", "name"), list(_exports()))
def test_an_export_is_the_same(
    built: EmbeddedStore, filled: Filled, tmp_path: Path, kind: str, name: str
) -> None:
    written = []
    for number, store in enumerate((built, filled(kind))):
        format_ = formats()[name]
        if isinstance(format_, FileFormat):
            output = BytesIO()
            format_.write(store, output)
            lines = output.getvalue().split(b"\n")
            # A nanopublication says when it was made.
            written.append({"": sorted(line for line in lines if b"dcterms:created" not in line)})
        else:
            folder = tmp_path / str(number)
            folder.mkdir()
            format_.fill(store, folder)
            files = (path for path in folder.rglob("*") if path.is_file())
            written.append({path.name: sorted(path.read_bytes().split(b"\n")) for path in files})
    # The labels of blank nodes are a store's own, and with them the order of what they stand in.
    if name in {"nquads", "trig", "ntriples", "turtle", "rdfxml", "jsonld"}:
        assert len(written[0][""]) == len(written[1][""])
    else:
        assert written[0] == written[1]
