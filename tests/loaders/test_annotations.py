"""Files of annotations from the command line to the graph, screened against what it holds."""

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph
import pytest
from click.testing import CliRunner
from pyoxigraph import NamedNode, Quad, QuerySolutions

from evikg.cli.pubtator import pubtator
from evikg.graph.embedded import EmbeddedStore
from evikg.loaders.annotations import COLUMNS, read_annotations, report, screened_sets, yields
from evikg.loaders.build import build
from evikg.loaders.faults import EvidenceError
from evikg.loaders.terminologies.releases import read_release
from evikg.loaders.weaving import full_release
from evikg.ontology import EV, individual
from evikg.ontology.curie import expand
from evikg.ontology.term_triples import release_triples, term_triples
from evikg.ontology.terms import Release, Synonym, Term

if TYPE_CHECKING:
    from .conftest import SmallCorpus

DATA = Path(__file__).parents[1] / "data" / "pubtator"
SMALL = DATA / "small.PubTator.txt"
#: What the identifiers of the small file stand for; they are made up.
TERMS = [
    Term(iri=expand("MESH:D000001"), label="Hepatitis", tree_numbers=("C06.552.380",)),
    Term(iri=expand("MESH:D000002"), label="Fevers, Rat-Bite", synonyms=(Synonym("Sodoku"),),
         tree_numbers=("C01.150",)),
    Term(iri=expand("MESH:D000003"), label="Veno-Occlusive Disease", tree_numbers=("C14.907",)),
    Term(iri=expand("MESH:D000004"), label="Acute Kidney Injury", tree_numbers=("C12.777",)),
    Term(iri=expand("MESH:D000007"), label="beta-Blockers", tree_numbers=("D27.505",)),
    Term(iri=expand("MESH:D000008"), label="Fever", tree_numbers=("C23.888",)),
]  # fmt: skip
MESH = Release(name="mesh", title="MeSH", version="2024", licence="free", attribution="NLM")


def store_with(extent: str) -> pyoxigraph.Store:
    """Return a store that holds the small terminology, in full or as a slice."""
    store = pyoxigraph.Store()
    graph = individual("graph", "mesh")
    triples = [*release_triples(MESH, extent), *(t for term in TERMS for t in term_triples(term))]
    store.extend(Quad(t.subject, t.predicate, t.object, graph) for t in triples)
    return store


@pytest.mark.parametrize(("extent", "unknown"), [("full release", "wrong"), ("slice", "unchecked")])
def test_what_a_terminology_does_not_hold_is_wrong_only_if_it_is_there_in_full(
    extent: str, unknown: str
) -> None:
    (held,) = screened_sets([SMALL], store_with(extent))
    found = {m.text: m for m in held.mentions}
    assert found["acute liver injury"].screening == unknown  # D000005 is not there
    assert found["acute kidney injury"].identifies == expand("MESH:D000004")
    assert found["VOD"].identifies == expand("MESH:D000003")
    assert found["β-Blockers"].identifies == expand("MESH:D000007")
    assert found["drug A"].flags == ("no-identifier",)
    assert found["fever"].flags == ("label-mismatch",)
    assert found["fever"].proposed == (expand("MESH:D000008"),)


def test_a_mapping_of_another_terminology_lends_its_names() -> None:
    store = store_with("full release")
    mapped = NamedNode(expand("MONDO:0000001"))
    graph = individual("graph", "mappings")
    match = NamedNode("http://www.w3.org/2004/02/skos/core#exactMatch")
    store.add(Quad(mapped, match, NamedNode("http://identifiers.org/mesh/D000002"), graph))
    monde = Term(iri=mapped.value, label="fever")
    release = Release(name="mondo", title="", version="1", licence="", attribution="")
    for triple in (*release_triples(release, "slice"), *term_triples(monde)):
        home = individual("graph", "mondo")
        store.add(Quad(triple.subject, triple.predicate, triple.object, home))
    (held,) = screened_sets([SMALL], store)
    (fever,) = (m for m in held.mentions if m.text == "fever")
    assert fever.identifies == expand("MESH:D000002")


def test_the_format_is_told_by_the_content() -> None:
    assert len(read_annotations(SMALL)) == 2
    assert len(read_annotations(DATA / "small.biocxml")) == 1


def test_an_article_in_two_files_is_a_fault_and_so_are_those_of_each_file(tmp_path: Path) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_text("5|t|Pain\n5\t0\t4\tFeve\tDisease\tD1", encoding="utf-8")
    with pytest.raises(EvidenceError) as caught:
        screened_sets([SMALL, DATA / "small.biocxml", bad], pyoxigraph.Store())
    assert {(fault.path.name, fault.value) for fault in caught.value.faults} == {
        ("small.biocxml", "101"),
        ("small.biocxml", "small.biocxml"),  # which would stand in the graph of the first
        ("bad.txt", "Feve"),
    }


def test_a_report_has_a_row_for_each_mention_that_did_not_pass() -> None:
    (held,) = screened_sets([SMALL], store_with("full release"))
    rows = list(csv.DictReader(io.StringIO(report(held.mentions))))
    assert list(rows[0]) == COLUMNS
    assert {row["text"] for row in rows} == {"fever", "acute liver injury", "drug A"}
    (fever,) = (row for row in rows if row["text"] == "fever")
    assert (fever["flags"], fever["proposed"]) == ("label-mismatch", "MESH:D000008")
    assert {rule: count for rule, count, _, _ in yields(held.mentions)} == {
        "label-mismatch": 1, "no-identifier": 1, "unknown-identifier": 1,
    }  # fmt: skip


def asked(place: Path, pattern: str) -> set[tuple[str, ...]]:
    answer = EmbeddedStore.open(place).query(
        f"PREFIX ev: <{EV.iri}> SELECT ?a ?b WHERE {{ {pattern} }}"
    )
    assert isinstance(answer, QuerySolutions)
    return {tuple(getattr(value, "value", "") for value in row) for row in answer}


def test_loaded_mentions_stand_in_the_graph_and_later_builds_keep_them(
    tmp_path: Path, small: "SmallCorpus"
) -> None:
    evidence, place = small.folder, tmp_path / "graph"
    build(evidence, place)
    before = (place / "CURRENT").read_text(encoding="utf-8")
    arguments = [str(SMALL), "--store", str(place), "--evidence", str(evidence)]
    done = CliRunner().invoke(
        pubtator, [*arguments, "--check", "--report", "table"], catch_exceptions=False
    )
    assert "no-identifier" in done.stdout
    assert (place / "CURRENT").read_text(encoding="utf-8") == before
    done = CliRunner().invoke(pubtator, [*arguments, "--report", "csv"], catch_exceptions=False)
    assert done.exit_code == 0
    assert done.stdout.startswith(",".join(COLUMNS))
    assert "2 articles, 8 mentions" in done.stderr
    pattern = "?m a ev:Mention ; ev:inDocument ?a ; ev:screening ?b"
    expected = {("101", "unchecked"), ("102", "unchecked")}
    assert asked(place, pattern) >= expected
    build(evidence, place)
    assert asked(place, pattern) >= expected
    assert asked(place, "?m ev:identifies ?a ; ev:flag ?b") == set()
    (held,) = asked(place, "?s ev:extent ?a ; ev:textSha256 ?b FILTER(?a = 'full release')")
    assert held[0] == "full release"
    said: list[str] = []
    release, terms = read_release("mondo", [DATA.parent / "terminologies" / "mondo.obo"])
    build(evidence, place, said.append, [full_release(release, terms)])
    assert [words for words in said if words.startswith("annotations-small keeps")]
    assert asked(place, pattern) >= expected
