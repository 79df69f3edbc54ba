"""KGX: what Biolink allows, what no edge may claim, and that it all comes back."""

import csv
import importlib.util
import json
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad

from evikg.graph.embedded import EmbeddedStore
from evikg.graph.errors import ExportError
from evikg.graph.exports import read_kgx
from evikg.graph.exports.kgx import write_kgx
from evikg.graph.exports.kgx_files import JsonLines, Tsv, escape, unescape
from evikg.graph.exports.kgx_tables import curie_of, iri_of
from evikg.graph.hypotheses import DISPROPORTIONALITY
from evikg.graph.mapping import RDF_TYPE, to_triples
from evikg.ontology import EV, concept, individual

_spec = importlib.util.spec_from_file_location(
    "strategies", Path(__file__).parents[1] / "strategies.py"
)
assert _spec is not None and _spec.loader is not None
strategies = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(strategies)

#: KnowledgeLevelEnum of Biolink Model 4.4.6.
LEVELS = {
    "knowledge_assertion", "logical_entailment", "prediction", "statistical_association",
    "observation", "not_provided",
}  # fmt: skip
#: Words of Biolink for a cause, an effect or a benefit.
CLAIMS = {
    "biolink:" + name
    for name in ("affects", "causes", "contributes_to", "has_side_effect", "predisposes_to",
                 "prevents", "treats", "ameliorates_condition", "exacerbates_condition")
}  # fmt: skip
GRAPH = NamedNode("https://w3id.org/evikg/graph/catalogue")
texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)


@pytest.fixture(scope="module")
def edges(
    store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, str]]:
    folder = tmp_path_factory.mktemp("kgx")
    write_kgx(store, folder, Tsv)
    with (folder / "edges.tsv").open(encoding="utf-8", newline="\n") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    found = {row["id"]: row for row in rows}
    assert len(found) == len(rows), "an identifier stands twice"
    return found


def test_no_edge_claims_a_cause_or_a_benefit(edges: dict[str, dict[str, str]]) -> None:
    assert {edge["predicate"] for edge in edges.values()} & CLAIMS == set()
    assert {edge["knowledge_level"] for edge in edges.values()} <= LEVELS
    assert {edge["agent_type"] for edge in edges.values()} == {"manual_agent"}
    assert {edge["primary_knowledge_source"] for edge in edges.values()} == {"infores:evikg"}


def test_measures_of_disproportionate_reporting_are_statistical_associations(
    edges: dict[str, dict[str, str]],
) -> None:
    # Of reports of two drugs; none is an adverse event of a patient treated.
    measures = {curie_of(concept(item).value) for item in DISPROPORTIONALITY}
    ratios = [e for e in edges.values() if e["statistic"] in measures]
    assert {e["statistic"] for e in ratios} == measures
    said = {(e["subject"], e["predicate"], e["knowledge_level"]) for e in ratios}
    assert said == {
        (f"evikg.drug:{drug}", "biolink:associated_with", "statistical_association")
        for drug in ("inotuzumab-ozogamicin", "blinatumomab")
    }
    of_faers = [
        e for e in edges.values() if e["publications"] == "DOI:10.1097/JS9.0000000000002435"
    ]
    assert "biolink:has_adverse_event" not in {e["predicate"] for e in of_faers}


def test_an_adverse_event_of_a_trial_is_an_observation(edges: dict[str, dict[str, str]]) -> None:
    # Table 3 of the phase IV trial: SOS in 2 (9.1) of 22 in the run-in at 1.2 mg/m2/cycle.
    edge = edges["evikg.result:ozcan-2025-l172-1"]
    expected = {
        "subject": "evikg.drug:inotuzumab-ozogamicin",
        "predicate": "biolink:has_adverse_event",
        "object": "evikg.variable:sinusoidal-obstruction-syndrome",
        "category": "biolink:ChemicalOrDrugOrTreatmentAdverseEventAssociation",
        "knowledge_level": "observation",
        "publications": "DOI:10.3324/haematol.2024.286091",
        "population_context_qualifier": "evikg.group:phase4-lowdose-run-in-1-2",
        "has_count": "2",
        "has_total": "22",
        "printed_value": "9.1",
    }
    assert {name: edge[name] for name in expected} == expected


def test_what_happened_to_nobody_is_no_adverse_event(edges: dict[str, dict[str, str]]) -> None:
    none = [edge for edge in edges.values() if edge.get("has_count") == "0"]
    assert none
    assert {edge["predicate"] for edge in none} == {"biolink:related_to"}


def test_a_group_without_a_regimen_has_no_drug(edges: dict[str, dict[str, str]]) -> None:
    # INO-VATE's patients on standard chemotherapy: what they had is not to be laid to inotuzumab.
    control = [
        e for e in edges.values() if "ino-vate-standard" in e["population_context_qualifier"]
    ]
    subjects = Counter(e["subject"].partition(":")[0] for e in control)
    assert set(subjects) <= {"evikg.group"}


