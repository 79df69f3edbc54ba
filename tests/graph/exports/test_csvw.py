"""CSV on the Web: the tables are valid, refer to one another, and are the flat results table."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad

from evikg.graph.embedded import EmbeddedStore
from evikg.graph.errors import ExportError
from evikg.graph.exports import read_csvw
from evikg.graph.exports.csvw import METADATA, write_csvw
from evikg.graph.mapping import to_triples
from evikg.graph.records import Drug, PooledResult
from evikg.graph.table import results_table


@pytest.fixture(scope="module")
def folder(store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("csvw")
    write_csvw(store, place)
    return place


def test_the_results_come_back_equal(folder: Path, store: EmbeddedStore) -> None:
    tables = read_csvw(folder)
    _, rows = results_table(store, wide=True)
    assert tables["results"] + tables["pooled"] == rows


@pytest.fixture
def described(part: EmbeddedStore, tmp_path: Path) -> Path:
    """Return the description of the tables of one study: the validator is slow."""
    pytest.importorskip("csvw", reason="the validator csvw is not installed")
    write_csvw(part, tmp_path)
    return tmp_path / METADATA


def test_the_description_is_valid_and_the_tables_are_as_described(described: Path) -> None:
    import csvw

    found = csvw.CSVW(str(described), validate=True)
    assert found.is_valid, found.warnings


@pytest.mark.filterwarnings("always::UserWarning")  # by which the validator tells faults
@pytest.mark.parametrize(
    ("table", "good", "bad"),
    [("groups", ",164,", ",many,"), ("results", ",ino-vate,", ",ino-vat,")],
)
def test_a_table_that_is_damaged_is_found(described: Path, table: str, good: str, bad: str) -> None:
    """The description says so much that a wrong type or a study that is none shows."""
    import csvw

    damaged = described.with_name(f"{table}.csv")
    text = damaged.read_text(encoding="utf-8")
    assert good in text
    damaged.write_text(text.replace(good, bad), encoding="utf-8")
    try:
        valid = csvw.CSVW(str(described), validate=True).is_valid
    except ValueError:  # how it tells a reference to what is not there
        valid = False
    assert not valid


def test_a_group_stands_as_curated(folder: Path) -> None:
    # Table 2 of the phase IV trial: 42 patients were randomized to 1.2 mg/m2/cycle.
    (group,) = (
        row
        for row in read_csvw(folder)["groups"]
        if row["group"] == "phase4-lowdose-randomized-1-2"
    )
    assert group["study"] == "phase4-lowdose"
    assert group["kind"] == "treated"
    assert group["size"] == "42"
    assert group["subgroup_of"] == "phase4-lowdose-all"
    assert group["regimen"] == "ino-1-2"


def test_keys_and_types_are_described(folder: Path) -> None:
    tables = json.loads((folder / METADATA).read_text(encoding="utf-8"))["tables"]
    (results,) = (table for table in tables if table["url"] == "results.csv")
    keys = {
        key["columnReference"]: key["reference"]["resource"]
        for key in results["tableSchema"]["foreignKeys"]
    }
    assert keys == {
        "source": "sources.csv",
        "study": "studies.csv",
        "group": "groups.csv",
        "variable_iri": "variables.csv",
    }
    types = {column["name"]: column["datatype"] for column in results["tableSchema"]["columns"]}
    assert (types["value"], types["events"], types["fraction"]) == ("string", "integer", "decimal")


def test_what_was_pooled_stands_in_a_table_of_its_own(tmp_path: Path) -> None:
    store = EmbeddedStore()
    graph = NamedNode("https://w3id.org/evikg/graph/pooled")
    pooled = PooledResult(
        slug="vod-sos-0a1b",
        inputs=("a-2020-l1-1", "b-2021-l2-1"),
        variables=("vod-sos", "veno-occlusive-disease"),
        statistic="proportion",
        value=Decimal("0.071"),
        low=Decimal("0.04"),
        high=Decimal("0.12"),
        level=Decimal(95),
        method="GLMM",
        asked="vod-sos",
    )
    store.inner.extend(Quad(t.subject, t.predicate, t.object, graph) for t in to_triples(pooled))
    write_csvw(store, tmp_path)
    tables = read_csvw(tmp_path)
    assert tables["results"] == []
    assert tables["pooled"] == results_table(store, wide=True)[1]
    assert tables["pooled"][0]["value"] == "0.071"


def test_a_bar_in_a_list_is_refused(tmp_path: Path) -> None:
    store = EmbeddedStore()
    graph = NamedNode("https://w3id.org/evikg/graph/catalogue")
    drug = Drug(slug="a", label="a", alt=("b|c",))
    store.inner.extend(Quad(t.subject, t.predicate, t.object, graph) for t in to_triples(drug))
    with pytest.raises(ExportError, match=r"drugs a: 'b\|c' holds '\|'"):
        write_csvw(store, tmp_path)


def test_a_folder_that_is_not_as_described_is_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="is missing"):
        read_csvw(tmp_path)
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "drugs.csv").write_text("drug\n", encoding="utf-8")
    with pytest.raises(ExportError, match="other columns"):
        read_csvw(tmp_path)
