"""Tokens are found where they stand, and only there."""

import pytest

from evikg.graph import records as r
from evikg.graph.numbers import Printed
from evikg.loaders.verify import find, verify
from evikg.ontology import Directness, Statistic

LINE = "Vascular disorders\t1 (0.9%)\tVeno-occlusive disease (0.9%), other 10.9%"


@pytest.mark.parametrize(
    ("token", "occurrence", "place"),
    [
        ("0.9%", 1, LINE.index("0.9%")),
        ("0.9%", 2, LINE.rindex("(0.9%)") + 1),
        ("0.9%", 3, None),  # 10.9% is another number
        ("1", 1, LINE.index("1 (")),
        ("1", 2, None),
        ("0.9", 2, LINE.rindex("(0.9%)") + 1),
        ("disease", 1, LINE.index("disease")),
        ("ease", 1, None),  # inside a word
    ],
)
def test_tokens_are_found_at_number_and_word_boundaries(
    token: str, occurrence: int, place: int | None
) -> None:
    assert find(LINE, token, occurrence) == place


def result(line: int, printed: str, value: str, **fields: object) -> r.Result:
    return r.Result(
        slug=f"doe-l{line}-1",
        source="doe",
        study="s",
        group="g",
        variable="v",
        statistic=Statistic.PERCENT,
        directness=Directness.OWN,
        printed=printed,
        locator="Results",
        line=line,
        value=Printed.parse(value),
        **fields,  # type: ignore[arg-type]
    )


def problems(text: str, *items: r.Result) -> list[str]:
    return [found.problem for found in verify(text, list(items))]


def test_number_words_stand_for_their_number() -> None:
    assert (
        problems("Thirty-six patients (35.3%)", result(1, "Thirty-six | 35.3%", "35.3", events=36))
        == []
    )


def test_a_token_may_go_on_in_another_line() -> None:
    text = "median 6.3\n\nmonths (95% CI: 2.8-8.0)"
    low, high = Printed.parse("2.8"), Printed.parse("8.0")
    row = result(1, "6.3 | @3 2.8-8.0", "6.3", interval_low=low, interval_high=high)
    assert problems(text, row) == []


def test_a_number_that_is_not_printed_is_found() -> None:
    assert problems("CR/CRi 30 (75.0)", result(1, "30 (75.0)", "75.1", events=30)) == [
        "value '75.1' is not among the printed tokens '30 (75.0)'"
    ]


def test_a_wrong_line_is_found() -> None:
    assert problems("nothing here\n30 (75.0)", result(1, "30 (75.0)", "75.0")) == [
        "occurrence 1 of the token '30 (75.0)' is not in line 1"
    ]


def test_a_line_beyond_the_text_is_found() -> None:
    assert problems("one line", result(7, "1", "1")) == ["the text has 1 lines, none is 7"]


def test_rows_out_of_the_order_of_the_line_are_found() -> None:
    text = "12.0% and 13.0%"
    assert problems(text, result(1, "13.0%", "13.0"), result(1, "12.0%", "12.0")) == [
        "stands before the row above it; keep the order of the line"
    ]
