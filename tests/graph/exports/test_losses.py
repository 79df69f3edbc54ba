"""What a format does not carry is what docs/exports.md says, to the property."""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import fields, replace
from importlib.resources import files
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from evikg.graph.embedded import EmbeddedStore
from evikg.graph.exports import (
    FileFormat,
    FolderFormat,
    formats,
    read_cytoscape,
    read_kgx,
    read_nanopubs,
)
from evikg.graph.exports.csvw import table_descriptions
from evikg.graph.mapping import from_triples, to_triples
from evikg.graph.records import PooledResult, Result
from evikg.ontology import EV, compact, kind_and_slug

PAGE = Path(__file__).parents[3] / "docs" / "exports.md"
#: What the page calls families of subjects.
FAMILIES = {
    "ctcae": "term",
    "mappings": "mapping",
    "graph": "description",
    "ontology": "vocabulary",
}
Losses = dict[str, frozenset[str]]


def family(triple: Triple) -> str:
    if not isinstance(triple.subject, NamedNode) or triple.subject.value.startswith(EV.iri):
        return "vocabulary"
    parts = kind_and_slug(triple.subject.value)
    return FAMILIES.get(parts[0], parts[0]) if parts else "term"


def losses(held: Iterable[Triple], carried: Callable[[Triple], bool]) -> Losses:
    """Return, for each family of subjects, the properties that have triples which are not carried.

    Where none of a family is carried, that is `everything`.
    """
    lost, families = defaultdict(set), defaultdict(set)
    for triple in held:
        name, property_ = family(triple), compact(triple.predicate.value)
        if carried(triple):
            families[name].add(property_)
        else:
            lost[name].add(property_)
    return {
        name: frozenset(properties if families[name] else {"everything"})
        for name, properties in lost.items()
    }


def listed(name: str) -> Losses:
    """Return what the page says that a format loses."""
    rows = re.findall(
        r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", PAGE.read_text("utf-8"), re.MULTILINE
    )
    found: Losses = {}
    for names, kinds, properties in rows:
        if f"`{name}`" not in names:
            continue
        for kind in kinds.split(", "):
            assert kind not in found, f"the page lists {kind} of {name} twice"
            found[kind] = frozenset(properties.replace("`", "").split(", "))
    return found


@pytest.fixture(scope="module")
def held(store: EmbeddedStore) -> set[Triple]:
    return {quad.triple for quad in store.inner}


def written(store: EmbeddedStore, name: str) -> bytes:
    known = formats()[name]
    assert isinstance(known, FileFormat)
    output = io.BytesIO()
    known.write(store, output)
    return output.getvalue()


@pytest.mark.parametrize("name", ["kgx-tsv", "kgx-jsonl"])
def test_kgx(name: str, store: EmbeddedStore, held: set[Triple], tmp_path: Path) -> None:
    known = formats()[name]
    assert isinstance(known, FolderFormat)
    known.fill(store, tmp_path)
    back = set(read_kgx(tmp_path))
    assert back <= held
    assert losses(held, back.__contains__) == listed(name)


def test_nanopublications(store: EmbeddedStore, held: set[Triple]) -> None:
    back = {t for found in read_nanopubs(written(store, "nanopub")) for t in found.assertion}
    assert back <= held
    assert losses(held, back.__contains__) == listed("nanopub")


def test_networks(store: EmbeddedStore, held: set[Triple]) -> None:
    """The three forms hold the same network, as other tests show: one is compared with the graph."""
    network = read_cytoscape(written(store, "cytoscape"))
    text = files("evikg.graph.network").joinpath("facts.csv").read_text(encoding="utf-8")
    facts = {row["property"]: row["fact"] for row in csv.DictReader(text.splitlines())}

    def carried(triple: Triple) -> bool:
        property_ = compact(triple.predicate.value)
        subject = str(getattr(triple.subject, "value", ""))
        if not isinstance(triple.object, Literal) and network.has_edge(
            subject, getattr(triple.object, "value", None), key=property_
        ):
            return True
        attributes = network.nodes.get(subject, {})
        fact = facts.get(property_)
        stated = str(attributes.get(fact, ""))
        if not isinstance(triple.object, Literal):
            return bool(stated)
        if fact == "label":  # several are joined
            return triple.object.value in stated
        return triple.object.value in (stated, stated.lower())

    lost = losses(held, carried)
    assert [listed(name) for name in ("graphml", "gexf", "cytoscape")] == [lost] * 3


def test_csvw(held: set[Triple]) -> None:
    """Columns hold fields of records: what a record without the other fields says is carried."""
    columns = {
        table.record: {column.field for column in table.columns}
        for table in table_descriptions()
        if table.record
    }
    carried = {
        triple for triple in held if triple.predicate in (EV.quantity, EV.primary, EV.countedIn)
    }
    for record in from_triples(held):
        name = type(record).__name__
        if isinstance(record, Result | PooledResult):
            carried |= set(to_triples(record))
        elif name in columns:
            left_out = {
                field.name: () if field.default == () else None
                for field in fields(record)
                if field.name not in columns[name] | {"slug"}
            }
            carried |= set(to_triples(replace(record, **left_out)))
    assert losses(held, carried.__contains__) == listed("csvw")
