"""The page of a comparison, against one written by hand; the HTML by the rules of accessibility."""

from html.parser import HTMLParser
from pathlib import Path

import pytest

from evikg.graph.comparison import Change, Comparison, FieldChange, compare
from evikg.graph.comparison_page import html, markdown
from evikg.graph.release import Graph

DATA = Path(__file__).parents[1] / "data" / "comparison"


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return compare(Graph(DATA / "before.nq"), Graph(DATA / "after.nq"))


class Page(HTMLParser):
    """The elements of a page in order, with their attributes and the text in them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self._open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in {"br", "meta"}:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open:
            self.texts.setdefault(self._open[-1], []).append(data.strip())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def test_the_markdown_is_the_page_written_by_hand(comparison: Comparison) -> None:
    expected = (DATA / "page.md").read_text(encoding="utf-8")
    assert markdown(comparison, "before.nq", "after.nq") == expected


def test_the_html_holds_what_changed(comparison: Comparison) -> None:
    page = Page(html(comparison, "before.nq", "after.nq"))
    assert page.texts["del"] == [
        "35 (83.4)", "83.4", "semapv:LexicalMatching", "skos:closeMatch", "2024",
    ]  # fmt: skip
    assert page.texts["ins"] == [
        "35 (83.3)", "83.3", "semapv:ManualMappingCuration", "skos:exactMatch", "2025",
    ]  # fmt: skip
    assert page.texts["h2"] == [
        "Summary", "Numbers", "Mappings", "Verdicts", "Terminologies", "Counts",
    ]  # fmt: skip


def test_the_html_is_accessible_and_stands_alone(comparison: Comparison) -> None:
    # WCAG 2.2: 3.1.1 language, 2.4.2 title, 1.3.1 captions and headers of tables, 2.1.1 what
    # scrolls is reached by keys, 4.1.2 and has a name.
    page = Page(html(comparison, "before.nq", "after.nq"))
    assert page.all("html")[0]["lang"] == "en"
    assert page.texts["title"] == ["Changes of an evidence graph"]
    assert len(page.all("caption")) == len(page.all("table")) > 0
    assert {attributes.get("scope") for attributes in page.all("th")} == {"col", "row"}
    ids = [a["id"] for _, a in page.elements if "id" in a]
    links = [str(a["href"]).removeprefix("#") for a in page.all("a")]
    assert links == ids == sorted(set(filter(None, ids)))
    assert [a["aria-labelledby"] for a in page.all("section")] == ids
    scrolled = [a for a in page.all("div") if a.get("class") == "table"]
    assert all(a["tabindex"] == "0" and a["aria-label"] for a in scrolled)
    assert not [a for _, a in page.elements if a.get("src") or a.get("rel")]


def test_what_is_markup_in_a_token_is_text_in_the_page() -> None:
    changed = FieldChange("printed", "<b>|*1*", "2\n`3`")
    change = Change("changed", "Result", "https://w3id.org/evikg/result/a", "", {}, (changed,))
    comparison = Comparison(False, (change,), ())
    assert "printed: \\<b>\\|\\*1\\* → 2 \\`3\\`" in markdown(comparison, "a", "b")
    page = Page(html(comparison, "<script>", "b"))
    assert page.texts["del"] == ["<b>|*1*"]
    assert not page.all("script")


def test_a_class_that_is_not_in_the_table_is_told_with_all_its_fields() -> None:
    change = Change("new", "DoseBand", "https://w3id.org/evikg/band/a", "", {"doseLow": "0.5"})
    page = markdown(Comparison(False, (change,), ()), "a", "b")
    assert "## Dose band\n\nnew (1):\n\n| individual | dose low |\n" in page


def test_equal_graphs_are_said_to_be_equal() -> None:
    same = Comparison(True, (), ())
    words = "The two graphs are the same, triple for triple."
    assert words in markdown(same, "a", "b")
    assert Page(html(same, "a", "b")).texts["p"][-1] == words
