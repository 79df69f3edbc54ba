"""PubTator text: what is read, and what is said of files at fault."""

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evikg.loaders.articles import Article
from evikg.loaders.faults import EvidenceError
from evikg.loaders.pubtator import read_pubtator

ROOT = Path(__file__).parents[2]
SMALL = ROOT / "tests" / "data" / "pubtator" / "small.PubTator.txt"
CORPUS = ROOT.parent / "shared" / "data" / "entities" / "CDR_DevelopmentSet.PubTator.txt.gz"


@pytest.fixture(scope="module")
def articles() -> list[Article]:
    return read_pubtator(SMALL)


def test_articles_have_title_abstract_and_a_slug(articles: list[Article]) -> None:
    first, second = articles
    assert (first.document, first.slug) == ("101", "pmid-101")
    assert first.source().title == "Hepatitis and fever in two adults."
    assert first.text.splitlines() == [first.text]
    assert second.text.rstrip() == "β-Blockers: a note."


def test_a_mention_says_where_it_stands_and_who_says_so(articles: list[Article]) -> None:
    mentions = {m.slug: m for m in articles[0].mentions()}
    vod = mentions["pmid-101-59-62"]
    assert (vod.document, vod.start, vod.end) == ("101", 59, 62)
    assert (vod.text, vod.printed, vod.type) == ("VOD", "VOD", "Disease")
    assert (vod.identifier, vod.annotator) == ("D000003", "small")
    assert (vod.locator, vod.line, vod.occurrence) == ("abstract", 2, 1)


def test_a_span_that_names_several_things_is_a_mention_of_each(articles: list[Article]) -> None:
    parts = [m for m in articles[0].mentions() if m.start == 68]
    assert [(m.text, m.identifier) for m in parts] == [
        ("acute kidney injury", "D000004"),
        ("acute liver injury", "D000005"),
    ]
    assert {m.printed for m in parts} == {"acute kidney and liver injury"}
    assert len({m.slug for m in parts}) == 2


def test_an_absent_identifier_is_kept_as_printed(articles: list[Article]) -> None:
    (drug,) = (m for m in articles[0].mentions() if m.text == "drug A")
    assert drug.identifier == "-"


def test_relations_are_no_mentions(articles: list[Article]) -> None:
    assert [len(article.annotations) for article in articles] == [6, 1]


def test_a_compressed_file_reads_the_same(tmp_path: Path, articles: list[Article]) -> None:
    packed = tmp_path / "small.PubTator.txt.gz"
    packed.write_bytes(gzip.compress(SMALL.read_bytes()))
    assert read_pubtator(packed) == articles


GOOD = ["1|t|Fever.", "1|a|Pain and fever.", "1\t0\t5\tFever\tDisease\tD1"]
FAULTS = {
    "1\t0\t5\tFever\tDisease": "3:1: '1': expected 6 or 7 columns between tabs",
    "no tabs at all": "3:1: 'no tabs at all': expected 6 or 7 columns",
    "1\t0\t4\tPain\tDisease\tD1": "3:4: text 'Pain': at 0-4 the text has 'Feve'",
    "1\t0\tfive\tFever\tDisease\tD1": "3:2: offset '0-five': start and end are whole numbers",
    "1\t-1\t5\tFever\tDisease\tD1": "3:2: offset '-1-5': start and end are whole numbers",
    "1\t7\t700\tPain\tDisease\tD1": "3:4: text 'Pain': the span 7-700 is outside every passage",
    "1\t4\t9\t. Pai\tDisease\tD1": "3:4: text '. Pai': the span 4-9 is outside every passage",
    "1\t5\t5\t\tDisease\tD1": "3:4: text: expected a span of one character or more",
    "2\t0\t5\tFever\tDisease\tD1": "3:1: document '2': expected the document of the lines above, '1'",
    "1\t0\t5\tFever\t\tD1": "3:5: type: is empty",
    "1|a|Another abstract.": "3:1: document '1': has a second abstract",
}


