"""Ontologies drawn at random, and written by fastobo, json and rdflib: by nothing of ours."""

import json

import fastobo
from hypothesis import strategies as st
from rdflib import OWL, RDF, RDFS, BNode, Graph, Literal, Namespace, URIRef

from evikg.ontology.terms import Scope, Synonym, Term

OBO = "http://purl.obolibrary.org/obo/"
OIO = Namespace("http://www.geneontology.org/formats/oboInOwl#")
PURL = Namespace(OBO)

# fastobo 0.14 reads no quoted string that ends in a backslash: `"\\\\"` is "expected QuotedString".
words = (
    st.text(
        st.characters(exclude_categories=["C", "Z"], exclude_characters="\ufffe\uffff")
        | st.just(" "),
        min_size=1,
        max_size=20,
    )
    .map(lambda text: text.strip().rstrip("\\"))
    .filter(bool)
)
synonyms = st.builds(
    Synonym, words, st.sampled_from(Scope), st.sampled_from(["", "layperson", "HP:0034334"])
)


@st.composite
def ontologies(draw: st.DrawFn) -> list[Term]:
    """Draw an ontology without cycles: a parent has a smaller number than its child."""
    terms: list[Term] = []
    for number in range(draw(st.integers(min_value=1, max_value=4))):
        obsolete = draw(st.booleans())
        others = [term.iri for term in terms]
        some = st.lists(st.sampled_from(others), unique=True) if others else st.just([])
        # A typed synonym and an untyped one of equal text cannot be told apart in OWL.
        names = draw(st.lists(synonyms, unique_by=lambda s: (s.text, s.scope), max_size=4))
        terms.append(
            Term(
                iri=f"{OBO}HP_{number:07d}",
                label=draw(words),
                definition=draw(st.just("") | words),
                synonyms=tuple(sorted(names)),
                parents=() if obsolete else tuple(sorted(draw(some))),
                deprecated=obsolete,
                replaced_by=tuple(sorted(draw(some))) if obsolete else (),
                consider=tuple(sorted(draw(some))) if obsolete else (),
                xrefs=tuple(sorted(draw(st.sets(st.sampled_from(["UMLS:C1", "MSH:D2"]))))),
            )
        )
    return terms


def curie(iri: str) -> fastobo.id.PrefixedIdent:
    return fastobo.id.PrefixedIdent(*iri.removeprefix(OBO).split("_"))


def as_obo(terms: list[Term]) -> str:
    t, parsed = fastobo.term, fastobo.id.parse
    frames = []
    for term in terms:
        clauses: list[object] = [t.NameClause(term.label)]
        if term.definition:
            clauses.append(t.DefClause(term.definition))
        for name in term.synonyms:
            kind = parsed(name.type) if name.type else None
            synonym = fastobo.syn.Synonym(name.text, name.scope.value.upper(), kind)
            clauses.append(t.SynonymClause(synonym))
        clauses += [t.XrefClause(fastobo.xref.Xref(parsed(xref))) for xref in term.xrefs]
        clauses += [t.IsAClause(curie(parent)) for parent in term.parents]
        if term.deprecated:
            clauses.append(t.IsObsoleteClause(True))
        clauses += [t.ReplacedByClause(curie(other)) for other in term.replaced_by]
        clauses += [t.ConsiderClause(curie(other)) for other in term.consider]
        frames.append(str(t.TermFrame(curie(term.iri), clauses)))
    return "\n".join(["format-version: 1.4\ndata-version: 2025-01-16\nontology: hp\n", *frames])


def type_iri(kind: str) -> str:
    return OBO + kind.replace(":", "_") if ":" in kind else f"{OBO}hp#{kind}"


def as_json(terms: list[Term]) -> str:
    nodes = [
        {
            "id": term.iri,
            "lbl": term.label,
            "type": "CLASS",
            "meta": {
                "definition": {"val": term.definition} if term.definition else None,
                "synonyms": [
                    {"pred": f"has{s.scope.value.title()}Synonym", "val": s.text}
                    | ({"synonymType": type_iri(s.type)} if s.type else {})
                    for s in term.synonyms
                ],
                "xrefs": [{"val": xref} for xref in term.xrefs],
                "deprecated": term.deprecated,
                "basicPropertyValues": [
                    *({"pred": f"{OBO}IAO_0100001", "val": other} for other in term.replaced_by),
                    *({"pred": f"{OIO}consider", "val": other} for other in term.consider),
                ],
            },
        }
        for term in terms
    ]
    edges = [{"sub": t.iri, "pred": "is_a", "obj": p} for t in terms for p in t.parents]
    graph = {"edges": edges, "nodes": nodes, "id": f"{OBO}hp.json"}
    graph["meta"] = {"version": f"{OBO}hp/releases/2025-01-16/hp.json"}
    return json.dumps({"graphs": [graph]}, ensure_ascii=False)


def as_owl(terms: list[Term]) -> str:
    graph = Graph()
    ontology = PURL["hp.owl"]
    graph.add((ontology, RDF.type, OWL.Ontology))
    graph.add((ontology, OWL.versionIRI, PURL["hp/releases/2025-01-16/hp.owl"]))
    for term in terms:
        node = URIRef(term.iri)
        graph.add((node, RDF.type, OWL.Class))
        graph.add((node, RDFS.label, Literal(term.label)))
        if term.definition:
            graph.add((node, PURL.IAO_0000115, Literal(term.definition, lang="en")))
        for name in term.synonyms:
            predicate = OIO[f"has{name.scope.value.title()}Synonym"]
            graph.add((node, predicate, Literal(name.text)))
            axiom = BNode()
            graph.add((axiom, RDF.type, OWL.Axiom))
            graph.add((axiom, OWL.annotatedSource, node))
            graph.add((axiom, OWL.annotatedProperty, predicate))
            graph.add((axiom, OWL.annotatedTarget, Literal(name.text)))
            if name.type:
                graph.add((axiom, OIO.hasSynonymType, URIRef(type_iri(name.type))))
        for xref in term.xrefs:
            graph.add((node, OIO.hasDbXref, Literal(xref)))
        if term.deprecated:
            graph.add((node, OWL.deprecated, Literal(True)))
        for predicate, others in (
            (RDFS.subClassOf, term.parents),
            (PURL.IAO_0100001, term.replaced_by),
            (OIO.consider, term.consider),
        ):
            for other in others:
                graph.add((node, predicate, URIRef(other)))
    return graph.serialize(format="xml")
