"""Records and triples: what goes out comes back equal."""

import importlib.util
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
from hypothesis import given, settings
from pyoxigraph import Literal, NamedNode, RdfFormat

from evikg.graph import records as r
from evikg.graph.mapping import from_triples, to_triples
from evikg.graph.numbers import Printed
from evikg.graph.schemas import schemas
from evikg.ontology import Directness, Statistic, prefixes

_spec = importlib.util.spec_from_file_location(
    "strategies", Path(__file__).with_name("strategies.py")
)
assert _spec is not None and _spec.loader is not None
strategies = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(strategies)

EV = prefixes()["ev"]
XSD = prefixes()["xsd"]

#: Table 3 of yoon-2026, line 302, second number: 0.9 % of 107, grade 5, as in the design.
VOD_GRADE_5 = r.Result(
    slug="yoon-2026-l302-2",
    source="yoon-2026",
    study="kr-pms",
    group="kr-pms-safety",
    variable="veno-occlusive-disease",
    statistic=Statistic.PERCENT,
    directness=Directness.OWN,
    value=Printed.parse("0.90"),
    unit="%",
    total=107,
    grade=r.Grade.parse("5"),
    timepoint=Decimal(1),
    timepoint_unit="year",
    printed="0.9%",
    locator="Table 3, Vascular disorders, Events",
    line=302,
    occurrence=2,
)


@settings(max_examples=400)
@given(strategies.records)
def test_a_record_survives_the_way_to_triples_and_back(record: Any) -> None:
    assert from_triples(to_triples(record)) == [record]


@given(strategies.records)
def test_a_record_survives_a_file_of_triples(record: Any) -> None:
    written = pyoxigraph.serialize(to_triples(record), format=RdfFormat.TURTLE)
    assert written is not None
    read = (quad.triple for quad in pyoxigraph.parse(written, RdfFormat.TURTLE))
    assert from_triples(read) == [record]


def test_every_field_of_every_record_is_written() -> None:
    for record_type, schema in schemas().items():
        named = {name for name in record_type.__slots__ if name != "slug"}
        assert set(schema.fields) == named


def test_a_result_is_written_as_the_design_shows() -> None:
    objects = {
        triple.predicate.value.removeprefix(EV): triple.object for triple in to_triples(VOD_GRADE_5)
    }
    assert objects["value"] == Literal("0.9", datatype=NamedNode(XSD + "decimal"))
    assert objects["printedValue"] == Literal("0.90")
    assert objects["total"] == Literal("107", datatype=NamedNode(XSD + "integer"))
    assert objects["gradeMin"] == objects["gradeMax"]
    assert objects["statistic"] == NamedNode(EV + "percent")


def test_normalised_values_stand_beside_the_printed_ones() -> None:
    objects = {
        triple.predicate.value.removeprefix(EV): triple.object.value  # type: ignore[union-attr]
        for triple in to_triples(VOD_GRADE_5)
    }
    assert (objects["fraction"], objects["days"], objects["ucum"]) == ("0.009", "365.25", "%")


def test_a_subject_that_lacks_a_required_field_is_named() -> None:
    triples = [t for t in to_triples(VOD_GRADE_5) if not t.predicate.value.endswith("locator")]
    with pytest.raises(ValueError, match=r"yoon-2026-l302-2.*locator"):
        from_triples(triples)
