"""Results are read from a graph with everything that tells whether they may be compared."""

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Triple

from evikg.graph.comparability import candidates
from evikg.graph.embedded import EmbeddedStore
from evikg.graph.explain import UnknownResultError
from evikg.graph.mapping import to_triples
from evikg.graph.records import (
    Check,
    Definition,
    Discrepancy,
    Group,
    OnsetWindow,
    Record,
    Regimen,
    Result,
    Study,
    Variable,
)
from evikg.ontology import (
    EV,
    Directness,
    DiscrepancyType,
    GroupKind,
    Severity,
    Statistic,
    StudyDesign,
    VariableKind,
    Verdict,
    individual,
    prefixes,
)

TERM = "http://purl.obolibrary.org/obo/NCIT_C26793"


def group(slug: str, *pools: str, within: str | None = None, regimen: str | None = None) -> Group:
    return Group(
        slug=slug, study="trial", label=slug, kind=GroupKind.TREATED, pools=pools,
        subgroup_of=within, regimen=regimen,
    )  # fmt: skip


def result(slug: str, on: str, comparator: str | None = None) -> Result:
    return Result(
        slug=slug, source="doe-2020", study="trial", group=on, variable="vod",
        statistic=Statistic.COUNT, directness=Directness.OWN, printed="3", locator="Table 2",
        line=1, events=3, definition="vod-seattle", onset_window="early", comparator=comparator,
    )  # fmt: skip


# "old" is within "low", which "both-low" pools with the run-in; that and "high" make "all".
RECORDS: list[Record] = [
    Study(slug="trial", label="Trial", design=StudyDesign.RANDOMIZED),
    group("all", "both-low", "high"),
    group("both-low", "run-in", "low"),
    group("low", regimen="weekly"),
    group("old", within="low"),
    group("high"),
    group("elsewhere", "old-men", "old-women"),
    Regimen(slug="weekly", label="weekly", drug="drug-x"),
    Variable(slug="vod", label="VOD", kind=VariableKind.ADVERSE_EVENT),
    Definition(slug="vod-seattle", study="trial", variable="vod", label="Seattle criteria"),
    OnsetWindow(slug="early", label="within 30 days"),
    result("a-l1-1", "old", comparator="high"),
    result("a-l2-1", "high"),
    Check(
        slug="c", checks=("a-l2-1",), rule="percentage", verdict=Verdict.ROUNDING,
        severity=Severity.MINOR, inputs="3 / 20",
    ),
    Discrepancy(slug="d", type=DiscrepancyType.VALUE, results=("a-l1-1", "a-l2-1"), note="3 / 4"),
]  # fmt: skip


@pytest.fixture
def store() -> EmbeddedStore:
    triples = [triple for record in RECORDS for triple in to_triples(record)]
    vod, first = individual("variable", "vod"), individual("result", "a-l1-1")
    boolean = NamedNode("http://www.w3.org/2001/XMLSchema#boolean")
    triples += [
        Triple(vod, NamedNode(prefixes()["skos"] + "exactMatch"), NamedNode(TERM)),
        Triple(first, EV.primary, Literal("true", datatype=boolean)),
        Triple(first, EV.quantity, individual("quantity", "q1")),
        Triple(first, EV.countedIn, individual("result", "a-l9-1")),
    ]
    built = EmbeddedStore()
    home = individual("graph", "planted")
    built.inner.bulk_extend(Quad(t.subject, t.predicate, t.object, home) for t in triples)
    return built


def test_a_result_comes_with_all_that_is_around_it(store: EmbeddedStore) -> None:
    second, first = candidates(store, ["a-l2-1", "a-l1-1"])
    assert (first.slug, second.slug) == ("a-l1-1", "a-l2-1")
    assert [item.slug for item in first.above] == ["low"]
    assert [item.slug for item in first.unions] == ["all", "both-low"]
    assert first.regimen is not None
    assert (first.regimen.slug, second.regimen) == ("weekly", None)
    assert (first.study.label, first.variable.label) == ("Trial", "VOD")
    assert first.definition is not None
    assert first.window is not None
    assert (first.definition.label, first.window.label) == ("Seattle criteria", "within 30 days")
    assert first.comparator == second.group
    assert first.same_as == {TERM}
    assert (first.primary, first.quantity, first.counted_in) == (True, "q1", {"a-l9-1"})
    assert (second.primary, second.quantity, second.counted_in) == (False, "", frozenset())
    assert (first.checks, [item.slug for item in second.checks]) == ((), ["c"])
    assert [[d.slug for d in item.discrepancies] for item in (first, second)] == [["d"], ["d"]]


def test_what_is_no_result_is_told(store: EmbeddedStore) -> None:
    assert candidates(store, []) == []
    with pytest.raises(UnknownResultError, match="a-l3-1"):
        candidates(store, ["a-l1-1", "a-l3-1"])
