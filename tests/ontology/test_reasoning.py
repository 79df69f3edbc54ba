"""The reasoner infers what the definitions say, and only that.

What is expected of each case is read off the sources of the definitions, which the cases name:
Duan 2025 (at least 3 reports, lower limit of the 95 % CI above 1), CTCAE v5.0 (grade 3 severe, grade
5 death), 21 U.S.C. 355g (surveillance, observational studies, registries), Ozcan 2025 (approved
starting dose 1.8 mg/m2 per cycle).
"""

import shutil
from collections.abc import Iterator

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from evikg.graph.inference import infer
from evikg.ontology import compact
from evikg.ontology.owl import (
    DEFINITIONS,
    ReasonerMissingError,
    inconsistencies,
    load,
    reason,
    vocabulary,
)
from evikg.ontology.reasoning import classify

needs_java = pytest.mark.skipif(
    shutil.which("java") is None, reason="HermiT needs java, which is not on PATH"
)

PREFIXES = """
@prefix drug: <https://w3id.org/evikg/drug/> .
@prefix ev: <https://w3id.org/evikg/ontology#> .
@prefix mesh: <http://id.nlm.nih.gov/mesh/> .
@prefix obo: <http://purl.obolibrary.org/obo/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix regimen: <https://w3id.org/evikg/regimen/> .
@prefix result: <https://w3id.org/evikg/result/> .
@prefix study: <https://w3id.org/evikg/study/> .
@prefix variable: <https://w3id.org/evikg/variable/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
SHARED = """
study:rct a ev:Study ; ev:design ev:randomized-controlled-trial ; ev:start "2019-07-01"^^xsd:date .
study:single a ev:Study ; ev:design ev:non-randomized-trial .
study:pms a ev:Study ; ev:design ev:post-marketing-surveillance ; ev:studiesDrug drug:x .
study:faers a ev:Study ; ev:design ev:pharmacovigilance-database-study ; ev:studiesDrug drug:x .
study:cohort a ev:Study ; ev:design ev:retrospective-cohort ; ev:studiesDrug drug:x .
study:registry a ev:Study ; ev:design ev:registry ; ev:studiesDrug drug:x .
study:incidence a ev:Study ; ev:design ev:registry .
study:program a ev:Study ; ev:design ev:compassionate-use ; ev:studiesDrug drug:x .
study:review a ev:Study ; ev:design ev:review .
variable:vod a ev:Variable ; ev:variableKind ev:adverse-event-variable ;
    ev:within variable:vod, variable:hepatic-event .
variable:by-mesh a ev:Variable ; ev:variableKind ev:adverse-event-variable ; ev:within mesh:D008107 .
variable:by-mondo a ev:Variable ; ev:variableKind ev:adverse-event-variable ;
    ev:within obo:MONDO_0005154 .
variable:comorbidity a ev:Variable ; ev:variableKind ev:baseline-characteristic-variable ;
    ev:within mesh:D008107 .
variable:soc-hepatobiliary a ev:Variable ; ev:variableKind ev:system-organ-class-variable ;
    ev:within variable:soc-hepatobiliary .
variable:fatal-vod a ev:Variable ; ev:variableKind ev:adverse-event-variable ;
    ev:within variable:fatal-vod-sos .
variable:nausea a ev:Variable ; ev:variableKind ev:adverse-event-variable ;
    ev:within variable:nausea .
