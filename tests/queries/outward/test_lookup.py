"""What is found about a term, from where, and how old; expected values are counts of the data.

`tests/data/outward/*.nq` says where each record is from.
"""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Store

from evikg.ontology.curie import UnknownPrefixError
from evikg.queries.outward import (
    Asker,
    Cache,
    Endpoint,
    EndpointsError,
    Reply,
    Settings,
    lookup,
    read_settings,
)
from evikg.queries.outward.lookup import query_for

from .conftest import Clock, Gate, answer

MESH = "http://id.nlm.nih.gov/mesh/"
OBO = "http://purl.obolibrary.org/obo/"
WIKIDATA = "http://www.wikidata.org/entity/"


def ask(term: str, name: str, settings: Settings, asker: Asker) -> Reply:
    (reply,) = lookup(term, [settings.endpoints[name]], asker)
    return reply


def rows(reply: Reply) -> list[tuple[str, str, str]]:
    assert reply.answered, reply.words
    return [(row.relation, row.label, row.iri) for row in reply.rows]


@pytest.mark.parametrize("text", ["calcimycin", "Calcimycin", "CALCIMYCIN", "  calcimycin "])
def test_mesh_is_found_by_its_name_in_any_capitals(
    text: str, settings: Settings, asker: Asker
) -> None:
    assert rows(ask(text, "mesh", settings, asker)) == [("same", "Calcimycin", f"{MESH}D000001")]


def test_mesh_is_found_by_an_entry_term(settings: Settings, asker: Asker) -> None:
    found = rows(ask("Antibiotic A23187", "mesh", settings, asker))
    assert found == [("synonym", "Calcimycin", f"{MESH}D000001")]


@pytest.mark.parametrize("term", ["MESH:D000080045", "mesh:D000080045", f"{MESH}D000080045"])
def test_mesh_is_found_by_identifier_with_what_stands_above(
    term: str, settings: Settings, asker: Asker
) -> None:
    assert rows(ask(term, "mesh", settings, asker)) == [
        ("same", "Inotuzumab Ozogamicin", f"{MESH}D000080045"),
        ("broader", "Antibodies, Monoclonal, Humanized", f"{MESH}D061067"),
        ("broader", "Calicheamicins", f"{MESH}D000080084"),
    ]


def test_entry_terms_and_what_stands_below_are_named(settings: Settings, asker: Asker) -> None:
    found = rows(ask("MESH:D000001", "mesh", settings, asker))
    terms = [label for relation, label, _ in found if relation == "synonym"]
    assert terms == ["A-23187", "A23187", "Antibiotic A23187"]
    below = rows(ask("MESH:D000080084", "mesh", settings, asker))
    assert ("narrower", "Inotuzumab Ozogamicin", f"{MESH}D000080045") in below


def test_ubergraph_gives_the_direct_neighbours(settings: Settings, asker: Asker) -> None:
    found = rows(ask("MONDO:0004947", "ubergraph", settings, asker))
    assert [iri for relation, _, iri in found if relation == "broader"] == [
        f"{OBO}MONDO_0004967",
        f"{OBO}MONDO_0015759",
    ]
    assert sum(relation == "synonym" for relation, _, _ in found) == 3
    below = rows(ask("MONDO:0004967", "ubergraph", settings, asker))
    assert [iri for relation, _, iri in below if relation == "narrower"] == [f"{OBO}MONDO_0004947"]


def test_ubergraph_is_found_by_name_synonym_and_cross_reference(
    settings: Settings, asker: Asker
) -> None:
    label = "B-cell acute lymphoblastic leukemia"
    assert rows(ask(label, "ubergraph", settings, asker)) == [
        ("same", label, f"{OBO}MONDO_0004947")
    ]
    assert rows(ask("B lymphoblastic leukemia/lymphoma", "ubergraph", settings, asker)) == [
        ("synonym", label, f"{OBO}MONDO_0004947")
    ]
    assert rows(ask("MESH:D010190", "ubergraph", settings, asker)) == [
        ("cross-reference", "pancreatic neoplasm", f"{OBO}MONDO_0021040")
    ]


