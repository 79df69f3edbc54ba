"""The pages in a browser, as a haematologist goes through them, by pointer and by keyboard.

Expected numbers are those that the papers print; a comment names paper, table and line of the text.
"""

import csv
import io
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .conftest import Axe, Visit

if TYPE_CHECKING:
    from playwright.sync_api import Page

CR_CRI = "complete remission with or without complete hematologic recovery"
VOD_SOS = "veno-occlusive disease or sinusoidal obstruction syndrome of the liver"
MRD = "minimal residual disease negativity"

#: A page of every kind.
PAGES = {
    "home": "/",
    "search": "/search?q=VOD",
    "nothing found": "/search?q=inotuzumap",
    "not there": "/study/nix",
    "about": "/about",
    "list": "/studies",
    "study": "/study/yoon-2024-kr",
    "group": "/group/ino-vate-ino-age-55-or-over",
    "regimen": "/regimen/yoon-2024-kr-weekly",
    "drug": "/drug/blinatumomab",
    "variable": "/variable/fatal-vod-sos",
    "term": "/term?iri=http%3A%2F%2Fid.nlm.nih.gov%2Fmesh%2FC036901",
    "source": "/source/tran-2026",
    "number": "/result/ozcan-2025-l147-2",
    "number with an interval": "/result/yoon-2026-l276-1",
    "signal": "/result/duan-2025-l199-2",
    "rule": "/rule/percentage",
    "comparison": "/compare?outcome=mrd-negativity&outcome=vod-sos",
    "catalogue": "/questions?words=dose",
    "question": "/questions/response-by-regimen",
    "refused question": "/questions/response-by-regimen?outcome=nix",
}


def heading(page: "Page") -> str:
    return page.locator("h1").inner_text()


def fact(page: "Page", name: str) -> str:
    """Return what stands beside a name on the page of a number."""
    return page.locator(".halves dl > div", has=page.locator(f"dt:text-is('{name}')")).first.locator(
        "dd"
    ).inner_text()  # fmt: skip


def rows(page: "Page", table: str) -> list[list[str]]:
    """Return the cells of the rows of a table, as they are read."""
    found: list[list[str]] = page.locator(f"{table} tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.innerText.trim()))"
    )
    return found


def test_from_a_drug_to_the_line_of_the_paper(visit: Visit) -> None:
    page = visit("/", script=False)
    page.get_by_role("region", name="Drugs").get_by_role(
        "link", name="inotuzumab ozogamicin"
    ).click()
    assert heading(page) == "inotuzumab ozogamicin"
    page.get_by_role("region", name="Measured in its studies").get_by_role(
        "link", name=CR_CRI
    ).click()
    assert heading(page) == CR_CRI
    # Ozcan 2025, Table 2, line 147: CR/CRi 35 (83.3) of the 42 randomized to 1.2 mg/m2 per cycle.
    page.get_by_role("row").filter(has_text="35 of 42 patients").get_by_role(
        "link", name="83.3 %"
    ).click()
    assert heading(page).split("\n")[-1] == "83.3 %"
    assert page.locator(".number > .of").inner_text() == "35 of 42 patients"
    assert fact(page, "Cell") == "Table 2, CR/CRi, 1.2 mg/m2/cycle (randomized)"
    assert fact(page, "Line") == "line 147 of the text"
    assert page.locator(".token q").inner_text() == "35 (83.3)"
    doi = page.get_by_role("link", name="10.3324/haematol.2024.286091")
    assert doi.get_attribute("href") == "https://doi.org/10.3324/haematol.2024.286091"
    trail = page.get_by_role("navigation", name="From the study to the number")
    assert trail.get_by_role("link").all_inner_texts()[-2:] == [
        "Phase IV, 1.2 mg/m2/cycle (randomized)", CR_CRI
    ]  # fmt: skip
    page.get_by_role("region", name="Where it is printed").get_by_role(
        "link", name="Phase IV study of two inotuzumab ozogamicin doses"
    ).click()
    assert page.url.endswith("/source/ozcan-2025")


def test_a_number_in_doubt_shows_every_printing_that_disagrees(visit: Visit) -> None:
    page = visit("/result/ozcan-2025-l147-2", script=False)
    page.get_by_role("link", name="What speaks against it").click()
    printings = {
        re.findall(r"line (\d+)", where)[0]: (printed, judged)
        for printed, where, _, judged in rows(page, "article")
    }
    # Abstract, Results, Table 2; the Discussion gives the randomized the share of the whole arm.
    assert printings == {
        "25": ("83.3%", "the same value"),
        "74": ("83.3% | 35", "the same value"),
        "147": ("35 (83.3) (this)", "supported"),
        "250": ("71.9%", "not supported"),
    }
    page.get_by_role("link", name="71.9%").first.click()
    assert heading(page).split("\n")[-1] == "71.9 %"
    note = page.get_by_role("note").inner_text()
    assert note.startswith("In doubt:")
    assert "recomputation supports" not in note


