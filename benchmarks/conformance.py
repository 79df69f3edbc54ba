"""Run the W3C test suites for SPARQL at `evikg serve`: `python -m benchmarks.conformance --help`.

The suites are those of https://github.com/w3c/rdf-tests, of which a copy is needed. Every file of
data stands in the served graph as a named graph; a test names its dataset by the protocol, sends
its query by POST, and compares the answer with the expected one, blank nodes by isomorphism. What
an endpoint that only reads cannot be asked (updates, entailment, other endpoints) is left out.
"""

import argparse
import csv
import http.client
import re
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

from pyoxigraph import CanonicalizationAlgorithm, Dataset, NamedNode, RdfFormat, parse
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import RDF, XSD, Namespace
from rdflib.query import Result

from evikg.graph.embedded import new_generation

from . import servers

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
RS = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/result-set#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")

#: Folders whose tests an endpoint that only reads, and asks no other, cannot be put to.
LEFT_OUT = {"entailment", "service", "syntax-fed", "http-rdf-update", "graph-store-protocol"}
EVALUATION = {MF.QueryEvaluationTest, MF.CSVResultFormatTest}
SYNTAX = {
    MF.PositiveSyntaxTest: True, MF.PositiveSyntaxTest11: True,
    MF.NegativeSyntaxTest: False, MF.NegativeSyntaxTest11: False,
}  # fmt: skip
EMPTY = "urn:empty"

