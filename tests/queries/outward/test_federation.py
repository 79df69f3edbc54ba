"""Federated questions against endpoints on loopback; expected rows are counts of the data."""

from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions, RdfFormat

from evikg.graph.embedded import EmbeddedStore
from evikg.graph.errors import EndpointError, QueryError
from evikg.queries import catalogue, federated
from evikg.queries.answer import Answer
from evikg.queries.outward import Asker, Settings, read_settings
from evikg.queries.outward.federation import PORTION, answer, blocks

from .conftest import DATA, Gate
from .conftest import answer as fault

MESH = "http://id.nlm.nih.gov/mesh/"


@pytest.fixture
def store() -> EmbeddedStore:
    made = EmbeddedStore()
    made.load((DATA / "local.ttl").read_bytes(), RdfFormat.TURTLE, "https://w3id.org/evikg/graph/t")
    return made


def ask(
    name: str, store: EmbeddedStore, settings: Settings, asker: Asker, **parameters: str
) -> list[tuple[str, ...]]:
    query = catalogue()[name].bound(store, parameters)
    return Answer.of(answer(store, query, settings, asker)).values()


def test_drugs_are_joined_with_everything_above_them_in_mesh(
    store: EmbeddedStore, settings: Settings, asker: Asker
) -> None:
    found = ask("drug-mesh-ancestors", store, settings, asker)
    # 23 headings in mesh.nq hang together over Inotuzumab Ozogamicin, itself one of them.
    assert len({row[2] for row in found}) == len(found) == 22
    assert {row[4] for row in found} == {"2"}
    assert (f"{MESH}D000080084", "Calicheamicins") in [row[2:4] for row in found]


def test_identifiers_of_wikidata_are_joined_by_unii(
    store: EmbeddedStore, settings: Settings, asker: Asker
) -> None:
    found = ask("drug-wikidata-identifiers", store, settings, asker)
    assert found == [
        (
            "https://w3id.org/evikg/drug/tocilizumab",
            "I031V2H011",
            "http://www.wikidata.org/entity/Q425154",
            "MeSH supplementary record",
            "C502936",
        )
    ]


def test_subclasses_in_ubergraph_lead_back_to_variables(
    store: EmbeddedStore, settings: Settings, asker: Asker
) -> None:
    found = ask("disease-ubergraph-subclasses", store, settings, asker)
    assert [row[2:] for row in found] == [
        (
            "http://purl.obolibrary.org/obo/MONDO_0004947",
            "B-cell acute lymphoblastic leukemia",
            "https://w3id.org/evikg/variable/b-all",
        )
    ]


def test_the_same_rows_come_from_an_engine_that_federates_itself(
    store: EmbeddedStore, settings: Settings, asker: Asker, gate: Gate
) -> None:
    for name, question in federated().items():
        query = question.text
        for shipped in settings.by_shipped_url:
            query = query.replace(f"SERVICE <{shipped}>", f"SERVICE <{gate.url}>")
        solutions = store.query(query)
        assert isinstance(solutions, QuerySolutions)
        own = Answer.of(solutions).values()
        assert own, name
        assert ask(name, store, settings, asker) == own, name


def test_only_what_the_graph_binds_is_asked_for(
    store: EmbeddedStore, settings: Settings, asker: Asker, gate: Gate
) -> None:
    nothing = EmbeddedStore()
    assert ask("drug-mesh-ancestors", nothing, settings, asker) == []
    assert gate.seen == []
    ask("drug-mesh-ancestors", store, settings, asker)
    (request,) = gate.seen
    assert "D000080045" in request[1]


def test_many_bindings_are_asked_for_in_portions(
    settings: Settings, asker: Asker, gate: Gate
) -> None:
    store = EmbeddedStore()
    lines = "".join(f"<http://x/{i}> <http://x/p> <{MESH}D{i:09}> .\n" for i in range(PORTION + 1))
    store.load(lines.encode(), RdfFormat.N_TRIPLES, "http://x/g")
    query = (
        "SELECT * { ?s <http://x/p> ?term SERVICE <https://id.nlm.nih.gov/mesh/sparql> "
        "{ ?term ?p ?o } }"
    )
    list(answer(store, query, settings, asker))
    assert len(gate.seen) == 2


ABOVE = """SELECT ?term ?above {
  VALUES ?term { <http://id.nlm.nih.gov/mesh/D000080045> <http://id.nlm.nih.gov/mesh/D000080084> }
  SERVICE <https://id.nlm.nih.gov/mesh/sparql> {
    ?term <http://id.nlm.nih.gov/mesh/vocab#broaderDescriptor> ?above }
} ORDER BY ?term ?above"""


def cut_off_at(rows: int, settings: Settings) -> Settings:
    mesh = replace(settings.endpoints["mesh"], max_rows=rows)
    return Settings({**settings.endpoints, "mesh": mesh})


