"""`evikg link` on a small graph: table, mapping sets, review, and bad input."""

import csv
import importlib.util
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pyoxigraph import Quad

from evikg.cli.linking import link
from evikg.graph.embedded import EmbeddedStore, new_generation
from evikg.graph.terms import terminologies, terms_of
from evikg.loaders.faults import EvidenceError
from evikg.loaders.sssom import read_mappings
from evikg.ontology import individual
from evikg.ontology.curie import prefix_of
from evikg.ontology.term_triples import release_triples, term_triples
from evikg.ontology.terms import Release, Term

_FIXTURES = Path(__file__).parents[1] / "ontology" / "linking" / "conftest.py"


def _terms() -> list[Term]:
    spec = importlib.util.spec_from_file_location("linking_terms", _FIXTURES)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: list[Term] = module.read_terms()
    return found


@pytest.fixture(scope="module")
def terms() -> list[Term]:
    return _terms()


@pytest.fixture(scope="module")
def store(terms: list[Term], tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("link") / "graph"
    with new_generation(place) as fresh:
        for name in ("hp", "mesh", "mondo"):
            release = Release(name=name, title=name, version="x", licence="", attribution="")
            graph = individual("graph", name)
            held = (t for t in terms if prefix_of(t.iri).lower() == name)
            triples: Iterator[object] = (x for t in held for x in term_triples(t))
            for triple in [*triples, *release_triples(release, "slice")]:
                fresh.add(Quad(triple.subject, triple.predicate, triple.object, graph))  # type: ignore[attr-defined]
    return place


def run(store: Path, *arguments: str) -> Result:
    return CliRunner().invoke(link, [*arguments, "--store", str(store)])


def mappings(text: str) -> list[dict[str, str]]:
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return list(csv.DictReader(io.StringIO("\n".join(lines)), delimiter="\t"))


def test_the_graph_gives_back_the_terms(store: Path, terms: list[Term]) -> None:
    opened = EmbeddedStore.open(store)
    assert terminologies(opened) == ["hp", "mesh", "mondo"]
    read = {term.iri: term for term in terms_of(opened)}
    for term in terms:
        found = read[term.iri]
        assert found.label == term.label
        assert set(found.synonyms) == set(term.synonyms)
        assert (found.kind, found.deprecated, found.replaced_by) == (
            term.kind, term.deprecated, term.replaced_by
        )  # fmt: skip
    with pytest.raises(LookupError, match="no terminology 'ncit'; it has: hp, mesh, mondo"):
        list(terms_of(opened, ["ncit"]))


def test_a_text_prints_ranked_candidates_with_reasons(store: Path) -> None:
    done = run(store, "oedema", "--type", "disease")
    assert done.exit_code == 0
    assert "HP:0000969" in done.stdout
    assert "MESH:D004487" in done.stdout
    assert "exact synonym 'Oedema'" in " ".join(done.stdout.split())


def test_json_says_which_candidate_is_accepted(store: Path) -> None:
    done = run(store, "oedema", "--terminology", "hp", "--format", "json")
    rows = json.loads(done.stdout)
    assert [(row["term"], row["accepted"]) for row in rows] == [("HP:0000969", "yes")]


def test_an_abbreviation_needs_its_context(store: Path, tmp_path: Path) -> None:
    alone = run(store, "hepatic VOD")
    assert "no term accepted" in alone.stderr
    file = tmp_path / "abstract.txt"
    file.write_text("Severe veno-occlusive disease (VOD) was seen.", encoding="utf-8")
    read = run(store, "hepatic VOD", "--context-file", str(file), "--format", "sssom")
    assert [row["object_id"] for row in mappings(read.stdout)] == ["MONDO:0019514"]


def test_a_column_becomes_a_mapping_set(store: Path, tmp_path: Path) -> None:
    sssom_pydantic = pytest.importorskip("sssom_pydantic")
    events = tmp_path / "events.csv"
    events.write_text('id,event\n1,Oedema\n2,"elevated bilirubin"\n3,\n4,ALL\n5,Oedema\n')
    output = tmp_path / "linked.sssom.tsv"
    done = run(store, "--input", str(events), "--column", "event", "--output", str(output))
    assert done.exit_code == 0, done.stderr
    assert "2 of 3 texts linked" in done.stderr
    found = {m.subject.name: m.object.curie for m in sssom_pydantic.read(output)[0]}
    assert found == {
        "Oedema": "HP:0000969",
        "elevated bilirubin": "HP:0003573",
        "ALL": "sssom:NoTermFound",
    }


def test_the_subject_of_a_row_is_what_the_text_names(store: Path, tmp_path: Path) -> None:
    """A mapping set of one's own variables is read by `evikg load sssom` as it is."""
    source, output = tmp_path / "variables.csv", tmp_path / "mine.sssom.tsv"
    source.write_text(
        "slug,label\nvariable:edema,edema\nvariable:swelling,edema\n", encoding="utf-8"
    )
    done = run(
        store, "--input", str(source), "--column", "label", "--subject", "slug",
        "--output", str(output),
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    rows = mappings(output.read_text(encoding="utf-8"))
    assert [row["subject_id"] for row in rows] == ["variable:edema", "variable:swelling"]
    assert [row.subject.rpartition("/")[2] for row in read_mappings(output)] == [
        "edema",
        "swelling",
    ]


def test_a_subject_that_is_no_curie_is_a_fault_with_its_place(store: Path, tmp_path: Path) -> None:
    source = tmp_path / "variables.csv"
    source.write_text("slug,label\nedema,edema\nnope:x,pain\nvariable:a,b\n", encoding="utf-8")
    done = run(store, "--input", str(source), "--column", "label", "--subject", "slug")
    assert isinstance(done.exception, EvidenceError)
    assert [(fault.line, fault.column, fault.value) for fault in done.exception.faults] == [
        (2, 1, "edema"),
        (3, 1, "nope:x"),
    ]


def test_an_edited_mapping_set_wins(store: Path, tmp_path: Path) -> None:
    review = tmp_path / "review.sssom.tsv"
    written = run(store, "oedema", "--format", "sssom").stdout
    refused = written.replace("skos:exactMatch\t\t", "skos:exactMatch\tNot\t")
    review.write_text(refused, encoding="utf-8")
    done = run(store, "oedema", "--review", str(review), "--format", "sssom")
    rows = {row["object_id"]: row["predicate_modifier"] for row in mappings(done.stdout)}
    assert rows == {"HP:0000969": "Not", "MESH:D004487": ""}


def test_without_the_extra_it_says_so_in_one_line(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "rapidfuzz", None)
    monkeypatch.setattr("evikg.ontology.linking.linker.find_spec", lambda _: None)
    done = run(store, "oedema")
    assert done.exit_code == 0
    assert done.stderr == "lexical candidates need the extra: pip install 'evikg[link]'\n"
    assert "HP:0000969" in done.stdout


@pytest.mark.parametrize(
    ("data", "column", "words"),
    [
        (b"id,event\n1,a\n", "term", "'term': is no column of the file; it has: id, event"),
        (b"event\n\xe9\n", "event", "is not UTF-8"),
        (b"", "event", "is empty"),
        (b"event\n\n", "event", "has no text"),
        (b'event\n"never closed\n', "event", "is no CSV"),
    ],
)
def test_bad_csv_is_one_clear_fault(
    store: Path, tmp_path: Path, data: bytes, column: str, words: str
) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(data)
    done = run(store, "--input", str(path), "--column", column)
    assert isinstance(done.exception, EvidenceError)
    (fault,) = done.exception.faults
    assert words in str(fault)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "give texts, or a file"),
        (("edema", "--input", "x.csv", "--column", "a"), "give texts, or a file"),
        (("--input", "x.csv"), "--input and --column go together"),
        (("edema", "--context", "a", "--context-file", "b"), "exclude each other"),
        (("edema", "--type", "illness"), "is not one of 'disease'"),
    ],
)
def test_wrong_usage_is_said(store: Path, arguments: tuple[str, ...], words: str) -> None:
    done = run(store, *arguments)
    assert done.exit_code == 2
    assert words in done.stderr