Row = frozenset[tuple[str, Any]]
#: Formats that an answer to SELECT is compared in; CSV does not tell IRIs from literals.
TABULAR = {"srx": "xml", "srj": "json", "tsv": "tsv"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a test went."""

    folder: str
    kind: str
    name: str
    fault: str = ""


def main() -> None:
    """Run the suites and print a table of what passed, as Markdown; end with 1 if any failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.conformance", description=__doc__)
    parser.add_argument("suites", type=Path, help="the folder `sparql` of a copy of the tests")
    arguments = parser.parse_args()
    manifests = [
        path
        for version in ("sparql10", "sparql11")
        for path in sorted((arguments.suites / version).glob("*/manifest.ttl"))
        if path.parent.name not in LEFT_OUT
    ]
    if not manifests:
        sys.exit(f"{arguments.suites} holds no sparql10/*/manifest.ttl")
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "store"
        _load(store, arguments.suites)
        with servers.evikg(store) as server:
            verdicts = [v for path in manifests for v in _run(path, server)]
    known = _known()
    print("\n".join(_table(verdicts, known)))
    unknown = [v for v in verdicts if v.fault and (v.folder, v.name) not in known]
    for verdict in unknown:
        print(f"{verdict.folder}, {verdict.name}: {verdict.fault}", file=sys.stderr)
    sys.exit(bool(unknown))


def _known() -> dict[tuple[str, str], str]:
    """Return why some tests do not pass, by folder and name: the engine's own ways."""
    path = Path(__file__).parent / "serving" / "conformance.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {(row["folder"], row["name"]): row["why"] for row in csv.DictReader(file)}


def _load(store: Path, suites: Path) -> None:
    """Put every file of data into a named graph of its own, called by its address."""
    formats = {".ttl": RdfFormat.TURTLE, ".nt": RdfFormat.N_TRIPLES, ".rdf": RdfFormat.RDF_XML}
    with new_generation(store) as fresh:
        for path in sorted(suites.glob("sparql1[01]/*/*")):
            if path.suffix in formats and path.name != "manifest.ttl":
                name = NamedNode(path.as_uri())
                text = path.read_bytes()
                try:
                    list(parse(text, formats[path.suffix], base_iri=path.as_uri()))
                except SyntaxError:
                    continue  # an expected result, or data of a test that is left out
                fresh.load(text, formats[path.suffix], base_iri=path.as_uri(), to_graph=name)
        for number in range(4):  # the graphs that the tests of the protocol ask for
            name = f"http://kasei.us/2009/09/sparql/data/data{number}.rdf"
            path = suites / "sparql11" / "protocol" / f"data{number}.nt"
            if path.exists():
                fresh.load(path.read_bytes(), RdfFormat.N_TRIPLES, to_graph=NamedNode(name))


def _run(path: Path, server: servers.Server) -> Iterator[Verdict]:
    manifest = Graph().parse(path, format="turtle", publicID=path.as_uri())
    folder = f"{path.parent.parent.name}/{path.parent.name}"
    for listed in manifest.objects(None, MF.entries):
        for test in Collection(manifest, listed):
            kind = manifest.value(test, RDF.type)
            name = str(manifest.value(test, MF.name))
            if kind in EVALUATION:
                yield Verdict(folder, "evaluation", name, _evaluated(manifest, test, server))
            elif kind in SYNTAX:
                query = _local(manifest.value(test, MF.action))
                yield Verdict(folder, "syntax", name, _parsed(query, SYNTAX[kind], server))
            elif kind == MF.ProtocolTest and "update" not in str(test):
                yield Verdict(folder, "protocol", name, _protocol(manifest, test, server))


def _local(iri: Any) -> Path:
    return Path(unquote(urlsplit(str(iri)).path))


def _evaluated(manifest: Graph, test: Any, server: servers.Server) -> str:
    action = manifest.value(test, MF.action)
    query = _local(manifest.value(action, QT.query))
    text = f"BASE <{query.as_uri()}>\n{query.read_text(encoding='utf-8')}"
    default = [str(iri) for iri in manifest.objects(action, QT.data)]
    named = [str(iri) for iri in manifest.objects(action, QT.graphData)]
    fields = [("query", text)]
    if not re.search(r"\bFROM\b", text):
        fields += [("default-graph-uri", iri) for iri in default or [EMPTY]]
        fields += [("named-graph-uri", iri) for iri in named]
    expected = _local(manifest.value(test, MF.result))
    faults = []
    for name, accept in _accepted(expected):
        status, _, body = _send(server, "POST", "", urlencode(fields), {
            "Accept": accept, "Content-Type": "application/x-www-form-urlencoded",
        })  # fmt: skip
        if status != http.HTTPStatus.OK:
            return f"{status}: {body.decode(errors='replace').strip()[:160]}"
        if not _equal(expected, name, body, "REDUCED" in text):
            faults.append(f"another answer as {name}")
    return "; ".join(faults)


def _accepted(expected: Path) -> list[tuple[str, str]]:
    """Return the formats in which a test's answer is asked for."""
    tables = {
        "xml": "application/sparql-results+xml",
        "json": "application/sparql-results+json",
        "tsv": "text/tab-separated-values",
    }
    if expected.suffix == ".csv":
        return [("csv", "text/csv")]
    if expected.suffix == ".tsv":
        return [("tsv", tables["tsv"])]
    if _is_graph(expected):
        return [("nt", "application/n-triples"), ("xml", "application/rdf+xml")]
    return [("xml", tables["xml"]), ("json", tables["json"])]


def _is_graph(expected: Path) -> bool:
    """Tell whether an expected answer is RDF itself, and no table written as RDF."""
    if expected.suffix not in {".ttl", ".rdf", ".nt"}:
        return False
    return (None, RDF.type, RS.ResultSet) not in _graph(expected)


def _graph(path: Path) -> Graph:
    kinds = {".ttl": "turtle", ".rdf": "xml", ".nt": "nt"}
    return Graph().parse(path, format=kinds[path.suffix], publicID=path.as_uri())


def _expected(path: Path) -> Any:
    if path.suffix in {".ttl", ".rdf"}:
        return _rs_result(_graph(path))
    with path.open("rb") as file:
        return Result.parse(file, format=TABULAR[path.suffix[1:]])


def _rs_result(graph: Graph) -> Any:
    """Read a table that is written as RDF (the DAWG's vocabulary of result sets)."""
    table = graph.value(None, RDF.type, RS.ResultSet)
    boolean = graph.value(table, RS.boolean)
    if boolean is not None:
        found = Result("ASK")
        found.askAnswer = bool(boolean)
        return found
    found = Result("SELECT")
    from rdflib.term import Variable

    found.vars = [Variable(str(name)) for name in graph.objects(table, RS.resultVariable)]
    rows = []
    for solution in graph.objects(table, RS.solution):
        bound = {
            Variable(str(graph.value(binding, RS.variable))): graph.value(binding, RS.value)
            for binding in graph.objects(solution, RS.binding)
        }
        rows.append((int(str(graph.value(solution, RS["index"]) or 0)), bound))
    found.bindings = [bound for _, bound in sorted(rows, key=lambda row: row[0])]  # type: ignore[misc]
    return found


def _equal(expected: Path, name: str, body: bytes, reduced: bool) -> bool:
    if name in {"csv", "tsv"}:
        return _table_rows(expected.read_bytes(), name) == _table_rows(body, name)
    if _is_graph(expected):
        return _isomorphic(_graph(expected), Graph().parse(data=body, format=name))
    wanted = _expected(expected)
    import io

    given = Result.parse(io.BytesIO(body), format=name)
    if wanted.type == "ASK":
        return bool(wanted.askAnswer) == bool(given.askAnswer)
    tables = [_rows(result) for result in (wanted, given)]
    if any(isinstance(term, BNode) for table in tables for row in table for _, term in row):
        return _isomorphic(*map(_as_graph, tables))
    if reduced:  # as many of a row as the engine likes (SPARQL 1.1, section 18.2.5.4)
        return set(tables[0]) == set(tables[1])
    return Counter(tables[0]) == Counter(tables[1])


def _table_rows(data: bytes, name: str) -> Counter[Row]:
    """Return the rows of a CSV or TSV file by column, numbers by their value.

    `SELECT *` leaves the order of columns open, Turtle the form of a number, and both the names of
    blank nodes.
    """
    head, *lines = csv.reader(
        data.decode().splitlines(), "excel" if name == "csv" else "excel-tab",
        quoting=csv.QUOTE_MINIMAL if name == "csv" else csv.QUOTE_NONE,
    )  # fmt: skip
    cell = _number if name == "csv" else _turtle
    columns = [column.lstrip("?") for column in head]
    return Counter(frozenset(zip(columns, map(cell, line), strict=True)) for line in lines)


def _number(cell: str) -> Any:
    """Return a cell of CSV, which tells no types, as a number if it looks like one."""
    if cell.startswith("_:"):
        return "_:"
    try:
        return float(cell)
    except ValueError:
        return cell


def _turtle(cell: str) -> Any:
    from rdflib.util import from_n3

    found = from_n3(cell) if cell else None
    return "_:" if isinstance(found, BNode) else _by_value(found)


def _isomorphic(one: Graph, other: Graph) -> bool:
    """Compare graphs by their canonical form, which the engine makes faster than rdflib."""
    forms = []
    for graph in (one, other):
        form = Dataset(parse(graph.serialize(format="nt").encode(), RdfFormat.N_TRIPLES))
        form.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
        forms.append(form)
    return bool(forms[0] == forms[1])


def _rows(result: Any) -> list[Row]:
    """Return the rows of a table: what is bound in each, numbers by their value."""
    return [
        frozenset((str(v), _by_value(term)) for v, term in row.items() if term is not None)
        for row in result.bindings
    ]


def _as_graph(rows: list[Row]) -> Graph:
    """Write a table as a graph, so that blank nodes are compared as they ought to be."""
    graph = Graph()
    seen: Counter[Row] = Counter()
    for row in rows:
        node = BNode()
        seen[row] += 1
        graph.add((node, URIRef("urn:number"), Literal(seen[row])))
        for variable, term in row:
            graph.add((node, URIRef(f"urn:variable:{variable}"), term))
    return graph


def _by_value(term: Any) -> Any:
    """Return a literal by its value: the engine writes numbers, times and booleans its own way."""
    from decimal import Decimal

    if isinstance(term, Literal) and term.datatype == XSD.string:
        return Literal(str(term))  # they are one in RDF 1.1
    if not isinstance(term, Literal) or term.datatype is None or term.value is None:
        return term
    value = term.value
    shown = value.normalize() if isinstance(value, Decimal) else value
    return Literal(f"{shown!r}", datatype=term.datatype)


def _parsed(query: Path, positive: bool, server: servers.Server) -> str:
    try:
        text = query.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""
    fields = [("query", f"BASE <{query.as_uri()}>\n{text}"), ("default-graph-uri", EMPTY)]
    status, _, body = _send(server, "POST", "", urlencode(fields), {
        "Content-Type": "application/x-www-form-urlencoded",
    })  # fmt: skip
    if positive and status not in {200, 403}:  # SERVICE is parsed, and refused for another reason
        return f"{status}: {body.decode(errors='replace').strip()[:160]}"
    return "" if positive or status == http.HTTPStatus.BAD_REQUEST else f"accepted ({status})"


def _protocol(manifest: Graph, test: Any, server: servers.Server) -> str:
    action = manifest.value(test, MF.action)
    for request in Collection(manifest, manifest.value(action, HT.requests)):
        target = urlsplit(str(manifest.value(request, HT.absolutePath)))
        headers = {}
        listed = manifest.value(request, HT.headers)
        for header in Collection(manifest, listed) if listed is not None else ():
            field = str(manifest.value(header, HT.fieldName))
            headers[field] = str(manifest.value(header, HT.fieldValue))
        body = manifest.value(request, HT.body)
        text = str(manifest.value(body, CNT.chars) or "") if body is not None else ""
        encoding = str(manifest.value(body, CNT.characterEncoding) or "UTF-8") if body else "UTF-8"
        status, kind, answer = _send(
            server, str(manifest.value(request, HT.methodName)), target.query,
            text.encode(encoding) if text else None, headers,
        )  # fmt: skip
        response = manifest.value(request, HT.resp)
        wanted = {str(s)[-3] for s in manifest.objects(response, MF.expectedStatus)}
        if str(status)[0] not in wanted:
            return f"{status} instead of {', '.join(sorted(f'{w}xx' for w in wanted))}"
        boolean = manifest.value(response, MF.expectedBoolean)
        if boolean is not None and (b"true" in answer.lower()) != bool(boolean):
            return f"answers {answer!r}"
        form = str(manifest.value(response, MF.expectedFormat) or "")
        tables = ("sparql-results", "text/csv", "tab-separated")
        if form == "RDF" and any(word in kind for word in tables):
            return f"answers as {kind}"
        if form in {"tabular", "boolean"} and not any(word in kind for word in tables):
            return f"answers as {kind}"
    return ""


def _send(
    server: servers.Server,
    method: str,
    query: str,
    body: str | bytes | None,
    headers: dict[str, str],
) -> tuple[int, str, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    try:
        path = server.path + (f"?{query}" if query else "")
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        return response.status, response.getheader("content-type") or "", response.read()
    finally:
        connection.close()


def _table(verdicts: list[Verdict], known: dict[tuple[str, str], str]) -> Iterator[str]:
    counts: dict[tuple[str, str], Counter[bool]] = defaultdict(Counter)
    for verdict in verdicts:
        counts[verdict.folder, verdict.kind][not verdict.fault] += 1
    yield "| tests | kind | passed | of |"
    yield "| --- | --- | ---: | ---: |"
    for (folder, kind), count in sorted(counts.items()):
        yield f"| {folder} | {kind} | {count[True]} | {count.total()} |"
    passed = sum(not verdict.fault for verdict in verdicts)
    yield f"| **together** | | {passed} | {len(verdicts)} |"
    reasons: dict[str, list[str]] = defaultdict(list)
    for verdict in verdicts:
        if verdict.fault:
            why = known.get((verdict.folder, verdict.name), f"not known: {verdict.fault}")
            reasons[why].append(f"{verdict.name} ({verdict.folder})")
    if reasons:
        yield ""
        yield "What does not pass, and why:"
        yield ""
        yield from (f"- {why}: {', '.join(names)}" for why, names in reasons.items())


if __name__ == "__main__":
    main()
