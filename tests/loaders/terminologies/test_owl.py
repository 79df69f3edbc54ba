"""OWL files that are at fault or mean harm: each fault has its place.

`mondo.owl` was shaped from a repackaged release 2026-05-05 into the official shape.
"""

import re
import sys
from functools import partial
from pathlib import Path
from tempfile import gettempdir

import pytest

from evikg.loaders.terminologies.owl import read_owl
from evikg.ontology.terms import Scope, Synonym, Term

from . import drafts
from .drafts import quiet

DATA = Path(__file__).parents[2] / "data" / "terminologies"
OBO = "http://purl.obolibrary.org/obo/"
OPENING = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
     xmlns:rdfs="http://www.w3.org/2000/01/rdf-schema#"
     xmlns:owl="http://www.w3.org/2002/07/owl#"
     xmlns:obo="http://purl.obolibrary.org/obo/"
     xmlns:oboInOwl="http://www.geneontology.org/formats/oboInOwl#">
<owl:Ontology rdf:about="http://purl.obolibrary.org/obo/mondo.owl">
<owl:versionIRI rdf:resource="http://purl.obolibrary.org/obo/mondo/releases/2026-05-05/mondo.owl"/>
</owl:Ontology>
"""
CLASS = f'<owl:Class rdf:about="{OBO}MONDO_0000001"><rdfs:label>disease</rdfs:label></owl:Class>\n'
SMALL = f"{OPENING}{CLASS}</rdf:RDF>\n"
DISEASE = Term(iri=f"{OBO}MONDO_0000001", label="disease")


terms_of = partial(drafts.terms_of, read_owl)
fault = partial(drafts.fault, read_owl)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "mondo.owl"


@pytest.mark.parametrize(
    ("declared", "line", "words"),
    [
        # The billion laughs, CWE-776
        ('<!ENTITY lol "lol">\n <!ENTITY lol2 "&lol;&lol;">', 3, "names another"),
        ('<!ENTITY a "&#38;b;">', 2, "names another"),  # a reference once it is expanded
        (f'<!ENTITY long "{"x" * 501}">', 2, "longer than 500 characters"),
        # External entities, CWE-611
        ('<!ENTITY secret SYSTEM "file:///etc/passwd">', 2, "is an external entity"),
        ('<!ENTITY far PUBLIC "p" "http://example.org/x">', 2, "is an external entity"),
        ('<!ENTITY % par "x">', 2, "is a parameter entity"),
        ('<!ENTITY % par SYSTEM "http://example.org/x">', 2, "is an external entity"),
    ],
)
def test_harmful_entities_are_refused(path: Path, declared: str, line: int, words: str) -> None:
    found = fault(path, f"<!DOCTYPE rdf:RDF [\n {declared} ]>\n{SMALL}")
    assert words in found
    assert found.startswith(f":{line}:")


def test_a_doctype_from_elsewhere_is_refused(path: Path) -> None:
    found = fault(path, f'<!DOCTYPE rdf:RDF SYSTEM "http://example.org/a.dtd">\n{SMALL}')
    assert found.startswith(":1:")
    assert "'http://example.org/a.dtd': is fetched from elsewhere, which is refused" in found


def test_entities_that_abbreviate_namespaces_are_read(path: Path) -> None:
    # As Protégé writes them.
    declared = f'<!ENTITY obo "{OBO}" >\n<!ENTITY owl "http://www.w3.org/2002/07/owl#" >'
    text = f"<!DOCTYPE rdf:RDF [\n{declared}\n]>\n" + SMALL.replace(
        f'"{OBO}MONDO_0000001"', '"&obo;MONDO_0000001"'
    )
    assert "&obo;" in text
    assert terms_of(path, text) == [DISEASE]


def test_what_is_not_well_formed_is_told_with_its_place(path: Path) -> None:
    found = fault(
        path, f"{OPENING}<owl:Class>\n  <rdfs:label>a</rdfs:lable>\n</owl:Class></rdf:RDF>"
    )
    assert found == ":10:18: is not well-formed XML: mismatched tag"


def test_a_file_cut_in_the_middle(path: Path) -> None:
    text = (DATA / "mondo.owl").read_text(encoding="utf-8")
    cut = text[: len(text) // 2].rpartition("\n")[0]
    found = fault(path, cut)
    assert found.startswith(f":{cut.count(chr(10)) + 1}:")
    assert found.endswith("the file is cut: download it again")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            '<?xml version="1.0"?>\n<Ontology xmlns="http://www.w3.org/2002/07/owl#"/>',
            "expected RDF",
        ),
        (SMALL.replace("owl:Ontology", "owl:Thing"), "has no owl:Ontology"),
        (
            SMALL.replace("</rdf:RDF>", OPENING[OPENING.index("<owl:O") :] + "</rdf:RDF>"),
            "is a second",
        ),
        (f"{OPENING}</rdf:RDF>", "has a header but no terms"),
        (
            SMALL.replace("</rdfs:label>", "</rdfs:label><rdfs:label>illness</rdfs:label>"),
            "'illness': but also 'disease': a term has one label; the file mixes releases",
        ),
    ],
)
def test_what_is_no_release(path: Path, text: str, words: str) -> None:
    assert words in fault(path, text)


def test_what_the_parser_trips_over_is_one_fault_and_no_traceback(
    path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    datatype = "http://www.w3.org/2001/XMLSchema#integer"
    number = f'<rdfs:comment rdf:datatype="{datatype}">many</rdfs:comment></owl:Class>'
    assert "is not RDF/XML" in fault(path, SMALL.replace("</owl:Class>", number))
    assert capfd.readouterr() == ("", "")


def test_imports_are_not_fetched_and_modules_not_run(path: Path, tmp_path: Path) -> None:
    # owlready2 loads owl:imports, and imports the Python module that this annotation names.
    marker = tmp_path / "run"
    (tmp_path / "evikg_harm.py").write_text(f"open({str(marker)!r}, 'w')")
    module = "http://www.lesfleursdunormal.fr/static/_downloads/owlready_ontology.owl#python_module"
    namespace, _, local = module.rpartition("#")
    harm = (
        f'<h:{local} xmlns:h="{namespace}#">evikg_harm</h:{local}>'
        '<owl:imports rdf:resource="http://127.0.0.1:9/nothing.owl"/></owl:Ontology>'
    )
    sys.path.insert(0, str(tmp_path))
    try:
        assert terms_of(path, SMALL.replace("</owl:Ontology>", harm)) == [DISEASE]
    finally:
        sys.path.remove(str(tmp_path))
    assert not marker.exists()


def test_the_quadstore_is_gone_afterwards(path: Path) -> None:
    def stores() -> set[Path]:
        return set(Path(gettempdir()).glob("evikg-owl-*"))

    before = stores()
    path.write_text((DATA / "mondo.owl").read_text(encoding="utf-8"), encoding="utf-8")
    _, terms = read_owl("mondo", path, quiet)
    next(terms)
    assert stores() - before
    del terms  # not read to the end
    assert stores() - before == set()


def test_axioms_literals_and_anonymous_parents(path: Path) -> None:
    # Replacements as literals are of older releases; labels in other languages of international
    # ones; a restriction is no parent.
    text = f"""{OPENING}
