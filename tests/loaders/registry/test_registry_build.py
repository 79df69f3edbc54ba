"""Registry records in a build: one study with two sources, or a study of its own.

Expected numbers are read off the records in `tests/data/ctgov` (U.S. National Library of Medicine)
at the JSON Pointers given.
"""

import gzip
import json
import shutil
from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions

from evikg.graph.embedded import EmbeddedStore, current_generation
from evikg.graph.manifest import MANIFEST, read_manifest
from evikg.loaders.build import build
from evikg.loaders.faults import EvidenceError
from evikg.loaders.registry.keeping import kept_registry, records_of
from evikg.queries.examples import examples

RECORDS = Path(__file__).parents[2] / "data" / "ctgov"
PREFIXES = """
PREFIX ev: <https://w3id.org/evikg/ontology#>
PREFIX graph: <https://w3id.org/evikg/graph/>
PREFIX group: <https://w3id.org/evikg/group/>
PREFIX mesh: <http://id.nlm.nih.gov/mesh/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX result: <https://w3id.org/evikg/result/>
PREFIX source: <https://w3id.org/evikg/source/>
PREFIX study: <https://w3id.org/evikg/study/>
PREFIX variable: <https://w3id.org/evikg/variable/>
PREFIX void: <http://rdfs.org/ns/void#>
"""


def rows(store: EmbeddedStore, query: str) -> list[tuple[str, ...]]:
    answer = store.query(PREFIXES + query)
    assert isinstance(answer, QuerySolutions)
    width = len(answer.variables)
    texts = (tuple(row[i].value if row[i] else "" for i in range(width)) for row in answer)  # type: ignore[union-attr]
    return sorted(tuple(text.rpartition("/")[2] for text in row) for row in texts)


def numbers(place: Path) -> list[str]:
    path = kept_registry(place)
    return [raw.number for raw in records_of(path)] if path else []


def version_of(name: str, posted: str, folder: Path, **changes: str) -> Path:
    """Write a version of a record that was posted on a date."""
    record = json.loads((RECORDS / name).read_text(encoding="utf-8"))
    record["protocolSection"]["statusModule"]["lastUpdatePostDateStruct"]["date"] = posted
    record["protocolSection"]["identificationModule"] |= changes
    path = folder / f"{posted}-{name}"
    path.write_text(json.dumps(record), encoding="utf-8")
    return path


def test_a_record_with_the_number_of_a_study_is_another_source_of_it(store: EmbeddedStore) -> None:
    found = rows(
        store,
        """SELECT DISTINCT ?study ?source { ?study ev:registration "NCT03275402" .
           ?result ev:study ?study ; ev:source ?source }""",
    )
    assert found == [("omburtamab-101", "nct03275402"), ("omburtamab-101", "roe-2024")]


def test_the_record_fills_in_what_the_paper_does_not_say_of_the_study(store: EmbeddedStore) -> None:
    found = rows(
        store,
        """SELECT ?label ?phase ?enrollment ?country { study:omburtamab-101 rdfs:label ?label ;
           ev:phase ?phase ; ev:enrollment ?enrollment ; ev:country ?country }""",
    )
    # The paper's label and country stand; phases and enrollment are those of designModule.
    assert found == [("Study 101", "3", "52", "Denmark")]
    phase = rows(store, "SELECT ?phase { study:omburtamab-101 ev:phase ?phase }")
    assert phase == [("3",)]  # "2/3": what stands before the slash is cut off above


def test_numbers_that_agree_are_printings_of_one_quantity(store: EmbeddedStore) -> None:
    """22 of 52 women: baselineCharacteristicsModule/measures/2/classes/0/categories/0."""
    found = rows(
        store,
        """SELECT ?source ?value { ?paper ev:source source:roe-2024 ; ev:variable variable:female-sex ;
           ev:quantity ?quantity . ?printing ev:quantity ?quantity ; ev:source ?source ;
           ev:printedValue ?value }""",
    )
    assert found == [("nct03275402", "22"), ("roe-2024", "22")]
    disagreements = rows(
        store,
        """SELECT ?d { ?d ev:basis ?r . ?r ev:variable variable:female-sex }""",
    )
    assert disagreements == []


