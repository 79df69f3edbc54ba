"""The graph explorer in a browser, by pointer and by keyboard.

What the canvas shows is read from the list that stands for it, from its name, and from exports.
"""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lxml import etree

from .conftest import Axe, Visit

if TYPE_CHECKING:
    from playwright.sync_api import Page

START = "/explore?start=study:kr-pms"
SVG = "{http://www.w3.org/2000/svg}"


def expand(page: "Page", relation: str) -> None:
    """Press the button of a relation in the details, and wait until what came is told."""
    button = page.locator("#explore-details .relations button", has_text=relation).first
    before = page.locator("#explore-list-heading").inner_text()
    button.click()
    page.wait_for_function(
        "before => document.getElementById('explore-list-heading').innerText !== before", arg=before
    )


def size(page: "Page") -> tuple[int, int]:
    """Return how many things and connections the list tells of."""
    words = page.locator("#explore-list-heading").inner_text()
    things, edges = map(int, re.findall(r"\d+", words))
    name = page.locator("#explore-canvas").get_attribute("aria-label") or ""
    assert list(map(int, re.findall(r"\d+", name))) == [things, edges]
    assert page.locator("#explore-list summary").count() == things
    return things, edges


def labels(page: "Page") -> set[str]:
    return set(page.locator("#explore-list summary").all_inner_texts())


def started(page: "Page") -> "Page":
    """Wait until the start is on the screen and its relations are told."""
    page.locator("#explore-details .relations li").first.wait_for()
    return page


def test_a_relation_is_expanded_by_pages_collapsed_and_removed(visit: Visit) -> None:
    page = started(visit(START))
    assert size(page) == (1, 0)
    words = page.locator(
        "#explore-details .relations button", has_text="has the group"
    ).inner_text()
    count = int(re.findall(r"\d+", words)[0])
    assert count > 20
    expand(page, "has the group")
    things, edges = size(page)
    assert things == 21
    assert edges > 20  # groups are also subgroups of one another
    assert f"20 of {count} shown" in page.locator("#explore-status").inner_text()
    expand(page, "has the group")
    assert size(page)[0] == count + 1
    page.get_by_role("button", name="Collapse").click()
    assert size(page) == (1, 0)
    expand(page, "studies the drug")
    assert size(page) == (2, 1)
    page.get_by_role("button", name="Remove").click()
    assert size(page) == (1, 0)
    assert "inotuzumab ozogamicin" in labels(page).pop()


def test_hundreds_of_results_are_offered_by_what_they_measure(visit: Visit) -> None:
    page = started(visit(START))
    page.locator("#explore-details .relations summary", has_text="has the result").click()
    fan = page.locator("#explore-details .relations .relations")
    button = fan.get_by_role("button", name=re.compile(r"^veno-occlusive disease \(\d+\)$"))
    count = int(re.findall(r"\d+", button.inner_text())[0])
    button.press("Enter")
    fan.get_by_text(f"veno-occlusive disease ({count}): all shown").wait_for()
    assert size(page)[0] == count + 2  # the study and the variable
    assert "all shown" in page.evaluate("document.activeElement.innerText")


def test_the_legend_hides_kinds_and_relations(visit: Visit) -> None:
    page = started(visit(START))
    expand(page, "studies the drug")
    expand(page, "studies the condition")
    assert size(page) == (3, 2)
    page.get_by_label("drug (1)", exact=True).uncheck()
    assert size(page) == (2, 1)
    page.get_by_label("studies the condition (1)").uncheck()
    assert size(page) == (2, 0)
    page.get_by_label("drug (1)", exact=True).check()
    assert size(page) == (3, 1)


def test_a_path_is_told_and_drawn(visit: Visit) -> None:
    page = visit("/explore")
    page.fill("#explore-from", "defibrotide")
    page.fill("#explore-to", "variable:vod-sos")
    page.get_by_role("button", name="Find paths").click()
    heading = page.locator("#explore-found-paths h2")
    heading.wait_for()
    assert re.search(r"defibrotide and .*: \d+ paths?$", heading.inner_text())
    told = page.locator("#explore-found-paths > ol > li > span").first.inner_text()
    assert told.startswith("defibrotide ")
    page.locator("#explore-status", has_text=f"In the graph: {told}").wait_for()
    things, edges = size(page)
    assert things == told.count(", which ") + 2 <= edges + 1
    # Though the canvas had no size before there was anything on it.
    inside = page.locator("#explore-canvas").evaluate(
        """canvas => canvas._cyreg.cy.nodes().map(node => node.renderedPosition())
        .map(({x, y}) => 0 < x && x < canvas.clientWidth && 0 < y && y < canvas.clientHeight)"""
    )
    assert inside == [True] * things


def test_a_link_opens_the_same_view(visit: Visit) -> None:
    page = started(visit(START))
    expand(page, "has the group")
    expand(page, "studies the drug")
    page.get_by_label("group (20)").uncheck()
    page.select_option("#explore-layout", "rings")
    page.get_by_role("button", name="Link to this view").click()
    link = page.locator("#explore-link").input_value()
    other = visit(link.removeprefix(page.evaluate("location.origin")))
    other.get_by_label("group (20)").wait_for()
    assert not other.get_by_label("group (20)").is_checked()
    assert other.locator("#explore-layout").input_value() == "rings"
    assert (size(other), labels(other)) == (size(page), labels(page))
    assert size(other) == (2, 1)
    other.get_by_label("group (20)").check()
    page.get_by_label("group (20)").check()
    assert (size(other), labels(other)) == (size(page), labels(page))
    assert size(other)[0] == 22
    started(other).get_by_role("button", name="Collapse").click()
    assert size(other) == (1, 0)