@pytest.mark.parametrize("term", ["MESH:D010190", "MONDO:0021040"])
def test_wikidata_is_found_by_the_identifiers_of_others(
    term: str, settings: Settings, asker: Asker
) -> None:
    assert rows(ask(term, "wikidata", settings, asker)) == [
        ("same", "pancreatic cancer", f"{WIKIDATA}Q212961"),
        ("synonym", "cancer of the pancreas", f"{WIKIDATA}Q212961"),
        ("broader", "disease", f"{WIKIDATA}Q12136"),
    ]


def test_wikidata_is_found_by_name(settings: Settings, asker: Asker) -> None:
    same = ("same", "pancreatic cancer", f"{WIKIDATA}Q212961")
    assert rows(ask("Pancreatic cancer", "wikidata", settings, asker)) == [same]
    found = rows(ask("cancer of the pancreas", "wikidata", settings, asker))
    assert found == [("synonym", *same[1:])]
    # "disease" has no identifier of a terminology.
    assert rows(ask("disease", "wikidata", settings, asker)) == []


def test_an_endpoint_that_cannot_know_a_term_is_not_asked(
    settings: Settings, asker: Asker, gate: Gate
) -> None:
    reply = ask("MONDO:0004947", "mesh", settings, asker)
    assert not reply.answered
    assert reply.words == "not asked: it knows names, and identifiers of MESH"
    assert gate.seen == []


def test_an_unknown_prefix_is_no_label(settings: Settings, asker: Asker) -> None:
    with pytest.raises(UnknownPrefixError, match="NOPE:1"):
        ask("NOPE:1", "mesh", settings, asker)
    assert rows(ask("leukemia: acute", "mesh", settings, asker)) == []


def test_an_iri_that_is_none_is_named(settings: Settings, asker: Asker) -> None:
    with pytest.raises(ValueError, match="'http://bad iri' is no IRI"):
        ask("http://bad iri", "mesh", settings, asker)


def test_endpoints_answer_side_by_side(settings: Settings, asker: Asker, gate: Gate) -> None:
    closed = replace(settings.endpoints["mesh"], url="ftp://example.org/")
    replies = lookup("MESH:D010190", [closed, settings.endpoints["wikidata"]], asker)
    assert [reply.answered for reply in replies] == [False, True]
    assert "ftp://example.org/" in replies[0].words


def test_an_answer_is_kept_and_its_age_said(
    settings: Settings, asker: Asker, gate: Gate, clock: Clock
) -> None:
    assert ask("calcimycin", "mesh", settings, asker).words == "1 row, fresh"
    clock.elapsed += timedelta(days=3).total_seconds()
    reply = ask("calcimycin", "mesh", settings, asker)
    assert (reply.words, reply.state, reply.days) == ("1 row, cached 3 days ago", "cached", 3)
    assert len(gate.seen) == 1
    clock.elapsed += timedelta(days=5).total_seconds()
    assert ask("calcimycin", "mesh", settings, asker).words == "1 row, fresh"
    assert len(gate.seen) == 2


def test_an_old_answer_stands_in_where_there_is_no_other_and_that_is_said(
    settings: Settings, asker: Asker, gate: Gate, clock: Clock
) -> None:
    ask("calcimycin", "mesh", settings, asker)
    clock.elapsed += timedelta(days=30).total_seconds()
    gate.faults = [answer(404)]
    reply = ask("calcimycin", "mesh", settings, asker)
    assert reply.state == "stale"
    assert reply.words == "1 row, cached 30 days ago, older than allowed (refused: 404 Not Found)"
    asker.offline = True
    offline = ask("calcimycin", "mesh", settings, asker)
    assert offline.words == "1 row, cached 30 days ago, older than allowed (offline)"
    assert len(gate.seen) == 2
    asker.stale = False
    assert not ask("calcimycin", "mesh", settings, asker).answered