def test_numbers_that_disagree_are_found(store: EmbeddedStore) -> None:
    """4 of 52 in adverseEventsModule/seriousEvents/7/stats/0/numAffected; the paper prints 5."""
    found = rows(
        store,
        """SELECT ?type ?source ?value ?pointer { ?d ev:discrepancyType ?type ; ev:basis ?result .
           ?result ev:source ?source ; ev:printedValue ?value ;
             ev:variable variable:lymphocyte-count-decreased .
           OPTIONAL { ?result ev:pointer ?pointer } }""",
    )
    assert found == [
        ("ontology#value-discrepancy", "nct03275402", "4", "numAffected"),
        ("ontology#value-discrepancy", "roe-2024", "5", ""),
    ]


def test_a_group_is_joined_only_where_exactly_one_fits(store: EmbeddedStore) -> None:
    """The record's groups of 52 are the paper's 52 treated patients, not the subgroup of 52."""
    found = rows(
        store,
        """SELECT DISTINCT ?group { ?result ev:source source:nct03275402 ; ev:group ?group }""",
    )
    assert ("omburtamab-101-all",) in found
    assert ("omburtamab-101-relapsed",) not in found
    assert ("nct03275402-eg000",) not in found


def test_another_record_has_a_study_of_its_own(store: EmbeddedStore) -> None:
    found = rows(
        store, "SELECT DISTINCT ?study { ?r ev:source source:nct01987596 ; ev:study ?study }"
    )
    assert found == [("nct01987596",)]
    # eventGroups/0/deathsNumAffected: 0 of 21.
    deaths = rows(
        store,
        """SELECT ?result ?value ?total { ?result ev:variable variable:death ; ev:primary true ;
           ev:group group:nct01987596-eg000 ; ev:value ?value ; ev:total ?total }""",
    )
    assert deaths == [("nct01987596-eg000-deaths", "0", "21")]


