"""The manifest of a build is true of it: of the files it was made from, and of what is in it."""

import csv
import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from evikg.graph.embedded import EmbeddedStore, current_generation
from evikg.graph.errors import ReleaseError
from evikg.graph.manifest import read_manifest
from evikg.loaders.build import build
from evikg.loaders.evidence import shipped_evidence
from evikg.loaders.sssom import read_mappings, shipped_mappings
from evikg.loaders.terminologies.releases import read_release
from evikg.loaders.weaving import full_release
from evikg.ontology import EV, compact, individual

MONDO = Path(__file__).parents[1] / "data" / "terminologies" / "mondo.obo"
MAPPINGS = """\
#curie_map:
#  variable: https://w3id.org/evikg/variable/
#  MESH: http://id.nlm.nih.gov/mesh/
#mapping_set_id: https://example.org/more
subject_id\tpredicate_id\tobject_id\tmapping_justification
variable:cr-cri\tskos:exactMatch\tMESH:D012074\tsemapv:ManualMappingCuration
"""


def manifest_of(place: Path) -> dict[str, Any]:
    generation = current_generation(place)
    assert generation is not None
    return read_manifest(generation / "manifest.json")


def inputs(described: dict[str, Any]) -> dict[str, tuple[str, int]]:
    return {item["name"]: (item["sha256"], item["bytes"]) for item in described["inputs"]}


def of_file(path: Path) -> tuple[str, int]:
    data = path.read_bytes()
    return hashlib.sha256(data).hexdigest(), len(data)


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("manifest") / "graph"
    build(shipped_evidence(), place)
    return place


def test_every_file_of_evidence_and_every_mapping_set_is_named_with_its_checksum(
    shipped: Path,
) -> None:
    named = inputs(manifest_of(shipped))
    folder = shipped_evidence()
    read = ("catalogue.yaml", "*/source.yaml", "*/results.csv", "*/mentions.csv", "*/reporting.csv")
    curated = [path for pattern in read for path in folder.glob(pattern)]
    assert len(curated) > 10
    for path in curated:
        assert named[f"evidence/{path.relative_to(folder).as_posix()}"] == of_file(path)
    for path in shipped_mappings():
        assert named[f"mappings/{path.name}"] == of_file(path)
    assert {"slices/mesh.ttl", "vocabulary/evikg.ttl", "rules/fatal-event.rq"} <= named.keys()
    assert "guidelines/readus-pv.csv" in named


def test_the_counts_are_those_of_the_graph(shipped: Path) -> None:
    described = manifest_of(shipped)
    quads = list(EmbeddedStore.open(shipped).inner)
    assert described["triples"] == len(quads)
    graphs = Counter(compact(quad.graph_name.value) for quad in quads)  # type: ignore[union-attr]
    assert {row["graph"]: row["triples"] for row in described["graphs"]} == graphs
    kind = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    classes = Counter(
        (compact(quad.graph_name.value), compact(quad.object.value))  # type: ignore[union-attr]
        for quad in quads
        if quad.predicate.value == kind
    )
    assert {(r["graph"], r["class"]): r["individuals"] for r in described["classes"]} == classes


def test_results_are_counted_by_source_and_study(shipped: Path) -> None:
    with (shipped_evidence() / "duan-2025" / "results.csv").open(encoding="utf-8") as file:
        curated = Counter(f"study:{row['study']}" for row in csv.DictReader(file))
    rows = [r for r in manifest_of(shipped)["results"] if r.get("source") == "source:duan-2025"]
    assert {row["study"]: row["results"] for row in rows} == curated


def test_coverage_is_that_of_the_mapping_set(shipped: Path) -> None:
    rows = manifest_of(shipped)["coverage"]
    path = next(path for path in shipped_mappings() if path.name == "unii.sssom.tsv")
    exact = {row.subject for row in read_mappings(path) if row.found and "exact" in row.predicate}
    unii = [row for row in rows if row["mapping_set"] == "graph:mappings-unii"]
    drugs = next(row for row in unii if row["kind"] == "ev:Drug")
    assert drugs["exact"] == len({iri for iri in exact if "/drug/" in iri})
    for row in rows:
        assert row["exact"] + row["other"] + row["searched_in_vain"] <= row["all"]