def test_offline_without_a_kept_answer_says_so(
    settings: Settings, asker: Asker, gate: Gate
) -> None:
    asker.offline = True
    reply = ask("calcimycin", "mesh", settings, asker)
    assert reply.words == "not asked: offline, and no answer is kept"
    assert gate.seen == []


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"fetched": "now"}', b"\xff"])
def test_a_damaged_cache_is_as_good_as_none(
    damage: bytes, settings: Settings, asker: Asker, gate: Gate
) -> None:
    ask("calcimycin", "mesh", settings, asker)
    (kept,) = asker.cache.folder.iterdir()
    kept.write_bytes(damage)
    assert ask("calcimycin", "mesh", settings, asker).words == "1 row, fresh"
    assert len(gate.seen) == 2


def test_a_cache_that_is_no_answer_is_as_good_as_none(
    settings: Settings, asker: Asker, gate: Gate
) -> None:
    ask("calcimycin", "mesh", settings, asker)
    (kept,) = asker.cache.folder.iterdir()
    text = kept.read_text()
    kept.write_text(text[: text.index('"answer"')] + '"answer": {"a": 1}}')
    assert ask("calcimycin", "mesh", settings, asker).words == "1 row, fresh"


def test_a_cache_that_cannot_be_written_is_passed_over(
    settings: Settings, asker: Asker, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    asker.cache = Cache(tmp_path / "file")
    assert ask("calcimycin", "mesh", settings, asker).words == "1 row, fresh"


def test_a_clock_set_back_makes_no_answer_younger_than_new(
    settings: Settings, asker: Asker, clock: Clock
) -> None:
    ask("calcimycin", "mesh", settings, asker)
    clock.elapsed -= 1000
    assert ask("calcimycin", "mesh", settings, asker).days == 0


SHIPPED = list(read_settings(Path("/dev/null")).endpoints.values())


@given(st.text(min_size=1, max_size=60), st.sampled_from(SHIPPED))
def test_no_text_becomes_part_of_a_query(text: str, endpoint: Endpoint) -> None:
    try:
        query = query_for(text, endpoint)
    except ValueError:
        return
    if query:
        # One SELECT that parses, whatever the text, and changes nothing about its columns.
        answered = Store().query(query)
        assert [v.value for v in answered.variables] == ["iri", "label", "relation"]  # type: ignore[union-attr]


def test_a_users_file_changes_and_adds_endpoints(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(
        "contact: mailto:a@example.org\n"
        "mesh: {url: 'https://mesh.example.org/sparql'}\n"
        "copy: {url: 'http://127.0.0.1:3030/mondo', shape: ubergraph}\n"
    )
    settings = read_settings(path)
    assert list(settings.endpoints) == ["mesh", "ubergraph", "wikidata", "copy"]
    assert settings.endpoints["mesh"].url == "https://mesh.example.org/sparql"
    assert settings.endpoints["mesh"].parameters == {"format": "JSON"}
    assert "MONDO" in settings.endpoints["copy"].identifiers
    assert settings.contact == "mailto:a@example.org"


def test_faults_of_a_users_file_are_named_all_at_once(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(
        "mesh: {url: 'file:///etc/passwd'}\nb: {shape: x}\nc: [1]\nd: {colour: red}\nubergraph: {max_rows: -1}\n"
    )
    with pytest.raises(EndpointsError) as caught:
        read_settings(path)
    lines = str(caught.value).splitlines()
    assert [line.split(": ")[1] for line in lines] == ["mesh", "b", "c", "d", "ubergraph"]
    assert all(line.startswith(str(path)) for line in lines)


@pytest.mark.parametrize("text", ["- 1\n", "a: [\n", "x\n"])
def test_a_users_file_that_is_no_list_of_endpoints_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(text)
    with pytest.raises(EndpointsError, match=r"mine\.yaml: "):
        read_settings(path)
