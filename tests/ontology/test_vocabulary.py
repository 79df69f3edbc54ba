"""The vocabulary file, the closed namespace and the prefix map say the same."""

import re
import shutil
from importlib.resources import files
from typing import Any

import pytest
from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, XSD, Graph, Literal, URIRef

from evikg.graph.schemas import schemas
from evikg.ontology import EV, VALUE_SETS, concept, prefixes
from evikg.ontology.namespaces import CLASSES, DEFINED_CLASSES, PROPERTIES
from evikg.ontology.owl import ReasonerMissingError, inconsistencies, load

TEXT = files("evikg.ontology").joinpath("evikg.ttl").read_text(encoding="utf-8")
DEFINITIONS = files("evikg.ontology").joinpath("definitions.ttl").read_text(encoding="utf-8")
ONTOLOGY = URIRef("https://w3id.org/evikg/ontology")
SCHEMES = "https://w3id.org/evikg/ontology/scheme/"
CONCEPTS = {member.term for values in VALUE_SETS for member in values}
MAPPINGS = [
    RDFS.subClassOf,
    RDFS.subPropertyOf,
    SKOS.exactMatch,
    SKOS.closeMatch,
    SKOS.broadMatch,
    SKOS.narrowMatch,
]


@pytest.fixture(scope="module")
def vocabulary() -> Graph:
    """Return the vocabulary with the module of defined classes."""
    return Graph().parse(data=TEXT, format="turtle").parse(data=DEFINITIONS, format="turtle")


@pytest.fixture(scope="module")
def world() -> Any:
    return load()


def names(subjects: Any) -> set[str]:
    """Return the local names of the own terms among IRIs or entities."""
    iris = {getattr(subject, "iri", str(subject)) for subject in subjects}
    return {iri.removeprefix(EV.iri) for iri in iris if iri.startswith(EV.iri)}


def test_file_and_namespace_name_the_same_terms(vocabulary: Graph) -> None:
    assert names(vocabulary.subjects()) == set(EV)


def test_file_and_namespace_agree_on_classes_properties_and_concepts(vocabulary: Graph) -> None:
    def typed(kind: URIRef) -> set[str]:
        return names(vocabulary.subjects(RDF.type, kind))

    assert typed(OWL.Class) == {*CLASSES, *DEFINED_CLASSES}
    assert typed(OWL.ObjectProperty) | typed(OWL.DatatypeProperty) == set(PROPERTIES)
    assert typed(SKOS.Concept) == typed(OWL.NamedIndividual) == CONCEPTS


def test_the_defined_classes_stand_in_their_module_each_with_the_source_of_its_definition() -> None:
    module = Graph().parse(data=DEFINITIONS, format="turtle")
    defined = set(module.subjects(OWL.equivalentClass))
    assert names(defined) == names(module.subjects(RDF.type, OWL.Class)) == set(DEFINED_CLASSES)
    for term in defined:
        assert list(module.objects(term, DCTERMS.source))


def test_no_property_takes_both_literals_and_individuals(vocabulary: Graph) -> None:
    objects = names(vocabulary.subjects(RDF.type, OWL.ObjectProperty))
    assert not objects & names(vocabulary.subjects(RDF.type, OWL.DatatypeProperty))


def test_the_file_names_no_term_of_its_own_that_it_does_not_declare(vocabulary: Graph) -> None:
    assert names(vocabulary.objects()) | names(vocabulary.predicates()) <= set(EV)


@pytest.mark.parametrize("name", list(EV))
def test_a_term_has_one_label_one_definition_and_its_vocabulary(
    name: str, vocabulary: Graph
) -> None:
    term = URIRef(EV[name].value)
    (label,) = vocabulary.objects(term, RDFS.label)
    (definition,) = vocabulary.objects(term, SKOS.definition)
    for text in (label, definition):
        assert isinstance(text, Literal)
        assert text.language == "en"
    assert str(definition)[0].isupper()
    assert str(definition).endswith(".")
    assert list(vocabulary.objects(term, RDFS.isDefinedBy)) == [ONTOLOGY]


