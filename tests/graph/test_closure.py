"""The closure against the property path that the engine walks, and cycles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QuerySolutions, Store, Triple

from evikg.graph.closure import CyclicHierarchyError, ancestors, closure_triples
from evikg.ontology import EV, individual, prefixes
from evikg.ontology.term_triples import TREE_NUMBER

TYPE = NamedNode(f"{prefixes()['rdf']}type")
SUBCLASS = NamedNode(f"{prefixes()['rdfs']}subClassOf")
BROADER = NamedNode(f"{prefixes()['skos']}broader")
EXACT = NamedNode(f"{prefixes()['skos']}exactMatch")
BROAD = NamedNode(f"{prefixes()['skos']}broadMatch")
CLOSE = NamedNode(f"{prefixes()['skos']}closeMatch")
DESCRIPTOR = NamedNode("http://id.nlm.nih.gov/mesh/vocab#broaderDescriptor")
MAPPED = NamedNode("http://id.nlm.nih.gov/mesh/vocab#mappedTo")

#: What `ev:within` stands for, in words of SPARQL; only variables have matches here.
PATH = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX meshv: <http://id.nlm.nih.gov/mesh/vocab#>
SELECT ?x ?y WHERE {
  { SELECT DISTINCT ?x WHERE {
      VALUES ?p { skos:broader skos:exactMatch skos:broadMatch
                  rdfs:subClassOf meshv:broaderDescriptor meshv:mappedTo }
      { ?x ?p ?end } UNION { ?start ?p ?x }
  } }
  ?x (skos:broader|skos:exactMatch|skos:broadMatch
      |rdfs:subClassOf|meshv:broaderDescriptor|meshv:mappedTo)* ?y
}
"""


def variable(number: int) -> NamedNode:
    return individual("variable", f"v{number}")


def term(number: int) -> NamedNode:
    return NamedNode(f"http://purl.obolibrary.org/obo/MONDO_{number:07}")


def descriptor(number: int) -> NamedNode:
    return NamedNode(f"http://id.nlm.nih.gov/mesh/D{number:06}")


def within(*triples: Triple) -> set[tuple[str, str]]:
    found = list(closure_triples(triples))
    assert {triple.predicate for triple in found} <= {EV.within}
    pairs = [(t.subject.value, t.object.value) for t in found]
    assert len(pairs) == len(set(pairs))
    return set(pairs)


def pairs(*steps: tuple[NamedNode, NamedNode]) -> set[tuple[str, str]]:
    return {(below.value, above.value) for below, above in steps}


numbers = st.integers(0, 8)
downwards = st.sets(st.tuples(numbers, numbers).filter(lambda pair: pair[0] > pair[1]), max_size=15)
across = st.sets(st.tuples(numbers, numbers), max_size=4)


@given(downwards, downwards, downwards, across, across, across)
def test_the_closure_is_what_the_property_path_reaches(
    variables: set[tuple[int, int]],
    terms: set[tuple[int, int]],
    descriptors: set[tuple[int, int]],
    exact: set[tuple[int, int]],
    exact_mesh: set[tuple[int, int]],
    broad: set[tuple[int, int]],
) -> None:
    triples = [
        Triple(below(lower), predicate, above(higher))
        for steps, below, predicate, above in (
            (variables, variable, BROADER, variable),
            (terms, term, SUBCLASS, term),
            (descriptors, descriptor, DESCRIPTOR, descriptor),
            (exact, variable, EXACT, term),
            (exact_mesh, variable, EXACT, descriptor),
            (broad, variable, BROAD, term),
        )
        for lower, higher in steps
    ]
    store = Store()
    graph = individual("graph", "any")
    store.extend(Quad(t.subject, t.predicate, t.object, graph) for t in triples)
    answer = store.query(PATH, use_default_graph_as_union=True)
    assert isinstance(answer, QuerySolutions)
    assert within(*triples) == {(row["x"].value, row["y"].value) for row in answer}


def test_a_chain_deeper_than_the_recursion_limit() -> None:
    chain = [Triple(term(n + 1), SUBCLASS, term(n)) for n in range(1200)]
    above = dict(ancestors(chain))
    assert above[term(1200).value] == {term(n).value for n in range(1201)}


