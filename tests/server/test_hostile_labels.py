"""A graph whose every label and text holds markup: pages show it as text, and data are no pages."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from lxml import html
from pyoxigraph import Literal, NamedNode, Quad

from evikg.graph.embedded import EmbeddedStore, new_generation

from .conftest import Running, Start
from .test_pages import PLACES
from .test_pages_numbers import BROWSER

#: What is added to texts: ends a text, an attribute, a script, a comment and a style; turns the direction of writing.
EVIL = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}-->\u202e\u2066"
#: Properties whose values are words for people; a build refuses numbers that are none.
SHOWN = ("label", "prefLabel", "printed", "printedTerm", "title", "description", "definition", "note",
         "locator", "comment", "subject_label", "object_label", "printedSoc", "printedGroup",
         "hasExactSynonym", "editorialNote", "citedReference", "keywords", "flagReason", "altLabel",
         "publicationName", "condition", "method", "source", "license")  # fmt: skip
SLUG = "https://w3id.org/evikg/study/kr-pms"
#: All that an IRI may hold and HTML may not.
EVIL_SLUG = SLUG + "'onmouseover='alert(1)'&lt;script&gt;;"


@pytest.fixture(scope="module")
def running(
    start: Start, evidence_store: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    place = tmp_path_factory.mktemp("hostile") / "store"
    with new_generation(place) as store:
        store.bulk_extend(hostile(quad) for quad in EmbeddedStore.open(evidence_store).inner)
    with start(place, "--workers", "2") as running:
        yield running


def hostile(quad: Quad) -> Quad:
    subject, value = quad.subject, quad.object
    name = quad.predicate.value.replace("#", "/").rpartition("/")[2]
    if isinstance(value, Literal) and name in SHOWN and value.datatype.value.endswith("ring"):
        value = Literal(value.value + EVIL, language=value.language)
    subject = NamedNode(EVIL_SLUG) if subject == NamedNode(SLUG) else subject
    value = NamedNode(EVIL_SLUG) if value == NamedNode(SLUG) else value
    return Quad(subject, quad.predicate, value, quad.graph_name)


def get(running: Running, address: str, accept: str = BROWSER, **query: str) -> httpx.Response:
    return httpx.get(
        f"{running.url}{address}",
        params=query or None,
        headers={"accept": accept},
        timeout=60,
        follow_redirects=True,
    )


def check(page: httpx.Response) -> None:
    """Check that a browser finds no script, handler or address of the graph's in a page."""
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert b"<script>alert" not in page.content and b"<img src=x" not in page.content
    tree = html.fromstring(page.text)
    assert not tree.xpath("//@*[starts-with(name(), 'on')]")
    for script in tree.xpath("//script"):
        assert script.get("src") or script.get("type") == "application/json"
        if script.get("type") == "application/json":
            json.loads(script.text)
    for address in tree.xpath("//@href | //@src | //@action"):
        assert address.startswith(("/", "#", "?", "http://", "https://", "mailto:")), address
    assert "49" not in {text.strip() for text in tree.itertext()}  # of no template within


ADDRESSES = [
    *PLACES,
    "/search?q=alert", "/search?q=%3Cscript%3Ealert(1)%3C/script%3E", "/questions",
    "/questions?words=%3Cscript%3Ealert(1)%3C/script%3E&tag=%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E",
    "/questions/response-rates", "/questions/study-catalogue", "/questions/p-values",
    "/questions/response-rates?study=%3Cscript%3Ealert(1)%3C/script%3E",
    "/questions/response-rates?%3Cscript%3Ealert(1)%3C/script%3E=1",
    "/compare?outcome=cr-cri", "/compare?outcome=%3Cscript%3Ealert(1)%3C/script%3E",
    "/editor?query=%3C/textarea%3E%3Cscript%3Ealert(1)%3C/script%3E",
    "/editor?example=%3Cscript%3Ealert(1)%3C/script%3E",
    "/explore", "/explore?q=vod", "/explore?q=%3Cscript%3Ealert(1)%3C/script%3E",
    "/explore?start=https://w3id.org/evikg/variable/vod-sos",
    "/explore?start=%3Cscript%3Ealert(1)%3C/script%3E",
    "/explore?from=%3Cscript%3Ealert(1)%3C/script%3E&to=%22%3E",
    "/term?iri=%3Cscript%3Ealert(1)%3C/script%3E", "/term?iri=javascript:alert(1)",
    "/%3Cscript%3Ealert(1)%3C/script%3E", "/study/%3Cscript%3Ealert(1)%3C/script%3E",
    "/sparql?query=%3Cscript%3Ealert(1)%3C/script%3E", "/store?graph=%3Cscript%3Ealert(1)%3C/script%3E",
]  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_shows_markup_as_text(running: Running, address: str) -> None:
    page = get(running, address)
    assert page.status_code in {200, 400, 404}
    check(page)


def test_a_name_that_looks_like_markup_is_a_name(running: Running) -> None:
    from urllib.parse import quote

    page = get(running, f"/study/{quote(EVIL_SLUG.rpartition('/')[2], safe='')}")
    assert page.status_code == 200
    check(page)
    assert "<script>alert(1)</script>" in html.fromstring(page.text).text_content()


@pytest.mark.parametrize("accept", [BROWSER, "application/json", "*/*"])
@pytest.mark.parametrize(
    ("address", "query"),
    [
        ("/explore/search", {"q": "vod"}),
        ("/explore/neighbours", {"iri": "https://w3id.org/evikg/variable/vod-sos"}),
        ("/explore/view", {"iri": "https://w3id.org/evikg/variable/vod-sos"}),
        ("/explore/measures", {"iri": "https://w3id.org/evikg/variable/vod-sos"}),
        ("/explore/classes", {}),
        ("/editor/completions", {}),
        ("/questions/study-catalogue", {"format": "json"}),
        ("/questions/response-rates", {"format": "csv"}),
        ("/compare.csv", {"outcome": "cr-cri"}),
        ("/sparql", {"query": 'SELECT ("<script>alert(1)</script>" AS ?x) {}', "format": "json"}),
        ("/sparql", {"query": 'SELECT ("<script>alert(1)</script>" AS ?x) {}', "format": "xml"}),
        ("/sparql", {"query": 'SELECT ("<script>alert(1)</script>" AS ?x) {}', "format": "csv"}),
        ("/openapi.json", {}),
        ("/store", {"default": "", "format": "turtle"}),
    ],
)
def test_data_are_never_a_page(
    running: Running, address: str, query: dict[str, str], accept: str
) -> None:
    answer = get(running, address, accept, **query)
    assert "html" not in answer.headers["content-type"] or answer.status_code >= 400
    assert answer.headers["x-content-type-options"] == "nosniff"
    if "html" in answer.headers["content-type"]:
        check(answer)


def test_a_picture_holds_no_script(running: Running) -> None:
    """An SVG is a document of its own where it is opened by itself."""
    from lxml import etree

    answer = get(running, "/questions/response-rates", format="svg")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    tree = etree.fromstring(answer.content)
    assert not tree.xpath("//*[local-name()='script' or local-name()='foreignObject']")
    assert not tree.xpath("//@*[starts-with(local-name(), 'on')]")
