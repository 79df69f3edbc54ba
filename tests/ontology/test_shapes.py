"""The SHACL shapes accept what is curated well and tell what is not."""

import re
from dataclasses import FrozenInstanceError
from importlib.resources import files
from pathlib import Path

import pytest
from pyshacl import validate as run_pyshacl
from rdflib import OWL, RDF, RDFS, SH, Graph, Literal, URIRef

from evikg.ontology import EV, VALUE_SETS, prefixes
from evikg.ontology.shapes import Violation, shape_names, validate, validate_with

EXAMPLES = Path(__file__).parent / "shapes"
EXPECTS = "# expects: "
NAMES = shape_names()
#: What a source does not report is its own fault, and no fault of curation: these only tell.
OF_SOURCES = {
    URIRef(f"https://w3id.org/evikg/shape/{name}")
    for name in ("StudyOfReportsIsAssessed", "ItemIsReported", "ItemIsReportedInFull")
}


def example(name: str) -> Graph:
    return Graph().parse(EXAMPLES / f"{name}.ttl", format="turtle")


def source(name: str) -> str:
    return files("evikg.ontology").joinpath(f"shapes/{name}.ttl").read_text(encoding="utf-8")


def shapes(name: str) -> Graph:
    return Graph().parse(data=source(name), format="turtle")


def shown(violations: list[Violation]) -> str:
    return "\n".join(f"{violation.focus}: {violation.message}" for violation in violations)


def test_every_shape_file_has_a_valid_and_an_invalid_example() -> None:
    expected = {f"{name}-{kind}" for name in NAMES for kind in ("valid", "invalid")}
    assert {path.stem for path in EXAMPLES.glob("*.ttl")} == expected


@pytest.mark.parametrize("name", NAMES)
def test_a_valid_example_conforms(name: str) -> None:
    found = validate_with(example(f"{name}-valid"), [name])
    assert not found, shown(found)


@pytest.mark.parametrize("name", NAMES)
def test_an_invalid_example_is_told_in_the_expected_words(name: str) -> None:
    text = (EXAMPLES / f"{name}-invalid.ttl").read_text(encoding="utf-8")
    expected = [
        line.removeprefix(EXPECTS) for line in text.splitlines() if line.startswith(EXPECTS)
    ]
    assert expected, "say at the top of the file what is expected"
    messages = shown(validate_with(example(f"{name}-invalid"), [name]))
    for part in expected:
        assert part in messages


@pytest.mark.parametrize("name", NAMES)
def test_every_rule_of_a_shape_file_is_broken_by_its_invalid_example(name: str) -> None:
    rules = {str(message) for message in shapes(name).objects(None, SH.message)}
    found = {violation.message for violation in validate_with(example(f"{name}-invalid"), [name])}
    assert found == rules


@pytest.mark.parametrize("name", NAMES)
def test_every_fault_of_curation_is_a_violation_that_says_what_to_do(name: str) -> None:
    graph = shapes(name)
    targets = {SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf}
    for shape in {s for s, p in graph.subject_predicates() if p in targets} - OF_SOURCES:
        assert graph.value(shape, SH.severity) == SH.Violation, shape
    for message in graph.objects(None, SH.message):
        assert isinstance(message, Literal)
        assert message.language == "en", message
        assert ": " in message, message
        assert message.endswith("."), message


@pytest.mark.parametrize("name", NAMES)
def test_a_shape_file_is_an_ontology_that_says_its_concern(name: str) -> None:
    graph = shapes(name)
    (ontology,) = graph.subjects(RDF.type, OWL.Ontology)
    assert ontology == URIRef(f"https://w3id.org/evikg/ontology/shapes/{name}")
    assert graph.value(ontology, RDFS.label)


@pytest.mark.parametrize("name", NAMES)
def test_shapes_name_only_terms_of_the_vocabulary(name: str) -> None:
    # In the text, so that the terms in SPARQL constraints and messages count too.
    used = set(re.findall(r"\bev:([\w-]+)", source(name)))
    assert used
    assert used <= set(EV)


@pytest.mark.parametrize("name", NAMES)
def test_prefixes_of_shapes_are_those_of_the_prefix_map(name: str) -> None:
    known = prefixes() | {
        "scheme": "https://w3id.org/evikg/ontology/scheme/",
        "shape": "https://w3id.org/evikg/shape/",
    }
    declared = re.findall(r"^@prefix (\S+): <(\S+)> [.]$", source(name), re.MULTILINE)
    assert declared == sorted(declared)
    for prefix, iri in declared:
        assert iri == known[prefix]


def test_the_shapes_are_well_formed_shacl() -> None:
    together = Graph()
    for name in NAMES:
        together += shapes(name)
    conforms, _, text = run_pyshacl(Graph(), shacl_graph=together, meta_shacl=True)
    assert conforms, text


def test_every_closed_property_has_a_shape_for_its_scheme() -> None:
    graph = shapes("closed-vocabulary")
    schemes = {str(scheme).rpartition("/")[2] for scheme in graph.objects(None, SH.hasValue)}
    assert len(schemes) == len(VALUE_SETS)


def test_violations_are_sorted_values() -> None:
    found = validate(example("group-invalid"))
    assert found == sorted(found)
    with pytest.raises(FrozenInstanceError):
        found[0].message = "another"  # type: ignore[misc]


def test_a_violation_names_focus_path_value_and_severity() -> None:
    found = validate_with(example("denominator-invalid"), ["denominator"])
    (violation,) = [violation for violation in found if "More events" in violation.message]
    assert violation.focus == "https://w3id.org/evikg/result/too-many"
    assert violation.path == EV.events.value
    assert violation.value == "95"
    assert violation.severity == "Violation"


def test_validation_leaves_the_graph_as_it_is() -> None:
    graph = example("closed-vocabulary-valid")
    before = set(graph)
    assert validate_with(graph, ["closed-vocabulary"]) == []
    assert set(graph) == before


def test_what_a_source_does_not_report_is_told_and_is_no_violation() -> None:
    found = validate_with(example("readus-pv-invalid"), ["readus-pv"])
    told = {(v.focus.rpartition("/")[2], v.severity) for v in found if v.severity != "Violation"}
    assert told == {
        ("half-readus-pv-1a", "Warning"),
        ("half-readus-pv-1b", "Info"),
        ("unassessed", "Warning"),
    }
    (left_out,) = [v for v in found if "not by this one" in v.message]
    assert (left_out.value, left_out.severity) == (
        "https://w3id.org/evikg/item/readus-pv-7e",
        "Violation",
    )


def test_an_empty_graph_conforms() -> None:
    assert validate(Graph()) == []
