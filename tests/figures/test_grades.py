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
    assert {"hepatotoxicity", "2", "3", "5", "12", "number of events"} <= set(found)
    assert "INO-CD22: events" in found
    assert not any("%" in words for words in found)
    assert not faults(picture)


def test_a_percentage_has_its_denominator(texts: Texts) -> None:
    # 5 of 42 is 11.9 %: the phase IV trial, randomised to 1.2 mg/m2, VOD/SOS of grade 2 to 4.
    bar = Bar("VOD/SOS", {2: 3, 3: 1, 4: 1}, 42)
    found = texts(draw_grades(Grades("T", (Panel("P", (bar,), "patients"),))))
    assert {"5/42 (11.9%)", "% of patients"} <= set(found)


def test_sections_have_a_line_each_and_one_alone_is_the_heading(
    texts: Texts, faults: Texts
) -> None:
    # ozcan-2025: fatal adverse events of 12 patients randomised to 1.2 mg/m2 and 10 to 1.8 mg/m2.
    low, high = (Bar("any", {5: n}, section=s) for n, s in ((12, "1.2 mg/m2"), (10, "1.8 mg/m2")))
    other = Bar("liver injury", {2: 1}, section="1.2 mg/m2")
    both = draw_grades(Grades("T", (Panel("Phase IV", (low, high, other), "patients"),)))
    found = texts(both)
    assert "Phase IV: patients" in found
    places = [found.index(words) for words in ("1.2 mg/m2", "liver injury", "1.8 mg/m2")]
    assert places == sorted(places)
    assert not faults(both)
    one = texts(draw_grades(Grades("T", (Panel("Phase IV", (low, other), "patients"),))))
    assert "1.2 mg/m2: patients" in one
    assert "1.2 mg/m2" not in one


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