def test_an_answer_that_may_be_cut_off_is_asked_for_in_halves(
    store: EmbeddedStore, settings: Settings, asker: Asker, gate: Gate
) -> None:
    whole = Answer.of(answer(store, ABOVE, settings, asker)).values()
    # Each of the two stands under two headings.
    assert len(whole) == 4
    halves = Answer.of(answer(store, ABOVE, cut_off_at(4, settings), asker)).values()
    assert halves == whole
    # The whole is kept; only the halves are asked for.
    assert len(gate.seen) == 1 + 2


def test_an_answer_that_cannot_be_halved_is_no_answer(
    store: EmbeddedStore, settings: Settings, asker: Asker
) -> None:
    with pytest.raises(EndpointError, match="mesh: answer cut off at 2 rows"):
        answer(store, ABOVE, cut_off_at(2, settings), asker)


def test_mesh_rdf_is_known_to_cut_off_at_1000_rows() -> None:
    # `limit`, default 1000: webui/src/main/resources/swagger.yaml of https://github.com/HHS/meshrdf
    assert read_settings(Path("/dev/null")).endpoints["mesh"].max_rows == 1000


def test_a_block_in_an_optional_keeps_the_local_row(
    store: EmbeddedStore, settings: Settings, asker: Asker
) -> None:
    query = """SELECT ?drug ?name {
      ?drug a <https://w3id.org/evikg/ontology#Drug> ; <http://www.w3.org/2004/02/skos/core#exactMatch> ?term
      OPTIONAL { SERVICE <https://id.nlm.nih.gov/mesh/sparql> { # { a brace in a comment
        ?term <http://www.w3.org/2000/01/rdf-schema#label> ?name FILTER(?name != "}") } }
    } ORDER BY ?drug ?name"""
    found = Answer.of(answer(store, query, settings, asker)).values()
    assert [row[1] for row in found] == ["", "Inotuzumab Ozogamicin", ""]


def test_two_blocks_are_asked_one_after_the_other(
    store: EmbeddedStore, settings: Settings, asker: Asker
) -> None:
    query = """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
    PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
    SELECT ?above ?name {
      <https://w3id.org/evikg/drug/inotuzumab-ozogamicin> skos:exactMatch ?term
      SERVICE <https://id.nlm.nih.gov/mesh/sparql> {
        ?term <http://id.nlm.nih.gov/mesh/vocab#broaderDescriptor> ?above }
      SERVICE SILENT <https://id.nlm.nih.gov/mesh/sparql> { ?above rdfs:label ?name }
    } ORDER BY ?name"""
    found = Answer.of(answer(store, query, settings, asker)).values()
    assert [row[1] for row in found] == ["Antibodies, Monoclonal, Humanized", "Calicheamicins"]


def test_a_silent_endpoint_is_an_error_and_no_half_answer(
    store: EmbeddedStore, settings: Settings, asker: Asker, gate: Gate
) -> None:
    gate.faults = [fault(404)]
    with pytest.raises(EndpointError, match="mesh: refused: 404 Not Found"):
        ask("drug-mesh-ancestors", store, settings, asker)


def test_an_endpoint_nobody_knows_is_refused(
    store: EmbeddedStore, settings: Settings, asker: Asker
) -> None:
    query = "SELECT * { SERVICE <http://127.0.0.1/x> { ?s ?p ?o } }"
    with pytest.raises(QueryError, match="none of the known endpoints"):
        answer(store, query, settings, asker)


@pytest.mark.parametrize(
    "query", ["SELECT * { SERVICE ?e { ?s ?p ?o } }", "SELECT * { SERVICE <x:y> {"]
)
def test_a_block_that_is_none_is_refused(query: str) -> None:
    with pytest.raises(QueryError):
        blocks(query)


def test_questions_that_need_the_network_are_listed_apart_and_found_by_name() -> None:
    assert set(federated()).isdisjoint(catalogue())
    assert len(federated()) >= 3
    for name, question in federated().items():
        header = catalogue()[name].header
        assert header.federated
        assert "network" in header.description
        # What each SERVICE names is an endpoint that ships.
        for block in blocks(question.text):
            assert block.iri.startswith("https://")
    assert not any(question.header.federated for question in catalogue().values())


def test_the_document_has_every_question_that_needs_the_network() -> None:
    document = (DATA.parents[2] / "docs" / "outward-links.md").read_text(encoding="utf-8")
    for name, question in federated().items():
        assert f"| `{name}` | {question.header.summary} |" in document


def test_ask_takes_the_users_endpoints(
    store: EmbeddedStore, gate: Gate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(f"wikidata: {{url: '{gate.url}'}}\n")
    monkeypatch.setenv("EVIKG_ENDPOINTS", str(path))
    rows = catalogue()["drug-wikidata-identifiers"].run(store, drug="tocilizumab").rows
    assert len(rows) == 1


def test_settings_know_shipped_addresses_under_their_own(settings: Settings) -> None:
    known = settings.by_shipped_url["https://query.wikidata.org/sparql"]
    assert replace(known) == settings.endpoints["wikidata"]
