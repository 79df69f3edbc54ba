"""A column has slipped only if several rows agree on how far."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evikg.analysis.slips import slip


@given(st.integers(6, 30), st.integers(-3, 3))
def test_a_column_that_was_moved_is_moved_by_that_much(rows: int, offset: int) -> None:
    printed = [str(row + offset) for row in range(rows)]
    belonging = [{row + offset} & set(range(rows)) for row in range(rows)]
    found = slip(printed, belonging)
    assert (found.offset if found else 0) == offset


@given(st.permutations(range(8)), st.sets(st.integers(0, 7)))
def test_a_column_with_an_entry_in_its_place_has_not_slipped(
    order: list[int], known: set[int]
) -> None:
    belonging = [{place} if row in known else set() for row, place in enumerate(order)]
    if any(row in known and row == place for row, place in enumerate(order)):
        assert slip([str(place) for place in order], belonging) is None


@pytest.mark.parametrize(
    ("printed", "belonging", "offset"),
    [
        # duan-2025, Table 5: two codes are known, and the last three cells repeat the first three
        ("abcdefghijkabc", {4: 7, 7: 10}, 3),
        # The same without the repetition, and with one code known
        ("abcdefghijklmn", {4: 7, 7: 10}, None),
        ("abcdefghijkabc", {4: 7}, None),
        # Two names changed for one another
        ("bacde", {0: 1, 1: 0}, None),
        # Two parts of a table moved by different distances
        ("abcdefghijklmn", {0: 1, 1: 2, 2: 3, 8: 10, 9: 11, 10: 12}, None),
    ],
)
def test_columns(printed: str, belonging: dict[int, int], offset: int | None) -> None:
    rows = [{belonging[row]} if row in belonging else set() for row in range(len(printed))]
    found = slip(printed, rows)
    assert (found.offset if found else None) == offset


def test_rows_without_an_entry_are_refused() -> None:
    with pytest.raises(ValueError, match="every entry"):
        slip(["a"], [])
