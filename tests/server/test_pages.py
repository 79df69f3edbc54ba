"""The pages about the evidence: found, linked, escaped, in every form that is asked for."""

import re
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
import rdflib
from lxml import html

from .test_pages_numbers import BROWSER, page, text

_VOID = set("area base br col embed hr img input link meta source track wbr".split())
PLACES = """
/ /search /search?q=vod /search?q=zzzz /compare /about /drugs /studies /sources /variables
/study/phase4-lowdose /study/faers-2024q3 /group/kr-pms-safety /regimen/ino-1-8
/drug/inotuzumab-ozogamicin /variable/vod-sos /source/tran-2026 /source/yoon-2026
/result/ozcan-2025-l147-2 /result/yoon-2026-l276-1 /rule/percentage
/term?iri=http%3A%2F%2Fpurl.obolibrary.org%2Fobo%2FMONDO_0004967
/term?iri=https%3A%2F%2Fw3id.org%2Fevikg%2Fontology%23Result
""".split()


def hits(server: str, words: str) -> list[tuple[str, str]]:
    found = httpx.get(f"{server}/search", params={"q": words}, timeout=30)
    links = html.fromstring(found.text).xpath("//ul[@class='hits']/li/a")
    return [(str(link.get("href")), text(link)) for link in links]


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("inotuzumab", "/drug/inotuzumab-ozogamicin"),
        ("BESPONSA", "/drug/inotuzumab-ozogamicin"),  # its trade name
        ("NCT03677596", "/study/phase4-lowdose"),
        ("10.1007/s00277-026-06838-z", "/source/yoon-2026"),
        ("kr-pms", "/study/kr-pms"),
        ("MRD negativity", "/variable/mrd-negativity"),
        ("febrile neutr", "/variable/febrile-neutropenia"),
        ("fébrile NEUTROPÉNIA", "/variable/febrile-neutropenia"),
        ("MONDO:0004967", "/term?iri=http%3A%2F%2Fpurl.obolibrary.org%2Fobo%2FMONDO_0004967"),
        ("ALL - acute lymphocytic leukemia", "/term?iri=http%3A%2F%2Fpurl.obolibrary.org%2Fobo%2FMONDO_0004967"),
        ("10047216", "/variable/veno-occlusive-liver-disease"),  # the code that FAERS prints
    ],
)  # fmt: skip
def test_search_finds_by_any_name(server: str, words: str, address: str) -> None:
    assert hits(server, words)[0][0] == address


def test_search_for_what_is_misspelt_suggests_what_was_meant(server: str) -> None:
    found = page(server, "/search?q=inotuzumb+ozogamycin")
    assert found.xpath("//a[@href='/search?q=inotuzumab%20ozogamicin']")
    assert "Nothing is called that" in text(found)


@pytest.mark.parametrize("words", ['"', "*", "a AND (b", "NEAR(", "'; DROP TABLE name;--", "\0"])
def test_search_takes_any_text(server: str, words: str) -> None:
    found = httpx.get(f"{server}/search", params={"q": words}, timeout=30)
    assert found.status_code == 200


def test_what_is_not_there_is_404_with_near_names(server: str) -> None:
    found = page(server, "/study/phase4-lowdos", status=404)
    assert "/study/phase4-lowdose" in found.xpath("//ul[@class='hits']//a/@href")
    page(server, "/variable/%22%3E%3Cscript%3E", status=404)
    page(server, "/term?iri=nothing%20that%20is%20an%20iri", status=404)


