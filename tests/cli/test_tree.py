"""The branch below a concept as users see it; the graph is small and every number counted by hand.

A disorder is above liver disease and vascular disease, both are above veno-occlusive, and vascular
disease is above phlebitis too.
"""

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pyoxigraph import Literal, NamedNode, Quad, Triple

from evikg.cli.tree import tree_
from evikg.graph.closure import closure_triples
from evikg.graph.embedded import EmbeddedStore, current_generation, new_generation
from evikg.graph.tree import tree
from evikg.ontology import EV, individual, prefixes

TYPE = NamedNode(f"{prefixes()['rdf']}type")
CLASS = NamedNode(f"{prefixes()['owl']}Class")
LABEL = NamedNode(f"{prefixes()['rdfs']}label")
PREF_LABEL = NamedNode(f"{prefixes()['skos']}prefLabel")
SUBCLASS = NamedNode(f"{prefixes()['rdfs']}subClassOf")
EXACT = NamedNode(f"{prefixes()['skos']}exactMatch")

#: Terms by number: label and parents.
TERMS: dict[int, tuple[str, tuple[int, ...]]] = {
    1: ("disorder", ()),
    2: ("liver disease", (1,)),
    3: ("vascular disease", (1,)),
    4: ("veno-occlusive", (2, 3)),
    5: ("phlebitis", (3,)),
}
#: Variables: the term, and the study of each result.
VARIABLES: dict[str, tuple[int, tuple[str, ...]]] = {
    "vod": (4, ("one", "two")),
    "sos": (4, ("two",)),
    "phlebitis": (5, ("three",)),
}


def term(number: int) -> NamedNode:
    return NamedNode(f"http://purl.obolibrary.org/obo/MONDO_{number:07}")


def graph() -> set[Triple]:
    triples: set[Triple] = set()
    for number, (label, parents) in TERMS.items():
        triples.add(Triple(term(number), TYPE, CLASS))
        triples.add(Triple(term(number), LABEL, Literal(label, language="en")))
        triples |= {Triple(term(number), SUBCLASS, term(parent)) for parent in parents}
    for slug, (match, studies) in VARIABLES.items():
        variable = individual("variable", slug)
        triples.add(Triple(variable, TYPE, EV.Variable))
        triples.add(Triple(variable, PREF_LABEL, Literal(slug, language="en")))
        triples.add(Triple(variable, EXACT, term(match)))
        for study in studies:
            result = individual("result", f"{slug}-{study}")
            triples.add(Triple(result, TYPE, EV.Result))
            triples.add(Triple(result, EV.variable, variable))
            triples.add(Triple(result, EV.study, individual("study", study)))
    return triples | set(closure_triples(triples))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("tree") / "graph"
    with new_generation(place) as fresh:
        name = individual("graph", "any")
        fresh.extend(Quad(t.subject, t.predicate, t.object, name) for t in graph())
    return place


def run(place: Path, *arguments: str) -> Result:
    return CliRunner().invoke(tree_, [*arguments, "--store", str(place)])


def rows(place: Path, *arguments: str) -> list[tuple[str, ...]]:
    done = run(place, *arguments, "--format", "csv")
    assert done.exit_code == 0, done.output
    return [
        (row["depth"], row["term"], row["variables"], row["results"], row["studies"])
        for row in csv.DictReader(io.StringIO(done.stdout))
    ]


BELOW = [
    # term, variables, results, studies: 4 results of 3 studies in all, 3 of them below both 2 and 3
    ("0", "MONDO:0000001", "3", "4", "3"),
    ("1", "MONDO:0000002", "2", "3", "2"),
    ("2", "MONDO:0000004", "2", "3", "2"),
    ("3", "variable:sos", "1", "1", "1"),
    ("3", "variable:vod", "1", "2", "2"),
    ("1", "MONDO:0000003", "3", "4", "3"),
    ("2", "MONDO:0000005", "1", "1", "1"),
    ("3", "variable:phlebitis", "1", "1", "1"),
    ("2", "MONDO:0000004", "2", "3", "2"),
]


