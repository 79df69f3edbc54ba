"""Curves of survival stand over the numbers of patients they rest on."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from evikg.figures import Curve, Landmark, Landmarks, Picture, Survival, draw_survival

Texts = Callable[[Picture], list[str]]

#: 6-MP of Freireich 1963 in part: as Stata lists it (Rodríguez, Princeton POP 509).
MP = Curve("6-MP", (6.0, 10.0, 23.0), (0.857, 0.753, 0.448), (0.62, 0.503, 0.188),
           (0.952, 0.889, 0.68), 35.0, (9.0, 35.0), (21, 15, 4))  # fmt: skip
TRIAL = Survival("Remission", "In remission", "weeks", (MP,), risk_times=(0.0, 10.0, 30.0),
                 remarks=("6-MP: median 23 weeks",))  # fmt: skip


def test_numbers_at_risk_stand_below_their_times(texts: Texts, faults: Texts) -> None:
    picture = draw_survival(TRIAL)
    found = texts(picture)
    assert {"Number at risk", "21", "15", "4", "Time (weeks)", "6-MP: median 23 weeks"} <= set(
        found
    )
    assert not faults(picture)
    figure = picture.figure
    figure.canvas.draw()
    ticks = {label.get_text(): label.get_window_extent() for label in
             figure.axes[0].get_xticklabels()}  # fmt: skip
    counts = {text.get_text(): text.get_window_extent() for text in figure.texts}
    for tick, count in [("0", "21"), ("10", "15"), ("30", "4")]:
        middle = (ticks[tick].x0 + ticks[tick].x1) / 2
        assert (counts[count].x0 + counts[count].x1) / 2 == pytest.approx(middle, abs=1.5)


def test_a_curve_begins_at_one_steps_and_ends_with_the_follow_up() -> None:
    axes = draw_survival(TRIAL).figure.axes[0]
    curve, ticks = axes.lines[:2]
    assert list(curve.get_xdata()) == [0, 6, 10, 23, 35]
    assert list(curve.get_ydata()) == [1, 0.857, 0.753, 0.448, 0.448]
    assert curve.get_drawstyle() == "steps-post"
    assert list(ticks.get_xdata()) == [9, 35]
    assert list(ticks.get_ydata()) == [0.857, 0.448]
    assert axes.get_ylim()[0] == 0


def test_landmarks_are_points_without_a_line() -> None:
    points = (Landmark(6, 0.626, 0.492, 0.734), Landmark(12, 0.368))
    marks = Survival("T", "Survival", "months", landmarks=(Landmarks("1.2 mg/m2", points),))
    lines = draw_survival(marks).figure.axes[0].lines
    assert [list(line.get_ydata()) for line in lines] == [[0.492, 0.734], [0.626, 0.368]]
    assert lines[-1].get_linestyle() == "None"


def test_long_names_are_wrapped(faults: Texts) -> None:
    long = "INO-VATE, standard-of-care arm, primary report of 2016 (number analysed not stated)"
    curves = (replace(MP, label=long), replace(MP, label=f"{long} again"))
    assert not faults(draw_survival(replace(TRIAL, title=long * 2, curves=curves, notes=(long,))))


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (lambda: replace(MP, low=(0.1,)), "differ in number"),
        (lambda: replace(MP, times=(6.0, 5.0, 23.0)), "run backwards"),
        (lambda: replace(MP, survival=(1.2, 0.7, 0.4)), "1.2 is no probability"),
        (lambda: replace(TRIAL, curves=()), "needs a curve or a landmark"),
        (lambda: replace(TRIAL, curves=(MP,) * 5), "at most 4 can be told apart"),
        (lambda: replace(TRIAL, risk_times=(0.0,)), "numbers at risk for each time"),
        (lambda: Landmark(12, 36.8), "36.8 is no probability"),
        (lambda: Landmark(12, 0.3, 0.5, 0.2), "runs backwards"),
    ],
)
def test_what_cannot_be_drawn_is_refused(fault: Callable[[], object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        fault()


def test_a_long_remark_is_wrapped_inside_the_axes(faults: Texts) -> None:
    name = "patients randomised to the standard of care of the investigator's choice "
    picture = draw_survival(replace(TRIAL, remarks=(f"Hazard ratio, {name} vs {name}:",)))
    assert not faults(picture)
    remark = [t for t in picture.figure.texts if "randomised" in t.get_text()]
    assert len(remark) > 1