def test_a_search_leads_to_a_study_and_forgives_spelling(visit: Visit) -> None:
    page = visit("/", script=False)
    page.get_by_label("Find a drug, a study, an outcome or an adverse event").fill("VOD")
    page.keyboard.press("Enter")
    first = page.locator(".hits a").first
    assert first.inner_text() == VOD_SOS
    first.click()
    # Yoon 2026, line 161: VOD-related adverse events in four patients (3.7 %) of 107.
    row = page.get_by_role("row").filter(has_text="4 of 107 patients")
    assert row.locator(".value").first.inner_text() == "3.7 %"
    page.get_by_role("region", name="Which studies report it").get_by_role(
        "link", name=re.compile("^Korea|kr-pms")
    ).first.click()
    assert page.url.endswith("/study/kr-pms")
    assert heading(page) == "Korea post-marketing surveillance of inotuzumab ozogamicin"
    page.get_by_role("searchbox").fill("inotuzumap ozogamycin")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="inotuzumab ozogamicin", exact=True).first.click()
    assert page.locator(".hits a").first.inner_text() == "inotuzumab ozogamicin"


def test_a_question_is_asked_saved_and_opened_in_the_editor(
    visit: Visit, evidence_store: Path
) -> None:
    page = visit("/")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Questions").click()
    page.get_by_label("Words in the question").fill("responded dose")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name="How many patients responded to each dose regimen?").click()
    page.get_by_label("Study").select_option(
        label="Phase IV study of two starting doses of inotuzumab ozogamicin"
    )
    page.get_by_role("button", name="Ask").click()
    answer = [
        [cell for cell in row if re.fullmatch(r"\d+(\.\d+)?", cell)] for row in rows(page, "table")
    ]
    # Ozcan 2025, Table 2, line 147: 46 (71.9) of 64, 26 (68.4) of 38; the doses from its title.
    assert answer == [["1.2", "46", "64", "71.9"], ["1.8", "26", "38", "68.4"]]
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert download.value.suggested_filename == "response-by-regimen.csv"
    command = ["ask", "response-by-regimen", "--study", "phase4-lowdose", "--format", "csv"]
    told = subprocess.run(
        [sys.executable, "-c", "from evikg.cli.main import main; main()", *command,
         "--store", str(evidence_store)],
        check=True, capture_output=True,
    ).stdout  # fmt: skip
    assert Path(download.value.path()).read_bytes().splitlines() == told.splitlines()
    page.get_by_role("region", name="SPARQL of this answer").get_by_role(
        "link", name="Open it in the editor"
    ).click()
    page.locator(".CodeMirror").wait_for()
    page.get_by_role("button", name="Run").click()
    page.locator("#editor-answer tbody tr").first.wait_for()
    assert len(rows(page, "#editor-answer")) == len(told.splitlines()) - 1 == 2


def test_outcomes_are_chosen_and_compared_with_their_denominators(visit: Visit) -> None:
    page = visit("/compare", script=False)
    page.get_by_text("Choose outcomes, studies and regimens").click()
    chosen = page.locator("input[name=outcome]:checked")
    while chosen.count():
        chosen.first.uncheck()
    for name in (MRD, VOD_SOS):
        page.get_by_role("checkbox", name=name, exact=True).check()
    page.get_by_role("button", name="Show the table").click()
    assert page.locator(".comparison thead th").all_inner_texts() == ["Group", MRD, VOD_SOS]
    cells = " | ".join(page.locator(".comparison td li").all_inner_texts())
    cells = " ".join(cells.split())
    # Ozcan 2025, line 150: 33 (71.7) of the 46 in remission; line 172: SOS in 8 (12.5) of 64.
    assert "71.7 % 33 of 46 patients" in cells
    assert "12.5 % 8 of 64 patients" in cells
    # Yoon 2026, line 161. Papayannidis 2025, lines 212 and 214: eight cases, 10.9 % of 73.
    assert "3.7 % 4 of 107 patients" in cells
    assert "10.9 % 8 of 73 patients" in cells
    # Duan 2025, Table 4, line 199: reports, whose denominator nobody knows.
    assert "97 reports, denominator not stated" in cells
    # Patients before reports.
    studies = page.locator(".comparison .study").all_inner_texts()
    assert studies[-1].startswith("FAERS")
    judged = page.locator(".verdict").all_inner_texts()
    assert [text.split(",")[0] for text in judged] == [
        f"{MRD}: do not pool", f"{VOD_SOS}: do not pool"
    ]  # fmt: skip
    assert "Hypothesis-generating" in page.get_by_role("note").first.inner_text()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV").click()
    text = Path(download.value.path()).read_text(encoding="utf-8")
    table = list(csv.DictReader(io.StringIO(text)))
    assert {row["outcome"] for row in table} == {MRD, VOD_SOS}
    (line,) = [row for row in table if row["events"] == "33" and row["total"] == "46"]
    assert (line["value"], line["line"], line["printed"]) == ("71.7", "150", "33 (71.7)")


