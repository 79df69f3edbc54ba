"""A full release takes the place of its slice, stays in later builds, and never half arrives.

`mondo.obo` holds 40-odd terms of MONDO release 2026-05-05, shaped from a repackaged release.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode

from evikg.graph import open_store
from evikg.graph.branches import Branches
from evikg.graph.concepts import find_concepts
from evikg.graph.embedded import EmbeddedStore, current_generation
from evikg.loaders.build import assemble, build
from evikg.loaders.faults import EvidenceError
from evikg.loaders.keeping import evidence_of, kept_mapping_sets
from evikg.loaders.terminologies.releases import read_release
from evikg.loaders.terminologies.slices import read_manifest, shipped_slices
from evikg.loaders.weaving import full_release
from evikg.ontology import EV, individual
from evikg.ontology.curie import expand
from evikg.ontology.term_triples import MAPPED_TO

MONDO = Path(__file__).parents[1] / "data" / "terminologies" / "mondo.obo"
GRAPH = individual("graph", "mondo")
TERMINOLOGY = individual("terminology", "mondo")


def inner(place: Path) -> Any:
    store = open_store(place)
    assert isinstance(store, EmbeddedStore)
    return store.inner


def extent(place: Path) -> str:
    (quad,) = inner(place).quads_for_pattern(TERMINOLOGY, EV.extent, None, GRAPH)
    assert isinstance(quad.object, Literal)
    return quad.object.value


def load(small: Any, place: Path, path: Path = MONDO) -> None:
    release, terms = read_release("mondo", [path])
    build(small.folder, place, load=[full_release(release, terms)])


def test_a_full_release_takes_the_place_of_the_slice(small: Any, tmp_path: Path) -> None:
    place = tmp_path / "graph"
    build(small.folder, place)
    assert extent(place) == "slice"
    load(small, place)
    assert extent(place) == "full release"
    held = {quad.triple for quad in inner(place).quads_for_pattern(None, None, None, GRAPH)}
    names = set(re.findall(r"\[Term\]\nid: .*\nname: (.*)", MONDO.read_text(encoding="utf-8")))
    label = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    labels = {t.object.value for t in held if t.predicate == label and t.subject != TERMINOLOGY}
    assert labels == names


def test_later_builds_keep_it_until_they_are_told_to_forget(small: Any, tmp_path: Path) -> None:
    place = tmp_path / "graph"
    load(small, place)
    before = {str(q) for q in inner(place)}
    build(small.folder, place)
    assert {str(q) for q in inner(place)} == before
    build(small.folder, place, afresh=True)
    assert extent(place) == "slice"


def test_the_closure_follows_what_is_loaded(small: Any, tmp_path: Path) -> None:
    place = tmp_path / "graph"
    load(small, place)
    path = (
        "ASK { FILTER NOT EXISTS { ?a <http://www.w3.org/2000/01/rdf-schema#subClassOf>+ ?b"
        " FILTER(STRSTARTS(STR(?a), 'http://purl.obolibrary.org/obo/'))"
        " MINUS { ?a <https://w3id.org/evikg/ontology#within> ?b } } }"
    )
    assert bool(open_store(place).query(path))


def test_no_triple_stands_in_two_graphs_after_a_load(small: Any, tmp_path: Path) -> None:
    place = tmp_path / "graph"
    load(small, place)
    quads = list(inner(place))
    assert len({quad.triple for quad in quads}) == len(quads)


def broken(kind: str) -> str:
    text = MONDO.read_text(encoding="utf-8")
    if kind == "cut":
        return text[: text.rindex("name:") + 8] + ' "'
    if kind == "cycle":
        return f"{text}\n[Term]\nid: MONDO:9\nname: a\nis_a: MONDO:8\n\n[Term]\nid: MONDO:8\nname: b\nis_a: MONDO:9\n"
    return f"{text}\n[Term]\nid: MONDO:9\nname: a\nis_a: MONDO:7\n"


@pytest.mark.parametrize("kind", ["cut", "cycle", "dangling"])
def test_a_release_at_fault_leaves_the_graph_as_it_was(
    kind: str, small: Any, tmp_path: Path
) -> None:
    place, path = tmp_path / "graph", tmp_path / "mondo.obo"
    build(small.folder, place)
    before = current_generation(place)
    path.write_text(broken(kind), encoding="utf-8")
    with pytest.raises(EvidenceError) as caught:
        load(small, place, path)
    assert caught.value.faults[0].path == path
    assert current_generation(place) == before
    assert extent(place) == "slice"


def test_mapping_sets_are_kept_and_given_up_if_the_build_fails(small: Any, tmp_path: Path) -> None:
    place, path = tmp_path / "graph", tmp_path / "mine.sssom.tsv"
    path.write_text(
        "#curie_map:\n#  MONDO: http://purl.obolibrary.org/obo/MONDO_\n"
        "#  mesh: http://id.nlm.nih.gov/mesh/\n"
        "#mapping_set_id: https://example.org/mine\n"
        "#license: https://creativecommons.org/publicdomain/zero/1.0/\n"
        "subject_id\tpredicate_id\tobject_id\tmapping_justification\n"
        "MONDO:0004967\tskos:exactMatch\tmesh:D054198\tsemapv:ManualMappingCuration\n",
        encoding="utf-8",
    )
    build(small.folder, place)
    with pytest.raises(EvidenceError):
        build(small.folder / "missing", place, mapping_sets=[path])
    assert kept_mapping_sets(place) == []
    assert evidence_of(place) == small.folder
    build(small.folder, place, mapping_sets=[path])
    assert [kept.name for kept in kept_mapping_sets(place)] == [path.name]
    exact = NamedNode("http://www.w3.org/2004/02/skos/core#exactMatch")
    mondo, mesh = NamedNode(expand("MONDO:0004967")), NamedNode(expand("MESH:D054198"))
    assert len(list(inner(place).quads_for_pattern(mondo, exact, mesh))) == 1
    build(small.folder, place)
    assert len(list(inner(place).quads_for_pattern(mondo, exact, mesh))) == 1
    build(small.folder, place, afresh=True)
    assert kept_mapping_sets(place) == []


def test_the_index_and_the_closure_agree_on_a_release_with_supplementary_records(
    small: Any, tmp_path: Path
) -> None:
    """The records that nothing links to lie within nothing, whichever way is asked."""
    place = tmp_path / "graph"
    files = [MONDO.with_name(f"{part}2024.xml") for part in ("desc", "supp")]
    release, terms = read_release("mesh", files, "2024")
    build(small.folder, place, load=[full_release(release, terms)])
    store = open_store(place)
    indexed, asked = Branches.of(store), Branches(store)
    assert indexed.indexed
    mapped = inner(place).quads_for_pattern(None, MAPPED_TO, None)
    concepts = {term.value for quad in mapped for term in (quad.subject, quad.object)}
    assert concepts
    for concept in concepts:
        assert sorted(indexed.below(concept)) == asked.below(concept)
        assert sorted(indexed.above(concept)) == asked.above(concept)


@pytest.fixture(scope="module")
def shipped() -> Iterator[EmbeddedStore]:
    from evikg.loaders.evidence import shipped_evidence

    store = EmbeddedStore()
    store.inner.bulk_extend(assemble(shipped_evidence()).quads)
    yield store


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("MESH:D008107", ["MESH:D008107"]),
        ("mesh:D008107", ["MESH:D008107"]),
        ("https://id.nlm.nih.gov/mesh/D008107", ["MESH:D008107"]),
        ("LIVER DISEASES", ["MESH:D008107"]),
        ("hepatic veno-occlusive disease", ["HP:6000716", "MESH:D006504", "MONDO:0019514"]),
        ("MESH:D999999", []),
        ("no such thing", []),
    ],
)
def test_a_concept_is_found_by_what_people_call_it(
    text: str, found: list[str], shipped: EmbeddedStore
) -> None:
    """Labels as MeSH 2024, HPO 2025-01-16 and MONDO 2026-05-05 print them."""
    iris = {concept.value for concept in find_concepts(shipped, text)}
    assert iris == {expand(curie) for curie in found} | {
        iri for iri in iris if kind_is_variable(iri)
    }


def kind_is_variable(iri: str) -> bool:
    return iri.startswith(individual("variable", "").value)


def test_hepatotoxicity_asks_for_every_liver_event(shipped: EmbeddedStore) -> None:
    found = {
        concept.value.rpartition("/")[2] for concept in find_concepts(shipped, "hepatotoxicity")
    }
    assert {"hepatotoxicity", "hepatic-event"} <= found


def test_the_manifest_names_every_slice_with_its_checksum() -> None:
    import hashlib

    folder = shipped_slices()
    listed = read_manifest(folder)
    assert {item.file for item in listed} == {path.name for path in folder.glob("*.ttl")}
    for item in listed:
        data = (folder / item.file).read_bytes()
        assert hashlib.sha256(data).hexdigest() == item.sha256
        assert item.version in data.decode()
        assert item.licence
        assert item.attribution


def test_a_load_rebuilds_from_the_evidence_the_graph_was_built_from(
    small: Any, tmp_path: Path
) -> None:
    from click.testing import CliRunner

    from evikg.cli.main import cli

    place = tmp_path / "graph"
    build(small.folder, place)
    done = CliRunner().invoke(cli, ["load", "mondo", str(MONDO), "--store", str(place)])
    assert isinstance(done.exception, EvidenceError)  # a few terms are no release
    assert "lacks" in str(done.exception)
    assert extent(place) == "slice"
    done = CliRunner().invoke(cli, ["load", "mondo", str(MONDO), "--part", "--store", str(place)])
    assert done.exit_code == 0, done.output
    assert "mondo 2026-05-05" in done.output
    sources = open_store(place).query("SELECT ?s { ?s a <https://w3id.org/evikg/ontology#Source> }")
    assert [row[0] for row in sources] == [individual("source", "doe-2020")]  # type: ignore[union-attr,index]