@pytest.mark.parametrize(("line", "words"), FAULTS.items())
def test_a_line_at_fault_is_named_with_its_place(tmp_path: Path, line: str, words: str) -> None:
    path = tmp_path / "bad.txt"
    path.write_text("\n".join([*GOOD[:2], line]), encoding="utf-8")
    with pytest.raises(EvidenceError) as caught:
        read_pubtator(path)
    (message,) = str(caught.value).splitlines()
    assert message.startswith(f"{path}:{words}")


def test_a_missing_title_and_a_repeated_document_are_faults(tmp_path: Path) -> None:
    path = tmp_path / "bad.txt"
    path.write_text("7|a|Pain.\n\n" + "\n".join(GOOD) + "\n\n" + "\n".join(GOOD), encoding="utf-8")
    with pytest.raises(EvidenceError) as caught:
        read_pubtator(path)
    assert str(caught.value).splitlines() == [
        f"{path}:1:1: document '7': expected a line `7|t|…` with the title before the abstract",
        f"{path}:7:1: document '1': is there already, in line 3",
    ]


def test_annotations_without_an_article_are_faults(tmp_path: Path) -> None:
    path = tmp_path / "bad.txt"
    path.write_text(GOOD[2], encoding="utf-8")
    with pytest.raises(EvidenceError, match="with the title before its annotations"):
        read_pubtator(path)


def test_every_fault_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "bad.txt"
    path.write_text("\n".join([*GOOD[:2], *FAULTS]), encoding="utf-8")
    with pytest.raises(EvidenceError) as caught:
        read_pubtator(path)
    assert len(caught.value.faults) == len(FAULTS)


def test_another_encoding_is_named_with_line_and_byte(tmp_path: Path) -> None:
    path = tmp_path / "latin.txt"
    path.write_bytes("1|t|Fever\n1|a|Ménière".encode("latin-1"))
    with pytest.raises(EvidenceError, match=r"latin.txt:2:6: .*is not UTF-8"):
        read_pubtator(path)


@pytest.mark.parametrize("content", [b"", b"\n\n"])
def test_a_file_without_articles_is_a_fault(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "empty.txt"
    path.write_bytes(content)
    with pytest.raises(EvidenceError, match=r"is empty|holds no article"):
        read_pubtator(path)


def test_a_cut_gzip_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "cut.txt.gz"
    path.write_bytes(gzip.compress(SMALL.read_bytes())[:-40])
    with pytest.raises(EvidenceError, match="ends early"):
        read_pubtator(path)


_words = st.lists(st.text("abcß日é-", min_size=1, max_size=6), min_size=1, max_size=8)


@given(_words, _words, st.data())
def test_what_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory,
    title: list[str],
    abstract: list[str],
    data: st.DataObject,
) -> None:
    text = f"{' '.join(title)} {' '.join(abstract)}"
    starts = [len(" ".join(title[:n])) + (n > 0) for n in range(len(title))]
    spans = data.draw(
        st.lists(st.sampled_from([(s, s + len(w)) for s, w in zip(starts, title, strict=True)]))
    )
    rows = [f"9\t{s}\t{e}\t{text[s:e]}\tDisease\tD{n}" for n, (s, e) in enumerate(spans)]
    path = tmp_path_factory.mktemp("written") / "file.txt"
    lines = [f"9|t|{' '.join(title)}", f"9|a|{' '.join(abstract)}", *rows]
    path.write_text("\n".join(lines), encoding="utf-8")
    (article,) = read_pubtator(path)
    assert article.text == text
    mentions = list(article.mentions())
    assert [(m.start, m.end, m.printed) for m in mentions] == [(s, e, text[s:e]) for s, e in spans]
    assert len({m.slug for m in mentions}) == len(spans)


def test_the_gold_corpus_is_read_whole() -> None:
    if not CORPUS.exists():
        pytest.skip("the BioCreative V CDR corpus is not at hand")
    articles = read_pubtator(CORPUS)
    # Counted in the file: blocks of lines, and lines of six columns or more.
    lines = gzip.decompress(CORPUS.read_bytes()).decode().splitlines()
    assert len(articles) == sum("|t|" in line for line in lines) == 500
    assert (
        sum(len(a.annotations) for a in articles) == sum(x.count("\t") >= 5 for x in lines) == 9591
    )