def test_verdicts_and_discrepancies_are_counted(shipped: Path) -> None:
    described = manifest_of(shipped)
    inner = EmbeddedStore.open(shipped).inner
    findings = {q.subject for q in inner.quads_for_pattern(None, EV.verdict, None)}
    checks = [row for row in described["checks"] if row["verdict"] != "consistent"]
    # A finding over results of two sources counts for both.
    assert sum(row["checks"] for row in checks) >= len(findings) > 0
    assert {"source", "rule", "severity", "verdict"} <= checks[0].keys()
    found = list(inner.quads_for_pattern(None, EV.discrepancyType, None))
    assert sum(row["discrepancies"] for row in described["discrepancies"]) == len(found)


def test_sources_and_terminologies_have_their_licences(shipped: Path) -> None:
    described = manifest_of(shipped)
    folders = {path.parent.name for path in shipped_evidence().glob("*/source.yaml")}
    assert {row["source"] for row in described["sources"]} == {f"source:{f}" for f in folders}
    assert [row["terminology"] for row in described["terminologies"]] == [
        f"terminology:{name}" for name in ("ctcae", "hp", "mesh", "mondo")
    ]
    assert all(row["licence"] for row in described["terminologies"])


def test_the_manifest_names_no_place_and_is_the_same_again(small: Any, tmp_path: Path) -> None:
    texts = []
    for name in ("one", "two"):
        build(small.folder, tmp_path / name)
        generation = current_generation(tmp_path / name)
        assert generation is not None
        texts.append((generation / "manifest.json").read_bytes())
    assert texts[0] == texts[1]
    assert str(tmp_path).encode() not in texts[0]


def test_a_release_that_is_loaded_takes_the_place_of_its_slice_and_stays(
    small: Any, tmp_path: Path
) -> None:
    place, more = tmp_path / "graph", tmp_path / "more.sssom.tsv"
    more.write_text(MAPPINGS, encoding="utf-8")
    release, terms = read_release("mondo", [MONDO])
    build(small.folder, place, load=[full_release(release, terms, [MONDO])], mapping_sets=[more])
    loaded = manifest_of(place)
    build(small.folder, place)
    assert manifest_of(place) == loaded
    named = inputs(loaded)
    assert named["loaded/mondo/mondo.obo"] == of_file(MONDO)
    assert named["loaded/mappings/more.sssom.tsv"] == of_file(more)
    assert "slices/mondo.ttl" not in named
    (mondo,) = (r for r in loaded["terminologies"] if r["terminology"] == "terminology:mondo")
    assert (mondo["version"], mondo["extent"]) == (release.version, "full release")
    held = EmbeddedStore.open(place).inner
    graph = individual("graph", "mondo")
    (row,) = (r for r in loaded["graphs"] if r["graph"] == "graph:mondo")
    assert row["triples"] == len(list(held.quads_for_pattern(None, None, None, graph)))
    (links,) = (r for r in loaded["coverage"] if r["mapping_set"] == "graph:mappings-more")
    assert (links["kind"], links["all"], links["exact"]) == ("efficacy", 1, 1)
    build(small.folder, place, afresh=True)
    assert not [name for name in inputs(manifest_of(place)) if name.startswith("loaded/")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "holds no manifest.json"),
        ("{", "cannot be read"),
        ("[]", "is not the manifest of a graph"),
        (json.dumps({"title": "x"}), "is not the manifest of a graph"),
    ],
)
def test_what_is_no_manifest_is_one_line(tmp_path: Path, text: str | None, words: str) -> None:
    path = tmp_path / "manifest.json"
    if text is not None:
        path.write_text(text)
    with pytest.raises(ReleaseError, match=words) as raised:
        read_manifest(path)
    assert "\n" not in str(raised.value)
