"""The SPARQL editor without script, what it completes from, and the scripts that pages load."""

import hashlib
import re
from importlib.resources import files
from pathlib import Path

import httpx
import pytest
from lxml import html

from evikg.queries import catalogue

EV = "https://w3id.org/evikg/ontology#"
VENDOR = Path(str(files("evikg.server"))) / "static" / "vendor"


def page(server: str, status: int = 200, **query: str) -> html.HtmlElement:
    answer = httpx.get(f"{server}/editor", params=query, headers={"Accept": "text/html"})
    assert answer.status_code == status
    return html.fromstring(answer.text)


def field(found: html.HtmlElement) -> html.HtmlElement:
    (area,) = found.xpath("//form/textarea[@name='query']")
    return area


def test_the_query_of_the_address_stands_in_a_field_with_a_label(server: str) -> None:
    query = "SELECT * WHERE { ?s ?p '</textarea><script>alert(1)</script>' }\n# ä & <x>"
    found = page(server, query=query)
    area = field(found)
    assert area.text == query
    assert found.xpath(f"//label[@for='{area.get('id')}']")
    assert not found.xpath("//main//script")


def test_every_question_is_an_example(server: str) -> None:
    links = page(server).xpath("//main//details//a/@href")
    assert sorted(links) == sorted(f"/editor?example={name}" for name in catalogue())
    assert field(page(server, example="vod-sos")).text == catalogue()["vod-sos"].text
    assert "no question 'none'" in page(server, 404, example="none").text_content()


@pytest.mark.parametrize(("form", "begins"), [("csv", "study,"), ("tsv", "?study\t")])
def test_the_plain_form_is_answered_in_the_form_that_was_chosen(
    server: str, form: str, begins: str
) -> None:
    found = page(server)
    (shown,) = found.xpath("//form[textarea]")
    assert (shown.get("action"), shown.get("method")) == ("/sparql", "post")
    (button,) = shown.xpath(".//button[@name='download']")
    data = {"query": field(found).text, "format": form, "download": f"answer.{form}"}
    assert button.get("value")
    assert form in shown.xpath(".//select[@name='format']//option/@value")
    answer = httpx.post(f"{server}/sparql", data=data, timeout=30)
    assert answer.text.startswith(begins)
    assert answer.headers["content-disposition"] == f'attachment; filename="answer.{form}"'
    # Every study with a number: at least the four whose documents were curated in full.
    assert all(slug in answer.text for slug in ("kr-pms", "phase4-lowdose", "ino-cd22", "faers"))


def test_names_are_completed_from_what_the_graph_uses(server: str) -> None:
    known = httpx.get(f"{server}/editor/completions").json()
    assert known["prefixes"]["ev"] == EV
    used = httpx.get(
        f"{server}/sparql",
        params={"query": "SELECT DISTINCT ?p { ?s ?p ?o }", "format": "csv"},
    ).text.split()[1:]
    assert {f"{EV}Result", f"{EV}Study"} <= set(known["classes"])
    # The description of the build is no part of what it describes.
    assert {p for p in used if p.startswith(EV)} <= set(known["properties"]) | {f"{EV}fingerprint"}
    assert len(known["properties"]) == len(set(known["properties"]))


def test_scripts_of_others_are_those_that_their_list_names() -> None:
    listed = dict(
        re.findall(
            r"^\| `([^`]+)` .*`([0-9a-f]{64})` \|$",
            (VENDOR / "README.md").read_text(encoding="utf-8"),
            re.MULTILINE,
        )
    )
    there = {
        str(path.relative_to(VENDOR)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "README.md"
    }
    assert there == listed
    folders = {path.name for path in VENDOR.iterdir() if path.is_dir()}
    assert all((VENDOR / folder / "LICENSE").is_file() for folder in folders)
