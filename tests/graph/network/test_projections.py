"""Networks of terms and of studies, by hand on three studies and by counting rows of the corpus."""

import math
from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from evikg.graph.embedded import EmbeddedStore
from evikg.graph.network import (
    NotAStudyError,
    Similarity,
    evidence_network,
    similar_studies,
    study_network,
    term_network,
)
from evikg.ontology import EV, individual, prefixes

if TYPE_CHECKING:
    import networkx as nx

LABEL = NamedNode(f"{prefixes()['rdfs']}label")
BROADER = NamedNode(f"{prefixes()['skos']}broader")
#: Study, group, variable of a result.
RESULTS = (
    ("one", "one-all", "a"),
    ("one", "one-all", "b"),
    ("one", "one-old", "b"),
    ("two", "two-all", "b"),
    ("two", "two-young", "c"),
    ("three", "three-all", "c"),
)


def study(slug: str) -> str:
    return individual("study", slug).value


def variable(slug: str) -> str:
    return individual("variable", slug).value


@pytest.fixture(scope="module")
def small() -> "nx.MultiDiGraph[str]":
    """Return three studies: one has a and b, two has b and c, three has c; all study a drug."""
    store = EmbeddedStore()
    name = individual("graph", "small")
    triples = []
    for place, (of, group, what) in enumerate(RESULTS):
        result = individual("result", f"r{place}")
        triples += [
            (result, EV.study, individual("study", of)),
            (result, EV.group, individual("group", group)),
            (result, EV.variable, individual("variable", what)),
            (individual("group", group), EV.study, individual("study", of)),
        ]
    for slug in ("one", "two", "three"):
        triples.append((individual("study", slug), EV.studiesDrug, individual("drug", "d")))
    triples.append((individual("study", "one"), EV.studiesCondition, individual("variable", "x")))
    triples.append((individual("study", "two"), EV.reportOf, individual("study", "three")))
    store.inner.extend(Quad(s, p, o, name) for s, p, o in triples)
    store.inner.extend(
        Quad(individual("variable", v), LABEL, Literal(v), name) for v in ("a", "b", "c", "x")
    )
    return evidence_network(store)


def test_terms_are_joined_by_the_studies_and_groups_that_have_both(
    small: "nx.MultiDiGraph[str]",
) -> None:
    terms = term_network(small)
    edges = {frozenset((a, b)): (d["weight"], d["groups"]) for a, b, d in terms.edges(data=True)}
    # b and c are of one study, but were measured in different patients.
    assert edges == {
        frozenset((variable("a"), variable("b"))): (1, 1),
        frozenset((variable("b"), variable("c"))): (1, 0),
    }
    assert terms.nodes[variable("b")]["studies"] == 2
    assert term_network(small, at_least=2).number_of_edges() == 0


def test_similarity_is_what_the_formulas_give_by_hand(small: "nx.MultiDiGraph[str]") -> None:
    """Weights ln(3 / n): of a and x ln 3, of b and c ln 1.5, of the drug that all study 0."""
    rare, common = math.log(3) ** 2, math.log(1.5) ** 2
    found = {p.other.iri: p for p in similar_studies(small, study("two"))}
    three, one = found[study("three")], found[study("one")]
    assert three.cosine == pytest.approx(common / math.sqrt(2 * common * common))
    assert one.cosine == pytest.approx(common / math.sqrt(2 * common * (2 * rare + common)))
    assert (three.variables, one.variables) == (1 / 2, 1 / 3)
    assert (three.population, one.population) == (1, 1 / 2)
    assert [v.label for v in one.shared_variables] == ["b"]
    assert three.joined == ("is a report of",)
    assert list(found) == [study("three"), study("one")]


def test_the_study_network_has_the_similarities_as_weights(small: "nx.MultiDiGraph[str]") -> None:
    studies = study_network(small)
    assert set(studies) == {study("one"), study("two"), study("three")}
    assert not studies.has_edge(study("one"), study("three"))
    edge = studies.edges[study("two"), study("three")]
    assert (edge["weight"], edge["shared"]) == (pytest.approx(math.sqrt(1 / 2)), 1)


def test_a_broader_variable_is_shared_by_studies_that_print_narrower_ones() -> None:
    store = EmbeddedStore()
    name = individual("graph", "small")
    for of, what in (("one", "vod"), ("two", "sos"), ("three", "fever")):
        result = individual("result", of)
        quads = [
            Quad(result, EV.study, individual("study", of), name),
            Quad(result, EV.variable, individual("variable", what), name),
        ]
        store.inner.extend(quads)
    for what in ("vod", "sos"):
        both = individual("variable", "vod-sos")
        store.inner.add(Quad(individual("variable", what), BROADER, both, name))
    best = similar_studies(evidence_network(store), study("one"))[0]
    assert best.other.iri == study("two")
    assert [v.iri for v in best.shared_variables] == [variable("vod-sos")]
    assert best.variables == 1 / 3


def test_terms_of_the_corpus_are_joined_as_often_as_its_rows_say(
    network: "nx.MultiDiGraph[str]", printed: list[dict[str, str]]
) -> None:
    seen: dict[str, dict[str, set[str]]] = {"study": defaultdict(set), "group": defaultdict(set)}
    for row in printed:
        for what, found in seen.items():
            found[row[what]].add(row["variable"])
    expected = {what: _pairs(found.values()) for what, found in seen.items()}
    terms = term_network(network)
    assert {frozenset((_slug(a), _slug(b))): d["weight"] for a, b, d in terms.edges(data=True)} == (
        expected["study"]
    )
    assert all(
        data["groups"] == expected["group"].get(frozenset((_slug(a), _slug(b))), 0)
        for a, b, data in terms.edges(data=True)
    )


def test_two_population_statistics_share_new_cases_and_nothing_else(
    network: "nx.MultiDiGraph[str]",
) -> None:
    """Counted in the file: one prints new cases and deaths, the other new cases and incidence."""
    pair = _between(network, "american-cancer-society-2025", "korea-central-cancer-registry-2024")
    assert [v.iri for v in pair.shared_variables] == [variable("all-new-cases")]
    assert pair.variables == 1 / 3
    assert pair.population == 1


def test_a_study_without_results_cannot_be_compared(network: "nx.MultiDiGraph[str]") -> None:
    assert study("marks-2019") in network
    with pytest.raises(NotAStudyError, match="study:marks-2019 is no study with results"):
        similar_studies(network, study("marks-2019"))


def _between(network: "nx.MultiDiGraph[str]", one: str, other: str) -> Similarity:
    return next(p for p in similar_studies(network, study(one)) if p.other.iri == study(other))


def _pairs(sets: object) -> dict[frozenset[str], int]:
    counts: dict[frozenset[str], int] = defaultdict(int)
    for found in sets:  # type: ignore[attr-defined]
        for pair in combinations(sorted(found), 2):
            counts[frozenset(pair)] += 1
    return dict(counts)


def _slug(iri: str) -> str:
    return iri.rpartition("/")[2]
