"""BioC files: JSON and XML give the same mentions; files at fault are refused with their place."""

import builtins
import copy
import io
import json
from pathlib import Path
from typing import Any

import bioc
import pytest
from bioc import biocjson, biocxml

from evikg.loaders.bioc import BioCMissingError, read_bioc
from evikg.loaders.faults import EvidenceError

ROOT = Path(__file__).parents[2]
XML = ROOT / "tests" / "data" / "pubtator" / "small.biocxml"
REAL = ROOT.parent / "shared" / "data" / "entities" / "demo_pubtator.biocjson"

DOCUMENT: dict[str, Any] = {
    "id": "101",
    "infons": {},
    "passages": [
        {
            "infons": {"type": "title"},
            "offset": 0,
            "text": "Hepatitis and fever in two adults.",
            "annotations": [
                {
                    "id": "1",
                    "infons": {
                        "type": "Disease",
                        "identifier": "MESH:D000001",
                        "name": "Hepatitis X",
                    },
                    "text": "Hepatitis",
                    "locations": [{"offset": 0, "length": 9}],
                }
            ],
            "relations": [],
        },
        {
            "infons": {"type": "abstract"},
            "offset": 35,
            "text": "Veno-occlusive disease (VOD) was seen.",
            "annotations": [
                {
                    "id": "2",
                    "infons": {"type": "Disease", "identifier": "MESH:D000003"},
                    "text": "VOD",
                    "locations": [{"offset": 59, "length": 3}],
                }
            ],
            "relations": [],
        },
    ],
    "relations": [],
}


def written(folder: Path, content: Any, name: str = "file.json") -> Path:
    """Write JSON, or bytes as they are."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


def told(path: Path) -> list[str]:
    """Return the faults of a file, without its name."""
    with pytest.raises(EvidenceError) as caught:
        read_bioc(path)
    return [line.removeprefix(str(path)) for line in str(caught.value).splitlines()]


SHAPES = {
    "PubTator3": {"PubTator3": [DOCUMENT]},
    "a collection": {"source": "Small corpus", "date": "", "key": "", "documents": [DOCUMENT]},
    "one document": DOCUMENT,
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_of_json_gives_the_mentions_of_the_xml(tmp_path: Path, shape: str) -> None:
    (article,) = read_bioc(written(tmp_path, SHAPES[shape]), "someone")
    (expected,) = read_bioc(XML, "someone")
    assert article.text == expected.text
    seen = [(m.slug, m.text, m.printed, m.locator, m.line) for m in article.mentions()]
    assert seen == [(m.slug, m.text, m.printed, m.locator, m.line) for m in expected.mentions()]
    assert [m.identifier for m in article.mentions()] == ["MESH:D000001", "MESH:D000003"]
    # An infon that is named by its terminology holds the identifier, as in BioCreative V.
    assert [m.identifier for m in expected.mentions()] == ["MESH:D000001", "MESH:D000003"]


def test_one_document_a_line_is_read_too(tmp_path: Path) -> None:
    other = {**DOCUMENT, "id": 102}
    lines = "\n".join(json.dumps(item) for item in (DOCUMENT, other)).encode()
    articles = read_bioc(written(tmp_path, lines))
    assert [article.document for article in articles] == ["101", "102"]


def test_who_annotated_is_what_the_file_says(tmp_path: Path) -> None:
    for shape, expected in (("PubTator3", "PubTator3"), ("a collection", "Small corpus")):
        (article,) = read_bioc(written(tmp_path, SHAPES[shape]))
        assert {m.annotator for m in article.mentions()} == {expected}
    (article,) = read_bioc(XML)
    assert article.annotator == "Small corpus"


def test_the_name_that_an_annotator_gives_for_an_identifier_is_kept(tmp_path: Path) -> None:
    (article,) = read_bioc(written(tmp_path, DOCUMENT))
    assert [m.label for m in article.mentions()] == ["Hepatitis X", None]


def test_what_another_tool_writes_is_read(tmp_path: Path) -> None:
    collection = bioc.BioCCollection()
    collection.source = collection.date = collection.key = "made"
    document = bioc.BioCDocument()
    document.id = "PMC7"
    passage = bioc.BioCPassage()
    passage.offset, passage.text = 4, "Naïve β-cells"
    annotation = bioc.BioCAnnotation()
    annotation.id, annotation.text = "T1", "β-cells"
    annotation.infons = {"type": "CellLine", "identifier": "CVCL:0291"}
    annotation.add_location(bioc.BioCLocation(10, 7))
    passage.add_annotation(annotation)
    document.add_passage(passage)
    collection.add_document(document)
    as_json, as_xml = tmp_path / "made.json", tmp_path / "made.xml"
    as_json.write_text(biocjson.dumps(collection), encoding="utf-8")
    as_xml.write_text(biocxml.dumps(collection), encoding="utf-8")
    (one,), (two,) = read_bioc(as_json), read_bioc(as_xml)
    assert list(one.mentions()) == list(two.mentions())
    (mention,) = one.mentions()
    assert (mention.slug, mention.printed, mention.start) == ("pmc7-10-17", "β-cells", 10)


def change(path: str, value: Any) -> dict[str, Any]:
    """Return a collection in which the value at a path of the document is another, or gone."""
    document = copy.deepcopy(DOCUMENT)
    place: Any = document
    *steps, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    for step in steps:
        place = place[step]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return {"documents": [document]}


FAULTS = [
    ("id", None, ": documents[0].id: a BioC document needs `id`"),
    ("passages.1.offset", None, ": documents[0].passages[1].offset: a BioC passage needs `offset`"),
    ("passages.0.offset", "0", ": documents[0].passages[0].offset '0': is no offset"),
    ("passages.0.annotations.0.text", None,
     ": documents[0].passages[0].annotations[0].text: a BioC annotation needs `text`"),
    ("passages.0.annotations.0.locations.0.length", None,
     ": documents[0].passages[0].annotations[0].locations[0].length: a BioC location needs `length`"),
    ("passages.1.annotations.0.locations.0.offset", 900,
     ": 101: annotation 2 'VOD': the span 900-903 is outside every passage; the text has 73 characters"),
    ("passages.1.annotations.0.locations.0.offset", 36,
     ": 101: annotation 2 'VOD': at 36-39 the text has 'eno'"),
    ("passages.0.annotations", ["x"],
     ": documents[0].passages[0].annotations[0] 'x': expected an object, a BioC annotation"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "words"), FAULTS)
def test_a_fault_in_json_is_named_by_its_path(
    tmp_path: Path, path: str, value: Any, words: str
) -> None:
    assert told(written(tmp_path, change(path, value))) == [words]


def test_all_faults_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    broken = [change(path, value)["documents"][0] for path, value, _ in FAULTS]
    for number, document in enumerate(broken):
        if "id" in document:
            document["id"] = str(number)
    assert len(told(written(tmp_path, {"documents": broken}))) == len(FAULTS)


def test_a_document_twice_is_a_fault(tmp_path: Path) -> None:
    path = written(tmp_path, {"documents": [DOCUMENT, DOCUMENT]})
    assert told(path) == [": document '101': is there twice"]


def test_json_cut_in_the_middle_is_named_with_line_and_column(tmp_path: Path) -> None:
    text = json.dumps({"documents": [DOCUMENT]}, indent=1)
    cut = text[: text.index("Veno")]
    (message,) = told(written(tmp_path, cut.encode()))
    lines = cut.splitlines()
    column = lines[-1].index('"Veno'[:1], lines[-1].index(":")) + 1
    assert message.startswith(f":{len(lines)}:{column}: is not JSON: Unterminated string")


@pytest.mark.parametrize("content", [{"a": 1}, [1, 2], "text", {"documents": 3}])
def test_json_that_is_not_bioc_is_a_fault(tmp_path: Path, content: Any) -> None:
    (message,) = told(written(tmp_path, content))
    assert message.startswith(":1:1: is not BioC: expected an object with `documents`")


def test_json_without_documents_is_a_fault(tmp_path: Path) -> None:
    assert told(written(tmp_path, {"documents": []})) == [": holds no document"]


def test_deep_nesting_is_a_fault(tmp_path: Path) -> None:
    (message,) = told(written(tmp_path, b"[" * 200_000))
    assert "nested too deeply" in message


def test_another_encoding_is_named_with_its_place(tmp_path: Path) -> None:
    data = '{"documents":\n ["Ménière"]}'.encode("latin-1")
    (message,) = told(written(tmp_path, data))
    assert message.startswith(":2:5:")
    assert "is not UTF-8" in message


BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE collection [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<collection><source>&b;</source></collection>"""
OUTSIDE = b"""<?xml version="1.0"?>
<!DOCTYPE collection [<!ENTITY x SYSTEM "file:///etc/hostname">]>
<collection><source>&x;</source></collection>"""


