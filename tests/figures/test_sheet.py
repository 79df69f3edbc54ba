"""Text is wrapped to a width, and nothing of it is lost."""

from hypothesis import given, settings
from hypothesis import strategies as st

from evikg.figures.sheet import clean, text_width, wrapped


@settings(max_examples=40, deadline=None)
@given(st.text("abcdefgW .,()/", max_size=80), st.floats(0.3, 4))
def test_lines_fit_and_hold_every_character(words: str, width: float) -> None:
    lines = wrapped(words, width)
    assert all(text_width(line) <= width for line in lines)
    assert "".join(lines).replace("-", "").replace(" ", "") == words.replace(" ", "")


def test_a_long_word_is_broken_at_its_own_hyphen() -> None:
    assert wrapped("phase4-lowdose", 0.7) == ["phase4-", "lowdose"]
    assert wrapped("", 1.0) == [""]


def test_a_bold_line_is_wider_and_a_dollar_is_a_dollar() -> None:
    assert text_width("Study", bold=True) > text_width("Study")
    assert text_width("$5$") > text_width("5")


def test_control_characters_are_left_out() -> None:
    assert clean("a\x00b\tc\x1b[0m") == "ab c[0m"
