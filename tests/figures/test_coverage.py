"""A coverage matrix says by shade and by symbol what is known."""

from collections.abc import Callable

import pytest

from evikg.figures import Cell, Coverage, Picture, draw_coverage

Texts = Callable[[Picture], list[str]]


def matrix(studies: int = 2) -> Coverage:
    names = tuple(f"study-{number}" for number in range(studies))
    cells = {
        (names[0], "response"): Cell.REPORTED,
        (names[0], "survival"): Cell.NO_DENOMINATOR,
        (names[1], "response"): Cell.NOT_REPORTED,
    }
    return Coverage("Coverage", names, ("response", "survival"), cells, {})


def test_each_cell_has_its_symbol(texts: Texts, faults: Texts) -> None:
    found = texts(draw_coverage(matrix()))
    # Each kind once in the matrix and once in the legend.
    assert [found.count(cell.symbol) for cell in Cell] == [2, 2, 2, 2]
    assert {cell.words for cell in Cell} <= set(found)
    assert not faults(draw_coverage(matrix()))


def test_kinds_have_shades_and_symbols_of_their_own() -> None:
    assert len({cell.shade for cell in Cell}) == len({cell.symbol for cell in Cell}) == 4


def test_counts_stand_beside_the_symbol(texts: Texts) -> None:
    coverage = Coverage("T", ("a",), ("v",), {("a", "v"): Cell.REPORTED}, {("a", "v"): 110})
    found = texts(draw_coverage(coverage))
    assert {"● 110", "reported (how many numbers)"} <= set(found)


@pytest.mark.parametrize("studies", [2, 9, 30])
def test_names_of_many_studies_stay_whole(studies: int, faults: Texts) -> None:
    assert not faults(draw_coverage(matrix(studies)))


def test_it_is_told_in_words() -> None:
    assert matrix().described() == (
        "Coverage of 2 variables. study-0 (reported: response; reported without denominator: "
        "survival). study-1 (not reported: response; not curated: survival)."
    )


def test_a_matrix_without_a_study_or_with_a_stray_cell_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a study and a variable"):
        Coverage("T", (), ("v",), {}, {})
    with pytest.raises(ValueError, match="no row or column for b, v"):
        Coverage("T", ("a",), ("v",), {("b", "v"): Cell.REPORTED}, {})