"""
ROR = (
    "a ev:Result ; ev:statistic ev:reporting-odds-ratio ; ev:countUnit ev:reports ;"
    " ev:intervalKind ev:confidence-interval ;"
)
SIGNAL = f"{ROR} ev:intervalLevel 95.0 ; ev:events 30 ; ev:intervalLow 9.5"
INO = 'a ev:Regimen ; ev:drug drug:inotuzumab-ozogamicin ; ev:cycleTotalUnit "mg/m2" ;'
CASES: dict[str, tuple[str, set[str]]] = {
    "result:three-reports": (
        f"{ROR} ev:intervalLevel 95.0 ; ev:events 3 ; ev:intervalLow 1.0001",
        {"PositiveSignal"},
    ),
    "result:two-reports": (
        f"{ROR} ev:intervalLevel 95.0 ; ev:events 2 ; ev:intervalLow 9.5",
        set(),
    ),
    "result:bound-of-one": (
        f"{ROR} ev:intervalLevel 95.0 ; ev:events 30 ; ev:intervalLow 1.0",
        set(),
    ),
    "result:level-of-90": (
        f"{ROR} ev:intervalLevel 90.0 ; ev:events 30 ; ev:intervalLow 9.5",
        set(),
    ),
    "result:level-not-stated": (f"{ROR} ev:events 30 ; ev:intervalLow 9.5", set()),
    "result:bound-not-stated": (f"{ROR} ev:intervalLevel 95.0 ; ev:events 30", set()),
    "result:reports-not-stated": (f"{ROR} ev:intervalLevel 95.0 ; ev:intervalLow 9.5", set()),
    "result:counted-in-patients": (
        SIGNAL.replace("ev:reports", "ev:patients"),
        set(),
    ),
    "result:odds-ratio": (
        SIGNAL.replace("reporting-odds", "odds"),
        set(),
    ),
    "result:of-trial": ("a ev:Result ; ev:study study:rct", {"RandomizedEvidence"}),
    "result:of-single-arm": ("a ev:Result ; ev:study study:single", set()),
    "result:of-surveillance": ("a ev:Result ; ev:study study:pms", {"RealWorldEvidence"}),
    "result:of-reports": ("a ev:Result ; ev:study study:faers", {"RealWorldEvidence"}),
    "result:of-cohort": ("a ev:Result ; ev:study study:cohort", {"RealWorldEvidence"}),
    "result:of-registry": ("a ev:Result ; ev:study study:registry", {"RealWorldEvidence"}),
    "result:of-no-drug": ("a ev:Result ; ev:study study:incidence", set()),
    "result:of-program": ("a ev:Result ; ev:study study:program", set()),
    "result:of-review": ("a ev:Result ; ev:study study:review", set()),
    "result:grade-2": ("a ev:Result ; ev:gradeMin 2 ; ev:gradeMax 5", set()),
    "result:said-to-be-fatal-before": ("a ev:Result, ev:FatalEvent ; ev:gradeMin 2", set()),
    "result:grade-3": ("a ev:Result ; ev:gradeMin 3 ; ev:gradeMax 5", {"SevereEvent"}),
    "result:grade-4": ("a ev:Result ; ev:gradeMin 4 ; ev:gradeMax 4", {"SevereEvent"}),
    "result:grade-5": (
        "a ev:Result ; ev:gradeMin 5 ; ev:gradeMax 5",
        {"SevereEvent", "FatalEvent"},
    ),
    "result:grade-unknown": ("a ev:Result ; ev:variable variable:nausea", set()),
    "result:called-fatal": (
        "a ev:Result ; ev:variable variable:fatal-vod",
        {"SevereEvent", "FatalEvent"},
    ),
    "result:liver": ("a ev:Result ; ev:variable variable:vod", {"HepaticEvent"}),
    "result:liver-by-mesh": ("a ev:Result ; ev:variable variable:by-mesh", {"HepaticEvent"}),
    "result:liver-by-mondo": ("a ev:Result ; ev:variable variable:by-mondo", {"HepaticEvent"}),
    "result:liver-comorbidity": ("a ev:Result ; ev:variable variable:comorbidity", set()),
    "result:soc": ("a ev:Result ; ev:variable variable:soc-hepatobiliary", {"HepaticEvent"}),
    "result:printed-soc": (
        'a ev:Result ; ev:printedSoc "Hepatobiliary disorders"',
        {"HepaticEvent"},
    ),
    "result:other-soc": ('a ev:Result ; ev:printedSoc "Vascular disorders"', set()),
    "regimen:label": (f"{INO} ev:cycleTotal 1.8", set()),
    "regimen:just-below": (f"{INO} ev:cycleTotal 1.7999", {"DoseReducedRegimen"}),
    "regimen:lower": (f"{INO} ev:cycleTotal 1.2", {"DoseReducedRegimen"}),
    "regimen:in-mg": (f"{INO.replace('mg/m2', 'mg')} ev:cycleTotal 1.0", set()),
    "regimen:not-stated": ("a ev:Regimen ; ev:drug drug:inotuzumab-ozogamicin", set()),
    "regimen:other-drug": (
        'a ev:Regimen ; ev:drug drug:ponatinib ; ev:cycleTotalUnit "mg/m2" ; ev:cycleTotal 1.2',
        set(),
    ),
}


def triples(turtle: str) -> list[Triple]:
    return [quad.triple for quad in parse(PREFIXES + turtle, RdfFormat.TURTLE)]


def types(inferred: set[Triple]) -> Iterator[tuple[str, str]]:
    for triple in inferred:
        assert isinstance(triple.subject, NamedNode)
        assert isinstance(triple.object, NamedNode)
        yield compact(triple.subject.value), compact(triple.object.value).removeprefix("ev:")


FACTS = triples(SHARED + "".join(f"{name} {said} .\n" for name, (said, _) in CASES.items()))
EXPECTED = {(name, cls) for name, (_, classes) in CASES.items() for cls in classes}


@needs_java
def test_hermit_infers_what_the_sources_of_the_definitions_say() -> None:
    assert set(types(classify(FACTS))) == EXPECTED


def test_the_rules_infer_what_the_sources_of_the_definitions_say() -> None:
    assert set(types(set().union(*infer(FACTS).values()))) == EXPECTED


@needs_java
def test_numbers_of_another_datatype_contradict_the_vocabulary() -> None:
    facts = triples('result:x a ev:Result ; ev:intervalLow "1.5"^^xsd:double .')
    with pytest.raises(ValueError, match="inconsistent"):
        classify(facts)


@needs_java
def test_a_class_that_can_have_no_member_is_listed() -> None:
    impossible = triples(
        "ev:Result owl:disjointWith ev:Regimen ."
        "ev:Impossible a owl:Class ; rdfs:subClassOf ev:SevereEvent, ev:DoseReducedRegimen ."
    )
    assert inconsistencies([*vocabulary(DEFINITIONS), *impossible]) == [
        "https://w3id.org/evikg/ontology#Impossible"
    ]


@needs_java
def test_hermit_puts_each_defined_class_under_what_it_narrows() -> None:
    world = load(vocabulary(DEFINITIONS))
    reason(world)
    ev = world.get_namespace("https://w3id.org/evikg/ontology#")
    assert ev.SevereEvent in ev.FatalEvent.ancestors()
    assert ev.FatalEvent not in ev.SevereEvent.ancestors()
    for name in ("SevereEvent", "PositiveSignal", "HepaticEvent", "RealWorldEvidence"):
        assert ev.Result in ev[name].ancestors()
    assert ev.Regimen in ev.DoseReducedRegimen.ancestors()


def test_without_java_the_reasoner_says_so_and_the_rules_work(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ReasonerMissingError, match="needs Java") as caught:
        classify(FACTS)
    assert "\n" not in str(caught.value)
    assert sum(len(inferred) for inferred in infer(FACTS).values()) == len(EXPECTED)


def test_literals_are_of_the_datatypes_of_the_vocabulary() -> None:
    """Turtle's short forms are xsd:integer and xsd:decimal, the two that the definitions compare."""
    kinds = {
        triple.object.datatype.value.rpartition("#")[2]
        for triple in FACTS
        if isinstance(triple.object, Literal)
    }
    assert kinds == {"integer", "decimal", "string", "date"}
