"""Every question file is well made, whatever it answers."""

import re
from pathlib import Path

import pytest

from evikg.queries import catalogue

ANSWERED = {
    path.stem.partition("--")[0] for path in (Path(__file__).parent / "expected").glob("*.csv")
}


@pytest.mark.parametrize("name", catalogue())
def test_has_an_expected_answer(name: str) -> None:
    assert name in ANSWERED


@pytest.mark.parametrize("name", catalogue())
def test_header_describes_what_is_selected(name: str) -> None:
    header = catalogue()[name].header
    assert header.summary.endswith("?")
    assert header.description
    assert header.tags
    assert all(column.description for column in header.columns)
    assert all(parameter.description for parameter in header.parameters)


@pytest.mark.parametrize("name", catalogue())
def test_an_answered_number_leads_to_its_source(name: str) -> None:
    question = catalogue()[name]
    if "ev:printedValue" in question.text:
        columns = {column.name for column in question.header.columns}
        assert "locator" in columns
        assert columns & {"result", "printing"}


@pytest.mark.parametrize("name", catalogue())
def test_no_filter_not_exists_over_joined_patterns(name: str) -> None:
    # It is slow on every engine, and some answer it wrongly: MINUS, or OPTIONAL and !BOUND.
    for inner in re.findall(r"NOT\s+EXISTS\s*\{([^{}]*)\}", _body(name)):
        assert not re.search(r"[;,]|\.\s*\S", _without_iris(inner))


@pytest.mark.parametrize("name", catalogue())
def test_order_is_fixed(name: str) -> None:
    assert re.search(r"ORDER BY[^}]*\Z", _body(name))


def _body(name: str) -> str:
    lines = catalogue()[name].text.splitlines()
    return "\n".join(line for line in lines if not line.startswith("#"))


def _without_iris(text: str) -> str:
    return re.sub(r"<[^>]*>", "iri", text)