@pytest.mark.parametrize("name", ["MONDO:0000001", "mondo:0000001", term(1).value, "Disorder"])
def test_the_branch_below_a_concept_counts_everything_once(place: Path, name: str) -> None:
    assert rows(place, name) == BELOW


def test_without_an_index_the_tree_is_the_same(place: Path) -> None:
    store = EmbeddedStore.open(place)
    generation = current_generation(place)
    assert generation is not None
    assert store.generation == generation
    asked = EmbeddedStore(store.inner)
    assert tree(asked, term(1).value) == tree(store, term(1).value)


def test_depth_ends_the_tree(place: Path) -> None:
    assert rows(place, "disorder", "--depth", "1") == [row for row in BELOW if row[0] in "01"]
    assert rows(place, "disorder", "--depth", "0") == BELOW[:1]


def test_up_shows_what_lies_above(place: Path) -> None:
    assert [row[:2] for row in rows(place, "variable:sos", "--up")] == [
        ("0", "variable:sos"),
        ("1", "MONDO:0000004"),
        ("2", "MONDO:0000002"),
        ("3", "MONDO:0000001"),
        ("2", "MONDO:0000003"),
        ("3", "MONDO:0000001"),
    ]


def test_the_table_is_indented_and_shows_a_branch_once(place: Path) -> None:
    lines = run(place, "disorder").stdout.splitlines()
    names = [line.partition("  MONDO:")[0].rstrip() for line in lines if "MONDO:" in line]
    assert names == [
        "disorder", "  liver disease", "    veno-occlusive", "  vascular disease",
        "    phlebitis", "    veno-occlusive (…)",
    ]  # fmt: skip


def test_json_has_whole_iris_and_parents(place: Path) -> None:
    loaded = json.loads(run(place, "liver disease", "--format", "json").stdout)
    assert loaded[1]["iri"] == term(4).value
    assert loaded[1]["parent"] == term(2).value
    assert "parent" not in loaded[0]


def test_an_ambiguous_name_is_listed(place: Path) -> None:
    done = run(place, "phlebitis")
    assert done.exit_code == 2
    assert "stands for 2 concepts" in done.stderr
    assert "MONDO:0000005" in done.stderr
    assert "variable:phlebitis" in done.stderr


@pytest.mark.parametrize("name", ["nothing-of-this-name", "MONDO:9999999", "what:ever", "<", ""])
def test_an_unknown_term_is_said_so(place: Path, name: str) -> None:
    done = run(place, name)
    assert done.exit_code == 2
    assert f"nothing in the graph is called {name!r}" in done.stderr


def test_a_leaf_says_that_nothing_is_below(place: Path) -> None:
    done = run(place, "variable:sos")
    assert done.exit_code == 0
    assert "nothing lies below it" in done.stderr


def test_trees_of_mesh_that_lead_back_come_to_an_end() -> None:
    """Strabismus and Ocular Motility Disorders lie below one another in MeSH 2024."""
    broader = NamedNode("http://id.nlm.nih.gov/mesh/vocab#broaderDescriptor")
    number = NamedNode("http://id.nlm.nih.gov/mesh/vocab#treeNumber")
    one, other = (NamedNode(f"http://id.nlm.nih.gov/mesh/{d}") for d in ("D013285", "D015835"))
    store = EmbeddedStore()
    store.inner.extend(
        Quad(below, broader, above, individual("graph", "mesh"))
        for below, above in ((one, other), (other, one))
    )
    trees = {one: ("C10.292.562.887",), other: ("C10.292.562", "C10.292.562.887.825")}
    store.inner.extend(
        Quad(concept, number, Literal(tree_number), individual("graph", "mesh"))
        for concept, numbers in trees.items()
        for tree_number in numbers
    )
    store.inner.extend(
        Quad(t.subject, t.predicate, t.object, individual("graph", "closure"))
        for t in list(closure_triples(q.triple for q in store.inner))
    )
    shown = [(node.iri, node.depth, node.repeated) for node in tree(store, one.value)]
    assert shown == [(one.value, 0, False), (other.value, 1, False), (one.value, 2, True)]