@pytest.mark.parametrize("content", [BOMB, OUTSIDE])
def test_entities_in_xml_are_refused(tmp_path: Path, content: bytes) -> None:
    (message,) = told(written(tmp_path, content, "bad.xml"))
    column = 34 if content == BOMB else 63  # counted by hand: in the first declaration
    assert message.startswith(f":2:{column}: DOCTYPE")
    assert "declares an entity" in message
    assert "Forbidden" not in message


def test_xml_cut_in_the_middle_is_named_with_line_and_column(tmp_path: Path) -> None:
    lines = XML.read_bytes().splitlines()[:12]
    (message,) = told(written(tmp_path, b"\n".join(lines), "cut.xml"))
    assert message.startswith(":12:")
    assert "is not well-formed XML" in message


def test_xml_that_is_not_bioc_is_a_fault(tmp_path: Path) -> None:
    (message,) = told(written(tmp_path, b"<html><p>Not found</p></html>", "page.xml"))
    assert message == ":1:1: is a web page, not the file itself: download the file"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("<offset>35</offset>", "", ": document[0].passage[1].offset: expected a whole number"),
        ('offset="59"', 'offset="x"',
         ": document[0].passage[1].location.offset 'x': expected a whole number"),
        ('offset="59"', 'offset="36"', ": 101: annotation 2 'VOD': at 36-39 the text has 'eno'"),
    ],
)  # fmt: skip
def test_a_fault_in_xml_is_named_by_its_path(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    text = XML.read_text(encoding="utf-8")
    assert old in text
    assert told(written(tmp_path, text.replace(old, new).encode(), "bad.xml")) == [words]


def test_without_the_packages_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *arguments: Any, **named: Any) -> Any:
        if name.partition(".")[0] in {"bioc", "defusedxml"}:
            raise ImportError(name)
        return real(name, *arguments, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(BioCMissingError, match=r"pip install 'evikg\[pubtator\]'"):
        read_bioc(XML)


def test_pubtator3_output_is_read_whole() -> None:
    if not REAL.exists():
        pytest.skip("the PubTator3 sample is not at hand")
    articles = read_bioc(REAL)
    held = json.load(io.BytesIO(REAL.read_bytes()))["PubTator3"]
    counted = sum(len(p["annotations"]) for d in held for p in d["passages"])
    assert len(articles) == len(held) == 200
    assert sum(len(article.annotations) for article in articles) == counted == 4116