def test_a_number_of_spontaneous_reports_raises_a_hypothesis(visit: Visit) -> None:
    page = visit("/variable/veno-occlusive-liver-disease", script=False)
    # Duan 2025, Table 4, line 199: 97 reports, 486.02 (395.96, 596.57).
    row = page.get_by_role("row").filter(has_text="486.02")
    assert "hypothesis only" in row.inner_text()
    row.get_by_role("link", name="486.02").click()
    assert page.locator(".number > .interval").inner_text().startswith("95 % CI 395.96 to 596.57")
    note = page.get_by_role("note").inner_text()
    assert note.startswith("Hypothesis-generating.")
    assert "no incidence" in note


def test_the_keyboard_alone_reaches_and_does_everything(visit: Visit) -> None:
    page = visit("/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    assert skip.evaluate("link => document.activeElement === link")
    assert skip.bounding_box()["y"] >= 0  # type: ignore[index]
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "find"
    page.keyboard.type("kr-pms")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=kr-pms")
    page.locator(".hits a").first.press("Enter")
    page.wait_for_url("**/study/kr-pms")
    fold = page.locator("details").nth(1)
    before = fold.evaluate("fold => fold.open")
    fold.locator("summary").press("Enter")
    assert fold.evaluate("fold => fold.open") is not before
    page.goto(page.url.replace("/study/kr-pms", "/compare"))
    page.locator("summary", has_text="Choose outcomes").press("Enter")
    page.get_by_role("checkbox", name="overall survival", exact=True).press("Space")
    page.get_by_role("button", name="Show the table").press("Enter")
    page.wait_for_url("**/compare?**outcome=overall-survival**")


def test_tab_goes_through_a_page_in_its_order_and_shows_where_it_is(visit: Visit) -> None:
    page = visit("/result/ozcan-2025-l147-2")
    order = page.evaluate(
        """() => [...document.querySelectorAll('a[href], button, input, summary, [tabindex="0"]')]
        .filter(one => one.checkVisibility()).map((one, i) => { one.dataset.place = i; return i; })"""
    )
    reached = []
    for _ in order:
        page.keyboard.press("Tab")
        place, seen = page.evaluate(
            """() => { const one = document.activeElement, style = getComputedStyle(one);
            return [+one.dataset.place, style.outlineStyle !== 'none' && style.outlineWidth !== '0px']; }"""
        )
        assert seen, f"no outline on {page.evaluate('document.activeElement.outerHTML')}"
        reached.append(place)
    assert reached == order


@pytest.mark.parametrize("name", PAGES)
def test_every_kind_of_page_is_accessible_on_wide_and_narrow_screens(
    visit: Visit, axe: Axe, name: str
) -> None:
    page = visit(PAGES[name])
    assert axe(page) == []
    page.set_viewport_size({"width": 360, "height": 800})
    page.emulate_media(color_scheme="dark")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    # What works is in the page: nothing is left to a script.
    assert page.locator("script").count() == 0
    assert page.locator("h1").count() == 1
    assert (heading(page) == "Not in the graph") is (name == "not there")


@pytest.mark.parametrize("name", ["home", "number"])
def test_the_other_colours_are_accessible_too(visit: Visit, axe: Axe, name: str) -> None:
    page = visit(PAGES[name], dark=True)
    assert axe(page) == []
    page.set_viewport_size({"width": 360, "height": 800})
    page.emulate_media(color_scheme="light")
    assert axe(page) == []


def test_a_number_is_printed_with_its_chain_and_without_what_only_a_screen_needs(
    visit: Visit,
) -> None:
    page = visit("/result/ozcan-2025-l147-2", dark=True)
    page.emulate_media(media="print")
    for shown in (".figure", ".token", "#against", "#printings"):
        assert page.locator(shown).first.is_visible()
    for hidden in (".masthead nav", ".masthead form", ".sparql", ".tools"):
        assert not page.locator(hidden).first.is_visible()
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
