"""Pages of numbers, as a browser without JavaScript has them, against what the papers print.

The numbers expected are those of the papers: Phase IV (doi:10.3324/haematol.2024.286091) Table 2,
row CR/CRi; Korea PMS (doi:10.1007/s00277-026-06838-z), Results and Table 3; FAERS
(doi:10.1097/JS9.0000000000002435) Table 4.
"""

import csv
import io
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from lxml import html

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def page(server: str, address: str, status: int = 200) -> html.HtmlElement:
    answer = httpx.get(f"{server}{address}", headers={"Accept": BROWSER}, timeout=30)
    assert answer.status_code == status, address
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return html.fromstring(answer.text)


def text(node: html.HtmlElement) -> str:
    return " ".join(node.text_content().split())


def facts(found: html.HtmlElement) -> dict[str, str]:
    return {text(row[0]): text(row[1]) for row in found.xpath("//dl[@class='facts']/div")}


def test_a_number_leads_to_its_cell(server: str) -> None:
    found = page(server, "/result/ozcan-2025-l147-2")
    (heading,) = found.xpath("//h1")
    assert text(heading).endswith("83.3 %")
    assert text(found.xpath("//div[contains(@class,'top')]/p[@class='of']")[0]) == (
        "35 of 42 patients"
    )
    stated = facts(found)
    assert stated["Cell"] == "Table 2, CR/CRi, 1.2 mg/m2/cycle (randomized)"
    assert stated["Line"].startswith("line 147 ")
    assert stated["DOI"] == "10.3324/haematol.2024.286091"
    assert stated["In"] == "Phase IV, 1.2 mg/m2/cycle (randomized), n = 42"
    assert stated["Part of"] == "Phase IV, all treated patients, n = 102"
    assert found.xpath("//p[@class='token']/q/text()") == ["35 (83.3)"]
    assert "https://doi.org/10.3324/haematol.2024.286091" in found.xpath("//a/@href")


def test_a_number_in_doubt_says_which_printing_is_supported(server: str) -> None:
    found = page(server, "/result/ozcan-2025-l147-2")
    (warning,) = found.xpath("//div[@class='warning']")
    assert "In doubt" in text(warning)
    rows = [
        [text(cell) for cell in row.xpath("td")]
        for row in found.xpath("//article//tbody/tr")
    ]  # fmt: skip
    # The Discussion prints 71.9 % of the randomized group: the rate of run-in and randomized.
    assert ["71.9%", "ozcan-2025, line 250, Discussion", "own", "not supported"] in rows
    assert rows[0][0] == "35 (83.3) (this)"
    assert rows[0][3] == "supported"


def test_an_interval_has_its_kind_and_level(server: str) -> None:
    # "74 patients (78.7%, 95% CI: 69.1–86.5%)" of N=94
    found = page(server, "/variable/cr-cri")
    rows = [text(row) for row in found.xpath("//table[contains(@class,'numbers')]//tr")]
    (row,) = [row for row in rows if "78.7 %" in row]
    assert "74 of 94 patients" in row
    assert "95 % CI 69.1 to 86.5" in row


def test_a_percentage_without_events_keeps_its_denominator(server: str) -> None:
    found = page(server, "/result/yoon-2026-l302-2")  # Veno-occlusive disease (0.9%), grade 5
    assert text(found.xpath("//h1")[0]) == "veno-occlusive disease, grade 5, any cause 0.9 %"
    assert text(found.xpath("//div[contains(@class,'top')]/p[@class='of']")[0]) == "of 107 patients"


@pytest.mark.parametrize("slug", ["duan-2025-l199-1", "duan-2025-l199-2"])
def test_reports_raise_hypotheses_and_have_no_incidence(server: str, slug: str) -> None:
    found = page(server, f"/result/{slug}")  # Veno-occlusive liver disease: 97, ROR 486.02
    (warning,) = found.xpath("//div[@class='warning'][contains(., 'Hypothesis-generating')]")
    assert "no incidence" in text(warning)
    assert "%" not in text(found.xpath("//h1")[0])
    assert not found.xpath("//div[contains(@class,'top')]/*[name()='svg']")


def test_a_study_shows_whom_a_group_is_part_of(server: str) -> None:
    found = page(server, "/study/phase4-lowdose")
    flow = found.xpath("//ul[@class='flow']")[0]
    link = "./p/a[@href='/group/{}']"
    (whole,) = flow.xpath(f"./li[{link.format('phase4-lowdose-all')}]")
    assert "n = 102" in text(whole.xpath("./p")[0])
    (arm,) = whole.xpath(f"./ul/li[{link.format('phase4-lowdose-randomized-1-2')}]")
    assert "n = 42" in text(arm.xpath("./p")[0])


