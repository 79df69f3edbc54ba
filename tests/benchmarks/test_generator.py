"""The generated graph has the shape of a built one, and every query answers alike everywhere."""

import csv
from collections import defaultdict
from pathlib import Path

import pytest
from pyoxigraph import Quad, RdfFormat, Triple, parse

from benchmarks.engines import Door, RdfLib
from benchmarks.generate import derived_triples, quads, write
from benchmarks.hierarchy import SYSTEMS, Hierarchy
from benchmarks.measure import checksum
from benchmarks.run import QUERIES
from evikg.graph.derive import derive
from evikg.graph.mapping import from_triples, iri, to_triples
from evikg.graph.records import Group, Result, Variable
from evikg.graph.schemas import schemas
from evikg.loaders.build import assemble
from evikg.loaders.results_csv import COLUMNS
from evikg.ontology import EV, individual

TRIPLES, TERMS = 5_000, 300

EVIDENCE = """\
source: {slug: doe-2020, kind: journal article, title: A small study}
studies:
  - {slug: small, label: Small study, design: retrospective cohort}
groups:
  - {slug: small-all, study: small, label: All patients, kind: treated, size: 42}
  - {slug: small-part, study: small, label: Some, kind: subgroup, size: 20, subgroup_of: small-all}
variables:
  - {slug: anemia, label: anemia, kind: adverse event}
"""
SHARE = {"study": "small", "variable": "anemia", "statistic": "percent", "unit": "%"} | {
    "count_unit": "patients",
    "directness": "own",
    "locator": "Table 2, Anemia",
}
ROWS = (
    {"group": "small-all", "value": "50.0", "events": "21", "total": "42", "line": "12"},
    {"group": "small-part", "value": "50.0", "events": "10", "total": "20", "line": "13"},
    {"group": "small-all", "value": "50", "total": "42", "locator": "Abstract", "line": "2"},
)


@pytest.fixture(scope="module")
def generated() -> list[Quad]:
    return list(quads(TRIPLES, TERMS))


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("generated") / "graph.nq"
    write(file, TRIPLES, TERMS)
    return file


@pytest.fixture(scope="module")
def engines(graph: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Door, RdfLib]:
    door, rdflib = Door(tmp_path_factory.mktemp("door")), RdfLib(tmp_path_factory.mktemp("rdflib"))
    door.load(graph)
    rdflib.load(graph.with_suffix(".nt"))
    return door, rdflib


def test_has_the_size_that_is_asked_for(generated: list[Quad], graph: Path) -> None:
    terminology = individual("graph", "terminology")
    evidence = [quad for quad in generated if quad.graph_name != terminology]
    assert len(evidence) == pytest.approx(TRIPLES, rel=0.05)
    hierarchy = len(generated) - len(evidence)
    assert hierarchy == len(list(Hierarchy(TERMS, 1).triples()))
    assert write(graph.with_name("again.nq"), TRIPLES, TERMS) == (len(evidence), hierarchy)


def test_is_the_same_every_time(graph: Path) -> None:
    again = graph.with_name("again.nq")
    write(again, TRIPLES, TERMS)
    assert again.read_bytes() == graph.read_bytes()
    write(again, TRIPLES, TERMS, seed=2)
    assert again.read_bytes() != graph.read_bytes()


def test_a_smaller_graph_is_the_beginning_of_a_larger_one_in_its_first_study() -> None:
    first = individual("graph", "source-00001")
    small, large = (
        [quad for quad in quads(triples, TERMS) if quad.graph_name == first]
        for triples in (TRIPLES, 2 * TRIPLES)
    )
    assert small == large


def test_no_triple_stands_in_two_graphs(generated: list[Quad]) -> None:
    assert len({quad.triple for quad in generated}) == len(generated)


def test_both_files_hold_the_same_triples(graph: Path) -> None:
    named = parse(path=str(graph), format=RdfFormat.N_QUADS)
    plain = parse(path=str(graph.with_suffix(".nt")), format=RdfFormat.N_TRIPLES)
    assert [quad.triple for quad in named] == [quad.triple for quad in plain]


def test_records_come_back(generated: list[Quad]) -> None:
    types = {schema.type for schema in schemas().values()}
    written: defaultdict[str, set[Triple]] = defaultdict(set)
    typed = set()
    for quad in generated:
        written[quad.subject.value].add(quad.triple)  # type: ignore[union-attr]
        if quad.object in types:
            typed.add(quad.subject.value)  # type: ignore[union-attr]
    records = from_triples(quad.triple for quad in generated)
    assert {iri(record).value for record in records} == typed
    derived = {EV.quantity, EV.primary, EV.countedIn}
    for record in records:
        found = written[iri(record).value]
        # Mappings point from a variable to its term, beside the record.
        extra = {t for t in found if t.predicate in derived or "skos" in t.predicate.value}
        assert found - extra <= set(to_triples(record)) <= found


def test_derived_triples_are_those_of_a_build(tmp_path: Path) -> None:
    folder = tmp_path / "evidence" / "doe-2020"
    folder.mkdir(parents=True)
    (folder / "source.yaml").write_text(EVIDENCE, encoding="utf-8")
    with (folder / "results.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, COLUMNS, restval="")
        table.writeheader()
        table.writerows(SHARE | row | {"printed": row["value"]} for row in ROWS)
    built = assemble(tmp_path / "evidence")
    place = individual("graph", "derived")
    expected = {quad.triple for quad in built.quads if quad.graph_name == place}
    corpus = built.corpus
    items = derive(
        corpus.results,
        corpus.of(Group).values(),
        corpus.of(Variable).values(),
    )
    assert any(item.counted_in for item in items)
    assert not all(item.primary for item in items)
    assert {triple for item in items for triple in derived_triples(item)} == expected


def test_terms_are_used_by_zipfs_law_and_hang_together() -> None:
    hierarchy = Hierarchy(3_000, 1)
    assert max(map(hierarchy.depth, range(len(hierarchy)))) > 8
    assert all(1 <= hierarchy.system(term) <= SYSTEMS for term in range(1, len(hierarchy)))
    several = sum(len(parents) > 1 for parents in hierarchy.parents)
    assert 0.2 < several / len(hierarchy) < 0.35


def test_results_have_about_as_many_triples_as_those_of_the_corpus(generated: list[Quad]) -> None:
    results = [r for r in from_triples(q.triple for q in generated) if isinstance(r, Result)]
    subjects = {iri(result) for result in results}
    about = sum(quad.subject in subjects for quad in generated)
    assert 20 <= about / len(results) <= 30


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.stem)
def test_a_query_answers_alike_on_the_door_and_on_rdflib(
    query: Path, engines: tuple[Door, RdfLib]
) -> None:
    text = query.read_text(encoding="utf-8")
    assert text.startswith("# ")
    door, rdflib = (engine.run(text) for engine in engines)
    assert door
    assert sorted(door) == sorted(rdflib)
    assert checksum(door) == checksum(rdflib)


def test_there_are_ten_queries() -> None:
    assert len(QUERIES) == 10
