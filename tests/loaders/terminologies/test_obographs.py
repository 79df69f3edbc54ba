"""OBO Graphs files that are at fault: each fault has its place.

`mondo.json` was shaped from a repackaged release 2026-05-05 into the official shape.
"""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evikg.loaders.faults import EvidenceError
from evikg.loaders.terminologies.obographs import read_obographs
from evikg.ontology.terms import Scope, Synonym, Term

from .drafts import quiet

DATA = Path(__file__).parents[2] / "data" / "terminologies"
OBO = "http://purl.obolibrary.org/obo/"
OIO = "http://www.geneontology.org/formats/oboInOwl#"


def graph(*nodes: object, **more: object) -> dict[str, Any]:
    meta = {"version": f"{OBO}mondo/releases/2026-05-05/mondo.json"}
    return {"id": f"{OBO}mondo.json", "meta": meta, "nodes": list(nodes), **more}


def terms_of(path: Path, content: object) -> list[Term]:
    text = content if isinstance(content, str) else json.dumps(content, indent=1)
    path.write_text(text, encoding="utf-8")
    return list(read_obographs("mondo", path, quiet)[1])


def faults(path: Path, content: object) -> list[str]:
    with pytest.raises(EvidenceError) as caught:
        terms_of(path, content)
    return [str(fault).removeprefix(str(path)) for fault in caught.value.faults]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "mondo.json"


def test_a_file_cut_in_the_middle_is_told_where_it_ends(path: Path) -> None:
    text = (DATA / "mondo.json").read_text(encoding="utf-8")
    cut = text[: text.index('"edges"') + 500]
    line, column = cut.count("\n") + 1, len(cut) - cut.rfind("\n")
    assert faults(path, cut) == [
        f":{line}:{column}: the JSON ends in the middle: the file is cut; download it again"
    ]


@settings(max_examples=20, deadline=None)
@given(place=st.integers(min_value=2, max_value=150_000), pad=st.booleans())
def test_what_is_no_json_is_told_at_its_byte(
    place: int, pad: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    # A byte that may stand nowhere in JSON, in a file of several chunks, on one line or on many.
    text = json.dumps({"graphs": [graph(), *range(40_000)]}, indent=1 if pad else None)
    place = min(place, len(text) - 1)
    spoilt = text[:place] + "\x00" + text[place:]
    (fault,) = faults(tmp_path_factory.mktemp("spoilt") / "mondo.json", spoilt)
    line, column = text[:place].count("\n") + 1, place - text[:place].rfind("\n")
    assert fault.startswith(f":{line}:{column}: ")
    assert fault.endswith("is not JSON at this place")


@pytest.mark.parametrize(
    "content",
    [
        {"hello": "world"},
        {"graphs": []},
        {"graphs": 5},
        {"graphs": [{"nodes": []}]},
        {"graphs": [graph(), graph()]},
        {"a": {"graphs": [graph()]}},
    ],
)
def test_json_that_is_no_obo_graph(path: Path, content: object) -> None:
    (fault,) = faults(path, content)
    assert fault.startswith(":1:1: graphs ")
    assert "expected OBO Graphs of one ontology" in fault


def test_a_graph_without_nodes(path: Path) -> None:
    (fault,) = faults(path, {"graphs": [graph()]})
    assert "has a header but no terms" in fault


def test_every_fault_of_nodes_is_told(path: Path) -> None:
    one, two = f"{OBO}MONDO_0000001", f"{OBO}MONDO_0000002"
    content = graph(
        {"id": one, "type": "CLASS", "lbl": ["a", "b"]},
        {"id": two, "type": "CLASS", "meta": {"synonyms": [{"pred": "hasOddSynonym", "val": "x"}]}},
        {"type": "CLASS", "lbl": "no id"},
        7,
    )
    found = faults(path, {"graphs": [content]})
    assert len(found) == 4
    lines = json.dumps({"graphs": [content]}, indent=1).splitlines()
    line = next(number for number, text in enumerate(lines, 1) if two in text)
    (synonym,) = (fault for fault in found if "nodes[1].meta.synonyms[0].pred" in fault)
    assert synonym.startswith(f":{line}:")
    assert "'hasOddSynonym'" in synonym
    assert any("nodes[0].lbl" in fault for fault in found)
    assert any("nodes[2].id: field required" in fault for fault in found)
    assert any("nodes[3] '7'" in fault for fault in found)


def test_every_fault_of_edges_is_told(path: Path) -> None:
    edges = [{"sub": "a", "pred": "is_a"}, {"sub": "a", "pred": "is_a", "obj": "b"}, []]
    found = faults(path, {"graphs": [graph(edges=edges)]})
    assert len(found) == 2
    assert "edges[0].obj: field required" in found[0] + found[1]
    assert "edges[2] '[]'" in found[0] + found[1]


def test_parts_of_the_specification(path: Path) -> None:
    # Only classes are terms; is_a alone is a parent; predicates are names or IRIs; edges may stand
    # before nodes, and optional parts may be null.
    synonyms = [
        {"pred": f"{OIO}hasBroadSynonym", "val": "wide", "synonymType": f"{OBO}mondo#ABBREVIATION"},
        {"pred": "hasNarrowSynonym", "val": "thin", "synonymType": f"{OBO}OMO_0003000"},
    ]
    nodes = [
        {"id": f"{OBO}BFO_0000050", "lbl": "part of", "type": "PROPERTY"},
        {"id": f"{OBO}MONDO_0000009"},
        {
            "id": f"{OBO}MONDO_0000001",
            "type": "CLASS",
            "lbl": "thing",
            "meta": {
                "definition": None,
                "synonyms": synonyms,
                "xrefs": [{"val": "UMLS:C1"}],
                "basicPropertyValues": [
                    {"pred": f"{OIO}hasAlternativeId", "val": "MONDO:0000004"},
                    {"pred": f"{OBO}IAO_0000233", "val": True},
                ],
                "version": None,
                "deprecated": False,
            },
        },
        {"id": f"{OBO}MONDO_0000002", "type": "CLASS", "lbl": "root", "meta": None},
    ]
    edges = [
        {"sub": f"{OBO}MONDO_0000001", "pred": "is_a", "obj": f"{OBO}MONDO_0000002"},
        {"sub": f"{OBO}MONDO_0000001", "pred": f"{OBO}BFO_0000050", "obj": f"{OBO}MONDO_0000003"},
        {"sub": f"{OBO}MONDO_0000001", "pred": "is_a", "obj": f"{OBO}HP_0000001"},
    ]
    found = terms_of(path, {"graphs": [{"edges": edges, **graph(*nodes)}]})
    assert found == [
        Term(
            iri=f"{OBO}MONDO_0000001",
            label="thing",
            synonyms=(
                Synonym("thin", Scope.NARROW, "OMO:0003000"),
                Synonym("wide", Scope.BROAD, "ABBREVIATION"),
            ),
            parents=(f"{OBO}MONDO_0000002",),
            xrefs=("UMLS:C1",),
        ),
        Term(iri=f"{OBO}MONDO_0000002", label="root"),
        Term(
            iri=f"{OBO}MONDO_0000004",
            label="",
            deprecated=True,
            replaced_by=(f"{OBO}MONDO_0000001",),
        ),
    ]


def test_a_missing_library_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ijson", None)
    with pytest.raises(
        ImportError, match=r"OBO Graphs need ijson: pip install 'evikg\[terminologies\]'"
    ):
        read_obographs("mondo", DATA / "mondo.json", quiet)
