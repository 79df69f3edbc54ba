"""The pages of questions as a reader without JavaScript has them."""

import httpx
from lxml import html

from evikg.queries import catalogue, federated

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def page(server: str, address: str, status: int = 200) -> html.HtmlElement:
    answer = httpx.get(f"{server}{address}", headers={"Accept": BROWSER}, timeout=30)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return html.fromstring(answer.text)


def text(node: html.HtmlElement) -> str:
    return " ".join(node.text_content().split())


def rows(found: html.HtmlElement) -> list[list[str]]:
    return [[text(cell) for cell in row.xpath("td")] for row in found.xpath("//tbody/tr")]


def test_the_catalogue_links_every_question_by_what_it_asks(server: str) -> None:
    links = page(server, "/questions").xpath("//ul[@class='questions']/li/a")
    asked = {link.get("href"): text(link) for link in links}
    known = {**catalogue(), **federated()}
    assert asked == {
        f"/questions/{n}": " ".join(q.header.summary.split()) for n, q in known.items()
    }
    assert len(links) == len(known)


def test_those_that_need_the_network_stand_apart(server: str) -> None:
    links = page(server, "/questions").xpath("//section[@aria-labelledby='away']//li/a/@href")
    assert links == [f"/questions/{name}" for name in federated()]


def test_the_catalogue_is_filtered_by_words_and_tag(server: str) -> None:
    found = page(server, "/questions?words=transplant+vod&tag=safety")
    names = found.xpath("//ul[@class='questions']/li/a/@href")
    assert "/questions/vod-sos-after-transplant" in names
    assert "/questions/response-rates" not in names
    assert found.xpath("//input[@name='words']/@value") == ["transplant vod"]
    assert found.xpath("//option[@selected]/@value") == ["safety"]
    nothing = page(server, "/questions?words=zebra")
    assert "No question has these words" in text(nothing)


def test_a_form_has_a_labelled_field_for_each_parameter(server: str) -> None:
    found = page(server, "/questions/response-rates")
    (form,) = found.xpath("//form[@class='parameters']")
    fields = form.xpath(".//input|.//select")
    assert [field.get("name") for field in fields] == ["outcome", "study"]
    for field in fields:
        assert form.xpath(f".//label[@for='{field.get('id')}']")
        assert form.xpath(f".//*[@id='{field.get('aria-describedby')}']")
    studies = {o.get("value"): text(o) for o in form.xpath(".//select[@name='study']/option")}
    assert studies[""] == "any"
    assert studies["kr-pms"].startswith("Korea")
    (suggested,) = form.xpath(".//datalist/option[@value='cr-cri']")
    default = "complete remission with or without complete hematologic recovery"
    assert text(suggested) == default
    assert f"If left empty: {default}" in text(form)


def test_what_was_asked_stays_in_the_form_and_another_value_can_be_added(server: str) -> None:
    found = page(server, "/questions/vod-sos?study=kr-pms")
    first, other = found.xpath("//form[@class='parameters']//select[@name='study']")
    assert first.xpath("option[@selected]/@value") == ["kr-pms"]
    assert other.xpath("option[@selected]/@value") == []
    both = page(server, "/questions/vod-sos?study=kr-pms&study=phase4-lowdose&study=")
    studies = {row[0] for row in rows(both)}
    assert studies == {"kr-pms", "phase4-lowdose"}


def test_a_number_links_to_its_page_and_is_shown_as_printed(server: str) -> None:
    """Table 2 of the phase IV trial prints 35 (83.3) for CR/CRi at 1.2 mg/m2, N=42."""
    found = page(server, "/questions/response-rates?study=phase4-lowdose")
    (link,) = found.xpath("//td/a[@href='/result/ozcan-2025-l147-2']")
    cells = [text(cell) for cell in link.xpath("ancestor::tr/td")]
    assert cells[3:6] == ["35", "42", "83.3"]
    headings = [text(cell) for cell in found.xpath("//thead//th[@scope='col']")]
    assert headings[3:6] == ["events", "total", "percent"]
    assert found.xpath("//td/a[@href='/study/phase4-lowdose']")
    assert found.xpath("//caption")


