"""Rows are counted exactly in what the engine writes, wherever it is cut."""

import io

import pyoxigraph
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from evikg.server.exchange import Refusal
from evikg.server.rows import COUNTERS, CountedFile

FORMATS = list(COUNTERS)

#: Texts made of what the formats use as marks.
marks = st.text(st.sampled_from("\"\\{}[]:,\n\r\t<>/?&'résultaé"), max_size=12) | st.sampled_from(
    ['"},{"', "<result>", "\\", '\\"', "},{", ':{"', "\r\n", "</result><result>"]
)
terms = st.one_of(
    st.none(),
    marks.map(pyoxigraph.Literal),
    st.integers().map(pyoxigraph.Literal),
    marks.map(lambda text: pyoxigraph.Literal(text, language="en")),
    st.just(pyoxigraph.NamedNode("http://example.org/a")),
    st.just(pyoxigraph.BlankNode("b")),
    marks.map(
        lambda text: pyoxigraph.Triple(
            pyoxigraph.NamedNode("a:s"), pyoxigraph.NamedNode("a:p"), pyoxigraph.Literal(text)
        )
    ),
)


def answer(rows: list[list[object]], width: int) -> pyoxigraph.QuerySolutions:
    names = " ".join(f"?v{i}" for i in range(width))
    cells = "\n".join(
        "(" + " ".join("UNDEF" if cell is None else _written(cell) for cell in row) + ")"
        for row in rows
    )
    query = f"SELECT {names or '*'} WHERE {{ VALUES ({names}) {{ {cells} }} }}"
    solutions = pyoxigraph.Store().query(query)
    assert isinstance(solutions, pyoxigraph.QuerySolutions)
    return solutions


def _written(cell: object) -> str:
    if isinstance(cell, pyoxigraph.BlankNode):
        return "<a:blank>"
    if isinstance(cell, pyoxigraph.Triple):
        return f"<<( {cell.subject} {cell.predicate} {cell.object} )>>"
    return str(cell)


tables = st.integers(0, 3).flatmap(
    lambda width: st.tuples(
        st.just(width), st.lists(st.lists(terms, min_size=width, max_size=width), max_size=8)
    )
)


@settings(max_examples=150, deadline=None)
@given(tables, st.sampled_from(FORMATS), st.lists(st.integers(1, 9), min_size=1, max_size=8))
@example((1, []), FORMATS[0], [1])
@example((0, [[], []]), FORMATS[2], [1])
def test_rows_are_counted_wherever_the_answer_is_cut(
    table: tuple[int, list[list[object]]],
    written_as: pyoxigraph.QueryResultsFormat,
    steps: list[int],
) -> None:
    width, rows = table
    data = answer(rows, width).serialize(format=written_as)
    assert data is not None
    counter = COUNTERS[written_as]()
    counted, place, step = 0, 0, 0
    while place < len(data):
        size = steps[step % len(steps)]
        counted += counter.count(data[place : place + size])
        place, step = place + size, step + 1
    assert counted == len(rows)


@pytest.mark.parametrize("written_as", FORMATS, ids=str)
def test_an_answer_at_the_limit_passes_and_one_above_does_not(
    written_as: pyoxigraph.QueryResultsFormat,
) -> None:
    rows: list[list[object]] = [[pyoxigraph.Literal('"},{"\n')] for _ in range(20)]

    def written(limit: int) -> bytes:
        output = io.BytesIO()
        file = CountedFile(output, COUNTERS[written_as](), limit)
        answer(rows, 1).serialize(file, written_as)  # type: ignore[arg-type]
        file.flush()
        return output.getvalue()

    assert written(20) == answer(rows, 1).serialize(format=written_as)
    with pytest.raises(Refusal, match="more than 19 rows"):
        written(19)


@pytest.mark.parametrize("written_as", FORMATS, ids=str)
def test_nothing_after_too_many_rows_is_passed_on(
    written_as: pyoxigraph.QueryResultsFormat,
) -> None:
    output = io.BytesIO()
    rows: list[list[object]] = [[pyoxigraph.Literal("x" * 100)] for _ in range(5000)]
    file = CountedFile(output, COUNTERS[written_as](), 3000)
    with pytest.raises(Refusal):
        answer(rows, 1).serialize(file, written_as)  # type: ignore[arg-type]
    whole = answer(rows, 1).serialize(format=written_as) or b""
    assert 0 < len(output.getvalue()) < len(whole)
    assert whole.startswith(output.getvalue())
