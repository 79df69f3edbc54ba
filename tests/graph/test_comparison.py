"""What two graphs differ in, told by individual: a number that moves is not another number.

`tests/data/comparison` holds two small graphs written by hand, and the page that tells their
differences: all lines of the document have moved by one, 83.4 has become 83.3, a number has come,
a mapping has another row, predicate and justification, MeSH another release.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad

from evikg.graph import records as r
from evikg.graph.comparison import Change, Comparison, FieldChange, compare
from evikg.graph.mapping import to_triples
from evikg.graph.numbers import Printed
from evikg.graph.release import Graph
from evikg.ontology import (
    Directness,
    DiscrepancyType,
    GroupKind,
    Severity,
    Statistic,
    VariableKind,
    Verdict,
    individual,
)

DATA = Path(__file__).parents[1] / "data" / "comparison"


@dataclass(frozen=True)
class Held:
    """A graph of records: results in the graph of their source, the rest in the catalogue."""

    records: tuple[r.Record, ...]

    def quads(self) -> Iterator[Quad]:
        for record in self.records:
            name = record.source if isinstance(record, r.Result) else "catalogue"
            for triple in to_triples(record):
                yield Quad(
                    triple.subject, triple.predicate, triple.object, individual("graph", name)
                )


def held(*records: r.Record) -> Held:
    return Held(records)


def result(line: int, place: int = 1, **changes: object) -> r.Result:
    """Return a result as curation makes it: its slug is made of its line."""
    plain = r.Result(
        slug=f"doe-2020-l{line}-{place}", source="doe-2020", study="small", group="small-all",
        variable="cr-cri", statistic=Statistic.PERCENT, directness=Directness.OWN,
        value=Printed.parse("83.3"), printed="35 (83.3)", locator="Table 2, CR/CRi", line=line,
        events=35, total=42,
    )  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type]


def told(comparison: Comparison) -> list[tuple[str, str, str]]:
    return [(item.change, item.kind, item.iri.rpartition("/")[2]) for item in comparison.changes]


def only(comparison: Comparison) -> Change:
    (change,) = comparison.changes
    return change


def test_a_graph_is_equal_to_itself_in_any_order() -> None:
    records = (result(12), result(13, variable="vod-sos"))
    comparison = compare(held(*records), held(*reversed(records)))
    assert (comparison.equal, comparison.changes) == (True, ())


def test_a_moved_line_is_moved_and_no_more() -> None:
    comparison = compare(held(result(12)), held(result(13)))
    assert told(comparison) == [("moved", "Result", "doe-2020-l13-1")]
    assert not comparison.equal


def test_a_number_that_takes_the_line_of_another_is_not_taken_for_it() -> None:
    first, second = {"locator": "Table 2, CR"}, {"locator": "Table 2, CRi", "variable": "cri"}
    old = held(result(12, **first), result(13, **second))
    new = held(result(13, **first), result(14, **second))
    assert told(compare(old, new)) == [
        ("moved", "Result", "doe-2020-l13-1"),
        ("moved", "Result", "doe-2020-l14-1"),
    ]


def test_a_changed_number_is_told_as_printed_though_its_line_moved() -> None:
    new = result(13, value=Printed.parse("85.70"), events=36, printed="36 (85.70)")
    change = only(compare(held(result(12)), held(new)))
    assert (change.change, change.was.rpartition("/")[2]) == ("changed", "doe-2020-l12-1")
    assert change.changes == (
        FieldChange("events", "35", "36"),
        FieldChange("printed", "35 (83.3)", "36 (85.70)"),
        FieldChange("printedValue", "83.3", "85.70"),
    )


def test_a_number_that_was_about_another_group_is_changed() -> None:
    change = only(compare(held(result(12)), held(result(12, group="small-responders"))))
    assert change.changes == (FieldChange("group", "group:small-all", "group:small-responders"),)


def test_a_number_whose_table_was_renumbered_is_changed_beside_another_printing_of_it() -> None:
    abstract = {"locator": "Abstract", "printed": "83.3%", "events": None}
    old, new = result(30, locator="Table 2"), result(31, locator="Table S2")
    comparison = compare(held(result(5, **abstract), old), held(new))
    assert told(comparison) == [
        ("changed", "Result", "doe-2020-l31-1"),
        ("removed", "Result", "doe-2020-l5-1"),
    ]


def test_another_printing_of_the_same_precision_is_told() -> None:
    change = only(compare(held(result(12)), held(result(12, value=Printed.parse("83.30")))))
    assert change.changes == (FieldChange("printedValue", "83.3", "83.30"),)


def test_new_and_removed_numbers_are_each_told() -> None:
    old = held(result(12), result(20, variable="vod-sos", locator="Table 3", printed="1"))
    new = held(result(12), result(30, variable="deaths", locator="Table 4", printed="2"))
    assert told(compare(old, new)) == [
        ("new", "Result", "doe-2020-l30-1"),
        ("removed", "Result", "doe-2020-l20-1"),
    ]


def test_groups_and_variables_are_told_by_field() -> None:
    group = r.Group(slug="small-all", study="small", label="All", kind=GroupKind.TREATED, size=42)
    variable = r.Variable(slug="cr-cri", label="CR", kind=VariableKind.EFFICACY)
    new = held(replace(group, size=43), replace(variable, alt=("complete remission",)))
    changes = compare(held(group, variable), new).changes
    assert [(item.kind, item.changes) for item in changes] == [
        ("Group", (FieldChange("size", "42", "43"),)),
        ("Variable", (FieldChange("altLabel", "", "complete remission"),)),
    ]


def check(line: int, verdict: Verdict = Verdict.ROUNDING) -> r.Check:
    return r.Check(
        slug=f"doe-2020-l{line}-1-percentage", checks=(f"doe-2020-l{line}-1",), rule="percentage",
        verdict=verdict, severity=Severity.MINOR, inputs=f"35 / 42 (line {line})",
    )  # fmt: skip


def discrepancy(line: int) -> r.Discrepancy:
    return r.Discrepancy(
        slug="a-value", type=DiscrepancyType.VALUE, results=("b", f"doe-2020-l{line}-1"),
        note=f"doe-2020 line {line}: 83.3%; doe-2020 line 99: 83.4% | @{line}",
    )  # fmt: skip


def test_verdicts_and_discrepancies_move_with_their_numbers() -> None:
    old = held(result(12), check(12), discrepancy(12))
    new = held(result(13), check(13), discrepancy(13))
    assert {change for change, _, _ in told(compare(old, new))} == {"moved"}


def test_a_verdict_that_turns_is_changed() -> None:
    old, new = held(result(12), check(12)), held(result(13), check(13, Verdict.INCONSISTENT))
    turned = next(item for item in compare(old, new).changes if item.kind == "Check")
    assert turned.changes == (FieldChange("verdict", "rounding", "inconsistent"),)


def test_a_derived_number_without_a_source_is_known_by_its_iri() -> None:
    def derived(value: str) -> Iterator[Quad]:
        vocabulary = "https://w3id.org/evikg/ontology#"
        subject, graph = individual("result", "pooled-cr"), individual("graph", "derived")
        kind = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
        yield Quad(subject, kind, NamedNode(f"{vocabulary}Result"), graph)
        yield Quad(subject, NamedNode(f"{vocabulary}value"), Literal(Decimal(value)), graph)
        yield Quad(subject, NamedNode(f"{vocabulary}estimator"), Literal("REML"), graph)

    class Pooled:
        def __init__(self, value: str) -> None:
            self.quads = lambda: derived(value)

    change = only(compare(Pooled("71.5"), Pooled("71.6")))
    assert change.changes == (FieldChange("value", "71.5", "71.6"),)
    assert change.fields["graph"] == "derived"


def test_what_follows_from_other_triples_is_counted_and_not_told() -> None:
    quad = Quad(
        individual("variable", "cr-cri"), NamedNode("http://x/above"),
        individual("variable", "efficacy"), individual("graph", "closure"),
    )  # fmt: skip

    class Closed:
        def quads(self) -> Iterator[Quad]:
            yield quad

    comparison = compare(held(), Closed())
    assert (comparison.equal, comparison.changes) == (False, ())
    (count,) = comparison.counts
    assert (count.of, count.name, count.old, count.new, count.added) == (
        "graph",
        "closure",
        0,
        1,
        1,
    )


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["cr", "cri", "vod-sos"]),
        st.sampled_from(["small-all", "small-responders"]),
        st.integers(0, 3),
    ),
    max_size=12,
)


def table(rows: Iterable[tuple[str, str, int]], first: int = 1) -> Held:
    """Return results in lines of their own, from `first` on; some are printed alike."""
    return held(
        *(
            result(
                line, variable=variable, group=group, printed=str(events), events=events,
                value=Printed.parse(str(events)), locator=f"Table 2, {variable}",
            )
            for line, (variable, group, events) in enumerate(rows, first)
        )
    )  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(ROWS, st.integers(1, 20))
def test_a_document_that_shifts_by_any_number_of_lines_has_no_new_number(
    rows: list[tuple[str, str, int]], shift: int
) -> None:
    comparison = compare(table(rows), table(rows, 1 + shift))
    assert {item.change for item in comparison.changes} <= {"moved"}


@settings(deadline=None, max_examples=60)
@given(ROWS, ROWS)
def test_what_is_new_one_way_is_removed_the_other_way(
    before: list[tuple[str, str, int]], after: list[tuple[str, str, int]]
) -> None:
    there = Counter(item.change for item in compare(table(before), table(after)).changes)
    back = Counter(item.change for item in compare(table(after), table(before)).changes)
    assert (there["new"], there["removed"]) == (back["removed"], back["new"])
    assert len(after) - len(before) == there["new"] - there["removed"]


def test_the_graphs_written_by_hand_differ_as_they_were_written() -> None:
    comparison = compare(Graph(DATA / "before.nq"), Graph(DATA / "after.nq"))
    assert told(comparison) == [
        ("changed", "Result", "doe-2020-l13-1"),
        ("moved", "Result", "doe-2020-l14-1"),
        ("new", "Result", "doe-2020-l15-1"),
        ("removed", "Check", "doe-2020-l12-1-percentage"),
        ("changed", "Mapping", "mesh-2"),
        ("changed", "Terminology", "mesh"),
    ]