def test_every_triple_stands_in_one_graph_and_is_counted(store: EmbeddedStore) -> None:
    quads = list(store.inner)
    assert len({(q.subject, q.predicate, q.object) for q in quads}) == len(quads)
    said = rows(store, "SELECT ?g ?n { graph:evidence void:subset ?g . ?g void:triples ?n }")
    held = rows(store, "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
    assert said == [row for row in held if row[0] != "description"]
    subjects = len(
        {q.subject for q in quads if q.graph_name.value.rpartition("/")[2] != "description"}
    )
    assert rows(store, "SELECT ?n { graph:evidence void:distinctSubjects ?n }") == [
        (str(subjects),)
    ]


def test_what_a_record_refers_to_is_there(store: EmbeddedStore) -> None:
    missing = rows(
        store,
        """SELECT DISTINCT ?p ?o { ?s ?p ?o . ?s a ?type
           FILTER(?type IN (ev:Result, ev:Group, ev:Study, ev:Definition, ev:Variable, ev:Regimen))
           FILTER(STRSTARTS(STR(?o), "https://w3id.org/evikg/")) FILTER NOT EXISTS { ?o a ?any } }""",
    )
    assert missing == []


def test_studies_lie_under_the_terms_they_are_indexed_with(store: EmbeddedStore) -> None:
    """D055756: derivedSection/conditionBrowseModule/meshes/1 of NCT03275402 alone."""
    found = rows(
        store,
        """SELECT ?study ?label { ?study ev:indexedWith ?term . ?term ev:within mesh:D055756 ;
           rdfs:label ?label }""",
    )
    assert found == [("omburtamab-101", "Meningeal Carcinomatosis")]


def test_every_variable_is_in_the_closure(store: EmbeddedStore) -> None:
    lacking = rows(
        store,
        "SELECT ?v { ?v a ev:Variable . FILTER NOT EXISTS { ?v ev:within ?v } }",
    )
    assert lacking == []


def test_the_shapes_hold_of_records(store: EmbeddedStore) -> None:
    import rdflib

    from evikg.ontology.shapes import validate

    graphs = {f"https://w3id.org/evikg/graph/{name}" for name in (
        "catalogue", "nct03275402", "nct01987596"
    )}  # fmt: skip
    graph = rdflib.Graph()
    lines = (f"{q.triple} .\n" for q in store.inner if q.graph_name.value in graphs)  # type: ignore[union-attr]
    graph.parse(data="".join(lines), format="nt")
    assert len(graph) > 5000
    assert [str(item) for item in validate(graph) if item.severity == "Violation"] == []


def test_the_manifest_lists_the_records(place: Path) -> None:
    generation = current_generation(place)
    assert generation is not None
    inputs = read_manifest(generation / MANIFEST)["inputs"]
    names = sorted(item["name"] for item in inputs if item["name"].startswith("loaded/ctgov/"))
    assert names == ["loaded/ctgov/NCT01987596.json", "loaded/ctgov/NCT03275402.json"]


def test_records_are_kept_replaced_and_forgotten(paper: Path, place: Path, tmp_path: Path) -> None:
    held = tmp_path / "graph"
    shutil.copytree(place, held)
    newer = version_of("NCT01987596.json", "2030-01-01", tmp_path, acronym="NEWER")
    older = version_of("NCT01987596.json", "2001-01-01", tmp_path, acronym="OLDER")
    said: list[str] = []
    build(paper, held, said.append, records=[newer])
    assert numbers(held) == ["NCT01987596", "NCT03275402"]
    label = "SELECT ?label { study:nct01987596 rdfs:label ?label }"
    assert rows(EmbeddedStore.open(held), label) == [("NEWER",)]
    build(paper, held, said.append, records=[older])
    assert rows(EmbeddedStore.open(held), label) == [("NEWER",)]
    assert any("NCT01987596" in line and "stays" in line for line in said)
    build(paper, held)
    assert rows(EmbeddedStore.open(held), label) == [("NEWER",)]
    build(paper, held, afresh=True)
    assert numbers(held) == []
    assert rows(EmbeddedStore.open(held), label) == []


def test_the_order_of_loading_makes_no_difference(paper: Path, place: Path, tmp_path: Path) -> None:
    held = tmp_path / "graph"
    build(paper, held, records=[RECORDS / "NCT01987596.json"])
    build(paper, held, records=[RECORDS / "NCT03275402.json"], examples=examples())
    assert set(EmbeddedStore.open(held).inner) == set(EmbeddedStore.open(place).inner)


def test_a_fault_changes_nothing(paper: Path, place: Path, tmp_path: Path) -> None:
    held = tmp_path / "graph"
    shutil.copytree(place, held)
    before = current_generation(held)
    bad = tmp_path / "bad.json"
    bad.write_text(json.dumps({"protocolSection": {}}), encoding="utf-8")
    cut = tmp_path / "cut.json.gz"
    cut.write_bytes(gzip.compress(b"{}" * 1000)[:20])
    with pytest.raises(EvidenceError) as error:
        build(paper, held, records=[RECORDS / "NCT01987596.json", bad, cut])
    assert {fault.path for fault in error.value.faults} == {bad, cut}
    assert current_generation(held) == before
    assert numbers(held) == ["NCT01987596", "NCT03275402"]


def test_a_fault_of_structure_names_the_file_and_the_place(paper: Path, tmp_path: Path) -> None:
    record = json.loads((RECORDS / "NCT03275402.json").read_text(encoding="utf-8"))
    events = record["resultsSection"]["adverseEventsModule"]
    events["eventGroups"][0]["deathsNumAffected"] = "seventeen"
    page = tmp_path / "page.json"
    page.write_text(json.dumps({"studies": [record]}), encoding="utf-8")
    with pytest.raises(EvidenceError) as error:
        build(paper, tmp_path / "graph", records=[RECORDS / "NCT01987596.json", page])
    (fault,) = error.value.faults
    at = "/resultsSection/adverseEventsModule/eventGroups/0/deathsNumAffected"
    assert (fault.path, fault.field) == (page, f"record 1 NCT03275402 {at}")
    assert fault.value == "seventeen"


def test_a_crash_while_records_are_written_leaves_the_last_good_graph(
    paper: Path, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = tmp_path / "graph"
    shutil.copytree(place, held)
    before = current_generation(held)

    def crash(*_: object) -> None:
        raise MemoryError("no room")

    monkeypatch.setattr("evikg.loaders.registry.apart.graphs_of", crash)
    newer = version_of("NCT01987596.json", "2030-01-01", tmp_path)
    with pytest.raises(MemoryError):
        build(paper, held, records=[newer])
    monkeypatch.undo()
    assert current_generation(held) == before
    assert rows(EmbeddedStore.open(held), "SELECT ?s { ?s ev:registration 'NCT01987596' }")
    build(paper, held)
    assert numbers(held) == ["NCT01987596", "NCT03275402"]
