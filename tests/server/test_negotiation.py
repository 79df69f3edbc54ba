"""Content negotiation by the rules of RFC 9110, section 12.5.1, and by properties of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evikg.server.exchange import Refusal
from evikg.server.negotiation import Form, accepts_gzip, choose, prefers, wants_html

JSON = Form("application/sparql-results+json", "json", ("application/json",))
XML = Form("application/sparql-results+xml", "xml", ("application/xml",))
CSV = Form("text/csv; charset=utf-8", "csv")
FORMS = (JSON, XML, CSV)


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("", JSON),
        ("*/*", JSON),
        ("text/*", CSV),
        ("TEXT/CSV", CSV),
        ("application/xml", XML),
        ("text/csv, application/json", JSON),  # equals: the server's first
        ("text/csv, application/json;q=0.9", CSV),
        ("application/json;q=0.1, text/csv; q=0.2", CSV),
        ("*/*;q=0.1, text/csv", CSV),
        ("application/*;q=0.3, text/csv;q=0.2", JSON),
        ("application/sparql-results+json;q=0, */*", XML),  # not acceptable, by its own name
        ('text/csv;charset="a,b;q=0"', CSV),  # a quoted string hides commas
        ("text/csv;q=1.000", CSV),
        ("image/png, text/csv;q=0.001", CSV),
        # what a browser sends (Firefox 128)
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", XML),
        ("text/csv;q=nonsense, application/xml;q=0.1", XML),
    ],
)
def test_the_form_that_is_chosen(accept: str, form: Form) -> None:
    assert choose(FORMS, accept) is form


@pytest.mark.parametrize("accept", ["image/png", "*/*;q=0", "text/csv;q=0", "text/html", "text"])
def test_nothing_fits(accept: str) -> None:
    with pytest.raises(Refusal) as refusal:
        choose(FORMS, accept)
    assert refusal.value.status == 406


@given(st.text(max_size=200))
def test_any_header_chooses_a_form_or_none(header: str) -> None:
    try:
        assert choose(FORMS, header) in FORMS
    except Refusal as refusal:
        assert refusal.status == 406


weights = st.integers(0, 1000)


@given(weights, weights, weights)
def test_the_greatest_weight_wins(json: int, xml: int, csv: int) -> None:
    named = {JSON: json, XML: xml, CSV: csv}
    header = ", ".join(f"{form.types[0]};q={weight / 1000:.3f}" for form, weight in named.items())
    if max(named.values()) == 0:
        with pytest.raises(Refusal):
            choose(FORMS, header)
    else:
        assert named[choose(FORMS, header)] == max(named.values())


@given(st.permutations(["text/csv;q=0.5", "application/xml;q=0.7", "*/*;q=0.1", "text/*;q=0.6"]))
def test_the_order_of_ranges_does_not_matter(ranges: list[str]) -> None:
    assert choose(FORMS, ",".join(ranges)) is XML


def test_a_browser_is_told_by_the_html_it_names() -> None:
    assert wants_html("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
    assert not wants_html("*/*")
    assert not wants_html("")
    assert not wants_html("application/json, text/html;q=0.5")
    assert prefers("text/turtle, text/html;q=0.9", ("text/turtle",), ("text/html",))


@pytest.mark.parametrize(
    ("header", "taken"),
    [
        ("", False),
        ("gzip", True),
        ("br, gzip;q=0.5", True),
        ("gzip;q=0", False),
        ("*", True),
        ("*;q=0", False),
        ("gzip;q=0, *", False),
        ("identity", False),
        ("x-gzip", True),  # RFC 9110, section 8.4.1.3
    ],
)
def test_gzip(header: str, taken: bool) -> None:
    assert accepts_gzip(header) is taken


@pytest.mark.parametrize(
    "header", ['"' + '\\"' * 60_000, '"\\' * 60_000, "," * 120_000, '";"' * 40_000]
)
def test_a_header_is_read_in_the_time_that_its_length_takes(header: str) -> None:
    """A string that never closes was sought again from each quote: for minutes at this length."""
    assert not accepts_gzip(header)
    assert accepts_gzip(f"gzip, {header}")


def test_a_string_that_is_not_closed_goes_on_to_the_end() -> None:
    assert choose(FORMS, 'application/xml;q=0.1, text/csv;x="a, application/json') is CSV
    assert choose(FORMS, 'text/csv;q=0.1;x="\\') is CSV
