"""What an endpoint sends back to a query, read into an answer or refused."""

import re
from typing import IO

import pyoxigraph
from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, QueryTriples, RdfFormat

from .errors import EndpointError, QueryError
from .remote_http import Reply
from .store import Answer, Dataset

#: What may hold a word that looks like the form of a query: strings, IRIs, comments.
_OPAQUE = re.compile(
    r'"""(?:[^\\]|\\.)*?"""|\'\'\'(?:[^\\]|\\.)*?\'\'\'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\''
    r"|<[^<>\s]*>|#[^\n]*",
    re.DOTALL,
)
_FORM = re.compile(r"(?<![\w:?$])(SELECT|ASK|CONSTRUCT|DESCRIBE)\b(?!:)", re.IGNORECASE)
_FROM = re.compile(r"\bFROM\s+(NAMED\s+)?<([^<>\s]*)>", re.IGNORECASE)
#: Virtuoso names its row limit in this header of an answer that it has cut at it.
_ROW_LIMIT = "X-SPARQL-MaxRows"
#: Virtuoso answers ASK with a table: one row of this column for true, none for false.
_VIRTUOSO_ASK = "__ASK_RETVAL"


def form_of(sparql: str) -> str:
    """Return the form of a query: SELECT, ASK, CONSTRUCT or DESCRIBE.

    :raises QueryError: if it is none of these
    """
    found = _FORM.search(_OPAQUE.sub(" ", sparql))
    if found is None:
        raise QueryError("a query is a SELECT, ASK, CONSTRUCT or DESCRIBE; this is none")
    return found[1].upper()


def dataset_of(sparql: str) -> Dataset | None:
    """Return the dataset that FROM and FROM NAMED of a query name by IRIs in full.

    A server that is told to take the union for the default graph, as `oxigraph serve
    --union-default-graph`, takes no notice of them, but does of the protocol's parameters.
    """
    bare = _OPAQUE.sub(lambda found: found[0] if found[0][0] == "<" else " ", sparql)
    named = _FROM.findall(bare.partition("{")[0])
    if not named:
        return None
    return Dataset(*(tuple(iri for kind, iri in named if bool(kind) is n) for n in (False, True)))


def counting(sparql: str, form: str) -> str | None:
    """Return a query with one short row for each solution of a CONSTRUCT or DESCRIBE.

    Virtuoso cuts these at its row limit without a word; it tells where it cuts a SELECT.

    :returns: None where there is no pattern to solve
    """
    bare = _OPAQUE.sub(lambda found: " " * len(found[0]), sparql)
    start = next(found.start() for found in _FORM.finditer(bare))
    pattern = re.compile(r"\b(FROM|WHERE)\b|\{", re.IGNORECASE)
    found = pattern.search(bare, start)
    if found is None:
        return None
    if form == "CONSTRUCT" and found[0] == "{":  # the template, which holds no other brace
        found = pattern.search(bare, bare.index("}", found.start()))
    return f"{sparql[:start]}SELECT (1 AS ?solution) {sparql[found.start() :]}" if found else None


def read_answer(place: str, form: str, reply: Reply) -> Answer:
    """Read the answer to a query.

    :param place: of the endpoint, as it is shown
    :raises EndpointError: if it is no answer, or not all of it
    """
    refuse_cut(place, reply)
    try:
        if form in {"CONSTRUCT", "DESCRIBE"}:
            return _triples(reply)
        if (format_ := QueryResultsFormat.from_media_type(reply.media_type)) is None:
            raise EndpointError(no_answer(place, reply))
        _check_end(place, reply.body, format_)
        answer = pyoxigraph.parse_query_results(reply.body, format_)
    except SyntaxError as error:
        raise EndpointError(f"{place}: its answer cannot be read: {error}") from error
    if isinstance(answer, QuerySolutions) and form == "ASK":
        if [variable.value for variable in answer.variables] != [_VIRTUOSO_ASK]:
            raise EndpointError(f"{place}: it answers ASK with a table")
        return _boolean(next(iter(answer), None) is not None)
    return answer


def refuse_cut(place: str, reply: Reply) -> None:
    """Refuse an answer that the server has cut at its row limit.

    :raises EndpointError: that names the limit
    """
    limit = reply.headers.get(_ROW_LIMIT)
    if limit is not None:
        raise EndpointError(
            f"{place}: the answer was cut at the server's limit of {limit.strip()} rows;"
            " ask for fewer, or let whoever keeps the server raise ResultSetMaxRows"
        )


def no_answer(place: str, reply: Reply) -> str:
    """Return a line that says that something else than an answer came back."""
    kind = reply.media_type or "something without a Content-Type"
    return f"{place}: it sends {kind}, no answer; is this the URL of a SPARQL endpoint?"


def _triples(reply: Reply) -> QueryTriples:
    format_ = RdfFormat.from_media_type(reply.media_type)
    if format_ is None:
        raise SyntaxError(f"{reply.media_type or 'no Content-Type'} is no RDF")
    store = pyoxigraph.Store()
    store.load(reply.body, format_)
    answer = store.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
    assert isinstance(answer, QueryTriples)  # noqa: S101 - what a CONSTRUCT answers
    return answer


def _check_end(place: str, body: IO[bytes], format_: QueryResultsFormat) -> None:
    """Refuse results that do not end as they must: a row that is missing there raises nothing."""
    end = {QueryResultsFormat.JSON: b"}", QueryResultsFormat.XML: b">"}.get(format_)
    size = body.seek(0, 2)
    body.seek(max(0, size - 64))
    tail = body.read().rstrip()
    body.seek(0)
    if end is not None and not tail.endswith(end):
        raise EndpointError(f"{place}: the connection was cut before the answer was complete")


def _boolean(value: bool) -> QueryBoolean:
    answer = pyoxigraph.Store().query(f"ASK {{ FILTER({str(value).lower()}) }}")
    assert isinstance(answer, QueryBoolean)  # noqa: S101 - what an ASK answers
    return answer
