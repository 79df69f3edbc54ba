"""Faults of hierarchies: cycles and dangling parents, against hand counts and reachability."""

from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from evikg.ontology.hierarchy import Cycle, Dangling, hierarchy_faults


def test_a_sound_hierarchy_has_no_fault() -> None:
    # A diamond: two ways to one root are no cycle.
    assert hierarchy_faults([("d", ["b", "c"]), ("b", ["a"]), ("c", ["a"]), ("a", [])]) == []


def test_a_cycle_is_told_as_its_shortest_path() -> None:
    edges = [("c", ["a", "d"]), ("a", ["b"]), ("b", ["c"]), ("d", ["e"]), ("e", ["a"])]
    assert hierarchy_faults(edges) == [Cycle(("a", "b", "c", "a"))]


def test_a_term_may_be_its_own_parent_by_fault() -> None:
    assert hierarchy_faults([("a", ["a"]), ("b", ["a"])]) == [Cycle(("a", "a"))]


def test_all_faults_are_told() -> None:
    edges = [("a", ["b"]), ("b", ["a", "x"]), ("m", ["n", "y"]), ("n", ["m"]), ("z", ["y"])]
    assert hierarchy_faults(edges) == [
        Cycle(("a", "b", "a")),
        Cycle(("m", "n", "m")),
        Dangling("b", "x"),
        Dangling("m", "y"),
        Dangling("z", "y"),
    ]


hierarchies = st.dictionaries(
    st.sampled_from("abcdefgh"), st.lists(st.sampled_from("abcdefghxy")), max_size=8
)


@given(hierarchies)
def test_a_cycle_is_found_where_the_standard_library_finds_one(
    parents: dict[str, list[str]],
) -> None:
    try:
        TopologicalSorter(parents).prepare()
        cyclic = False
    except CycleError:
        cyclic = True
    faults = hierarchy_faults(parents.items())
    cycles = [fault.path for fault in faults if isinstance(fault, Cycle)]
    assert bool(cycles) == cyclic
    for path in cycles:
        assert path[0] == path[-1] == min(path)
        assert all(parent in parents[term] for term, parent in pairwise(path))
        assert len(set(path)) == len(path) - 1
    dangling = {(f.term, f.parent) for f in faults if isinstance(f, Dangling)}
    assert dangling == {(t, p) for t, above in parents.items() for p in above if p not in parents}
