"""A plot of signals prints each ratio, and what it must not be taken for."""

from collections.abc import Callable

import pytest

from evikg.figures import Picture, Signal, Signals, draw_signals

Texts = Callable[[Picture], list[str]]
VOD = Signal("veno-occlusive liver disease", 486.02, 395.96, 596.57, 97, "Hepatobiliary disorders")


def test_each_signal_is_printed_under_its_section(texts: Texts, faults: Texts) -> None:
    infection = Signal("infection", 0.97, 0.9, 1.05, 1200, "Infections", "0.970 [0.90, 1.05]")
    picture = draw_signals(Signals("Signals", (VOD, infection)))
    found = texts(picture)
    for words in ["Hepatobiliary disorders", "veno-occlusive liver disease", "97",
                  "486.02 [395.96, 596.57]", "Infections", "1,200", "0.970 [0.90, 1.05]",
                  "ROR [95% CI]"]:  # fmt: skip
        assert words in found
    assert "Hypothesis-generating" in " ".join(found)
    assert "no incidence" in " ".join(found)
    assert not faults(picture)


def test_a_dot_is_filled_only_above_the_threshold_and_grows_with_reports() -> None:
    weak = Signal("weak", 1.5, 0.8, 2.8, 24)
    strong = Signal("strong", 5.0, 4.0, 6.0, 96)
    figure = draw_signals(Signals("T", (weak, strong))).figure
    dots = [line for line in figure.axes[0].lines if line.get_marker() == "o"]
    assert dots[0].get_markerfacecolor() == "white"
    assert dots[1].get_markerfacecolor() != "white"
    assert dots[1].get_markersize() == pytest.approx(2 * dots[0].get_markersize())


def test_long_names_are_wrapped(faults: Texts) -> None:
    name = "hepatotoxicity as printed among blood and lymphatic signals " * 3
    signals = (VOD, Signal(name, 2, 1.5, 3, 4, name), Signal("x" * 120, 2, 1.5, 3, 4, name))
    assert not faults(draw_signals(Signals(name, signals)))


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ((0.0, 0.0, 1.0, 3), "lie above zero"),
        ((2.0, 3.0, 1.0, 3), "runs backwards"),
        ((float("inf"), 1.0, 3.0, 3), "not a finite number"),
        ((2.0, 1.0, 3.0, 0), "at least one report"),
    ],
)
def test_numbers_that_are_no_signal_are_refused(
    numbers: tuple[float, float, float, int], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        Signal("event", *numbers)


def test_more_rows_than_a_page_can_hold_are_refused() -> None:
    with pytest.raises(ValueError, match="ask for fewer rows"):
        draw_signals(Signals("T", (VOD,) * 1400))


def test_no_signal_is_no_picture() -> None:
    with pytest.raises(ValueError, match="needs at least one"):
        Signals("T", ())


def test_a_subtitle_stands_between_title_and_head(texts: Texts, faults: Texts) -> None:
    signals = (Signal("sepsis", 7.14, 5.11, 9.96, 35),)
    picture = draw_signals(Signals("Signals", signals, "FAERS 2004 Q1 to 2024 Q3, a drug"))
    found = texts(picture)
    order = [found.index(w) for w in ("Signals", "FAERS 2004 Q1 to 2024 Q3, a drug", "Event")]
    assert order == sorted(order)
    assert not faults(picture)
    assert "FAERS 2004 Q1 to 2024 Q3, a drug" in picture.description
