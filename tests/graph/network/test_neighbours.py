"""What a thing is joined to; expected numbers are counts of rows in the curated files."""

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evikg.graph.embedded import EmbeddedStore
from evikg.graph.network import (
    INVERSE,
    UnknownRelationError,
    UnknownThingError,
    classes,
    kind_of,
    neighbours,
)
from evikg.ontology import individual

if TYPE_CHECKING:
    import networkx as nx

KR_PMS = individual("study", "kr-pms").value
VOD = individual("variable", "vod-sos").value
CR_CRI = individual("result", "ozcan-2025-l147-2").value


def test_a_study_has_as_many_results_as_rows_are_curated(
    corpus: EmbeddedStore, printed: list[dict[str, str]]
) -> None:
    rows = Counter(row["study"] for row in printed)
    for study in ("kr-pms", "phase4-lowdose", "ino-cd22", "faers-2024q3"):
        found = neighbours(corpus, individual("study", study).value, "^ev:study", kind="result")
        assert found.total == rows[study]
    # Counted by hand, with grep.
    assert rows["kr-pms"] == 374


def test_a_result_is_labelled_with_its_denominator_and_says_where_it_stands(
    corpus: EmbeddedStore,
) -> None:
    """Table 2 of the phase IV paper prints 35 (83.3) in the row CR/CRi."""
    thing = neighbours(corpus, CR_CRI).thing
    assert thing.label.endswith(": percent 83.3 % (35 of 42)")
    assert (thing.kind, thing.curie) == ("result", "result:ozcan-2025-l147-2")
    facts = {name: thing.facts[name] for name in ("events", "total", "counted", "source", "line")}
    assert facts == {
        "events": 35, "total": 42, "counted": "patients", "source": "ozcan-2025", "line": 147,
    }  # fmt: skip


def test_relations_read_in_both_directions(corpus: EmbeddedStore) -> None:
    outward = neighbours(corpus, CR_CRI, "ev:variable")
    assert [(n.relation, n.reading) for n in outward.neighbours] == [("ev:variable", "measures")]
    inward = neighbours(corpus, outward.neighbours[0].thing.iri, "^ev:variable", kind="result")
    assert {(n.relation, n.reading) for n in inward.neighbours} == {
        ("^ev:variable", "is measured by")
    }
    # The same predicate is read differently from a definition.
    defined = neighbours(corpus, VOD, "^ev:variable", kind="definition")
    assert {n.reading for n in defined.neighbours} == {"is defined by"}


def test_pages_put_together_are_the_whole(corpus: EmbeddedStore) -> None:
    whole = neighbours(corpus, KR_PMS, limit=1000)
    assert len(whole.neighbours) == whole.total == sum(one.count for one in whole.relations)
    pages = [neighbours(corpus, KR_PMS, offset=at, limit=150).neighbours for at in (0, 150, 300)]
    assert tuple(n for page in pages for n in page) == whole.neighbours


def test_a_term_that_the_graph_does_not_hold_is_known_by_its_curie(corpus: EmbeddedStore) -> None:
    found = neighbours(corpus, VOD, "skos:closeMatch")
    named = {n.thing.curie: n.thing.kind for n in found.neighbours}
    assert named["HP:6000716"] == "term"


def test_unknown_things_and_relations_are_told(corpus: EmbeddedStore) -> None:
    with pytest.raises(UnknownThingError, match="says nothing of variable:no-such"):
        neighbours(corpus, individual("variable", "no-such").value)
    with pytest.raises(UnknownRelationError, match=r"'ev:variabel'; nearest: ev:variable"):
        neighbours(corpus, VOD, "ev:variabel")


def test_classes_are_counted_as_curated(
    corpus: EmbeddedStore, printed: list[dict[str, str]]
) -> None:
    found = classes(corpus)
    counts = {one.kind: one.count for one in found.classes}
    assert counts["result"] == len(printed)
    joined = {(r.subject, r.relation, r.object): r.count for r in found.relations}
    # Every result is about one group and measures one variable.
    assert joined["result", "ev:group", "group"] == len(printed)
    assert joined["result", "ev:variable", "variable"] == len(printed)
    comparators = sum(bool(row["comparator"]) for row in printed)
    assert joined["result", "ev:comparator", "group"] == comparators


def test_every_relation_between_kinds_is_counted_as_the_network_has_it(
    corpus: EmbeddedStore, network: "nx.MultiDiGraph[str]"
) -> None:
    """A second way to count: the edges of the network."""
    edges = Counter(
        (network.nodes[s]["kind"], key, network.nodes[o]["kind"])
        for s, o, key in network.edges(keys=True)
    )
    counted = {(r.subject, r.relation, r.object): r.count for r in classes(corpus).relations}
    assert counted == edges


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_neighbours_are_symmetric(
    corpus: EmbeddedStore, network: "nx.MultiDiGraph[str]", data: st.DataObject
) -> None:
    """What a leads to by a relation has a at the other end of the inverse relation."""
    iri = data.draw(st.sampled_from(sorted(network)))
    found = neighbours(corpus, iri, limit=1000)
    neighbour = data.draw(st.sampled_from(found.neighbours))
    flipped = neighbour.relation.removeprefix(INVERSE)
    if flipped == neighbour.relation:
        flipped = f"{INVERSE}{flipped}"
    back = neighbours(corpus, neighbour.thing.iri, flipped, kind=kind_of(iri), limit=10_000)
    assert iri in {n.thing.iri for n in back.neighbours}
