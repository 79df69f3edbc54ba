"""RDF that goes out and comes back is the same dataset, to two libraries."""

import io
import json
from pathlib import Path

import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import (
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    parse,
)

from evikg.graph.embedded import EmbeddedStore
from evikg.graph.errors import ExportError
from evikg.graph.exports import FileFormat, formats, one_graph, part_about
from evikg.graph.release import write_release
from evikg.graph.store import Store

DATASETS = {"nquads": RdfFormat.N_QUADS, "trig": RdfFormat.TRIG, "jsonld": RdfFormat.JSON_LD}
TRIPLES = {
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "rdfxml": RdfFormat.RDF_XML,
}
GRAPH = "https://w3id.org/evikg/graph/"
#: Any text; RDF holds no surrogates.
texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)


def written(store: Store, name: str) -> bytes:
    known = formats()[name]
    assert isinstance(known, FileFormat)
    output = io.BytesIO()
    known.write(store, output)
    return output.getvalue()


def canonical(quads: object) -> list[str]:
    """Return canonical N-Quads: blank nodes named by RDFC-1.0."""
    dataset = Dataset(quads)  # type: ignore[arg-type]
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(map(str, dataset))


def of_literals(*values: Literal) -> EmbeddedStore:
    store = EmbeddedStore()
    subject, property_ = (NamedNode(f"https://w3id.org/evikg/{name}") for name in ("rule/a", "p"))
    store.inner.extend(
        [Quad(subject, property_, value, NamedNode(GRAPH + "checks")) for value in values]
    )
    return store


@pytest.mark.parametrize("name", DATASETS)
def test_a_dataset_comes_back_equal(name: str, part: EmbeddedStore) -> None:
    assert canonical(parse(written(part, name), DATASETS[name])) == canonical(part.inner)


@pytest.mark.parametrize("name", TRIPLES)
def test_the_union_of_the_graphs_comes_back_equal(name: str, part: EmbeddedStore) -> None:
    union = (Quad(q.subject, q.predicate, q.object, DefaultGraph()) for q in part.inner)
    assert canonical(parse(written(part, name), TRIPLES[name])) == canonical(union)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # rdflib trips over its own
def test_rdflib_reads_the_same_from_json_ld(part: EmbeddedStore) -> None:
    dataset = rdflib.Dataset()
    dataset.parse(data=written(part, "jsonld"), format="json-ld")
    read = parse(dataset.serialize(format="nquads").encode(), RdfFormat.N_QUADS)
    assert canonical(read) == canonical(part.inner)


def test_n_quads_are_those_of_a_release(store: EmbeddedStore, tmp_path: Path) -> None:
    write_release(store, tmp_path / "release", {})
    assert written(store, "nquads") == (tmp_path / "release" / "graph.nq").read_bytes()


@pytest.mark.parametrize("name", [*DATASETS, "turtle", "ntriples"])
@given(text=texts, language=st.sampled_from([None, "en", "tr"]))
def test_any_text_comes_back(name: str, text: str, language: str | None) -> None:
    # One value alone, and values of several types of which the context can say none.
    one = of_literals(Literal(text, language=language))
    several = of_literals(Literal(text, language=language), Literal("78.70"), Literal(1))
    rdf_format = {**DATASETS, **TRIPLES}[name]
    for store in (one, several):
        back = {quad.triple for quad in parse(written(store, name), rdf_format)}
        assert back == {quad.triple for quad in store.inner}


@given(text=texts)
def test_xml_carries_a_text_or_names_what_it_cannot(text: str) -> None:
    # XML 1.0, section 2.2: tab, line feed, carriage return, and no other control character.
    legal = all(c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff") for c in text)
    store = of_literals(Literal(text))
    if legal:
        back = {quad.triple for quad in parse(written(store, "rdfxml"), RdfFormat.RDF_XML)}
        assert back == {quad.triple for quad in store.inner}
    else:
        with pytest.raises(ExportError, match=r"rule/a> holds U\+.* export it as Turtle"):
            written(store, "rdfxml")


def test_json_ld_is_one_short_object_an_individual(store: EmbeddedStore) -> None:
    # Table 2 of the phase IV trial, CR/CRi, 1.2 mg/m2/cycle (randomized): 35 (83.3) of 42.
    document = json.loads(written(one_graph(store, "ozcan-2025"), "jsonld"))
    (graph,) = document["@graph"]
    (result,) = (held for held in graph["@graph"] if held["@id"] == "result:ozcan-2025-l147-2")
    assert result["@type"] == "ev:Result"
    assert result["ev:value"] == "83.3"
    assert result["ev:events"] == "35"
    assert result["ev:total"] == "42"
    assert result["ev:group"] == "group:phase4-lowdose-randomized-1-2"


def test_an_iri_that_reads_as_a_short_name_is_refused() -> None:
    store = of_literals()
    odd = NamedNode("ev:x")
    store.inner.add(Quad(odd, odd, odd, NamedNode(GRAPH + "checks")))
    with pytest.raises(ExportError, match="<ev:x> reads as a short name in JSON-LD"):
        written(store, "jsonld")


def test_one_graph_holds_what_that_graph_holds(store: EmbeddedStore) -> None:
    part = one_graph(store, "links")
    assert isinstance(part, EmbeddedStore)
    held = store.inner.quads_for_pattern(None, None, None, NamedNode(GRAPH + "links"))
    assert set(part.inner) == set(held)


def test_a_graph_that_is_not_there_is_named(store: EmbeddedStore) -> None:
    with pytest.raises(ExportError, match="no graph 'nowhere'; there are catalogue, checks"):
        one_graph(store, "nowhere")


def test_a_part_holds_the_study_and_what_it_speaks_of(store: EmbeddedStore) -> None:
    part = part_about(store, ["faers-2024q3"])
    for subject, inside in {
        "study/faers-2024q3": True,
        "drug/inotuzumab-ozogamicin": True,
        "source/duan-2025": True,
        "group/faers-2024q3-other-drugs": True,
        "study/phase4-lowdose": False,
        "result/ozcan-2025-l147-2": False,
    }.items():
        asked = part.query(f"ASK {{ <https://w3id.org/evikg/{subject}> ?p ?o }}")
        assert bool(asked) == inside, subject


def test_a_study_that_is_not_there_is_named(store: EmbeddedStore) -> None:
    with pytest.raises(ExportError, match="no study 'nowhere'"):
        part_about(store, ["nowhere"])
