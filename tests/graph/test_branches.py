"""The index of branches against the property path and `ev:within`, and when it is not trusted."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad, QuerySolutions, Triple

from evikg.graph import embedded, open_store
from evikg.graph.branch_index import FILE, BranchIndex, Counts, IndexUnusableError
from evikg.graph.branches import Branches
from evikg.graph.closure import CyclicHierarchyError, closure_triples
from evikg.graph.embedded import EmbeddedStore, current_generation, new_generation
from evikg.ontology import EV, individual, prefixes

TYPE = NamedNode(f"{prefixes()['rdf']}type")
SUBCLASS = NamedNode(f"{prefixes()['rdfs']}subClassOf")
BROADER = NamedNode(f"{prefixes()['skos']}broader")
EXACT = NamedNode(f"{prefixes()['skos']}exactMatch")
LISTS = ("variables", "results", "studies", "below", "above")

#: What each list is, by the property path; written apart from the queries that are shipped.
PATH = "(skos:broader|skos:exactMatch|rdfs:subClassOf)*"
PATHS = {
    "variables": f"?x a ev:Variable ; {PATH} ?c",
    "results": f"?x a ev:Result ; ev:variable/{PATH} ?c",
    "studies": f"?r a ev:Result ; ev:study ?x ; ev:variable/{PATH} ?c",
    "below": f"?x {PATH} ?c . FILTER EXISTS {{ ?x ?p ?o }}",
    "above": f"?c {PATH} ?x",
}


def term(number: int) -> NamedNode:
    return NamedNode(f"http://purl.obolibrary.org/obo/MONDO_{number:07}")


def variable(number: int) -> NamedNode:
    return individual("variable", f"v{number}")


def graph_of(
    terms: set[tuple[int, int]],
    variables: set[tuple[int, int]],
    matches: set[tuple[int, int]],
    results: set[tuple[int, int]],
) -> set[Triple]:
    """Return terms, variables 0 to 5, and a result for each (variable, study), with the closure."""
    triples = {Triple(term(below), SUBCLASS, term(above)) for below, above in terms}
    triples |= {Triple(variable(below), BROADER, variable(above)) for below, above in variables}
    triples |= {Triple(variable(v), EXACT, term(t)) for v, t in matches}
    triples |= {Triple(variable(v), TYPE, EV.Variable) for v in range(6)}
    for v, s in results:
        result, study = individual("result", f"r{v}-{s}"), individual("study", f"s{s}")
        triples.add(Triple(result, TYPE, EV.Result))
        triples.add(Triple(result, EV.variable, variable(v)))
        triples.add(Triple(result, EV.study, study))
        # A definition has a variable and a study too, and is no result.
        definition = individual("definition", f"d{v}-{s}")
        triples.add(Triple(definition, TYPE, EV.Definition))
        triples.add(Triple(definition, EV.variable, variable(v)))
        triples.add(Triple(definition, EV.study, study))
    return triples | set(closure_triples(triples))


def build(place: Path, triples: set[Triple]) -> None:
    graph = individual("graph", "any")
    with new_generation(place) as fresh:
        fresh.bulk_extend(Quad(t.subject, t.predicate, t.object, graph) for t in triples)


def answers(branches: Branches, concepts: list[str]) -> dict[tuple[str, str], list[str]]:
    found = {(what, c): getattr(branches, what)(c) for what in LISTS for c in concepts}
    assert all(len(names) == len(set(names)) for names in found.values())
    return {key: sorted(names) for key, names in found.items()}


def by_path(store: EmbeddedStore, concepts: list[str]) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    declared = "\n".join(f"PREFIX {p}: <{prefixes()[p]}>" for p in ("ev", "rdfs", "skos"))
    for what, pattern in PATHS.items():
        for concept in concepts:
            where = pattern.replace("?c", f"<{concept}>")
            answer = store.query(f"{declared} SELECT DISTINCT ?x WHERE {{ {where} }}")
            assert isinstance(answer, QuerySolutions)
            found[what, concept] = sorted(row["x"].value for row in answer)
    return found


def concepts_of(triples: set[Triple]) -> list[str]:
    return sorted({t.subject.value for t in triples if t.predicate == EV.within})


numbers = st.integers(0, 7)
downwards = st.sets(st.tuples(numbers, numbers).filter(lambda pair: pair[0] > pair[1]), max_size=14)
few = st.integers(0, 5)
among_variables = st.sets(st.tuples(few, few).filter(lambda pair: pair[0] > pair[1]), max_size=4)
graphs = st.builds(
    graph_of,
    downwards,
    among_variables,
    st.sets(st.tuples(few, numbers), max_size=8),
    st.sets(st.tuples(few, st.integers(0, 3)), max_size=12),
)
FEW = settings(max_examples=12, deadline=None)  # each builds a store on disk


@FEW
@given(graphs)
def test_index_closure_and_property_path_give_the_same(
    tmp_path_factory: pytest.TempPathFactory, triples: set[Triple]
) -> None:
    place = tmp_path_factory.mktemp("graph")
    build(place, triples)
    store = open_store(place)
    assert isinstance(store, EmbeddedStore)
    indexed, asked = Branches.of(store), Branches(store)
    assert indexed.indexed
    assert not asked.indexed
    concepts = concepts_of(triples)
    expected = by_path(store, concepts)
    assert answers(asked, concepts) == expected
    assert answers(indexed, concepts) == expected
    counts = {c: Counts(*(len(expected[what, c]) for what in LISTS[:3])) for c in concepts}
    assert indexed.counts(concepts) == counts
    assert asked.counts(concepts) == counts


#: 2 and 3 lie within 1; 4 within both 2 and 3. v0 is mapped to 4, v1 to 3 and v2 to nothing.
DIAMOND = graph_of(
    {(2, 1), (3, 1), (4, 2), (4, 3)}, set(), {(0, 4), (1, 3)}, {(0, 0), (0, 1), (1, 1), (2, 2)}
)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    build(tmp_path / "graph", DIAMOND)
    return tmp_path / "graph"


def branches(place: Path) -> Branches:
    return Branches.of(open_store(place))


def test_what_lies_below_two_children_is_counted_once(place: Path) -> None:
    """Counted by hand: below 2 are two results, below 3 three, below 1 three and not five."""
    tops = [term(n).value for n in (1, 2, 3)]
    assert list(branches(place).counts(tops).values()) == [
        Counts(2, 3, 2), Counts(1, 2, 2), Counts(2, 3, 2),
    ]  # fmt: skip


def test_an_unknown_concept_has_nothing_below(place: Path) -> None:
    for unknown in ("http://example.org/a", term(9).value, "zzz:z"):
        assert branches(place).results(unknown) == []
        assert branches(place).counts([unknown]) == {unknown: Counts()}


def test_a_result_on_two_variables_is_listed_once(tmp_path: Path) -> None:
    both = {
        Triple(individual("result", "r0-0"), EV.variable, variable(v)) for v in (0, 1)
    } | DIAMOND  # fmt: skip
    build(tmp_path / "graph", both)
    assert sorted(branches(tmp_path / "graph").results(term(3).value)) == [
        individual("result", slug).value for slug in ("r0-0", "r0-1", "r1-1")
    ]


def test_an_empty_graph_has_an_index(tmp_path: Path) -> None:
    build(tmp_path / "graph", set())
    empty = branches(tmp_path / "graph")
    assert empty.indexed
    assert empty.below(term(1).value) == []


def test_the_index_changes_with_the_graph(place: Path) -> None:
    before = open_store(place)
    build(place, graph_of({(2, 1)}, set(), {(0, 2)}, {(0, 3)}))
    assert branches(place).results(term(1).value) == [individual("result", "r0-3").value]
    # A reader of the generation before keeps the pair that it opened.
    assert len(Branches.of(before).results(term(1).value)) == 3


def test_a_crash_before_it_is_in_force_leaves_the_pair_before(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    generation = current_generation(place)

    def crash(directory: Path, name: str) -> None:
        assert (directory / name / FILE).exists()
        raise KeyboardInterrupt

    monkeypatch.setattr(embedded, "_put_in_force", crash)
    with pytest.raises(KeyboardInterrupt):
        build(place, set())
    assert current_generation(place) == generation
    assert branches(place).indexed
    assert len(branches(place).results(term(1).value)) == 3


def test_a_cyclic_hierarchy_changes_nothing(place: Path) -> None:
    cyclic = {Triple(term(1), SUBCLASS, term(2)), Triple(term(2), SUBCLASS, term(1))}
    with pytest.raises(CyclicHierarchyError), new_generation(place) as fresh:
        name = individual("graph", "closure")
        fresh.extend(Quad(t.subject, t.predicate, t.object, name) for t in closure_triples(cyclic))
    assert len(branches(place).results(term(1).value)) == 3


def _missing(file: Path) -> None:
    file.unlink()


def _empty(file: Path) -> None:
    file.write_bytes(b"")


def _truncated(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-40])


def _other_version(file: Path) -> None:
    file.write_bytes(file.read_bytes().replace(b"branches 1", b"branches 2", 1))


def _of_another_graph(file: Path) -> None:
    other = file.parents[2] / "other"
    build(other, graph_of({(2, 1)}, set(), {(0, 2)}, {(0, 3)}))
    found = current_generation(other)
    assert found is not None
    file.write_bytes((found / FILE).read_bytes())


@pytest.mark.parametrize(
    "harm", [_missing, _empty, _truncated, _other_version, _of_another_graph]
)  # fmt: skip
def test_an_index_that_cannot_be_trusted_is_not(place: Path, harm: Callable[[Path], None]) -> None:
    concepts = concepts_of(DIAMOND)
    expected = answers(branches(place), concepts)
    generation = current_generation(place)
    assert generation is not None
    harm(generation / FILE)
    assert answers(branches(place), concepts) == expected


def test_every_changed_byte_is_noticed_or_without_effect(place: Path) -> None:
    generation = current_generation(place)
    assert generation is not None
    concepts = concepts_of(DIAMOND)
    expected = answers(branches(place), concepts)
    store = open_store(place)
    whole = (generation / FILE).read_bytes()
    unusable = 0
    for position in range(0, len(whole), 7):
        changed = bytes([whole[position] ^ 0x5A])
        (generation / FILE).write_bytes(whole[:position] + changed + whole[position + 1 :])
        harmed = Branches.of(store)
        assert answers(harmed, concepts) == expected
        unusable += not harmed.indexed
    assert unusable > 0


def test_an_index_older_than_its_database_is_not_used(place: Path) -> None:
    import pyoxigraph

    generation = current_generation(place)
    assert generation is not None
    written = pyoxigraph.Store(str(generation))
    written.remove_graph(individual("graph", "any"))
    written.flush()
    del written
    with pytest.raises(IndexUnusableError, match="another generation"):
        BranchIndex(generation)
    assert branches(place).results(term(1).value) == []


def test_a_graph_in_memory_is_asked() -> None:
    store = EmbeddedStore()
    graph = individual("graph", "any")
    store.inner.extend(Quad(t.subject, t.predicate, t.object, graph) for t in DIAMOND)
    assert not Branches.of(store).indexed
    assert len(Branches.of(store).results(term(1).value)) == 3
