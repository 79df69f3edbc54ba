"""The rules give what the HermiT reasoner gives, on the shipped corpus and on generated evidence."""

import csv
import shutil
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from evikg.graph.embedded import EmbeddedStore
from evikg.graph.inference import (
    RDF_TYPE,
    facts,
    infer,
    infer_from,
    inferred_graphs,
    read_rule,
    rules,
)
from evikg.loaders.build import assemble
from evikg.loaders.evidence import shipped_evidence
from evikg.ontology import EV, StudyDesign, concept, individual, prefixes
from evikg.ontology.namespaces import DEFINED_CLASSES
from evikg.ontology.owl import DEFINITIONS, vocabulary
from evikg.ontology.reasoning import classify

needs_java = pytest.mark.skipif(
    shutil.which("java") is None, reason="HermiT needs java, which is not on PATH"
)
EXPECTED = Path(__file__).parent.parent / "queries" / "expected"


@pytest.fixture(scope="module")
def corpus() -> list[Triple]:
    """Return the triples of the shipped corpus, less what was inferred from them."""
    inferred = {individual("graph", rule.graph) for rule in rules()}
    quads = assemble(shipped_evidence()).quads
    return [quad.triple for quad in quads if quad.graph_name not in inferred]


def members(triples: list[Triple], name: str) -> set[str]:
    """Return the slugs of the members of a class that the rules infer."""
    found = next(t for rule, t in infer(triples).items() if rule.infers == EV[name])
    return {str(t.subject.value).rpartition("/")[2] for t in found}  # type: ignore[union-attr]


def test_each_defined_class_has_one_rule_with_a_source_of_its_definition() -> None:
    source = NamedNode(prefixes()["dcterms"] + "source")
    stated = {
        (triple.subject, triple.object)
        for triple in vocabulary(DEFINITIONS)
        if triple.predicate == source
    }
    assert sorted(rule.infers.value for rule in rules()) == sorted(
        EV[name].value for name in DEFINED_CLASSES
    )
    for rule in rules():
        assert (rule.infers, NamedNode(rule.source)) in stated
        assert rule.text.count("CONSTRUCT") == 1


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("x.rq", "# rule: x\n# class: ev:FatalEvent\n"),
        ("x.rq", "# rule: x\n# class: ev:NoSuchClass\n# source: https://example.org/\n"),
        ("x.rq", "# rule: x\n# class: other:FatalEvent\n# source: https://example.org/\n"),
        ("x.rq", "# rule: x\n# rule: y\n# class: ev:FatalEvent\n# source: https://example.org/\n"),
        ("y.rq", "# rule: x\n# class: ev:FatalEvent\n# source: https://example.org/\n"),
    ],
)
def test_a_rule_that_does_not_say_what_it_is_is_refused(file: str, text: str) -> None:
    with pytest.raises(ValueError, match=rf"^{file}: "):
        read_rule(file, text)


def test_the_positive_signals_are_those_of_the_tables(corpus: list[Triple]) -> None:
    """Against the rows of Duan 2025, Tables 4 to 8, read off the paper for `faers-signals`."""
    text = (EXPECTED / "faers-signals.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))
    found = members(corpus, "PositiveSignal")
    assert len(found) == len(rows)
    printed = {
        str(t.subject.value).rpartition("/")[2]: t.object.value  # type: ignore[union-attr]
        for t in corpus
        if t.predicate == EV.printedLow
    }
    assert sorted(printed[slug] for slug in found) == sorted(row["low"] for row in rows)


def test_the_dose_reduced_regimen_is_that_of_the_phase_iv_trial(corpus: list[Triple]) -> None:
    """Ozcan 2025 compares 1.2 with the approved 1.8 mg/m2 per cycle; no other total is lower."""
    assert members(corpus, "DoseReducedRegimen") == {"ino-1-2"}


def test_kinds_of_evidence_are_those_of_the_studies(corpus: list[Triple]) -> None:
    """INO-VATE and the phase IV trial are randomized; Korea PMS and FAERS are real-world sources."""
    study = {
        str(t.subject.value).rpartition("/")[2]: str(t.object.value).rpartition("/")[2]  # type: ignore[union-attr]
        for t in corpus
        if t.predicate == EV.study
    }
    assert {study[slug] for slug in members(corpus, "RandomizedEvidence")} == {
        "ino-vate",
        "phase4-lowdose",
    }
    real_world = {study[slug] for slug in members(corpus, "RealWorldEvidence")}
    assert {"kr-pms", "faers-2024q3", "ino-cd22"} <= real_world
    assert not real_world & {"ino-vate", "phase4-lowdose", "torrent-2023-es"}
    assert "korea-central-cancer-registry-2024" not in real_world  # it counts patients, of no drug


def test_what_is_inferred_stands_in_a_graph_of_its_rule_and_in_no_other(
    corpus: list[Triple],
) -> None:
    graphs = inferred_graphs(corpus)
    inferred = [triple for triples in graphs.values() for triple in triples]
    assert len({*corpus, *inferred}) == len(set(corpus)) + len(inferred)
    dcterms, prov = prefixes()["dcterms"], prefixes()["prov"]
    for rule in rules():
        graph = individual("graph", f"inferred-{rule.name}")
        said = {t for t in graphs[rule.graph] if t.subject == graph}
        assert said == {
            Triple(graph, NamedNode(f"{dcterms}title"), Literal(rule.name)),
            Triple(graph, NamedNode(f"{dcterms}source"), NamedNode(rule.source)),
            Triple(graph, NamedNode(f"{prov}wasDerivedFrom"), rule.infers),
        }
        types = graphs[rule.graph] - said
        assert types
        assert {(t.predicate, t.object) for t in types} == {(RDF_TYPE, rule.infers)}


def test_a_second_run_infers_nothing_new(corpus: list[Triple]) -> None:
    first = set().union(*infer(corpus).values())
    assert not set().union(*infer([*corpus, *first]).values())


@needs_java
def test_rules_and_reasoner_agree_on_the_shipped_corpus(corpus: list[Triple]) -> None:
    store = EmbeddedStore()
    store.inner.bulk_extend(
        Quad(t.subject, t.predicate, t.object, individual("graph", "all")) for t in corpus
    )
    by_rules = set().union(*infer_from(store).values())
    assert by_rules == set().union(*infer(corpus).values())
    assert by_rules == classify(facts(store))


def _turtle(text: str) -> list[Triple]:
    names = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in prefixes().items())
    return [quad.triple for quad in parse(names + text, RdfFormat.TURTLE)]


