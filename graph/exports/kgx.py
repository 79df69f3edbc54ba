"""KGX: nodes and edges with Biolink categories and predicates, as TSV or JSON Lines.

Individuals and the terms they are linked to are nodes, links between them are edges, and a
reported result is an edge: from the drug that was given, or from the group, to what was measured.
No edge claims that something causes something: a reporting odds ratio is a statistical
association, a number of patients an observation, and an adverse event one that happened during
treatment, "whether or not considered related to the treatment" (Biolink).

Format: https://github.com/biolink/kgx/blob/master/specification/kgx-format.md; model: Biolink 4.4.6,
https://w3id.org/biolink/biolink-model.yaml. What stands for what is said in `kgx-*.csv`.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from pyoxigraph import Literal, NamedNode, QuerySolutions, Triple

from evikg.graph.hypotheses import DISPROPORTIONALITY
from evikg.graph.mapping import RDF_TYPE
from evikg.graph.store import Store
from evikg.ontology import EV, CountUnit, compact, concept

from .kgx_files import JsonLines, Row, Tsv
from .kgx_tables import Association, Tables, curie_of, tables
from .quads import by_subject, sorted_triples

#: This knowledge graph in the catalogue of information resources; it is not registered there yet.
SOURCE = "infores:evikg"
NODE_COLUMNS = ("id", "category", "name", "iri", "xref")
EDGE_COLUMNS = (
    "id subject predicate object category knowledge_level agent_type"
    " primary_knowledge_source publications has_supporting_studies original_predicate"
).split()
_LABELS = (
    "http://www.w3.org/2004/02/skos/core#prefLabel",
    "http://www.w3.org/2000/01/rdf-schema#label",
)


@dataclass(slots=True)
class Written:
    """What was written, and how many triples of what property were not."""

    nodes: int = 0
    edges: int = 0
    left: Counter[str] = field(default_factory=Counter)


def write_kgx(store: Store, folder: Path, form: type[Tsv | JsonLines]) -> Written:
    """Write nodes and edges into a folder: `nodes.tsv`, `edges.tsv`, or `evikg_nodes.jsonl`, ….

    Terms of terminologies are nodes where something is linked to them, by name only; the vocabulary,
    the mapping sets and the closure of the hierarchies are not written.

    :param folder: that is there
    """
    known = tables()
    context = _Context.of(store)
    written = Written()
    missing = set(context.terms)
    node_columns, edge_columns = _columns(store, known)
    with form(folder, node_columns, edge_columns) as output:
        for subject, about in by_subject(sorted_triples(store)):
            if not isinstance(subject, NamedNode):
                continue
            types = {triple.object for triple in about if triple.predicate == RDF_TYPE}
            kind = next(
                (known_class for known_class in known.categories if known_class in types), None
            )
            if EV.Result in types:
                output.edge(_result(subject, about, context, known, written.left))
                written.edges += 1
            elif kind is not None:
                row, edges = _node(subject, kind, about, context, known, written.left)
                output.node(row)
                written.nodes += 1
                for edge in edges:
                    output.edge(edge)
                    written.edges += 1
            elif subject.value in missing:
                missing.discard(subject.value)
                output.node(_term(subject.value, about, known))
                written.nodes += 1
        for iri in sorted(missing):
            output.node(_term(iri, [], known))
            written.nodes += 1
    return written


@dataclass(frozen=True, slots=True)
class _Context:
    """What is said elsewhere of what an edge needs."""

    publications: Mapping[str, str]  # of a source: its DOI, or itself
    drugs: Mapping[str, str]  # of a group: what its regimen gives
    only_drug: Mapping[str, str]  # of a study of one drug
    kinds: Mapping[str, str]  # of a variable
    terms: frozenset[str]  # that are linked to

    @classmethod
    def of(cls, store: Store) -> "_Context":
        drugs = defaultdict(set)
        for study, drug in _pairs(store, "kgx-study-drugs.rq"):
            drugs[study].add(drug)
        return cls(
            {source: doi and f"DOI:{doi}" for source, doi in _pairs(store, "documents.rq")},
            dict(_pairs(store, "kgx-group-drugs.rq")),
            {study: next(iter(held)) for study, held in drugs.items() if len(held) == 1},
            dict(_pairs(store, "kgx-variable-kinds.rq")),
            frozenset(term for term, _ in _pairs(store, "kgx-terms.rq")),
        )


def _pairs(store: Store, name: str) -> Iterator[tuple[str, str]]:
    answer = store.query(files(__package__).joinpath(name).read_text(encoding="utf-8"))
    assert isinstance(answer, QuerySolutions)  # noqa: S101 - what a SELECT answers
    for solution in answer:
        yield solution[0].value, solution[1].value


def _columns(store: Store, known: Tables) -> tuple[list[str], list[str]]:
    """Return the columns of nodes and of edges: the fixed ones, and those of properties in use."""
    used: dict[str, set[str]] = {"node": set(), "edge": set()}
    for property_, part in _pairs(store, "kgx-used.rq"):
        if found := known.properties.get(property_):
            used[part].add(found.column)
    return (
        [*NODE_COLUMNS, *sorted(used["node"])],
        [*EDGE_COLUMNS, *sorted(used["edge"])],
    )


def _properties(about: list[Triple], known: Tables, left: Counter[str]) -> Row:
    """Return the cells of the properties that a row can hold; count the triples that it cannot."""
    row: defaultdict[str, list[Any]] = defaultdict(list)
    for triple in about:
        found = known.properties.get(triple.predicate.value)
        cell = found.cell(triple.object) if found else None
        if found is None or cell is None:
            left[compact(triple.predicate.value)] += 1
        else:
            row[found.column].append(cell)
    return dict(row)


def _node(
    subject: NamedNode,
    kind: NamedNode,
    about: list[Triple],
    context: _Context,
    known: Tables,
    left: Counter[str],
) -> tuple[Row, list[Row]]:
    links = [
        triple
        for triple in about
        if triple.predicate.value in known.relations and isinstance(triple.object, NamedNode)
    ]
    row = _properties([triple for triple in about if triple not in links], known, left)
    measured = context.kinds.get(subject.value, "")
    row |= {
        "id": [curie_of(subject.value)],
        "category": [known.category(kind, measured)],
        "name": _name(about) or [subject.value.rpartition("/")[2]],
        "iri": [subject.value],
    }
    if subject.value in context.publications:
        row["xref"] = [context.publications[subject.value]]
    edges = [_link(triple, known.relations[triple.predicate.value]) for triple in links]
    if kind == EV.Study:
        edges += _studied(subject, links)
    return row, edges


def _name(about: list[Triple]) -> list[Any]:
    named = {triple.predicate.value: triple.object.value for triple in about if _is_label(triple)}  # type: ignore[union-attr]
    return [named[label] for label in _LABELS if label in named][:1]


def _is_label(triple: Triple) -> bool:
    return triple.predicate.value in _LABELS and isinstance(triple.object, Literal)


def _term(iri: str, about: list[Triple], known: Tables) -> Row:
    curie = curie_of(iri)
    return {
        "id": [curie],
        "category": [known.term_category(curie)],
        "name": _name(about),
        "iri": [iri],
    }


def _link(triple: Triple, predicate: str) -> Row:
    subject, object_ = triple.subject.value, triple.object.value  # type: ignore[union-attr]
    return _edge(subject, predicate, object_) | {
        "original_predicate": [compact(triple.predicate.value)],
    }


def _edge(subject: str, predicate: str, object_: str) -> Row:
    """Return an edge that states what curators state."""
    return {
        "id": [f"urn:uuid:{uuid5(NAMESPACE_URL, f'{subject} {predicate} {object_}')}"],
        "subject": [curie_of(subject)],
        "predicate": [predicate],
        "object": [curie_of(object_)],
        "category": ["biolink:Association"],
        "knowledge_level": ["knowledge_assertion"],
        "agent_type": ["manual_agent"],
        "primary_knowledge_source": [SOURCE],
    }


def _studied(study: NamedNode, links: list[Triple]) -> Iterator[Row]:
    """Yield what drug was studied to treat what, without a word on whether it does."""
    for drug in links:
        for condition in links:
            if drug.predicate == EV.studiesDrug and condition.predicate == EV.studiesCondition:
                ends = drug.object.value, condition.object.value  # type: ignore[union-attr]
                edge = _edge(ends[0], "biolink:studied_to_treat", ends[1])
                named = uuid5(NAMESPACE_URL, " ".join((study.value, *ends)))
                yield edge | {
                    "id": [f"urn:uuid:{named}"],
                    "has_supporting_studies": [curie_of(study.value)],
                }


def _result(
    subject: NamedNode, about: list[Triple], context: _Context, known: Tables, left: Counter[str]
) -> Row:
    one: dict[NamedNode, Any] = {triple.predicate: triple.object for triple in about}
    variable, group, source = (one[p].value for p in (EV.variable, EV.group, EV.source))
    drug = context.drugs.get(group)
    if one[EV.statistic] in {concept(measure) for measure in DISPROPORTIONALITY}:
        # Its group are the reports of the drug, which a regimen need not describe.
        drug = context.only_drug.get(one[EV.study].value, drug)
    elif one.get(EV.countUnit) == concept(CountUnit.REPORTS):
        # A report is no event of a patient who is known to have been treated.
        drug = None
    rule = _association(one, context.kinds.get(variable, ""), drug, known)
    row = _properties([t for t in about if t.predicate != EV.variable], known, left)
    return row | {
        "id": [curie_of(subject.value)],
        "subject": [curie_of(drug if drug is not None and rule.subject == "drug" else group)],
        "predicate": [rule.predicate],
        "object": [curie_of(variable)],
        "category": [rule.category],
        "knowledge_level": [rule.knowledge_level],
        "agent_type": ["manual_agent"],
        "primary_knowledge_source": [SOURCE],
        "publications": [context.publications.get(source, curie_of(source))],
        "has_supporting_studies": [curie_of(one[EV.study].value)],
    }


def _association(
    one: Mapping[NamedNode, Any], kind: str, drug: str | None, known: Tables
) -> Association:
    """Return what edge a result is: of a drug only if one is known and the event did happen."""
    count = one.get(EV.events, one.get(EV.value))
    happened = count is not None and float(count.value) > 0
    return next(
        rule
        for rule in known.associations
        if rule.fits(kind, one[EV.statistic])
        and (rule.subject != "drug" or (drug is not None and happened))
    )