def test_a_link_to_what_is_gone_says_so(visit: Visit) -> None:
    page = visit("/explore?start=study:kr-pms#with=study:gone")
    page.locator("#explore-status", has_text="study:gone").wait_for()
    assert size(page) == (1, 0)


def test_the_view_is_saved_as_png_svg_and_json(visit: Visit) -> None:
    page = started(visit(START))
    expand(page, "studies the drug")
    expand(page, "uses the definition")
    things, edges = size(page)
    saved = {}
    for form in ("PNG", "SVG", "JSON"):
        with page.expect_download() as download:
            page.get_by_role("button", name=f"Save {form}").click()
        assert download.value.suggested_filename == f"graph.{form.lower()}"
        saved[form] = Path(download.value.path()).read_bytes()
    assert saved["PNG"].startswith(b"\x89PNG\r\n")
    assert len(saved["PNG"]) > 5000
    picture = etree.fromstring(saved["SVG"])
    assert len(picture.findall(f"{SVG}polygon")) == things
    assert len(picture.findall(f"{SVG}path")) == edges
    shown = {title.text for title in picture.iterfind(f"{SVG}polygon/{SVG}title")}
    assert shown == {re.sub(r" \(\d+ connections?\)$", "", label) for label in labels(page)}
    elements = json.loads(saved["JSON"])["elements"]
    assert (len(elements["nodes"]), len(elements["edges"])) == (things, edges)
    assert {edge["data"]["source"] for edge in elements["edges"]} <= {
        node["data"]["id"] for node in elements["nodes"]
    }


def test_a_thing_is_chosen_in_the_canvas(visit: Visit) -> None:
    page = started(visit(START))
    details = page.locator("#explore-details h2")
    page.locator("#explore-canvas").click(position={"x": 5, "y": 5})
    details.filter(has_text="Details").wait_for()
    page.locator("#explore-canvas").click()  # its middle, where the only thing and its name are
    details.filter(has_text="Korea post-marketing").wait_for()


def tab_to(page: "Page", selector: str) -> None:
    """Press Tab until an element has the focus, as far as a reader would go."""
    for _ in range(60):
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab does not reach {selector}")


def test_everything_goes_by_keyboard(visit: Visit) -> None:
    page = visit("/explore")
    tab_to(page, "#explore-q")
    page.keyboard.type("defibrotide")
    page.keyboard.press("Enter")
    page.wait_for_function(
        "() => document.activeElement.closest('#explore-matches, #explore-details')"
    )
    if page.evaluate("Boolean(document.activeElement.closest('#explore-matches'))"):
        tab_to(page, "#explore-matches button")
        page.keyboard.press("Enter")
        page.wait_for_function("() => document.activeElement.closest('#explore-details')")
    assert page.evaluate("document.activeElement.innerText") == "defibrotide"
    tab_to(page, "#explore-details .relations button")
    page.keyboard.press("Enter")
    page.wait_for_function(
        "() => document.getElementById('explore-status').innerText.includes('added')"
    )
    assert page.evaluate("Boolean(document.activeElement.closest('#explore-details'))")
    assert size(page)[0] > 1
    tab_to(page, "#explore-list summary")
    page.keyboard.press("Enter")
    page.locator("#explore-list details[open] .relations li").first.wait_for()
    tab_to(page, "#explore-list details[open] button")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement.matches('#explore-details h2')")


def test_the_overview_leads_to_things(visit: Visit) -> None:
    page = visit("/explore")
    page.locator("#explore-overview th a", has_text="drug").click()
    page.locator("#explore-matches button", has_text="defibrotide").first.click()
    started(page)
    assert page.locator("#explore-details h2").inner_text() == "defibrotide"
    assert size(page) == (1, 0)


@pytest.mark.parametrize("dark", [False, True])
def test_a_narrow_screen_needs_no_sideways_scrolling_and_axe_finds_nothing(
    visit: Visit, axe: Axe, dark: bool
) -> None:
    page = visit("/explore", width=360, dark=dark)
    assert axe(page) == []
    page.fill("#explore-from", "defibrotide")
    page.fill("#explore-to", "variable:vod-sos")
    page.get_by_role("button", name="Find paths").click()
    page.locator("#explore-found-paths h2").wait_for()
    page.locator("#explore-list summary").first.click()
    page.locator("#explore-list .relations li").first.wait_for()
    page.get_by_role("button", name=re.compile("^Details of")).first.click()
    started(page)
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_without_script_there_are_lists_and_no_empty_canvas(visit: Visit) -> None:
    page = visit(START, script=False)
    assert not page.locator("#explorer").is_visible()
    page.get_by_role("link", name="studies the drug: 1 drug").click()
    page.get_by_role("link", name="inotuzumab ozogamicin", exact=True).click()
    assert page.locator("main h2").first.inner_text() == "inotuzumab ozogamicin"