STUDIES = ["unheard-of", *(design.term for design in StudyDesign)]
KINDS = ["adverse-event", "system-organ-class", "baseline-characteristic", "efficacy"]
ABOVE = [
    "mesh:D008107",
    "obo:MONDO_0005154",
    "variable:hepatic-event",
    "variable:soc-hepatobiliary",
    "variable:adverse-event-leading-to-death",
    "variable:fatal-vod-sos",
    "variable:infection",
    "mesh:D007239",
]
VARIABLES = [(kind, above) for kind in KINDS for above in range(len(ABOVE))]
SHARED = [
    *(
        Triple(individual("study", design.term), EV.design, concept(design))
        for design in StudyDesign
    ),
    *(
        Triple(individual("study", design.term), EV.studiesDrug, individual("drug", "x"))
        for design in StudyDesign
        if design is not StudyDesign.REGISTRY
    ),
    *_turtle(
        "".join(
            f"variable:v{number} a ev:Variable ; ev:variableKind ev:{kind}-variable ;"
            f" ev:within variable:v{number}, {ABOVE[above]} .\n"
            for number, (kind, above) in enumerate(VARIABLES)
        )
    ),
]


def _one_of(name: str, *values: str) -> st.SearchStrategy[str]:
    return st.sampled_from(["", *(f" ev:{name} {value} ;" for value in values)])


#: The boundaries of each definition, both sides of them, and nothing at all.
RESULTS = st.tuples(
    _one_of("statistic", "ev:reporting-odds-ratio", "ev:odds-ratio", "ev:percent"),
    _one_of("countUnit", "ev:reports", "ev:cases", "ev:patients"),
    _one_of("intervalKind", "ev:confidence-interval", "ev:interquartile-range"),
    _one_of("intervalLevel", "95.0", "95.00", "90.0", "99.0"),
    _one_of("events", "0", "2", "3", "4", "97"),
    _one_of("intervalLow", "0.9999", "1.0", "1.00", "1.0001", "395.96"),
    _one_of("gradeMin", "1", "2", "3", "4", "5"),
    _one_of("printedSoc", '"Hepatobiliary disorders"', '"Hepatobiliary"', '"Vascular disorders"'),
    _one_of("study", *(f"study:{slug}" for slug in STUDIES)),
    _one_of("variable", *(f"variable:v{number}" for number in range(len(VARIABLES)))),
).map(lambda said: "a ev:Result ;" + "".join(said))
#: As above, with most of a signal given, so that boundaries are met and not only missing values.
SIGNALS = st.tuples(
    st.just(" ev:statistic ev:reporting-odds-ratio ;"),
    st.just(" ev:countUnit ev:reports ;"),
    st.just(" ev:intervalKind ev:confidence-interval ;"),
    _one_of("intervalLevel", "95.0", "95.00", "90.0"),
    _one_of("events", "2", "3", "4"),
    _one_of("intervalLow", "0.9999", "1.0", "1.0001"),
).map(lambda said: "a ev:Result ;" + "".join(said))
REGIMENS = st.tuples(
    _one_of("drug", "drug:inotuzumab-ozogamicin", "drug:blinatumomab"),
    _one_of("cycleTotalUnit", '"mg/m2"', '"mg"'),
    _one_of("cycleTotal", "1.2", "1.7999", "1.8", "1.80", "1.8001"),
).map(lambda said: "a ev:Regimen ;" + "".join(said))


@needs_java
@settings(
    max_examples=3,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.lists(st.one_of(RESULTS, SIGNALS, REGIMENS), min_size=40, max_size=60, unique=True))
def test_rules_and_reasoner_agree_on_generated_evidence(said: list[str]) -> None:
    """One run of HermiT classifies a list of individuals, so that few runs see many of them."""
    text = "".join(f"<https://w3id.org/evikg/result/g{n}> {one} .\n" for n, one in enumerate(said))
    evidence = [*SHARED, *_turtle(text)]
    assert set(chain.from_iterable(infer(evidence).values())) == classify(evidence)