def test_doubt_is_said_in_words_beside_the_number(server: str) -> None:
    """The trial prints 1.8 mg/m2 CR/CRi with numbers that its own text contradicts: see checks."""
    found = page(server, "/questions/response-rates")
    doubted = found.xpath("//tr[@class='doubted']")
    assert doubted
    assert all("⚠" in text(row) for row in doubted)
    others = found.xpath("//tbody/tr[not(@class)]")
    assert others
    assert not any("⚠" in text(row) for row in others)
    assert f"{len(doubted)} hold a number in doubt" in text(found)
    # Also where the question itself has no column of doubts.
    assert page(server, "/questions/failed-checks").xpath("//tr[@class='doubted']")


def test_a_long_answer_is_paged_and_downloaded_whole(server: str) -> None:
    address = "/questions/terms-and-links"
    whole = httpx.get(f"{server}{address}?format=json").json()["rows"]
    assert len(whole) > 200
    counts, after = [], [address]
    while after:
        found = page(server, after[0])
        counts.append(len(rows(found)))
        after = found.xpath("//a[@rel='next']/@href")
        assert found.xpath("//a[@download='terms-and-links.csv']/@href") == [
            f"{address}?format=csv"
        ]
    assert sum(counts) == len(whole)
    assert set(counts[:-1]) == {100}


def test_a_page_beyond_the_last_is_the_last(server: str) -> None:
    found = page(server, "/questions/terms-and-links?page=99999999999999999999")
    assert rows(found)
    assert not found.xpath("//a[@rel='next']")


def test_a_download_asks_what_the_page_asked(server: str) -> None:
    found = page(server, "/questions/response-rates?study=kr-pms&outcome=cr-cri")
    (address,) = found.xpath("//a[@download='response-rates.json']/@href")
    said = httpx.get(f"{server}{address}").json()
    assert said["parameters"] == {"study": ["kr-pms"], "outcome": ["cr-cri"]}
    assert said["count"] == len(rows(found))


def test_the_query_of_the_answer_is_one_click_away(server: str) -> None:
    found = page(server, "/questions/response-rates?study=kr-pms")
    (address,) = found.xpath("//a[starts-with(@href, '/editor?query=')]/@href")
    query = httpx.URL(address).params["query"]
    assert "VALUES ?study { <https://w3id.org/evikg/study/kr-pms> }" in query
    answer = httpx.get(f"{server}/sparql", params={"query": query}).json()
    assert len(answer["results"]["bindings"]) == len(rows(found))


def test_a_picture_stands_where_the_question_has_one(server: str) -> None:
    found = page(server, "/questions/response-rates?study=kr-pms")
    (image,) = found.xpath("//figure//img")
    assert image.get("src") == "/questions/response-rates?study=kr-pms&format=svg"
    assert "forest plot" in image.get("alt")
    assert not page(server, "/questions/study-catalogue").xpath("//figure")


def test_an_empty_answer_says_what_that_means(server: str) -> None:
    found = page(server, "/questions/response-rates?study=chen-2021-exposure-response")
    assert not found.xpath("//table")
    assert (
        "No rows: no number in the graph is all that the question asks for, with what was chosen."
        in text(found)
    )
    assert "does not say that it is zero" in text(found)


def test_a_fault_of_the_form_is_said_above_it_and_what_was_typed_stays(server: str) -> None:
    found = page(server, "/questions/response-rates?outcome=cr-cry", 400)
    (fault,) = found.xpath("//*[@role='alert']")
    assert "did you mean cr-cri" in text(fault)
    assert found.xpath("//input[@name='outcome']/@value") == ["cr-cry", ""]


def test_what_is_typed_is_never_markup(server: str) -> None:
    typed = '"><script>alert(1)</script>'
    for address in ("/questions", "/questions/response-rates"):
        answer = httpx.get(
            f"{server}{address}",
            params={"words": typed, "outcome": typed, "tag": typed}
            if address == "/questions"
            else {"outcome": typed},
            headers={"Accept": BROWSER},
        )
        assert "<script>" not in answer.text


def test_a_question_that_needs_the_network_is_explained_and_refused(server: str) -> None:
    found = page(server, "/questions/drug-mesh-ancestors", 403)
    assert "evikg ask drug-mesh-ancestors" in text(found.xpath("//*[@role='alert']")[0])
    assert "SERVICE" in text(found.xpath("//pre")[0])