@pytest.mark.parametrize(
    ("accept", "form"),
    [("text/turtle", "turtle"), ("application/ld+json", "json-ld"), ("application/n-triples", "nt"),
     ("application/rdf+xml", "xml"), ("text/html;q=0.5, text/turtle", "turtle")],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib's own reader
def test_a_thing_is_told_as_rdf(server: str, accept: str, form: str) -> None:
    answer = httpx.get(f"{server}/result/ozcan-2025-l147-2", headers={"Accept": accept}, timeout=30)
    assert answer.status_code == 200
    graph = rdflib.Graph().parse(data=answer.text, format=form)
    subject = rdflib.URIRef("https://w3id.org/evikg/result/ozcan-2025-l147-2")
    stated = rdflib.URIRef("https://w3id.org/evikg/ontology#printed")
    assert graph.value(subject, stated) == rdflib.Literal("35 (83.3)")


def test_a_term_of_ours_is_shown_at_its_own_address(server: str) -> None:
    iri = "https://w3id.org/evikg/study/kr-pms"
    answer = httpx.get(
        f"{server}/term", params={"iri": iri}, headers={"Accept": "text/html"}, timeout=30
    )
    assert answer.status_code == 303
    assert answer.headers["location"] == "/study/kr-pms"


def test_a_panel_shows_the_query_behind_it(server: str) -> None:
    found = page(server, "/study/kr-pms")
    panels = found.xpath("//section[.//table or .//ul[@class='flow']]")
    assert panels
    for panel in panels:
        (address,) = panel.xpath("./div[@class='heading']/a[contains(@class,'sparql')]/@href")
        assert address.startswith("/editor?query=")
        assert "kr-pms" in address


@pytest.mark.parametrize("place", PLACES)
def test_a_page_is_well_formed_and_has_an_outline(server: str, place: str) -> None:
    answer = httpx.get(f"{server}{place}", headers={"Accept": "text/html"}, timeout=30)
    assert answer.status_code == 200
    unclosed: list[str] = []
    for closing, name, empty in re.findall(r"<(/?)([a-z][a-z0-9]*)\b[^>]*?(/?)>", answer.text):
        if closing:
            assert unclosed, f"</{name}> closes nothing"
            assert unclosed.pop() == name
        elif name not in _VOID and not empty:
            unclosed.append(name)
    assert unclosed == []
    found = html.fromstring(answer.text)
    assert len(found.xpath("//h1")) == 1
    identifiers = found.xpath("//@id")
    assert len(identifiers) == len(set(identifiers))
    for named in found.xpath("//@aria-labelledby"):
        assert named in identifiers
    assert not found.xpath("//@style | //script | //style | //*[starts-with(name(@*), 'on')]")
    assert text(found.xpath("//title")[0])


def test_every_link_leads_somewhere(server: str) -> None:
    """Follow links of some pages, two of each kind of address."""
    asked: dict[str, int] = {}
    kinds: dict[str, list[str]] = defaultdict(list)
    with httpx.Client(base_url=server, headers={"Accept": BROWSER}, timeout=60) as client:

        def follow(address: str) -> None:
            answer = client.get(address)
            asked[address] = answer.status_code
            if answer.headers.get("content-type", "").startswith("text/html"):
                for link in html.fromstring(answer.text).xpath("//a/@href"):
                    parts = urlsplit(str(link))
                    if parts.scheme or parts.netloc or not parts.path:
                        continue
                    kind = parts.path.split("/")[1] + ("?" if parts.query else "")
                    kinds[kind].append(f"{parts.path}{'?' if parts.query else ''}{parts.query}")

        for place in PLACES[-13:]:
            follow(place)
        for found in list(kinds.values()):
            distinct = sorted(set(found) - asked.keys())
            for address in distinct[:: max(1, len(distinct) // 2)][:2]:
                follow(address)
    assert len(kinds) > 12
    assert {place: status for place, status in asked.items() if status not in {200, 303}} == {}


_SCRIPT = '</title><script>alert(1)</script>"><img src=x onerror=alert(1)>'
_HOSTILE = """
@prefix ev: <https://w3id.org/evikg/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix prism: <http://prismstandard.org/namespaces/basic/2.0/> .
@prefix w: <https://w3id.org/evikg/> .
<https://w3id.org/evikg/graph/x> {
  <https://w3id.org/evikg/study/s> a ev:Study ; rdfs:label "SCRIPT" ; ev:design ev:registry ;
    ev:registration "javascript:alert(1)" .
  <https://w3id.org/evikg/source/d> a ev:Source ; rdfs:label "SCRIPT" ; prism:doi "SCRIPT" ;
    ev:sourceKind ev:journal-article .
  <https://w3id.org/evikg/drug/i> a ev:Drug ; rdfs:label "SCRIPT" ; skos:altLabel "SCRIPT" .
  <https://w3id.org/evikg/regimen/r> a ev:Regimen ; rdfs:label "SCRIPT" ;
    ev:drug <https://w3id.org/evikg/drug/i> .
  <https://w3id.org/evikg/group/g> a ev:Group ; rdfs:label "SCRIPT" ; ev:groupKind ev:treated-group ;
    ev:size 3 ; ev:study <https://w3id.org/evikg/study/s> ;
    ev:regimen <https://w3id.org/evikg/regimen/r> .
  <https://w3id.org/evikg/variable/v> a ev:Variable ; skos:prefLabel "SCRIPT" ;
    ev:variableKind ev:efficacy-variable ; ev:within <https://w3id.org/evikg/variable/v> .
  <https://w3id.org/evikg/quantity/q> a ev:Quantity .
  <https://w3id.org/evikg/result/d-l1-1> a ev:Result ; ev:source <https://w3id.org/evikg/source/d> ;
    ev:study <https://w3id.org/evikg/study/s> ; ev:group <https://w3id.org/evikg/group/g> ;
    ev:variable <https://w3id.org/evikg/variable/v> ; ev:statistic ev:count ; ev:events 1 ;
    ev:value 1.0 ; ev:printedValue "1" ; ev:unit "SCRIPT" ; ev:printedTerm "SCRIPT" ;
    ev:total 3 ; ev:countUnit ev:patients ; ev:directness ev:own ; ev:printed "SCRIPT" ;
    ev:note "SCRIPT" ; ev:locator "SCRIPT" ; ev:line 1 ; ev:occurrence 1 ;
    ev:quantity <https://w3id.org/evikg/quantity/q> ; ev:primary true .
}
"""


def test_labels_are_text_whatever_they_say(
    store_of: Callable[[str], Path], start: Callable[..., object]
) -> None:
    place = store_of(_HOSTILE.replace("SCRIPT", _SCRIPT.replace('"', r"\"")))
    things = "study/s source/d drug/i regimen/r group/g variable/v quantity/q result/d-l1-1".split()
    others = [
        "",
        "search?q=script",
        "compare?outcome=v",
        "studies",
        "drugs",
        "sources",
        "variables",
    ]
    with start(place) as running:  # type: ignore[attr-defined]
        for address in [*things, *others]:
            answer = httpx.get(
                f"{running.url}/{address}", headers={"Accept": "text/html"}, timeout=30
            )
            assert answer.status_code == 200, address
            found = html.fromstring(answer.text)
            assert not found.xpath("//script | //img | //@onerror"), address
            assert not found.xpath("//a[starts-with(@href, 'javascript:')]"), address
            if address in things[:-2]:
                assert _SCRIPT in answer.text.replace("&lt;", "<").replace("&gt;", ">").replace(
                    "&#34;", '"'
                )
