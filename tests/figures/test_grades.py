"""Bars of grades hold every count, and a percentage only with its denominator."""

from collections.abc import Callable

import pytest

from evikg.figures import Bar, Grades, Panel, Picture, draw_grades

Texts = Callable[[Picture], list[str]]


def test_counts_of_events_have_no_percentage(texts: Texts, faults: Texts) -> None:
    # INO-CD22, Table 4: hepatotoxicity of grade 1 to 4.
    bar = Bar("hepatotoxicity", {1: 2, 2: 3, 3: 5, 4: 2})
    picture = draw_grades(Grades("T", (Panel("INO-CD22", (bar,), "events"),)))
    found = texts(picture)
    assert {"hepatotoxicity", "2", "3", "5", "12", "number of events", "INO-CD22"} <= set(found)
    assert not any("%" in words for words in found)
    assert not faults(picture)


def test_a_percentage_has_its_denominator(texts: Texts) -> None:
    # 5 of 42 is 11.9 %: the phase IV trial, randomised to 1.2 mg/m2, VOD/SOS of grade 2 to 4.
    bar = Bar("VOD/SOS", {2: 3, 3: 1, 4: 1}, 42)
    found = texts(draw_grades(Grades("T", (Panel("P", (bar,), "patients"),))))
    assert {"5/42 (11.9%)", "% of patients"} <= set(found)


def test_panels_share_their_scale() -> None:
    panels = (Panel("A", (Bar("x", {3: 20}),), "events"), Panel("B", (Bar("y", {5: 1}),), "cases"))
    first, second = draw_grades(Grades("T", panels)).figure.axes
    assert first.get_xlim() == second.get_xlim()
    assert second.patches[0].get_width() == 1  # type: ignore[attr-defined]


def test_grades_have_colours_and_hatches(texts: Texts) -> None:
    bar = Bar("x", {1: 9, 2: 9, 3: 9, 4: 9, 5: 9, 0: 9})
    picture = draw_grades(Grades("T", (Panel("A", (bar,), "events"),)))
    looks = {(p.get_facecolor(), p.get_hatch()) for p in picture.figure.axes[0].patches}
    assert len(looks) == 6
    assert {"Grade 5 (fatal)", "Grade unknown"} <= set(texts(picture))


def test_long_names_are_wrapped(faults: Texts) -> None:
    name = "Neoplasms benign, malignant and unspecified (incl cysts and polyps) " * 3
    bars = (Bar(name, {1: 1}, 1000), Bar("short", {5: 900}, 1000))
    assert not faults(draw_grades(Grades(name, (Panel(name, bars, "patients"),), (name,))))


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (lambda: Bar("x", {6: 1}), "6 is no grade"),
        (lambda: Bar("x", {1: -1}), "has -1 events"),
        (lambda: Bar("x", {1: 3, 5: 3}, 5), "6 patients of 5"),
        (lambda: Bar("x", {}, 0), "0 patients of 0"),
        (lambda: Panel("p", (Bar("x", {1: 1}), Bar("y", {1: 1}, 9)), "patients"), "share no axis"),
        (lambda: Grades("T", (Panel("p", (), "events"),)), "needs at least one event"),
    ],
)
def test_what_cannot_be_drawn_is_refused(fault: Callable[[], object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        fault()


def test_a_bar_of_nothing_is_drawn(faults: Texts) -> None:
    assert not faults(draw_grades(Grades("T", (Panel("p", (Bar("x", {3: 0}),), "events"),))))
