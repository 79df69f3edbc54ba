"""Every question keeps to what all engines answer alike.

The forms refused here are standard SPARQL 1.1 that Virtuoso 7.2.5 answers with other rows, or not
at all; each was found by comparing its answers with those of Oxigraph, and `docs/adding-a-question`
says what to write instead. The parser is rdflib's, so a question is checked without any server.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from rdflib import RDFS, XSD, Literal, URIRef, Variable
from rdflib.namespace import SKOS
from rdflib.paths import AlternativePath, MulPath, SequencePath
from rdflib.paths import Path as PropertyPath
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Identifier

import evikg.graph
import evikg.queries

FILES = sorted(Path(evikg.queries.__path__[0]).glob("*.rq"))
SELECTS = sorted(
    path
    for path in Path(evikg.graph.__path__[0]).rglob("*.rq")
    if re.search(r"^SELECT", path.read_text(encoding="utf-8"), re.MULTILINE)
)
HIERARCHIES = {
    SKOS.broader,
    RDFS.subClassOf,
    URIRef("http://id.nlm.nih.gov/mesh/vocab#broaderDescriptor"),
}
NAMES = {RDFS.label, SKOS.prefLabel, SKOS.altLabel}
TRUTH_VALUES = {
    "Builtin_BOUND", "RelationalExpression", "ConditionalAndExpression",
    "ConditionalOrExpression", "UnaryNot",
}  # fmt: skip
MOST_KEYS = 20


def faults(sparql: str) -> set[str]:
    """Return what of a query not every engine answers alike."""
    algebra = prepareQuery(sparql).algebra
    nodes = list(_nodes(algebra))
    triples = [t for node in nodes if node.name == "BGP" for t in node.triples]
    return {fault for check in CHECKS for fault in check(algebra, nodes, triples)}


def _paths(_: Any, nodes: list[CompValue], triples: list[Any]) -> Iterator[str]:
    # A path that repeats its rows does no harm where they are made distinct, or counted so.
    is_distinct = any(node.name in {"Distinct", "Group"} for node in nodes)
    for _subject, predicate, _object in triples:
        for path in _parts(predicate):
            if isinstance(path, MulPath):
                if path.zero and not path.more:
                    yield "path `?`"
                elif not is_distinct and HIERARCHIES & set(_parts(path.path)):
                    yield "path up a hierarchy"


def _lost_ends(_: Any, nodes: list[CompValue], triples: list[Any]) -> Iterator[str]:
    """Find paths to a parameter without a value, which loses what they would bind it to."""
    rows = [row for node in nodes if node.name == "values" for row in node.res]
    open_ = {
        name for row in rows for name, value in row.items() if not isinstance(value, Identifier)
    }
    for _subject, predicate, end in triples:
        if end in open_ and any(isinstance(part, MulPath) for part in _parts(predicate)):
            yield "path that ends at an open parameter"


def _starts(algebra: CompValue, _: Any, __: Any) -> Iterator[str]:
    yield from _without_start(algebra, frozenset())


def _without_start(node: Any, known: frozenset[Any]) -> Iterator[str]:
    """Walk the groups with the variables that stand beside each of them."""
    if not isinstance(node, CompValue):
        return
    if node.name == "BGP":
        for triple in node.triples:
            others = known | {v for t in node.triples if t is not triple for v in (t[0], t[2])}
            ends = {v for v in (triple[0], triple[2]) if isinstance(v, Variable)}
            if isinstance(triple[1], MulPath) and len(ends) == 2 and not ends & others:
                yield "path without a start"
    elif node.name in {"Join", "LeftJoin", "Minus"}:
        beside = frozenset() if node.name != "Join" else _variables(node.p2)
        yield from _without_start(node.p1, known | beside)
        yield from _without_start(node.p2, known | _variables(node.p1))
    else:
        # What stands outside of a sub-query is not known inside.
        inner = frozenset[Any]() if node.name in {"ToMultiSet", "SelectQuery"} else known
        for key in ("p", "p1", "p2"):
            yield from _without_start(node.get(key), inner)


def _outer_variables(_: Any, nodes: list[CompValue], __: Any) -> Iterator[str]:
    """Find filters of an OPTIONAL that compare what it binds with what only its outside binds.

    A parameter does no harm there.
    """
    values = {name for node in nodes if node.name == "values" for row in node.res for name in row}
    for node in nodes:
        if node.name == "LeftJoin":
            inner = _variables(node.p2)
            for part in _nodes(node.expr):
                if part.name == "RelationalExpression":
                    sides = {part.expr, part.other} if isinstance(part.other, Variable) else set()
                    if sides & inner and sides - inner - values:
                        yield "OPTIONAL that filters by a variable from outside"


def _minimum_of_names(_: Any, nodes: list[CompValue], triples: list[Any]) -> Iterator[str]:
    names = {object_ for _, predicate, object_ in triples if NAMES & set(_parts(predicate))}
    for node in nodes:
        is_extreme = node.name in {"Aggregate_Min", "Aggregate_Max"}
        if is_extreme and isinstance(node.vars, Variable) and node.vars in names:
            yield "MIN or MAX of a name without STR"


def _many_keys(_: Any, nodes: list[CompValue], __: Any) -> Iterator[str]:
    if any(node.name == "Group" and len(node.expr or ()) > MOST_KEYS for node in nodes):
        yield "GROUP BY of too many keys"


def _truth_values(algebra: CompValue, nodes: list[CompValue], __: Any) -> Iterator[str]:
    columns = set(algebra.PV)
    for node in nodes:
        is_column = node.name == "Extend" and node.var in columns
        if is_column and isinstance(node.expr, CompValue) and node.expr.name in TRUTH_VALUES:
            yield "truth value as a column"


def _whole_division(_: Any, nodes: list[CompValue], __: Any) -> Iterator[str]:
    for node in nodes:
        if node.name == "MultiplicativeExpression" and "/" in node.op:
            literals = [x for x in _leaves(node) if isinstance(x, Literal)]
            if not any(x.datatype == XSD.decimal for x in literals):
                yield "division of whole numbers"


def _union_in_minus(_: Any, nodes: list[CompValue], __: Any) -> Iterator[str]:
    for node in nodes:
        if node.name == "Minus" and any(part.name == "Union" for part in _nodes(node.p2)):
            yield "UNION in MINUS"


def _truth_values_in_minus(_: Any, nodes: list[CompValue], __: Any) -> Iterator[str]:
    for node in nodes:
        for part in _nodes(node.p2) if node.name == "Minus" else ():
            is_value = part.name == "Extend" and isinstance(part.expr, CompValue)
            if is_value and part.expr.name in TRUTH_VALUES:
                yield "truth value bound in MINUS"


Check = Callable[[CompValue, list[CompValue], list[Any]], Iterator[str]]
CHECKS: tuple[Check, ...] = (
    _paths, _lost_ends, _starts, _outer_variables, _minimum_of_names, _many_keys, _truth_values,
    _whole_division, _union_in_minus, _truth_values_in_minus,
)  # fmt: skip


def _nodes(tree: Any) -> Iterator[CompValue]:
    if isinstance(tree, CompValue):
        yield tree
    for child in _children(tree):
        yield from _nodes(child)


def _leaves(tree: Any) -> Iterator[Any]:
    children = _children(tree)
    if not children:
        yield tree
    for child in children:
        yield from _leaves(child)


def _children(tree: Any) -> list[Any]:
    if isinstance(tree, CompValue):
        # The sets of variables that rdflib notes beside each group are not part of the query.
        return [value for key, value in tree.items() if not key.startswith("_")]
    return list(tree) if isinstance(tree, list | tuple) else []


def _variables(tree: Any) -> frozenset[Any]:
    found = {leaf for leaf in _leaves(tree) if isinstance(leaf, Variable)}
    for node in _nodes(tree):
        if node.name == "BGP":
            found |= {v for t in node.triples for v in t if isinstance(v, Variable)}
        if node.name == "values":
            found |= {name for row in node.res for name in row}
    return frozenset(found)


def _parts(predicate: Any) -> Iterator[Any]:
    """Yield a property path and all paths in it."""
    yield predicate
    if isinstance(predicate, SequencePath | AlternativePath):
        for part in predicate.args:
            yield from _parts(part)
    elif isinstance(predicate, MulPath):
        yield from _parts(predicate.path)
    elif isinstance(predicate, PropertyPath):
        yield from _parts(getattr(predicate, "arg", None))


@pytest.mark.parametrize("path", FILES + SELECTS, ids=lambda path: path.stem)
def test_a_query_keeps_to_what_all_engines_answer_alike(path: Path) -> None:
    assert faults(path.read_text(encoding="utf-8")) == set()


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("SELECT ?x { ?x skos:exactMatch? ?y . ?x a ?z }", "path `?`"),
        ("SELECT ?x { ?x skos:broader* ?y . ?x a ?z }", "path up a hierarchy"),
        ("SELECT ?x { ?r ev:of/skos:broader+ ?x . ?x a ?z }", "path up a hierarchy"),
        (
            "SELECT ?s { VALUES ?s { UNDEF } ?r ev:study/ev:reportOf* ?s }",
            "path that ends at an open parameter",
        ),
        ("SELECT ?a { { ?a ev:subgroupOf+ ?b } UNION { ?a ev:pools ?b } }", "path without a start"),
        (
            "SELECT ?r { ?r ev:group ?g OPTIONAL { ?r ev:larger ?l FILTER(?l != ?g) } }",
            "OPTIONAL that filters by a variable from outside",
        ),
        (
            "SELECT (MIN(?name) AS ?first) { ?g rdfs:label ?name }",
            "MIN or MAX of a name without STR",
        ),
        (
            f"SELECT (COUNT(*) AS ?n) {{ ?s ?p ?o }} GROUP BY {' '.join(f'?k{i}' for i in range(21))}",
            "GROUP BY of too many keys",
        ),
        ("SELECT ?b { ?s ?p ?o BIND(BOUND(?o) AS ?b) }", "truth value as a column"),
        ("SELECT (?a / ?b AS ?c) { ?s ev:a ?a ; ev:b ?b }", "division of whole numbers"),
        (
            "SELECT ?s { ?s ?p ?o MINUS { { ?s a ?o } UNION { ?o a ?s } } }",
            "UNION in MINUS",
        ),
        (
            "SELECT ?s { ?s ?p ?o MINUS { ?s a ?c BIND(?c IN (ev:Group) AS ?is) FILTER(?is) } }",
            "truth value bound in MINUS",
        ),
    ],
)
def test_what_some_engine_answers_otherwise_is_found(body: str, fault: str) -> None:
    prefixes = (
        "PREFIX ev: <https://w3id.org/evikg/ontology#>\n"
        f"PREFIX rdfs: <{RDFS}>\nPREFIX skos: <{SKOS}>\n"
    )
    assert faults(prefixes + body) == {fault}