def test_a_variable_without_a_step_lies_within_itself() -> None:
    assert within(Triple(variable(1), TYPE, EV.Variable)) == pairs((variable(1), variable(1)))


def test_matches_lead_up_from_variables_alone() -> None:
    assert within(Triple(term(1), EXACT, descriptor(1))) == set()
    assert within(Triple(variable(1), CLOSE, term(1))) == set()


def test_restrictions_and_literals_are_passed_over() -> None:
    assert within(
        Triple(term(1), SUBCLASS, BlankNode()), Triple(variable(1), BROADER, Literal("x"))
    ) == set()  # fmt: skip


def test_a_supplementary_record_lies_within_its_heading() -> None:
    record = NamedNode("http://id.nlm.nih.gov/mesh/C000001")
    found = within(
        Triple(record, MAPPED, descriptor(2)), Triple(descriptor(2), DESCRIPTOR, descriptor(1))
    )
    assert pairs((record, descriptor(1)), (record, record)) <= found


@pytest.mark.parametrize(
    ("make", "predicate"), [(term, SUBCLASS), (variable, BROADER), (variable, EXACT)]
)
def test_a_cycle_is_named_step_by_step(make, predicate) -> None:  # type: ignore[no-untyped-def]
    steps = [(1, 2), (2, 3), (3, 1), (4, 1), (3, 5)]
    with pytest.raises(CyclicHierarchyError) as caught:
        within(*(Triple(make(below), predicate, make(above)) for below, above in steps))
    named = [make(n).value for n in (1, 2, 3, 1)]
    assert " → ".join(named) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_concept_above_itself_is_a_cycle() -> None:
    with pytest.raises(CyclicHierarchyError):
        within(Triple(term(1), SUBCLASS, term(1)))


def test_a_cycle_through_a_mapping_is_found() -> None:
    with pytest.raises(CyclicHierarchyError):
        within(Triple(variable(1), EXACT, term(1)), Triple(term(1), SUBCLASS, variable(1)))


#: Tree numbers as MeSH 2024 prints them.
TREES = {
    13285: ("C10.292.562.887", "C11.590.810"),  # Strabismus
    15835: ("C10.228.758", "C10.292.562", "C10.292.562.887.825", "C11.590"),  # Ocular Motility …
    10146: ("C23.888.592.612", "F02.830.816.444", "G11.561.790.444"),  # Pain
    6261: ("C23.888.592.612.441",),  # Headache
    9420: ("C10",),  # Nervous System Diseases
    12816: ("C23.888",),  # Signs and Symptoms
    11579: ("F02",),  # Psychological Phenomena
}


def test_each_tree_number_of_a_descriptor_has_its_own_way_up() -> None:
    """Headache stands below Pain, but below no Psychological Phenomena as Pain does."""
    found = within(
        *(
            Triple(descriptor(number), TREE_NUMBER, Literal(tree))
            for number, trees in TREES.items()
            for tree in trees
        ),
        Triple(descriptor(6261), DESCRIPTOR, descriptor(10146)),
        Triple(descriptor(10146), DESCRIPTOR, descriptor(11579)),
        Triple(variable(1), EXACT, descriptor(6261)),
    )
    expected = {
        6261: (10146, 12816),
        10146: (12816, 11579),
        13285: (15835, 9420),
        15835: (13285, 9420),
    }
    assert found == pairs(
        *((descriptor(below), descriptor(a)) for below, above in expected.items() for a in above),
        *((descriptor(number), descriptor(number)) for number in TREES),
        *((variable(1), descriptor(number)) for number in (6261, 10146, 12816)),
        (variable(1), variable(1)),
    )


def test_a_descriptor_without_tree_number_follows_its_broader_descriptor() -> None:
    found = within(Triple(descriptor(1), DESCRIPTOR, descriptor(2)))
    assert found == pairs(
        (descriptor(1), descriptor(1)),
        (descriptor(1), descriptor(2)),
        (descriptor(2), descriptor(2)),
    )