@pytest.mark.parametrize("form", [Tsv, JsonLines])
@settings(max_examples=40, deadline=None)
@given(labels=st.lists(texts, max_size=3, unique=True), place=texts)
def test_any_text_comes_back(form: type[Tsv | JsonLines], labels: list[str], place: str) -> None:
    store = EmbeddedStore()
    drug, step = individual("drug", "a"), individual("dose-step", "b")
    names = NamedNode("http://www.w3.org/2004/02/skos/core#altLabel")
    store.inner.extend(
        [
            Quad(drug, RDF_TYPE, EV.Drug, GRAPH),
            Quad(step, RDF_TYPE, EV.DoseStep, GRAPH),
            Quad(step, EV.condition, Literal(place), GRAPH),
            *(Quad(drug, names, Literal(label, language="en"), GRAPH) for label in labels),
        ]
    )
    with TemporaryDirectory() as folder:
        written = write_kgx(store, Path(folder), form)
        back = set(read_kgx(Path(folder)))
    assert back == {quad.triple for quad in store.inner}
    assert (written.nodes, written.edges, sum(written.left.values())) == (2, 0, 0)


@pytest.mark.parametrize("form", [Tsv, JsonLines])
@settings(max_examples=60, deadline=None)
@given(record=strategies.records)
def test_every_record_comes_back(form: type[Tsv | JsonLines], record: Any) -> None:
    store = EmbeddedStore()
    store.inner.extend(Quad(t.subject, t.predicate, t.object, GRAPH) for t in to_triples(record))
    with TemporaryDirectory() as folder:
        written = write_kgx(store, Path(folder), form)
        back = set(read_kgx(Path(folder)))
    assert back == {quad.triple for quad in store.inner}
    assert not written.left


@given(texts)
def test_a_cell_holds_no_tab_no_line_break_and_no_bar(text: str) -> None:
    cell = escape(text)
    assert cell.splitlines() == [cell]
    assert not {"\t", "|"} & set(cell)
    assert unescape(cell) == text


@pytest.mark.parametrize("number", ["0.1", "83.3", "123456789.123456789123456789", "1000000"])
def test_a_number_keeps_its_digits(number: str, tmp_path: Path) -> None:
    store = EmbeddedStore()
    step = individual("dose-step", "a")
    amount = Literal(number, datatype=NamedNode("http://www.w3.org/2001/XMLSchema#decimal"))
    store.inner.extend(
        [Quad(step, RDF_TYPE, EV.DoseStep, GRAPH), Quad(step, EV.amount, amount, GRAPH)]
    )
    for form in (Tsv, JsonLines):
        folder = tmp_path / form.__name__
        folder.mkdir()
        write_kgx(store, folder, form)
        assert set(read_kgx(folder)) == {quad.triple for quad in store.inner}


def test_what_has_no_column_is_counted(tmp_path: Path) -> None:
    store = EmbeddedStore()
    drug = individual("drug", "a")
    store.inner.extend([Quad(drug, RDF_TYPE, EV.Drug, GRAPH), Quad(drug, EV.note, drug, GRAPH)])
    assert write_kgx(store, tmp_path, JsonLines).left == {"ev:note": 1}


def test_identifiers_are_curies_that_lead_back() -> None:
    for iri, curie in {
        "http://id.nlm.nih.gov/mesh/D006504": "MESH:D006504",
        "http://purl.obolibrary.org/obo/MONDO_0019514": "MONDO:0019514",
        "https://w3id.org/evikg/variable/vod-sos": "evikg.variable:vod-sos",
        "https://w3id.org/evikg/ontology#patients": "evikg:patients",
        "https://example.org/a": "https://example.org/a",
    }.items():
        assert (curie_of(iri), iri_of(curie)) == (curie, iri)


def test_a_folder_that_is_no_kgx_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"holds neither nodes\.tsv"):
        list(read_kgx(tmp_path))
    (tmp_path / "nodes.tsv").write_text("id\tcategory\nevikg.drug:a\n")
    (tmp_path / "edges.tsv").write_text("id\n")
    with pytest.raises(ExportError, match=r"nodes\.tsv:2 has 1 cells, the header 2"):
        list(read_kgx(tmp_path))
    (tmp_path / "nodes.tsv").unlink()
    (tmp_path / "evikg_nodes.jsonl").write_text(json.dumps({"id": "evikg.drug:a"}) + "\n{\n")
    (tmp_path / "evikg_edges.jsonl").write_text("")
    with pytest.raises(ExportError, match=r"evikg_nodes\.jsonl:2 is no JSON"):
        list(read_kgx(tmp_path))
