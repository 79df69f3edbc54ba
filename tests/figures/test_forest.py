"""A forest plot prints every number, and marks what its axis cannot show."""

from collections.abc import Callable
from dataclasses import replace
from math import inf, nan

import pytest

from evikg.figures import Forest, Heterogeneity, Picture, Pooled, Row, Section, draw_forest
from evikg.figures.numbers import linear_ticks, log_ticks

Texts = Callable[[Picture], list[str]]

#: The BCG vaccine trials as metafor's documentation pools them (`rma(measure="RR", data=dat.bcg)`,
#: REML): 0.49 [0.34, 0.70], tau² 0.3132, I² 92.22 %, Q(12) = 152.23; two of its thirteen trials.
BCG = Forest(
    "BCG vaccine against tuberculosis",
    "Risk ratio",
    (
        Section(
            "Randomised",
            (
                Row("Ferguson & Simes, 1949", 0.20, 0.09, 0.49, 6, 306, 6.75),
                Row("TPT Madras, 1980", 1.01, 0.89, 1.15, 505, 88391, 10.19),
            ),
            Pooled("Subtotal", 0.48, 0.09, 2.6),
        ),
    ),
    Pooled("All trials", 0.49, 0.34, 0.70, (0.15, 1.55),
           Heterogeneity(0.3132, 92.22, 152.23, 12, 1e-20), 100.0),
    scale="log", reference=1.0, favours=("vaccine protects", "vaccine harms"),
    notes=("Weights are those of the random-effects model. " * 4,),
)  # fmt: skip


def one(**changes: object) -> Forest:
    row = replace(Row("A", 10.0, 5.0, 20.0), **changes)  # type: ignore[arg-type]
    return Forest("T", "Ratio", (Section("", (row,)),), scale="log", reference=1.0)


def test_every_number_is_printed(texts: Texts, faults: Texts) -> None:
    found = texts(draw_forest(BCG))
    for words in [
        "Study", "n/N", "Risk ratio [95% CI]", "Weight", "Ferguson & Simes, 1949", "6/306",
        "0.20 [0.09, 0.49]", "6.8%", "505/88391", "0.49 [0.34, 0.70]", "100.0%", "Randomised",
        "Prediction interval", "[0.15, 1.55]", "← vaccine protects", "vaccine harms →",
    ]:  # fmt: skip
        assert words in found
    heterogeneity = "Heterogeneity: τ² = 0.31, I² = 92%, Q = 152.23 (df = 12), p < 0.001"
    assert heterogeneity in " ".join(found)
    assert not faults(draw_forest(BCG))


def test_footnotes_and_labels_are_wrapped_not_cut(faults: Texts) -> None:
    long = "INO-VATE, standard-of-care arm, primary report of 2016 (number analysed not stated)"
    forest = replace(
        BCG,
        title=f"{long}, {long}",
        sections=(Section(long, (Row(long, 1.2, 0.8, 1.9, 10, 20), Row("x" * 90, 1, 0.5, 2))),),
        notes=(long * 5,),
    )
    assert not faults(draw_forest(forest))


def test_squares_grow_with_the_weight() -> None:
    def side(weight: float) -> float:
        rows = (Row("A", 1, 0.5, 2, weight=weight), Row("B", 1, 0.5, 2, weight=80.0))
        figure = draw_forest(Forest("T", "m", (Section("", rows),))).figure
        squares = [line for line in figure.axes[0].lines if line.get_marker() == "s"]
        return squares[0].get_markersize()

    assert side(80.0) == pytest.approx(2 * side(20.0))  # four times the area


@pytest.mark.parametrize(
    ("low", "high", "markers"),
    [(5.0, 20.0, []), (0.001, 20.0, ["<"]), (5.0, 9000.0, [">"]), (0.001, 9000.0, ["<", ">"])],
)
def test_an_interval_that_leaves_the_axis_has_an_arrow(
    low: float, high: float, markers: list[str]
) -> None:
    figure = draw_forest(one(low=low, high=high)).figure
    found = [line.get_marker() for line in figure.axes[0].lines]
    assert [marker for marker in found if marker in ("<", ">")] == markers


def test_a_diamond_that_leaves_the_axis_has_arrows() -> None:
    wide = replace(one(), pooled=Pooled("Pooled", 10.0, 0.001, 9000.0))
    found = [line.get_marker() for line in draw_forest(wide).figure.axes[0].lines]
    assert [marker for marker in found if marker in ("<", ">")] == ["<", ">"]


def test_patients_alone_stand_without_events(texts: Texts) -> None:
    found = texts(draw_forest(replace(one(total=94), count_heading="N")))
    assert "94" in found
    assert "–/94" not in found
    assert "–/94" in texts(draw_forest(one(total=94)))


def test_what_has_no_interval_is_open(texts: Texts) -> None:
    picture = draw_forest(one(low=None, high=None, events=3))
    assert {"10.00", "3/–"} <= set(texts(picture))
    (square,) = [line for line in picture.figure.axes[0].lines if line.get_marker() == "s"]
    assert square.get_markerfacecolor() == "white"


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (lambda: one(estimate=nan), "A: nan is not a finite number"),
        (lambda: one(high=inf), "A: inf is not a finite number"),
        (lambda: one(low=30.0), "the interval from 30.0 to 20.0 runs backwards"),
        (lambda: one(low=0.0), "only numbers above zero"),
        (lambda: Forest("T", "m", ()), "needs at least one estimate"),
        (lambda: replace(one(), limits=(2, 2)), "the axis from 2 to 2"),
    ],
)
def test_what_cannot_be_drawn_is_refused(fault: Callable[[], object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        fault()


@pytest.mark.parametrize("scale", ["linear", "log"])
def test_one_study_without_spread_is_drawn(scale: str, faults: Texts) -> None:
    row = Row("A", 1.0, 1.0, 1.0)
    forest = Forest("T", "m", (Section("", (row,)),), scale=scale)  # type: ignore[arg-type]
    assert not faults(draw_forest(forest))


@pytest.mark.parametrize(
    ("tau2", "text"), [(4e-17, "τ² = 0,"), (2e-4, "τ² < 0.001,"), (0.0042, "τ² = 0.004,")]
)
def test_a_small_variance_is_readable(tau2: float, text: str) -> None:
    assert text in str(Heterogeneity(tau2, 0.0, 1.0, 2, 0.6))


def test_a_minus_is_a_minus_and_no_zero_is_negative() -> None:
    forest = one()
    assert forest.number(-1.5) == "−1.50"
    assert forest.number(-0.001) == "0.00"


def test_ticks_are_round_numbers_within_the_axis() -> None:
    assert log_ticks(0.3, 2.1) == [0.3, 0.5, 0.7, 1.0, 1.5, 2.0]
    assert log_ticks(1, 600) == [1.0, 3.0, 10.0, 30.0, 100.0, 300.0]
    assert linear_ticks(0, 100) == [0, 20, 40, 60, 80, 100]
    assert linear_ticks(-13, 26) == [-10, 0, 10, 20]