def test_a_regimen_lists_who_was_given_it_and_nobody_else(server: str) -> None:
    """The paper gives 1.2 mg/m2 to 22 patients of the run-in and 42 randomized, 1.8 to 38."""
    listed = {}
    for dose in ("1-2", "1-8"):
        cells = "//section[@aria-labelledby='groups']//td[@data-label='Group']/a/@href"
        listed[dose] = set(page(server, f"/regimen/ino-{dose}").xpath(cells))
    assert not listed["1-2"] & listed["1-8"]
    low = {f"/group/phase4-lowdose-{arm}" for arm in ("run-in-1-2", "randomized-1-2")}
    high = {"/group/phase4-lowdose-randomized-1-8", "/group/ino-vate-ino"}
    assert low <= listed["1-2"]
    assert high <= listed["1-8"]


def test_each_quantity_stands_once_unless_all_printings_are_asked_for(server: str) -> None:
    def printings(address: str) -> list[str]:
        found = page(server, address).xpath("//td[@data-label='Number']/a/@href")
        return [str(item) for item in found]

    once, all_ = printings("/variable/cr-cri"), printings("/variable/cr-cri?printings=all")
    # Line 147 is the table; lines 25, 74, 76 and 250 print the same quantity again.
    again = {f"/result/ozcan-2025-l{place}" for place in ("25-10", "74-1", "76-1", "250-1")}
    assert again <= set(all_)
    assert "/result/ozcan-2025-l147-2" in once
    assert not again & set(once)


def test_a_comparison_shows_each_denominator_and_forbids_the_pool(server: str) -> None:
    found = page(server, "/compare?outcome=cr-cri")
    row = "//tr[th/a[@href='/group/{}']]/td"
    assert "83.3 % 35 of 42 patients" in text(
        found.xpath(row.format("phase4-lowdose-randomized-1-2"))[0]
    )
    assert "78.7 % 74 of 94 patients 95 % CI 69.1 to 86.5" in text(
        found.xpath(row.format("kr-pms-effectiveness"))[0]
    )
    (verdict,) = found.xpath("//details[@class='verdict']")
    assert "the regimens differ" in text(verdict)
    assert "Phase IV, 1.2 mg/m2/cycle (randomized)" in text(verdict)  # is counted twice


def test_silence_of_a_paper_is_told_from_silence_of_the_curators(server: str) -> None:
    outcomes = "cr-cri mrd-negativity overall-survival vod-sos febrile-neutropenia".split()
    asked = "&".join(f"variable={name}" for name in outcomes)
    answer = httpx.get(f"{server}/questions/coverage-of-variables?{asked}&format=csv", timeout=30)
    states = {
        (row["study"], row["name"]): row["state"]
        for row in csv.DictReader(io.StringIO(answer.text))
    }
    address = "/compare.csv?" + "&".join(f"outcome={name}" for name in outcomes)
    table = httpx.get(f"{server}{address}", timeout=30)
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(table.text)))
    empty = [row for row in rows if not row["result"]]
    assert empty
    assert {"not curated", "not of this group"} <= {row["state"] for row in empty}
    for row in empty:
        known = next(
            state for (study, name), state in states.items()
            if study.endswith(f"study/{row['study']}") and name == row["outcome"]
        )  # fmt: skip
        expected = "not of this group" if known.startswith("reported") else known
        assert row["state"] == expected
    (number,) = [row for row in rows if row["result"] == "ozcan-2025-l147-2"]
    assert (number["events"], number["total"], number["value"]) == ("35", "42", "83.3")


def test_a_comparison_of_nothing_known_says_so(server: str) -> None:
    found = page(server, "/compare?outcome=cr-crx")
    (warning,) = found.xpath("//main//div[@class='warning']")
    assert "nothing called “cr-crx”" in text(warning)


def test_the_query_of_a_panel_finds_what_the_panel_shows(server: str) -> None:
    found = page(server, "/variable/cr-cri?printings=all")
    shown = {str(item) for item in found.xpath("//td[@data-label='Number']/a/@href")}
    (address,) = found.xpath("//section[@aria-labelledby='numbers']/div/a/@href")
    (query,) = parse_qs(urlsplit(address).query)["query"]
    answer = httpx.get(
        f"{server}/sparql", params={"query": query}, headers={"Accept": "text/csv"}, timeout=30
    )
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert {row["result"].replace("https://w3id.org/evikg", "") for row in rows} == shown
    (number,) = [row for row in rows if row["result"].endswith("/ozcan-2025-l147-2")]
    assert (number["events"], number["total"]) == ("35", "42")


def test_a_disagreement_is_named_and_shows_its_printings(server: str) -> None:
    # The Italian study prints Ph+ as 21 (28.8) of 73 patients in Table 1, and of 49 in its text.
    found = page(server, "/discrepancy/denominator-e590d6a78c6af816")
    assert text(found.xpath("//h1")[0]) == "denominator discrepancy"
    of = {text(cell) for cell in found.xpath("//td[@data-label='Of']")}
    assert of == {"21 of 73 patients", "21 of 49 patients"}
