"""Colours can be told apart in grey and by the colour-blind."""

from itertools import combinations

import numpy as np
import pytest

from evikg.figures.style import CELLS, GRADES, HATCHES, INK, LINES, SERIES, ink_on, lightness

#: Machado, Oliveira and Fernandes 2009 (doi:10.1109/TVCG.2009.113), severity 1.0, linear RGB.
MACHADO = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
}
SETS = {"series": SERIES, "grades": GRADES, "cells": CELLS}


def seen(colour: str, eye: str) -> str:
    """Return a colour as it is seen by an eye that lacks a kind of cone."""
    srgb = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    linear = np.clip(np.array(MACHADO[eye]) @ linear, 0, 1)
    back = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return "#" + "".join(f"{round(255 * channel):02X}" for channel in back)


@pytest.mark.parametrize(
    ("colour", "expected"),
    # White, black and middle grey (CIE 1976); red and blue as tabulated for sRGB.
    [("#FFFFFF", 100), ("#000000", 0), ("#777777", 50.03), ("#FF0000", 53.24), ("#0000FF", 32.30)],
)
def test_lightness_is_that_of_the_cie(colour: str, expected: float) -> None:
    assert lightness(colour) == pytest.approx(expected, abs=0.05)


@pytest.mark.parametrize("name", SETS)
def test_colours_differ_in_grey(name: str) -> None:
    for one, other in combinations(SETS[name], 2):
        assert abs(lightness(one) - lightness(other)) >= 12, (one, other)


@pytest.mark.parametrize("eye", MACHADO)
@pytest.mark.parametrize("name", SETS)
def test_colours_differ_in_lightness_for_the_colour_blind(name: str, eye: str) -> None:
    for one, other in combinations(SETS[name], 2):
        gap = abs(lightness(seen(one, eye)) - lightness(seen(other, eye)))
        assert gap >= 10, (one, other)


@pytest.mark.parametrize("eye", MACHADO)
def test_grey_is_grey_for_every_eye(eye: str) -> None:
    # The rows of the matrices sum to 1: a check that they were copied whole.
    assert seen("#808080", eye) == "#808080"


def test_what_colour_says_is_said_again() -> None:
    assert len({str(line) for line in LINES}) == len(SERIES)
    assert len(set(HATCHES[:4])) == 4  # grade 5 is plain like grade 1, and the darkest


@pytest.mark.parametrize("colour", [*GRADES, *CELLS])
def test_text_on_a_colour_is_read(colour: str) -> None:
    assert abs(lightness(ink_on(colour)) - lightness(colour)) >= 45
    assert ink_on("#FFFFFF") == INK