<owl:Class rdf:about="{OBO}MONDO_0000001">
 <rdfs:label xml:lang="nl">ziekte</rdfs:label><rdfs:label xml:lang="en">disease</rdfs:label>
 <rdfs:subClassOf><owl:Restriction>
  <owl:onProperty rdf:resource="{OBO}BFO_0000050"/>
  <owl:someValuesFrom rdf:resource="{OBO}MONDO_0000002"/>
 </owl:Restriction></rdfs:subClassOf>
 <rdfs:subClassOf rdf:resource="{OBO}MONDO_0000002"/>
 <rdfs:subClassOf rdf:resource="{OBO}HP_0000001"/>
 <oboInOwl:hasRelatedSynonym>dis.</oboInOwl:hasRelatedSynonym>
 <oboInOwl:hasAlternativeId>MONDO:0000009</oboInOwl:hasAlternativeId>
</owl:Class>
<owl:Axiom>
 <owl:annotatedSource rdf:resource="{OBO}MONDO_0000001"/>
 <owl:annotatedProperty
  rdf:resource="http://www.geneontology.org/formats/oboInOwl#hasRelatedSynonym"/>
 <owl:annotatedTarget>dis.</owl:annotatedTarget>
 <oboInOwl:hasSynonymType rdf:resource="{OBO}mondo#ABBREVIATION"/>
</owl:Axiom>
<owl:Class rdf:about="{OBO}MONDO_0000002">
 <obo:IAO_0100001>MONDO:0000001</obo:IAO_0100001><owl:deprecated>true</owl:deprecated>
 <oboInOwl:consider>HP:0000001</oboInOwl:consider>
</owl:Class>
</rdf:RDF>"""
    assert terms_of(path, re.sub(r"\n\s*", "\n", text)) == [
        Term(
            iri=f"{OBO}MONDO_0000001",
            label="disease",
            synonyms=(Synonym("dis.", Scope.RELATED, "ABBREVIATION"),),
            parents=(f"{OBO}MONDO_0000002",),
        ),
        Term(
            iri=f"{OBO}MONDO_0000002",
            label="",
            deprecated=True,
            replaced_by=(f"{OBO}MONDO_0000001",),
            consider=(f"{OBO}HP_0000001",),
        ),
        Term(
            iri=f"{OBO}MONDO_0000009",
            label="",
            deprecated=True,
            replaced_by=(f"{OBO}MONDO_0000001",),
        ),
    ]