@pytest.mark.parametrize("name", list(EV))
def test_a_term_is_mapped_or_says_that_there_is_no_equivalent(name: str, vocabulary: Graph) -> None:
    term = URIRef(EV[name].value)
    mapped = any(vocabulary.value(term, predicate) for predicate in MAPPINGS)
    assert mapped or vocabulary.value(term, SKOS.editorialNote)


@pytest.mark.parametrize("values", VALUE_SETS)
def test_a_value_set_is_a_concept_scheme_of_its_members(values: Any, vocabulary: Graph) -> None:
    slug = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", values.__name__).lower()
    scheme = URIRef(SCHEMES + slug)
    assert (scheme, RDF.type, SKOS.ConceptScheme) in vocabulary
    members = {URIRef(concept(member).value) for member in values}
    assert set(vocabulary.subjects(SKOS.inScheme, scheme)) == members


@pytest.mark.parametrize("values", VALUE_SETS)
def test_a_word_of_a_curated_file_is_a_label_of_its_concept(values: Any, vocabulary: Graph) -> None:
    for member in values:
        term = URIRef(concept(member).value)
        labels = {
            str(label)
            for predicate in (RDFS.label, SKOS.altLabel)
            for label in vocabulary.objects(term, predicate)
        }
        assert member.value in labels


def test_no_range_is_a_datatype_that_owl_reasoners_reject(vocabulary: Graph) -> None:
    ranges = set(vocabulary.objects(None, RDFS.range))
    datatypes = {term for term in ranges if str(term).startswith(str(XSD))}
    assert datatypes == {XSD.string, XSD.integer, XSD.decimal, XSD.boolean}


def test_a_class_that_a_record_is_written_as_is_declared(vocabulary: Graph) -> None:
    for schema in schemas().values():
        assert (URIRef(schema.type.value), RDF.type, OWL.Class) in vocabulary


@pytest.mark.parametrize("text", [TEXT, DEFINITIONS], ids=["vocabulary", "definitions"])
def test_the_prefixes_of_a_file_are_those_of_the_prefix_map(text: str) -> None:
    declared = re.findall(r"^@prefix (\S+): <(\S+)> [.]$", text, re.MULTILINE)
    assert declared == sorted(declared)
    for prefix, iri in declared:
        assert prefixes()[prefix] == iri


def test_terms_stand_in_alphabetical_order_within_their_section() -> None:
    sections = TEXT.split("\n# ")[1:]
    headed = {section.partition("\n")[0]: section for section in sections}
    for heading in ("Classes", "Object properties", "Data properties", "Concepts"):
        subjects = re.findall(r"^ev:(\S+) a ", headed[heading], re.MULTILINE)
        assert subjects
        assert subjects == sorted(subjects)
    subjects = re.findall(r"^ev:(\S+) a owl:Class", DEFINITIONS, re.MULTILINE)
    assert subjects == sorted(DEFINED_CLASSES)


def test_a_misspelt_term_raises_and_names_the_nearest() -> None:
    with pytest.raises(AttributeError, match=r"nearest: .*intervalLow"):
        _ = EV.intervallow
    with pytest.raises(AttributeError, match=r"nearest: .*not-reached"):
        _ = EV["not-reachd"]


def test_owlready2_reads_the_same_classes_and_concepts(world: Any) -> None:
    assert names(world.classes()) == {*CLASSES, *DEFINED_CLASSES}
    assert names(world.properties()) == set(PROPERTIES)
    # Owlready2 holds one entity an IRI: a name that is a property too is only the property.
    assert names(world.individuals()) == CONCEPTS - set(PROPERTIES)


@pytest.mark.skipif(shutil.which("java") is None, reason="HermiT needs java, which is not on PATH")
def test_hermit_finds_the_vocabulary_consistent() -> None:
    assert inconsistencies() == []


def test_without_java_reasoning_says_so_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ReasonerMissingError, match="needs Java"):
        inconsistencies()
