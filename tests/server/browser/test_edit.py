"""The SPARQL editor in a browser."""

import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import httpx
import pytest

from .conftest import Axe, Visit

if TYPE_CHECKING:
    from playwright.sync_api import Page

QUERY = """PREFIX ev: <https://w3id.org/evikg/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?study ?name WHERE { ?study a ev:Study ; rdfs:label ?name } ORDER BY ?study LIMIT 7"""


def address(query: str) -> str:
    return f"/editor?{urlencode({'query': query})}"


def query_of(page: "Page") -> str:
    return str(page.evaluate("document.querySelector('.CodeMirror').CodeMirror.getValue()"))


def type_in(page: "Page", text: str) -> None:
    """Replace the query by what is typed."""
    page.locator(".CodeMirror textarea").focus()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(text)


def test_a_query_is_edited_run_and_its_answer_leads_to_pages(visit: Visit) -> None:
    page = visit("/editor")
    page.locator(".CodeMirror").wait_for()
    type_in(page, QUERY)
    page.keyboard.press("Control+Enter")
    rows = page.locator("#editor-answer tbody tr")
    rows.first.wait_for()
    assert rows.count() == 7
    assert page.locator("#editor-answer thead th").all_inner_texts() == ["study", "name"]
    assert page.get_by_role("status").inner_text().startswith("7 rows, ")
    link = rows.first.locator("a")
    slug = link.inner_text()
    assert slug.startswith("study:")
    link.click()
    page.wait_for_url(f"**/{slug.replace(':', '/')}")


def test_what_is_wrong_with_a_query_is_shown(visit: Visit, server: str) -> None:
    query = "SELECT ?x WHERE { ?x a }"
    page = visit(address(query))
    page.get_by_role("button", name="Run").click()
    fault = page.get_by_role("alert")
    fault.wait_for()
    told = httpx.get(f"{server}/sparql", params={"query": query}).json()["detail"]
    assert fault.inner_text() == told
    assert "expected" in told


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("ASK { ?s a <https://w3id.org/evikg/ontology#Study> }", "Yes"),
        ("CONSTRUCT { ?s a ?o } WHERE { ?s a ?o } LIMIT 3", "<http://www.w3.org/1999/02/22-rdf"),
    ],
)
def test_yes_or_no_and_graphs_are_shown(visit: Visit, query: str, shown: str) -> None:
    page = visit(address(query))
    page.get_by_role("button", name="Run").click()
    page.locator("#editor-answer > *").wait_for()
    told = page.locator("#editor-answer").inner_text()
    assert shown in told or (query.startswith("CONSTRUCT") and " a " in told)
    assert page.locator("#editor-format").input_value() == (
        "turtle" if query.startswith("CONSTRUCT") else "csv"
    )


def test_an_answer_is_downloaded_as_csv(visit: Visit, server: str) -> None:
    page = visit(address(QUERY))
    page.locator(".CodeMirror").wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename == "answer.csv"
    expected = httpx.get(f"{server}/sparql", params={"query": QUERY, "format": "csv"})
    assert Path(download.value.path()).read_bytes() == expected.content


def test_a_link_holds_the_query(visit: Visit) -> None:
    page = visit("/editor")
    page.locator(".CodeMirror").wait_for()
    type_in(page, f"# ä & + % # <b>\n{QUERY}")
    page.get_by_role("button", name="Link to this query").click()
    link = page.locator("#editor-link").input_value()
    origin = page.evaluate("location.origin")
    assert link.startswith(f"{origin}/editor?query=")
    again = visit(link.removeprefix(origin))
    again.locator(".CodeMirror").wait_for()
    assert query_of(again) == query_of(page) == f"# ä & + % # <b>\n{QUERY}"
    behind = visit(f"/editor#{urlencode({'query': QUERY})}")
    behind.locator(".CodeMirror").wait_for()
    assert query_of(behind) == QUERY


def test_names_are_completed_and_prefixes_are_added(visit: Visit) -> None:
    page = visit("/editor")
    page.locator(".CodeMirror").wait_for()
    type_in(page, "SELECT * WHERE { ?x a ")
    page.keyboard.type("ev:Discrep")
    page.keyboard.press("Control+Space")
    hint = page.locator(".CodeMirror-hint").first
    hint.wait_for()
    assert hint.inner_text() == "ev:Discrepancy"
    page.keyboard.press("Enter")
    page.keyboard.type(" ; ev:discrepancyTy")
    page.keyboard.press("Control+Space")
    hint.wait_for()
    assert hint.inner_text() == "ev:discrepancyType"
    page.keyboard.press("Enter")
    written = query_of(page)
    assert "PREFIX ev: <https://w3id.org/evikg/ontology#>" in written
    assert written.endswith("?x a ev:Discrepancy ; ev:discrepancyType")


def test_an_example_is_found_by_its_words_and_opened(visit: Visit) -> None:
    page = visit("/editor")
    page.get_by_label("Only with these words").fill("vod defin")
    links = page.locator("#editor-examples li:visible a")
    for text in links.all_inner_texts():
        assert re.search("vod", text, re.IGNORECASE)
    page.get_by_label("Only with these words").fill("dose vod")
    links.first.click()
    page.wait_for_url("**/editor?example=*")
    page.locator(".CodeMirror").wait_for()
    assert query_of(page).startswith("#+ summary:")


def test_tab_leaves_the_editor(visit: Visit) -> None:
    page = visit("/editor")
    page.locator(".CodeMirror textarea").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "editor-run"
    page.keyboard.press("Enter")
    page.locator("#editor-answer tbody tr").first.wait_for()


@pytest.mark.parametrize("dark", [False, True])
def test_a_narrow_screen_needs_no_sideways_scrolling_and_axe_finds_nothing(
    visit: Visit, axe: Axe, dark: bool
) -> None:
    page = visit(address(QUERY), width=360, dark=dark)
    page.get_by_role("button", name="Run").click()
    page.locator("#editor-answer tbody tr").first.wait_for()
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_without_script_a_plain_form_is_answered(visit: Visit) -> None:
    page = visit(address(QUERY), script=False)
    assert page.get_by_label("Query").input_value() == QUERY
    with page.expect_download() as download:
        page.select_option("#editor-format", "tsv")
        page.get_by_role("button", name="Download").click()
    saved = Path(download.value.path()).read_text(encoding="utf-8")
    assert saved.startswith("?study\t?name\n")
    assert len(saved.splitlines()) == 8
