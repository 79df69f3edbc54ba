"""The graph explorer without script: what its pages and its addresses answer.

Counts are compared with those of queries at the SPARQL endpoint, names with the evidence files.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from lxml import html

from .conftest import Start

EV = "PREFIX ev: <https://w3id.org/evikg/ontology#> PREFIX study: <https://w3id.org/evikg/study/> "


def get(server: str, path: str, **query: Any) -> Any:
    answer = httpx.get(f"{server}/explore/{path}", params=query, timeout=30)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    return answer.json()


def page(server: str, address: str, status: int = 200) -> html.HtmlElement:
    answer = httpx.get(f"{server}{address}", headers={"Accept": "text/html"}, timeout=30)
    assert answer.status_code == status, answer.text
    return html.fromstring(answer.text)


def text(node: html.HtmlElement) -> str:
    return " ".join(node.text_content().split())


def column(server: str, query: str) -> list[str]:
    answer = httpx.get(f"{server}/sparql", params={"query": query, "format": "csv"}, timeout=30)
    return answer.text.splitlines()[1:]


def test_a_thing_is_told_with_its_facts_and_the_counts_of_its_relations(server: str) -> None:
    found = get(server, "neighbours", iri="study:kr-pms")
    thing = found["thing"]
    assert (thing["kind"], thing["page"]) == ("study", "/study/kr-pms")
    # The registration that the paper prints (yoon-2026, Methods).
    assert ["registration", "NCT04307134"] in found["facts"]
    counts = {(r["relation"], r["kind"]): r["count"] for r in found["relations"]}
    for cls, kind in (("ev:Result", "result"), ("ev:Group", "group")):
        query = f"{EV} SELECT (COUNT(DISTINCT ?x) AS ?n) {{ ?x a {cls} ; ev:study study:kr-pms }}"
        assert counts["^ev:study", kind] == int(column(server, query)[0])
    assert found["query"].startswith("/editor?query=")


def test_pages_of_neighbours_give_each_once(server: str) -> None:
    seen: list[str] = []
    offset: int | None = 0
    while offset is not None:
        found = get(
            server,
            "neighbours",
            iri="study:kr-pms",
            relation="^ev:study",
            kind="group",
            offset=offset,
        )
        seen += [thing["iri"] for thing in found["things"]]
        assert len(found["things"]) <= 20
        assert {edge["target"] for edge in found["edges"]} == {found["thing"]["iri"]}
        offset = found["next"]
    query = f"{EV} SELECT DISTINCT ?x {{ ?x a ev:Group ; ev:study study:kr-pms }}"
    assert len(seen) > 20
    assert sorted(seen) == sorted(column(server, query))


def test_a_view_joins_its_things_and_names_what_is_unknown(server: str) -> None:
    found = get(server, "view", iri=["study:kr-pms", "drug:inotuzumab-ozogamicin", "study:none"])
    assert [thing["curie"] for thing in found["things"]] == [
        "study:kr-pms",
        "drug:inotuzumab-ozogamicin",
    ]
    (edge,) = found["edges"]
    assert (edge["relation"], edge["name"]) == ("ev:studiesDrug", "studies the drug")
    assert edge["source"].endswith("study/kr-pms")
    assert found["unknown"] == ["study:none"]


def test_results_are_told_by_what_they_measure(server: str) -> None:
    asked = {"iri": "study:kr-pms", "relation": "^ev:study"}
    found = get(server, "measures", **asked)["measures"]
    counts = {one["curie"]: one["count"] for one in found}
    pattern = "?x a ev:Result ; ev:study study:kr-pms ; ev:variable ?v"
    rows = column(server, f"{EV} SELECT ?v (COUNT(DISTINCT ?x) AS ?n) {{ {pattern} }} GROUP BY ?v")
    assert sum(counts.values()) == sum(int(row.rpartition(",")[2]) for row in rows)
    assert list(counts.values()) == sorted(counts.values(), reverse=True)
    page = get(server, "measures", **asked, variable="variable:cr-cri")
    variable, *results = (thing["curie"] for thing in page["things"])
    assert variable == "variable:cr-cri"
    assert page["total"] == counts["variable:cr-cri"] == len(results)
    assert len(page["edges"]) == 2 * len(results)
    assert page["next"] is None


def test_paths_are_told_in_words_and_every_step_is_a_triple(server: str) -> None:
    found = get(server, "paths", **{"from": "defibrotide", "to": "variable:vod-sos"})
    assert (found["from"]["curie"], found["to"]["curie"]) == (
        "drug:defibrotide",
        "variable:vod-sos",
    )
    assert found["paths"]
    for path in found["paths"]:
        assert len(path["things"]) == len(path["edges"]) + 1 <= found["longest"] + 1
        assert path["words"].startswith("defibrotide ")
        assert path["words"].endswith(found["to"]["label"])
        for edge in path["edges"]:
            relation = edge["relation"]
            triple = f"<{edge['source']}> {relation} <{edge['target']}>"
            asked = httpx.get(
                f"{server}/sparql",
                params={
                    "query": f"{EV} PREFIX skos: <http://www.w3.org/2004/02/skos/core#>"
                    f" PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> ASK {{ {triple} }}"
                },
                headers={"Accept": "application/sparql-results+json"},
            )
            assert asked.json()["boolean"], triple


def test_a_path_is_the_same_as_on_the_command_line(server: str, evidence_store: Path) -> None:
    """Both are asked by name: what VOD means, and how many steps and paths there are, is one."""
    command = ["path", "defibrotide", "VOD", "--format", "json", "--store", str(evidence_store)]
    told = subprocess.run(
        [sys.executable, "-c", "from evikg.cli.main import main; main()", *command],
        check=True, capture_output=True,
    ).stdout  # fmt: skip
    steps: dict[str, list[str]] = {}
    for row in json.loads(told):
        steps.setdefault(row["path"], [row["from"]]).append(row["to"])
    found = get(server, "paths", **{"from": "defibrotide", "to": "VOD"})
    things = [[thing["iri"] for thing in path["things"]] for path in found["paths"]]
    assert things == list(steps.values())
    assert len(things) > 1


def test_no_path_is_said_with_a_remedy(server: str) -> None:
    found = get(server, "paths", **{"from": "drug:defibrotide", "to": "MESH:D009369", "longest": 1})
    assert found["paths"] == []
    assert "allow more" in found["note"]


def test_names_are_suggested_and_a_suggestion_means_one_thing(server: str) -> None:
    matches = get(server, "search", q="defib")["matches"]
    assert matches[0]["curie"] == "drug:defibrotide"
    for match in matches:
        assert [m["iri"] for m in get(server, "search", q=match["text"])["matches"]] == [
            match["iri"]
        ]
    assert get(server, "search", q="zzzzqqqq")["matches"] == []


def test_the_overview_counts_things_by_kind(server: str) -> None:
    found = get(server, "classes")
    counts = {one["kind"]: one["count"] for one in found["classes"]}
    for kind, cls in (("study", "Study"), ("result", "Result"), ("drug", "Drug")):
        query = f"{EV} SELECT (COUNT(DISTINCT ?x) AS ?n) {{ ?x a ev:{cls} }}"
        assert counts[kind] == int(column(server, query)[0])
    ends = {(one["source"], one["relation"], one["target"]) for one in found["relations"]}
    assert ("result", "ev:variable", "variable") in ends
    members = get(server, "members", members="drug")
    assert (members["total"], members["next"]) == (counts["drug"], None)
    assert "drug:defibrotide" in [thing["curie"] for thing in members["things"]]


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("neighbours?iri=study:none", 404, "study:none"),
        ("neighbours?iri=nonsense", 400, "nonsense"),
        ("neighbours?iri=study:a%20b", 400, "no IRI"),
        ("neighbours?iri=study:kr-pms&relation=ev:nothing", 404, "ev:nothing"),
        ("neighbours?iri=study:kr-pms&relation=^ev:study&offset=-1", 400, "offset"),
        ("paths?from=defibrotide", 400, "to="),
        ("paths?from=defibrotide&to=zzzzqqqq", 404, "zzzzqqqq"),
        ("paths?from=defibrotide&to=VOD&longest=9", 400, "longest"),
        ("members?members=unicorn", 404, "unicorn"),
        ("measures?iri=study:kr-pms&relation=ev:study", 400, "^ev:study"),
        ("measures?iri=study:kr-pms&relation=^ev:nothing", 404, "ev:nothing"),
        ("view?" + "&".join(f"iri=study:s{n}" for n in range(401)), 400, "400 things"),
    ],
)
def test_what_cannot_be_answered_is_refused_in_one_line(
    server: str, address: str, status: int, words: str
) -> None:
    answer = httpx.get(f"{server}/explore/{address}", headers={"Accept": "application/json"})
    assert answer.status_code == status
    assert words in answer.json()["detail"]
    assert "\n" not in answer.json()["detail"]


def test_without_script_a_relation_is_a_link_that_opens_it(server: str) -> None:
    start = page(server, "/explore?start=study:kr-pms")
    (link,) = [a for a in start.xpath("//main//li/a") if text(a) == "studies the drug: 1 drug"]
    opened = page(server, link.get("href"))
    (drug,) = opened.xpath("//li/ul/li/a")
    assert text(drug) == "inotuzumab ozogamicin"
    there = page(server, drug.get("href"))
    assert "inotuzumab ozogamicin" in [text(h) for h in there.xpath("//h2")]


def test_without_script_a_fan_has_pages(server: str) -> None:
    first = page(server, "/explore?start=study:kr-pms&relation=^ev:study&kind=group")
    (more,) = [a for a in first.xpath("//main//a") if text(a).startswith("More of")]
    second = page(server, more.get("href"))
    one, two = ({a.get("href") for a in p.xpath("//li/ul/li/a")} for p in (first, second))
    assert len(one) == 20
    assert two
    assert not one & two


def test_without_script_names_are_looked_for_and_paths_are_told(server: str) -> None:
    found = page(server, "/explore?q=defibrotide")
    assert found.xpath("//section//li/a/@href")[0] == "/explore?start=drug%3Adefibrotide"
    told = page(server, "/explore?from=defibrotide&to=variable:vod-sos&longest=3")
    assert text(told.xpath("//section/ol/li")[0]).startswith("defibrotide ")
    assert page(server, "/explore?start=study:none", 404).xpath("//p[contains(., 'study:none')]")


def test_a_label_with_markup_stays_a_text(start: Start, store_of: Callable[[str], Path]) -> None:
    place = store_of(
        """PREFIX ev: <https://w3id.org/evikg/ontology#>
        PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        PREFIX study: <https://w3id.org/evikg/study/>
        GRAPH <https://w3id.org/evikg/graph/catalogue> {
          study:a a ev:Study ; rdfs:label "<script>alert(1)</script>" ; ev:mayOverlap study:b .
          study:b a ev:Study ; rdfs:label "\\"><img src=x onerror=alert(1)>" .
        }"""
    )
    with start(place) as running:
        found = page(running.url, "/explore?start=study:a&relation=ev:mayOverlap")
    assert text(found.xpath("//main//h2")[0]) == "<script>alert(1)</script>"
    assert not found.xpath("//main//script | //main//img")


def test_pages_hold_neither_inline_scripts_nor_styles(server: str) -> None:
    for address in ("/explore?start=study:kr-pms", "/editor"):
        found = page(server, address)
        assert not found.xpath("//@style | //style | //script[not(@src)] | //@onclick")
