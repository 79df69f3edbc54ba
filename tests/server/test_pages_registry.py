"""Pages of what a registry record states, as a browser without JavaScript has them.

Numbers are those of `tests/data/ctgov/NCT03275402.json`: mean age 4.7, standard deviation 2.45
(baselineCharacteristicsModule/measures/1), 16 of 52 with other events
(adverseEventsModule/otherEvents/14), listed above 5 % (adverseEventsModule/frequencyThreshold).
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx
import pytest
from lxml import html


@pytest.fixture(scope="module")
def registry_server(
    start: Callable[..., AbstractContextManager[Any]], registry_graph: Path
) -> Iterator[str]:
    with start(registry_graph) as running:
        yield running.url


def page(server: str, address: str) -> html.HtmlElement:
    answer = httpx.get(f"{server}{address}", headers={"Accept": "text/html"}, timeout=30)
    assert answer.status_code == 200, address
    return html.fromstring(answer.text)


def text(node: html.HtmlElement) -> str:
    return " ".join(node.text_content().split())


def facts(found: html.HtmlElement) -> dict[str, str]:
    return {text(row[0]): text(row[1]) for row in found.xpath("//dl[@class='facts']/div")}


def test_a_mean_has_its_dispersion_and_its_place_in_the_record(registry_server: str) -> None:
    found = page(registry_server, "/result/nct03275402-bm2-bg000")
    stated = facts(found)
    assert stated["Dispersion"] == "standard deviation 2.45"
    assert stated["Pointer"] == (
        "/resultsSection/baselineCharacteristicsModule/measures/1/classes/0/categories/0"
        "/measurements/0/value"
    )
    assert stated["Registry"] == "https://clinicaltrials.gov/study/NCT03275402"
    assert "https://clinicaltrials.gov/study/NCT03275402" in found.xpath("//a/@href")
    assert "evikg verify" not in text(found)


def test_an_event_that_is_not_serious_says_so_and_its_threshold(registry_server: str) -> None:
    stated = facts(page(registry_server, "/result/nct03275402-ae15-eg000"))
    assert stated["Seriousness"] == "non-serious"
    assert stated["Threshold"] == "listed if more than 5 % of an arm had it"


def test_a_disagreement_shows_record_and_paper(registry_server: str) -> None:
    found = page(registry_server, "/result/roe-2024-l20-1")
    rows = [text(row) for row in found.xpath("//article//tbody/tr")]
    assert any("nct03275402" in row and "4 | 52" in row for row in rows)


@pytest.mark.parametrize(
    "address",
    ["/source/nct03275402", "/study/omburtamab-101", "/study/nct01987596", "/variable/pain"],
)
def test_its_things_have_pages(address: str, registry_server: str) -> None:
    assert page(registry_server, address).xpath("//h1")
